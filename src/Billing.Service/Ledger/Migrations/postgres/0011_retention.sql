-- Old records leave. What the retired records of an account add up to is carried forward by one row of that account, which changes place
-- with them in one transaction: balance = entries - records - carried forward.
create table carried_forward (
    account_id bigint primary key references account,
    records bigint not null check (records > 0),
    units bigint not null,
    free_units bigint not null,
    cost_nanos bigint not null,
    amount_nanos bigint not null,
    reversed_records bigint not null,
    reversed_nanos bigint not null,
    -- When the latest of them occurred: every usage after it still has its record.
    last_occurred_at timestamptz not null
);

-- Which running numbers they had, and what was paid in each run of numbers without one that is left: so every gap is accounted for by itself.
create table carried_run (
    account_id bigint not null,
    first_number bigint not null,
    last_number bigint not null check (last_number >= first_number),
    amount_nanos bigint not null check (amount_nanos >= 0),
    primary key (account_id, first_number)
);

-- The days whose records were or are being retired: how many so far, since when none is left, and since when the partition is gone.
create table retired_day (
    day date primary key,
    records bigint not null default 0,
    folded_at timestamptz,
    dropped_at timestamptz
);

-- Of a quota's used units those of retired records, and beside them what was given back by reversals of retired records.
alter table free_quota
    add column retired_units bigint not null default 0,
    add column retired_given_back bigint not null default 0 check (retired_given_back >= 0),
    add check (retired_units between 0 and used);

-- Retires some records of one day, in the caller's transaction: the service's own user may delete no record. Nobody adds to days this old,
-- since their usage is refused by its age; under the accounts' locks nobody reverses it either. The planner's settings are those of
-- charging: each row is found by a key.
create function retire_usage_records(retired date, at_most integer, from_account bigint, from_time timestamptz,
    out records bigint, out to_account bigint, out to_time timestamptz)
language plpgsql security definer
set search_path = ledger, pg_temp set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
    chosen uuid[];
    accounts bigint[];
    times timestamptz[];
