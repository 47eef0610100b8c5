using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Intake;
using Billing.Service.Ledger;

namespace Billing.Service.Quota;

/// <summary>Answers <see cref="DeductQuota"/> for every door.</summary>
public sealed class Deductions(ChargingBatcher batcher, IRules rules, TimeProvider time)
{
    /// <summary>How long after it was sent a deduction is still charged when its request names no deadline.</summary>
    public static readonly TimeSpan DeadlineDefault = TimeSpan.FromSeconds(5);

    /// <param name="sentAt">When the request was sent, if that is known: it may have waited in a queue, and its caller given up.</param>
    public async Task<QuotaDeduction> Deduct(UsageFields fields, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        var (usage, wrong) = UsageShape.Check(fields, rules.Currency);
        if (wrong is null && fields.Deadline.IsUnreadable)
            wrong = UsageShape.Wrong(ErrorCodes.InvalidDeadline, "deadline", fields.Deadline, "an RFC 3339 time with its offset");
        if (wrong is null && fields.ReservationId.IsPresent)
            wrong = new Refusal(ErrorCodes.ReservationNotAllowed, "A deduction takes from what is not set aside; report the usage with its reservationId instead.");
        if (usage is null || wrong is not null) return Refused(fields.UsageId.Value, wrong!);

        var deadline = fields.Deadline.Has ? fields.Deadline.Value : (sentAt ?? time.GetUtcNow()) + DeadlineDefault;
        try
        {
            var outcomes = await batcher.Submit([new DeductUsage(usage, deadline)], Urgency.Interactive, cancellationToken);
            return outcomes[0] switch
            {
                Charged charged => Deducted(charged),
                Refused refused => Refused(usage.UsageId, refused.Refusal),
                var other => throw new InvalidOperationException($"A deduction cannot end as {other.GetType().Name}."),
            };
        }
        catch (LedgerUnavailableException exception)
        {
            return Refused(usage.UsageId, new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
    }

    QuotaDeduction Deducted(Charged charged) => new()
    {
        UsageId = charged.Record.UsageId,
        Charged = true,
        Duplicate = charged.Duplicate,
        FreeUnits = charged.Record.FreeUnits,
        PaidUnits = charged.Record.PaidUnits,
        Amount = charged.Record.Amount,
        Balance = charged.Record.BalanceAfter,
        FreeUnitsLeft = charged.Record.FreeUnitsAfter,
        Currency = rules.Currency,
    };

    QuotaDeduction Refused(Guid usageId, Refusal refusal) => new()
    {
        UsageId = usageId,
        Charged = false,
        Code = refusal.Code,
        Detail = refusal.Detail,
        Currency = rules.Currency,
    };
}
