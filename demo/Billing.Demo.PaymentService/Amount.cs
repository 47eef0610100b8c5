using System.Globalization;

namespace Billing.Demo.Payments;

/// <summary>Decimal strings of the wire.</summary>
static class Amount
{
    public static decimal Of(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    public static string Text(decimal amount) => amount.ToString("0.00#######", CultureInfo.InvariantCulture);
}
