using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Billing.Client.Reporting.Spooling;

/// <summary>
/// Usage on the local disk, in files that are only ever appended to. Many write, one reads, and messages are confirmed in any order; a
/// file is deleted when all of it is confirmed. After a crash what was read and not confirmed is read again: a repeat, with the same
/// usage ids. Each process begins a file of its own and never writes to one that another process left.
/// </summary>
sealed class Spool : IDisposable
{
    const string Suffix = ".usages";

    /// <summary>A file of which all is confirmed is given up once it is this long, so that a crash repeats little.</summary>
    const long GiveUpAfter = 1 << 20;

    readonly Lock _lock = new();
    readonly string _folder;
    readonly SpoolLimits _limits;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly SegmentReader _reader;
    readonly Queue<Segment> _unread = [];
    readonly List<Segment> _segments = [];
    readonly byte[] _record = new byte[SpoolRecord.HeaderLength + SpoolRecord.ItemsLengthMax];
    Segment? _live;
    long _nextNumber = 1;
    long _bytes;
    long _unreadItems;
    bool _closed;
    TaskCompletionSource _room = NewRoom();

    public Spool(string folder, SpoolLimits limits, TimeProvider time, ILogger log)
    {
        (_folder, _limits, _time, _log) = (folder, limits, time, log);
        _reader = new SegmentReader(limits.ItemsMax, time);
        Gathering = new Gathering(limits.ItemsMax, limits.Wait, time);
        Recover();
    }

    /// <summary>Wakes the reader.</summary>
    public Gathering Gathering { get; }

