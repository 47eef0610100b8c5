namespace Billing.Client.Reporting;

/// <summary>Usages in memory, in their order, up to a bound.</summary>
sealed class UsageBuffer(int capacity, Gathering gathering)
{
    readonly Lock _lock = new();
    readonly UsageReport[] _places = new UsageReport[capacity];
    int _first;
    int _count;
    long _added;
    bool _closed;
    TaskCompletionSource _room = NewRoom();

    public int Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    /// <summary>How many were ever added.</summary>
    public long Added
    {
        get
        {
            lock (_lock) return _added;
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock) return _closed;
        }
    }

    /// <summary>Ends when some have been taken since it was asked for, or nothing will ever be added again.</summary>
    public Task Room
    {
        get
        {
            lock (_lock) return _closed || _count < capacity ? Task.CompletedTask : _room.Task;
        }
    }

    public bool TryAdd(in UsageReport usage)
    {
        lock (_lock)
        {
            if (_count == capacity || _closed) return false;
            var place = _first + _count;
            _places[place < capacity ? place : place - capacity] = usage;
            _added++;
            gathering.Came(_count, ++_count);
            return true;
        }
    }

    /// <summary>The oldest, as many as there are and have a place in it.</summary>
    public int Take(Span<UsageReport> into)
    {
        TaskCompletionSource room;
        int taken;
        lock (_lock)
        {
            taken = Math.Min(into.Length, _count);
            for (var i = 0; i < taken; i++)
            {
                into[i] = _places[_first];
                _places[_first] = default;
                _first = _first + 1 == capacity ? 0 : _first + 1;
            }
            _count -= taken;
            gathering.Left(_count);
            if (taken == 0) return 0;
            (room, _room) = (_room, NewRoom());
        }
        room.TrySetResult();
        return taken;
    }

    /// <summary>Nothing comes in any more; what is in it can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _room.TrySetResult();
        }
        gathering.Release();
    }

    static TaskCompletionSource NewRoom() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
