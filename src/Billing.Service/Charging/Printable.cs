namespace Billing.Service.Charging;

/// <summary>Text from outside, fit to be kept: PostgreSQL takes neither NUL nor half a surrogate pair, and an operator's terminal wants no control characters.</summary>
static class Printable
{
    public static string Of(string text, int lengthMax) =>
        string.Concat(text.Take(lengthMax).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
}
