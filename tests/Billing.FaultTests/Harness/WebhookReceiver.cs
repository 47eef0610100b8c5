using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Billing.FaultTests.Harness;

/// <summary>Takes webhooks, for as long as the test lives, and writes down which.</summary>
sealed class WebhookReceiver : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<(string Id, string UserId)> _received = [];
    readonly Task _receiving;

    public WebhookReceiver()
    {
        Url = $"{ServiceProcess.FreeAddress().ToString().TrimEnd('/')}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _receiving = Receive();
    }

    public string Url { get; }

    public IReadOnlyList<(string Id, string UserId)> Received => [.. _received];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _receiving;
        _listener.Close();
    }

    async Task Receive()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.InputStream);
                _received.Enqueue((context.Request.Headers["webhook-id"]!, body.GetProperty("data").GetProperty("userId").GetString()!));
                context.Response.StatusCode = (int)HttpStatusCode.NoContent;
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException or JsonException)
            {
                // A service that died while it sent; or the end.
                if (!_listener.IsListening) return;
            }
        }
    }
}
