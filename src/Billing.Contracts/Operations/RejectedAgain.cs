namespace Billing.Contracts;

/// <summary>How many usages a retry rejected again for one reason.</summary>
public sealed record RejectedAgain
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Reason { get; init; }

    public required long Usages { get; init; }
}
