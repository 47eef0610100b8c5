-- Sums of an account's records for each service and quarter of an hour in UTC, for accounts whose running number is past 1,000.
-- Whoever charges keeps them in the transaction that writes the records: an older program beside a newer one would leave its own out.

-- Amounts that each fit into 64 bits may not when added: charging must not fail by that.
create table usage_rollup (
    account_id bigint not null,
    bucket timestamptz not null,
    usages bigint not null,
    units bigint not null,
    free_units bigint not null,
    reversed_usages bigint not null,
    service_id integer not null,
    cost_nanos numeric not null,
    amount_nanos numeric not null,
    reversed_nanos numeric not null,
    primary key (account_id, bucket, service_id)
) with (fillfactor = 70);

-- What is being charged right now is waited for, and is counted.
lock table usage_record, ledger_entry in share mode;

insert into usage_rollup (account_id, bucket, service_id, usages, units, free_units, cost_nanos, amount_nanos, reversed_usages, reversed_nanos)
select r.account_id, date_bin('15 minutes', r.occurred_at, timestamptz '2000-01-01 00:00:00+00'), r.service_id,
    count(*), sum(r.quantity), sum(r.free_units), sum(r.cost_nanos), sum(r.amount_nanos),
    count(e.operation_id), coalesce(sum(r.amount_nanos) filter (where e.operation_id is not null), 0)
from account a
join usage_record r on r.account_id = a.account_id
left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
where a.last_entry_number > 1000
group by 1, 2, 3;
