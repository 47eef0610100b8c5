using System.Text.Json;
using Billing.Sagas.Doors;
using Billing.Sagas.Queries;

namespace Billing.Service.Http;

/// <summary>What the payment service says, over HTTP. 202 means that it is kept, and will be acted upon once.</summary>
static class PaymentEndpoints
{
    const int LimitDefault = 50;
    const int LimitMax = 500;

    public static void MapPayments(this IEndpointRouteBuilder routes, bool openWithoutKeys)
    {
        var payments = routes.MapGroup("/v1/payments");
        payments.AddEndpointFilter(async (context, next) => openWithoutKeys || Caller.Of(context.HttpContext) is not null ? await next(context) : Results.NotFound());
        payments.MapGet("/orders", Orders).WithSummary("Recharges that wait for a pay URL, oldest first: what CreatePayment says on the broker.");
        payments.MapPost("/created", (HttpRequest request, OutboxDoor door, CancellationToken cancellationToken) => LetIn(request, door, PaymentNotices.Created, cancellationToken))
            .WithSummary("The payment service has a payment ready for a recharge.");
        payments.MapPost("/succeeded", (HttpRequest request, OutboxDoor door, CancellationToken cancellationToken) => LetIn(request, door, PaymentNotices.Succeeded, cancellationToken))
            .WithSummary("Money was received. May come any number of times: it is credited once.");
        payments.MapPost("/failed", (HttpRequest request, OutboxDoor door, CancellationToken cancellationToken) => LetIn(request, door, PaymentNotices.Failed, cancellationToken))
            .WithSummary("A recharge cannot be paid.");
        payments.MapPost("/refunded", (HttpRequest request, OutboxDoor door, CancellationToken cancellationToken) => LetIn(request, door, PaymentNotices.Refunded, cancellationToken))
            .WithSummary("Money of a payment went back to the payer.");
    }

    static async Task<IResult> Orders(HttpRequest http, RechargeQueries recharges, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(http, ["limit"], out var query) is { } wrong) return wrong;
        var limit = query.Limit(LimitDefault);
        return query.Problem ?? Results.Ok(new { items = await recharges.AwaitingPayUrl(Math.Clamp(limit, 1, LimitMax), cancellationToken) });
    }

    static async Task<IResult> LetIn<T>(HttpRequest request, OutboxDoor door, Func<JsonElement, (T? Notice, string? Problem)> read, CancellationToken cancellationToken) where T : class
    {
        JsonElement body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, JsonSerializerOptions.Web, cancellationToken);
        }
        catch (JsonException exception)
        {
            return Problems.Of(ErrorCodes.InvalidRequest, exception.Message);
        }

        var (notice, problem) = read(body);
        if (problem is not null) return Problems.Of(ErrorCodes.InvalidRequest, $"{problem}.");
        await door.LetIn(notice!, cancellationToken);
        return Results.Accepted();
    }
}
