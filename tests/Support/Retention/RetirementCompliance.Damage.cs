using Billing.Service.Audit;
using Billing.Service.Charging;

namespace Billing.TestSupport.Retention;

/// <summary>After records have left, the audit still sees what was changed: in what is there, and in what carries the rest forward.</summary>
public abstract partial class RetirementCompliance
{
    const string OfUser = "account_id = (select account_id from account where user_id like 'ann%')";

    [Theory]
    [InlineData("update account set balance_nanos = balance_nanos + 1 where user_id like 'ann%'", "conservation", "running chain")]
    [InlineData("update account set balance_nanos = balance_nanos - 1 where user_id like 'bob%'", "conservation", "running chain")]
    [InlineData("update account set last_entry_number = last_entry_number + 1 where user_id like 'ann%'", "running chain")]
    [InlineData("update account set last_entry_number = last_entry_number + 1 where user_id like 'bob%'", "running chain")]
    [InlineData($"delete from usage_record where entry_number = 6 and {OfUser}", "conservation", "running chain")]
    [InlineData($"delete from ledger_entry where kind = 1 and {OfUser}", "conservation", "running chain")]
    [InlineData($"update usage_record set balance_after_nanos = balance_after_nanos - 1 where entry_number = 6 and {OfUser}", "running chain")]
    [InlineData($"update ledger_entry set balance_after_nanos = balance_after_nanos - 1 where entry_number = 3 and {OfUser}", "running chain")]
    [InlineData($"update carried_forward set amount_nanos = amount_nanos - 1 where {OfUser}", "conservation", "running chain", "roll-ups")]
    [InlineData($"update carried_forward set records = records + 1 where {OfUser}", "running chain", "roll-ups", "retired days")]
    [InlineData($"update carried_run set last_number = last_number + 1 where {OfUser}", "running chain")]
    [InlineData($"update carried_run set first_number = first_number + 1 where first_number = 1 and {OfUser}", "running chain")]
    [InlineData($"update carried_run set amount_nanos = amount_nanos + 1 where {OfUser}", "running chain")]
    [InlineData($"delete from carried_run where first_number = 4 and {OfUser}", "running chain")]
    [InlineData("insert into carried_run (account_id, first_number, last_number, amount_nanos) select account_id, 3, 3, 0 from account where user_id like 'bob%'", "running chain")]
    [InlineData($"update carried_forward set units = units + 1 where {OfUser}", "roll-ups")]
    [InlineData($"update carried_forward set cost_nanos = cost_nanos + 1 where {OfUser}", "roll-ups")]
    [InlineData($"update carried_forward set free_units = free_units + 1 where {OfUser}", "free quota", "roll-ups")]
    [InlineData($"update carried_forward set reversed_records = reversed_records - 1 where {OfUser}", "reversals", "roll-ups")]
    [InlineData($"update carried_forward set reversed_nanos = reversed_nanos + 1 where {OfUser}", "reversals", "roll-ups")]
    [InlineData("delete from carried_forward where account_id = (select account_id from account where user_id like 'bob%')", "conservation", "running chain", "roll-ups", "retired days")]
    [InlineData($"update usage_rollup set usages = usages + 1 where {OfUser}", "roll-ups")]
    [InlineData($"update usage_rollup set units = units + 1 where {OfUser}", "roll-ups")]
    [InlineData($"delete from usage_rollup where {OfUser}", "roll-ups")]
    [InlineData($"update free_quota set retired_units = retired_units - 1 where retired_units > 0 and {OfUser}", "free quota")]
    [InlineData($"update free_quota set used = used + 1, granted = granted + 1 where retired_units > 0 and {OfUser}", "free quota")]
    [InlineData("update retired_day set records = records - 1", "retired days")]
    [InlineData("delete from retired_day", "retired days")]
    public async Task What_was_changed_after_records_left_is_seen(string damage, params string[] violated)
    {
        await RetireSome();
        await AuditHolds();

        Assert.NotEqual(0, await Ledger.Execute(damage));

        var report = await AuditRun.Execute(Ledger.Database, publishedFile: null, default);
        Assert.Equal(violated, report.Invariants.Where(invariant => invariant.Violations > 0).Select(invariant => invariant.Name));
        Assert.DoesNotContain(report.Invariants.SelectMany(invariant => invariant.Examples), example => example.StartsWith("cannot be computed", StringComparison.Ordinal));
    }

    /// <summary>Ann's numbers: 1 and 2 are retired, 3 is a credit, 4 is retired and reversed by 5, 6 and 7 are recent. Bob has one, and it is retired.</summary>
    async Task RetireSome()
    {
        var (ann, bob) = (Ids.User("ann"), Ids.User("bob"));
        var reversed = Old(ann, TestCatalogue.Image, 3, 9);
        await InThePast(0, Old(ann, TestCatalogue.Image, 4).ToCharge(), Old(ann, TestCatalogue.Search, 3, 5).ToCharge(), new CreditRecharge(Ids.WithTime(), ann, Money.Parse("1.00")),
            reversed.ToCharge(), Old(bob, TestCatalogue.Search, 3).ToCharge());
        await InThePast(1, new GiveBackUsage(reversed.UsageId, ann, "eve", "a test"));
        await Charge(TestUsage.Of(ann), TestUsage.Of(ann, TestCatalogue.Image, 2));
        Assert.Equal(4, (await Retire()).Records);
    }
}
