namespace Billing.Contracts;

/// <summary>What is not in a user's records any more, because it is older than records are kept. Statistics still count it.</summary>
public sealed record CarriedForward
{
    /// <summary>How many usages have no record any more.</summary>
    public required long Usages { get; init; }

    /// <summary>What the balance paid for them.</summary>
    public required Money Amount { get; init; }

    /// <summary>When the latest of them occurred: of what occurred later, every record is there.</summary>
    public required DateTimeOffset Until { get; init; }
}
