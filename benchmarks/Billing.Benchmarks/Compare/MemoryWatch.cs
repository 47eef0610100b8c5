using System.Globalization;

namespace Billing.Benchmarks.Compare;

/// <summary>Resident memory of the service under full load, minute by minute, and its garbage collections.</summary>
static class MemoryWatch
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<Measured> Measure(Stage stage, int round)
    {
        await using var run = await ServiceUnderLoad.Start(stage, new LoadShape(), round);
        await Task.Delay(stage.Options.WarmUp);
        var resident = new List<double>();
        var collections = await ServiceMetrics.Sum(run.Service.Address, ServiceMetrics.Collections);
        var window = run.Window(stage.Options.MemoryFor);
        while (!window.IsCompleted)
        {
            resident.Add(ResidentMegabytes(run.Service.Id));
            await Task.Delay(Look);
        }
        var measured = await window;
        collections = await ServiceMetrics.Sum(run.Service.Address, ServiceMetrics.Collections) - collections;
        var (first, last) = (Mean(resident.Take(resident.Count / 3 + 1)), Mean(resident.TakeLast(resident.Count / 3 + 1)));
        return measured with
        {
            Verdict = await run.Finish(),
            Note = $"resident {first:N0} MB in the first third, {last:N0} MB in the last, {resident.Max():N0} MB at most, of {resident.Count} looks in {stage.Options.MemoryFor.TotalMinutes} minutes; {collections:N0} garbage collections",
        };
    }

    static double Mean(IEnumerable<double> values) => values.Average();

    static double ResidentMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1_024;
    }
}
