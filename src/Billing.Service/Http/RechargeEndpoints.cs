using Billing.Sagas.Desk;
using Billing.Sagas.Doors;
using Billing.Sagas.Queries;
using Billing.Service.Ledger;

namespace Billing.Service.Http;

static class RechargeEndpoints
{
    const string IdempotencyKey = "Idempotency-Key";
    const int LimitDefault = 50;

    public static void MapRecharges(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/accounts/{userId}/recharges", Start).WithSummary("Order a top-up; the answer has the pay URL. The same Idempotency-Key is the same recharge.");
        routes.MapGet("/v1/accounts/{userId}/recharges", List).WithSummary("A user's recharges, newest first.");
        routes.MapGet("/v1/recharges/{rechargeId:guid}", Get).WithSummary("One recharge as of now.");
        routes.MapPost("/v1/recharges/{rechargeId:guid}/resolution", Resolve).WithSummary("An operator's decision on a recharge that needs review.");
        routes.MapGet("/v1/unmatched-payments", Unmatched).WithSummary("Payments and refunds that belong to no recharge as ordered, oldest first.");
        routes.MapPost("/v1/unmatched-payments/{unmatchedId:guid}/assignment", Assign).WithSummary("An operator's decision on an unmatched payment.");
    }

    static async Task<IResult> Start(PathUser user, HttpRequest request, RechargeOrders orders, IRules rules, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<OrderRequest>(request, cancellationToken);
        if (problem is not null) return problem;

        var status = await orders.Start(new StartRecharge
        {
            UserId = user.Value,
            Amount = body!.Amount,
            Currency = body.Currency ?? rules.Currency,
            Channel = body.Channel ?? "",
            // Quoted or bare, as the header's draft allows both.
            IdempotencyKey = body.IdempotencyKey ?? request.Headers[IdempotencyKey].ToString().Trim('"'),
        }, cancellationToken);
        if (status.Code is { } code) return Problems.Refusal(code, status.Detail, status);
        var address = $"/v1/recharges/{status.RechargeId}";
        return status.State == RechargeStates.Pending ? Results.Accepted(address, status) : Results.Created(address, status);
    }

    static async Task<IResult> Get(Guid rechargeId, HttpContext context, RechargeQueries recharges, CancellationToken cancellationToken)
    {
        var status = await recharges.Get(rechargeId, cancellationToken);
        // One just ordered may not be there yet: its user is told so, and asks again.
        return status.Code is null && Caller.Of(context) is { } caller && caller.IsKeptFrom(status.UserId) ? caller.Forbidden() : Answer(status);
    }

    static async Task<IResult> List(PathUser user, HttpRequest http, RechargeQueries recharges, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(http, ["state", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var request = new ListRecharges { UserId = user.Value, State = query.Text("state"), Limit = query.Limit(LimitDefault), Cursor = query.Text("cursor") };
        if (query.Problem is { } problem) return problem;

        var list = await recharges.List(request, cancellationToken);
        return list.Code is { } code ? Problems.Refusal(code, list.Detail, list) : Results.Ok(list);
    }

    static async Task<IResult> Resolve(Guid rechargeId, HttpRequest request, RechargeOrders orders, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<ResolutionRequest>(request, cancellationToken);
        return problem ?? Answer(await orders.Resolve(new ResolveRecharge
        {
            RechargeId = rechargeId,
            Credit = body!.Credit,
            Actor = body.Actor ?? "",
            Reason = body.Reason ?? "",
        }, cancellationToken));
    }

    static async Task<IResult> Unmatched(HttpRequest http, UnmatchedPaymentQueries payments, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(http, ["resolved", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var request = new ListUnmatchedPayments { Resolved = query.Flag("resolved") ?? false, Limit = query.Limit(LimitDefault), Cursor = query.Text("cursor") };
        if (query.Problem is { } problem) return problem;

        var list = await payments.List(request, cancellationToken);
        return list.Code is { } code ? Problems.Refusal(code, list.Detail, list) : Results.Ok(list);
    }

    static async Task<IResult> Assign(Guid unmatchedId, HttpRequest request, Assignments assignments, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<AssignmentRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var status = await assignments.AssignNow(new AssignPayment
        {
            UnmatchedId = unmatchedId,
            UserId = body!.UserId,
            RechargeId = body.RechargeId,
            Actor = body.Actor ?? "",
            Reason = body.Reason ?? "",
        }, cancellationToken);
        return status.Code is { } code ? Problems.Refusal(code, status.Detail, status) : Results.Ok(status);
    }

    static IResult Answer(RechargeStatus status) => status.Code is { } code ? Problems.Refusal(code, status.Detail, status) : Results.Ok(status);

    sealed record OrderRequest
    {
        public Money Amount { get; init; }
        public string? Currency { get; init; }
        public string? Channel { get; init; }
        public string? IdempotencyKey { get; init; }
    }

    sealed record ResolutionRequest
    {
        public Money? Credit { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }

    sealed record AssignmentRequest
    {
        public string? UserId { get; init; }
        public Guid? RechargeId { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }
}
