namespace Billing.Service.Charging;

/// <summary>What a retry made of a rejected usage: its row stays and says so.</summary>
/// <param name="Outcome"><see cref="Charged"/>, <see cref="Duplicate"/>, or the code of the refusal.</param>
/// <param name="Resolved">Whether there is nothing left to retry.</param>
public sealed record RetriedUsage(long RejectedId, string Outcome, bool Resolved)
{
    public const string Charged = "charged";

    /// <summary>It had been charged meanwhile, by a redelivery.</summary>
    public const string Duplicate = "duplicate";

    public static RetriedUsage Of(long rejectedId, Outcome outcome) => outcome switch
    {
        Charging.Charged { Duplicate: false } => new(rejectedId, Charged, Resolved: true),
        Charging.Charged => new(rejectedId, Duplicate, Resolved: true),
        Refused refused => new(rejectedId, refused.Code, Resolved: IsForGood(refused.Code)),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "A retry cannot end so."),
    };

    /// <summary>Time and another catalogue heal the rest; a usage gets no younger, and no other id.</summary>
    static bool IsForGood(string code) => code is ErrorCodes.UsageTooOld or ErrorCodes.UsageIdReused;
}
