namespace Billing.Client.Leases;

/// <summary>A "no" that is remembered for a short time, so that a user without funds costs no request per call.</summary>
/// <param name="From">Calls of this many units and more are refused.</param>
/// <param name="Unavailable">There was no answer: not the user's fault, and the operator decides what becomes of the call.</param>
sealed record Refusal(string Code, long From, bool Unavailable, Moment Until)
{
    public bool Holds(long quantity, Moment now) => quantity >= From && !now.IsPast(Until);
}
