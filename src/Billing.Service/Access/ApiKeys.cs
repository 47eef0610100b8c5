using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.Service.Operators;

namespace Billing.Service.Access;

/// <summary>Makes, lists and revokes keys, for the API and for the verb.</summary>
public sealed class ApiKeys(KeyStore store, TimeProvider time)
{
    const int NameLengthMax = 64;
    static readonly Refusal ExpiryRefused = new(ErrorCodes.InvalidExpiry, "expiresAt is an RFC 3339 time ahead, with its offset, such as \"2027-01-31T00:00:00Z\", or absent.");

    public Task<IReadOnlyList<ApiKey>> List(CancellationToken cancellationToken) => store.List(cancellationToken);

    public async Task<MadeKey> Make(IncomingKey request, CancellationToken cancellationToken)
    {
        if (Check(request, out var scope, out var expiresAt) is { } wrong) return new(null, null, wrong);

        var text = KeyText.New(scope);
        var now = EffectiveTimes.CutToMicroseconds(time.GetUtcNow());
        var wanted = new ApiKey
        {
            KeyId = text.Id,
            OperationId = request.OperationId,
            Name = request.Name!,
            Scope = scope,
            UserId = request.UserId,
            CreatedAt = now,
            CreatedBy = request.Actor!,
            ExpiresAt = expiresAt,
        };
        // A repeat is answered with what was made, even if that has expired meanwhile.
        var before = await store.MadeBy(request.OperationId, cancellationToken);
        if (before is null && wanted.HasExpired(now)) return new(null, null, ExpiryRefused);
        var made = before ?? await store.Add(wanted, text.Hash(), Act(ActKinds.CreateKey, wanted, request.Actor!, request.Reason!, now), cancellationToken);
        if (made.KeyId == wanted.KeyId) return new(made, text, null);

        // Its text was given to whoever asked first. Lost, it is of no use to anybody: revoke this key, make another.
        return (made.Name, made.Scope, made.UserId, made.ExpiresAt) == (wanted.Name, wanted.Scope, wanted.UserId, wanted.ExpiresAt)
            ? new(made, null, null)
            : new(null, null, new(ErrorCodes.OperationIdReused, $"Operation {request.OperationId} has made another key, {made.KeyId}."));
    }

    public async Task<RevokedKey> Revoke(string keyId, string? actor, string? reason, CancellationToken cancellationToken)
    {
        if (Signature.Problem(actor, reason) is { } unsigned) return new(null, false, unsigned);
        if (await store.Find(keyId, cancellationToken) is not { Key: var key }) return new(null, false, new(ErrorCodes.KeyNotFound, "There is no key of that id."));

        var now = EffectiveTimes.CutToMicroseconds(time.GetUtcNow());
        var revoked = await store.Revoke(keyId, Act(ActKinds.RevokeKey, key, actor!, reason!, now), cancellationToken);
        return new((await store.Find(keyId, cancellationToken))!.Key, !revoked, null);
    }

    static Refusal? Check(IncomingKey request, out KeyScope scope, out DateTimeOffset? expiresAt)
    {
        scope = KeyScopes.Of(request.Scope) ?? default;
        expiresAt = request.ExpiresAt is { } text && Rfc3339.Read(text) is { } instant ? EffectiveTimes.CutToMicroseconds(instant) : null;
        if (request.OperationId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "operationId is a UUID, not all zero.");
        if (!Signature.IsText(request.Name, NameLengthMax)) return new(ErrorCodes.InvalidKeyName, $"name says whose key it is, in 1 to {NameLengthMax} printable characters.");
        if (KeyScopes.Of(request.Scope) is null) return new(ErrorCodes.InvalidScope, $"scope is {KeyScopes.Names}.");
        if (request.UserId is { } userId)
        {
            if (!Name.IsValid(userId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
            if (scope != KeyScope.Web) return new(ErrorCodes.InvalidScope, "Only a key of scope web can be bound to a user.");
        }
        if (request.ExpiresAt is not null && expiresAt is null) return ExpiryRefused;
        return Signature.Problem(request.Actor, request.Reason);
    }

    // The kinds tell the two acts of one key apart: they share its operation id.
    static OperatorAct Act(string kind, ApiKey key, string actor, string reason, DateTimeOffset now) => new()
    {
        Kind = kind,
        OperationId = key.OperationId,
        Subject = key.KeyId,
        Actor = actor,
        Reason = reason,
        Changes =
        [
            Change(kind, "name", key.Name),
            Change(kind, "scope", key.Scope.Name()),
            .. key.UserId is { } userId ? [Change(kind, "userId", userId)] : Array.Empty<OperatorActChange>(),
            .. key.ExpiresAt is { } expiresAt ? [Change(kind, "expiresAt", $"{expiresAt:O}")] : Array.Empty<OperatorActChange>(),
        ],
        ActedAt = now,
    };

    static OperatorActChange Change(string kind, string name, string value) =>
        kind == ActKinds.CreateKey ? new() { Name = name, After = value } : new() { Name = name, Before = value };
}
