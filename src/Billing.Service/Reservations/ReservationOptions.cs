namespace Billing.Service.Reservations;

/// <summary>Bound from the configuration section <c>Reservations</c>.</summary>
public sealed class ReservationOptions
{
    public const string Section = "Reservations";

    /// <summary>How long after its holder stopped handing out a reservation waits for its usage.</summary>
    public TimeSpan SettleGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often overdue reservations are looked for.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a closed reservation can still be looked at.</summary>
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromDays(7);
}
