using System.Globalization;
using Billing.Service.Charging;
using StackExchange.Redis;

namespace Billing.Service.Quota.Caching.Redis;

/// <summary>
/// How an account stands in a Redis hash: field <c>a</c> its money, a field <c>q:service:month</c> for each free quota, each value
/// beginning with the version at which it was true; <c>f</c> the token of the entry, <c>m</c> the month and <c>t</c> the time of its fill.
/// </summary>
static class EntryText
{
    public const string Money = "a";
    const string QuotaPrefix = "q:";
    const string Filler = "f";
    const string Month = "m";
    const string FilledAt = "t";
    const string MonthFormat = "yyyy-MM-dd";

    /// <summary>Field, version and value of each part, as the scripts take them.</summary>
    public static IEnumerable<RedisValue> Parts(CachedAccount account)
    {
        var (version, funds, asOf) = account.Funds;
        yield return Money;
        yield return version;
        yield return Join(version, funds.Balance.Nanos, funds.Held.Nanos, funds.OverdraftLimit.Nanos, Microseconds(asOf));
        foreach (var quota in account.Quotas)
        {
            yield return $"{QuotaPrefix}{quota.ServiceId.ToString(CultureInfo.InvariantCulture)}:{Text(quota.Month)}";
            yield return quota.Version;
            yield return Join(quota.Version, quota.Granted, quota.Used, quota.Held);
        }
    }

    public static string Text(DateOnly month) => month.ToString(MonthFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads what the script has found. Whatever this program cannot have written so is unreadable, never guessed at.</summary>
    /// <param name="found">The fields and values of the hash, and Redis's time in milliseconds after them.</param>
    public static CacheReading Read(string userId, RedisValue[] found, DateOnly month, TimeSpan staleMax)
    {
        if (found.Length < 3 || found.Length % 2 == 0 || !TryRead(found[^1], out var now)) return CacheReading.Unreadable;

        CachedFunds? funds = null;
        var quotas = new List<CachedQuota>();
        string? token = null, filledFor = null;
        long? filledAt = null;
        for (var i = 0; i < found.Length - 1; i += 2)
        {
            string? field = found[i], text = found[i + 1];
            if (field == Money)
            {
                if ((funds = Funds(text)) is null) return CacheReading.Unreadable;
            }
            else if (field == Filler) token = text;
            else if (field == Month) filledFor = text;
            else if (field == FilledAt)
            {
                if (!TryRead(found[i + 1], out var at)) return CacheReading.Unreadable;
                filledAt = at;
            }
            else if (field?.StartsWith(QuotaPrefix, StringComparison.Ordinal) == true && Quota(field, text) is { } quota) quotas.Add(quota);
            else return CacheReading.Unreadable;
        }

        if (string.IsNullOrEmpty(token)) return CacheReading.Unreadable;
        // Begun and not filled yet, or filled for the month before.
        if (filledFor is null && filledAt is null) return CacheReading.Missing;
        if (funds is null || filledAt is not { } since || filledFor is null || now < since) return CacheReading.Unreadable;
        // One script writes an account's money together with its quotas: none of them can be ahead of it.
        if (quotas.Any(quota => quota.Version > funds.Version)) return CacheReading.Unreadable;
        // Redis lets it expire by itself, unless someone made it stay.
        if (now - since >= (long)staleMax.TotalMilliseconds) return CacheReading.Missing;
        if (filledFor != Text(month)) return IsMonth(filledFor) ? CacheReading.Missing : CacheReading.Unreadable;
        return new CacheReading(CacheFinding.Known, new CachedAccount(userId, funds, quotas));
    }

    static CachedFunds? Funds(string? text) =>
        Numbers(text, 5) is [>= 0 and var version, var balance, >= 0 and var held, >= 0 and var overdraft, >= 0 and var asOf] && asOf <= MicrosecondsMax
            ? new CachedFunds(version, new AccountFunds(new Money(balance), new Money(held), new Money(overdraft)), Instant(asOf))
            : null;

    static CachedQuota? Quota(string field, string? text)
    {
        var name = field.Split(':');
        if (name.Length != 3 || !int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out var serviceId) || !IsMonth(name[2])) return null;
        if (Numbers(text, 4) is not [>= 0 and var version, >= 0 and var granted, >= 0 and var used, >= 0 and var held]) return null;
        return (Int128)used + held <= granted ? new CachedQuota(version, serviceId, Day(name[2]), granted, used, held) : null;
    }

    static long[] Numbers(string? text, int count)
    {
        var parts = text?.Split('|') ?? [];
        if (parts.Length != count) return [];
        var numbers = new long[count];
        for (var i = 0; i < count; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i])) return [];
        }
        return numbers;
    }

    static bool TryRead(RedisValue value, out long number) => long.TryParse((string?)value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    static string Join(params ReadOnlySpan<long> numbers)
    {
        var texts = new string[numbers.Length];
        for (var i = 0; i < numbers.Length; i++) texts[i] = numbers[i].ToString(CultureInfo.InvariantCulture);
        return string.Join('|', texts);
    }

    static bool IsMonth(string text) => DateOnly.TryParseExact(text, MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Day == 1;

    static DateOnly Day(string text) => DateOnly.ParseExact(text, MonthFormat, CultureInfo.InvariantCulture);

    static readonly long MicrosecondsMax = Microseconds(DateTimeOffset.MaxValue);

    static long Microseconds(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
