using Billing.Service.Charging;

namespace Billing.Service.Operators;

/// <summary>What every act of a person carries: who, and why.</summary>
static class Signature
{
    const int ActorLengthMax = 128;
    const int ReasonLengthMax = 500;

    public static Refusal? Problem(string? actor, string? reason)
    {
        if (ActorProblem(actor) is { } noActor) return noActor;
        if (!IsText(reason, ReasonLengthMax)) return new(ErrorCodes.InvalidReason, $"reason says why, in 1 to {ReasonLengthMax} printable characters.");
        return null;
    }

    public static Refusal? ActorProblem(string? actor) =>
        IsText(actor, ActorLengthMax) ? null : new(ErrorCodes.InvalidActor, $"actor says who did it, in 1 to {ActorLengthMax} printable characters.");

    public static bool IsText(string? text, int lengthMax) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= lengthMax && !text.Any(character => char.IsControl(character) || char.IsSurrogate(character));
}
