using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Billing.Client.Requests;

/// <summary>Requests over HTTP. A refusal comes as problem details (RFC 9457) with its code, and where there is one with the whole answer.</summary>
sealed class HttpRequests(IHttpClientFactory clients, IOptions<BillingClientOptions> options) : IRequestDoor
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    // One for all: its handler renews its connections by itself, and it works until the end of the program's services.
    readonly Lazy<HttpClient> _client = new(() => clients.CreateClient(BillingClientOptions.Section));

    public async Task<TResponse> Ask<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken) where TRequest : class where TResponse : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.RequestTimeout);
        try
        {
            using var message = HttpRoutes.Of(request);
            using var response = await Send(message, deadline.Token);
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(deadline.Token);
            var answer = response.IsSuccessStatusCode ? body : AnswerIn(body) ?? throw Refusal(response.StatusCode, body);
            return answer.Deserialize<TResponse>(Json) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException exception)
        {
            throw new BillingException(ClientErrorCodes.UnreadableAnswer, exception.Message, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new BillingException(ClientErrorCodes.NoAnswer, $"no answer to {typeof(TRequest).Name} within {options.Value.RequestTimeout.TotalSeconds:0.#} s.", exception);
        }
    }

    Task<HttpResponseMessage> Send(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        if (options.Value.ApiKey is { Length: > 0 } key) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return _client.Value.SendAsync(message, cancellationToken);
    }

    static JsonElement? AnswerIn(JsonElement problem) => problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("answer", out var answer) ? answer : null;

    static BillingException Refusal(HttpStatusCode status, JsonElement problem)
    {
        var code = TextOf(problem, "code");
        var detail = TextOf(problem, "detail");
        return status switch
        {
            _ when code is not null => new BillingException(code, detail),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new BillingException(ClientErrorCodes.NotLetIn, detail),
            >= HttpStatusCode.InternalServerError => new BillingException(ClientErrorCodes.NoAnswer, $"HTTP {(int)status}."),
            _ => new BillingException(ClientErrorCodes.UnreadableAnswer, $"HTTP {(int)status}."),
        };
    }

    static string? TextOf(JsonElement problem, string name) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
