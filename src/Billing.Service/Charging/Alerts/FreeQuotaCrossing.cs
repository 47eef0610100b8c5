namespace Billing.Service.Charging.Alerts;

/// <summary>A free quota whose used part has come to a percentage; the figures are those after the commit.</summary>
public sealed record FreeQuotaCrossing(string UserId, string Service, DateOnly Month, int Percent, long Used, long Granted);
