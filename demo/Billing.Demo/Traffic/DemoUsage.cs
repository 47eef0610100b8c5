using Billing.Contracts;

namespace Billing.Demo.Traffic;

/// <summary>One usage of the run, whichever deliveries carry it and however often.</summary>
sealed class DemoUsage(UsageOccurred message, bool isWrong)
{
    int _confirmed;
    long _publishedAtTicks;

    public UsageOccurred Message => message;

    /// <summary>Made to be rejected.</summary>
    public bool IsWrong => isWrong;

    /// <summary>When its first delivery was sent.</summary>
    public DateTimeOffset PublishedAt => new(Interlocked.Read(ref _publishedAtTicks), TimeSpan.Zero);

    public void NotePublished(DateTimeOffset now) => Interlocked.CompareExchange(ref _publishedAtTicks, now.UtcTicks, 0);

    /// <summary>True for the first delivery that is confirmed, false for every repeat.</summary>
    public bool ConfirmFirst() => Interlocked.Exchange(ref _confirmed, 1) == 0;
}
