using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Demo.Gateway;
using Billing.Demo.Payments;
using Billing.Demo.Payments.Journaling;

namespace Billing.Demo.Recharges;

/// <summary>
/// The payment service in this process, where there is no broker: it asks for its orders, and posts what happens to them. Nobody asks it
/// how a payment stands.
/// </summary>
sealed class HttpPaymentDesk : INoticeDoor, IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly HttpClient _client;
    readonly TimeProvider _time;
    readonly Journal _journal;
    readonly Cashier _cashier;
    readonly CancellationTokenSource _stopping = new();
    readonly Task _asking;

    public HttpPaymentDesk(Uri address, string journalFile, CashierOptions options, TimeProvider time)
    {
        (_client, _time, _journal) = (new HttpClient { BaseAddress = address }, time, new Journal(journalFile));
        _cashier = new Cashier(options, _journal, this, time);
        _asking = AskForOrders();
    }

    public async Task Tell(Notice notice, CancellationToken cancellationToken)
    {
        var path = $"v1/payments/{notice.Kind.ToString().ToLowerInvariant()}";
        while (true)
        {
            try
            {
                using var body = new ByteArrayContent(notice.Body()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var response = await _client.PostAsync(path, body, cancellationToken);
                if (response.StatusCode == HttpStatusCode.Accepted) return;
                if (response.StatusCode == HttpStatusCode.BadRequest) throw new DemoFailure($"{path} was refused: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
            catch (Exception exception) when (HttpDoor.IsOutage(exception) && !cancellationToken.IsCancellationRequested)
            {
                // No answer: it is kept or not, and told again it is kept once.
            }
            await Task.Delay(Pause, _time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _asking;
        await _cashier.DisposeAsync();
        _journal.Dispose();
        _client.Dispose();
        _stopping.Dispose();
    }

    async Task AskForOrders()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var orders = await _client.GetFromJsonAsync<Orders>("v1/payments/orders?limit=500", WireFormat.Json, _stopping.Token);
                foreach (var order in orders!.Items) await _cashier.Take(order, _stopping.Token);
            }
            catch (Exception exception) when (HttpDoor.IsOutage(exception))
            {
                // The service is away for a moment, or this is the end.
            }
            await Task.Delay(Pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    sealed record Orders(IReadOnlyList<PaymentOrder> Items);
}
