-- What was told to people: each crossing once.

-- The account's own threshold, if it has one, and whether its owner was told that it is below and it has not been well above since.
alter table account
    add column balance_alert_nanos bigint check (balance_alert_nanos >= 0),
    add column told_low boolean not null default false;

-- The highest percentage of the month's free quota that was told as used.
alter table free_quota add column told_percent smallint not null default 0;

-- Who is told, and how. Secrets stand here as Webhooks:SecretKey says: sealed with it, or as they are.
create table webhook_subscription (
    webhook_id uuid primary key,
    url text not null,
    -- Names between blanks, such as ' balance.low account.in_debt '.
    event_types text not null,
    user_id text,
    secret text not null,
    former_secret text,
    former_secret_until timestamptz,
    enabled boolean not null,
    disabled_because text,
    created_at timestamptz not null
);

-- One event for one subscription: to be sent, sent, or given up. The key makes an event that comes twice one delivery.
create table webhook_delivery (
    delivery_id bigint generated always as identity primary key,
    webhook_id uuid not null references webhook_subscription on delete cascade,
    event_id uuid not null,
    event_type text not null,
    body text not null,
    state smallint not null default 0 check (state between 0 and 2),
    attempts integer not null default 0,
    -- Of one that is to be sent: not before. Whoever sends it moves it ahead first, so that it is tried again when he dies.
    due_at timestamptz not null,
    status integer,
    error text,
    created_at timestamptz not null,
    ended_at timestamptz,
    unique (webhook_id, event_id)
);

create index webhook_delivery_due on webhook_delivery (webhook_id, due_at) where state = 0;
create index webhook_delivery_ended on webhook_delivery (ended_at) where state <> 0;
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, delivery_id);

-- What operators were told and is not over: a row each, so that of several instances one tells it.
create table operator_alert (
    kind text not null,
    subject text not null,
    raised_at timestamptz not null,
    primary key (kind, subject)
);

-- Jobs that one instance does for all: nobody else begins one until then.
create table job_turn (
    job text primary key,
    taken_until timestamptz not null
);
