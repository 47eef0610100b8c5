using Billing.Contracts;
using Billing.Service.Audit;
using Xunit;

namespace Billing.Tests.Audit;

/// <summary>
/// A ledger of the service holds, and each kind of damage is seen as exactly the invariant that it breaks. The same on either
/// engine: derive, and say how to open an empty database.
/// </summary>
public abstract partial class AuditSuite : IAsyncLifetime
{
    protected AuditedLedger Ledger { get; private set; } = null!;

    protected Story Story => Ledger.Story;

    public async Task InitializeAsync()
    {
        Ledger = await Open();
        await Ledger.Fill();
    }

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    protected abstract Task<AuditedLedger> Open();

    [Fact]
    public async Task A_ledger_of_the_service_holds()
    {
        using var confirmed = ConfirmedList.Of([.. Story.Confirmed, .. Story.Confirmed]);

        var report = await Ledger.Audit(confirmed.Path);

        Assert.True(report.Holds, string.Join('\n', report.Invariants.SelectMany(invariant => invariant.Examples)));
        Assert.Equal(
            ["conservation", "running chain", "free quota", "at most once", "prices", "operations", "reversals", "logged acts", "credits and refunds", "paid recharges", "holds", "roll-ups", "retired days", "nothing lost"],
            report.Invariants.Select(invariant => invariant.Name));
        Assert.Equal([8, 17, 7, 10, 10, 7, 2, 3, 4, 0, 0, 0, 0, 24], report.Invariants.Select(invariant => invariant.Rows));
        Assert.Contains(new AuditNote("rejected, usage_too_old", 1), report.Notes);
        Assert.Contains(new AuditNote("rejected, usage_id_reused", 1), report.Notes);
        Assert.Contains(new AuditNote("events waiting in the outbox", 10), report.Notes);
    }

    [Fact]
    public async Task Money_out_of_nothing_is_seen()
    {
        await Ledger.Damage("update account set balance_nanos = balance_nanos + 1 where user_id = 'alice'");
        await AssertViolated("user alice", "conservation", "running chain");
    }

    [Fact]
    public async Task A_record_whose_account_is_gone_is_seen()
    {
        await Ledger.Damage("delete from account where user_id = 'dave'");
        await AssertViolated("", "conservation", "running chain");
    }

    [Fact]
    public async Task Sums_past_64_bits_are_reported_and_not_wrapped()
    {
        foreach (var number in new[] { 1, 2 })
            await Ledger.Damage(
                """
                insert into ledger_entry (account_id, entry_number, kind, operation_id, recharge_id, amount_nanos, balance_after_nanos, entered_at)
                select account_id, $1, 1, $2, $2, $3, -2, opened_at from account where user_id = 'heidi'
                """, number, Story.NewId(), long.MaxValue);
        // What wrapping arithmetic would call right.
        await Ledger.Damage("update account set balance_nanos = -2, last_entry_number = 2 where user_id = 'heidi'");
        await AssertViolated("18446744073709551614", "conservation", "running chain");
    }

    [Fact]
    public async Task A_changed_balance_after_is_seen()
    {
        await Ledger.Damage("update usage_record set balance_after_nanos = balance_after_nanos + 1 where usage_id = $1", Story.Split.Usage.UsageId);
        await AssertViolated("user alice, number 2", "running chain");
    }

    [Fact]
    public async Task A_gap_in_the_running_numbers_is_seen()
    {
        await Ledger.Damage("update usage_record set entry_number = 2 where usage_id = $1", Story.InDebt.Usage.UsageId);
        await Ledger.Damage("update account set last_entry_number = 2 where user_id = 'carol'");
        await AssertViolated("user carol, number 2: it follows number 0", "running chain");
    }

    [Fact]
    public async Task A_running_number_that_the_account_does_not_know_is_seen()
    {
        await Ledger.Damage("update account set last_entry_number = last_entry_number + 1 where user_id = 'carol'");
        await AssertViolated("user carol", "running chain");
    }

    [Fact]
    public async Task A_running_number_without_movements_is_seen()
    {
        await Ledger.Damage("update account set last_entry_number = 1 where user_id = 'heidi'");
        await AssertViolated("user heidi", "running chain");
    }

    [Fact]
    public async Task A_used_count_that_the_records_do_not_explain_is_seen()
    {
        await Ledger.Damage("update free_quota set used = used + 1 where used = 333");
        await AssertViolated("used 334, the records took 333", "free quota");
    }

