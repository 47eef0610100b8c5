-- Credits and refunds name their recharge, and a refund its id at the payment service. SQLite adds no such checks to a table that
-- is there, so it is made anew.

alter table ledger_entry rename to ledger_entry_before;

-- The last wall: the unique key on operation and kind then holds a recharge to one credit, and no refund can add to a balance.
create table ledger_entry (
    account_id integer not null references account,
    entry_number integer not null,
    kind integer not null,
    operation_id text not null,
    amount_nanos integer not null,
    balance_after_nanos integer not null,
    entered_at integer not null,
    recharge_id text,
    refund_id text,
    actor text,
    reason text,
    primary key (account_id, entry_number),
    unique (operation_id, kind),
    check ((recharge_id is not null) = (kind in (1, 2)) and (refund_id is not null) = (kind = 2)),
    check (kind <> 1 or (operation_id = recharge_id and amount_nanos > 0)),
    check (kind <> 2 or amount_nanos < 0)
) strict, without rowid;

insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, recharge_id, actor, reason)
select account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, case kind when 1 then operation_id end, actor, reason
from ledger_entry_before;

drop table ledger_entry_before;

-- What was taken back of a recharge is added up from this index alone.
create index ledger_entry_refunds on ledger_entry (recharge_id, amount_nanos) where kind = 2;
