using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using Billing.Service.Access;
using Billing.Service.Ledger;

namespace Billing.Service.Http;

/// <summary>Lets in whoever brings a key for what is asked. Where none is needed, loopback is the lock.</summary>
sealed class KeyCheck(KeyRing ring, KeyRequirement requirement, FailedAttempts failures, ILedgerStore ledger, TimeProvider time, ILogger<KeyCheck> logger)
{
    const string Scheme = "Bearer";

    // As many as there are keys at most: only who knows a key's secret gets it in here.
    readonly ConcurrentDictionary<string, bool> _toldAsExpired = new(StringComparer.Ordinal);

    public async Task Check(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint() as RouteEndpoint;
        var row = endpoint is null ? null : EndpointAccess.Of(endpoint);
        // Where there is no route there is nothing to get at. Whoever asks for the service's health does not wait for the database.
        var isOpen = endpoint is null || row is { Scopes.Count: 0 };
        if (isOpen ? !requirement.IsKnownToApply : !await requirement.Applies(context.RequestAborted))
        {
            await OwnCallersOnly.Check(context, next);
            return;
        }

        var refusal = isOpen ? null : await Refuse(context, row);
        if (refusal is not null) await refusal.ExecuteAsync(context);
        else await next(context);
    }

    async Task<IResult?> Refuse(HttpContext context, EndpointAccess.Row? row)
    {
        var (key, refusal) = await Identify(context);
        if (key is null) return refusal;
        if (row is null || !row.Scopes.Contains(key.Scope)) return Problems.Of(ErrorCodes.ScopeMissing,
            $"Key {key.KeyId} has scope {key.Scope.Name()}; this needs {(row is null ? "one that no key has" : string.Join(" or ", row.Scopes.Select(KeyScopes.Name)))}.");

        var caller = new Caller(key);
        if (row.OneUser == OneUser.Refused && key.UserId is not null) return caller.Forbidden();
        if (row.OneUser == OneUser.InPath && caller.IsKeptFrom(PathName.Of(context))) return caller.Forbidden();
        context.Features.Set(caller);
        return null;
    }

    async Task<(ApiKey? Key, IResult? Refusal)> Identify(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [var header, ..])
        {
            context.Response.Headers.WWWAuthenticate = Scheme;
            return (null, Problems.Of(ErrorCodes.KeyMissing));
        }

        var text = AuthenticationHeaderValue.TryParse(header, out var sent) && sent.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase) ? KeyText.Read(sent.Parameter ?? "") : null;
        // A gateway whose key was right here goes on, whoever else tries keys from behind the same address.
        var wait = text is not null && ring.Knows(text.Id) ? null : failures.MustWait(context.Connection.RemoteIpAddress);
        if (wait is { } left) return (null, TooMany(context, left));
        try
        {
            var key = text is null ? null : await ring.Open(text, context.RequestAborted);
            if (key is { RevokedAt: null }) return key.HasExpired(time.GetUtcNow()) ? (null, Expired(context, key)) : (key, null);
            return (null, Failed(context, text, key is null ? ErrorCodes.KeyUnknown : ErrorCodes.KeyRevoked));
        }
        catch (Exception exception) when (ledger.Classify(exception) == FailureKind.Unavailable)
        {
            // Whether it is still good only the database knows.
            return (null, Problems.Of(ErrorCodes.DatabaseUnavailable, "The key cannot be checked."));
        }
    }

    // Not counted as wrong: nobody guesses here, and whoever brings the next key from the same address must get in.
    IResult Expired(HttpContext context, ApiKey key)
    {
        if (_toldAsExpired.TryAdd(key.KeyId, true)) logger.LogWarning("Key {KeyId} is still in use and refused: it expired at {ExpiresAt}", key.KeyId, key.ExpiresAt);
        context.Response.Headers.WWWAuthenticate = Scheme;
        return Problems.Of(ErrorCodes.KeyExpired, $"Key {key.KeyId} expired at {key.ExpiresAt:O}.");
    }

    IResult Failed(HttpContext context, KeyText? text, string code)
    {
        var address = context.Connection.RemoteIpAddress;
        var count = failures.Add(address);
        // The first of a minute, and the last that is answered: who tries keys does not fill the log.
        if (count is 1 or FailedAttempts.FailuresMax)
            logger.LogWarning("{FailureCount} wrong keys from {RemoteAddress} within a minute, the last with id {KeyId}: {Code}", count, address, text?.Id, code);
        if (failures.MustWait(address) is { } left && count > FailedAttempts.FailuresMax) return TooMany(context, left);
        context.Response.Headers.WWWAuthenticate = Scheme;
        return Problems.Of(code);
    }

    static IResult TooMany(HttpContext context, TimeSpan left)
    {
        var seconds = (int)Math.Ceiling(left.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(ErrorCodes.TooManyFailures, $"Wait {seconds} s.");
    }
}
