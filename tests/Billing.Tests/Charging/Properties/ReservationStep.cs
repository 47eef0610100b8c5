using Billing.Service.Charging.Reservations;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests.Charging.Properties;

/// <summary>
/// One thing that happens around reservations, drawn at random from a small world: two users, few reservation ids, services of
/// every kind of price, and a clock that stands, creeps, and now and then passes the end of a hold or of the month.
/// </summary>
sealed record ReservationStep(ReservationStepKind Kind, int Number, int Amount, int Detail, TimeSpan Before)
{
    static readonly string[] Users = ["ann", "bob"];
    static readonly string[] Services = [Shop.Call, Shop.Ocr, Shop.Crumb, Shop.Search, Shop.Llm, Shop.Agent];
    static readonly Guid[] Ids = [.. Enumerable.Range(0, 40).Select(_ => Shop.NewIdWithoutTime())];

    /// <summary>Shortly before the end of June, so that months change within a run.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 30, 23, 20, 0, TimeSpan.Zero);

    string User => Users[Number % 7 == 6 ? 1 : 0];

    Guid ReservationId => Ids[Number % 5];

    string Service => Services[Number % 5 + (Detail == 7 ? 1 : 0)];

    long Quantity => 1 + Amount % 15;

    Money? Cost(long quantity) => Service is Shop.Llm or Shop.Agent ? new Money(quantity * 7_000_003L * (1 + Amount % 3)) : null;

    public Operation Operation(DateTimeOffset now) => Kind switch
    {
        ReservationStepKind.Reserve => new HoldFunds(ReservationId, User, Service, Quantity, Cost(Quantity), Grant, now, now.AddSeconds(Detail == 3 ? -1 : 5)),
        ReservationStepKind.Extend => new ExtendHold(ReservationId, User, 1 + Detail % 4, Amount % 4 == 0 ? 0 : Quantity, Amount % 4 == 0 ? null : Cost(Quantity), Grant, now.AddSeconds(5)),
        ReservationStepKind.Release => new ReleaseHold(ReservationId, User, Detail < 3 ? null : Amount),
        ReservationStepKind.Sweep => new SweepHold(ReservationId, User),
        ReservationStepKind.Use => new ChargeUsage(Usage(now, Detail == 1 ? null : ReservationId)),
        ReservationStepKind.Deduct => new DeductUsage(Usage(now, null), now.AddSeconds(5)),
        ReservationStepKind.Credit => new CreditRecharge(Ids[5 + Amount], User, new Money(1 + Amount * 20_000_000L)),
        ReservationStepKind.Reverse => new GiveBackUsage(Ids[10 + Amount % 30], User, "eve", "test"),
        _ => throw new InvalidOperationException(),
    };

    TimeSpan Grant => TimeSpan.FromSeconds(20 + Detail % 2 * 600);

    Usage Usage(DateTimeOffset now, Guid? reservation) => Shop.Usage(
        Service, Quantity, Cost(Quantity)?.ToString(), at: Detail == 2 ? Start.AddMinutes(-30) : now.AddSeconds(-Detail), id: Ids[10 + (Amount + Detail) % 30], user: User, reservation: reservation);

    public static Arbitrary<ReservationStep[]> Lists { get; } = Checked.Lists(
        from kind in Gen.Frequency(
            (4, Gen.Constant(ReservationStepKind.Reserve)), (3, Gen.Constant(ReservationStepKind.Extend)), (8, Gen.Constant(ReservationStepKind.Use)),
            (2, Gen.Constant(ReservationStepKind.Release)), (2, Gen.Constant(ReservationStepKind.Sweep)), (2, Gen.Constant(ReservationStepKind.Deduct)),
            (2, Gen.Constant(ReservationStepKind.Credit)), (1, Gen.Constant(ReservationStepKind.Reverse)))
        from number in Gen.Choose(0, 34)
        from amount in Gen.Choose(0, 29)
        from detail in Gen.Choose(0, 9)
        from before in Gen.Frequency((6, Gen.Constant(0)), (3, Gen.Choose(1, 30)), (1, Gen.Choose(31, 1_500)))
        select new ReservationStep(kind, number, amount, detail, TimeSpan.FromSeconds(before)));

    /// <summary>Batches end where the clock moves.</summary>
    public static IEnumerable<(DateTimeOffset Now, Operation[] Operations)> Batches(IEnumerable<ReservationStep> steps)
    {
        var now = Start;
        var batch = new List<Operation>();
        foreach (var step in steps)
        {
            if (step.Before > TimeSpan.Zero && batch.Count > 0)
            {
                yield return (now, [.. batch]);
                batch.Clear();
            }
            now += step.Before;
            batch.Add(step.Operation(now));
        }
        if (batch.Count > 0) yield return (now, [.. batch]);
    }
}

enum ReservationStepKind
{
    Reserve,
    Extend,
    Release,
    Sweep,
    Use,
    Deduct,
    Credit,
    Reverse,
}
