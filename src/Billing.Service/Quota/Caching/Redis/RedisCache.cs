using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Billing.Service.Quota.Caching.Redis;

/// <summary>
/// The cache that all instances share: a hash for each account, changed by scripts only. The user is the key's hash tag, so that all of
/// an account lies on one node of a cluster.
/// </summary>
public sealed class RedisCache(RedisConnection connection, TimeProvider time, IOptions<CacheOptions> options, ILogger<RedisCache> logger) : IAccountCache
{
    readonly CircuitBreaker _breaker = new(options.Value.FailuresMax, options.Value.PauseMax, time);
    readonly string _prefix = $"{options.Value.KeyPrefix}:account:{{";
    int _away;

    public bool IsThere => !_breaker.IsOpen && connection.Database is not null;

    public async ValueTask<CacheReading> Read(string userId, DateOnly month)
    {
        var answer = await Evaluate(Scripts.Read, KeyOf(userId));
        if (answer.Refused) return CacheReading.Unreadable;
        if (answer.Result is not { } result) return CacheReading.Away;
        return result.IsNull ? CacheReading.Missing : EntryText.Read(userId, (RedisValue[])result, month, options.Value.StaleMax);
    }

    public async ValueTask<FillTicket?> BeginFill(string userId)
    {
        var (token, wait) = (Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), (long)options.Value.FillMax.TotalMilliseconds);
        var answer = await Evaluate(Scripts.BeginFill, KeyOf(userId), wait, token);
        if (answer.Result is null) return null;
        var begun = (RedisValue[])answer.Result;
        return new FillTicket(userId, (string)begun[0]!, (long)begun[1]);
    }

    public async ValueTask Fill(FillTicket ticket, CachedAccount account, DateOnly month) => await Evaluate(
        Scripts.Fill, KeyOf(ticket.UserId),
        [ticket.Token, ticket.BegunAt, (long)options.Value.StaleMax.TotalMilliseconds, EntryText.Text(month), account.Funds.Version, .. EntryText.Parts(account)]);

    // What Redis refuses to write into is no entry of ours: who reads it next removes it.
    public async ValueTask<bool> Write(CachedAccount account) =>
        await Evaluate(Scripts.Write, KeyOf(account.UserId), [.. EntryText.Parts(account)]) is { Result: not null } or { Refused: true };

    public async ValueTask<bool> Remove(string userId) => await Call(async redis => RedisResult.Create(await redis.KeyDeleteAsync(KeyOf(userId)))) is { Result: not null };

    public async ValueTask<CachePage?> List(long from, int count)
    {
        var answer = await Call(redis => redis.ExecuteAsync("SCAN", from, "MATCH", $"{Escaped(_prefix)}*", "COUNT", count));
        if (answer.Result is null) return null;
        var page = (RedisResult[])answer.Result;
        var users = ((string[])page[1]).Where(key => key.EndsWith('}')).Select(key => key[_prefix.Length..^1]);
        return new CachePage([.. users.Distinct(StringComparer.Ordinal)], (long)page[0]);
    }

    RedisKey KeyOf(string userId) => $"{_prefix}{userId}}}";

    // A pattern of Redis, in which these have a meaning.
    static string Escaped(string text) => string.Concat(text.Select(character => character is '*' or '?' or '[' or ']' or '\\' ? $"\\{character}" : $"{character}"));

    Task<Answer> Evaluate(string script, RedisKey key, params RedisValue[] values) => Call(async redis =>
    {
        try
        {
            return await redis.ScriptEvaluateAsync(script, [key], values);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Redis was restarted, or told to forget its scripts: the client learns of it by this and sends it along now.
            return await redis.ScriptEvaluateAsync(script, [key], values);
        }
    });

    async Task<Answer> Call(Func<StackExchange.Redis.IDatabase, Task<RedisResult>> call)
    {
        if (!_breaker.TryPass()) return default;
        try
        {
            if (connection.Database is not { } redis) throw new TimeoutException("Redis is not connected.");
            // The client's own asynchronous calls have no time limit: against a frozen server they wait for as long as it is frozen.
            var result = await call(redis).WaitAsync(options.Value.CallMax, time);
            Back();
            return new Answer(result, Refused: false);
        }
        catch (RedisServerException exception) when (exception.Message.Contains("WRONGTYPE", StringComparison.Ordinal))
        {
            Back();
            return new Answer(null, Refused: true);
        }
        catch (Exception exception)
        {
            // Whatever it is, the database has the answer.
            Away(exception);
            return default;
        }
    }

    void Back()
    {
        _breaker.Succeeded();
        if (Interlocked.Exchange(ref _away, 0) == 1) logger.LogInformation("Redis answers again");
    }

    void Away(Exception exception)
    {
        _breaker.Failed();
        if (_breaker.IsOpen && Interlocked.Exchange(ref _away, 1) == 0) logger.LogWarning("Redis does not answer, checks go to the database: {Error}", exception.Message);
    }

    /// <summary>Neither result nor refusal: Redis is away.</summary>
    readonly record struct Answer(RedisResult? Result, bool Refused);
}