    [Fact]
    public async Task More_free_units_used_and_held_than_granted_are_seen()
    {
        await Ledger.Damage("update free_quota set held = granted - used + 1 where used = 333");
        await AssertViolated("user dave", "free quota", "holds");
    }

    [Fact]
    public async Task Held_free_units_past_64_bits_are_seen()
    {
        await Ledger.Damage("update free_quota set held = $1 where used = 333", long.MaxValue);
        await AssertViolated("user dave", "free quota", "holds");
    }

    [Fact]
    public async Task A_negative_count_of_held_free_units_is_seen()
    {
        await Ledger.Damage("update free_quota set held = -1 where used = 333");
        await AssertViolated("user dave", "free quota", "holds");
    }

    [Fact]
    public async Task Free_units_without_a_quota_are_seen()
    {
        await Ledger.Damage("delete from free_quota where used = 333");
        await AssertViolated("free units in records, but no quota", "free quota");
    }

    [Fact]
    public async Task A_changed_count_of_free_units_left_is_seen()
    {
        await Ledger.Damage("update usage_record set free_units_after = free_units_after + 1 where usage_id = $1", Story.Free.Usage.UsageId);
        await AssertViolated($"usage {Story.Free.Usage.UsageId}", "free quota");
    }

    [Fact]
    public async Task Two_records_of_one_usage_are_seen()
    {
        await Ledger.CopyRecord(Story.InDebt.Usage.UsageId);

        var report = await Ledger.Audit();

        var atMostOnce = report.Invariants.Single(invariant => invariant.Name == "at most once");
        Assert.Contains($"usage {Story.InDebt.Usage.UsageId}: 2 records", atMostOnce.Examples);
        Assert.False(report.Holds);
    }

    [Fact]
    public async Task A_record_in_another_day_than_its_id_says_is_seen()
    {
        await Ledger.Damage("update usage_record set day = $2 where usage_id = $1", Story.Split.Usage.UsageId, Today.AddDays(2));
        await AssertViolated($"usage {Story.Split.Usage.UsageId}: its record lies in", "at most once");
    }

    [Fact]
    public async Task A_charged_usage_that_was_rejected_as_a_reuse_of_itself_is_seen()
    {
        await Ledger.Damage("update rejected_usage set content_hash = $1 where code = 'usage_id_reused'", Story.Split.Usage.ContentHash);
        await AssertViolated($"usage {Story.Split.Usage.UsageId}", "at most once");
    }

    [Fact]
    public async Task A_cost_that_is_not_the_price_is_seen()
    {
        await Ledger.Damage("update usage_record set cost_nanos = cost_nanos + 1 where usage_id = $1", Story.Free.Usage.UsageId);
        await AssertViolated($"usage {Story.Free.Usage.UsageId}", "prices");
    }

    [Fact]
    public async Task A_price_changed_after_the_fact_is_seen()
    {
        await Ledger.Damage("update price set amount_nanos = amount_nanos * 2 where service_id = 2");
        await AssertViolated("units cost", "prices");
    }

    [Fact]
    public async Task A_price_past_64_bits_is_seen()
    {
        await Ledger.Damage("update price set amount_nanos = $1, per_units = 2 where service_id = 2", long.MaxValue);
        await AssertViolated("units cost", "prices");
    }

    [Fact]
    public async Task A_payment_that_is_not_the_share_of_the_cost_is_seen()
    {
        await Ledger.Damage("update usage_record set amount_nanos = amount_nanos - 1, balance_after_nanos = balance_after_nanos + 1 where usage_id = $1",
            Story.InDebt.Usage.UsageId);
        await Ledger.Damage("update account set balance_nanos = balance_nanos + 1 where user_id = 'carol'");
        await AssertViolated($"usage {Story.InDebt.Usage.UsageId}", "prices");
    }

    [Fact]
    public async Task A_price_version_that_was_not_in_force_is_seen()
    {
        await Ledger.Damage("update usage_record set price_version = 1, cost_nanos = 40000000 where usage_id = $1", Story.FreeImage.Usage.UsageId);
        await AssertViolated($"usage {Story.FreeImage.Usage.UsageId}: price version 1 was not in force", "prices");
    }

    [Fact]
    public async Task A_price_version_that_does_not_exist_is_seen()
    {
        await Ledger.Damage("update usage_record set price_version = 9 where usage_id = $1", Story.Free.Usage.UsageId);
        await AssertViolated("price version 9 does not exist", "prices");
    }

