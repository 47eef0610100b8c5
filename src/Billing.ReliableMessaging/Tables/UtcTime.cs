using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Billing.ReliableMessaging;

/// <summary>SQLite forgets what kind of time it keeps: all times of these tables are in UTC.</summary>
static class UtcTime
{
    public static readonly ValueConverter<DateTime, DateTime> Converter = new(time => time, kept => DateTime.SpecifyKind(kept, DateTimeKind.Utc));
}
