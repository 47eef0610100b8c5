using System.Collections.Concurrent;
using Billing.Client;
using Billing.Client.Requests;

namespace Billing.Tests.Client.Leases;

/// <summary>
/// The service's half of leases, in memory: it sets aside, takes back what is released or past its time, and remembers what it was told.
/// Its units cost nothing or all the same; its answers can be lost.
/// </summary>
sealed class FakeFunds(TimeProvider time) : IRequestDoor
{
    public enum Fault { None, RequestLost, AnswerLost }

    static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    readonly Lock _lock = new();

    public long Available { get; set; } = long.MaxValue / 4;
    public string? Refuse { get; set; }
    public ConcurrentDictionary<Guid, Hold> Holds { get; } = [];
    public List<ReserveQuota> Reserved { get; } = [];
    public List<ReleaseQuota> Released { get; } = [];

    /// <summary>Asked before each request for what happens to it.</summary>
    public Func<object, Fault> Happens { get; set; } = static _ => Fault.None;

    /// <summary>Requests for leases wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Requests => Count(Reserved);

    public async Task<TResponse> Ask<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken) where TRequest : class where TResponse : class
    {
        if (request is GetService asked) return (TResponse)(object)new ServiceStatus { Service = asked.Service, Currency = "USD", AsOf = time.GetUtcNow() };

        if (request is ReserveQuota) await Gate.WaitAsync(cancellationToken);
        var fault = Happens(request);
        object? answer = null;
        lock (_lock)
        {
            if (fault != Fault.RequestLost) answer = request switch
            {
                ReserveQuota reserve => Reserve(reserve),
                ReleaseQuota release => Release(release),
                _ => throw new NotSupportedException(request.GetType().Name),
            };
        }
        return fault == Fault.None ? (TResponse)answer! : throw new BillingException(ClientErrorCodes.NoAnswer, "the test lost it.");
    }

    /// <summary>What is not set aside and was not used.</summary>
    public long Sweep()
    {
        lock (_lock)
        {
            foreach (var hold in Holds.Values.Where(hold => hold.Open && time.GetUtcNow() >= hold.SettleBy)) Close(hold, used: null);
            return Available;
        }
    }

    int Count<T>(List<T> list)
    {
        lock (_lock) return list.Count;
    }

    QuotaReservation Reserve(ReserveQuota request)
    {
        Reserved.Add(request);
        if (Refuse is not null) return No(request, Refuse);
        if (Available < request.Quantity) return No(request, ErrorCodes.InsufficientFunds) with { AffordableQuantity = Available };
        Available -= request.Quantity;
        var grantUntil = time.GetUtcNow() + TimeSpan.FromSeconds(request.GrantSeconds);
        Holds[request.ReservationId] = new Hold(request.Quantity, grantUntil, grantUntil + Grace);
        return No(request, null) with { Granted = true, Quantity = request.Quantity, FreeUnits = 0, Amount = new Money(request.Quantity), Available = new Money(Available), GrantUntil = grantUntil, SettleBy = grantUntil + Grace };
    }

    QuotaRelease Release(ReleaseQuota request)
    {
        Released.Add(request);
        if (!Holds.TryGetValue(request.ReservationId, out var hold)) return new QuotaRelease { ReservationId = request.ReservationId, Released = false, Code = ErrorCodes.ReservationNotFound, Currency = "USD" };
        if (hold.Open) Close(hold, request.UsedQuantity);
        return new QuotaRelease { ReservationId = request.ReservationId, Released = true, Currency = "USD" };
    }

    void Close(Hold hold, long? used)
    {
        hold.Open = false;
        hold.Used = used;
        Available += hold.Units - Math.Min(used ?? 0, hold.Units);
    }

    static QuotaReservation No(ReserveQuota request, string? code) => new() { ReservationId = request.ReservationId, Granted = false, Code = code, Currency = "USD" };

    public sealed record Hold(long Units, DateTimeOffset GrantUntil, DateTimeOffset SettleBy)
    {
        public bool Open { get; set; } = true;

        /// <summary>The count that its release named.</summary>
        public long? Used { get; set; }
    }
}
