namespace Billing.Service.Audit.Published;

/// <summary>The temporary table of the gateway's list: a row for each line, with the usage or with what is wrong with the line.</summary>
static class PublishedTable
{
    public const string Name = "audit_published";

    /// <summary>usage_id, user_id, service, quantity, cost_nanos, occurred_at; all null for a malformed line.</summary>
    public const int UsageColumns = 6;
}
