namespace Billing.Demo.Replay;

/// <summary>The beginning of a piece of a file as a terminal may show it.</summary>
static class Shown
{
    const int Max = 40;

    public static string Of(string text) => string.Concat(text.Take(Max).Select(character => char.IsAscii(character) && !char.IsControl(character) ? character : '?'));
}
