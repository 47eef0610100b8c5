-- The recharges. Between them and the ledger only messages pass. Money is in whole nanos, times are UTC in microseconds since 1970;
-- those of inbox and outbox are texts.

create table recharge (
    recharge_id text primary key,
    current_state text not null,
    user_id text not null,
    amount integer not null,
    currency text not null,
    channel text not null,
    idempotency_key text not null,
    started_at integer not null,
    expires_at integer not null,
    payment_id text,
    pay_url text,
    paid_payment_id text,
    paid_amount integer not null,
    paid_currency text,
    paid_at integer,
    late integer not null,
    credit integer not null check (credit >= 0),
    balance_after integer not null,
    completed_at integer,
    refunded integer not null check (refunded between 0 and credit),
    reason text,
    resolved_credit integer,
    resolved_at integer,
    late_looks integer not null,
    open_refunds integer not null check (open_refunds >= 0),
    answer_token text,
    look_token text,
    waiting text not null
) strict;

create index recharge_by_user on recharge (user_id, started_at, recharge_id);
create index recharge_in_review on recharge (started_at) where current_state = 'NeedsReview';
create index recharge_pending on recharge (started_at) where current_state = 'Pending';

create table recharge_refund (
    recharge_id text not null,
    refund_id text not null,
    payment_id text not null,
    amount integer not null,
    currency text not null,
    progress integer not null,
    received_at integer not null,
    primary key (recharge_id, refund_id)
) strict;

-- A payment pays one recharge.
create table payment_claim (
    payment_id text primary key,
    recharge_id text not null
) strict;

create table unmatched_payments (
    unmatched_id text primary key,
    reason text not null,
    recharge_id text not null,
    payment_id text,
    refund_id text,
    amount integer not null,
    currency text,
    body text,
    detail text,
    received_at integer not null,
    resolved_at integer,
    actor text,
    resolution text,
    assigned_to text,
    assigned_user_id text,
    version integer not null
) strict;

create index unmatched_payments_open on unmatched_payments (received_at, unmatched_id) where resolved_at is null;

-- Only ever added to: every message that touched a recharge, and who decided.
create table recharge_history (
    history_id integer primary key autoincrement,
    recharge_id text not null,
    at integer not null,
    message_id text not null,
    event text not null,
    state text not null,
    actor text,
    reason text
) strict;

create index recharge_history_by_recharge on recharge_history (recharge_id, history_id);

create table recharge_inbox_state (
    message_id text not null,
    consumer_id text not null,
    received text not null,
    primary key (message_id, consumer_id)
) strict;

create index recharge_inbox_state_received on recharge_inbox_state (received);

create table recharge_outbox_message (
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

create index recharge_outbox_message_ready on recharge_outbox_message (sequence_number) where enqueue_time is null;
create index recharge_outbox_message_due on recharge_outbox_message (enqueue_time) where enqueue_time is not null;
create index recharge_outbox_message_token on recharge_outbox_message (scheduling_token_id) where scheduling_token_id is not null;
create index recharge_outbox_message_group on recharge_outbox_message (group_id, sequence_number);
