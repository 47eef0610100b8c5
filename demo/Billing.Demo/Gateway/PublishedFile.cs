using System.Globalization;
using Billing.Contracts;

namespace Billing.Demo.Gateway;

/// <summary>
/// The list of every confirmed usage, each once: what the audit holds the service to. Wrong ones stand in it too; of an id that was
/// used for two contents it has both.
/// </summary>
sealed class PublishedFile : IDisposable
{
    readonly Lock _lock = new();
    readonly StreamWriter _writer;

    public PublishedFile(string path)
    {
        Path = path;
        _writer = new StreamWriter(path);
        _writer.WriteLine("id,user,service,quantity,cost,occurred_at");
    }

    public string Path { get; }

    public void Add(UsageOccurred usage)
    {
        // Users, services and costs of the demo hold no character that CSV would have to quote.
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{usage.UsageId},{usage.UserId},{usage.Service},{usage.Quantity},{usage.Cost},{usage.OccurredAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}");
        lock (_lock) _writer.WriteLine(line);
    }

    public void Dispose()
    {
        lock (_lock) _writer.Dispose();
    }
}
