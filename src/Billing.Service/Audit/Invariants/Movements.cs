namespace Billing.Service.Audit.Invariants;

/// <summary>Everything that moved a balance: a ledger entry adds its amount, a record takes what was paid.</summary>
static class Movements
{
    public const string Sql =
        """
        select account_id, entry_number, -amount_nanos as moved, balance_after_nanos from usage_record
        union all
        select account_id, entry_number, amount_nanos, balance_after_nanos from ledger_entry
        """;

    public const string Count = "select (select count(*) from usage_record) + (select count(*) from ledger_entry)";
}
