using Billing.Contracts;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>One charging transaction, its statements and arrays made beforehand.</summary>
sealed record PreparedBatch(NpgsqlBatch Read, NpgsqlBatch Write, int Usages);

/// <summary>
/// Charges in memory what a connection will write: the product's own engine decides and its own writer makes the statements. Each
/// connection has accounts of its own, so what is decided beforehand is what would be decided under the locks.
/// </summary>
sealed class PreparedBatches
{
    readonly ChargingRules _rules;
    readonly Dictionary<string, AccountState> _accounts = new(StringComparer.Ordinal);
    readonly Dictionary<FreeQuotaKey, FreeQuotaState> _quotas = [];
    readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    PreparedBatches(ChargingRules rules) => _rules = rules;

    /// <returns>For each connection its batches in their order.</returns>
    public static async Task<List<PreparedBatch>[]> Make(Bench bench, Workload workload, int connections, int usages, int batchSize)
    {
        var prepared = new PreparedBatches(bench.Current);
        await prepared.Load(bench);
        var batches = Enumerable.Range(0, connections).Select(_ => new List<PreparedBatch>()).ToArray();
        var waiting = batches.Select(_ => new List<Operation>(batchSize)).ToArray();
        for (var i = 0; i < usages; i++)
        {
            var usage = workload.Next(prepared._now);
            var connection = (int)(prepared._accounts[usage.UserId].AccountId % connections);
            waiting[connection].Add(new ChargeUsage(usage));
            if (waiting[connection].Count < batchSize) continue;
            batches[connection].Add(prepared.Charge(waiting[connection]));
            waiting[connection].Clear();
        }
        return batches;
    }

    async Task Load(Bench bench)
    {
        await using var command = bench.DataSource.CreateCommand("select account_id, user_id, balance_nanos, last_entry_number, version from account");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            _accounts.Add(reader.GetString(1), new AccountState(reader.GetInt64(0), reader.GetString(1), new AccountFunds(new(reader.GetInt64(2)), Money.Zero, Money.Zero), reader.GetInt64(3), reader.GetInt64(4)));
    }

    PreparedBatch Charge(List<Operation> operations)
    {
        var keys = BatchKeys.Of(operations, _rules);
        var ids = keys.Users.ToDictionary(user => user, user => _accounts[user].AccountId, StringComparer.Ordinal);
        var snapshot = new Snapshot
        {
            Now = _now,
            CatalogueVersion = _rules.Catalogue.Version,
            Accounts = keys.Users.ToDictionary(user => user, user => _accounts[user], StringComparer.Ordinal),
            FreeQuotas = keys.FreeQuotas.Select(key => Quota(new FreeQuotaKey(ids[key.UserId], key.ServiceId, key.Month))).ToDictionary(quota => quota.Key),
            Records = [],
            Entries = [],
            TakenBack = [],
            Reservations = [],
            Acts = [],
        };
        var decisions = ChargingEngine.Decide(operations, snapshot, _rules);
        if (decisions.Records.Count != operations.Count) throw new InvalidOperationException("A usage of the load was not charged.");

        var (read, write) = (new NpgsqlBatch(), new NpgsqlBatch());
        PostgresSnapshotReader.Ask(read, keys, ids);
        PostgresWriter.Write(write, decisions, _now.UtcDateTime);
        write.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        foreach (var account in decisions.Accounts)
            _accounts[account.UserId] = new AccountState(account.AccountId, account.UserId, account.Funds, account.LastEntryNumber, account.Version + 1, account.Alert);
        foreach (var quota in decisions.FreeQuotas)
            _quotas[quota.Key] = new FreeQuotaState(quota.Key, quota.Granted, quota.Used, quota.Held, stored: true, quota.Told);
        return new PreparedBatch(read, write, operations.Count);
    }

    // The template has a row for each of them.
    FreeQuotaState Quota(FreeQuotaKey key) =>
        _quotas.TryGetValue(key, out var quota) ? quota : new FreeQuotaState(key, Workload.Services[key.ServiceId - 1].FreeUnitsIn(key.Month), used: 0, held: 0, stored: true);
}
