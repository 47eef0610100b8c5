using Billing.Tests.Http;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Broker;

/// <summary>The contracts over the service's own in-memory bus.</summary>
public sealed class MessageTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task A_usage_that_is_published_is_charged()
    {
        await Publish(_service.Usage(user: "published", quantity: 3));

        Assert.Equal("-0.006", await Charged("published", "-0.006"));
    }

    [Fact]
    public async Task A_usage_that_is_published_three_times_is_charged_once()
    {
        var usage = _service.Usage(user: "thrice");
        for (var i = 0; i < 3; i++) await Publish(usage);
        await Publish(_service.Usage(user: "thrice", quantity: 10)); // comes last in the queue

        Assert.Equal("-0.022", await Charged("thrice", "-0.022"));
    }

    [Fact]
    public async Task A_batch_with_bad_items_charges_the_rest()
    {
        var good = _service.Usage(user: "batched");
        await Publish(new UsageBatch { Items = [good, _service.Usage("nothing", user: "batched"), good with { Quantity = 9 }, null!, _service.Usage(user: "batched", quantity: -1), _service.Usage(user: "batched")] });

        Assert.Equal("-0.004", await Charged("batched", "-0.004"));
    }

    [Fact]
    public async Task A_deduction_is_answered_after_its_commit()
    {
        await Ask<AdjustBalance, BalanceAdjustment>(Adjustment("deducted", "1"));
        var usage = _service.Usage("llm", user: "deducted", cost: "0.75");
        var deduct = new DeductQuota { UsageId = usage.UsageId, UserId = usage.UserId, Service = usage.Service, Quantity = 1, Cost = usage.Cost, OccurredAt = usage.OccurredAt };

        var first = await Ask<DeductQuota, QuotaDeduction>(deduct);
        var again = await Ask<DeductQuota, QuotaDeduction>(deduct);
        var other = await Ask<DeductQuota, QuotaDeduction>(deduct with { UsageId = Guid.CreateVersion7(_service.Now) });

        Assert.Equal((true, false, Money.Parse("0.25")), (first.Charged, first.Duplicate, first.Balance));
        Assert.Equal((true, true, Money.Parse("0.25")), (again.Charged, again.Duplicate, again.Balance));
        Assert.Equal((false, "insufficient_funds"), (other.Charged, other.Code));
        Assert.Equal("0.25", await _service.Balance("deducted"));
    }

    [Fact]
    public async Task A_deduction_with_missing_fields_is_answered_with_a_code_and_not_with_silence()
    {
        var answer = await Ask<DeductQuota, QuotaDeduction>(new { });

        Assert.Equal((false, ErrorCodes.InvalidUsageId), (answer.Charged, answer.Code));
        Assert.False(string.IsNullOrEmpty(answer.Detail));
    }

    [Fact]
    public async Task Requests_with_missing_fields_are_answered_with_a_code()
    {
        Assert.Equal(ErrorCodes.InvalidUserId, (await Ask<CheckQuota, QuotaStatus>(new { })).Reason);
        Assert.Equal(ErrorCodes.InvalidUserId, (await Ask<GetAccount, AccountStatus>(new { })).Code);
        Assert.Equal(ErrorCodes.InvalidUserId, (await Ask<InitializeAccount, AccountStatus>(new { })).Code);
        Assert.Equal(ErrorCodes.InvalidOperationId, (await Ask<AdjustBalance, BalanceAdjustment>(new { })).Code);
    }

    [Fact]
    public async Task Accounts_are_initialised_read_adjusted_and_checked_by_request()
    {
        Assert.Equal(ErrorCodes.AccountNotFound, (await Ask<GetAccount, AccountStatus>(new GetAccount { UserId = "asked" })).Code);
        Assert.True((await Ask<InitializeAccount, AccountStatus>(new InitializeAccount { UserId = "asked" })).Exists);

        var adjusted = await Ask<AdjustBalance, BalanceAdjustment>(Adjustment("asked", "0.004"));
        Assert.Equal((true, Money.Parse("0.004")), (adjusted.Applied, adjusted.Balance));

        var two = await Ask<CheckQuota, QuotaStatus>(new CheckQuota { UserId = "asked", Service = "search", Quantity = 2 });
        var three = await Ask<CheckQuota, QuotaStatus>(new CheckQuota { UserId = "asked", Service = "search", Quantity = 3 });
        Assert.Equal((true, "balance", Money.Parse("0.004")), (two.Allowed, two.PaidFrom, two.Available));
        Assert.Equal((false, ErrorCodes.InsufficientFunds), (three.Allowed, three.Reason));
        Assert.Equal(Money.Parse("0.004"), (await Ask<GetAccount, AccountStatus>(new GetAccount { UserId = "asked" })).Balance);
    }

    AdjustBalance Adjustment(string user, string amount) =>
        new() { AdjustmentId = Guid.CreateVersion7(_service.Now), UserId = user, Amount = Money.Parse(amount), Actor = "eve", Reason = "test" };

    Task Publish<T>(T message) where T : class => _service.Services.GetRequiredService<IBus>().Publish(message);

    async Task<TAnswer> Ask<TRequest, TAnswer>(object request) where TRequest : class where TAnswer : class
    {
        var client = _service.Services.GetRequiredService<IBus>().CreateRequestClient<TRequest>(Patience);
        return (await client.GetResponse<TAnswer>(request)).Message;
    }

    /// <summary>The balance once it is what is expected, or the last one seen.</summary>
    async Task<string> Charged(string user, string expected)
    {
        var seen = "";
        using var patience = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (seen != expected && await tick.WaitForNextTickAsync(patience.Token))
            {
                var (status, account) = await _service.Get($"/v1/accounts/{user}");
                seen = status == 200 ? (string)account!["balance"]! : $"{status}";
            }
        }
        catch (OperationCanceledException)
        {
            // The last balance seen says what is wrong.
        }
        return seen;
    }
}
