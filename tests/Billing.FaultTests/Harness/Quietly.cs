namespace Billing.FaultTests.Harness;

static class Quietly
{
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);

    /// <summary>Lets go of a connection whose other end may have been killed: how that fails means nothing.</summary>
    public static async Task Dispose(IAsyncDisposable connection)
    {
        try
        {
            await connection.DisposeAsync().AsTask().WaitAsync(Enough);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
        }
    }
}
