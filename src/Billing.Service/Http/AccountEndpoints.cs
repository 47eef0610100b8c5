using Billing.Service.Accounts;
using Billing.Service.Quota;

namespace Billing.Service.Http;

static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup("/v1/accounts/{userId}");
        account.MapGet("", Get).WithSummary("An account: balance, what may be spent, the month's free quotas.");
        account.MapPut("", Initialize).WithSummary("Make an account ready before its first call. Idempotent.");
        account.MapGet("/quota", Check).WithSummary("May the user make these calls? Reads only; a \"no\" is an answer.");
        account.MapPost("/adjustments", Adjust).WithSummary("An operator's correction of a balance, once by its id.");
    }

    static async Task<IResult> Get(PathUser user, AccountAnswers accounts, CancellationToken cancellationToken) => Answer(await accounts.Get(user.Value, cancellationToken));

    static async Task<IResult> Initialize(PathUser user, AccountAnswers accounts, CancellationToken cancellationToken) =>
        Answer(await accounts.Initialize(user.Value, cancellationToken));

    static async Task<IResult> Check(PathUser user, HttpRequest http, QuotaChecks checks, CancellationToken cancellationToken)
    {
        if (QueryParameters.Read(http, ["service", "quantity", "cost"], out var query) is { } wrong) return wrong;
        var request = new CheckQuota { UserId = user.Value, Service = query.Text("service") ?? "", Cost = query.Amount("cost") };
        if (query.WholeNumber("quantity", ErrorCodes.InvalidQuantity) is { } quantity) request = request with { Quantity = quantity };
        if (query.Problem is { } problem) return problem;

        var status = await checks.Check(request, cancellationToken);
        return status.Reason is null or ErrorCodes.InsufficientFunds or ErrorCodes.ChargingDelayed ? Results.Ok(status) : Problems.Refusal(status.Reason, null, status);
    }

    static async Task<IResult> Adjust(PathUser user, HttpRequest request, Adjustments adjustments, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<AdjustmentRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var answer = await adjustments.Adjust(new AdjustBalance
        {
            AdjustmentId = body!.AdjustmentId,
            UserId = user.Value,
            Amount = body.Amount,
            Currency = body.Currency,
            Actor = body.Actor ?? "",
            Reason = body.Reason ?? "",
        }, cancellationToken);
        return answer.Applied ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static IResult Answer(AccountStatus status) => status.Code is null ? Results.Ok(status) : Problems.Refusal(status.Code, status.Detail, status);

    sealed record AdjustmentRequest
    {
        public Guid AdjustmentId { get; init; }
        public Money Amount { get; init; }
        public string? Currency { get; init; }
        public string? Actor { get; init; }
        public string? Reason { get; init; }
    }
}
