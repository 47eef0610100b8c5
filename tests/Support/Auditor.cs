using System.Data.Common;
using System.Numerics;
using Billing.Service.Audit;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.TestSupport;

/// <summary>
/// A second, simpler ledger: told what was sent, it adds it up by itself and compares, to the last nano, with what the database
/// holds. It knows prices and free quotas from <see cref="TestCatalogue"/> and shares no rule with the engine.
/// </summary>
public sealed class Auditor(IDatabase database)
{
    const int ProblemsShown = 20;

    readonly Lock _lock = new();
    readonly Dictionary<Guid, TestUsage> _charged = [];
    readonly Dictionary<(EntryKind Kind, Guid Id), (string UserId, Money Amount)> _entered = [];
    readonly HashSet<(string UsageId, string Code)> _rejected = [];
    readonly HashSet<string> _users = [];
    readonly List<string> _problems = [];

    /// <summary>This usage must be charged, once, however often it was sent.</summary>
    public TestUsage Charged(TestUsage usage)
    {
        lock (_lock)
        {
            _charged[usage.UsageId] = usage;
            _users.Add(usage.UserId);
        }
        return usage;
    }

    public void Entered(EntryKind kind, Guid id, string userId, Money amount)
    {
        lock (_lock)
        {
            _entered[(kind, id)] = (userId, amount);
            _users.Add(userId);
        }
    }

    /// <summary>A charged usage that was given back.</summary>
    public void Reversed(TestUsage usage) => Entered(EntryKind.Reversal, usage.UsageId, usage.UserId, Money.Zero);

    /// <summary>This must stand in rejected_usage, once, with this code.</summary>
    public void Rejected(string usageId, string code)
    {
        lock (_lock) _rejected.Add((usageId, code));
    }

    public async Task Check()
    {
        await using (var connection = await database.Open(default))
        {
            await CheckInvariants(connection);
            foreach (var userId in _users) await CheckUser(connection, userId);
            foreach (var (usageId, code) in _rejected) await CheckRejected(connection, usageId, code);
        }
        // The product's own audit must come to the same result.
        foreach (var invariant in (await AuditRun.Execute(database, publishedFile: null, default)).Invariants.Where(invariant => invariant.Violations > 0))
            _problems.Add($"audit, {invariant.Name}: {string.Join("; ", invariant.Examples)}");
        Assert.True(_problems.Count == 0, $"{_problems.Count} problems:\n{string.Join('\n', _problems.Take(ProblemsShown))}");
    }

    async Task CheckInvariants(DbConnection connection)
    {
        foreach (var (promise, sql) in Invariants.All)
        {
            var violations = await Query(connection, sql, reader => reader.GetValue(0));
            if (violations.Count > 0) _problems.Add($"{promise}: {violations.Count} violations, the first at {violations[0]}");
        }
    }

    async Task CheckRejected(DbConnection connection, string usageId, string code)
    {
        var count = (await Query(connection, "select count(*) from rejected_usage where usage_id = $1 and code = $2", reader => reader.GetInt64(0), usageId, code))[0];
        if (count != 1) _problems.Add($"usage {usageId} stands {count} times as rejected with {code}, not once");
    }

    async Task CheckUser(DbConnection connection, string userId)
    {
        var account = (await Query(connection, "select account_id, balance_nanos from account where user_id = $1",
            reader => (Id: reader.GetInt64(0), Balance: reader.GetInt64(1)), userId)).SingleOrDefault();
        var expectsSomething = _charged.Values.Any(usage => usage.UserId == userId) || _entered.Values.Any(entry => entry.UserId == userId);
        if (account.Id == 0)
        {
            if (expectsSomething) _problems.Add($"user {userId} has no account, and all that was sent is lost");
            return;
        }

        var moves = await Moves(connection, account.Id);
        var replay = new Replay();
        foreach (var move in moves) CheckMove(userId, move, replay);
        if (account.Balance != replay.Balance) _problems.Add($"user {userId}: the balance is {account.Balance} nanos, adding up gives {replay.Balance}");
        CheckNothingLost(userId, moves);
        await CheckFreeQuotas(connection, userId, account.Id, replay);
    }

