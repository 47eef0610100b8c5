namespace Billing.Client.Reporting.Spooling;

/// <summary>A folder that belongs to one process while it lives. The kernel gives it free when the process dies, however it dies.</summary>
sealed class SpoolFolder : IDisposable
{
    const string LockName = "lock";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly FileStream _lock;

    SpoolFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Waits a little for a former process of the same gateway, which may still be on its way out.</summary>
    /// <exception cref="InvalidOperationException">Another process has it.</exception>
    public static async Task<SpoolFolder> Claim(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new SpoolFolder(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException exception) when (time.GetElapsedTime(since) > Patience)
            {
                throw new InvalidOperationException($"{path} belongs to another process. Give each gateway a folder of its own: {UsageReporterOptions.Section}:Directory.", exception);
            }
            catch (IOException)
            {
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public void Dispose() => _lock.Dispose();
}
