using Billing.Service.Operators;

namespace Billing.Service.Http;

/// <summary>What people do beside the flow of usage, and the log of it.</summary>
static class OperatorEndpoints
{
    const string RejectedUsagePath = "/v1/rejected-usage";
    const string OperatorActsPath = "/v1/operator-acts";

    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/usage/{usageId:guid}/reversal", Reverse).WithSummary("Give a charged usage back to where it was taken from, once.");
        routes.MapPut("/v1/accounts/{userId}/overdraft", SetOverdraft).WithSummary("How far deductions may take the account below zero, once by the operation's id.");
        routes.MapGet(RejectedUsagePath, ListRejected).WithSummary("Usage that was not charged, with the reason, newest first, in pages.");
        routes.MapGet($"{RejectedUsagePath}/reasons", CountRejected).WithSummary("How much usage was rejected, for each reason.");
        routes.MapPost($"{RejectedUsagePath}/retry", Retry).WithSummary("Give rejected usage to charging once more, oldest first, up to 500.");
        routes.MapGet(OperatorActsPath, ListActs).WithSummary("What people did, newest first, in pages.");
    }

    static async Task<IResult> Reverse(Guid usageId, HttpRequest request, UsageReversals reversals, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<ReversalRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var answer = await reversals.Reverse(
            new ReverseUsage { UsageId = usageId, UserId = body!.UserId ?? "", Actor = body.Actor ?? "", Reason = body.Reason ?? "" }, cancellationToken);
        return answer.Reversed ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static async Task<IResult> SetOverdraft(PathUser user, HttpRequest request, Overdrafts overdrafts, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<OverdraftRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var answer = await overdrafts.Set(new SetOverdraft
        {
            OperationId = body!.OperationId,
            UserId = user.Value,
            Limit = body.Limit,
            Currency = body.Currency,
            Actor = body.Actor ?? "",
            Reason = body.Reason ?? "",
        }, cancellationToken);
        return answer.Applied ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static async Task<IResult> ListRejected(HttpContext context, RejectedUsageAnswers rejected, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(context.Request, ["reason", "userId", "resolved", "from", "to", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var request = new ListRejectedUsage
        {
            Reason = query.Text("reason"),
            UserId = query.Text("userId"),
            Resolved = query.Flag("resolved"),
            From = query.Instant("from"),
            To = query.Instant("to"),
            Cursor = query.Text("cursor"),
        };
        if (query.WholeNumber("limit") is { } limit) request = request with { Limit = limit };
        if (query.Problem is { } problem) return problem;

        var page = await rejected.List(request, cancellationToken);
        if (page.Code is not null) return Problems.Refusal(page.Code, page.Detail, page);
        NextPage.Link(context, RejectedUsagePath, page.NextCursor);
        return Results.Ok(page);
    }

    static async Task<IResult> CountRejected(HttpRequest http, RejectedUsageAnswers rejected, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(http, ["userId"], out var query) is { } wrong) return wrong;
        var counts = await rejected.Count(new CountRejectedUsage { UserId = query.Text("userId") }, cancellationToken);
        return counts.Code is null ? Results.Ok(counts) : Problems.Refusal(counts.Code, counts.Detail, counts);
    }

    static async Task<IResult> Retry(HttpRequest request, RejectedRetries retries, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<RetryRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var retry = new RetryRejected
        {
            OperationId = body!.OperationId,
            RejectedFor = body.RejectedFor,
            UsageId = body.UsageId,
            UserId = body.UserId,
            Cursor = body.Cursor,
            Actor = body.Actor ?? "",
            Reason = body.Reason ?? "",
        };
        var answer = await retries.Retry(body.Limit is { } limit ? retry with { Limit = limit } : retry, cancellationToken);
        return answer.Done ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static async Task<IResult> ListActs(HttpContext context, OperatorActAnswers acts, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(context.Request, ["userId", "actor", "from", "to", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var request = new ListOperatorActs
        {
            UserId = query.Text("userId"),
            Actor = query.Text("actor"),
            From = query.Instant("from"),
            To = query.Instant("to"),
            Cursor = query.Text("cursor"),
        };
        if (query.WholeNumber("limit") is { } limit) request = request with { Limit = limit };
        if (query.Problem is { } problem) return problem;

        var page = await acts.List(request, cancellationToken);
        if (page.Code is not null) return Problems.Refusal(page.Code, page.Detail, page);
        NextPage.Link(context, OperatorActsPath, page.NextCursor);
        return Results.Ok(page);
    }

    sealed record ReversalRequest
    {
        public string? UserId { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }

    sealed record OverdraftRequest
    {
        public Guid OperationId { get; init; }
        public Money? Limit { get; init; }
        public string? Currency { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }

    sealed record RetryRequest
    {
        public Guid OperationId { get; init; }
        public string? RejectedFor { get; init; }
        public Guid? UsageId { get; init; }
        public string? UserId { get; init; }
        public long? Limit { get; init; }
        public string? Cursor { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }
}
