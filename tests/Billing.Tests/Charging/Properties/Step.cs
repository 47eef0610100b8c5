using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests.Charging.Properties;

/// <summary>One thing that some caller does, drawn at random from a small world so that ids, users and months often meet.</summary>
sealed record Step(StepKind Kind, int Id, int Twist, long Amount, bool Ends)
{
    static readonly string[] Users = ["ann", "bob", "cy"];
    static readonly string[] Services = [Shop.Call, Shop.Ocr, Shop.Token, Shop.Llm, Shop.Agent, Shop.Search, "nothing"];
    static readonly Guid[] Ids = [.. Enumerable.Range(0, 24).Select(index => index % 2 == 0 ? Shop.NewId() : Shop.NewIdWithoutTime())];

    /// <summary>Whether a batch ends after this step.</summary>
    public bool Ends { get; } = Ends;

    public string User => Users[(Id + Twist) % Users.Length];

    public Guid OperationId => Ids[Id];

    /// <summary>The usage of this id: most deliveries have the same content, one in eight another.</summary>
    public Usage Usage
    {
        get
        {
            var content = Id * 7 + Twist;
            var service = Services[content % Services.Length];
            var gatewayPrices = service is Shop.Llm or Shop.Agent;
            return Shop.Usage(
                service, quantity: 1 + content * 5 % 17,
                cost: gatewayPrices ? new Money(content * 1_000_003L).ToString() : null,
                at: Shop.Now.AddDays(-(content * 3 % 40)), id: OperationId, user: User);
        }
    }

    public Operation Operation => Kind switch
    {
        StepKind.Use => new ChargeUsage(Usage),
        StepKind.Deduct => new DeductUsage(Usage, Shop.Now.AddSeconds(5)),
        StepKind.DeductTooLate => new DeductUsage(Usage, Shop.Now.AddSeconds(-5)),
        StepKind.Credit => new CreditRecharge(OperationId, User, new Money(Math.Abs(Amount))),
        StepKind.Refund => new TakeBackCredit(OperationId, $"refund-{Twist}-{Math.Abs(Amount) / 10_000_000 % 3}", User, new Money(1 + Math.Abs(Amount) / 2)),
        StepKind.Adjust => new AdjustFunds(OperationId, User, new Money(Amount), "eve", "test"),
        StepKind.Reverse => new GiveBackUsage(OperationId, User, "eve", "test"),
        _ => throw new InvalidOperationException(),
    };

    public static Gen<Step> Any { get; } = Of(Gen.Frequency(
        (8, Gen.Constant(StepKind.Use)), (4, Gen.Constant(StepKind.Deduct)), (1, Gen.Constant(StepKind.DeductTooLate)),
        (2, Gen.Constant(StepKind.Credit)), (3, Gen.Constant(StepKind.Refund)), (1, Gen.Constant(StepKind.Adjust)), (2, Gen.Constant(StepKind.Reverse))));

    public static Gen<Step> Recharges { get; } = Of(Gen.Frequency((1, Gen.Constant(StepKind.Credit)), (3, Gen.Constant(StepKind.Refund))));

    public static Gen<Step> Usages { get; } = Of(Gen.Constant(StepKind.Use));

    public static Gen<Step> Of(Gen<StepKind> kinds) =>
        from kind in kinds
        from id in Gen.Choose(0, Ids.Length - 1)
        from twist in Gen.Frequency((7, Gen.Constant(0)), (1, Gen.Constant(1)))
        from cents in Gen.Choose(-30, 30)
        from ends in Gen.Choose(0, 3)
        select new Step(kind, id, twist, cents * 10_000_000L, ends == 0);

    /// <summary>The steps as batches, cut where a step says so.</summary>
    public static IEnumerable<Operation[]> Batches(IEnumerable<Step> steps)
    {
        var batch = new List<Operation>();
        foreach (var step in steps)
        {
            batch.Add(step.Operation);
            if (!step.Ends) continue;
            yield return [.. batch];
            batch.Clear();
        }
        if (batch.Count > 0) yield return [.. batch];
    }
}

enum StepKind
{
    Use,
    Deduct,
    DeductTooLate,
    Credit,
    Refund,
    Adjust,
    Reverse,
}
