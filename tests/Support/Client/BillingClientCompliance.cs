using Billing.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.TestSupport.Client;

/// <summary>What the client library answers is the same whichever way it goes.</summary>
public abstract class BillingClientCompliance
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>As a gateway.</summary>
    protected abstract Uri Gateway { get; }

    /// <summary>As the users' web page.</summary>
    protected abstract Uri Web { get; }

    /// <summary>As the partner that makes accounts ready.</summary>
    protected abstract Uri Partner { get; }

    protected abstract Task Deposit(string user, string amount);

    [Fact]
    public async Task A_call_is_checked_and_charged_once_before_it_is_made()
    {
        await using var services = Services(Gateway);
        var client = services.GetRequiredService<IBillingClient>();
        var user = Ids.User("client");
        await Deposit(user, "1");

        var check = await client.CheckQuotaAsync(new CheckQuota { UserId = user, Service = TestCatalogue.Image, Quantity = 7 });
        Assert.Equal((true, 5, Money.Parse("0.08")), (check.Allowed, check.FreeUnits, check.Amount));
        var deduction = Deduction(user, 7);
        var first = await client.DeductQuotaAsync(deduction);
        var repeat = await client.DeductQuotaAsync(deduction);
        Assert.Equal((true, false, Money.Parse("0.92")), (first.Charged, first.Duplicate, first.Balance));
        Assert.Equal(first with { Duplicate = true }, repeat);

        var checks = await client.CheckQuotasAsync(new CheckQuotas { Items = [new CheckQuota { UserId = user, Service = TestCatalogue.Image }, new CheckQuota { UserId = user, Service = "nothing" }] });
        Assert.Equal([null, ErrorCodes.UnknownService], checks.Items.Select(item => item.Reason));
        var reversal = await client.ReverseUsageAsync(new ReverseUsage { UsageId = deduction.UsageId, UserId = user, Actor = "eve", Reason = "a test" });
        Assert.Equal((true, Money.Parse("1")), (reversal.Reversed, reversal.Balance));
    }

    [Fact]
    public async Task A_no_is_an_answer_with_its_code_and_figures()
    {
        await using var services = Services(Gateway);
        var client = services.GetRequiredService<IBillingClient>();
        var user = Ids.User("poor");

        var deduction = await client.DeductQuotaAsync(Deduction(user, 6));
        Assert.Equal((false, ErrorCodes.InsufficientFunds, "USD"), (deduction.Charged, deduction.Code, deduction.Currency));
        var reservation = await client.ReserveQuotaAsync(Reservation(user, 6));
        Assert.Equal((false, ErrorCodes.InsufficientFunds, 5), (reservation.Granted, reservation.Code, reservation.AffordableQuantity));
        var check = await client.CheckQuotaAsync(new CheckQuota { UserId = user, Service = TestCatalogue.Image, Quantity = 6 });
        Assert.Equal((false, ErrorCodes.InsufficientFunds), (check.Allowed, check.Reason));
        Assert.Equal(ErrorCodes.AccountNotFound, (await client.GetAccountAsync(new GetAccount { UserId = Ids.User("nobody") })).Code);
        Assert.Equal(ErrorCodes.UnknownService, (await client.GetServiceAsync(new GetService { Service = "nothing" })).Code);
        Assert.Equal(ErrorCodes.ReservationNotFound, (await client.ReleaseQuotaAsync(new ReleaseQuota { ReservationId = Ids.WithTime(), UserId = user })).Code);
    }

    [Fact]
    public async Task What_is_wrong_is_an_exception_that_says_what_would_be_right()
    {
        await using var services = Services(Gateway);
        var client = services.GetRequiredService<IBillingClient>();

        var quantity = await Assert.ThrowsAsync<BillingException>(() => client.DeductQuotaAsync(Deduction(Ids.User("wrong"), 0)));
        Assert.Equal((ErrorCodes.InvalidQuantity, false), (quantity.Code, quantity.IsTransient));
        Assert.Contains(ErrorTable.Rows[ErrorCodes.InvalidQuantity].Fix, quantity.Message, StringComparison.Ordinal);
        var expired = await Assert.ThrowsAsync<BillingException>(() => client.DeductQuotaAsync(Deduction(Ids.User("late"), 1) with { Deadline = Now.AddHours(-1) }));
        Assert.Equal((ErrorCodes.RequestExpired, true), (expired.Code, expired.IsTransient));
    }

    [Fact]
    public async Task Funds_are_set_aside_extended_and_given_back()
    {
        await using var services = Services(Gateway);
        var client = services.GetRequiredService<IBillingClient>();
        var user = Ids.User("holder");
        await Deposit(user, "1");

        var reservation = Reservation(user, 10);
        Assert.True((await client.ReserveQuotaAsync(reservation)).Granted);
        var extended = await client.ExtendReservationAsync(new ExtendReservation { ReservationId = reservation.ReservationId, UserId = user, Step = 1, Quantity = 5 });
        Assert.Equal((true, 15, Money.Parse("0.40")), (extended.Granted, extended.Quantity, extended.Amount));
        Assert.Equal(Money.Parse("0.6"), (await client.GetAccountAsync(new GetAccount { UserId = user })).Available);
        Assert.True((await client.ReleaseQuotaAsync(new ReleaseQuota { ReservationId = reservation.ReservationId, UserId = user })).Released);
        Assert.Equal(Money.Parse("1"), (await client.GetAccountAsync(new GetAccount { UserId = user })).Available);
    }

    [Fact]
    public async Task A_web_page_reads_and_orders_a_recharge_once()
    {
        await using var asPartner = Services(Partner);
        await using var services = Services(Web);
        var client = services.GetRequiredService<IBillingClient>();
        var user = Ids.User("reader");
        Assert.True((await asPartner.GetRequiredService<IBillingClient>().InitializeAccountAsync(new InitializeAccount { UserId = user })).Exists);
        await Deposit(user, "2.50");

        var accounts = await client.GetAccountsAsync(new GetAccounts { UserIds = [user, Ids.User("nobody")] });
        Assert.Equal([null, ErrorCodes.AccountNotFound], accounts.Items.Select(item => item.Code));
        Assert.Empty((await client.ListRecordsAsync(new ListRecords { UserId = user, From = Now.AddDays(-1), To = Now.AddDays(1), Limit = 7 })).Items);
        Assert.Equal(Money.Parse("2.5"), Assert.Single((await client.ListLedgerAsync(new ListLedger { UserId = user })).Items).Amount);
        Assert.Equal("Asia/Kathmandu", (await client.GetStatisticsAsync(new GetStatistics { UserId = user, Period = "today", GroupBy = ["service", "hour"], TimeZone = "Asia/Kathmandu" })).TimeZone);
        Assert.Contains(TestCatalogue.Image, (await client.GetCatalogueAsync()).Services.Select(service => service.Service));

        var order = new StartRecharge { UserId = user, Amount = Money.Parse("10"), Currency = "USD", Channel = "card", IdempotencyKey = user };
        var first = await client.StartRechargeAsync(order);
        Assert.Equal(first.RechargeId, (await client.StartRechargeAsync(order)).RechargeId);
        Assert.Equal(ErrorCodes.IdempotencyKeyReused, (await client.StartRechargeAsync(order with { Amount = Money.Parse("11") })).Code);
        await Eventually.That(async () => (await client.GetRechargeAsync(new GetRecharge { RechargeId = first.RechargeId })).Amount, amount => amount == Money.Parse("10"), "the recharge is there");
        Assert.Equal(first.RechargeId, Assert.Single((await client.ListRechargesAsync(new ListRecharges { UserId = user, Limit = 5 })).Items).RechargeId);
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(7)]
    public async Task A_clock_that_is_off_by_hours_changes_nothing(int hours)
    {
        await using var services = Services(Gateway, new ShiftedTime(TimeSpan.FromHours(hours)));
        var client = services.GetRequiredService<IBillingClient>();
        var user = Ids.User("clock");

        Assert.True((await client.DeductQuotaAsync(Deduction(user, 1))).Charged);
        Assert.True((await client.ReserveQuotaAsync(Reservation(user, 1))).Granted);
    }

    [Fact]
    public async Task The_end_of_a_program_gives_its_leases_back()
    {
        var user = Ids.User("lease");
        await Deposit(user, "1");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddBillingClient(options => options.Address = Gateway);
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var grant = await host.Services.GetRequiredService<IQuotaGate>().AcquireAsync(user, TestCatalogue.Search);
            Assert.True(grant.Allowed);
            Assert.True(await Held(user) > Money.Zero);
            grant.Return();
            await host.StopAsync();
        }
        Assert.Equal(Money.Zero, await Held(user));
    }

    async Task<Money> Held(string user)
    {
        await using var services = Services(Web);
        return (await services.GetRequiredService<IBillingClient>().GetAccountAsync(new GetAccount { UserId = user })).Held;
    }

    protected static ServiceProvider Services(Uri address, TimeProvider? time = null, TimeSpan? timeout = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        if (time is not null) services.AddSingleton(time);
        services.AddBillingClient(options => (options.Address, options.RequestTimeout) = (address, timeout ?? TimeSpan.FromSeconds(20)));
        return services.BuildServiceProvider();
    }

    static DeductQuota Deduction(string user, long quantity) => new()
    {
        UsageId = Ids.WithTime(), UserId = user, Service = TestCatalogue.Image, Quantity = quantity, OccurredAt = TimeProvider.System.GetUtcNow(),
    };

    static ReserveQuota Reservation(string user, long quantity) => new() { ReservationId = Ids.WithTime(), UserId = user, Service = TestCatalogue.Image, Quantity = quantity };

    /// <summary>The machine's clock is wrong; what has passed since is not.</summary>
    sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
