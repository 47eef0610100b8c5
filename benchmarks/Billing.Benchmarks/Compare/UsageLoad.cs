using System.Diagnostics;
using Billing.Client.Reporting;
using RabbitMQ.Client;

namespace Billing.Benchmarks.Compare;

/// <summary>
/// A gateway that always has more to say than is taken: persistent messages with confirms, a bounded number of them unconfirmed, and a
/// bounded number waiting in the queue, so that neither the service nor the broker is measured at running out or at drowning.
/// </summary>
sealed class UsageLoad : IAsyncDisposable
{
    const string BatchExchange = "Billing.Contracts:UsageBatch";
    const string SingleExchange = "Billing.Contracts:UsageOccurred";
    const int BatchesUnconfirmed = 16;
    const int SinglesUnconfirmed = 512;
    const int UsagesWaitingMax = 60_000;
    const int SinglesWaitingMax = 20_000;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    readonly LoadShape _shape;
    readonly int _seed;
    readonly string _queue;
    readonly int _share;
    readonly IConnection _gateway;
    readonly IConnection _administrator;
    readonly IChannel _channel;
    readonly IChannel _looks;
    readonly Stopwatch _watch = new();
    readonly CancellationTokenSource _stop = new();
    Task _work = Task.CompletedTask;
    long _published, _confirmedNew, _lookCount, _emptyCount;
    volatile int _waiting;

    UsageLoad(LoadShape shape, int seed, string queue, int share, IConnection gateway, IChannel channel, IConnection administrator, IChannel looks) =>
        (_shape, _seed, _queue, _share, _gateway, _channel, _administrator, _looks) = (shape, seed, queue, share, gateway, channel, administrator, looks);

    public LatencyLog Confirms { get; init; } = new();

    /// <summary>Told of a usage just before it is published.</summary>
    public Action<Guid> Publishing { get; set; } = _ => { };

    /// <summary>Confirmed usages, those counted once that were sent more than once.</summary>
    public long ConfirmedUsages => Interlocked.Read(ref _confirmedNew);

    /// <summary>How much of the time the queue had something for the service.</summary>
    public double SuppliedShare => _lookCount == 0 ? 0 : 1 - (double)_emptyCount / _lookCount;

    /// <param name="share">Which of the queues this is that the users are split among.</param>
    public static async Task<UsageLoad> Open(LoadShape shape, int seed, string queue, Uri gateway, Uri administrator, int share = 0, LatencyLog? confirms = null)
    {
        var publishing = await new ConnectionFactory { Uri = gateway }.CreateConnectionAsync("load");
        var unconfirmed = shape.IsSingle ? SinglesUnconfirmed : BatchesUnconfirmed;
        var channel = await publishing.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(unconfirmed * 2)));
        var looking = await new ConnectionFactory { Uri = administrator }.CreateConnectionAsync("load looks");
        return new UsageLoad(shape, seed, queue, share, publishing, channel, looking, await looking.CreateChannelAsync()) { Confirms = confirms ?? new() };
    }

    public void Start()
    {
        _watch.Start();
        var publishers = _shape.IsSingle ? SinglesUnconfirmed : BatchesUnconfirmed;
        _work = Task.WhenAll([Task.Run(LookAtQueue), .. Enumerable.Range(0, publishers).Select(number => Task.Run(() => Publish(_seed + number)))]);
    }

    /// <summary>From here on it counts whether the queue runs empty.</summary>
    public void OpenWindow()
    {
        (_lookCount, _emptyCount) = (0, 0);
        Confirms.Open();
    }

    /// <summary>Returns once every publish is confirmed.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _work;
    }

    /// <summary>How many messages wait in the queue for a consumer.</summary>
    public async Task<uint> Waiting() => (await _looks.QueueDeclarePassiveAsync(_queue)).MessageCount;

    public async ValueTask DisposeAsync()
    {
        await Stop();
        foreach (var connection in (IConnection[])[_gateway, _administrator])
        {
            await connection.CloseAsync();
            await connection.DisposeAsync();
        }
        _stop.Dispose();
    }

    async Task Publish(int seed)
    {
        var source = new UsageSource(_shape, seed, _share);
        while (await MayPublish())
        {
            using var body = _shape.IsSingle ? null : source.Batch();
            var json = body?.Json ?? source.Single();
            var newUsages = source.New;
            var started = Stopwatch.GetTimestamp();
            if (source.NewId is { } id) Publishing(id);
            await _channel.BasicPublishAsync(_shape.IsSingle ? SingleExchange : BatchExchange, "", mandatory: true, Properties(), json);
            Confirms.AddSince(started);
            Interlocked.Add(ref _confirmedNew, newUsages);
        }
    }

    /// <summary>False when it is over.</summary>
    async Task<bool> MayPublish()
    {
        var due = Interlocked.Add(ref _published, _shape.UsagesInMessage) / (_shape.Pace / _shape.Queues);
        while (!_stop.IsCancellationRequested)
        {
            if (due is { } seconds ? _watch.Elapsed.TotalSeconds >= seconds : _waiting < WaitingMax) return true;
            await Task.Delay(Pause);
        }
        return false;
    }

    int WaitingMax => _shape.IsSingle ? SinglesWaitingMax : UsagesWaitingMax / _shape.BatchSize;

    async Task LookAtQueue()
    {
        while (!_stop.IsCancellationRequested)
        {
            _waiting = (int)await Waiting();
            _lookCount++;
            if (_waiting == 0) _emptyCount++;
            await Task.Delay(Look);
        }
    }

    static BasicProperties Properties() => new()
    {
        Persistent = true,
        ContentType = "application/json",
        MessageId = Guid.CreateVersion7().ToString(),
        Timestamp = new AmqpTimestamp(TimeProvider.System.GetUtcNow().AddMilliseconds(500).ToUnixTimeSeconds()),
    };
}
