using Billing.Service.Charging.Alerts;

namespace Billing.Service.Charging;

/// <summary>One account as a batch found it, and as its decisions leave it.</summary>
public sealed class AccountState(long accountId, string userId, AccountFunds funds, long lastEntryNumber, long version, BalanceAlert alert = default)
{
    public long AccountId { get; } = accountId;
    public string UserId { get; } = userId;

    public Money BalanceBefore { get; } = funds.Balance;
    public AccountFunds Funds { get; private set; } = funds;
    public Money AvailableBefore { get; } = funds.Available;

    /// <summary>The account's running number: every record and every ledger entry takes the next one, so a gap shows tampering.</summary>
    public long LastEntryNumber { get; private set; } = lastEntryNumber;

    public long LastEntryNumberBefore { get; } = lastEntryNumber;

    /// <summary>Goes up with every commit that changes anything of the account.</summary>
    public long Version { get; } = version;

    public bool Changed { get; private set; }
    public bool OverdraftChanged { get; private set; }
    public BalanceAlert Alert { get; private set; } = alert;
    public bool AlertChanged { get; private set; }
    public bool WentLow { get; private set; }
    public bool WentIntoDebt => !BalanceBefore.IsNegative && Funds.Balance.IsNegative;

    internal (long EntryNumber, Money BalanceAfter) Move(Money amount)
    {
        var balance = Funds.Balance + amount;
        Funds = Funds with { Balance = balance };
        Changed = true;
        return (++LastEntryNumber, balance);
    }

    internal void SetAside(Money amount)
    {
        Funds = Funds with { Held = Funds.Held + amount };
        Changed = true;
    }

    internal void Free(Money amount) => SetAside(-amount);

    internal void LimitOverdraft(Money limit)
    {
        Funds = Funds with { OverdraftLimit = limit };
        Changed = true;
        OverdraftChanged = true;
    }

    internal void WatchBalance(Money? threshold)
    {
        Alert = Alert with { OwnThreshold = threshold };
        Changed = true;
        AlertChanged = true;
    }

    internal void PassAlert(AlertRules rules)
    {
        var (after, wentLow) = Alert.Pass(AvailableBefore, Funds.Available, rules);
        if (after != Alert) AlertChanged = true;
        (Alert, WentLow) = (after, wentLow);
    }
}
