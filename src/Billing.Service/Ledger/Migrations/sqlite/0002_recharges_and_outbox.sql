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

-- The outbox as its delivery needs it; its times are texts. What lay in the one before was never told to anyone; told now, it would be
-- news of old debts.
drop table outbox_message;

create table outbox_message (
    sequence_number integer primary key autoincrement,
    group_id text not null,
    enqueue_time text,
    scheduling_token_id text,
    delivery_attempts integer not null,
    last_error text,
    message_id text not null,
    sent_time text not null,
    expiration_time text,
    content_type text not null,
    message_type text not null,
    body text not null,
    headers text,
    properties text,
    conversation_id text,
    correlation_id text,
    initiator_id text,
    request_id text,
    source_address text,
    destination_address text,
    response_address text,
    fault_address text
) strict;

create index outbox_message_ready on outbox_message (sequence_number) where enqueue_time is null;
create index outbox_message_due on outbox_message (enqueue_time) where enqueue_time is not null;
create index outbox_message_scheduled on outbox_message (scheduling_token_id) where scheduling_token_id is not null;
create index outbox_message_in_group on outbox_message (group_id, sequence_number);
