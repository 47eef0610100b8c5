using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Billing.Client.Leases;

/// <summary>
/// Gives leases back: each with the final count of what its calls used, and only once no call is under way, since the service keeps
/// aside no more than that count says. A release that is not answered is repeated; what never gets through lapses at the service.
/// </summary>
sealed class LeaseReturns(
    IBillingClient client, OpenLeases open, GateMetrics metrics, IOptions<BillingClientOptions> clientOptions, TimeProvider time, ILogger<LeaseReturns> logger) : IDisposable
{
    /// <summary>At the end of the program all leases go back at once: they queue here, not at the broker.</summary>
    const int AtOnce = 64;

    static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim _turns = new(AtOnce);
    readonly CancellationTokenSource _stop = new();

    /// <summary>Its last call is settled and it grants no more.</summary>
    public void Final(Lease lease) =>
        _ = Run(new ReleaseQuota { ReservationId = lease.ReservationId!.Value, UserId = lease.Key.UserId, UsedQuantity = lease.Used }, lease.SettleBy, mayComeLater: false, () => open.Remove(lease));

    /// <summary>The request may still be carried out until its deadline; a release that comes before it finds nothing, and is repeated.</summary>
    public void Unanswered(ReserveQuota request, Moment sent)
    {
        var deadline = sent.Plus(2 * clientOptions.Value.RequestTimeout, time);
        _ = Run(new ReleaseQuota { ReservationId = request.ReservationId, UserId = request.UserId, UsedQuantity = 0 }, deadline, mayComeLater: true, static () => { });
    }

    public void Dispose() => _stop.Cancel();

    async Task Run(ReleaseQuota release, Moment giveUp, bool mayComeLater, Action done)
    {
        // Away from the call that settled last: it does not wait for this.
        await Task.Yield();
        try
        {
            await Repeat(release, giveUp, mayComeLater);
        }
        catch (OperationCanceledException)
        {
            // The program ends before the answer came.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Reservation {ReservationId} of {UserId} was not released; the service takes back what is left when its time is over", release.ReservationId, release.UserId);
        }
        finally
        {
            done();
        }
    }

    async Task Repeat(ReleaseQuota release, Moment giveUp, bool mayComeLater)
    {
        for (var pause = PauseMin; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, PauseMax.Ticks)))
        {
            if (await Send(release, mayComeLater)) return;
            await Task.Delay(pause, time, _stop.Token);
            if (Moment.Now(time).IsPast(giveUp)) return;
        }
    }

    /// <returns>False when it has to be repeated.</returns>
    async Task<bool> Send(ReleaseQuota release, bool mayComeLater)
    {
        await _turns.WaitAsync(_stop.Token);
        var sent = time.GetTimestamp();
        try
        {
            var answer = await client.ReleaseQuotaAsync(release, _stop.Token);
            metrics.Asked(GateMetrics.Release, answer.Code, time.GetElapsedTime(sent));
            return !(mayComeLater && answer.Code == ErrorCodes.ReservationNotFound);
        }
        catch (BillingException exception) when (exception.IsTransient)
        {
            metrics.Asked(GateMetrics.Release, exception.Code, time.GetElapsedTime(sent));
            return false;
        }
        finally
        {
            _turns.Release();
        }
    }
}
