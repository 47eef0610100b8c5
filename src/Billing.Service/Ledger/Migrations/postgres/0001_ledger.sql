-- The ledger. Money is in whole nanos (1e-9 of the billing currency), times are UTC.

create table deployment (
    only_row boolean primary key default true check (only_row),
    currency text not null,
    time_zone text not null
);

create table service (
    service_id integer primary key,
    name text collate "C" not null unique,
    priced_by smallint not null check (priced_by in (1, 2))
);

create table price (
    service_id integer not null references service,
    version integer not null check (version > 0),
    amount_nanos bigint not null check (amount_nanos >= 0),
    per_units bigint not null check (per_units > 0),
    effective_from timestamptz not null,
    primary key (service_id, version)
);

create table free_quota_version (
    service_id integer not null references service,
    version integer not null check (version > 0),
    units bigint not null check (units >= 0),
    from_month date not null,
    primary key (service_id, version)
);

-- One lock, one row: whoever changes money of an account holds this row's lock, taken in the order of account_id.
-- No index on what changes, and room on the page: updates stay heap-only.
create table account (
    account_id bigint generated always as identity primary key,
    user_id text collate "C" not null unique,
    balance_nanos bigint not null default 0,
    held_nanos bigint not null default 0 check (held_nanos >= 0),
    overdraft_limit_nanos bigint not null default 0 check (overdraft_limit_nanos >= 0),
    last_entry_number bigint not null default 0,
    version bigint not null default 0,
    opened_at timestamptz not null default now()
) with (fillfactor = 80);

create table free_quota (
    account_id bigint not null,
    service_id integer not null,
    month date not null,
    granted bigint not null,
    used bigint not null check (used >= 0),
    held bigint not null default 0 check (held >= 0),
    primary key (account_id, service_id, month),
    check (used + held <= granted)
) with (fillfactor = 80);

-- A partition for each day. The day is the one inside a version 7 usage id, otherwise the day of the charge (usage_identity
-- remembers which): so the primary key holds a usage id unique over all partitions, and an old day leaves by DROP.
create table usage_record (
    account_id bigint not null,
    entry_number bigint not null,
    cost_nanos bigint not null,
    amount_nanos bigint not null,
    balance_after_nanos bigint not null,
    free_units_after bigint not null,
    content_hash bigint not null,
    occurred_at timestamptz not null,
    charged_at timestamptz not null,
    quantity integer not null,
    free_units integer not null,
    price_version integer not null,
    service_id integer not null,
    quota_month date not null,
    day date not null,
    usage_id uuid not null,
    primary key (usage_id, day),
    check (quantity between 1 and 1000000000 and free_units between 0 and quantity and amount_nanos between 0 and cost_nanos)
) partition by range (day);

create index usage_record_by_account on usage_record (account_id, occurred_at);

-- Catches what no day was made for; stays empty while the days are made ahead of time.
create table usage_record_default partition of usage_record default;

create table usage_identity (
    usage_id uuid primary key,
    day date not null
);

create table ledger_entry (
    account_id bigint not null references account,
    entry_number bigint not null,
    kind smallint not null,
    operation_id uuid not null,
    amount_nanos bigint not null,
    balance_after_nanos bigint not null,
    entered_at timestamptz not null,
    actor text,
    reason text,
    primary key (account_id, entry_number),
    unique (operation_id, kind)
);

create table rejected_usage (
    rejected_id bigint generated always as identity primary key,
    usage_id text not null,
    content_hash bigint not null,
    code text not null,
    detail text not null,
    user_id text,
    service text,
    payload text not null,
    rejected_at timestamptz not null,
    unique (usage_id, content_hash, code)
);

create table outbox_message (
    sequence_number bigint generated always as identity primary key,
    message_id uuid not null unique,
    message_type text not null,
    body text not null,
    created_at timestamptz not null
);
