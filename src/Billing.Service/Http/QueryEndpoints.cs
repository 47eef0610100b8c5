using System.Text.Json;
using Billing.Service.Accounts;
using Billing.Service.Intake;
using Billing.Service.Queries;
using Billing.Service.Quota;

namespace Billing.Service.Http;

/// <summary>What only reads: lists in pages, statistics, and many accounts or checks at once.</summary>
static class QueryEndpoints
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static void MapQueries(this IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup("/v1/accounts/{userId}");
        account.MapGet("/records", ListRecords).WithSummary("What each usage cost and who paid, newest first, in pages.");
        account.MapGet("/ledger", ListLedger).WithSummary("Every other movement of the balance, newest first, in pages.");
        account.MapGet("/statistics", GetStatistics).WithSummary("What a time's usage adds up to: in total, by service, by day or hour.");
        routes.MapPost("/v1/accounts/query", GetAccounts).WithSummary("Up to 500 accounts at once.");
        routes.MapPost("/v1/quota/checks", CheckQuotas).WithSummary("Up to 500 checks at once, answered item by item.");
    }

    static async Task<IResult> ListRecords(PathUser user, HttpContext context, RecordAnswers records, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(context.Request, ["from", "to", "service", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var request = new ListRecords
        {
            UserId = user.Value,
            From = query.Instant("from"),
            To = query.Instant("to"),
            Service = query.Text("service"),
            Cursor = query.Text("cursor"),
        };
        if (query.WholeNumber("limit") is { } limit) request = request with { Limit = limit };
        if (query.Problem is { } problem) return problem;

        var page = await records.List(request, cancellationToken);
        if (page.Code is not null) return Problems.Refusal(page.Code, page.Detail, page);
        NextPage.Link(context, user, "records", page.NextCursor);
        return Results.Ok(page);
    }

    static async Task<IResult> ListLedger(PathUser user, HttpContext context, LedgerAnswers entries, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(context.Request, ["from", "to", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var request = new ListLedger { UserId = user.Value, From = query.Instant("from"), To = query.Instant("to"), Cursor = query.Text("cursor") };
        if (query.WholeNumber("limit") is { } limit) request = request with { Limit = limit };
        if (query.Problem is { } problem) return problem;

        var page = await entries.List(request, cancellationToken);
        if (page.Code is not null) return Problems.Refusal(page.Code, page.Detail, page);
        NextPage.Link(context, user, "ledger", page.NextCursor);
        return Results.Ok(page);
    }

    static async Task<IResult> GetStatistics(PathUser user, HttpRequest http, StatisticsAnswers statistics, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(http, ["period", "from", "to", "service", "groupBy", "timeZone"], out var query) is { } wrong) return wrong;
        var request = new GetStatistics
        {
            UserId = user.Value,
            Period = query.Text("period"),
            From = query.Instant("from"),
            To = query.Instant("to"),
            Service = query.Text("service"),
            GroupBy = query.Text("groupBy")?.Split(',') ?? [],
            TimeZone = query.Text("timeZone"),
        };
        if (query.Problem is { } problem) return problem;

        var answer = await statistics.Get(request, cancellationToken);
        return answer.Code is null ? Results.Ok(answer) : Problems.Refusal(answer.Code, answer.Detail, answer);
    }

    static async Task<IResult> GetAccounts(HttpRequest http, AccountAnswers accounts, CancellationToken cancellationToken)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync<IncomingAccountsQuery>(http.Body, Json, cancellationToken);
            var answer = await accounts.Get(request?.ReadUserIds(), cancellationToken);
            return answer.Code is null ? Results.Ok(answer) : Problems.Refusal(answer.Code, answer.Detail, answer);
        }
        catch (JsonException exception)
        {
            return Problems.Of(ErrorCodes.InvalidRequest, exception.Message);
        }
    }

    static async Task<IResult> CheckQuotas(HttpRequest http, QuotaChecks checks, CancellationToken cancellationToken)
    {
        try
        {
            // As a whole first: the items' converter cannot go on where a part of a long body ends.
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Body, cancellationToken: cancellationToken);
            var answer = await checks.Check(body.Deserialize<List<UsageFields?>>(), cancellationToken);
            return answer.Code is null ? Results.Ok(answer) : Problems.Refusal(answer.Code, answer.Detail, answer);
        }
        catch (JsonException exception)
        {
            return Problems.Of(ErrorCodes.InvalidRequest, $"The body is an array of checks. {exception.Message}");
        }
    }
}
