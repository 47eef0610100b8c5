using System.Globalization;
using System.Text.RegularExpressions;

namespace Billing.Service.Charging;

/// <summary>Times as they come in: always with an offset, for a time without one would mean another instant on each machine.</summary>
public static partial class Rfc3339
{
    public static DateTimeOffset? Read(string text) =>
        Shape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant : null;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})\z")]
    internal static partial Regex Shape();
}
