namespace Billing.Service.Ledger.Postgres;

/// <summary>
/// What the service's own user may do in the database, where another one owns it: read and add everywhere, change and take out what is
/// listed here. A migration that brings a table whose rows change has a line here.
/// </summary>
public static class ServiceRights
{
    /// <summary>Statements that may be run again. What was given before and is not any more is taken back first.</summary>
    public static string Of(string role)
    {
        var user = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return
            $"""
            revoke all on all tables in schema ledger, recharges from {user};
            revoke all on all functions in schema ledger, recharges from {user};
            revoke create on schema ledger, recharges from {user};
            grant usage on schema ledger, recharges to {user};
            grant select, insert on all tables in schema ledger, recharges to {user};
            revoke insert on ledger.schema_migration, ledger.catalogue_version, ledger.carried_forward, ledger.carried_run, ledger.retired_day from {user};
            grant update on ledger.account, ledger.free_quota, ledger.reservation, ledger.usage_rollup, ledger.rejected_usage, ledger.catalogue_version to {user};
            grant update (last_used_at, revoked_at) on ledger.api_key to {user};
            grant update, delete on ledger.outbox_message, recharges.outbox_message to {user};
            grant update, delete on recharges.inbox_state to {user};
            grant delete on ledger.reservation to {user};
            grant update, delete on ledger.webhook_subscription, ledger.webhook_delivery to {user};
            grant delete on ledger.operator_alert to {user};
            grant update on ledger.job_turn to {user};
            grant delete on ledger.job_run, ledger.audit_run to {user};
            grant update on recharges.recharge, recharges.recharge_refund, recharges.unmatched_payments to {user};
            grant execute on function ledger.make_usage_record_day(date), ledger.retire_usage_records(date, integer, bigint, timestamptz), ledger.drop_usage_record_day(date) to {user};
            """;
    }
}