    [Fact]
    public async Task A_price_version_beside_the_cost_of_the_gateway_is_seen()
    {
        await Ledger.Damage("update usage_record set price_version = 1 where usage_id = $1", Story.Named.Usage.UsageId);
        await AssertViolated($"usage {Story.Named.Usage.UsageId}", "prices");
    }

    [Fact]
    public async Task A_quota_month_that_is_not_the_month_of_the_usage_is_seen()
    {
        await Ledger.Damage("update usage_record set quota_month = $2 where usage_id = $1", Story.InDebt.Usage.UsageId, new DateOnly(2001, 1, 1));
        await AssertViolated("quota month 2001-01-01", "prices");
    }

    [Fact]
    public async Task A_month_in_another_time_zone_is_seen()
    {
        await Ledger.Damage("update deployment set time_zone = 'Asia/Calcutta'");
        await AssertViolated("it occurred in", "prices");
    }

    [Fact]
    public async Task An_operation_in_the_ledger_twice_is_seen()
    {
        await Ledger.DropKeys("ledger_entry");
        await Ledger.Damage(
            """
            insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, actor, reason)
            select a.account_id, a.last_entry_number + 1, e.kind, e.operation_id, 0, a.balance_nanos, e.entered_at, e.actor, e.reason
            from ledger_entry e join account a on a.account_id = e.account_id where e.operation_id = $1
            """, Story.Adjustment.AdjustmentId);
        await Ledger.Damage("update account set last_entry_number = last_entry_number + 1 where user_id = 'bob'");
        await AssertViolated($"operation {Story.Adjustment.AdjustmentId}, kind 4: 2 entries", "operations");
    }

    [Theory]
    [InlineData("actor = null")]
    [InlineData("actor = ' '")]
    [InlineData("reason = null")]
    [InlineData("reason = ''")]
    [InlineData("kind = 9")]
    public async Task An_adjustment_without_actor_reason_or_known_kind_is_seen(string change)
    {
        await Ledger.Damage($"update ledger_entry set {change} where operation_id = $1", Story.Adjustment.AdjustmentId);
        await AssertViolated($"operation {Story.Adjustment.AdjustmentId}", "operations", "logged acts");
    }

    [Fact]
    public async Task A_reversal_of_nothing_is_seen()
    {
        await Ledger.Damage("update ledger_entry set operation_id = $2 where kind = 3 and operation_id = $1", Story.WithoutTime.Usage.UsageId, Story.NewId());
        await AssertViolated("reversed, but never charged", "reversals", "logged acts");
    }

    [Theory]
    [InlineData("actor = 'mallory'", "the log names operator-1")]
    [InlineData("reason = 'no reason'", "the log gives another reason")]
    public async Task An_adjustment_that_differs_from_the_log_of_acts_is_seen(string change, string seen)
    {
        await Ledger.Damage($"update ledger_entry set {change} where operation_id = $1", Story.Adjustment.AdjustmentId);
        await AssertViolated(seen, "logged acts");
    }

    [Fact]
    public async Task An_act_that_moved_nothing_is_seen()
    {
        await Ledger.Damage(
            "insert into operator_act (kind, operation_id, actor, reason, detail, acted_at) select 'adjust_balance', $1, 'mallory', 'none', '[]', opened_at from account where user_id = 'bob'",
            Story.NewId());
        await AssertViolated("in the log, but not in the ledger", "logged acts");
    }

    [Fact]
    public async Task An_adjustment_that_the_log_of_acts_does_not_know_is_seen()
    {
        await Ledger.Damage("update account set balance_nanos = balance_nanos + 7, last_entry_number = last_entry_number + 1 where user_id = 'bob'");
        await Ledger.Damage(
            """
            insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, actor, reason)
            select account_id, last_entry_number, 4, $1, 7, balance_nanos, opened_at, 'mallory', 'by hand' from account where user_id = 'bob'
            """, Story.NewId());
        await AssertViolated("not in the log of acts", "logged acts");
    }

    [Fact]
    public async Task A_refund_of_a_recharge_that_was_never_credited_is_seen()
    {
        await Ledger.Damage("update ledger_entry set recharge_id = $2 where operation_id = $1", Story.Refund.OperationId, Story.NewId());
        await AssertViolated("never credited", "credits and refunds");
    }

    [Fact]
    public async Task A_refund_of_another_accounts_recharge_is_seen()
    {
        await Ledger.Damage("update ledger_entry set recharge_id = $2 where operation_id = $1", Story.Refund.OperationId, Story.OtherRecharge.RechargeId);
        await AssertViolated("taken back from", "credits and refunds");
    }

