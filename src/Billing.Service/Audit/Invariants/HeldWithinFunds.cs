namespace Billing.Service.Audit.Invariants;

/// <summary>No more is set aside than the account may spend. Written so that nothing in it can pass 64 bits.</summary>
static class HeldWithinFunds
{
    public static Invariant For() => new()
    {
        Name = "held within funds",
        Counted = "accounts",
        Count = "select count(*) from account",
        Violations =
        [
            """
            select 'user ' || user_id || ': ' || held_nanos || ' nanos held, balance ' || balance_nanos || ', overdraft limit ' || overdraft_limit_nanos
            from account
            where case
                when held_nanos <= 0 or overdraft_limit_nanos < 0 then held_nanos < 0 or overdraft_limit_nanos < 0
                when balance_nanos < 0 then held_nanos > balance_nanos + overdraft_limit_nanos
                else held_nanos - balance_nanos > overdraft_limit_nanos
                end
            """,
        ],
    };
}
