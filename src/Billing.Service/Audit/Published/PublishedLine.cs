namespace Billing.Service.Audit.Published;

/// <summary>One line of the gateway's list: the usage, or what is wrong with the line.</summary>
readonly record struct PublishedLine(long Number, PublishedUsage? Usage, string? Problem);