    void CheckMove(string userId, Move move, Replay replay)
    {
        if (move.Kind is { } kind) Enter(userId, kind, move, replay);
        else Charge(userId, move, replay);
        if (move.BalanceAfter != replay.Balance) _problems.Add($"user {userId}, number {move.Number}: balance after is {move.BalanceAfter}, adding up gives {replay.Balance}");
    }

    void Charge(string userId, Move move, Replay replay)
    {
        if (!_charged.TryGetValue(move.Id, out var usage) || usage.UserId != userId)
        {
            _problems.Add($"user {userId}: usage {move.Id} is charged and must not be");
            return;
        }

        var (free, amount) = replay.Charge(usage);
        if (move.FreeUnits != free || -move.Amount != amount)
            _problems.Add($"usage {move.Id}: {move.FreeUnits} free units and {-move.Amount} nanos, adding up gives {free} and {amount}");
    }

    void Enter(string userId, EntryKind kind, Move move, Replay replay)
    {
        if (!_entered.TryGetValue((kind, move.Id), out var expected) || expected.UserId != userId)
        {
            _problems.Add($"user {userId}: {kind} {move.Id} is entered and must not be");
            return;
        }

        var amount = kind == EntryKind.Reversal ? replay.Reverse(_charged[move.Id]) : replay.Enter(expected.Amount);
        if (move.Amount != amount) _problems.Add($"{kind} {move.Id}: {move.Amount} nanos, adding up gives {amount}");
    }

    void CheckNothingLost(string userId, List<Move> moves)
    {
        var present = moves.Select(move => (move.Kind, move.Id)).ToHashSet();
        foreach (var usage in _charged.Values.Where(usage => usage.UserId == userId && !present.Contains((null, usage.UsageId))))
            _problems.Add($"user {userId}: usage {usage.UsageId} is lost");
        foreach (var (key, _) in _entered.Where(entry => entry.Value.UserId == userId && !present.Contains((entry.Key.Kind, entry.Key.Id))))
            _problems.Add($"user {userId}: {key.Kind} {key.Id} is lost");
    }

    async Task CheckFreeQuotas(DbConnection connection, string userId, long accountId, Replay replay)
    {
        var rows = await Query(connection,
            "select s.name, q.month, q.used, q.granted from free_quota q join service s on s.service_id = q.service_id where q.account_id = $1",
            reader => (Service: reader.GetString(0), Month: database.ReadDay(reader, 1), Used: reader.GetInt64(2), Granted: reader.GetInt64(3)), accountId);
        foreach (var row in rows)
        {
            if (row.Granted != TestCatalogue.Of(row.Service).FreeUnits) _problems.Add($"user {userId}, {row.Service} {row.Month:yyyy-MM}: {row.Granted} free units are granted");
            if (row.Used != replay.FreeUnitsUsed(row.Service, row.Month)) _problems.Add($"user {userId}, {row.Service} {row.Month:yyyy-MM}: {row.Used} free units used, adding up gives {replay.FreeUnitsUsed(row.Service, row.Month)}");
        }
        foreach (var (service, month) in replay.FreeQuotas.Except(rows.Select(row => (row.Service, row.Month))))
            _problems.Add($"user {userId}: {service} {month:yyyy-MM} has no row of free units, and some are used");
    }

    async Task<List<Move>> Moves(DbConnection connection, long accountId)
    {
        var records = await Query(connection, "select usage_id, entry_number, amount_nanos, balance_after_nanos, free_units from usage_record where account_id = $1",
            reader => new Move(reader.GetInt64(1), null, reader.GetGuid(0), -(BigInteger)reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)), accountId);
        var entries = await Query(connection, "select operation_id, entry_number, amount_nanos, balance_after_nanos, kind from ledger_entry where account_id = $1",
            reader => new Move(reader.GetInt64(1), (EntryKind)reader.GetInt64(4), reader.GetGuid(0), reader.GetInt64(2), reader.GetInt64(3), 0), accountId);
        return [.. records.Concat(entries).OrderBy(move => move.Number)];
    }

    async Task<List<T>> Query<T>(DbConnection connection, string sql, Func<DbDataReader, T> read, params object[] parameters)
    {
        await using var command = database.Statement(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>A row that moved a balance: a usage, or an entry of a kind.</summary>
    sealed record Move(long Number, EntryKind? Kind, Guid Id, BigInteger Amount, long BalanceAfter, long FreeUnits);
}
