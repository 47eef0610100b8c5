-- What people did, and what became of rejected usage that was tried again.

create table operator_act (
    act_id integer primary key autoincrement,
    kind text not null,
    operation_id text not null,
    account_id integer references account,
    subject text,
    actor text not null,
    reason text not null,
    detail text not null check (json_valid(detail)),
    acted_at integer not null,
    unique (operation_id, kind)
) strict;

create index operator_act_by_account on operator_act (account_id, act_id) where account_id is not null;
create index operator_act_by_actor on operator_act (actor, act_id);

-- Acts from before this log: the ledger has who and why. What they changed stands there, under the same id.
insert into operator_act (kind, operation_id, account_id, subject, actor, reason, detail, acted_at)
select case kind when 3 then 'reverse_usage' else 'adjust_balance' end, operation_id, account_id, case kind when 3 then operation_id end,
    coalesce(actor, ''), coalesce(reason, ''), '[]', entered_at
from ledger_entry where kind in (3, 4) order by entered_at, account_id, entry_number;

-- Nobody, this service included, changes or takes out what stands in the log.
create trigger operator_act_is_never_changed before update on operator_act
begin
    select raise(abort, 'operator_act only grows: UPDATE is refused');
end;

create trigger operator_act_is_never_deleted before delete on operator_act
begin
    select raise(abort, 'operator_act only grows: DELETE is refused');
end;

-- "insert or replace" deletes without asking the trigger above.
create trigger operator_act_is_never_replaced before insert on operator_act
when exists (select 1 from operator_act where (operation_id = new.operation_id and kind = new.kind) or act_id = new.act_id)
begin
    select raise(abort, 'operator_act only grows: the act is there already');
end;

alter table rejected_usage add column retried_at integer;
alter table rejected_usage add column retry_outcome text;
alter table rejected_usage add column resolved_at integer;

create index rejected_usage_by_code on rejected_usage (code, rejected_id);
create index rejected_usage_by_user on rejected_usage (user_id, rejected_id);