    [Fact]
    public async Task A_nano_more_taken_back_than_credited_is_seen()
    {
        await Ledger.Damage("update ledger_entry set amount_nanos = amount_nanos - 1, balance_after_nanos = balance_after_nanos - 1 where refund_id = 're-2'");
        await Ledger.Damage("update ledger_entry set balance_after_nanos = balance_after_nanos - 1 where kind = 3 and operation_id = $1", Story.WithoutTime.Usage.UsageId);
        await Ledger.Damage("update account set balance_nanos = balance_nanos - 1 where user_id = 'alice'");
        await AssertViolated("10000000001 nanos taken back of 10000000000", "credits and refunds");
    }

    [Fact]
    public async Task Refunds_past_64_bits_are_seen()
    {
        await Ledger.Damage("update ledger_entry set amount_nanos = $1 where kind = 2", long.MinValue);
        Assert.Contains("credits and refunds", (await Ledger.Audit()).Invariants.Where(invariant => invariant.Violations > 0).Select(invariant => invariant.Name));
    }

    [Fact]
    public async Task A_refund_that_adds_to_the_balance_is_seen()
    {
        await Ledger.Damage("update ledger_entry set amount_nanos = 1 where refund_id = 're-2'");
        await AssertViolated("a refund that moved 1 nanos", "conservation", "running chain", "credits and refunds");
    }

    [Fact]
    public async Task A_refund_before_its_credit_is_seen()
    {
        await Ledger.Damage("update ledger_entry set entry_number = 1000 where operation_id = $1", Story.Recharge.RechargeId);
        await AssertViolated("taken back before it was credited", "running chain", "credits and refunds");
    }

    [Fact]
    public async Task The_same_refund_under_two_operation_ids_is_seen()
    {
        await Ledger.Damage("update ledger_entry set refund_id = 're-1' where refund_id = 're-2'");
        await AssertViolated($"refund re-1 of recharge {Story.Recharge.RechargeId}: 2 entries", "credits and refunds");
    }

    [Fact]
    public async Task A_recharge_credited_twice_is_seen()
    {
        await Ledger.Damage("update ledger_entry set recharge_id = $2 where operation_id = $1", Story.OtherRecharge.RechargeId, Story.Recharge.RechargeId);
        await AssertViolated($"recharge {Story.Recharge.RechargeId}: 2 credits", "credits and refunds");
    }

    [Theory]
    [InlineData("kind = 1", "recharge_id = null", "it names no recharge")]
    [InlineData("kind = 2", "recharge_id = null", "it names no recharge")]
    [InlineData("kind = 2", "refund_id = null", "it names no refund")]
    [InlineData("kind = 4", "recharge_id = operation_id", "it names a recharge")]
    public async Task An_entry_that_does_not_say_what_it_belongs_to_is_seen(string which, string change, string problem)
    {
        await Ledger.Damage($"update ledger_entry set {change} where {which}");
        await AssertViolated(problem, "credits and refunds");
    }

    [Fact]
    public async Task A_reversal_of_more_than_was_paid_is_seen()
    {
        await Ledger.Damage("update ledger_entry set amount_nanos = amount_nanos + 1, balance_after_nanos = balance_after_nanos + 1 where kind = 3 and operation_id = $1",
            Story.WithoutTime.Usage.UsageId);
        await Ledger.Damage("update account set balance_nanos = balance_nanos + 1 where user_id = 'alice'");
        await AssertViolated($"usage {Story.WithoutTime.Usage.UsageId}", "reversals");
    }

    [Fact]
    public async Task A_confirmed_usage_that_is_nowhere_is_seen()
    {
        var lost = Story.Split.Usage with { UsageId = Story.NewId() };
        using var confirmed = ConfirmedList.Of([.. Story.Confirmed, lost, lost]);
        await AssertViolatedBy(confirmed.Path, $"line 14: usage {lost.UsageId}: confirmed, but neither charged nor rejected", "nothing lost");
    }

    [Fact]
    public async Task A_confirmed_usage_charged_to_another_user_is_seen() =>
        await AssertChargedDifferently(ConfirmedList.Line(Story.Free.Usage with { UserId = "alice" }), "user dave instead of alice");

    [Fact]
    public async Task A_confirmed_usage_charged_as_another_service_is_seen() =>
        await AssertChargedDifferently(ConfirmedList.Line(Story.Free.Usage with { Service = "image" }), "service chat instead of image");