    /// <summary>Bytes of all files, with those that are confirmed and not deleted yet.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _segments.TrueForAll(segment => segment.IsConfirmed);
        }
    }

    /// <summary>Ends when a file has been deleted since it was asked for, or the spool is closed.</summary>
    public Task Room
    {
        get
        {
            lock (_lock) return _closed ? Task.CompletedTask : _room.Task;
        }
    }

    /// <summary>Writes usages to a file: from there on only the machine's own failure can lose them.</summary>
    /// <returns>False when there is no room left, or the spool is closed.</returns>
    /// <exception cref="IOException">The disk does not take them.</exception>
    public bool TryAppend(ReadOnlySpan<byte> items, int count)
    {
        var record = new SpoolRecord { Count = count, WrittenAtMs = _time.GetUtcNow().ToUnixTimeMilliseconds(), Items = items };
        lock (_lock)
        {
            if (_closed || _bytes + record.Length > _limits.BytesMax) return false;
            record.Write(_record);
            Live_NeedsLock(record.Length).Append(_record.AsSpan(0, record.Length));
            _bytes += record.Length;
            Gathering.Came(_unreadItems, _unreadItems += count);
            return true;
        }
    }

    /// <summary>The next message's worth of usages, in the order in which they were written. For one reader.</summary>
    public UsageBody? Next()
    {
        while (true)
        {
            Segment segment;
            long end;
            lock (_lock)
            {
                if (!_unread.TryPeek(out var first)) return null;
                // Counted before it is read: a file is never deleted between the reading of a message and its confirmation.
                (segment, end) = (first, first.End);
                segment.InFlight++;
            }

            UsageBody? body;
            try
            {
                body = _reader.Next(segment, end);
            }
            catch
            {
                lock (_lock) segment.InFlight--;
                throw;
            }

            lock (_lock)
            {
                if (!segment.IsLive) Leave_NeedsLock(segment);
                if (body is null) segment.InFlight--;
                if (!segment.WasRecovered && body is not null) _unreadItems -= body.Count;
                if (!HasUnread_NeedsLock) _unreadItems = 0;
                Gathering.Left(_unread.TryPeek(out var next) && next.WasRecovered ? long.MaxValue : _unreadItems);
            }
            if (body is not null) return body;
            RetireConfirmed(segment);
            if (segment.IsLive) return null;
        }
    }

    /// <summary>The message has arrived. Its files go when nothing in them is needed any more.</summary>
    public void Confirm(UsageBody body)
    {
        lock (_lock) body.Segment!.InFlight--;
        RetireConfirmed(body.Segment);
    }

    /// <summary>Forces to the disk what was written until now.</summary>
    public void Sync()
    {
        List<(Segment Segment, long End)> unsynced;
        lock (_lock) unsynced = [.. _segments.Where(segment => segment.Synced < segment.End).Select(segment => (segment, segment.End))];
        foreach (var (segment, end) in unsynced)
        {
            try
            {
                segment.Sync();
            }
            catch (ObjectDisposedException)
            {
                // Confirmed and deleted meanwhile.
            }
            lock (_lock) segment.Synced = Math.Max(segment.Synced, end);
        }
    }

    /// <summary>Nothing comes in any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _room.TrySetResult();
        }
    }

    /// <summary>What is not confirmed stays in its files, for the next start.</summary>
    public void Dispose()
    {
        Close();
        Gathering.Dispose();
        lock (_lock)
        {
            _live?.IsLive = false;
            foreach (var segment in _segments.ToList())
            {
                if (segment.IsConfirmed) Forget_NeedsLock(segment);
                else segment.Dispose();
            }
        }
    }

    /// <summary>The file to write to: a new one when the present one is full.</summary>
    Segment Live_NeedsLock(int length)
    {
        if (_live is { } live && live.End + length <= _limits.SegmentMax) return live;
        var created = Segment.Create(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_nextNumber:D16}{Suffix}")));
        _nextNumber++;
        var former = _live;
        _live = created;
        _segments.Add(created);
        _unread.Enqueue(created);
        if (former is not null) Seal_NeedsLock(former);
        return created;
    }

    bool HasUnread_NeedsLock => _unread.TryPeek(out var first) && !(first.IsLive && first.Read == first.End);

    /// <summary>The reader goes on to the next file once it stands at the end of one that does not grow.</summary>
    void Leave_NeedsLock(Segment segment)
    {
        if (segment.Read == segment.End && _unread.TryPeek(out var first) && first == segment) _unread.Dequeue();
    }

    /// <summary>Nothing more is written to it.</summary>
    void Seal_NeedsLock(Segment segment)
    {
        segment.IsLive = false;
        Leave_NeedsLock(segment);
        if (segment.IsConfirmed) Forget_NeedsLock(segment);
    }

    void RetireConfirmed(Segment segment)
    {
        TaskCompletionSource room;
        lock (_lock)
        {
            if (!segment.IsConfirmed) return;
            if (segment.IsLive && segment.End < GiveUpAfter) return;
            if (segment == _live)
            {
                _live = null;
                Seal_NeedsLock(segment);
            }
            else Forget_NeedsLock(segment);
            (room, _room) = (_room, NewRoom());
        }
        room.TrySetResult();
    }

    void Forget_NeedsLock(Segment segment)
    {
        if (!_segments.Remove(segment)) return;
        _bytes -= segment.End;
        if (segment.DamagedBytes > 0) _log.LogError("{Path} had {DamagedBytes} damaged bytes amid usage; all the rest of it is confirmed, and the file is kept as *.damaged", segment.Path, segment.DamagedBytes);
        if (segment.TornBytes > 0) _log.LogWarning("{Path} ended amid a record, of which {TornBytes} bytes were written: its process died before it had taken that usage", segment.Path, segment.TornBytes);
        try
        {
            segment.Retire();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays, and is sent once more after the next start; its usage is charged once.
            _log.LogWarning(exception, "{Path} is confirmed and cannot be deleted", segment.Path);
        }
    }

    void Recover()
    {
        foreach (var path in Directory.GetFiles(_folder, $"*{Suffix}").Order(StringComparer.Ordinal))
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            _nextNumber = Math.Max(_nextNumber, number + 1);
            var segment = Segment.Open(path);
            _segments.Add(segment);
            if (segment.End == 0)
            {
                Forget_NeedsLock(segment);
                continue;
            }
            _bytes += segment.End;
            _unread.Enqueue(segment);
        }
        if (_unread.Count == 0) return;
        _log.LogInformation("{SpooledBytes} bytes of usage are left in {Folder} from an earlier run, and are sent now", _bytes, _folder);
        Gathering.Release();
    }

    static TaskCompletionSource NewRoom() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
