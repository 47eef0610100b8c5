using System.Diagnostics;
using System.Net.Http.Json;
using Billing.FaultTests.Harness.Recharges;

namespace Billing.FaultTests.Harness;

/// <summary>The service with what it stands on, a gateway, and what became of the money at the end.</summary>
abstract class Stack : IAsyncDisposable
{
    const decimal FundsOfEach = 25m;
    static readonly TimeSpan StoppedWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan QuietWithin = TimeSpan.FromMinutes(4);
    static readonly TimeSpan CacheAgreesWithin = TimeSpan.FromSeconds(75);
    static readonly TimeSpan CreditedWithin = TimeSpan.FromMinutes(4);
    static readonly TimeSpan ConfirmedWithin = TimeSpan.FromMinutes(4);

    readonly List<ServiceProcess> _services = [];
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly Uri _address = ServiceProcess.FreeAddress();

    protected Stack(ITestOutputHelper output)
    {
        Output = output;
        var given = Environment.GetEnvironmentVariable("BILLING_FAULT_SEED");
        Seed = int.TryParse(given, out var seed) ? seed : Random.Shared.Next();
        output.WriteLine($"seed {Seed} (again with BILLING_FAULT_SEED={Seed})");
        Folder = Directory.CreateTempSubdirectory("billing-faults-").FullName;
        Journal = new Journal(Path.Combine(Folder, "confirmed.csv"));
        Traffic = new Traffic(Seed);
        Chance = new Random(Seed);
    }

    public ITestOutputHelper Output { get; }
    public int Seed { get; }
    public Random Chance { get; }
    public Traffic Traffic { get; }
    public Journal Journal { get; }

    /// <summary>The newest service.</summary>
    public ServiceProcess Service => _services[^1];

    protected string Folder { get; }

    protected abstract IEnumerable<KeyValuePair<string, string>> Settings { get; }

    public abstract ILoad StartLoad();

    /// <summary>Sends these and returns once they are confirmed.</summary>
    public abstract Task Send(params IReadOnlyList<IReadOnlyList<SentUsage>> groups);

    public abstract IPaymentService StartPaymentService();

    protected abstract Task<LedgerRows> ReadLedger();

    protected abstract Task<RechargeVerdict> ReadRecharges();

    /// <summary>Entries of the cache that are not as the database has it.</summary>
    protected abstract Task<int> CacheDiffers();

    /// <summary>Nothing waits to be charged.</summary>
    protected abstract Task<bool> IsQuiet();

    /// <summary>What lies in queues although no service runs: in those of work, and in those for what failed.</summary>
    protected abstract Task<(long Stuck, long Errors)> LeftInQueues();

