namespace Billing.ReliableMessaging;

/// <summary>A turn of the only writer of a file.</summary>
public sealed class SqliteWriteTurn : IDisposable, IAsyncDisposable
{
    SemaphoreSlim? _writer;

    internal SqliteWriteTurn(SemaphoreSlim writer) => _writer = writer;

    /// <summary>Lets the next one in.</summary>
    public void Dispose() => Interlocked.Exchange(ref _writer, null)?.Release();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
