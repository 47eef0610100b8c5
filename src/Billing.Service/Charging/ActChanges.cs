using System.Globalization;

namespace Billing.Service.Charging;

/// <summary>What an act changed, as text: the log outlives the types of this program.</summary>
static class ActChanges
{
    public const string FreeUnitsUsed = "freeUnitsUsed";
    const string OverdraftLimit = "overdraftLimit";
    const string Available = "available";
    const string BalanceAlert = "balanceAlert";

    public static OperatorActChange Of(string name, Money before, Money after) => new() { Name = name, Before = before.ToString(), After = after.ToString() };

    public static OperatorActChange Of(string name, long before, long after) => new()
    {
        Name = name,
        Before = before.ToString(CultureInfo.InvariantCulture),
        After = after.ToString(CultureInfo.InvariantCulture),
    };

    public static long ReadFreeUnitsGivenBack(OperatorAct reversal) =>
        reversal.Changes.FirstOrDefault(change => change.Name == FreeUnitsUsed) is { } used ? Number(used.Before) - Number(used.After) : 0;

    public static OperatorActChange[] OfOverdraft(AccountFunds before, AccountFunds after) =>
        [Of(OverdraftLimit, before.OverdraftLimit, after.OverdraftLimit), Of(Available, before.Available, after.Available)];

    /// <summary>The result that a repeat is answered with.</summary>
    public static OverdraftLimited ReadOverdraft(OperatorAct act)
    {
        var limit = act.Changes.First(change => change.Name == OverdraftLimit);
        var available = act.Changes.First(change => change.Name == Available);
        return new OverdraftLimited(Money.Parse(limit.Before!), Money.Parse(limit.After!), Money.Parse(available.After!), Duplicate: false);
    }

    public static OperatorActChange[] OfBalanceAlert(BalanceWatched watched) =>
    [
        new() { Name = BalanceAlert, Before = watched.Before?.ToString(), After = watched.After?.ToString() },
        Of(Available, watched.Available, watched.Available),
    ];

    /// <summary>The result that a repeat is answered with.</summary>
    public static BalanceWatched ReadBalanceAlert(OperatorAct act)
    {
        var alert = act.Changes.First(change => change.Name == BalanceAlert);
        var available = act.Changes.First(change => change.Name == Available);
        return new BalanceWatched(Amount(alert.Before), Amount(alert.After), Money.Parse(available.After!), Duplicate: false);
    }

    static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    static Money? Amount(string? text) => text is null ? null : Money.Parse(text);
}
