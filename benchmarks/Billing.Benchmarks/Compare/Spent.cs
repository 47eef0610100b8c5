using Billing.Benchmarks.Recharges;

namespace Billing.Benchmarks.Compare;

/// <summary>What the processes had used at one instant.</summary>
sealed record Spent(double? Service, double? Postgres, double? RabbitMq, double LoadGenerator)
{
    public static Spent Now(params IReadOnlyCollection<int> services) => new(
        services.Count > 0 ? services.Sum(ProcessorClock.OfTree) : null,
        ProcessorClock.OfPostgres,
        ProcessorClock.OfRabbitMq,
        Environment.CpuUsage.TotalTime.TotalSeconds);

    /// <param name="count">What was done since.</param>
    public Costs Since(Spent before, double count)
    {
        return new Costs(Each(Service, before.Service), Each(Postgres, before.Postgres), Each(RabbitMq, before.RabbitMq), Each(LoadGenerator, before.LoadGenerator) ?? 0);

        double? Each(double? now, double? then) => count > 0 ? (now - then) * 1_000 / count : null;
    }
}
