namespace Billing.Service.Charging;

/// <summary>
/// Something that a caller wants done to one account, under an id that the caller chose. The one engine decides all of them;
/// a repeat returns the stored result, a refusal is not stored.
/// </summary>
public abstract record Operation
{
    /// <summary>The account's owner; null only for input that names none and is recorded as rejected.</summary>
    public abstract string? UserId { get; }
}

/// <summary>Usage that has happened: always charged, into debt if need be.</summary>
public sealed record ChargeUsage(Usage Usage) : Operation
{
    public override string UserId => Usage.UserId;
}

/// <summary>Usage that is about to happen: charged only if free quota and funds cover all of it, and only up to the deadline.</summary>
public sealed record DeductUsage(Usage Usage, DateTimeOffset Deadline) : Operation
{
    public override string UserId => Usage.UserId;
}

/// <summary>Input that is not a usage: it stands in <c>rejected_usage</c> with its reason.</summary>
public sealed record RecordRejection(RejectedUsage Rejected) : Operation
{
    public override string? UserId => null;
}

/// <summary>Makes sure that the account is there.</summary>
public sealed record OpenAccount(string Owner) : Operation
{
    public override string UserId => Owner;
}

/// <summary>Money of a paid recharge, once by the recharge's id.</summary>
public sealed record CreditRecharge(Guid RechargeId, string Owner, Money Amount) : Operation
{
    public override string UserId => Owner;
}

/// <summary>Takes back money of a credited recharge that went back to the payer, into debt if need be: once by recharge and refund id.</summary>
public sealed record TakeBackCredit(Guid RechargeId, string RefundId, string Owner, Money Amount) : Operation
{
    public override string UserId => Owner;

    /// <summary>The refund's id in the ledger: the payment service's own is no UUID.</summary>
    public Guid OperationId => DerivedId.Of("refund", RechargeId.ToString(), RefundId);
}

/// <summary>Gives a charged usage back to exactly where it was taken from, once.</summary>
public sealed record GiveBackUsage(Guid UsageId, string Owner, string Actor, string Reason) : Operation
{
    public override string UserId => Owner;
}

/// <summary>An operator's correction, once by its id; it may lead into debt.</summary>
public sealed record AdjustFunds(Guid AdjustmentId, string Owner, Money Amount, string Actor, string Reason) : Operation
{
    public override string UserId => Owner;
}

/// <summary>An operator lets an account go into debt by deductions up to a limit, once by its id. What is owed already stays owed.</summary>
public sealed record LimitOverdraft(Guid OperationId, string Owner, Money Limit, string Actor, string Reason) : Operation
{
    public override string UserId => Owner;
}

/// <summary>Sets below what the account's owner is told that it is low, once by its id; null goes back to the deployment's threshold.</summary>
public sealed record WatchBalance(Guid OperationId, string Owner, Money? Threshold, string Actor, string Reason) : Operation
{
    public override string UserId => Owner;
}

/// <summary>Usage that was rejected, once more: charged like any other, and the rejected row says what became of it in the same transaction.</summary>
public sealed record RetryUsage(long RejectedId, Usage Usage, Guid RetryId, string Actor, string Reason) : Operation
{
    public override string UserId => Usage.UserId;

    /// <summary>The id of this one charge in the log: a retry makes many.</summary>
    public Guid ActId => DerivedId.Of("charge_rejected", RetryId.ToString(), RejectedId.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A rejected usage that cannot even be tried: its row says why.</summary>
public sealed record GiveUpRetry(long RejectedId, Refusal Refusal, bool ForGood) : Operation
{
    public override string? UserId => null;
}

/// <summary>An act that changes nothing by itself: the end of one that was done in many transactions.</summary>
public sealed record LogAct(string Kind, Guid OperationId, string? Subject, string Actor, string Reason, IReadOnlyList<OperatorActChange> Changes) : Operation
{
    public override string? UserId => null;
}
