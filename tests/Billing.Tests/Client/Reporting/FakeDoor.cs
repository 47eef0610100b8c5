using System.Text;
using System.Text.Json;
using Billing.Client.Reporting;
using Billing.Client.Reporting.Doors;

namespace Billing.Tests.Client.Reporting;

/// <summary>A service that a test opens and closes, and that remembers what came.</summary>
sealed class FakeDoor : IUsageDoor
{
    readonly Lock _lock = new();
    readonly List<(Guid MessageId, UsageOccurred[] Items)> _arrived = [];
    readonly List<Guid> _attempts = [];
    TaskCompletionSource? _held;

    public volatile bool IsAway;

    public List<RejectedItem> Rejects { get; } = [];

    public IReadOnlyList<(Guid MessageId, UsageOccurred[] Items)> Arrived
    {
        get
        {
            lock (_lock) return [.. _arrived];
        }
    }

    /// <summary>The messages that somebody tried to send, with repeats.</summary>
    public IReadOnlyList<Guid> Attempts
    {
        get
        {
            lock (_lock) return [.. _attempts];
        }
    }

    public IReadOnlyList<UsageOccurred> Usages => [.. Arrived.SelectMany(message => message.Items)];

    public string Users => string.Join(' ', Usages.Select(usage => usage.UserId));

    /// <summary>What comes from now on is taken, and confirmed when it is released.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseHeld()
    {
        var held = _held!;
        _held = null;
        held.SetResult();
    }

    public async Task<IReadOnlyList<RejectedItem>> Send(UsageBody body, CancellationToken cancellationToken)
    {
        lock (_lock) _attempts.Add(body.MessageId);
        if (IsAway) throw new DoorException("nobody is there");
        var message = JsonSerializer.Deserialize<UsageBatch>(Encoding.UTF8.GetString(body.Json.Span), JsonSerializerOptions.Web)!;
        lock (_lock) _arrived.Add((body.MessageId, [.. message.Items]));
        if (_held is { } held) await held.Task.WaitAsync(cancellationToken);
        return Rejects;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
