-- Credits and refunds name their recharge, and a refund its id at the payment service.

alter table ledger_entry add column recharge_id uuid;
alter table ledger_entry add column refund_id text;
update ledger_entry set recharge_id = operation_id where kind = 1;

-- The last wall: the unique key on operation and kind then holds a recharge to one credit, and no refund can add to a balance.
alter table ledger_entry
    add check ((recharge_id is not null) = (kind in (1, 2)) and (refund_id is not null) = (kind = 2)),
    add check (kind <> 1 or (operation_id = recharge_id and amount_nanos > 0)),
    add check (kind <> 2 or amount_nanos < 0);

-- What was taken back of a recharge is added up from this index alone.
create index ledger_entry_refunds on ledger_entry (recharge_id) include (amount_nanos) where kind = 2;
