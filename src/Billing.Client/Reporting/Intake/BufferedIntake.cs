using Billing.Client.Reporting.Spooling;

namespace Billing.Client.Reporting.Intake;

/// <summary>
/// Each usage is in memory when its report returns, and in a file soon after, many at once. Where the disk takes nothing, they go
/// from the memory straight to the service.
/// </summary>
sealed class BufferedIntake : IIntake, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    readonly Spool _spool;
    readonly UsageSender _sender;
    readonly DiskWatch _disk;
    readonly TimeProvider _time;
    readonly Gathering _gathering;
    readonly UsageBuffer _buffer;
    readonly UsageReport[] _taken;
    readonly UsageJson _json = new();
    readonly CancellationTokenSource _giveUp = new();
    readonly Task _collecting;
    readonly Lock _lock = new();
    long _written;
    TaskCompletionSource _progress = NewProgress();

    public BufferedIntake(Spool spool, UsageSender sender, UsageReporterOptions options, DiskWatch disk, TimeProvider time)
    {
        (_spool, _sender, _disk, _time) = (spool, sender, disk, time);
        _gathering = new Gathering(options.BatchItemsMax, options.FlushInterval, time);
        _buffer = new UsageBuffer(options.BufferMax, _gathering);
        _taken = new UsageReport[options.BatchItemsMax];
        _collecting = Task.Run(Collect);
    }

    public Task Room => _buffer.Room;

    public bool TryTake(in UsageReport usage) => _buffer.TryAdd(usage);

    public async Task Written(CancellationToken cancellationToken)
    {
        var goal = _buffer.Added;
        while (true)
        {
            Task progress;
            lock (_lock)
            {
                if (_written >= goal) return;
                progress = _progress.Task;
            }
            _gathering.Release();
            await progress.WaitAsync(cancellationToken);
        }
    }

    public async Task Close(CancellationToken cancellationToken)
    {
        _buffer.Close();
        await using var _ = cancellationToken.Register(_giveUp.Cancel);
        await _collecting;
    }

    public void Dispose()
    {
        _gathering.Dispose();
        _giveUp.Dispose();
    }

    async Task Collect()
    {
        try
        {
            while (true)
            {
                if (!_buffer.IsClosed) await _gathering.Ready(_giveUp.Token);
                var count = _buffer.Take(_taken);
                if (count == 0 && _buffer.IsClosed) return;
                if (count > 0) await Write(count);
            }
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            _disk.NoteLost(_buffer.Added - _written);
            lock (_lock) _progress.TrySetCanceled();
        }
    }

    async Task Write(int count)
    {
        while (!await TryWrite(count)) await Task.WhenAny(_spool.Room, Task.Delay(Pause, _time, _giveUp.Token)).Unwrap();
        TaskCompletionSource progress;
        lock (_lock)
        {
            _written += count;
            (progress, _progress) = (_progress, NewProgress());
        }
        progress.TrySetResult();
    }

    async ValueTask<bool> TryWrite(int count)
    {
        try
        {
            var written = _spool.TryAppend(_json.Items(_taken.AsSpan(0, count)), count);
            if (written) _disk.NoteSuccess();
            return written;
        }
        catch (Exception exception) when (DiskWatch.IsTrouble(exception))
        {
            _disk.NoteFailure(exception);
        }

        using var body = new UsageBody { MessageId = UsageIds.Next(_time.GetUtcNow()) };
        body.Add(_json.Items(_taken.AsSpan(0, count)), count, _time.GetUtcNow().ToUnixTimeMilliseconds());
        body.End();
        return await _sender.TrySend(body, _giveUp.Token);
    }

    static TaskCompletionSource NewProgress() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
