using Billing.Service.Reservations;

namespace Billing.Service.Http;

/// <summary>Funds set aside for calls to come.</summary>
static class ReservationEndpoints
{
    public static void MapReservations(this IEndpointRouteBuilder routes)
    {
        var reservations = routes.MapGroup("/v1/accounts/{userId}/reservations");
        reservations.MapPost("", Reserve).WithSummary("Set free units and money aside for calls to come, all or nothing.");
        reservations.MapPost("/{reservationId:guid}/extensions", Extend).WithSummary("Set more aside, or keep it for longer.");
        reservations.MapPost("/{reservationId:guid}/release", Release).WithSummary("Give back what is not needed any more.");
    }

    static async Task<IResult> Reserve(PathUser user, HttpRequest request, ReservationDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<ReserveRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        return Answer(await desk.Reserve(new ReserveQuota
        {
            ReservationId = body!.ReservationId,
            UserId = user.Value,
            Service = body.Service ?? "",
            Quantity = body.Quantity,
            Cost = body.Cost,
            Currency = body.Currency,
            GrantSeconds = body.GrantSeconds,
            Deadline = body.Deadline,
        }, sentAt: null, cancellationToken));
    }

    static async Task<IResult> Extend(PathUser user, Guid reservationId, HttpRequest request, ReservationDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<ExtendRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        return Answer(await desk.Extend(new ExtendReservation
        {
            ReservationId = reservationId,
            UserId = user.Value,
            Step = body!.Step,
            Quantity = body.Quantity,
            Cost = body.Cost,
            Currency = body.Currency,
            GrantSeconds = body.GrantSeconds,
            Deadline = body.Deadline,
        }, sentAt: null, cancellationToken));
    }

    static async Task<IResult> Release(PathUser user, Guid reservationId, HttpRequest request, ReservationDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.Read<ReleaseRequest>(request, cancellationToken);
        if (problem is not null) return problem;
        var answer = await desk.Release(new ReleaseQuota { ReservationId = reservationId, UserId = user.Value, UsedQuantity = body!.UsedQuantity }, cancellationToken);
        return answer.Released ? Results.Ok(answer) : Problems.Refusal(answer.Code!, answer.Detail, answer);
    }

    static IResult Answer(QuotaReservation answer) => answer switch
    {
        { Granted: true } => Results.Ok(answer),
        { AffordableQuantity: { } affordable } => Problems.Refusal(answer.Code!, answer.Detail, answer, ("affordableQuantity", affordable)),
        _ => Problems.Refusal(answer.Code!, answer.Detail, answer),
    };

    sealed record ReserveRequest
    {
        public Guid ReservationId { get; init; }
        public string? Service { get; init; }
        public long Quantity { get; init; }
        public Money? Cost { get; init; }
        public string? Currency { get; init; }
        public int GrantSeconds { get; init; } = 30;
        public DateTimeOffset? Deadline { get; init; }
    }

    sealed record ExtendRequest
    {
        public int Step { get; init; }
        public long Quantity { get; init; }
        public Money? Cost { get; init; }
        public string? Currency { get; init; }
        public int GrantSeconds { get; init; } = 30;
        public DateTimeOffset? Deadline { get; init; }
    }

    sealed record ReleaseRequest
    {
        public long? UsedQuantity { get; init; }
    }
}
