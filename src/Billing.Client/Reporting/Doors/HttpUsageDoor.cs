using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Billing.Client.Reporting.Doors;

/// <summary>The service's HTTP door: the answer comes after the commit, and tells of each usage what became of it.</summary>
sealed class HttpUsageDoor(IHttpClientFactory clients, IOptions<BillingClientOptions> options) : IUsageDoor
{
    const string Path = "v1/usage";
    const int ShownMax = 200;
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<RejectedItem>> Send(UsageBody body, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(AnswerWithin);
        using var content = new ReadOnlyMemoryContent(body.Json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        if (options.Value.ApiKey is { Length: > 0 } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var response = await clients.CreateClient(BillingClientOptions.Section).SendAsync(request, deadline.Token);
        var answer = await response.Content.ReadAsByteArrayAsync(deadline.Token);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new DoorException($"the service does not let this key report usage: HTTP {(int)response.StatusCode}", isRefusal: true);
        if (response.StatusCode != HttpStatusCode.OK) throw new DoorException($"HTTP {(int)response.StatusCode}: {Shown(answer)}");
        return Rejected(body, answer);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Those of the answer that are not charged. An answer with fewer usages than were sent is none.</summary>
    internal static IReadOnlyList<RejectedItem> Rejected(UsageBody body, ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var receipt = JsonDocument.Parse(answer);
            var items = receipt.RootElement.GetProperty("items");
            if (items.GetArrayLength() != body.Count) throw new DoorException($"the answer tells of {items.GetArrayLength()} usages, {body.Count} were sent");
            return receipt.RootElement.GetProperty("rejected").GetInt32() == 0 ? [] :
            [
                .. items.EnumerateArray().Where(item => Text(item, "status") == "rejected")
                    .Select(item => new RejectedItem(Text(item, "usageId"), Text(item, "code"), Text(item, "detail"))),
            ];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DoorException("the answer is not the billing service's", inner: exception);
        }
    }

    static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;

    static string Shown(byte[] answer) => System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, ShownMax)));
}
