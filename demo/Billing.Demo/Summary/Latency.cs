using Billing.Service.Ledger;

namespace Billing.Demo.Summary;

/// <summary>From publishing to being charged, over a sample: the record's time of charge less the gateway's time of first sending.</summary>
sealed record Latency(int Sampled, double P50Ms, double P99Ms)
{
    public static async Task<Latency> Of(IDatabase database, IReadOnlyDictionary<Guid, DateTimeOffset> published, CancellationToken cancellationToken)
    {
        var took = new List<double>(published.Count);
        await database.Read("select usage_id, charged_at from usage_record", reader =>
        {
            // What an earlier run has charged took no time of this one.
            if (published.TryGetValue(reader.GetGuid(0), out var from) && database.ReadInstant(reader, 1) is var charged && charged >= from) took.Add((charged - from).TotalMilliseconds);
            return 0;
        }, cancellationToken);
        took.Sort();
        return new Latency(took.Count, At(took, 0.50), At(took, 0.99));
    }

    static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : Math.Round(sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)], 1);
}
