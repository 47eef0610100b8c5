namespace Billing.Contracts;

/// <summary>The answer to <see cref="ChangeFreeQuota"/>, given after the commit.</summary>
public sealed record FreeQuotaChange
{
    public required Guid OperationId { get; init; }
    public required string Service { get; init; }

    /// <summary>Whether the new version stands in the catalogue, by this request or by an earlier one with the same id.</summary>
    public required bool Changed { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>The version that was planned.</summary>
    public ServiceFreeQuota? FreeQuota { get; init; }
}
