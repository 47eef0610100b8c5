namespace Billing.Client.Reporting.Doors;

/// <summary>The service has it and does not charge it. It stands among its rejected usage, where an operator may retry it.</summary>
sealed record RejectedItem(string? UsageId, string? Code, string? Detail);
