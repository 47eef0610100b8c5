namespace Billing.Service.Charging;

/// <summary>A "no": a stable code of <see cref="ErrorCodes"/>, and in words what was wrong and what would be right.</summary>
public sealed record Refusal(string Code, string Detail);
