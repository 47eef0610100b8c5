-- Funds set aside for calls to come. What is held is in account.held_nanos and free_quota.held too; the audit compares them.

create table reservation (
    account_id integer not null,
    reservation_id text not null,
    service_id integer not null,
    month text not null,
    content_hash integer not null,
    granted_at integer not null,
    step integer not null check (step >= 0),
    step_hash integer not null,
    quantity integer not null check (quantity >= 0),
    free_units integer not null check (free_units between 0 and quantity),
    amount_nanos integer not null check (amount_nanos >= 0),
    free_units_held integer not null check (free_units_held >= 0),
    amount_held_nanos integer not null check (amount_held_nanos >= 0),
    settled_quantity integer not null check (settled_quantity >= 0),
    settled_free_units integer not null check (settled_free_units >= 0),
    settled_nanos integer not null check (settled_nanos >= 0),
    unit_hold_nanos integer not null check (unit_hold_nanos >= 0),
    grant_until integer not null,
    settle_by integer not null,
    final_quantity integer,
    closed_at integer,
    late_quantity integer not null check (late_quantity >= 0),
    funds_entry_number integer not null,
    -- What was available right after money was last set aside.
    funds_available_nanos integer not null check (funds_available_nanos >= 0),
    primary key (account_id, reservation_id),
    check (free_units_held <= free_units - settled_free_units and amount_held_nanos <= amount_nanos - settled_nanos),
    check (closed_at is null or (free_units_held = 0 and amount_held_nanos = 0))
) strict, without rowid;

create index reservation_to_settle on reservation (settle_by) where closed_at is null;
create index reservation_closed on reservation (closed_at) where closed_at is not null;
