using System.Diagnostics;
using Billing.Benchmarks.Recharges;
using Billing.Contracts;
using Billing.Service.Audit;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks;

/// <summary>Recharges from the order to RechargeCompleted, on RabbitMQ and PostgreSQL: many at once, then one at a time.</summary>
static class RechargesBenchmark
{
    const int WarmUp = 300;
    const int Flows = 2_000;
    const int IdleFlows = 200;
    const int OrdersAtOnce = 128;

    /// <summary>One at a time, a user takes so long to pay: by then nothing of the order is under way any more.</summary>
    static readonly TimeSpan IdlePaidAfter = TimeSpan.FromMilliseconds(50);

    /// <returns>The exit code: 0 only if the money is right.</returns>
    public static async Task<int> Run()
    {
        await using var bench = await Bench.Create();
        await using var host = await VirtualHost.Create();
        await using var service = await ServiceProcess.Start(bench.ConnectionString, host.AsService);
        await using var payments = await PaymentService.Start(host.AsPaymentService);
        await using var completions = await Completions.Listen(host.AsAdministrator);
        await using var page = await WebPage.Open(host.AsWeb);
        await PrintSettings(bench, host);

        try
        {
            await OrderAndComplete(page, completions, WarmUp);
            await ManyAtOnce(service, page, completions);
            payments.PaidAfter = IdlePaidAfter;
            await OneAtATime(page, payments, completions);
        }
        catch (TimeoutException)
        {
            foreach (var line in service.LogTail) Console.Error.WriteLine(line);
            throw;
        }
        return await IsTheMoneyRight(bench, page) ? 0 : 1;
    }

    static async Task ManyAtOnce(ServiceProcess service, WebPage page, Completions completions)
    {
        var (before, worked, started) = (LoadAverage(), service.ProcessorTime, Stopwatch.GetTimestamp());
        var (ordered, last) = await OrderAndComplete(page, completions, Flows);
        var took = Stopwatch.GetElapsedTime(started, last);
        var processor = (service.ProcessorTime - worked).TotalMilliseconds / Flows;
        Console.WriteLine($"recharges, {Flows:N0} at once     {Flows / took.TotalSeconds,8:N0} flows/s   all ordered after {Stopwatch.GetElapsedTime(started, ordered).TotalSeconds:0.0} s, completed after {took.TotalSeconds:0.0} s; the service's processor time {processor:0.0} ms a flow; load average {before} before, {LoadAverage()} after");
    }

    static async Task OneAtATime(WebPage page, PaymentService payments, Completions completions)
    {
        var before = LoadAverage();
        var times = new double[IdleFlows];
        for (var i = 0; i < IdleFlows; i++)
        {
            var recharge = await page.Order();
            var completed = await completions.Of(recharge);
            times[i] = Stopwatch.GetElapsedTime(await payments.Paid(recharge), completed[0]).TotalMilliseconds;
        }
        Array.Sort(times);
        Console.WriteLine($"recharges, one at a time    p50 {times[IdleFlows / 2],6:0.0}   p99 {times[(IdleFlows - 1) * 99 / 100],6:0.0} ms from paid to completed; load average {before} before, {LoadAverage()} after");
    }

    /// <summary>When the last order was confirmed, and when the last recharge was heard to be completed.</summary>
    static async Task<(long Ordered, long Completed)> OrderAndComplete(WebPage page, Completions completions, int count)
    {
        var recharges = new Guid[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OrdersAtOnce }, async (i, _) => recharges[i] = await page.Order());
        var ordered = Stopwatch.GetTimestamp();
        return (ordered, (await completions.Of(recharges)).Max());
    }

    /// <summary>The audit, and what it cannot know: that the users have just what they ordered.</summary>
    static async Task<bool> IsTheMoneyRight(Bench bench, WebPage page)
    {
        var report = await AuditRun.Execute(new PostgresDatabase(bench.DataSource), publishedFile: null, CancellationToken.None);
        AuditText.Write(report, Console.Out);
        var credited = new Money(await Read<long>(bench, "select coalesce(sum(balance_nanos), 0)::bigint from account"));
        Console.WriteLine($"ordered {page.Ordered} USD, credited {credited} USD; {page.Answers:N0} of {WarmUp + Flows + IdleFlows:N0} orders were answered");
        return report.Holds && credited == page.Ordered;
    }

    static async Task PrintSettings(Bench bench, VirtualHost host)
    {
        Console.WriteLine($"PostgreSQL: fsync {await Read<string>(bench, "show fsync")}, synchronous_commit {await Read<string>(bench, "show synchronous_commit")}");
        Console.WriteLine($"RabbitMQ: {await host.Queues()} queues, persistent messages, every publisher waits for its confirms");
        Console.WriteLine($"all on this machine: {Environment.ProcessorCount} cores for the service, both servers, the payment service and this program");
    }

    static async Task<T> Read<T>(Bench bench, string sql)
    {
        await using var command = bench.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Of the last minute.</summary>
    static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
