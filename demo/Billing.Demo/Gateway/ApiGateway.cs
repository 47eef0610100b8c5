using System.Threading.Channels;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>
/// The platform's gateways together: they take what happened at their doors' pace, and write down what was confirmed. What the client
/// library would not send - mistakes, nonsense, messages of other make - goes through doors that check nothing.
/// </summary>
sealed class ApiGateway(IReadOnlyList<PlatformGateway> gateways, IReadOnlyList<IMessageDoor> uncheckedDoors, HttpDoor http, DeductionCallers callers, GatewayLog log, TimeProvider time)
{
    const int WaitingMax = 64;
    const int SendersPerConnection = 64, HttpSenders = 8, CallersPerDoor = 32, LeaseCallersPerGateway = 16;

    readonly Channel<Delivery> _reports = Channel.CreateBounded<Delivery>(WaitingMax);
    readonly Channel<Delivery> _messages = Channel.CreateBounded<Delivery>(WaitingMax);
    readonly Channel<Delivery> _requests = Channel.CreateBounded<Delivery>(WaitingMax);
    readonly Channel<DemoUsage> _deductions = Channel.CreateBounded<DemoUsage>(WaitingMax);

    /// <summary>Waits for a place. While the service does not answer over HTTP, the gateways take what would have gone there.</summary>
    public ValueTask Send(Delivery delivery)
    {
        if (delivery.Form == DeliveryForm.Http && _requests.Writer.TryWrite(delivery)) return ValueTask.CompletedTask;
        if (delivery is { Plain: false, Nonsense: null } && !delivery.Usages.Any(usage => usage.IsWrong)) return _reports.Writer.WriteAsync(delivery);
        return _messages.Writer.WriteAsync(delivery.Form == DeliveryForm.Http ? delivery with { Form = DeliveryForm.Batch } : delivery);
    }

    /// <summary>A call that must be paid first is not made at all while nobody answers.</summary>
    public ValueTask Deduct(DemoUsage usage)
    {
        _deductions.Writer.TryWrite(usage);
        return ValueTask.CompletedTask;
    }

    public void NoMore() => Close(null);

    /// <summary>Returns when everything is answered, or given up; fails when a door is closed for good.</summary>
    public Task Run(CancellationToken giveUp)
    {
        var reporters = gateways.SelectMany(gateway => Enumerable.Range(0, SendersPerConnection).Select(_ => Each(_reports.Reader, SendBy(gateway), giveUp)));
        var senders = uncheckedDoors.SelectMany(door => Enumerable.Range(0, SendersPerConnection).Select(_ => Each(_messages.Reader, SendBy(door), giveUp)));
        var requests = Enumerable.Range(0, HttpSenders).Select(_ => Each(_requests.Reader, SendBy(http), giveUp));
        var calls = gateways.Prepend<IQuotaDoor>(http).SelectMany(door => Enumerable.Range(0, CallersPerDoor).Select(_ => Each(_deductions.Reader, callers.By(door).Call, giveUp)));
        var leased = gateways.SelectMany(gateway => Enumerable.Range(0, LeaseCallersPerGateway).Select(_ => Each(_deductions.Reader, callers.ByLeaseOf(gateway).Call, giveUp)));
        return Task.WhenAll([.. reporters, .. senders, .. requests, .. calls, .. leased]);
    }

    Func<Delivery, CancellationToken, Task> SendBy(IMessageDoor door) => async (delivery, giveUp) =>
    {
        var now = time.GetUtcNow();
        foreach (var usage in delivery.Usages) usage.NotePublished(now);
        await door.Send(delivery, giveUp);
        log.Confirm(delivery.Usages);
    };

    async Task Each<T>(ChannelReader<T> reader, Func<T, CancellationToken, Task> handle, CancellationToken giveUp)
    {
        await foreach (var item in reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await handle(item, giveUp);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                log.NoteAbandoned();
            }
            catch (Exception exception)
            {
                // This door will not open again: whoever waits for a place has to learn it.
                Close(exception);
                throw;
            }
        }
    }

    void Close(Exception? reason)
    {
        _reports.Writer.TryComplete(reason);
        _messages.Writer.TryComplete(reason);
        _requests.Writer.TryComplete(reason);
        _deductions.Writer.TryComplete(reason);
    }
}
