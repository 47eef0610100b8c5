namespace Billing.Service.Batching;

/// <summary>The database was away for longer than the work could wait. Nothing is known to be kept: repeat with the same ids.</summary>
public sealed class LedgerUnavailableException(Exception inner) : Exception("The database is not available; repeat with the same ids.", inner);
