using System.Globalization;
using Billing.Service.Charging;

namespace Billing.Service.Http;

/// <summary>The part of an address after the question mark. A name that is not known, or stands there twice, is refused: misspelt, a filter would silently not filter.</summary>
sealed class QueryParameters
{
    readonly IQueryCollection _query;

    QueryParameters(IQueryCollection query) => _query = query;

    /// <summary>The first value that could not be read.</summary>
    public IResult? Problem { get; private set; }

    /// <summary>Null when all names are known, each at most once.</summary>
    public static IResult? Read(HttpRequest request, string[] known, out QueryParameters parameters)
    {
        parameters = new QueryParameters(request.Query);
        foreach (var (name, values) in request.Query)
        {
            // Exactly as documented: a link that a page gives out has each name once.
            if (!known.Contains(name, StringComparer.Ordinal))
                return Problems.Of(ErrorCodes.InvalidRequest, $"'{name}' is no parameter here; there are {string.Join(", ", known)}.");
            if (values.Count > 1) return Problems.Of(ErrorCodes.InvalidRequest, $"'{name}' stands there {values.Count} times; send it once.");
        }
        return null;
    }

    public string? Text(string name) => _query.TryGetValue(name, out var values) ? values.ToString() : null;

    public long? WholeNumber(string name, string code = ErrorCodes.InvalidLimit)
    {
        if (Text(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        Problem ??= Problems.Of(code, $"{name} is '{text}'; send a whole number.");
        return null;
    }

    /// <summary>How many items a page has, where the question counts them in 32 bits; what is beyond them is beyond every page.</summary>
    public int Limit(int otherwise) => (int)Math.Clamp(WholeNumber("limit") ?? otherwise, 0, int.MaxValue);

    public Money? Amount(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Money.TryParse(text, out var amount)) return amount;
        Problem ??= Problems.Of(ErrorCodes.InvalidCost, $"{name} is '{text}'; send a decimal of zero or more with at most nine places, such as 12.34.");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text) return null;
        if (text is "true" or "false") return text == "true";
        Problem ??= Problems.Of(ErrorCodes.InvalidRequest, $"{name} is '{text}'; send true or false.");
        return null;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Rfc3339.Read(text) is { } instant) return instant;
        Problem ??= Problems.Of(ErrorCodes.InvalidRange, $"{name} is '{text}'; send an RFC 3339 time with its offset, such as 2026-11-22T10:00:00Z, with + written as %2B.");
        return null;
    }
}
