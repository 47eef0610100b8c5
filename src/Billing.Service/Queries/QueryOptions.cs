namespace Billing.Service.Queries;

/// <summary>How much of the database reads may take, beside charging. Bound from the configuration section <c>Queries</c>.</summary>
public sealed class QueryOptions
{
    public const string Section = "Queries";

    /// <summary>Connections to PostgreSQL for reads of every kind.</summary>
    public int ConnectionsMax { get; set; } = 16;

    /// <summary>A read that takes longer is broken off and answered with "database_unavailable".</summary>
    public int CommandTimeoutSeconds { get; set; } = 10;

    /// <summary>Statistics computed at once; each keeps a core of the database busy. The others wait.</summary>
    public int StatisticsAtOnceMax { get; set; } = 4;

    /// <summary>How long they wait before they are told to ask again.</summary>
    public TimeSpan StatisticsWaitMax { get; set; } = TimeSpan.FromSeconds(5);
}
