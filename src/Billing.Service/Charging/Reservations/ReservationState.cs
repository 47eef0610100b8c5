namespace Billing.Service.Charging.Reservations;

/// <summary>What a reservation set aside in total, by its first grant and by its extensions.</summary>
public readonly record struct Grant(long Quantity, long FreeUnits, Money Amount);

/// <summary>What is still set aside.</summary>
public readonly record struct Hold(long FreeUnits, Money Amount);

/// <summary>What the usage that named a reservation took out of it.</summary>
public readonly record struct Settled(long Quantity, long FreeUnits, Money Amount);

/// <summary>One reservation as a batch found it, and as its decisions leave it. Always: held + settled is at most what was granted.</summary>
public sealed class ReservationState
{
    public required ReservationKey Key { get; init; }
    public required int ServiceId { get; init; }

    /// <summary>The month whose free units are held: they go back to it, even when it is over.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>What "the same request" means for a repeat of the first grant.</summary>
    public required long ContentHash { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>The number of the last extension, and what it asked for; zero before the first.</summary>
    public (int Number, long ContentHash) Step { get; internal set; }

    public Grant Granted { get; internal set; }
    public Hold Held { get; internal set; }
    public Settled Settled { get; internal set; }

    /// <summary>The most that one paid unit can cost while it is held; zero when the gateway prices.</summary>
    public Money UnitHold { get; internal set; }

    /// <summary>When its holder stops handing out.</summary>
    public DateTimeOffset GrantUntil { get; internal set; }

    /// <summary>When what is left goes back.</summary>
    public DateTimeOffset SettleBy { get; internal set; }

    /// <summary>The units that its usage will add up to, once the holder has said so.</summary>
    public long? FinalQuantity { get; internal set; }

    public DateTimeOffset? ClosedAt { get; internal set; }

    /// <summary>Units that came when it was closed already, and were charged like any others.</summary>
    public long LateQuantity { get; internal set; }

    /// <summary>The account's running number, and what was available, right after money was last set aside: never below zero.</summary>
    public (long EntryNumber, Money Available) FundsAfter { get; internal set; }

    /// <summary>Whether the row is in the database already.</summary>
    public bool IsStored { get; init; }

    public bool Changed { get; internal set; }

    public bool IsOpenAt(DateTimeOffset now) => ClosedAt is null && now <= SettleBy;
}
