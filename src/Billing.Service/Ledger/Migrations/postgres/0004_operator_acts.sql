-- What people did, and what became of rejected usage that was tried again.

create table operator_act (
    act_id bigint generated always as identity primary key,
    kind text not null,
    operation_id uuid not null,
    account_id bigint references account,
    subject text,
    actor text not null,
    reason text not null,
    detail text not null check (detail::jsonb is not null),
    acted_at timestamptz not null,
    unique (operation_id, kind)
);

create index operator_act_by_account on operator_act (account_id, act_id) where account_id is not null;
create index operator_act_by_actor on operator_act (actor, act_id);

-- Acts from before this log: the ledger has who and why. What they changed stands there, under the same id.
insert into operator_act (kind, operation_id, account_id, subject, actor, reason, detail, acted_at)
select case kind when 3 then 'reverse_usage' else 'adjust_balance' end, operation_id, account_id, case kind when 3 then operation_id::text end,
    coalesce(actor, ''), coalesce(reason, ''), '[]', entered_at
from ledger_entry where kind in (3, 4) order by entered_at, account_id, entry_number;

-- Nobody, this service included, changes or takes out what stands in the log.
create function refuse_change_of_operator_act() returns trigger language plpgsql as $$
begin
    raise exception 'operator_act only grows: % is refused', tg_op using errcode = 'integrity_constraint_violation';
end $$;

create trigger operator_act_only_grows before update or delete on operator_act
    for each row execute function refuse_change_of_operator_act();

create trigger operator_act_is_never_emptied before truncate on operator_act
    for each statement execute function refuse_change_of_operator_act();

alter table rejected_usage
    add column retried_at timestamptz,
    add column retry_outcome text,
    add column resolved_at timestamptz;

create index rejected_usage_by_code on rejected_usage (code, rejected_id);
create index rejected_usage_by_user on rejected_usage (user_id, rejected_id);
