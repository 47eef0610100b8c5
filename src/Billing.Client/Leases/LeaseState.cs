namespace Billing.Client;

/// <summary>A lease as it stands.</summary>
/// <param name="Left">Units that can still be handed out, or go back with the release.</param>
/// <param name="Used">Units that settled calls have used.</param>
/// <param name="Outstanding">Calls granted and not settled yet.</param>
/// <param name="Closed">It hands out nothing more, and goes back when its last call is settled.</param>
/// <param name="GrantsFor">How long it still hands out calls; zero or less when its time is over.</param>
public sealed record LeaseState(Guid ReservationId, string UserId, string Service, long Units, long Left, long Used, int Outstanding, bool Closed, TimeSpan GrantsFor);