    /// <summary>Starts a service; it dies by itself at the crash point, if one is named.</summary>
    public ServiceProcess StartService(string? failPoint = null, bool another = false, params (string Name, string Value)[] settings)
    {
        var all = Settings.Concat(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        if (failPoint is not null) all = all.Append(KeyValuePair.Create("BILLING_FAILPOINT", failPoint));
        _services.Add(new ServiceProcess(another ? ServiceProcess.FreeAddress() : _address, all));
        return Service;
    }

    /// <summary>A line of the test's story, with its time.</summary>
    public void Note(string what) => Output.WriteLine($"{_clock.Elapsed.TotalSeconds,5:0.0} s, {Journal.ConfirmedCount} confirmed: {what}");

    /// <summary>The first start: a service that is ready, and users with money.</summary>
    public async Task Begin(string? failPoint = null, params (string Name, string Value)[] settings)
    {
        await StartService(failPoint, settings: settings).Ready();
        using var http = new HttpClient { BaseAddress = Service.Address };
        foreach (var user in Traffic.FundedUsers)
        {
            var funds = new { adjustmentId = Guid.CreateVersion7(), amount = FundsOfEach.ToString("0.00"), actor = "test", reason = "funds" };
            using var answer = await http.PostAsJsonAsync($"/v1/accounts/{user}/adjustments", funds);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        Note("the service is ready and users have money");
    }

    /// <summary>Returns once it is ready; at once when it is to die again, which may come first.</summary>
    public async Task Restart(string? failPoint = null, params (string Name, string Value)[] settings)
    {
        Note("the service has died");
        var service = StartService(failPoint, settings: settings);
        if (failPoint is not null) return;

        await service.Ready();
        Note("the service is ready again");
    }

    /// <summary>Returns once so many more usages are confirmed.</summary>
    public async Task Confirmed(int more)
    {
        var goal = Journal.ConfirmedCount + more;
        await Eventually.That($"{goal} usages are confirmed", () => Journal.ConfirmedCount, count => count >= goal, ConfirmedWithin);
    }

    /// <summary>
    /// Quiet is when the rows stay as they are and nothing confirmed is missing: what a service still holds in its hands stands in no
    /// queue. Not reaching it is no failure yet: the verdict then says what is lost or stuck.
    /// </summary>
    public async Task WaitUntilQuiet()
    {
        const int LooksInARow = 4;
        var (last, same) = ((Records: -1L, Rejected: -1L), 0);
        try
        {
            await Eventually.That("all is quiet", async () =>
            {
                var rows = await CountRows();
                same = rows == last && await IsQuiet() ? same + 1 : 0;
                last = rows;
                var missing = same >= LooksInARow ? await CountMissing() : (int?)null;
                return (rows, same, missing);
            }, seen => seen.missing == 0, QuietWithin);
        }
        catch (TimeoutException exception)
        {
            Output.WriteLine(exception.Message);
        }
    }

    /// <summary>Waits until every order is credited and nothing is under way, stops the service, and compares orders, payments, recharges and ledger.</summary>
    public async Task CheckRecharges(IReadOnlyList<RechargeLoad> loads, IPaymentService payments)
    {
        var ordered = await WaitUntilCredited(loads);
        foreach (var service in _services.Where(service => service.IsAlive)) Assert.Equal(0, await service.Terminate(StoppedWithin));

        var (stuck, errors) = await LeftInQueues();
        var verdict = await ReadRecharges();
        Output.WriteLine($"{verdict} stuck={stuck} errors={errors}");
        Assert.Empty(verdict.Wrong(ordered, payments.Succeeded));
        Assert.Equal((0, 0), (stuck, errors));
        Assert.NotEmpty(verdict.Completed);

        var (exitCode, report) = await ServiceProcess.Audit(Settings);
        Assert.True(exitCode == 0, report);
    }

    /// <summary>The same for usage and recharges together.</summary>
    public async Task Check(IReadOnlyList<RechargeLoad> loads, IPaymentService payments)
    {
        var ordered = await WaitUntilCredited(loads);
        await Check();

        var verdict = await ReadRecharges();
        Output.WriteLine(verdict.ToString());
        Assert.Empty(verdict.Wrong(ordered, payments.Succeeded));
        Assert.NotEmpty(verdict.Completed);
    }

    /// <summary>Usages charged so far.</summary>
    public async Task<long> Charged() => (await CountRows()).Records;

    /// <summary>Stops the service; the product's audit must hold, and find all that the journal says was confirmed.</summary>
    public async Task CheckAudit()
    {
        foreach (var service in _services.Where(service => service.IsAlive)) Assert.Equal(0, await service.Terminate(StoppedWithin));
        var (exitCode, report) = await ServiceProcess.Audit(Settings, Journal.ConfirmedCount > 0 ? Journal.Path : null);
        Assert.True(exitCode == 0, report);
    }

    /// <summary>Waits until all is quiet, stops the service, and compares every usage and every nano with a model of its own.</summary>
    /// <param name="cacheAgreesAtOnce">Nothing died, so every write has reached the cache: none of its entries may have to run out first.</param>
    public async Task Check(bool cacheAgreesAtOnce = false)
    {
        Note("the load has ended");
        await WaitUntilQuiet();
        Note("all is quiet");
        var cacheDiffers = cacheAgreesAtOnce ? await CacheDiffers() : await CacheDiffersAtLast();
        foreach (var service in _services.Where(service => service.IsAlive)) Assert.Equal(0, await service.Terminate(StoppedWithin));

        var verdict = Checker.Check(Journal, await ReadLedger(), FundsOfEach, await LeftInQueues(), cacheDiffers);
        Note("the service has stopped");
        Output.WriteLine(verdict.ToString());
        Verdicts.Write(Output, Seed, verdict);
        Assert.True(verdict.Holds, $"{verdict}\n{string.Join('\n', verdict.Wrong.Take(20))}");

        // The product's own audit must come to the same result.
        var (exitCode, report) = await ServiceProcess.Audit(Settings, Journal.Path);
        Assert.True(exitCode == 0, report);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
            Output.WriteLine($"--- {service.Address}\n{string.Join('\n', service.Log.Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)).TakeLast(60))}");
        }
        Journal.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    async Task<Dictionary<Guid, string>> WaitUntilCredited(IReadOnlyList<RechargeLoad> loads)
    {
        foreach (var load in loads) await load.Finish();
        var ordered = loads.SelectMany(load => load.Ordered).ToDictionary();
        Note($"{ordered.Count} recharges are ordered");
        try
        {
            await Eventually.That("every recharge is credited", ReadRecharges, seen => seen.IsQuiet(ordered.Count), CreditedWithin);
        }
        catch (TimeoutException exception)
        {
            Output.WriteLine(exception.Message);
        }
        return ordered;
    }

    /// <summary>What a dead service did not write to the cache is gone a minute later.</summary>
    async Task<int> CacheDiffersAtLast()
    {
        var looked = Stopwatch.StartNew();
        while (true)
        {
            var differ = await CacheDiffers();
            if (differ == 0 || looked.Elapsed > CacheAgreesWithin) return differ;
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
    }

    async Task<int> CountMissing()
    {
        var rows = await ReadLedger();
        var there = rows.Records.Select(record => record.UsageId.ToString()).Concat(rows.Rejections.Select(rejection => rejection.UsageId)).ToHashSet();
        return Journal.Confirmed.Keys.Count(id => !there.Contains(id.ToString()));
    }

    /// <summary>Everything that was charged becomes so many days older. Its ids must carry no time.</summary>
    public abstract Task Age(int days);

    protected abstract Task<(long Records, long Rejected)> CountRows();
}
