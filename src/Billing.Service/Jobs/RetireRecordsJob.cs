using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Jobs;

/// <summary>Takes records out of the ledger that are older than they have to be kept, and carries forward what they add up to: docs/retention.md.</summary>
sealed class RetireRecordsJob(IRecordRetirement retirement, IDatabase database, IRules rules, TimeProvider time, IOptions<RetentionOptions> options) : IBillingJob
{
    static readonly TimeSpan AuditAgeMax = TimeSpan.FromDays(7);

    public async Task<JobResult> Run(CancellationToken cancellationToken)
    {
        if (options.Value.RecordsKeepMonths is not { } months) return new JobResult(0, "all records are kept: Retention__RecordsKeepMonths is not set");

        var now = await Now(cancellationToken);
        await HoldToAudit(now, cancellationToken);
        var retired = await retirement.Retire(FirstDayKept(rules.Current.Calendar.MonthOf(now), months), cancellationToken);
        return new JobResult(retired.Records, $"{retired.Records} records carried forward, {retired.DroppedDays} empty days dropped");
    }

    /// <summary>A month begins up to a day earlier in UTC, by whose days records lie.</summary>
    static DateOnly FirstDayKept(DateOnly openMonth, int months) => openMonth.AddMonths(-months).AddDays(-1);

    /// <summary>What does not add up must not be thrown away: afterwards nobody could find out why.</summary>
    async Task HoldToAudit(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var last = await database.Query(connection, "select audited_at, holds from audit_run order by audited_at desc limit 1",
            reader => (At: database.ReadInstant(reader, 0), Holds: reader.GetBoolean(1)), cancellationToken);
        if (last.Count == 0 || last[0].At < now - AuditAgeMax)
            throw new InvalidOperationException($"No audit of the last {AuditAgeMax.TotalDays:0} days is known: nothing is retired before one holds. Run the job audit.");
        if (!last[0].Holds) throw new InvalidOperationException("The last audit does not hold: nothing is retired until one does.");
    }

    /// <summary>The database's clock, by which usage is too old: an instance whose own runs ahead must not retire more than is due.</summary>
    async Task<DateTimeOffset> Now(CancellationToken cancellationToken)
    {
        if (database.Clock is not { } clock) return time.GetUtcNow();
        await using var connection = await database.Open(cancellationToken);
        return (await database.Query(connection, clock, reader => database.ReadInstant(reader, 0), cancellationToken))[0];
    }
}
