-- The ledger in one file. Money is in whole nanos (1e-9 of the billing currency), times are UTC in microseconds since 1970,
-- days and months are ISO dates, ids are lower-case UUIDs.

-- Without a rowid: the key would stand for it, number itself past 1 at the second start, and not heed its default.
create table deployment (
    only_row integer primary key default 1 check (only_row = 1),
    currency text not null,
    time_zone text not null
) strict, without rowid;

create table service (
    service_id integer primary key,
    name text not null unique,
    priced_by integer not null check (priced_by in (1, 2))
) strict;

create table price (
    service_id integer not null references service,
    version integer not null check (version > 0),
    amount_nanos integer not null check (amount_nanos >= 0),
    per_units integer not null check (per_units > 0),
    effective_from integer not null,
    primary key (service_id, version)
) strict, without rowid;

create table free_quota_version (
    service_id integer not null references service,
    version integer not null check (version > 0),
    units integer not null check (units >= 0),
    from_month text not null,
    primary key (service_id, version)
) strict, without rowid;

create table account (
    account_id integer primary key,
    user_id text not null unique,
    balance_nanos integer not null default 0,
    held_nanos integer not null default 0 check (held_nanos >= 0),
    overdraft_limit_nanos integer not null default 0 check (overdraft_limit_nanos >= 0),
    last_entry_number integer not null default 0,
    version integer not null default 0,
    opened_at integer not null
) strict;

create table free_quota (
    account_id integer not null,
    service_id integer not null,
    month text not null,
    granted integer not null,
    used integer not null check (used >= 0),
    held integer not null default 0 check (held >= 0),
    primary key (account_id, service_id, month),
    check (used + held <= granted)
) strict, without rowid;

-- No partitions here: the usage id alone is the key, whether it carries its time or not.
create table usage_record (
    usage_id text primary key,
    day text not null,
    account_id integer not null,
    entry_number integer not null,
    service_id integer not null,
    quantity integer not null,
    free_units integer not null,
    cost_nanos integer not null,
    amount_nanos integer not null,
    price_version integer not null,
    quota_month text not null,
    balance_after_nanos integer not null,
    free_units_after integer not null,
    occurred_at integer not null,
    charged_at integer not null,
    content_hash integer not null,
    check (quantity between 1 and 1000000000 and free_units between 0 and quantity and amount_nanos between 0 and cost_nanos)
) strict;

create index usage_record_by_account on usage_record (account_id, occurred_at);

create table ledger_entry (
    account_id integer not null references account,
    entry_number integer not null,
    kind integer not null,
    operation_id text not null,
    amount_nanos integer not null,
    balance_after_nanos integer not null,
    entered_at integer not null,
    actor text,
    reason text,
    primary key (account_id, entry_number),
    unique (operation_id, kind)
) strict, without rowid;

create table rejected_usage (
    rejected_id integer primary key,
    usage_id text not null,
    content_hash integer not null,
    code text not null,
    detail text not null,
    user_id text,
    service text,
    payload text not null,
    rejected_at integer not null,
    unique (usage_id, content_hash, code)
) strict;

create table outbox_message (
    sequence_number integer primary key autoincrement,
    message_id text not null unique,
    message_type text not null,
    body text not null,
    created_at integer not null
) strict;
