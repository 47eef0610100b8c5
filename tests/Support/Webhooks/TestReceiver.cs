using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Billing.TestSupport.Webhooks;

/// <summary>A receiver of webhooks on this machine that writes down what comes and answers as a test wants.</summary>
public sealed class TestReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<Received> _received = [];

    TestReceiver(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>What came, in its order; also what was answered with an error.</summary>
    public IReadOnlyList<Received> Received => [.. _received];

    /// <summary>By default 204 at once.</summary>
    public Func<HttpContext, Task> Behave { get; set; } = Answer(StatusCodes.Status204NoContent);

    public static async Task<TestReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new TestReceiver(builder.Build());
        receiver._app.Run(receiver.Receive);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Urls.Single();
        return receiver;
    }

    public static Func<HttpContext, Task> Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public Task<IReadOnlyList<Received>> Wait(int count, TimeSpan? within = null) =>
        Eventually.That(() => Task.FromResult(Received), received => received.Count >= count, $"{count} webhooks have come", within);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task Receive(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        _received.Enqueue(new Received(context.Request.Path, context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!,
            context.Request.Headers["webhook-signature"]!, context.Request.ContentType, body, TimeProvider.System.GetUtcNow()));
        await Behave(context);
    }
}

/// <summary>One request, as a receiver sees it.</summary>
public sealed record Received(string Path, string Id, string Timestamp, string Signatures, string? ContentType, string Body, DateTimeOffset At)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Type => (string)Json["type"]!;

    public JsonNode Data => Json["data"]!;

    /// <summary>As the specification says, written down apart from the service.</summary>
    public bool IsSignedBy(string secret)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(Id + "." + Timestamp + "." + Body)));
        return Signatures.Split(' ').Contains(expected);
    }
}
