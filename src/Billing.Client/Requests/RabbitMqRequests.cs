using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Billing.Client.Requests;

/// <summary>Requests over RabbitMQ. It connects with the first of them, and by itself again when the broker was away.</summary>
sealed class RabbitMqRequests(IOptions<BillingClientOptions> options) : IRequestDoor, IAsyncDisposable
{
    readonly ConcurrentDictionary<Type, object> _clients = new();
    readonly Lock _lock = new();
    Task<RequestBus>? _connecting;

    public async Task<TResponse> Ask<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken) where TRequest : class where TResponse : class
    {
        var timeout = options.Value.RequestTimeout;
        try
        {
            var bus = await Connect().WaitAsync(timeout, cancellationToken);
            var client = (IRequestClient<TRequest>)_clients.GetOrAdd(typeof(TRequest), _ => bus.Clients.CreateRequestClient<TRequest>(RequestTimeout.After(ms: (int)timeout.TotalMilliseconds)));
            // With the broker away the transport itself would wait for longer than the request.
            return (await client.GetResponse<TResponse>(request, cancellationToken).WaitAsync(timeout, cancellationToken)).Message;
        }
        catch (RequestFaultException exception)
        {
            throw new BillingException(ClientErrorCodes.ServiceFault, exception.Fault?.Exceptions?.FirstOrDefault()?.Message, exception);
        }
        catch (Exception exception) when (exception is RequestException or TimeoutException or RabbitMqConnectionException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new BillingException(ClientErrorCodes.NoAnswer, $"no answer to {typeof(TRequest).Name} within {timeout.TotalSeconds:0.#} s.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<RequestBus>? connecting;
        lock (_lock) connecting = _connecting;
        if (connecting is { IsCompletedSuccessfully: true }) await (await connecting).DisposeAsync();
    }

    Task<RequestBus> Connect()
    {
        lock (_lock)
        {
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true }) _connecting = RequestBus.Connect(options.Value.Address!);
            return _connecting;
        }
    }
}
