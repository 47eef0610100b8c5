namespace Billing.Service.Ledger;

/// <summary>
/// Takes the records of old days out of the ledger and carries forward what they add up to: docs/retention.md. One implementation for
/// each engine, one compliance suite for both.
/// </summary>
public interface IRecordRetirement
{
    /// <summary>Retires all records of the days before this one, in many short transactions. Broken off anywhere, the next run goes on.</summary>
    Task<RetiredRecords> Retire(DateOnly before, CancellationToken cancellationToken);
}

/// <param name="Records">How many were carried forward.</param>
/// <param name="DroppedDays">Days whose empty partitions were dropped; their last records left in an earlier run.</param>
public sealed record RetiredRecords(long Records, int DroppedDays);
