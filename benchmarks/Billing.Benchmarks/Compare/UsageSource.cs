using System.Globalization;
using Billing.Client;
using Billing.Client.Reporting;

namespace Billing.Benchmarks.Compare;

/// <summary>One publisher's messages, written as the client library writes them.</summary>
sealed class UsageSource(LoadShape shape, int seed, int queue)
{
    const int RememberedMax = 10_000;

    readonly Workload _workload = new(shape.Users, seed, shape.TimeOrderedIds);
    readonly UsageJson _json = new();
    readonly UsageReport[] _usages = new UsageReport[shape.UsagesInMessage];
    readonly List<UsageReport> _sent = new(RememberedMax);
    int _next;

    /// <summary>An id of the message made last that was never sent before; none when all of it was.</summary>
    public Guid? NewId { get; private set; }

    /// <summary>How many usages of the message made last were never sent before.</summary>
    public int New { get; private set; }

    public UsageBody Batch()
    {
        Fill();
        var body = new UsageBody { MessageId = Guid.CreateVersion7() };
        body.Add(_json.Items(_usages), _usages.Length, writtenAtMs: 0);
        body.End();
        return body;
    }

    public byte[] Single()
    {
        Fill();
        return _json.Items(_usages).ToArray();
    }

    void Fill()
    {
        var now = TimeProvider.System.GetUtcNow();
        (NewId, New) = (null, 0);
        for (var i = 0; i < _usages.Length; i++)
        {
            if (_sent.Count > 0 && shape.Duplicates > 0 && _workload.NextShare() < shape.Duplicates)
            {
                _usages[i] = _sent[(int)(_workload.NextShare() * _sent.Count)];
                continue;
            }
            _usages[i] = new UsageReport { UsageId = _workload.NextId(now), UserId = NextUser(), Service = _workload.NextService(), Quantity = 1, OccurredAt = Microseconds(now) };
            (NewId, New) = (_usages[i].UsageId, New + 1);
            if (shape.Duplicates > 0) Remember(_usages[i]);
        }
    }

    string NextUser()
    {
        while (true)
        {
            var user = _workload.NextUser();
            if (shape.Queues == 1 || int.Parse(user.AsSpan("user-".Length), CultureInfo.InvariantCulture) % shape.Queues == queue) return user;
        }
    }

    void Remember(UsageReport usage)
    {
        if (_sent.Count < RememberedMax) _sent.Add(usage);
        else _sent[_next++ % RememberedMax] = usage;
    }

    static DateTimeOffset Microseconds(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
