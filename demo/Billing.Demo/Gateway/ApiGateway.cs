using System.Threading.Channels;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>The gateway: takes what happened at its doors' pace, and writes down what was confirmed.</summary>
sealed class ApiGateway(IReadOnlyList<IMessageDoor> messageDoors, HttpDoor http, IReadOnlyList<IQuotaDoor> quotaDoors, DeductionCallers callers, GatewayLog log, TimeProvider time)
{
    const int WaitingMax = 64;
    const int SendersPerConnection = 64, HttpSenders = 8, CallersPerDoor = 32;

    readonly Channel<Delivery> _messages = Channel.CreateBounded<Delivery>(WaitingMax);
    readonly Channel<Delivery> _requests = Channel.CreateBounded<Delivery>(WaitingMax);
    readonly Channel<DemoUsage> _deductions = Channel.CreateBounded<DemoUsage>(WaitingMax);

    /// <summary>Waits for a place. While the service does not answer over HTTP, the broker takes what would have gone there.</summary>
    public ValueTask Send(Delivery delivery) =>
        delivery.Form == DeliveryForm.Http && _requests.Writer.TryWrite(delivery)
            ? ValueTask.CompletedTask
            : _messages.Writer.WriteAsync(delivery.Form == DeliveryForm.Http ? delivery with { Form = DeliveryForm.Batch } : delivery);

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
        var senders = messageDoors.SelectMany(door => Enumerable.Range(0, SendersPerConnection).Select(_ => Each(_messages.Reader, SendBy(door), giveUp)));
        var requests = Enumerable.Range(0, HttpSenders).Select(_ => Each(_requests.Reader, SendBy(http), giveUp));
        var calls = quotaDoors.SelectMany(door => Enumerable.Range(0, CallersPerDoor).Select(_ => Each(_deductions.Reader, callers.By(door).Call, giveUp)));
        return Task.WhenAll([.. senders, .. requests, .. calls]);
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
        _messages.Writer.TryComplete(reason);
        _requests.Writer.TryComplete(reason);
        _deductions.Writer.TryComplete(reason);
    }
}
