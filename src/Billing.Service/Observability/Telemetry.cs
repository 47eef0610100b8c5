using System.Diagnostics;

namespace Billing.Service.Observability;

/// <summary>The one name under which this service measures and traces.</summary>
public static class Telemetry
{
    public const string Name = "Billing";

    /// <summary>Asked before anything is prepared for a trace: while nobody listens, nothing is.</summary>
    public static readonly ActivitySource Source = new(Name);
}
