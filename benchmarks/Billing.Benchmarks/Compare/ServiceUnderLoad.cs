using Billing.Benchmarks.Recharges;

namespace Billing.Benchmarks.Compare;

/// <summary>The service, in processes of its own, under usage from the broker; on a database and a virtual host of its own.</summary>
sealed class ServiceUnderLoad : IAsyncDisposable
{
    const string BatchQueue = "billing-usage-batch";
    const string SingleQueue = "billing-usage";

    readonly LoadShape _shape;
    readonly List<ServiceProcess> _services = [];
    CommittedUsages _committed = null!;
    long _deducted;

    ServiceUnderLoad(LoadShape shape, Bench bench, VirtualHost host) => (_shape, Bench, Host) = (shape, bench, host);

    public Bench Bench { get; }
    public VirtualHost Host { get; }
    public UsageLoad Load { get; private set; } = null!;
    public ServiceProcess Service => _services[0];

    public static async Task<ServiceUnderLoad> Start(Stage stage, LoadShape shape, int round, params IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var bench = shape.Records > 0 ? await stage.DatabaseWithRecords(shape.Records) : await stage.Database(Math.Max(shape.Users, Stage.UsersOfYardstick));
        var run = new ServiceUnderLoad(shape, bench, await VirtualHost.Create());
        for (var i = 0; i < shape.Services; i++) run._services.Add(await run.StartService(settings));
        run._committed = await CommittedUsages.Of(bench);
        run.Load = await UsageLoad.Open(shape, stage.Options.Seed + round * 10_000, shape.IsSingle ? SingleQueue : BatchQueue, run.Host.AsGateway, run.Host.AsAdministrator);
        run.Load.Start();
        return run;
    }

    /// <summary>One window amid the load. The rate is that of commits between two instants, not of publishes.</summary>
    public async Task<Measured> Window(TimeSpan length)
    {
        await using var probes = new CommitProbes(Bench.DataSource);
        Load.Publishing = probes.Pass;
        var processes = _services.Select(service => service.Id).ToList();
        Load.OpenWindow();
        probes.Open();
        var (commands, spent, first) = (await Commands(), Spent.Now(processes), await _committed.Now());
        await Task.Delay(length);
        var last = await _committed.Now();
        var count = last.Count - first.Count;
        var costs = Spent.Now(processes).Since(spent, count);
        var roundTrips = (await Commands() - commands) * 1_000 / Math.Max(1, count);
        Load.Confirms.Close();
        return new Measured
        {
            PerSecond = count / (last.At - first.At).TotalSeconds,
            Latency = Load.Confirms.Percentiles,
            ToCommit = await probes.Finish(),
            Costs = costs,
            RoundTrips = roundTrips,
            Note = _shape.Pace is null && Load.SuppliedShare < 0.95 ? $"the queue was empty {1 - Load.SuppliedShare:P0} of the time: limited by what was offered" : null,
        };
    }

    /// <summary>A usage was charged by another door meanwhile.</summary>
    public void NoteDeduction() => Interlocked.Increment(ref _deducted);

    /// <summary>Stops the load, waits until all of it is committed, and audits.</summary>
    public async Task<Verdict> Finish()
    {
        await Load.Stop();
        var expected = Load.ConfirmedUsages + _deducted;
        try
        {
            await _committed.WaitFor(expected);
        }
        catch (InvalidOperationException exception)
        {
            foreach (var line in _services.SelectMany(service => service.LogTail)) Console.Error.WriteLine(line);
            return new Verdict(false, exception.Message);
        }
        var before = _shape.Records > 0 ? Math.Max(1, _shape.Records / Stage.UsersOfYardstick) * (long)Stage.UsersOfYardstick : 0;
        return await Auditing.Of(Bench, before + expected);
    }

    /// <summary>Kill -9 amid the load, a new process, and what is there of all that was confirmed.</summary>
    public async Task<string> Kill(TimeSpan after)
    {
        await Task.Delay(after);
        await Service.DisposeAsync();
        _services[0] = await StartService([]);
        await Task.Delay(after);
        var verdict = await Finish();
        return verdict.IsRight ? $"nothing: all of {Load.ConfirmedUsages:N0} confirmed are charged once" : verdict.Says;
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        foreach (var service in _services) await service.DisposeAsync();
        await _committed.DisposeAsync();
        await Host.DisposeAsync();
        await Bench.DisposeAsync();
    }

    Task<ServiceProcess> StartService(IEnumerable<KeyValuePair<string, string>> settings) => ServiceProcess.Start(Bench.ConnectionString, Host.AsService, settings);

    async Task<double> Commands()
    {
        var sum = 0.0;
        foreach (var service in _services) sum += await ServiceMetrics.Sum(service.Address, ServiceMetrics.Commands);
        return sum;
    }
}
