using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;

namespace Billing.Service.Webhooks;

/// <summary>Sends one delivery once.</summary>
sealed class Receiver(IOptions<WebhookOptions> options, SecretSeal seal, TimeProvider time) : IDisposable
{
    readonly HttpClient _http = new(ReceiverConnection.NewHandler(options.Value)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Never throws: that nothing came of it is an answer too.</summary>
    public async Task<Answer> Send(Subscription to, Delivery delivery)
    {
        using var patience = new CancellationTokenSource(options.Value.Timeout);
        try
        {
            using var request = Request(to, delivery);
            // Its headers are all that counts; the body is not read.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return Answer.Of(response.StatusCode);
        }
        catch (Exception exception)
        {
            // Whatever it was, from a name that is not found to a secret that cannot be opened: this attempt has failed.
            return Answer.None(patience.IsCancellationRequested ? $"no answer within {options.Value.Timeout.TotalSeconds:0.#} s" : Reason(exception));
        }
    }

    public void Dispose() => _http.Dispose();

    HttpRequestMessage Request(Subscription to, Delivery delivery)
    {
        var now = time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, to.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", WebhookSignature.Seconds(now));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of(delivery.Id, now, delivery.Body, Secrets(to, now)));
        request.Headers.UserAgent.ParseAdd("billing-webhooks/1");
        return request;
    }

    IEnumerable<WebhookSecret> Secrets(Subscription to, DateTimeOffset now)
    {
        yield return seal.Open(to.Secret, to.WebhookId);
        if (to.FormerSecret is { } former && now < to.FormerSecretUntil) yield return seal.Open(former, to.WebhookId);
    }

    static string Reason(Exception exception) => (exception.InnerException ?? exception).Message.ReplaceLineEndings(" ");
}

/// <summary>What became of one attempt.</summary>
/// <param name="Status">Null when there was no answer.</param>
/// <param name="Error">Null when it was delivered.</param>
sealed record Answer(int? Status, string? Error)
{
    public bool IsDelivered => Error is null;

    /// <summary>The receiver wants nothing any more.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    public static Answer Of(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => new((int)status, null),
        >= 300 and < 400 => new((int)status, "a redirection is not followed"),
        var other => new(other, $"answered {other}"),
    };

    public static Answer None(string error) => new(null, error);
}
