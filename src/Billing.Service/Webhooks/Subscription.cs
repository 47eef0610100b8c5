namespace Billing.Service.Webhooks;

/// <summary>Who wants to be told of what, with its secrets as they stand in the database.</summary>
sealed record Subscription
{
    public required Guid WebhookId { get; init; }
    public required string Url { get; init; }
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Only of this account; null: of all.</summary>
    public string? UserId { get; init; }

    public required string Secret { get; init; }

    /// <summary>Signs too, until then.</summary>
    public string? FormerSecret { get; init; }

    public DateTimeOffset? FormerSecretUntil { get; init; }
    public required bool Enabled { get; init; }
    public string? DisabledBecause { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
