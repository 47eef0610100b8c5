using Billing.Service.Observability;
using MassTransit;

namespace Billing.Service.Intake;

/// <summary>How long usage takes at present from being published to being charged, by the sender's clock.</summary>
public sealed class ChargingDelay(TimeProvider time, ChargingMetrics? metrics = null)
{
    static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    readonly Lock _lock = new();
    readonly SortedDictionary<long, DateTimeOffset> _inWork = [];
    long _nextTicket;
    TimeSpan _longestLately;
    DateTimeOffset _longestAt;

    /// <summary>The longest of the last seconds, or the age of what is still in work if that is longer.</summary>
    public TimeSpan Current
    {
        get
        {
            var now = time.GetUtcNow();
            lock (_lock)
            {
                var lately = now - _longestAt <= Remembered ? _longestLately : TimeSpan.Zero;
                var oldest = TimeSpan.Zero;
                foreach (var sentAt in _inWork.Values) oldest = Longer(oldest, now - sentAt);
                return Longer(lately, oldest);
            }
        }
    }

    /// <summary>Messages that were taken and are not charged yet.</summary>
    public int InWork
    {
        get
        {
            lock (_lock) return _inWork.Count;
        }
    }

    /// <summary>Notes that a message is in work; dispose once it is charged. One that comes again says nothing of how long charging takes now.</summary>
    public Tracked Track(ConsumeContext message)
    {
        var from = message.ReceiveContext.Redelivered ? time.GetUtcNow() : message.SentAt() ?? time.GetUtcNow();
        lock (_lock)
        {
            var ticket = _nextTicket++;
            _inWork.Add(ticket, from);
            return new Tracked(this, ticket, message.SentAt());
        }
    }

    void Done(long ticket)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (!_inWork.Remove(ticket, out var from)) return;
            var took = Longer(TimeSpan.Zero, now - from);
            if (took < _longestLately && now - _longestAt <= Remembered) return;
            (_longestLately, _longestAt) = (took, now);
        }
    }

    static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    void Charged(DateTimeOffset sentAt) => metrics?.Delayed(Longer(TimeSpan.Zero, time.GetUtcNow() - sentAt));

    /// <summary>One message in work.</summary>
    public sealed class Tracked : IDisposable
    {
        readonly ChargingDelay _delay;
        readonly long _ticket;
        readonly DateTimeOffset? _sentAt;

        internal Tracked(ChargingDelay delay, long ticket, DateTimeOffset? sentAt) => (_delay, _ticket, _sentAt) = (delay, ticket, sentAt);

        /// <summary>All of it is committed: what it took counts from when it was sent first.</summary>
        public void Charged()
        {
            if (_sentAt is { } sentAt) _delay.Charged(sentAt);
        }

        public void Dispose() => _delay.Done(_ticket);
    }
}
