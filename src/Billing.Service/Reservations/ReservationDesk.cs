using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Billing.Service.Ledger;

namespace Billing.Service.Reservations;

/// <summary>Answers <see cref="ReserveQuota"/>, <see cref="ExtendReservation"/> and <see cref="ReleaseQuota"/> for every door, after the commit.</summary>
public sealed class ReservationDesk(ChargingBatcher batcher, IRules rules, TimeProvider time)
{
    /// <param name="sentAt">When the request was sent, if that is known: it may have waited in a queue, and its caller given up.</param>
    public async Task<QuotaReservation> Reserve(ReserveQuota request, DateTimeOffset? sentAt, CancellationToken cancellationToken) =>
        Answer(request.ReservationId, ReservationShape.Check(request, rules.Currency) is { } wrong
            ? new Refused(wrong)
            : await Submit(ReservationShape.ToOperation(request, time.GetUtcNow(), sentAt), cancellationToken));

    /// <inheritdoc cref="Reserve"/>
    public async Task<QuotaReservation> Extend(ExtendReservation request, DateTimeOffset? sentAt, CancellationToken cancellationToken) =>
        Answer(request.ReservationId, ReservationShape.Check(request, rules.Currency) is { } wrong
            ? new Refused(wrong)
            : await Submit(ReservationShape.ToOperation(request, time.GetUtcNow(), sentAt), cancellationToken));

    public async Task<QuotaRelease> Release(ReleaseQuota request, CancellationToken cancellationToken)
    {
        var outcome = ReservationShape.Check(request) is { } wrong
            ? new Refused(wrong)
            : await Submit(new ReleaseHold(request.ReservationId, request.UserId, request.UsedQuantity), cancellationToken);
        return outcome switch
        {
            Released released => new QuotaRelease
            {
                ReservationId = request.ReservationId,
                Released = true,
                Duplicate = released.Duplicate,
                FreeUnitsReturned = released.GivenBack.FreeUnits,
                AmountReturned = released.GivenBack.Amount,
                SettledQuantity = released.Reservation.Settled.Quantity,
                FreeUnitsHeld = released.Reservation.Held.FreeUnits,
                AmountHeld = released.Reservation.Held.Amount,
                Available = released.Available,
                Currency = rules.Currency,
            },
            Refused refused => new QuotaRelease
            {
                ReservationId = request.ReservationId,
                Released = false,
                Code = refused.Code,
                Detail = refused.Refusal.Detail,
                Currency = rules.Currency,
            },
            _ => throw Unexpected(outcome),
        };
    }

    async Task<Outcome> Submit(ReservationOperation operation, CancellationToken cancellationToken)
    {
        try
        {
            return (await batcher.Submit([operation], Urgency.Interactive, cancellationToken))[0];
        }
        catch (LedgerUnavailableException exception)
        {
            return new Refused(new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
    }

    QuotaReservation Answer(Guid reservationId, Outcome outcome) => outcome switch
    {
        Reserved { Reservation: var reservation } reserved => new QuotaReservation
        {
            ReservationId = reservationId,
            Granted = true,
            Duplicate = reserved.Duplicate,
            Step = reservation.Step,
            Quantity = reservation.Granted.Quantity,
            FreeUnits = reservation.Granted.FreeUnits,
            Amount = reservation.Granted.Amount,
            SettledQuantity = reservation.Settled.Quantity,
            GrantUntil = reservation.GrantUntil,
            SettleBy = reservation.SettleBy,
            Available = reserved.Available,
            FreeUnitsLeft = reserved.FreeUnitsLeft,
            Currency = rules.Currency,
        },
        Refused refused => new QuotaReservation
        {
            ReservationId = reservationId,
            Granted = false,
            Code = refused.Code,
            Detail = refused.Refusal.Detail,
            AffordableQuantity = refused.AffordableQuantity,
            Currency = rules.Currency,
        },
        _ => throw Unexpected(outcome),
    };

    static InvalidOperationException Unexpected(Outcome outcome) => new($"A request about a reservation cannot end as {outcome.GetType().Name}.");
}
