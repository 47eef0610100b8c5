using Billing.Service.Ledger;

namespace Billing.Service.Alerts;

/// <summary>Jobs that read the whole database run on one instance for all: whoever comes first.</summary>
sealed class JobTurns(IDatabase database, TimeProvider time)
{
    /// <summary>False when another instance has the turn. Who dies with it leaves the job to the next time.</summary>
    public async Task<bool> Take(string job, TimeSpan forTime, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        var now = time.GetUtcNow();
        return await database.Execute(connection,
            "insert into job_turn (job, taken_until) values ($1, $3) on conflict (job) do update set taken_until = excluded.taken_until where job_turn.taken_until <= $2",
            cancellationToken, job, now, now + forTime) == 1;
    }
}
