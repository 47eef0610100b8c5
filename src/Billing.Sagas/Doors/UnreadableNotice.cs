namespace Billing.Sagas.Doors;

/// <summary>A notification of the payment service that lacks what it must say, or says it wrongly.</summary>
public sealed record UnreadableNotice
{
    /// <summary>The message that it should have been.</summary>
    public required string Kind { get; init; }

    public required string Body { get; init; }

    /// <summary>What would be right.</summary>
    public required string Problem { get; init; }
}
