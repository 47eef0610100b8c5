-- Funds set aside for calls to come. What is held is in account.held_nanos and free_quota.held too; the audit compares them.

create table reservation (
    account_id bigint not null,
    reservation_id uuid not null,
    content_hash bigint not null,
    step_hash bigint not null,
    quantity bigint not null check (quantity >= 0),
    free_units bigint not null check (free_units between 0 and quantity),
    amount_nanos bigint not null check (amount_nanos >= 0),
    free_units_held bigint not null check (free_units_held >= 0),
    amount_held_nanos bigint not null check (amount_held_nanos >= 0),
    settled_quantity bigint not null check (settled_quantity >= 0),
    settled_free_units bigint not null check (settled_free_units >= 0),
    settled_nanos bigint not null check (settled_nanos >= 0),
    unit_hold_nanos bigint not null check (unit_hold_nanos >= 0),
    late_quantity bigint not null check (late_quantity >= 0),
    final_quantity bigint,
    funds_entry_number bigint not null,
    -- What was available right after money was last set aside.
    funds_available_nanos bigint not null check (funds_available_nanos >= 0),
    granted_at timestamptz not null,
    grant_until timestamptz not null,
    settle_by timestamptz not null,
    closed_at timestamptz,
    service_id integer not null,
    step integer not null check (step >= 0),
    month date not null,
    primary key (account_id, reservation_id),
    check (free_units_held <= free_units - settled_free_units and amount_held_nanos <= amount_nanos - settled_nanos),
    check (closed_at is null or (free_units_held = 0 and amount_held_nanos = 0))
) with (fillfactor = 70);

create index reservation_to_settle on reservation (settle_by) where closed_at is null;
create index reservation_closed on reservation (closed_at) where closed_at is not null;
