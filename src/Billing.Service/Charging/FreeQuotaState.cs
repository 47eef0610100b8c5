namespace Billing.Service.Charging;

/// <summary>Whose free quota, of which service, in which month of the billing time zone (its first day).</summary>
public readonly record struct FreeQuotaKey(long AccountId, int ServiceId, DateOnly Month);

/// <summary>The free units of one <see cref="FreeQuotaKey"/> as a batch found them, and as its decisions leave them.</summary>
public sealed class FreeQuotaState(FreeQuotaKey key, long granted, long used, long held, bool stored, int told = 0)
{
    public FreeQuotaKey Key { get; } = key;
    public long Granted { get; } = granted;
    public long UsedBefore { get; } = used;
    public long Used { get; private set; } = used;
    public long Held { get; private set; } = held;

    /// <summary>Whether the row is in the database already; otherwise the catalogue granted it just now.</summary>
    public bool Stored { get; } = stored;

    /// <summary>The highest percentage that was told as reached. It stays when a reversal takes the used part below it: told once a month.</summary>
    public int Told { get; private set; } = told;

    public bool ToldChanged { get; private set; }

    public bool Changed { get; private set; }

    /// <summary>What nobody has used or set aside.</summary>
    public long Left => Granted - Used - Held;

    /// <summary>What nobody has used: what is set aside counts as left until it is.</summary>
    public long Unused => Granted - Used;

    internal void Use(long units)
    {
        if (units == 0) return;
        Used += units;
        Changed = true;
    }

    internal void GiveBack(long units) => Use(-units);

    /// <summary>Whether what was used so far lay below a percentage, and no longer does, for the first time in the month.</summary>
    internal bool Reach(int percent)
    {
        var (before, after) = ((Int128)UsedBefore * 100, (Int128)Used * 100);
        var limit = (Int128)Granted * percent;
        if (Told >= percent || before >= limit || after < limit) return false;
        Told = percent;
        ToldChanged = true;
        return true;
    }

    internal void Hold(long units)
    {
        if (units == 0) return;
        Held += units;
        Changed = true;
    }

    internal void Unhold(long units) => Hold(-units);

    internal void UseHeld(long units)
    {
        Unhold(units);
        Use(units);
    }
}
