namespace Billing.Contracts;

/// <summary>The answer to <see cref="ListRecords"/>: newest first by <see cref="RecordLine.OccurredAt"/>, then by the order of charging.</summary>
public sealed record RecordPage
{
    public required string UserId { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/> when the question could not be answered.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public IReadOnlyList<RecordLine> Items { get; init; } = [];

    /// <summary>Asks for the next page. Opaque. Absent on the last page.</summary>
    public string? NextCursor { get; init; }

    /// <summary>What is older than records are kept and has left them. Absent while that is nothing.</summary>
    public CarriedForward? CarriedForward { get; init; }

    public required string Currency { get; init; }
}
