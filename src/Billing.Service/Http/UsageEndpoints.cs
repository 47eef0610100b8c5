using System.Text.Json;
using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Intake;
using Billing.Service.Ledger;
using Billing.Service.Quota;

namespace Billing.Service.Http;

/// <summary>Usage that has happened, and usage that is about to. Both answer after the commit.</summary>
static class UsageEndpoints
{
    const int ItemsMax = 1_000;
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/usage", Charge).WithSummary("Charge usage that has happened: one, or an array of up to 1,000; answers after the commit, item by item.");
        routes.MapPost("/v1/deductions", Deduct).WithSummary("Charge a usage before it happens, all or nothing.");
    }

    static async Task<IResult> Charge(HttpRequest request, ChargingBatcher batcher, IRules rules, CancellationToken cancellationToken)
    {
        List<UsageFields?> items;
        try
        {
            items = Items(await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancellationToken));
        }
        catch (JsonException exception)
        {
            return Problems.Of(ErrorCodes.InvalidRequest, exception.Message);
        }
        if (items.Count > ItemsMax) return Problems.Of(ErrorCodes.TooMany, $"The request has {items.Count} usages; {ItemsMax} are the most.");

        var operations = items.ConvertAll(item => UsageShape.ToOperation(item ?? new UsageFields { Raw = "null" }, rules.Currency));
        try
        {
            var outcomes = await batcher.Submit(operations, items.Count == 1 ? Urgency.Interactive : Urgency.Bulk, cancellationToken).WaitAsync(AnswerMax, cancellationToken);
            return Results.Ok(UsageReceipt.Of(operations, outcomes, rules.Currency));
        }
        catch (TimeoutException)
        {
            return Problems.Of(ErrorCodes.DatabaseUnavailable, $"Not committed within {AnswerMax.TotalSeconds:0} s; repeat with the same ids.");
        }
        catch (LedgerUnavailableException exception)
        {
            return Problems.Of(ErrorCodes.DatabaseUnavailable, exception.Message);
        }
    }

    static async Task<IResult> Deduct(HttpRequest request, Deductions deductions, CancellationToken cancellationToken)
    {
        try
        {
            var fields = await JsonSerializer.DeserializeAsync<UsageFields>(request.Body, cancellationToken: cancellationToken);
            var answer = await deductions.Deduct(fields ?? new UsageFields(), sentAt: null, cancellationToken);
            return answer.Charged ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
        }
        catch (JsonException exception)
        {
            return Problems.Of(ErrorCodes.InvalidRequest, exception.Message);
        }
    }

    /// <summary>An array of usages, an object with such an array as its items, or a single usage.</summary>
    static List<UsageFields?> Items(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Array => [.. body.EnumerateArray().Select(item => item.Deserialize<UsageFields>())],
        JsonValueKind.Object when ItemsOf(body) is { } items => Items(items),
        JsonValueKind.Object => [body.Deserialize<UsageFields>()],
        _ => throw new JsonException("The body is a usage, or an array of usages."),
    };

    static JsonElement? ItemsOf(JsonElement body)
    {
        try
        {
            return body.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array ? items : null;
        }
        catch (InvalidOperationException)
        {
            // Another name in it is half a surrogate pair: then it is read, and rejected, as a single usage.
            return null;
        }
    }
}
