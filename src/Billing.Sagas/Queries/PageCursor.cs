using System.Globalization;

namespace Billing.Sagas.Queries;

/// <summary>Where a page ended: the time and the id of its last item. Opaque to whoever sends it back.</summary>
readonly record struct PageCursor(DateTimeOffset At, Guid Id)
{
    public override string ToString() => $"{At.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{Id:N}";

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        if (text.Split('-') is not [var ticks, var id]) return false;
        if (!long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTime.MaxValue.Ticks || !Guid.TryParseExact(id, "N", out var guid)) return false;
        cursor = new PageCursor(new DateTimeOffset(at, TimeSpan.Zero), guid);
        return true;
    }
}
