using Billing.Service.Alerts;
using Billing.Service.Charging;
using Billing.Service.Webhooks;

namespace Billing.Service.Http;

/// <summary>Who is told of what: thresholds of accounts, and webhooks.</summary>
static class WebhookEndpoints
{
    const string WebhooksPath = "/v1/webhooks";
    const long LimitDefault = 50;

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/accounts/{userId}/balance-alert", SetBalanceAlert).WithSummary("Below which available amount an account is told to be low, once by the operation's id.");

        var webhooks = routes.MapGroup(WebhooksPath);
        webhooks.MapPost("", Add).WithSummary("Subscribe an address to events, once by the operation's id. The answer has the secret, which is told this once.");
        webhooks.MapGet("", List).WithSummary("All subscriptions.");
        webhooks.MapGet("/{webhookId:guid}", Find).WithSummary("One subscription.");
        webhooks.MapDelete("/{webhookId:guid}", Delete).WithSummary("End a subscription; what was not delivered yet goes with it. With actor and reason as parameters.");
        webhooks.MapPut("/{webhookId:guid}/enabled", Enable).WithSummary("Stop and resume a subscription. What happens meanwhile is not kept for it.");
        webhooks.MapPost("/{webhookId:guid}/rotation", Rotate).WithSummary("A new secret, once by the operation's id; the former one signs beside it for a day.");
        webhooks.MapPost("/{webhookId:guid}/test", Test).WithSummary("Send an event that tells nothing.");
        webhooks.MapGet("/{webhookId:guid}/deliveries", ListDeliveries).WithSummary("What was sent and what waits, newest first, in pages.");
        webhooks.MapPost("/{webhookId:guid}/deliveries/{deliveryId:long}/replay", Replay).WithSummary("Send it once more, under the same id.");
    }

    static async Task<IResult> SetBalanceAlert(PathUser user, HttpRequest request, BalanceAlerts alerts, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<BalanceAlertRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var answer = await alerts.Set(new SetBalanceAlert
        {
            OperationId = body!.OperationId,
            UserId = user.Value,
            Threshold = body.Threshold,
            Currency = body.Currency,
            Actor = body.Actor ?? "",
            Reason = body.Reason ?? "",
        }, cancellationToken);
        return answer.Applied ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static async Task<IResult> Add(HttpRequest request, WebhookDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<WebhookRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        return Answer(await desk.Add(body!.Url, body.Events, body.UserId, new Signed(body.OperationId, body.Actor, body.Reason), cancellationToken),
            webhook => webhook.Duplicate == true ? Results.Ok(webhook) : Results.Created($"{WebhooksPath}/{webhook.WebhookId}", webhook));
    }

    static async Task<IResult> List(WebhookDesk desk, CancellationToken cancellationToken) =>
        Answer(await desk.List(cancellationToken), webhooks => Results.Ok(new { items = webhooks }));

    static async Task<IResult> Find(Guid webhookId, WebhookDesk desk, CancellationToken cancellationToken) =>
        Answer(await desk.Find(webhookId, cancellationToken), Results.Ok);

    static async Task<IResult> Delete(Guid webhookId, HttpRequest request, WebhookDesk desk, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(request, ["actor", "reason"], out var query) is { } wrong) return wrong;
        var (_, refusal) = await desk.Delete(webhookId, query.Text("actor"), query.Text("reason"), cancellationToken);
        return refusal is null ? Results.NoContent() : Problems.Of(refusal.Code, refusal.Detail);
    }

    static async Task<IResult> Enable(Guid webhookId, HttpRequest request, WebhookDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<EnabledRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        if (body!.Enabled is not { } enabled) return Problems.Of(ErrorCodes.InvalidRequest, "enabled is true or false.");
        return Answer(await desk.Enable(webhookId, enabled, new Signed(body.OperationId, body.Actor, body.Reason), cancellationToken), Results.Ok);
    }

    static async Task<IResult> Rotate(Guid webhookId, HttpRequest request, WebhookDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<RotationRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        return Answer(await desk.Rotate(webhookId, new Signed(body!.OperationId, body.Actor, body.Reason), cancellationToken), Results.Ok);
    }

    static async Task<IResult> Test(Guid webhookId, WebhookDesk desk, CancellationToken cancellationToken) =>
        Answer(await desk.Test(webhookId, cancellationToken), sent => Results.Accepted(value: sent));

    static async Task<IResult> ListDeliveries(Guid webhookId, HttpContext context, WebhookDesk desk, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(context.Request, ["state", "limit", "cursor"], out var query) is { } wrong) return wrong;
        var limit = query.WholeNumber("limit") ?? LimitDefault;
        if (query.Problem is { } problem) return problem;
        return Answer(await desk.ListDeliveries(webhookId, query.Text("state"), limit, query.Text("cursor"), cancellationToken), page =>
        {
            NextPage.Link(context, $"{WebhooksPath}/{webhookId}/deliveries", page.NextCursor);
            return Results.Ok(page);
        });
    }

    static async Task<IResult> Replay(Guid webhookId, long deliveryId, WebhookDesk desk, CancellationToken cancellationToken) =>
        Answer(await desk.Replay(webhookId, deliveryId, cancellationToken), sent => Results.Accepted(value: sent));

    static IResult Answer<T>((T? Value, Refusal? Refusal) answer, Func<T, IResult> ok) where T : class =>
        answer.Refusal is { } refusal ? Problems.Of(refusal.Code, refusal.Detail) : ok(answer.Value!);

    sealed record BalanceAlertRequest
    {
        public Guid OperationId { get; init; }
        public Money? Threshold { get; init; }
        public string? Currency { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }

    sealed record WebhookRequest
    {
        public Guid OperationId { get; init; }
        public string? Url { get; init; }
        public IReadOnlyList<string>? Events { get; init; }
        public string? UserId { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }

    sealed record EnabledRequest
    {
        public Guid OperationId { get; init; }
        public bool? Enabled { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }

    sealed record RotationRequest
    {
        public Guid OperationId { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }
}
