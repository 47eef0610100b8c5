using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Service.Http;

/// <summary>The body of a request as JSON: a field that is not known is refused, for misspelt it would not count.</summary>
static class JsonBody
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The body, or the answer that says what is wrong with it.</summary>
    public static async Task<(T? Body, IResult? Problem)> Read<T>(HttpRequest request, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Json, cancellationToken) is { } body
                ? (body, null)
                : (null, Problems.Of(ErrorCodes.InvalidRequest, "The body is null."));
        }
        catch (JsonException exception)
        {
            return (null, Problems.Of(ErrorCodes.InvalidRequest, exception.Message));
        }
    }
}
