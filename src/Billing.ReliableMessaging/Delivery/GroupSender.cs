using MassTransit;
using MassTransit.Serialization;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Sends rows: groups side by side, each in order and up to its first failure; a scheduled message goes by itself.</summary>
sealed class GroupSender(IBus bus, IDeliveryConfirmation confirmation, Func<OutboxMessage, bool> isMandatory, TimeSpan timeout)
{
    /// <summary>What was sent or has failed; rows that follow a failure of their group are not among them.</summary>
    public async Task<List<SentMessage>> Send(IEnumerable<OutboxMessage> rows, CancellationToken stopping)
    {
        var groups = await Task.WhenAll(rows.GroupBy(row => row.SchedulingTokenId ?? row.GroupId).Select(group => SendInOrder(group, stopping)));
        return [.. groups.SelectMany(group => group)];
    }

    async Task<List<SentMessage>> SendInOrder(IEnumerable<OutboxMessage> group, CancellationToken stopping)
    {
        var sent = new List<SentMessage>();
        foreach (var row in group)
        {
            try
            {
                sent.Add(new SentMessage(row, await Send(row, stopping)));
            }
            catch (Exception exception)
            {
                if (!stopping.IsCancellationRequested) sent.Add(new SentMessage(row, Task.FromException(exception)));
                break;
            }
        }
        return sent;
    }

    /// <summary>Returns when the row was sent, with a task that ends when that is confirmed.</summary>
    async Task<Task> Send(OutboxMessage row, CancellationToken stopping)
    {
        var mandatory = isMandatory(row);
        var expectation = confirmation.Expect(row, mandatory);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            limit.CancelAfter(timeout);
            // Waited for no longer than that, whatever the transport does with the token: one send that never ends would keep all others back.
            await SendNow(row, mandatory, limit.Token).WaitAsync(limit.Token);
        }
        catch
        {
            expectation.Dispose();
            throw;
        }
        return Await(expectation, stopping);
    }

    async Task SendNow(OutboxMessage row, bool mandatory, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(row.DestinationAddress!);
        await endpoint.Send(new SerializedMessageBody(), new OutboxSendPipe(row, mandatory), cancellationToken);
    }

    async Task Await(Expectation expectation, CancellationToken stopping)
    {
        using (expectation) await expectation.Confirmed.WaitAsync(timeout, stopping);
    }
}
