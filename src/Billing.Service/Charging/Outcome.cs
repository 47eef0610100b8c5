namespace Billing.Service.Charging;

/// <summary>What became of one operation.</summary>
public abstract record Outcome;

/// <summary>The usage is charged; <see cref="Duplicate"/> when an earlier delivery did it, and the record is that one's.</summary>
public sealed record Charged(BillingRecord Record, bool Duplicate) : Outcome;

/// <summary>The entry stands in the ledger; <see cref="Duplicate"/> when an earlier request made it.</summary>
/// <param name="FreeUnits">What a reversal gave back besides money.</param>
public sealed record Entered(LedgerEntry Entry, bool Duplicate, long FreeUnits = 0) : Outcome;

/// <summary>The limit that the account had before and has by this operation, and what was available right after it.</summary>
public sealed record OverdraftLimited(Money Before, Money After, Money Available, bool Duplicate) : Outcome;

/// <summary>The threshold of its own that the account had before and has by this operation, if any, and what was available right after it.</summary>
public sealed record BalanceWatched(Money? Before, Money? After, Money Available, bool Duplicate) : Outcome;

/// <summary>The act stands in the log; <see cref="Duplicate"/> when an earlier request wrote it, and the act is that one.</summary>
public sealed record Logged(OperatorAct Act, bool Duplicate) : Outcome;

public sealed record Opened : Outcome
{
    public static readonly Opened Instance = new();
}

/// <summary>Nothing moved. What a usage message says is kept in <c>rejected_usage</c>; a refused request is only answered.</summary>
public sealed record Refused(Refusal Refusal) : Outcome
{
    public string Code => Refusal.Code;

    /// <summary>Of what was to be set aside, how much the funds would have covered.</summary>
    public long? AffordableQuantity { get; init; }
}
