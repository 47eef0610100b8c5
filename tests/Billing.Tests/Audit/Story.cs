using Billing.Contracts;
using Billing.Service.Catalogues;
using Billing.Service.Charging;

namespace Billing.Tests.Audit;

/// <summary>A small history in which every rule that the audit checks has something to say.</summary>
public sealed class Story
{
    readonly DateTimeOffset _now;
    readonly List<Usage> _confirmed = [];
    int _ids;

    public Story(DateTimeOffset now, TimeZoneInfo zone)
    {
        _now = now;
        SecondPriceFrom = Microseconds(now.AddDays(-10));
        Split = Charge("alice", "image", 7);
        WithoutTime = Charge("alice", "image", 2, id: new Guid("6f1c1d36-90a5-4a0e-b8a1-5f6a0d2f7b11"));
        Old = Charge("alice", "search", 3, at: now.AddDays(-20), id: new Guid("d9b2d63d-a233-4123-847a-7090f9c1ab51"));
        Named = Charge("bob", "video", 7, cost: "1.00");
        InDebt = Charge("carol", "search", 10);
        Free = Charge("dave", "chat", 333);
        FreeAndReversed = Charge("erin", "chat", 20);
        FreeImage = Charge("frank", "image", 1);

        // The first instant of the billing month, and the one before it.
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var first = new DateTime(local.Year, local.Month, 1);
        var monthBegan = new DateTimeOffset(first, zone.GetUtcOffset(first));
        var lastMonth = Charge("grace", "image", 1, at: monthBegan.AddTicks(-TimeSpan.TicksPerMicrosecond));
        var thisMonth = Charge("grace", "image", 1, at: monthBegan);

        TooOld = Charge("alice", "image", 1, at: now.AddDays(-40));
        Reused = Charge("alice", "image", 8, id: Split.Usage.UsageId);
        _confirmed = [Split.Usage, WithoutTime.Usage, Old.Usage, Named.Usage, InDebt.Usage, Free.Usage, FreeAndReversed.Usage, FreeImage.Usage,
            lastMonth.Usage, thisMonth.Usage, TooOld.Usage, Reused.Usage];

        Recharge = new CreditRecharge(NewId(), "alice", Money.Parse("10.00"));
        OtherRecharge = new CreditRecharge(NewId(), "bob", Money.Parse("5.00"));
        Refund = new TakeBackCredit(Recharge.RechargeId, "re-1", "alice", Money.Parse("2.00"));
        Adjustment = new AdjustFunds(NewId(), "bob", Money.Parse("-1.00"), "operator-1", "goodwill taken back");
        Batches =
        [
            [Recharge, OtherRecharge, Split, Named, InDebt],
            [WithoutTime, Old, Free, FreeAndReversed, FreeImage, lastMonth, thisMonth, Adjustment],
            [TooOld, Reused, Split, new OpenAccount("heidi")],
            [Refund, Refund with { RefundId = "re-2", Amount = Money.Parse("8.00") }, Refund],
            [new GiveBackUsage(WithoutTime.Usage.UsageId, "alice", "operator-1", "the model was down"),
                new GiveBackUsage(FreeAndReversed.Usage.UsageId, "erin", "operator-1", "the model was down")],
        ];
    }

    public static CatalogueFile Catalogue { get; } = new()
    {
        Services =
        [
            new() { Service = "image", PricedBy = PricedBy.Catalogue, Price = new() { Amount = Money.Parse("0.04") }, FreeUnits = 5 },
            new() { Service = "chat", PricedBy = PricedBy.Catalogue, Price = new() { Amount = Money.Parse("0.15"), PerUnits = 1000 }, FreeUnits = 10_000 },
            new() { Service = "video", PricedBy = PricedBy.Gateway, FreeUnits = 3 },
            new() { Service = "search", PricedBy = PricedBy.Catalogue, Price = new() { Amount = Money.Parse("0.002") } },
        ],
    };

    /// <summary>From when "image" has its second price.</summary>
    public DateTimeOffset SecondPriceFrom { get; }

    public IReadOnlyList<IReadOnlyList<Operation>> Batches { get; }

    /// <summary>Everything confirmed to the gateway, the two rejected ones included.</summary>
    public IReadOnlyList<Usage> Confirmed => _confirmed;

    /// <summary>Alice's first: five units free, two paid.</summary>
    public ChargeUsage Split { get; }

    /// <summary>Its id is no version 7 UUID; paid alone, then reversed.</summary>
    public ChargeUsage WithoutTime { get; }

    /// <summary>Its id is no version 7 UUID either; no quota.</summary>
    public ChargeUsage Old { get; }

    /// <summary>Bob's, priced by the gateway: four sevenths of its cost are paid.</summary>
    public ChargeUsage Named { get; }

    /// <summary>Carol's: no quota, no money.</summary>
    public ChargeUsage InDebt { get; }

    /// <summary>Dave's only usage, within the free quota.</summary>
    public ChargeUsage Free { get; }

    public ChargeUsage FreeAndReversed { get; }

    /// <summary>Frank's only usage, at the second price, within the free quota.</summary>
    public ChargeUsage FreeImage { get; }

    public ChargeUsage TooOld { get; }

    /// <summary>The id of <see cref="Split"/> with other content.</summary>
    public ChargeUsage Reused { get; }

    public AdjustFunds Adjustment { get; }

    /// <summary>Alice's, all of which is taken back again.</summary>
    public CreditRecharge Recharge { get; }

    /// <summary>Bob's.</summary>
    public CreditRecharge OtherRecharge { get; }

    /// <summary>The first part of what is taken back from Alice.</summary>
    public TakeBackCredit Refund { get; }

    /// <summary>A usage of an hour ago that is not among <see cref="Batches"/>.</summary>
    public ChargeUsage ChargeNow(string user, string service, long quantity) => Charge(user, service, quantity);

    public Guid NewId() => Guid.CreateVersion7(_now.AddHours(-2).AddSeconds(_ids++));

    ChargeUsage Charge(string user, string service, long quantity, string? cost = null, DateTimeOffset? at = null, Guid? id = null)
    {
        var occurredAt = Microseconds(at ?? _now.AddHours(-1));
        Money? amount = cost is null ? null : Money.Parse(cost);
        return new ChargeUsage(new Usage
        {
            UsageId = id ?? NewId(),
            UserId = user,
            Service = service,
            Quantity = quantity,
            Cost = amount,
            OccurredAt = occurredAt,
            ContentHash = ContentHash.Of(user, service, quantity, amount, occurredAt),
        });
    }

    static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
