using Billing.Service.Charging;

namespace Billing.Service.Queries;

/// <summary>What all lists that come in pages have in common.</summary>
static class Paging
{
    public const long LimitMax = 500;
    public const string Unavailable = "The database is not available; ask again.";

    public static Refusal? CheckLimit(long limit) =>
        limit is < 1 or > LimitMax ? new(ErrorCodes.InvalidLimit, $"limit is {limit}; a page has 1 to {LimitMax} items.") : null;

    public static Refusal? CheckCursor(string? cursor, string list, out Position? position)
    {
        position = null;
        if (cursor is null) return null;
        if (!Cursor.TryRead(cursor, list, out var read)) return new(ErrorCodes.InvalidCursor, "The cursor is none of this list: it is for one user and one choice of times and service.");
        position = read;
        return null;
    }
}
