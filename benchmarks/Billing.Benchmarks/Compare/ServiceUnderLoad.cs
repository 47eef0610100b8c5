using Billing.Benchmarks.Recharges;

namespace Billing.Benchmarks.Compare;

/// <summary>The service, in processes of its own, under usage from the broker; on a database and a virtual host of its own.</summary>
sealed class ServiceUnderLoad : IAsyncDisposable
{
    const string BatchQueue = "billing-usage-batch";
    const string SingleQueue = "billing-usage";
    const double SuppliedEnough = 0.95;

    readonly LoadShape _shape;
    readonly List<VirtualHost> _hosts = [];
    readonly List<ServiceProcess> _services = [];
    readonly List<UsageLoad> _loads = [];
    readonly LatencyLog _confirms = new();
    CommittedUsages _committed = null!;
    long _deducted;

    ServiceUnderLoad(LoadShape shape, Bench bench) => (_shape, Bench) = (shape, bench);

    public Bench Bench { get; }
    public VirtualHost Host => _hosts[0];
    public ServiceProcess Service => _services[0];

    public static async Task<ServiceUnderLoad> Start(Stage stage, LoadShape shape, int round)
    {
        var bench = await stage.DatabaseOf(shape);
        var run = new ServiceUnderLoad(shape, bench);
        for (var queue = 0; queue < shape.Queues; queue++)
        {
            // Queues have the names that the service gives them: another queue is one of another virtual host.
            var host = await VirtualHost.Create();
            run._hosts.Add(host);
            for (var i = 0; i < shape.Services; i++) run._services.Add(await run.StartService(host));
            run._loads.Add(await UsageLoad.Open(shape, stage.Options.Seed + round * 10_000 + queue * 1_000, shape.IsSingle ? SingleQueue : BatchQueue, host.AsGateway, host.AsAdministrator, queue, run._confirms));
        }
        run._committed = await CommittedUsages.Of(bench);
        foreach (var load in run._loads) load.Start();
        return run;
    }

    /// <summary>One window amid the load. The rate is that of commits between two instants, not of publishes.</summary>
    public async Task<Measured> Window(TimeSpan length)
    {
        await using var probes = new CommitProbes(Bench.DataSource);
        await using var locks = _services.Count > 1 ? new LockWaits(Bench.DataSource) : null;
        var processes = _services.Select(service => service.Id).ToList();
        foreach (var load in _loads)
        {
            load.Publishing = probes.Pass;
            load.OpenWindow();
        }
        _confirms.Open();
        probes.Open();
        var (commands, spent, first) = (await Commands(), Spent.Now(processes), await _committed.Now());
        await Task.Delay(length);
        var last = await _committed.Now();
        var count = last.Count - first.Count;
        var costs = Spent.Now(processes).Since(spent, count);
        var roundTrips = (await Commands() - commands) * 1_000 / Math.Max(1, count);
        _confirms.Close();
        return new Measured
        {
            PerSecond = count / (last.At - first.At).TotalSeconds,
            Latency = _confirms.Percentiles,
            ToCommit = await probes.Finish(),
            Costs = costs,
            RoundTrips = roundTrips,
            Note = string.Join("; ", ((string?[])[locks?.Says, Supply]).Where(note => note is not null)) is { Length: > 0 } notes ? notes : null,
        };
    }

    /// <summary>Whether the service ever had to wait for the load.</summary>
    string? Supply => _shape.Pace is null && _loads.Min(load => load.SuppliedShare) is < SuppliedEnough and var supplied ? $"the queue was empty {1 - supplied:P0} of the time: limited by what was offered" : null;

    long Confirmed => _loads.Sum(load => load.ConfirmedUsages);

    /// <summary>A usage was charged by another door meanwhile.</summary>
    public void NoteDeduction() => Interlocked.Increment(ref _deducted);

    /// <summary>Stops the load, waits until all of it is committed, and audits.</summary>
    public async Task<Verdict> Finish()
    {
        foreach (var load in _loads) await load.Stop();
        var expected = Confirmed + _deducted;
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
        var verdict = await Auditing.Of(Bench, before + expected, Identities.NotAudited(_shape.Identities));
        return verdict with { Says = $"{verdict.Says}; {await EventsTold():N0} events of {expected:N0} usages" };
    }

    /// <summary>Free quotas that came to 80 and to 100 percent: each is a message of its own through the outbox, and part of what the run had to do.</summary>
    async Task<long> EventsTold()
    {
        await using var command = Bench.DataSource.CreateCommand("select count(*) filter (where told_percent >= 80) + count(*) filter (where told_percent >= 100) from free_quota");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Kill -9 amid the load, a new process, and what is there of all that was confirmed.</summary>
    public async Task<string> Kill(TimeSpan after)
    {
        await Task.Delay(after);
        await Service.DisposeAsync();
        _services[0] = await StartService(Host);
        await Task.Delay(after);
        var verdict = await Finish();
        return verdict.IsRight ? $"nothing: all of {Confirmed:N0} confirmed are charged once" : verdict.Says;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var load in _loads) await load.DisposeAsync();
        foreach (var service in _services) await service.DisposeAsync();
        await _committed.DisposeAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        await Bench.DisposeAsync();
    }

    Task<ServiceProcess> StartService(VirtualHost host) => ServiceProcess.Start(Bench.ConnectionString, host.AsService);

    async Task<double> Commands()
    {
        var sum = 0.0;
        foreach (var service in _services) sum += await ServiceMetrics.Sum(service.Address, ServiceMetrics.Commands);
        return sum;
    }
}
