namespace Billing.Contracts;

/// <summary>The answer to <see cref="GetAccounts"/>.</summary>
public sealed record AccountStatuses
{
    /// <summary>One of <see cref="ErrorCodes"/> when nothing could be answered at all; a user that is not there has its code in its item.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>One for each user id, in the order asked.</summary>
    public IReadOnlyList<AccountStatus> Items { get; init; } = [];
}
