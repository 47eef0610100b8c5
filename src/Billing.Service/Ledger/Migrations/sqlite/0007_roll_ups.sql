-- Sums of an account's records for each service and quarter of an hour in UTC, for accounts whose running number is past 1,000.
-- Of money the upper and the lower 32 bits are added up each for itself: amounts that each fit into 64 bits may not when added.

create table usage_rollup (
    account_id integer not null,
    bucket integer not null,
    service_id integer not null,
    usages integer not null,
    units integer not null,
    free_units integer not null,
    cost_nanos_high integer not null,
    cost_nanos_low integer not null,
    amount_nanos_high integer not null,
    amount_nanos_low integer not null,
    reversed_usages integer not null,
    reversed_nanos_high integer not null,
    reversed_nanos_low integer not null,
    primary key (account_id, bucket, service_id)
) strict, without rowid;

insert into usage_rollup (account_id, bucket, service_id, usages, units, free_units, cost_nanos_high, cost_nanos_low, amount_nanos_high, amount_nanos_low,
    reversed_usages, reversed_nanos_high, reversed_nanos_low)
select r.account_id, r.occurred_at - r.occurred_at % 900000000, r.service_id, count(*), sum(r.quantity), sum(r.free_units),
    sum(r.cost_nanos >> 32), sum(r.cost_nanos & 0xffffffff), sum(r.amount_nanos >> 32), sum(r.amount_nanos & 0xffffffff),
    count(e.operation_id), sum(iif(e.operation_id is null, 0, r.amount_nanos >> 32)), sum(iif(e.operation_id is null, 0, r.amount_nanos & 0xffffffff))
from account a
join usage_record r on r.account_id = a.account_id
left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
where a.last_entry_number > 1000
group by 1, 2, 3;