begin
    if retired > current_date - 80 then
        raise exception '% is too late a day to retire', retired using errcode = 'invalid_parameter_value';
    end if;
    insert into retired_day (day) values (retired) on conflict do nothing;
    perform from retired_day d where d.day = retired for update;

    select count(*), array_agg(r.usage_id), array_agg(r.account_id order by r.account_id, r.occurred_at), array_agg(r.occurred_at order by r.account_id, r.occurred_at)
    into records, chosen, accounts, times
    from (
        select u.usage_id, u.account_id, u.occurred_at from usage_record u
        where u.day = retired and (u.account_id, u.occurred_at) >= (from_account, from_time)
        order by u.account_id, u.occurred_at limit at_most) r;

    if records = 0 then
        if not exists (select from usage_record u where u.day = retired) then
            update retired_day d set folded_at = clock_timestamp() where d.day = retired and d.folded_at is null;
        end if;
        return;
    end if;
    to_account := accounts[records];
    to_time := times[records];

    -- In the one order in which everybody locks accounts.
    perform from account a where a.account_id = any(accounts) order by a.account_id for update;

    with gone as (
        delete from usage_record u where u.day = retired and u.usage_id = any(chosen) returning *),
    forgotten as (
        delete from usage_identity i using gone g where i.usage_id = g.usage_id),
    record as (
        select g.*, e.operation_id is not null as reversed from gone g left join ledger_entry e on e.operation_id = g.usage_id and e.kind = 3),
    -- An account with more than 1,000 movements has them in its roll-ups already.
    rolled_up as (
        insert into usage_rollup as u (account_id, bucket, service_id, usages, units, free_units, cost_nanos, amount_nanos, reversed_usages, reversed_nanos)
        select r.account_id, date_bin('15 minutes', r.occurred_at, timestamptz '2000-01-01 00:00:00+00'), r.service_id,
            count(*), sum(r.quantity), sum(r.free_units), sum(r.cost_nanos), sum(r.amount_nanos),
            count(*) filter (where r.reversed), coalesce(sum(r.amount_nanos) filter (where r.reversed), 0)
        from record r join account a on a.account_id = r.account_id
        where a.last_entry_number <= 1000
        group by 1, 2, 3
        on conflict (account_id, bucket, service_id) do update set
            usages = u.usages + excluded.usages, units = u.units + excluded.units, free_units = u.free_units + excluded.free_units,
            cost_nanos = u.cost_nanos + excluded.cost_nanos, amount_nanos = u.amount_nanos + excluded.amount_nanos,
            reversed_usages = u.reversed_usages + excluded.reversed_usages, reversed_nanos = u.reversed_nanos + excluded.reversed_nanos),
    quota as (
        update free_quota q set retired_units = q.retired_units + s.kept, retired_given_back = q.retired_given_back + s.given_back
        from (
            select r.account_id, r.service_id, r.quota_month,
                coalesce(sum(r.free_units) filter (where not r.reversed), 0) as kept, coalesce(sum(r.free_units) filter (where r.reversed), 0) as given_back
            from record r where r.free_units > 0 group by 1, 2, 3) s
        where q.account_id = s.account_id and q.service_id = s.service_id and q.month = s.quota_month),
    -- Each number is a run, and joins those right before and behind it.
    joined as (
        delete from carried_run c using (select account_id, min(entry_number) - 1 as from_number, max(entry_number) + 1 as to_number from gone group by 1) n
        where c.account_id = n.account_id and c.first_number <= n.to_number and c.last_number >= n.from_number returning c.*),
    run as (
        select account_id, entry_number as first_number, entry_number as last_number, amount_nanos from gone
        union all select account_id, first_number, last_number, amount_nanos from joined),
    beginning as (
        select *, first_number is distinct from lag(last_number) over (partition by account_id order by first_number) + 1 as begins from run),
    island as (
        select *, count(*) filter (where begins) over (partition by account_id order by first_number) as number from beginning),
    runs as (
        insert into carried_run (account_id, first_number, last_number, amount_nanos)
        select account_id, min(first_number), max(last_number), sum(amount_nanos) from island group by account_id, number),
    counted as (
        update retired_day d set records = d.records + (select count(*) from gone) where d.day = retired)
    insert into carried_forward as c (account_id, records, units, free_units, cost_nanos, amount_nanos, reversed_records, reversed_nanos, last_occurred_at)
    select r.account_id, count(*), sum(r.quantity), sum(r.free_units), sum(r.cost_nanos), sum(r.amount_nanos),
        count(*) filter (where r.reversed), coalesce(sum(r.amount_nanos) filter (where r.reversed), 0), max(r.occurred_at)
    from record r group by 1
    on conflict (account_id) do update set
        records = c.records + excluded.records, units = c.units + excluded.units, free_units = c.free_units + excluded.free_units,
        cost_nanos = c.cost_nanos + excluded.cost_nanos, amount_nanos = c.amount_nanos + excluded.amount_nanos,
        reversed_records = c.reversed_records + excluded.reversed_records, reversed_nanos = c.reversed_nanos + excluded.reversed_nanos,
        last_occurred_at = greatest(c.last_occurred_at, excluded.last_occurred_at);
end $$;

revoke all on function retire_usage_records(date, integer, bigint, timestamptz) from public;

-- Drops the partition of a day that is empty since an hour or longer: who began to read before that sees rows, not a table that is gone.
create function drop_usage_record_day(retired date) returns void language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
    partition text := 'usage_record_' || to_char(retired, 'YYYYMMDD');
    any_left boolean;
begin
    perform from retired_day where day = retired and folded_at < now() - interval '1 hour' and dropped_at is null for update;
    if not found then
        raise exception 'the records of % are not folded, or not for an hour yet', retired using errcode = 'object_not_in_prerequisite_state';
    end if;
    if to_regclass(format('ledger.%I', partition)) is not null then
        -- Nobody writes to it from here on; who reads is not in the way until the drop itself.
        execute format('lock table ledger.%I in share mode', partition);
        execute format('select exists (select from ledger.%I)', partition) into any_left;
        if any_left then
            raise exception 'records of % are left', retired using errcode = 'object_not_in_prerequisite_state';
        end if;
        execute format('drop table ledger.%I', partition);
    end if;
    update retired_day set dropped_at = clock_timestamp() where day = retired;
end $$;

revoke all on function drop_usage_record_day(date) from public;
