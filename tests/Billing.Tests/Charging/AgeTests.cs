namespace Billing.Tests.Charging;

public sealed class AgeTests
{
    static readonly TimeSpan Oldest = TimeSpan.FromDays(35);
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    readonly PlainLedger _ledger = new();

    [Fact]
    public void Usage_is_charged_up_to_35_days_after_it_occurred()
    {
        _ledger.Charge(Shop.Usage(at: Shop.Now - Oldest));

        Assert.Equal(ErrorCodes.UsageTooOld, _ledger.Refuse(new ChargeUsage(Shop.Usage(at: Shop.Now - Oldest - Microsecond))));
        Assert.Equal(ErrorCodes.UsageTooOld, _ledger.Refuse(new DeductUsage(Shop.Usage(at: Shop.Now - Oldest - Microsecond), Shop.Now)));
    }

    [Fact]
    public void Usage_may_lie_five_minutes_ahead_and_no_more()
    {
        _ledger.Charge(Shop.Usage(at: Shop.Now + Ahead));

        Assert.Equal(ErrorCodes.UsageInFuture, _ledger.Refuse(new ChargeUsage(Shop.Usage(at: Shop.Now + Ahead + Microsecond))));
    }

    [Fact]
    public void The_time_inside_a_version_7_id_must_be_as_near_as_the_usage_itself()
    {
        _ledger.Charge(Shop.Usage(id: Guid.CreateVersion7(Shop.Now - Oldest)));
        _ledger.Charge(Shop.Usage(id: Guid.CreateVersion7(Shop.Now + Ahead)));

        Assert.Equal(ErrorCodes.InvalidUsageId, _ledger.Refuse(new ChargeUsage(Shop.Usage(id: Guid.CreateVersion7(Shop.Now - Oldest - TimeSpan.FromMilliseconds(1))))));
        Assert.Equal(ErrorCodes.InvalidUsageId, _ledger.Refuse(new ChargeUsage(Shop.Usage(id: Guid.CreateVersion7(Shop.Now + Ahead + TimeSpan.FromMilliseconds(1))))));
        Assert.Equal(ErrorCodes.InvalidUsageId, _ledger.Refuse(new ChargeUsage(Shop.Usage(id: Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff")))));
    }

    [Fact]
    public void Ids_of_other_versions_carry_no_time_and_are_taken_as_they_are()
    {
        _ledger.Charge(Shop.Usage(id: Shop.NewIdWithoutTime()));
        _ledger.Charge(Shop.Usage(id: Guid.Parse("00000000-0000-1000-8000-000000000001")));
        _ledger.Charge(Shop.Usage(id: Guid.Parse("ffffffff-ffff-7fff-ffff-ffffffffffff"))); // version 7 of no known variant
    }

    [Fact]
    public void Late_usage_of_last_month_spends_last_months_free_quota()
    {
        _ledger.Charge(Shop.Usage(quantity: 8));

        var late = _ledger.Charge(Shop.Usage(quantity: 9, at: Shop.Now.AddDays(-25))).Record;

        Assert.Equal((9, new DateOnly(2026, 5, 1)), (late.FreeUnits, late.QuotaMonth));
        Assert.Equal((8, 9), (_ledger.FreeUnitsUsed(Shop.Call, 2026, 6), _ledger.FreeUnitsUsed(Shop.Call, 2026, 5)));
    }
}
