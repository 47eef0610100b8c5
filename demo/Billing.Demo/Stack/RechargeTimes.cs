namespace Billing.Demo.Stack;

/// <summary>Times of a recharge that are short enough to be seen in a run: also those who never pay come to their end.</summary>
static class RechargeTimes
{
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["Recharges:ExpiresAfter"] = "00:00:08",
        ["Recharges:QueryBeforeExpiry"] = "00:00:04",
        ["Recharges:CreditAgainAfter"] = "00:00:10",
    };
}
