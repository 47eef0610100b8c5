using System.Text.Json;
using Billing.Service.Charging;
using Billing.Service.Intake;

namespace Billing.Service.Operators;

/// <summary>A row of <c>rejected_usage</c>.</summary>
sealed record RejectedRow(
    long RejectedId, string UsageId, long ContentHash, string Code, string Detail, string? UserId, string? Service, string Payload, DateTimeOffset RejectedAt,
    DateTimeOffset? RetriedAt, string? RetryOutcome, DateTimeOffset? ResolvedAt)
{
    /// <summary>What could be read of what was sent.</summary>
    public UsageFields Fields()
    {
        try
        {
            return JsonSerializer.Deserialize<UsageFields>(Payload) ?? new UsageFields();
        }
        catch (JsonException)
        {
            // Very long input is kept up to where it was cut.
            return new UsageFields();
        }
    }

    /// <summary>The usage exactly as it was rejected; null when what was sent is no complete usage, or is not what stands here.</summary>
    public Usage? Usage(string currency) => UsageShape.Check(Fields(), currency).Usage is { } usage && usage.ContentHash == ContentHash ? usage : null;
}
