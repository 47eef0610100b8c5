namespace Billing.Demo.Replay;

/// <summary>A line that is no call: it is told, and not sent.</summary>
sealed record MalformedLine(long Line, string Reason);
