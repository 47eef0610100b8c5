using Microsoft.Extensions.Options;

namespace Billing.Client.Leases;

/// <summary>Asks the service for leases.</summary>
sealed class LeaseDesk(IBillingClient client, LeaseReturns returns, OpenLeases open, GateMetrics metrics, IOptions<QuotaGateOptions> options, TimeProvider time)
{
    /// <summary>Others take from the same funds meanwhile; after so many answers of "less" it is a refusal.</summary>
    const int TriesMax = 3;

    static readonly TimeSpan SettleGrace = TimeSpan.FromMinutes(10);

    readonly QuotaGateOptions _options = options.Value;
    readonly Outage _outage = new(options.Value.RefusalFor, time);

    /// <param name="least">With fewer units than this nothing is gained.</param>
    /// <param name="waiting">What all calls that wait need.</param>
    public async Task<LeaseAnswer> Ask(LeaseKey key, long least, long waiting, long units, Money unitCost)
    {
        if (AtMost(least, unitCost) < least) return No(ErrorCodes.AmountOverflow, from: AtMost(least, unitCost) + 1);
        if (!_outage.MayAsk()) return No(ClientErrorCodes.NoAnswer, unavailable: true);
        for (var attempt = 1; ; attempt++)
        {
            var sent = Moment.Now(time);
            var request = Request(key, AtMost(units, unitCost), unitCost);
            QuotaReservation answer;
            try
            {
                answer = await client.ReserveQuotaAsync(request);
            }
            catch (BillingException exception)
            {
                metrics.Asked(GateMetrics.Reserve, exception.Code, time.GetElapsedTime(sent.Timestamp));
                return NoAnswer(exception, request, sent);
            }
            _outage.Answered();
            metrics.Asked(GateMetrics.Reserve, answer.Code, time.GetElapsedTime(sent.Timestamp));
            if (answer.Granted) return Granted(key, request, answer, unitCost, sent);

            var affordable = answer.AffordableQuantity ?? 0;
            if (answer.Code != ErrorCodes.InsufficientFunds) return No(answer.Code ?? ClientErrorCodes.UnreadableAnswer);
            if (affordable < least || attempt == TriesMax) return No(answer.Code, from: Math.Min(least, affordable + 1), affordable: affordable);
            units = Math.Max(least, LeaseSize.OfFunds(affordable, waiting, _options));
        }
    }

    ReserveQuota Request(LeaseKey key, long units, Money unitCost) => new()
    {
        ReservationId = Guid.CreateVersion7(time.GetUtcNow()),
        UserId = key.UserId,
        Service = key.Service,
        Quantity = units,
        Cost = unitCost == Money.Zero ? null : new Money(unitCost.Nanos * units),
        GrantSeconds = (int)_options.LeaseTime.TotalSeconds,
    };

    /// <summary>The time counts from before the request was sent: the service's own count began later.</summary>
    LeaseAnswer Granted(LeaseKey key, ReserveQuota request, QuotaReservation answer, Money unitCost, Moment sent)
    {
        var grantUntil = sent.Plus(_options.LeaseTime - _options.SafetyMargin, time);
        var settleBy = grantUntil.Plus(answer.SettleBy - answer.GrantUntil ?? SettleGrace, time);
        var lease = new Lease(key, request.ReservationId, request.Quantity, unitCost, grantUntil, settleBy, returns.Final);
        open.Add(lease);
        if (Moment.Now(time).IsPast(grantUntil))
        {
            // The answer took longer than the lease's time.
            lease.Close();
            return No(ClientErrorCodes.NoAnswer, unavailable: true);
        }
        return new LeaseAnswer(lease, null, Affordable(answer));
    }

    /// <summary>Whether the funds were set aside is not known: nothing is handed out under it, and it is given back in case they were.</summary>
    LeaseAnswer NoAnswer(BillingException exception, ReserveQuota request, Moment sent)
    {
        if (!exception.IsTransient)
        {
            _outage.Answered();
            return No(exception.Code);
        }
        _outage.NotAnswered();
        returns.Unanswered(request, sent);
        return No(exception.Code, unavailable: true);
    }

    LeaseAnswer No(string code, long from = 1, bool unavailable = false, long? affordable = null) =>
        new(null, new Refusal(code, from, unavailable, Moment.Now(time).Plus(_options.RefusalFor, time)), affordable);

    static long AtMost(long units, Money unitCost) => Math.Min(units, unitCost == Money.Zero ? Lease.QuantityMax : long.MaxValue / unitCost.Nanos);

    /// <summary>Null when the answer does not tell what a unit costs.</summary>
    static long? Affordable(QuotaReservation answer)
    {
        var paidUnits = answer.Quantity - answer.FreeUnits;
        if (paidUnits > 0 && answer.Amount > Money.Zero) return answer.FreeUnitsLeft + (long)Int128.Min((Int128)Math.Max(0, answer.Available.Nanos) * paidUnits / answer.Amount.Nanos, Lease.QuantityMax);
        return answer.Available > Money.Zero || paidUnits > 0 ? null : answer.FreeUnitsLeft;
    }
}
