using Billing.Client;
using Billing.Client.Reporting;
using Billing.Client.Requests;
using Billing.TestSupport;
using Billing.TestSupport.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Client.Reporting;

/// <summary>A reporter with a door and a folder of the test's own. Several one after the other in one folder are one gateway that starts again.</summary>
sealed class ReporterUnderTest : IAsyncDisposable, IConfirmedUsages
{
    readonly ServiceProvider _services;
    readonly List<Guid> _confirmed = [];
    readonly Lock _lock = new();
    bool _stopped;

    ReporterUnderTest(string folder, FakeDoor door, TimeProvider time, Action<UsageReporterOptions>? configure)
    {
        Door = door;
        Time = time;
        var options = new UsageReporterOptions { Directory = folder, FlushInterval = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(options);
        Assert.Null(options.Problem());
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(Log)).AddSingleton<ReporterMetrics>().BuildServiceProvider();
        Metrics = _services.GetRequiredService<ReporterMetrics>();
        Clock = new ServiceClock(time);
        Reporter = new UsageReporter(Options.Create(options), door, Clock, [this], Metrics, time, _services.GetRequiredService<ILogger<UsageReporter>>());
    }

    public UsageReporter Reporter { get; }
    public FakeDoor Door { get; }
    public TimeProvider Time { get; }
    public ServiceClock Clock { get; }
    public ReporterMetrics Metrics { get; }
    public LogLines Log { get; } = new();

    public IReadOnlyList<Guid> ConfirmedIds
    {
        get
        {
            lock (_lock) return [.. _confirmed];
        }
    }

    public static async Task<ReporterUnderTest> Start(TestFolder folder, FakeDoor? door = null, TimeProvider? time = null, Action<UsageReporterOptions>? configure = null)
    {
        var running = new ReporterUnderTest(folder.Path, door ?? new FakeDoor(), time ?? TimeProvider.System, configure);
        await running.Reporter.Start(CancellationToken.None);
        return running;
    }

    public static UsageReport Of(string user) => new() { UserId = user, Service = "search", Quantity = 1 };

    public bool Report(string user) => Reporter.TryReport(Of(user));

    public Task Sent(int count) => Eventually.That(() => Task.FromResult(ConfirmedIds.Count), confirmed => confirmed >= count, $"{count} usages are confirmed");

    public async Task Stop(CancellationToken cancellationToken = default)
    {
        if (_stopped) return;
        _stopped = true;
        await Reporter.Stop(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop(new CancellationToken(canceled: true));
        await _services.DisposeAsync();
    }

    void IConfirmedUsages.Confirmed(IReadOnlyList<Guid> usageIds)
    {
        lock (_lock) _confirmed.AddRange(usageIds);
    }
}
