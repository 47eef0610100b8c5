namespace Billing.Service.Charging;

/// <summary>The form of user ids and service names.</summary>
public static class Name
{
    public const int LengthMax = UsageLimits.NameLengthMax;
    public const string Rule = UsageLimits.NameRule;

    public static bool IsValid(string? name) => UsageLimits.IsName(name);
}
