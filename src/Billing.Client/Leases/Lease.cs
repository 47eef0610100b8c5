namespace Billing.Client.Leases;

/// <summary>
/// Units set aside at the service, handed out here. What is left, how many grants were made and whether it is closed stand in one
/// word, so that a grant is a single atomic step: more than there is cannot go out, and none goes out after the end.
/// </summary>
sealed class Lease
{
    public const long QuantityMax = 1_000_000_000;

    // The word: the sign says closed, then 21 bits of grants made, then 42 bits of units left.
    const int UnitsBits = 42;
    const long UnitsMask = (1L << UnitsBits) - 1;
    const long OneTicket = 1L << UnitsBits;
    const long Closed = long.MinValue;

    /// <summary>More units than are ever used up, and still room for all returns.</summary>
    const long Unlimited = UnitsMask;

    /// <summary>Each grant leaves a bit behind. A lease that has made this many is as good as used up.</summary>
    const int TicketsMin = 64;
    const int TicketsMost = 1 << 20;

    readonly SettledTickets _settled;
    readonly int _ticketsMax;
    readonly Moment _grantUntil;
    readonly Action<Lease> _final;
    long _word;
    long _used;
    int _settledCount;
    int _ended;

    /// <param name="final">Called once, when it is closed and every grant is settled: then <see cref="Used"/> is final.</param>
    public Lease(LeaseKey key, Guid? reservationId, long units, Money unitCost, Moment grantUntil, Moment settleBy, Action<Lease> final)
    {
        (Key, ReservationId, Units, UnitCost, SettleBy) = (key, reservationId, units, unitCost, settleBy);
        (_grantUntil, _final, _word) = (grantUntil, final, units);
        _ticketsMax = (int)Math.Clamp(units, TicketsMin, TicketsMost);
        _settled = new SettledTickets(_ticketsMax);
    }

    public LeaseKey Key { get; }

    /// <summary>Absent for calls that are let through without one while the service is away.</summary>
    public Guid? ReservationId { get; }

    public long Units { get; }

    /// <summary>What was set aside for each unit, for services priced by the gateway.</summary>
    public Money UnitCost { get; }

    public Moment GrantUntil => _grantUntil;

    /// <summary>When the service takes back what is left, released or not.</summary>
    public Moment SettleBy { get; }

    public long Left => Volatile.Read(ref _word) & UnitsMask;
    public int Grants => TicketsOf(Volatile.Read(ref _word));
    public int Outstanding => Grants - Volatile.Read(ref _settledCount);
    public long Used => Volatile.Read(ref _used);
    public bool IsClosed => Volatile.Read(ref _word) < 0;

    /// <summary>For calls while the service is away, where the operator lets them through: their usage names no reservation.</summary>
    public static Lease WithoutReservation(Moment never) => new(default, null, Unlimited, new Money(long.MaxValue), never, never, final: static _ => { });

    public bool Covers(Money unitCost, Moment now) => UnitCost >= unitCost && !now.IsPast(_grantUntil);

    public bool TryTake(long quantity, out int ticket, out long left)
    {
        var seen = Volatile.Read(ref _word);
        while (true)
        {
            (ticket, left) = (TicketsOf(seen), (seen & UnitsMask) - quantity);
            if (seen < 0 || left < 0 || ticket >= _ticketsMax) return false;
            var found = Interlocked.CompareExchange(ref _word, seen - quantity + OneTicket, seen);
            if (found == seen) return true;
            seen = found;
        }
    }

    /// <returns>False when this ticket was settled before.</returns>
    public bool Settle(int ticket, long granted, long actual)
    {
        if (!_settled.Mark(ticket)) return false;
        if (actual < granted) Interlocked.Add(ref _word, granted - actual);
        if (actual > granted) TakeMore(actual - granted);
        Interlocked.Add(ref _used, actual);
        Interlocked.Increment(ref _settledCount);
        EndIfSettled();
        return true;
    }

    /// <summary>Grants nothing more.</summary>
    public void Close()
    {
        Interlocked.Or(ref _word, Closed);
        EndIfSettled();
    }

    /// <summary>Past <see cref="SettleBy"/> there is nothing to give back any more. False when the final count went out before.</summary>
    public bool Lapse()
    {
        Interlocked.Or(ref _word, Closed);
        return Interlocked.Exchange(ref _ended, 1) == 0;
    }

    /// <summary>A call used more than it was granted: the next calls go without what it took, as far as there is any.</summary>
    void TakeMore(long quantity)
    {
        var seen = Volatile.Read(ref _word);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref _word, seen - Math.Min(quantity, seen & UnitsMask), seen);
            if (found == seen) return;
            seen = found;
        }
    }

    void EndIfSettled()
    {
        // The count of settled grants is read first: what is granted in between makes the two differ, never agree.
        var settled = Volatile.Read(ref _settledCount);
        var word = Volatile.Read(ref _word);
        if (word < 0 && TicketsOf(word) == settled && Interlocked.Exchange(ref _ended, 1) == 0) _final(this);
    }

    static int TicketsOf(long word) => (int)((word & ~Closed) >> UnitsBits);
}
