namespace Billing.Contracts;

/// <summary>Many usages in one message, each read, checked and charged on its own: a bad one never sinks its neighbours.</summary>
public sealed record UsageBatch
{
    /// <summary>A few hundred is best; the broker's message size limit is the bound.</summary>
    public required IReadOnlyList<UsageOccurred> Items { get; init; }
}
