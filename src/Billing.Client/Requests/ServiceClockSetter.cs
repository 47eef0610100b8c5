namespace Billing.Client.Requests;

/// <summary>Sets the <see cref="ServiceClock"/> by a question that the service answers from memory.</summary>
sealed class ServiceClockSetter(IRequestDoor door, ServiceClock clock, TimeProvider time)
{
    /// <summary>Any name will do: the answer has the service's time whether it is on sale or not.</summary>
    const string AnyService = "clock";

    readonly Lock _lock = new();
    Task _asking = Task.CompletedTask;

    /// <summary>The service's time. Waits for an answer where it is not known, and fetches it anew on the side now and then.</summary>
    /// <exception cref="BillingException">It is not known and there was no answer.</exception>
    public async Task<DateTimeOffset> Now(CancellationToken cancellationToken)
    {
        if (clock.IsUnknown) await Set().WaitAsync(cancellationToken);
        else if (clock.IsDue) _ = Refresh();
        return clock.Now;
    }

    /// <summary>Asks the service for its time, one question at a time.</summary>
    public Task Set()
    {
        lock (_lock)
        {
            if (_asking.IsCompleted) _asking = Ask();
            return _asking;
        }
    }

    async Task Refresh()
    {
        try
        {
            await Set();
        }
        catch (BillingException)
        {
            // The last answer stays good enough; the next request asks again.
        }
    }

    async Task Ask()
    {
        var askedAt = time.GetTimestamp();
        var answer = await door.Ask<GetService, ServiceStatus>(new GetService { Service = AnyService }, CancellationToken.None);
        clock.Learn(answer.AsOf, askedAt);
    }
}
