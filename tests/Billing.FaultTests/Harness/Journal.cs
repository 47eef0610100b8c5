using System.Collections.Concurrent;

namespace Billing.FaultTests.Harness;

/// <summary>What the gateway remembers: every usage it sent, and each that was confirmed to it, written down at once with its content.</summary>
sealed class Journal : IDisposable
{
    readonly ConcurrentDictionary<Guid, SentUsage> _sent = [];
    readonly ConcurrentDictionary<Guid, SentUsage> _confirmed = [];
    readonly ConcurrentDictionary<Guid, SentUsage> _deductions = [];
    readonly ConcurrentDictionary<Guid, string> _refused = [];
    readonly StreamWriter _file;

    public Journal(string path)
    {
        Path = path;
        _file = new StreamWriter(path);
        _file.WriteLine(SentUsage.CsvHeader);
    }

    /// <summary>The confirmed usages as CSV, as the service's own audit reads them.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<Guid, SentUsage> Sent => _sent;
    public IReadOnlyDictionary<Guid, SentUsage> Confirmed => _confirmed;

    /// <summary>Those sent to be charged only if the funds cover them.</summary>
    public IReadOnlyDictionary<Guid, SentUsage> Deductions => _deductions;

    /// <summary>Deductions that were answered with a final no, by its code.</summary>
    public IReadOnlyDictionary<Guid, string> Refused => _refused;

    public int ConfirmedCount => _confirmed.Count;

    public void Sending(IReadOnlyList<SentUsage> usages)
    {
        foreach (var usage in usages) _sent.TryAdd(usage.UsageId, usage);
    }

    public void SendingDeduction(SentUsage usage)
    {
        _sent.TryAdd(usage.UsageId, usage);
        _deductions.TryAdd(usage.UsageId, usage);
    }

    public void Confirm(IReadOnlyList<SentUsage> usages)
    {
        lock (_file)
        {
            foreach (var usage in usages)
            {
                if (_confirmed.TryAdd(usage.UsageId, usage)) _file.WriteLine(usage.CsvLine);
            }
            _file.Flush();
        }
    }

    public void Refuse(SentUsage usage, string code) => _refused[usage.UsageId] = code;

    public void Dispose() => _file.Dispose();
}
