using Billing.Service.Charging;
using Xunit;

namespace Billing.Tests.Audit;

/// <summary>Roll-ups that are not the sums of the records.</summary>
public abstract partial class AuditSuite
{
    [Fact]
    public async Task Roll_ups_of_an_account_with_many_records_hold()
    {
        await ChargeMany();

        var rollUps = Assert.Single((await Ledger.Audit()).Invariants, invariant => invariant.Name == "roll-ups");
        Assert.Equal(0, rollUps.Violations);
        Assert.InRange(rollUps.Rows, 1, 2);
    }

    [Theory]
    [InlineData("usages = usages - 1")]
    [InlineData("units = units + 1")]
    [InlineData("free_units = free_units + 1")]
    [InlineData("cost_nanos_low = cost_nanos_low + 1")]
    [InlineData("amount_nanos_high = amount_nanos_high + 1")]
    [InlineData("reversed_usages = reversed_usages + 1")]
    [InlineData("reversed_nanos_low = reversed_nanos_low - 1")]
    [InlineData("bucket = bucket - 900000000")]
    [InlineData("service_id = service_id + 1")]
    public async Task A_changed_roll_up_is_seen(string damage)
    {
        await ChargeMany();
        await Ledger.Damage($"update usage_rollup set {damage}");
        await AssertViolated("user ivan", "roll-ups");
    }

    [Fact]
    public async Task A_roll_up_that_is_gone_is_seen()
    {
        await ChargeMany();
        await Ledger.Damage("delete from usage_rollup");
        await AssertViolated("the roll-up says nothing", "roll-ups");
    }

    [Fact]
    public async Task A_roll_up_of_an_account_that_has_none_is_seen()
    {
        await Ledger.Damage("insert into usage_rollup select account_id, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0 from account where user_id = 'bob'");
        await AssertViolated("the records say nothing", "roll-ups");
    }

    [Fact]
    public async Task A_record_that_is_gone_and_was_not_retired_is_missing_in_its_roll_up()
    {
        await ChargeMany();
        await Ledger.Damage("delete from usage_record where entry_number = 7 and account_id = (select account_id from account where user_id = 'ivan')");
        await AssertViolated("user ivan", "conservation", "running chain", "roll-ups");
    }

    async Task ChargeMany()
    {
        var usages = Enumerable.Range(0, 1_001).Select(_ => Story.ChargeNow("ivan", "search", 1)).ToArray();
        await Ledger.Apply([.. usages]);
        await Ledger.Apply(new GiveBackUsage(usages[5].Usage.UsageId, "ivan", "operator-1", "the model was down"));
    }
}
