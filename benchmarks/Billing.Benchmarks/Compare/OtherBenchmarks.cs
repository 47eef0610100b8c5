namespace Billing.Benchmarks.Compare;

/// <summary>The benchmarks that print for themselves, once; their exit code is their verdict.</summary>
static class OtherBenchmarks
{
    public static IEnumerable<Contender> Of(Stage stage, string part) =>
    [
        Of(part, "recharges", RechargesBenchmark.Run),
        Of(part, "reporter", () => ReporterBenchmark.Run(stage.Options.Duration)),
        Of(part, "checks", () => ChecksBenchmark.Run(stage.Options.Duration)),
        Of(part, "leases", async () =>
        {
            await LeasesBenchmark.Run(stage.Options.Duration);
            return 0;
        }),
    ];

    static Contender Of(string part, string name, Func<Task<int>> run) => new(part, name, "", async round => round > 1 ? new Measured() : new Measured
    {
        Verdict = await run() == 0 ? new Verdict(true, "audit holds") : new Verdict(false, "its audit fails, see above"),
        Note = "its numbers are above, as it printed them",
    }) { IsOurs = true };
}
