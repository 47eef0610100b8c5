using Billing.Service.Charging;
using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>Request and response through the broker, as the gateway's user with direct reply-to.</summary>
[Collection(ServersCollection.Name)]
public sealed class RequestTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const int Callers = 64;
    const int CallsEach = 20;
    const int Funded = 1_000;

    readonly Auditor _auditor = running.NewAuditor();

    [Fact]
    public async Task Sixty_four_callers_on_an_account_with_funds_for_a_thousand_calls_get_exactly_a_thousand()
    {
        var user = Ids.User("thousand");
        await Deposit(user, new Money(Funded * 2_000_000L));

        var charged = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var call = 0; call < CallsEach; call++)
            {
                var usage = TestUsage.Of(user);
                var answer = await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest());
                if (answer.Charged)
                {
                    Interlocked.Increment(ref charged);
                    _auditor.Charged(usage);
                }
                else
                {
                    Assert.Equal(ErrorCodes.InsufficientFunds, answer.Code);
                }
            }
        })));

        Assert.Equal(Funded, charged);
        Assert.Equal(0, await running.Count("select balance_nanos from account where user_id = $1", user));
        await _auditor.Check();
    }

    [Fact]
    public async Task A_deduction_repeated_returns_the_stored_result()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("repeat"), TestCatalogue.Image, 2));
        var first = await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest());
        var repeat = await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest());
        Assert.Equal((true, false, 2), (first.Charged, first.Duplicate, first.FreeUnits));
        Assert.Equal(first with { Duplicate = true }, repeat);

        await running.Gateway.PublishPlain(usage.ToMessage());
        await running.Gateway.PublishPlain(_auditor.Charged(TestUsage.Of(usage.UserId)).ToMessage());
        await Eventually.That(() => running.Count("select count(*) from usage_record r join account a on a.account_id = r.account_id where a.user_id = $1", usage.UserId), count => count == 2, "the later usage is charged");
        await _auditor.Check();
    }

    [Fact]
    public async Task A_deduction_that_cannot_be_read_is_refused_and_past_its_deadline_it_expires()
    {
        var usage = TestUsage.Of(Ids.User("refused"), TestCatalogue.Image);
        Assert.Equal(ErrorCodes.InvalidQuantity, (await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest() with { Quantity = 0 })).Code);
        Assert.Equal(ErrorCodes.InvalidUserId, (await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest() with { UserId = null! })).Code);
        Assert.Equal(ErrorCodes.RequestExpired, (await running.Requests.Ask<DeductQuota, QuotaDeduction>(usage.ToRequest() with { Deadline = TimeProvider.System.GetUtcNow().AddSeconds(-1) })).Code);
        await _auditor.Check();
    }

    [Fact]
    public async Task A_check_tells_who_would_pay_and_creates_nothing()
    {
        var user = Ids.User("check");
        var status = await running.Requests.Ask<CheckQuota, QuotaStatus>(new CheckQuota { UserId = user, Service = TestCatalogue.Image, Quantity = 5 });
        Assert.Equal((true, "free_quota"), (status.Allowed, status.PaidFrom));
        status = await running.Requests.Ask<CheckQuota, QuotaStatus>(new CheckQuota { UserId = user, Service = TestCatalogue.Image, Quantity = 6 });
        Assert.Equal((false, ErrorCodes.InsufficientFunds), (status.Allowed, status.Reason));
        Assert.Equal(0, await running.Count("select count(*) from account where user_id = $1", user));
        Assert.Equal(ErrorCodes.AccountNotFound, (await running.Requests.Ask<GetAccount, AccountStatus>(new GetAccount { UserId = user })).Code);
    }

    async Task Deposit(string user, Money amount)
    {
        await using var asOperator = await Requester.Connect(running.Broker.AsOperator);
        var request = new AdjustBalance { AdjustmentId = Ids.WithTime(), UserId = user, Amount = amount, Actor = "operator", Reason = "a test" };
        _auditor.Entered(EntryKind.Adjustment, request.AdjustmentId, user, amount);
        Assert.True((await asOperator.Ask<AdjustBalance, BalanceAdjustment>(request)).Applied);
    }
}
