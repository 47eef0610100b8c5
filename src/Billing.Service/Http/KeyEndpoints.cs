using Billing.Service.Access;

namespace Billing.Service.Http;

/// <summary>Keys of this API. The whole of a key is in one answer only: the one that made it.</summary>
static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/api-keys");
        keys.MapGet("", List).WithSummary("All keys there have been, newest first, without their secrets.");
        keys.MapPost("", Make).WithSummary("Make a key, once by its operationId, with an optional expiresAt. Its text is shown in this answer and never again.");
        keys.MapDelete("/{keyId}", Revoke).WithSummary("Revoke a key, for good: within 5 s on every instance. With actor and reason as parameters.");
    }

    static async Task<IResult> List(ApiKeys keys, CancellationToken cancellationToken) =>
        Results.Ok(new { items = (await keys.List(cancellationToken)).Select(key => KeyLine.Of(key)) });

    static async Task<IResult> Make(HttpContext context, ApiKeys keys, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<IncomingKey>(context.Request, cancellationToken);
        if (problem is not null) return problem;

        var made = await keys.Make(body!, cancellationToken);
        if (made.Refusal is { } refusal) return Problems.Of(refusal.Code, refusal.Detail);
        context.Response.Headers.CacheControl = "no-store";
        var line = KeyLine.Of(made.Key!) with { Key = made.Text?.Reveal(), Duplicate = made.Text is null };
        return made.Text is null ? Results.Ok(line) : Results.Created((string?)null, line);
    }

    static async Task<IResult> Revoke(string keyId, HttpRequest request, ApiKeys keys, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(request, ["actor", "reason"], out var query) is { } wrong) return wrong;
        var revoked = await keys.Revoke(keyId, query.Text("actor"), query.Text("reason"), cancellationToken);
        return revoked.Refusal is { } refusal ? Problems.Of(refusal.Code, refusal.Detail) : Results.Ok(KeyLine.Of(revoked.Key!) with { Duplicate = revoked.Duplicate });
    }
}
