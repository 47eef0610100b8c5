namespace Billing.Service.Quota.Caching.Checking;

/// <summary>An entry that differs from the database.</summary>
public sealed record Drift(string UserId, DriftCause Cause, string Detail);