    [Fact]
    public async Task A_confirmed_usage_charged_with_another_quantity_is_seen() =>
        await AssertChargedDifferently(ConfirmedList.Line(Story.Free.Usage with { Quantity = 334 }), "quantity 333 instead of 334");

    [Fact]
    public async Task A_confirmed_usage_charged_at_another_cost_is_seen() =>
        await AssertChargedDifferently(ConfirmedList.Line(Story.Named.Usage with { Cost = Money.Parse("1.000000001") }), "cost 1000000000 nanos instead of 1000000001");

    [Fact]
    public async Task A_confirmed_usage_charged_at_a_cost_that_nobody_named_is_seen() =>
        await AssertChargedDifferently(ConfirmedList.Line(Story.Named.Usage with { Cost = null }), "but none was published");

    [Fact]
    public async Task A_confirmed_usage_charged_for_another_time_is_seen() =>
        await AssertChargedDifferently(ConfirmedList.Line(Story.Free.Usage with { OccurredAt = Story.Free.Usage.OccurredAt.AddMicroseconds(1) }), "occurred");

    [Fact]
    public async Task Digits_beyond_microseconds_make_no_difference()
    {
        using var confirmed = new ConfirmedList(ConfirmedList.Header, ConfirmedList.Line(Story.Free.Usage).Replace("Z", "9Z", StringComparison.Ordinal));
        Assert.True((await Ledger.Audit(confirmed.Path)).Holds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("call-17,alice,image,1,,2026-01-31T00:00:00Z")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,alice,image,1,,2026-01-31T00:00:00Z,more")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,,image,1,,2026-01-31T00:00:00Z")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,alice,,1,,2026-01-31T00:00:00Z")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,alice,image,1.5,,2026-01-31T00:00:00Z")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,alice,image,1,1e3,2026-01-31T00:00:00Z")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,alice,image,1,,yesterday")]
    [InlineData("0194b8a0-0000-7000-8000-000000000000,\"alice\",image,1,,2026-01-31T00:00:00Z")]
    [InlineData("0194b8a0-0000-7000-8000-0000000")]
    public async Task A_malformed_line_is_reported_by_its_number(string line)
    {
        using var confirmed = new ConfirmedList(ConfirmedList.Header, ConfirmedList.Line(Story.Free.Usage), line);
        await AssertViolatedBy(confirmed.Path, "line 3: ", "nothing lost");
    }

    [Fact]
    public async Task A_list_without_its_header_is_malformed()
    {
        using var confirmed = new ConfirmedList("usage,who", ConfirmedList.Line(Story.Free.Usage));
        await AssertViolatedBy(confirmed.Path, "line 1: ", "nothing lost");
    }

    [Fact]
    public async Task Only_the_first_violations_are_listed_and_all_are_counted()
    {
        using var confirmed = ConfirmedList.Of(Enumerable.Range(0, 8).Select(_ => Story.Free.Usage with { UsageId = Story.NewId() }));

        var report = await Ledger.Audit(confirmed.Path);
        var output = new StringWriter();
        AuditText.Write(report, output);

        var lost = report.Invariants.Single(invariant => invariant.Name == "nothing lost");
        Assert.Equal((8, 5), (lost.Violations, lost.Examples.Count));
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^conservation +8 accounts +0 violations$", lines[0]);
        Assert.Contains("    and 3 more", lines);
        Assert.Equal("audit: VIOLATED", lines[^1]);
    }

    protected async Task AssertViolated(string example, params string[] invariants) => AssertViolated(await Ledger.Audit(), example, invariants);

    async Task AssertViolatedBy(string published, string example, string invariant) => AssertViolated(await Ledger.Audit(published), example, invariant);

    static void AssertViolated(AuditReport report, string example, params string[] invariants)
    {
        var violated = report.Invariants.Where(invariant => invariant.Violations > 0).ToList();
        Assert.Equal(invariants, violated.Select(invariant => invariant.Name));
        Assert.Contains(violated.SelectMany(invariant => invariant.Examples), line => line.Contains(example, StringComparison.Ordinal));
        Assert.False(report.Holds);
    }

    async Task AssertChargedDifferently(string line, string difference)
    {
        using var confirmed = new ConfirmedList(ConfirmedList.Header, line);
        await AssertViolatedBy(confirmed.Path, difference, "nothing lost");
    }

    static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
}
