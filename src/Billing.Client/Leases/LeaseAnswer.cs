namespace Billing.Client.Leases;

/// <summary>What came of asking for a lease: either of the two.</summary>
/// <param name="Affordable">Units that the funds cover beside it, as far as the answer tells.</param>
readonly record struct LeaseAnswer(Lease? Lease, Refusal? Refusal, long? Affordable);
