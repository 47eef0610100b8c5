using System.Threading.Channels;
using Billing.Service.Charging;

namespace Billing.Service.Batching;

/// <summary>
/// Work that is committed one batch after the other, in arrival order for each account. What waits is taken all at once, so
/// batches grow by themselves under load. Guarded by the lock of <see cref="Lanes"/>.
/// </summary>
sealed class Lane(Urgency urgency, int batchSizeMax)
{
    readonly Queue<Pending> _waiting = new();
    readonly HashSet<string> _passedOver = new(StringComparer.Ordinal);
    readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    List<Pending> _standing = [];

    public Urgency Urgency { get; } = urgency;
    public bool IsEmpty => _waiting.Count == 0 && _standing.Count == 0;

    /// <summary>Whether work on this user stands here because another lane has the user, and since when.</summary>
    public bool Awaits(string userId) => _passedOver.Contains(userId);

    public bool AwaitsSince(string userId, long before) =>
        _passedOver.Contains(userId) && _standing.Exists(pending => pending.ArrivedAt < before && pending.Operation.UserId == userId);

    /// <summary>Whether something was added that nobody was told of.</summary>
    public bool HasNews { get; private set; }

    public void Add(Pending pending)
    {
        _waiting.Enqueue(pending);
        HasNews = true;
    }

    public void Signal()
    {
        HasNews = false;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Forgets a signal whose reason the coming look at the lane sees anyway.</summary>
    public void ClearSignal() => _signal.Reader.TryRead(out _);

    public ValueTask<bool> Signalled(CancellationToken cancellationToken) => _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Takes what may be worked on now; what may not stays, in its order.</summary>
    public List<Pending> Take(Func<Pending, Turn> turnOf)
    {
        var taken = new List<Pending>(Math.Min(batchSizeMax, _waiting.Count + _standing.Count));
        var standing = _standing;
        _standing = [];
        _passedOver.Clear();
        foreach (var pending in standing) Sort(pending, taken, turnOf);
        while (taken.Count < batchSizeMax && _waiting.TryDequeue(out var pending)) Sort(pending, taken, turnOf);
        return taken;
    }

    void Sort(Pending pending, List<Pending> taken, Func<Pending, Turn> turnOf)
    {
        // An account's work keeps its order: once one piece stands, the later ones stand behind it.
        var userId = pending.Operation.UserId;
        var full = taken.Count >= batchSizeMax;
        var turn = full || (userId is not null && _passedOver.Contains(userId)) ? Turn.Wait : turnOf(pending);
        if (turn == Turn.Take)
        {
            taken.Add(pending);
            return;
        }

        _standing.Add(turn == Turn.GiveWay ? pending with { GaveWay = true } : pending);
        if (userId is not null) _passedOver.Add(userId);
    }
}
