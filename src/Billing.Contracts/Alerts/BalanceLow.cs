namespace Billing.Contracts;

/// <summary>
/// A commit took what is available of an account from its threshold or more to below it. Told once; again only after more than the
/// threshold, by a margin, was available in between.
/// </summary>
public sealed record BalanceLow
{
    public required string UserId { get; init; }

    /// <summary>Balance - held + overdraft limit, after the commit.</summary>
    public required Money Available { get; init; }

    /// <summary>The balance after the commit.</summary>
    public required Money Balance { get; init; }

    /// <summary>The account's own threshold, or the deployment's.</summary>
    public required Money Threshold { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
