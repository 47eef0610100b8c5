using System.Data.Common;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Access;

/// <summary>The keys in the database, each act on one in the transaction that makes it true.</summary>
public sealed class KeyStore(IDatabase database)
{
    const string Columns = "key_id, operation_id, name, scope, user_id, created_at, created_by, expires_at, last_used_at, revoked_at";

    /// <summary>Whether there has ever been a key: a revoked one counts, so that revoking the last does not open the door.</summary>
    public async Task<bool> Any(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await database.Query(connection, "select 1 from api_key limit 1", reader => reader.GetInt32(0), cancellationToken)).Count > 0;
    }

    public async Task<StoredKey?> Find(string keyId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await database.Query(connection, $"select {Columns}, secret_hash from api_key where key_id = $1",
            reader => new StoredKey(Read(reader), reader.GetFieldValue<byte[]>(10)), cancellationToken, keyId)).SingleOrDefault();
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> List(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection, $"select {Columns} from api_key order by created_at desc, key_id", Read, cancellationToken);
    }

    /// <summary>The key that this operation made: the one given, or one that it had made before.</summary>
    public Task<ApiKey> Add(ApiKey key, byte[] secretHash, OperatorAct act, CancellationToken cancellationToken) => Write(async connection =>
    {
        // Of two that repeat each other at once the second waits here for the first, and then finds it.
        var added = await database.Execute(connection,
            "insert into api_key (key_id, operation_id, name, scope, user_id, secret_hash, created_at, created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (operation_id) do nothing",
            cancellationToken, key.KeyId, key.OperationId, key.Name, key.Scope.Name(), key.UserId, secretHash, key.CreatedAt, key.CreatedBy, key.ExpiresAt);
        if (added == 1) await OperatorActs.Write(database, connection, act, cancellationToken);
        return (await MadeBy(connection, key.OperationId, cancellationToken))!;
    }, cancellationToken);

    /// <summary>The key that this operation made, if it has made one.</summary>
    public async Task<ApiKey?> MadeBy(Guid operationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await MadeBy(connection, operationId, cancellationToken);
    }

    /// <summary>False when the key was revoked before.</summary>
    public Task<bool> Revoke(string keyId, OperatorAct act, CancellationToken cancellationToken) => Write(async connection =>
    {
        var revoked = await database.Execute(connection, "update api_key set revoked_at = $2 where key_id = $1 and revoked_at is null", cancellationToken, keyId, act.ActedAt);
        if (revoked == 1) await OperatorActs.Write(database, connection, act, cancellationToken);
        return revoked == 1;
    }, cancellationToken);

    public Task MarkUsed(string keyId, DateTimeOffset now, CancellationToken cancellationToken) => Write(connection =>
        database.Execute(connection, "update api_key set last_used_at = $2 where key_id = $1 and (last_used_at is null or last_used_at < $2)", cancellationToken, keyId, now), cancellationToken);

    async Task<ApiKey?> MadeBy(DbConnection connection, Guid operationId, CancellationToken cancellationToken) =>
        (await database.Query(connection, $"select {Columns} from api_key where operation_id = $1", Read, cancellationToken, operationId)).SingleOrDefault();

    async Task<T> Write<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await change(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    ApiKey Read(DbDataReader reader) => new()
    {
        KeyId = reader.GetString(0),
        OperationId = reader.GetGuid(1),
        Name = reader.GetString(2),
        Scope = KeyScopes.Of(reader.GetString(3))!.Value,
        UserId = reader.IsDBNull(4) ? null : reader.GetString(4),
        CreatedAt = database.ReadInstant(reader, 5),
        CreatedBy = reader.GetString(6),
        ExpiresAt = Instant(reader, 7),
        LastUsedAt = Instant(reader, 8),
        RevokedAt = Instant(reader, 9),
    };

    DateTimeOffset? Instant(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : database.ReadInstant(reader, column);
}
