using System.Collections.Concurrent;
using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>What the gateway knows by itself: what was confirmed, what came again, what was refused.</summary>
sealed class GatewayLog(PublishedFile published)
{
    const int SampledMax = 100_000;
    const int SampleOneIn = 8;

    long _confirmed, _duplicates, _wrong, _abandoned, _retries, _messages;
    long _deductions, _refused, _stopped, _checks, _leased;

    readonly ConcurrentDictionary<Guid, DateTimeOffset> _sampled = new();
    readonly ConcurrentDictionary<string, long> _notLeased = new();

    /// <summary>Different usages that were confirmed.</summary>
    public long Confirmed => Interlocked.Read(ref _confirmed);

    /// <summary>Of these, the ones made to be rejected.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>Usages in confirmed deliveries beyond the first of each.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Messages, HTTP requests and deductions that were confirmed.</summary>
    public long Deliveries => Interlocked.Read(ref _messages);

    /// <summary>Deliveries that were still without an answer when the run gave up on them.</summary>
    public long Abandoned => Interlocked.Read(ref _abandoned);

    /// <summary>Attempts without a confirmation.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>What the last of these ended with.</summary>
    public string? LastTrouble { get; private set; }

    public long Deductions => Interlocked.Read(ref _deductions);

    public long DeductionsRefused => Interlocked.Read(ref _refused);

    public long Checks => Interlocked.Read(ref _checks);

    /// <summary>Calls that a check had the gateway stop.</summary>
    public long CallsStopped => Interlocked.Read(ref _stopped);

    /// <summary>Calls that a lease answered for, without asking the service.</summary>
    public long Leased => Interlocked.Read(ref _leased);

    /// <summary>Calls that no lease could be had for, by the reason.</summary>
    public IReadOnlyDictionary<string, long> NotLeased => _notLeased;

    /// <summary>When some of the confirmed usages were published.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Sampled => _sampled;

    public void Confirm(IReadOnlyList<DemoUsage> usages)
    {
        Interlocked.Increment(ref _messages);
        foreach (var usage in usages)
        {
            if (!usage.ConfirmFirst())
            {
                Interlocked.Increment(ref _duplicates);
                continue;
            }

            published.Add(usage.Message);
            if (usage.IsWrong) Interlocked.Increment(ref _wrong);
            // Counted after it is written: what is confirmed is in the file.
            if (Interlocked.Increment(ref _confirmed) % SampleOneIn == 0 && !usage.IsWrong && _sampled.Count < SampledMax)
                _sampled[usage.Message.UsageId] = usage.PublishedAt;
        }
    }

    public void NoteDeduction(bool charged)
    {
        Interlocked.Increment(ref _deductions);
        if (!charged) Interlocked.Increment(ref _refused);
    }

    public void NoteCheck(bool allowed)
    {
        Interlocked.Increment(ref _checks);
        if (!allowed) Interlocked.Increment(ref _stopped);
    }

    public void NoteLeased() => Interlocked.Increment(ref _leased);

    public void NoteNotLeased(string code) => _notLeased.AddOrUpdate(code, 1, (_, count) => count + 1);

    public void NoteRetry(string trouble)
    {
        Interlocked.Increment(ref _retries);
        LastTrouble = trouble;
    }

    public void NoteAbandoned() => Interlocked.Increment(ref _abandoned);
}
