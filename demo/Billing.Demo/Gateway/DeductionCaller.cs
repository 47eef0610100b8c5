using Billing.Contracts;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>A call that is paid before it is made: sometimes asked about first, always repeated with the same id until there is an answer.</summary>
sealed class DeductionCaller(IQuotaDoor door, double duplicates, int seed, Repeats repeats, WrongUsages wrong, GatewayLog log, TimeProvider time)
{
    const double CheckedShare = 0.25;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly Random _random = new(seed);

    public async Task Call(DemoUsage usage, CancellationToken giveUp)
    {
        if (_random.NextDouble() < CheckedShare && !await MayCall(usage.Message, giveUp)) return;

        var answer = await Deduct(usage, giveUp);
        log.NoteDeduction(answer.Charged);
        if (!answer.Charged) return;

        log.Confirm([usage]);
        // A refused one is not remembered: as a usage that has happened it would be charged, into debt if need be.
        repeats.Remember(usage);
        wrong.NoteCharged(usage.Message);
        if (_random.NextDouble() < duplicates && (await Deduct(usage, giveUp)).Charged) log.Confirm([usage]);
    }

    async Task<bool> MayCall(UsageOccurred usage, CancellationToken giveUp)
    {
        var status = await Repeat(() => door.Check(
            new CheckQuota { UserId = usage.UserId, Service = usage.Service, Quantity = usage.Quantity, Cost = usage.Cost }, giveUp), _ => true, giveUp);
        log.NoteCheck(status.Allowed);
        return status.Allowed;
    }

    Task<QuotaDeduction> Deduct(DemoUsage usage, CancellationToken giveUp)
    {
        usage.NotePublished(time.GetUtcNow());
        return Repeat(() => door.Deduct(new DeductQuota
        {
            UsageId = usage.Message.UsageId,
            UserId = usage.Message.UserId,
            Service = usage.Message.Service,
            Quantity = usage.Message.Quantity,
            Cost = usage.Message.Cost,
            OccurredAt = usage.Message.OccurredAt,
        }, giveUp), IsFinal, giveUp);
    }

    static bool IsFinal(QuotaDeduction answer) => answer.Code is not (ErrorCodes.RequestExpired or ErrorCodes.DatabaseUnavailable);

    async Task<T> Repeat<T>(Func<Task<T>> ask, Func<T, bool> isFinal, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                var answer = await ask();
                if (isFinal(answer)) return answer;
                log.NoteRetry("The service could not decide in time.");
            }
            catch (Exception exception) when (!giveUp.IsCancellationRequested)
            {
                // No answer, for whatever reason: the id makes asking again harmless.
                log.NoteRetry(exception.Message);
            }
            await Task.Delay(Pause, time, giveUp);
        }
    }
}
