using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.TestSupport.Ledger;

/// <summary>What a person does is in the log with what it changed, or neither is; whatever database is below. Each test ends with the auditor.</summary>
public abstract class OperatorActsCompliance : IAsyncLifetime
{
    protected LedgerUnderTest Ledger { get; private set; } = null!;
    protected Auditor Auditor { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        Auditor = new Auditor(Ledger.Database);
    }

    public async Task DisposeAsync()
    {
        try
        {
            await Auditor.Check();
        }
        finally
        {
            await CloseLedger();
        }
    }

    [Fact]
    public async Task An_adjustment_is_in_the_log_once_with_the_balance_before_and_after()
    {
        var user = Ids.User("adjusted");
        await Adjust(user, new Money(3_000_000_000));
        var second = await Adjust(user, new Money(-500_000_000));
        await Apply(second, second);

        Assert.Equal(2, await Ledger.Count("select count(*) from operator_act o join account a using (account_id) where a.user_id = $1 and o.kind = 'adjust_balance'", user));
        Assert.Equal(1, await Acts("adjust_balance", second.AdjustmentId, "eve", "a test", """[{"name":"balance","before":"3.00","after":"2.50"}]"""));
    }

    [Fact]
    public async Task A_reversal_is_in_the_log_once_with_what_it_gave_back()
    {
        var user = Ids.User("reversed");
        var usage = Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 7));
        var reversal = new GiveBackUsage(usage.UsageId, user, "eve", "the call failed");
        Auditor.Reversed(usage);
        await Apply(usage.ToCharge());
        var first = Assert.IsType<Entered>(await Apply(reversal));
        var again = Assert.IsType<Entered>(await Apply(reversal));

        Assert.Equal((5, 5), (first.FreeUnits, again.FreeUnits));
        Assert.Equal(1, await Acts("reverse_usage", usage.UsageId, "eve", "the call failed",
            """[{"name":"balance","before":"-0.08","after":"0.00"},{"name":"freeUnitsUsed","before":"5","after":"0"}]"""));
    }

    [Fact]
    public async Task An_overdraft_limit_is_set_once_by_its_id_and_a_repeat_tells_the_stored_result()
    {
        var user = Ids.User("overdraft");
        await Adjust(user, new Money(1_000_000_000));
        var limit = new LimitOverdraft(Ids.WithTime(), user, new Money(5_000_000_000), "eve", "a good customer");
        var first = Assert.IsType<OverdraftLimited>(await Apply(limit));
        Assert.Equal(new OverdraftLimited(Money.Zero, new Money(5_000_000_000), new Money(6_000_000_000), Duplicate: false), first);

        await Apply(new LimitOverdraft(Ids.WithTime(), user, new Money(2_000_000_000), "eve", "less good"));
        Assert.Equal(first with { Duplicate = true }, await Apply(limit));
        Assert.Equal(new Money(2_000_000_000), (await Read(user)).OverdraftLimit);
        Assert.Equal(2, await Ledger.Count("select count(*) from operator_act o join account a using (account_id) where a.user_id = $1 and o.kind = 'set_overdraft'", user));
    }

    [Fact]
    public async Task An_id_that_has_set_a_limit_is_refused_for_another_limit_or_user()
    {
        var user = Ids.User("reused");
        var limit = new LimitOverdraft(Ids.WithTime(), user, new Money(5), "eve", "a test");
        await Apply(limit);

        Assert.Equal(ErrorCodes.OperationIdReused, Assert.IsType<Refused>(await Apply(limit with { Limit = new Money(6) })).Code);
        Assert.Equal(ErrorCodes.OperationIdReused, Assert.IsType<Refused>(await Apply(limit with { Owner = Ids.User("other") })).Code);
        Assert.Equal(new Money(5), (await Read(user)).OverdraftLimit);
    }

    [Fact]
    public async Task The_same_limit_from_many_instances_at_once_is_set_and_logged_once()
    {
        var limit = new LimitOverdraft(Ids.WithTime(), Ids.User("crowd"), new Money(7), "eve", "a test");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Ledger.NewWriter().Apply([limit], default))));

        Assert.Single(outcomes, outcome => !Assert.IsType<OverdraftLimited>(outcome[0]).Duplicate);
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act where operation_id = $1", limit.OperationId));
    }

    [Fact]
    public async Task A_new_limit_counts_for_the_next_deduction_and_makes_a_new_version_of_the_account()
    {
        var user = Ids.User("spends");
        var usage = TestUsage.Of(user);
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(await Apply(Deduction(usage))).Code);

        await Apply(new LimitOverdraft(Ids.WithTime(), user, new Money(2_000_000), "eve", "a test"));
        Assert.Equal(1, await Ledger.Count("select version from account where user_id = $1", user));
        Assert.IsType<Charged>(await Apply(Deduction(Auditor.Charged(usage))));
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(await Apply(Deduction(TestUsage.Of(user)))).Code);
    }

    [Fact]
    public async Task Rejected_usage_that_is_retried_is_charged_and_says_so_in_one_commit()
    {
        var user = Ids.User("retried");
        var usage = Auditor.Charged(TestUsage.Of(user));
        var rejectedId = await Reject(usage, ErrorCodes.UnknownService);
        var retry = Retry(rejectedId, usage);

        var charged = Assert.IsType<Charged>(await Apply(retry));
        Assert.Equal((false, new Money(-2_000_000)), (charged.Duplicate, charged.Record.BalanceAfter));
        Assert.Equal(1, await Ledger.Count(
            "select count(*) from rejected_usage where rejected_id = $1 and retry_outcome = 'charged' and resolved_at is not null and retried_at = resolved_at and code = $2",
            rejectedId, ErrorCodes.UnknownService));
        Assert.Equal(1, await Acts("charge_rejected", retry.ActId, "eve", "the service is there now", """[{"name":"balance","before":"0.00","after":"-0.002"}]"""));

        // A second retry changes nothing any more, not even what the row says.
        Assert.True(Assert.IsType<Charged>(await Apply(Retry(rejectedId, usage))).Duplicate);
        Assert.Equal(1, await Ledger.Count("select count(*) from rejected_usage where rejected_id = $1 and retry_outcome = 'charged'", rejectedId));
    }

    [Fact]
    public async Task Rejected_usage_that_a_redelivery_has_charged_meanwhile_is_not_charged_again_and_marked_so()
    {
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("redelivered")));
        var rejectedId = await Reject(usage, ErrorCodes.UnknownService);
        await Apply(usage.ToCharge());
        var retry = Retry(rejectedId, usage);

        Assert.True(Assert.IsType<Charged>(await Apply(retry)).Duplicate);
        Assert.Equal(1, await Ledger.Count("select count(*) from rejected_usage where rejected_id = $1 and retry_outcome = 'duplicate' and resolved_at is not null", rejectedId));
        Assert.Equal(0, await Ledger.Count("select count(*) from operator_act where operation_id = $1", retry.ActId));
    }

    [Theory]
    [InlineData(0, "no-such-service", ErrorCodes.UnknownService, 1)]
    [InlineData(-36, TestCatalogue.Search, ErrorCodes.UsageTooOld, 0)]
    public async Task Rejected_usage_that_is_rejected_again_says_why_and_stays_open_unless_nothing_can_heal_it(int daysAgo, string service, string code, long open)
    {
        var usage = TestUsage.Of(Ids.User("again"), service) with { UsageId = Ids.WithoutTime() };
        usage = usage with { OccurredAt = usage.OccurredAt.AddDays(daysAgo) };
        var rejectedId = await Reject(usage, ErrorCodes.CostMissing);

        Assert.Equal(code, Assert.IsType<Refused>(await Apply(Retry(rejectedId, usage))).Code);
        Assert.Equal(open, await Ledger.Count(
            "select count(*) from rejected_usage where rejected_id = $1 and retry_outcome = $2 and retried_at is not null and resolved_at is null", rejectedId, code));
        Assert.Equal(1 - open, await Ledger.Count("select count(*) from rejected_usage where rejected_id = $1 and retry_outcome = $2 and resolved_at = retried_at", rejectedId, code));
        Assert.Equal(1, await Ledger.Count("select count(*) from rejected_usage where usage_id = $1", usage.UsageId.ToString()));
    }

    [Fact]
    public async Task Two_retries_of_one_usage_at_once_charge_it_once()
    {
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("twice")));
        var rejectedId = await Reject(usage, ErrorCodes.UnknownService);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Ledger.NewWriter().Apply([Retry(rejectedId, usage), Retry(rejectedId, usage)], default))));

        Assert.Equal(1, await Ledger.Count("select count(*) from rejected_usage where rejected_id = $1 and retry_outcome = 'charged'", rejectedId));
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act where kind = 'charge_rejected' and subject = $1", usage.UsageId.ToString()));
    }

    [Theory]
    [InlineData("update operator_act set reason = 'another' where operation_id = $1")]
    [InlineData("delete from operator_act where operation_id = $1")]
    public async Task The_database_itself_lets_nobody_change_the_log(string change)
    {
        var adjustment = await Adjust(Ids.User("evidence"), new Money(5));

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute(change, adjustment.AdjustmentId));
        Assert.Contains("operator_act only grows", exception.Message);
        Assert.Equal(1, await Ledger.Count("select count(*) from operator_act where operation_id = $1 and reason = 'a test'", adjustment.AdjustmentId));
    }

    [Fact]
    public async Task An_act_beside_the_ledger_is_written_in_the_transaction_of_what_it_changes()
    {
        var act = new OperatorAct
        {
            Kind = "a_test", OperationId = Ids.WithTime(), Subject = "image", Actor = "eve", Reason = "why not",
            Changes = [new() { Name = "price", After = "0.04" }], ActedAt = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
        };
        await Write("rollback");
        Assert.Equal(0, await Ledger.Count("select count(*) from operator_act where operation_id = $1", act.OperationId));

        await Write("commit");
        Assert.Equal(1, await Acts("a_test", act.OperationId, "eve", "why not", """[{"name":"price","after":"0.04"}]"""));
        await Assert.ThrowsAnyAsync<Exception>(() => Write("commit"));

        async Task Write(string end)
        {
            await using var connection = await Ledger.Database.Open(default);
            await Execute(Ledger.Database.BeginAlone);
            try
            {
                await OperatorActs.Write(Ledger.Database, connection, act, default);
            }
            catch
            {
                await Execute("rollback");
                throw;
            }
            await Execute(end);

            async Task Execute(string sql)
            {
                await using var command = Ledger.Database.Statement(connection, sql);
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    async Task<Outcome> Apply(params IReadOnlyList<Operation> operations) => (await Ledger.NewWriter().Apply(operations, default))[0];

    async Task<AdjustFunds> Adjust(string user, Money amount)
    {
        var adjustment = new AdjustFunds(Ids.WithTime(), user, amount, "eve", "a test");
        Auditor.Entered(EntryKind.Adjustment, adjustment.AdjustmentId, user, amount);
        Assert.IsType<Entered>(await Apply(adjustment));
        return adjustment;
    }

    /// <summary>As if the usage had been rejected before, whatever would become of it now.</summary>
    async Task<long> Reject(TestUsage usage, string code)
    {
        await Apply(new RecordRejection(RejectedUsage.Of(usage.ToCharge().Usage, new Refusal(code, "as it was then"))));
        return await Ledger.Count("select rejected_id from rejected_usage where usage_id = $1", usage.UsageId.ToString());
    }

    static RetryUsage Retry(long rejectedId, TestUsage usage) => new(rejectedId, usage.ToCharge().Usage, Ids.WithTime(), "eve", "the service is there now");

    DeductUsage Deduction(TestUsage usage) => usage.ToDeduction(Ledger.Now.AddMinutes(1));

    async Task<AccountFunds> Read(string user) => (await Ledger.NewStore().Read(user, new DateOnly(2026, 11, 1), default))!.Funds;

    Task<long> Acts(string kind, Guid operationId, string actor, string reason, string detail) => Ledger.Count(
        "select count(*) from operator_act where kind = $1 and operation_id = $2 and actor = $3 and reason = $4 and detail = $5", kind, operationId, actor, reason, detail);
}
