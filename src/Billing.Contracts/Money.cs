using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// An amount in the deployment's billing currency, as a whole number of nanos (1e-9 of the currency unit).
/// On the wire a decimal string with at most nine places, such as "12.34", so that no reader can round it.
/// Arithmetic throws <see cref="OverflowException"/> past +-9,223,372,036.854775807 and never wraps.
/// </summary>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly record struct Money(long Nanos) : IComparable<Money>
{
    public const long NanosPerUnit = 1_000_000_000;
    const int Places = 9;
    const int WholeDigitsMax = 10;

    public static readonly Money Zero;

    public bool IsNegative => Nanos < 0;

    /// <summary>The exact amount of a decimal; throws when it has more than nine places or is out of range.</summary>
    public static Money FromDecimal(decimal amount)
    {
        var nanos = amount * NanosPerUnit;
        if (nanos != decimal.Truncate(nanos)) throw new FormatException("An amount has at most nine decimal places.");
        return new Money(decimal.ToInt64(nanos));
    }

    /// <summary>Reads "12", "12.34" or "-0.000000001". No exponent, no sign "+", no white space, at most nine places.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Money money)
    {
        money = default;
        if (string.IsNullOrEmpty(text)) return false;
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || !AllDigits(whole) || !AllDigits(fraction)) return false;
        if (whole.Length > WholeDigitsMax || fraction.Length > Places || (point >= 0 && fraction.IsEmpty)) return false;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return false;
        var nanos = amount * NanosPerUnit;
        if (nanos is < long.MinValue or > long.MaxValue) return false;
        money = new Money(decimal.ToInt64(nanos));
        return true;
    }

    public static Money Parse(string text) => TryParse(text, out var money)
        ? money
        : throw new FormatException("An amount is a decimal string with at most nine places, such as \"12.34\".");

    public decimal ToDecimal() => Nanos / (decimal)NanosPerUnit;

    /// <summary>The shortest exact form with at least two places: "12.30", "0.000000001".</summary>
    public override string ToString() => ToDecimal().ToString("0.00#######", CultureInfo.InvariantCulture);

    public int CompareTo(Money other) => Nanos.CompareTo(other.Nanos);

    public static Money operator +(Money left, Money right) => new(checked(left.Nanos + right.Nanos));
    public static Money operator -(Money left, Money right) => new(checked(left.Nanos - right.Nanos));
    public static Money operator -(Money money) => new(checked(-money.Nanos));
    public static bool operator <(Money left, Money right) => left.Nanos < right.Nanos;
    public static bool operator >(Money left, Money right) => left.Nanos > right.Nanos;
    public static bool operator <=(Money left, Money right) => left.Nanos <= right.Nanos;
    public static bool operator >=(Money left, Money right) => left.Nanos >= right.Nanos;

    static bool AllDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
