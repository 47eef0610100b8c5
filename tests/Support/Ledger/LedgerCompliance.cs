using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.TestSupport.Ledger;

/// <summary>What every ledger store must do, whatever database is below it. Each test ends with the auditor.</summary>
public abstract partial class LedgerCompliance : IAsyncLifetime
{
    protected LedgerUnderTest Ledger { get; private set; } = null!;
    protected LedgerWriter Writer { get; private set; } = null!;
    protected Auditor Auditor { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        Writer = Ledger.NewWriter();
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
    public async Task The_first_usage_of_a_user_opens_the_account_with_its_free_quota()
    {
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("new"), TestCatalogue.Image, 7));
        var charged = await Charge(usage);
        Assert.Equal((5, 2, new Money(80_000_000)), (charged.Record.FreeUnits, charged.Record.PaidUnits, charged.Record.Amount));
        Assert.Equal(new Money(-80_000_000), charged.Record.BalanceAfter);
    }

    [Fact]
    public async Task Two_first_contacts_at_once_make_one_account_each_whatever_their_order()
    {
        string[] users = [.. Enumerable.Range(0, 40).Select(number => Ids.User($"first{number}"))];
        var forth = users.Select(user => Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 4))).ToArray();
        var back = users.Reverse().Select(user => Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 4))).ToArray();
        await AtOnce(Ledger.NewWriter(), forth, Ledger.NewWriter(), back);

        foreach (var user in users) Assert.Equal(1, await Ledger.Count("select count(*) from account where user_id = $1", user));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_usage_is_charged_once_however_its_deliveries_are_grouped(bool idsCarryTime)
    {
        var user = Ids.User("again");
        var usages = Enumerable.Range(0, 30).Select(_ => Auditor.Charged(TestUsage.Of(user) with { UsageId = idsCarryTime ? Ids.WithTime() : Ids.WithoutTime() })).ToArray();
        await Apply(usages[..20]);
        var again = await Apply([.. usages[10..], .. usages[..5], usages[29]]);

        Assert.Equal(10, again.Count(outcome => outcome is Charged { Duplicate: false }));
        Assert.Equal(16, again.Count(outcome => outcome is Charged { Duplicate: true }));
        Assert.All(await Ledger.NewWriter().Apply([.. usages.Select(usage => usage.ToCharge())], default), outcome => Assert.True(Assert.IsType<Charged>(outcome).Duplicate));
    }

    [Fact]
    public async Task A_repeat_returns_the_stored_result_whatever_happened_since()
    {
        var user = Ids.User("stored");
        var usage = Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 7));
        var first = await Charge(usage);
        await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 3)));

        var repeat = await Charge(usage);
        Assert.True(repeat.Duplicate);
        Assert.Equal(first.Record, repeat.Record);
    }

    [Fact]
    public async Task Late_usage_is_charged_in_the_month_and_partition_it_belongs_to_and_found_again_there()
    {
        var user = Ids.User("late");
        var usages = new[] { 34, 20, 1 }.Select(days => Ledger.Now.AddDays(-days)).SelectMany(time => new[]
        {
            TestUsage.Of(user, TestCatalogue.Image, 7) with { UsageId = Ids.WithTime(time), OccurredAt = Cut(time) },
            TestUsage.Of(user, TestCatalogue.Image, 7) with { UsageId = Ids.WithoutTime(), OccurredAt = Cut(time) },
        }).Select(Auditor.Charged).ToArray();

        Assert.All(await Apply(usages), outcome => Assert.False(Assert.IsType<Charged>(outcome).Duplicate));
        Assert.All(await Apply([.. usages.Reverse()]), outcome => Assert.True(Assert.IsType<Charged>(outcome).Duplicate));
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_rejected_once_and_the_first_stands()
    {
        var user = Ids.User("reuse");
        var usage = Auditor.Charged(TestUsage.Of(user));
        await Charge(usage);
        for (var i = 0; i < 3; i++) Assert.Equal(ErrorCodes.UsageIdReused, Assert.IsType<Refused>((await Apply(usage with { Quantity = 2 }))[0]).Code);
        Auditor.Rejected(usage.UsageId.ToString(), ErrorCodes.UsageIdReused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_id_under_two_accounts_at_the_same_time_is_charged_to_one_of_them(bool idsCarryTime)
    {
        for (var round = 0; round < 10; round++)
        {
            var left = TestUsage.Of(Ids.User("left")) with { UsageId = idsCarryTime ? Ids.WithTime() : Ids.WithoutTime() };
            var right = left with { UserId = Ids.User("right") };
            var (one, other) = await AtOnce(Ledger.NewWriter(), [left], Ledger.NewWriter(), [right]);

            var leftWon = one[0] is Charged;
            Assert.Equal(ErrorCodes.UsageIdReused, Assert.IsType<Refused>(leftWon ? other[0] : one[0]).Code);
            Assert.IsType<Charged>(leftWon ? one[0] : other[0]);
            Auditor.Charged(leftWon ? left : right);
            Auditor.Rejected(left.UsageId.ToString(), ErrorCodes.UsageIdReused);
        }
    }

    [Fact]
    public async Task A_deduction_takes_no_more_than_there_is_and_a_refusal_leaves_nothing()
    {
        var user = Ids.User("deduct");
        await Adjust(user, new Money(3_000_000));
        var (small, big) = (TestUsage.Of(user), TestUsage.Of(user, quantity: 2));

        Assert.IsType<Charged>((await Writer.Apply([Auditor.Charged(small).ToDeduction(InAMinute)], default))[0]);
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>((await Writer.Apply([big.ToDeduction(InAMinute)], default))[0]).Code);
        await Adjust(user, new Money(3_000_000));
        Assert.IsType<Charged>((await Writer.Apply([Auditor.Charged(big).ToDeduction(InAMinute)], default))[0]);
    }

    [Fact]
    public async Task A_gateway_cost_is_split_between_free_quota_and_balance_to_the_nano()
    {
        var user = Ids.User("split");
        foreach (var (quantity, cost) in new[] { (2, 1L), (2, 5L), (3, 10L), (7, 1_000_000_007L) })
            await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Video, quantity) with { Cost = new Money(cost) }));
    }

    [Fact]
    public async Task A_reversal_gives_back_once_to_exactly_where_it_came_from()
    {
        var user = Ids.User("reverse");
        var usages = new[] { 3L, 4, 2 }.Select(quantity => Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, quantity))).ToArray();
        await Apply(usages);
        var reversal = new GiveBackUsage(usages[1].UsageId, user, "operator", "the call failed");
        Auditor.Reversed(usages[1]);

        var first = Assert.IsType<Entered>((await Writer.Apply([reversal], default))[0]);
        var again = Assert.IsType<Entered>((await Ledger.NewWriter().Apply([reversal, reversal], default))[1]);
        Assert.Equal((false, true, first.Entry), (first.Duplicate, again.Duplicate, again.Entry));
        Assert.Equal(5, (await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 2)))).Record.FreeUnits + 3);
        Assert.Equal(ErrorCodes.UsageNotFound, Assert.IsType<Refused>((await Writer.Apply([reversal with { UsageId = Ids.WithTime() }], default))[0]).Code);
    }

    [Fact]
    public async Task A_credit_is_entered_once_and_another_amount_under_its_id_is_refused()
    {
        var (user, recharge) = (Ids.User("credit"), Ids.WithTime());
        var credit = new CreditRecharge(recharge, user, new Money(5_000_000_000));
        Auditor.Entered(EntryKind.Credit, recharge, user, credit.Amount);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Ledger.NewWriter().Apply([credit], default))));
        Assert.True(Assert.IsType<Entered>((await Writer.Apply([credit], default))[0]).Duplicate);
        Assert.Equal(ErrorCodes.OperationIdReused, Assert.IsType<Refused>((await Writer.Apply([credit with { Amount = new Money(1) }], default))[0]).Code);
        Assert.Equal(ErrorCodes.OperationIdReused, Assert.IsType<Refused>((await Writer.Apply([credit with { Owner = Ids.User("thief") }], default))[0]).Code);
    }

    [Fact]
    public async Task A_refund_is_entered_once_and_its_entry_says_what_it_belongs_to()
    {
        var (user, recharge) = (Ids.User("refund"), Ids.WithTime());
        await Credit(user, recharge, new Money(5_000_000_000));
        var refund = Refund(user, recharge, "re-1", new Money(2_000_000_000));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Ledger.NewWriter().Apply([refund], default))));
        var again = Assert.IsType<Entered>((await Writer.Apply([refund], default))[0]);
        Assert.Equal((true, EntryKind.Refund, recharge, "re-1", new Money(-2_000_000_000), new Money(3_000_000_000)),
            (again.Duplicate, again.Entry.Kind, again.Entry.RechargeId, again.Entry.RefundId, again.Entry.Amount, again.Entry.BalanceAfter));
        Assert.Equal(ErrorCodes.OperationIdReused, Assert.IsType<Refused>((await Writer.Apply([refund with { Amount = new Money(1) }], default))[0]).Code);
        Assert.Equal(ErrorCodes.RechargeNotCredited, Assert.IsType<Refused>((await Writer.Apply([refund with { Owner = Ids.User("thief") }], default))[0]).Code);
        Assert.Equal(ErrorCodes.RechargeNotCredited, Assert.IsType<Refused>((await Writer.Apply([refund with { RechargeId = Ids.WithTime() }], default))[0]).Code);
    }

    [Fact]
    public async Task Refunds_from_many_instances_at_once_take_no_more_than_was_credited()
    {
        var (user, recharge, other) = (Ids.User("refunds"), Ids.WithTime(), Ids.WithTime());
        await Credit(user, recharge, new Money(5));
        await Credit(user, other, new Money(100));
        var refunds = Enumerable.Range(0, 8).Select(number => new TakeBackCredit(recharge, $"re-{number}", user, new Money(1))).ToArray();

        var outcomes = await Task.WhenAll(refunds.Select(refund => Task.Run(() => Ledger.NewWriter().Apply([refund], default))));

        var entered = outcomes.Select(outcome => outcome[0]).OfType<Entered>().ToList();
        Assert.Equal(5, entered.Count);
        Assert.All(outcomes.Select(outcome => outcome[0]).OfType<Refused>(), refused => Assert.Equal(ErrorCodes.RefundExceedsCredit, refused.Code));
        foreach (var refund in entered) Auditor.Entered(EntryKind.Refund, refund.Entry.OperationId, user, refund.Entry.Amount);
        Assert.IsType<Entered>((await Writer.Apply([Refund(user, other, "re-0", new Money(100))], default))[0]);
    }

    [Fact]
    public async Task Credits_and_refunds_are_announced_once_each_and_a_refund_into_debt_announces_that()
    {
        var (user, recharge) = (Ids.User("told"), Ids.WithTime());
        await Credit(user, recharge, new Money(5_000_000));
        await Charge(Auditor.Charged(TestUsage.Of(user)));
        for (var i = 0; i < 2; i++) Assert.IsType<Entered>((await Writer.Apply([Refund(user, recharge, "re-1", new Money(5_000_000))], default))[0]);

        Assert.Equal((1, 1, 1), (await Announced<AccountCredited>(user), await Announced<CreditRefunded>(user), await Announced<DebtIncurred>(user)));
    }

    [Fact]
    public async Task A_message_is_written_as_its_delivery_reads_it()
    {
        var (user, recharge) = (Ids.User("outbox"), Ids.WithTime());
        await Credit(user, recharge, new Money(5_000_000));

        var message = Assert.Single(await Ledger.Outbox.Read(), row => row.GroupId == recharge);
        var told = Announcements.Of(Assert.IsType<Entered>((await Writer.Apply([new CreditRecharge(recharge, user, new Money(5_000_000))], default))[0]).Entry, user, "USD");
        Assert.Equal((told.MessageId, true, 0, null), (message.MessageId, message.Is<AccountCredited>(), message.DeliveryAttempts, message.EnqueueTime));
        Assert.EndsWith("Billing.Contracts:AccountCredited", message.DestinationAddress!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal((AccountCredited)told.Message, JsonNode.Parse(message.Body)!["message"].Deserialize<AccountCredited>(JsonSerializerOptions.Web));
    }

    [Theory]
    [InlineData("amount_nanos = -1 where kind = 1")]
    [InlineData("amount_nanos = 1 where kind = 2")]
    [InlineData("recharge_id = null where kind = 1")]
    [InlineData("recharge_id = null where kind = 2")]
    [InlineData("refund_id = null where kind = 2")]
    [InlineData("refund_id = 're-1' where kind = 1")]
    [InlineData("operation_id = $1 where kind = 1")]
    public async Task The_database_itself_refuses_a_credit_or_refund_that_makes_no_sense(string nonsense)
    {
        var (user, recharge) = (Ids.User("sense"), Ids.WithTime());
        await Credit(user, recharge, new Money(5));
        await Writer.Apply([Refund(user, recharge, "re-1", new Money(5))], default);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() =>
            Ledger.Execute($"update ledger_entry set {nonsense} and account_id = (select account_id from account where user_id = $2) and $1 <> recharge_id", Ids.WithTime(), user));
        Assert.Equal(FailureKind.Unwritable, Ledger.NewStore().Classify(exception));
    }

    [Fact]
    public async Task A_rejection_stands_once_with_its_reason_and_sinks_no_neighbour()
    {
        var user = Ids.User("rejected");
        var unknown = TestUsage.Of(user, "no-such-service");
        var old = TestUsage.Of(user) with { UsageId = Ids.WithoutTime(), OccurredAt = Cut(Ledger.Now.AddDays(-36)) };
        var raw = RejectedUsage.OfRaw("not-an-id", user, null, "{\"usageId\":\"not-an-id\"}", new Refusal(ErrorCodes.InvalidUsageId, "no id"));
        var good = Auditor.Charged(TestUsage.Of(user));
        for (var i = 0; i < 2; i++) await Writer.Apply([unknown.ToCharge(), new RecordRejection(raw), good.ToCharge(), old.ToCharge(), unknown.ToCharge()], default);

        Auditor.Rejected(unknown.UsageId.ToString(), ErrorCodes.UnknownService);
        Auditor.Rejected(old.UsageId.ToString(), ErrorCodes.UsageTooOld);
        Auditor.Rejected("not-an-id", ErrorCodes.InvalidUsageId);
    }

    [Fact]
    public async Task Debt_is_announced_once_for_each_crossing_of_zero()
    {
        var user = Ids.User("debtor");
        await Adjust(user, new Money(3_000_000));
        await Apply([.. Enumerable.Range(0, 3).Select(_ => Auditor.Charged(TestUsage.Of(user)))]);
        Assert.Equal(1, await Announced<DebtIncurred>(user));

        await Charge(Auditor.Charged(TestUsage.Of(user)));
        Assert.Equal(1, await Announced<DebtIncurred>(user));

        await Adjust(user, new Money(5_000_000));
        await Charge(Auditor.Charged(TestUsage.Of(user)));
        Assert.Equal(2, await Announced<DebtIncurred>(user));
    }

    [Fact]
    public async Task Reads_create_nothing()
    {
        var user = Ids.User("nobody");
        var accounts = await Ledger.Count("select count(*) from account");
        Assert.Null(await Ledger.NewStore().Read(user, new DateOnly(2026, 11, 1), default));
        await Ledger.NewStore().Ping(default);
        Assert.Equal(accounts, await Ledger.Count("select count(*) from account"));
    }

    [Fact]
    public async Task A_read_shows_the_account_and_its_free_quotas_of_the_month_as_committed()
    {
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("read"), TestCatalogue.Image, 7));
        await Charge(usage);
        var month = new DateOnly(usage.OccurredAt.Year, usage.OccurredAt.Month, 1);

        var view = (await Ledger.NewStore().Read(usage.UserId, month, default))!;
        Assert.Equal((new Money(-80_000_000), 5), (view.Funds.Balance, Assert.Single(view.FreeQuotas).Used));
        Assert.Empty((await Ledger.NewStore().Read(usage.UserId, month.AddMonths(1), default))!.FreeQuotas);
    }

    [Fact]
    public async Task A_transaction_disposed_without_commit_leaves_nothing_and_its_connection_is_clean_for_the_next()
    {
        var store = Ledger.NewStore();
        var writer = new LedgerWriter(store, Ledger.Rules);
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("undone"), TestCatalogue.Image, 7));
        await writer.Apply([new OpenAccount(usage.UserId)], default);
        for (var i = 0; i < 5; i++)
        {
            Operation[] operations = [usage.ToCharge()];
            await using var transaction = await store.Begin(BatchKeys.Of(operations, Ledger.Rules.Current), default);
            var decisions = ChargingEngine.Decide(operations, transaction.Snapshot, Ledger.Rules.Current);
            Assert.False(Assert.IsType<Charged>(decisions.Outcomes[0]).Duplicate);
        }

        Assert.Equal(0, await Ledger.Count("select count(*) from usage_record where usage_id = $1", usage.UsageId));
        Assert.False(Assert.IsType<Charged>((await writer.Apply([usage.ToCharge()], default))[0]).Duplicate);
    }

    [Fact]
    public async Task What_a_commit_cannot_write_takes_everything_with_it_the_events_too()
    {
        var store = Ledger.NewStore();
        Operation[] operations = [TestUsage.Of(Ids.User("broken")).ToCharge()];
        await using (var transaction = await store.Begin(BatchKeys.Of(operations, Ledger.Rules.Current), default))
        {
            var decisions = ChargingEngine.Decide(operations, transaction.Snapshot, Ledger.Rules.Current);
            var events = Announcements.Of(decisions, transaction.Snapshot.Now, Ledger.Rules.Current, "USD");
            Assert.Single(events);
            decisions.Records[0] = decisions.Records[0] with { Amount = decisions.Records[0].Cost + new Money(1) };
            var exception = await Assert.ThrowsAnyAsync<Exception>(() => transaction.Commit(decisions, events, default));
            Assert.Equal(FailureKind.Unwritable, store.Classify(exception));
        }

        Assert.Equal(0, await Announced<DebtIncurred>(operations[0].UserId!));
        Assert.Equal(0, await Ledger.Count("select balance_nanos from account where user_id = $1", operations[0].UserId!));
        var usage = Auditor.Charged(TestUsage.Of(operations[0].UserId!));
        Assert.IsType<Charged>((await new LedgerWriter(store, Ledger.Rules).Apply([usage.ToCharge()], default))[0]);
    }

    [Fact]
    public async Task Amounts_past_the_limit_are_refused_and_the_account_goes_on()
    {
        var user = Ids.User("rich");
        await Adjust(user, new Money(long.MaxValue));
        var over = Assert.IsType<Refused>((await Writer.Apply([new AdjustFunds(Ids.WithTime(), user, new Money(1), "operator", "too much")], default))[0]);
        Assert.Equal(ErrorCodes.AmountOverflow, over.Code);
        await Charge(Auditor.Charged(TestUsage.Of(user)));
    }

    [Theory]
    [InlineData("insert into free_quota (account_id, service_id, month, granted, used) values (1, 1, $1, 5, 6)")]
    [InlineData("insert into free_quota (account_id, service_id, month, granted, used) values (1, 1, $1, 5, -1)")]
    [InlineData("insert into free_quota (account_id, service_id, month, granted, used, held) values (1, 1, $1, 5, 3, 3)")]
    [InlineData("insert into free_quota (account_id, service_id, month, granted, used, held) values (1, 1, $1, 5, 0, -1)")]
    public async Task The_database_itself_refuses_free_units_beyond_what_is_granted(string nonsense)
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute(nonsense, new DateOnly(2026, 11, 1)));
        Assert.Equal(FailureKind.Unwritable, Ledger.NewStore().Classify(exception));
    }

    [Theory]
    [InlineData("quantity = 0")]
    [InlineData("quantity = 1000000001")]
    [InlineData("free_units = quantity + 1")]
    [InlineData("free_units = -1")]
    [InlineData("amount_nanos = -1")]
    [InlineData("amount_nanos = cost_nanos + 1")]
    public async Task The_database_itself_refuses_a_record_that_makes_no_sense(string nonsense)
    {
        var usage = Auditor.Charged(TestUsage.Of(Ids.User("sense"), TestCatalogue.Image, 7));
        await Charge(usage);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute($"update usage_record set {nonsense} where usage_id = $1", usage.UsageId));
        Assert.Equal(FailureKind.Unwritable, Ledger.NewStore().Classify(exception));
    }

    [Fact]
    public void What_is_no_failure_of_the_database_is_not_blamed_on_the_data() =>
        Assert.Equal(FailureKind.Unexpected, Ledger.NewStore().Classify(new InvalidOperationException()));

    protected DateTimeOffset InAMinute => Ledger.Now.AddMinutes(1);

    protected async Task<Charged> Charge(TestUsage usage) => Assert.IsType<Charged>((await Apply(usage))[0]);

    protected Task<Outcome[]> Apply(params TestUsage[] usages) => Writer.Apply([.. usages.Select(usage => usage.ToCharge())], default);

    protected async Task Adjust(string userId, Money amount)
    {
        var id = Ids.WithTime();
        Auditor.Entered(EntryKind.Adjustment, id, userId, amount);
        Assert.IsType<Entered>((await Writer.Apply([new AdjustFunds(id, userId, amount, "operator", "a test")], default))[0]);
    }

    async Task Credit(string userId, Guid recharge, Money amount)
    {
        Auditor.Entered(EntryKind.Credit, recharge, userId, amount);
        Assert.IsType<Entered>((await Writer.Apply([new CreditRecharge(recharge, userId, amount)], default))[0]);
    }

    TakeBackCredit Refund(string userId, Guid recharge, string refundId, Money amount)
    {
        var refund = new TakeBackCredit(recharge, refundId, userId, amount);
        Auditor.Entered(EntryKind.Refund, refund.OperationId, userId, -amount);
        return refund;
    }

    Task<long> Announced<TMessage>(string userId) =>
        Ledger.Count("select count(*) from outbox_message where message_type = $1 and body like $2", $"urn:message:Billing.Contracts:{typeof(TMessage).Name}", $"%{userId}%");

    static async Task<(Outcome[] One, Outcome[] Other)> AtOnce(LedgerWriter one, TestUsage[] forOne, LedgerWriter other, TestUsage[] forOther)
    {
        using var start = new Barrier(2);
        var both = await Task.WhenAll(Run(one, forOne), Run(other, forOther));
        return (both[0], both[1]);

        Task<Outcome[]> Run(LedgerWriter writer, TestUsage[] usages) => Task.Run(() =>
        {
            start.SignalAndWait();
            return writer.Apply([.. usages.Select(usage => usage.ToCharge())], default);
        });
    }

    static DateTimeOffset Cut(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
