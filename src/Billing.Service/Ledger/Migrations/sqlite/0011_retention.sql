-- Old records leave. What the retired records of an account add up to is carried forward by one row of that account, which changes place
-- with them in one transaction: balance = entries - records - carried forward.
create table carried_forward (
    account_id integer primary key references account,
    records integer not null check (records > 0),
    units integer not null,
    free_units integer not null,
    cost_nanos integer not null,
    amount_nanos integer not null,
    reversed_records integer not null,
    reversed_nanos integer not null,
    -- When the latest of them occurred: every usage after it still has its record.
    last_occurred_at integer not null
) strict;

-- Which running numbers they had, and what was paid in each run of numbers without one that is left: so every gap is accounted for by itself.
create table carried_run (
    account_id integer not null,
    first_number integer not null,
    last_number integer not null check (last_number >= first_number),
    amount_nanos integer not null check (amount_nanos >= 0),
    primary key (account_id, first_number)
) strict, without rowid;

-- The days whose records were or are being retired: how many so far, and since when none is left. There are no partitions to drop.
create table retired_day (
    day text primary key,
    records integer not null default 0,
    folded_at integer
) strict, without rowid;

-- Of a quota's used units those of retired records, and beside them what was given back by reversals of retired records.
alter table free_quota add column retired_units integer not null default 0 check (retired_units between 0 and used);
alter table free_quota add column retired_given_back integer not null default 0 check (retired_given_back >= 0);
