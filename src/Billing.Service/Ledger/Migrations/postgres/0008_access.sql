-- Who may come in over HTTP, and what the service's own user may still not do itself.

-- A key's secret is not here, only its hash. What an act on a key was and why stands in operator_act, under the key's operation id.
create table api_key (
    key_id text collate "C" primary key,
    operation_id uuid not null unique,
    name text not null,
    scope text not null check (scope in ('gateway', 'web', 'payment', 'admin')),
    user_id text collate "C" check (user_id is null or scope = 'web'),
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    created_at timestamptz not null,
    created_by text not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);

-- Where a key has been, keys are needed ever after: a key that vanished would open the door.
create function refuse_loss_of_api_key() returns trigger language plpgsql as $$
begin
    raise exception 'api_key keeps its rows: revoke the key, % is refused', tg_op using errcode = 'integrity_constraint_violation';
end $$;

create trigger api_key_is_never_deleted before delete on api_key for each row execute function refuse_loss_of_api_key();
create trigger api_key_is_never_emptied before truncate on api_key for each statement execute function refuse_loss_of_api_key();
create trigger api_key_is_revoked_once before update on api_key for each row
    when (old.revoked_at is distinct from new.revoked_at and old.revoked_at is not null) execute function refuse_loss_of_api_key();

-- The days' partitions are made while the service runs, by a user who may make no table of its own: this is the owner's, and makes nothing
-- else. The path is fixed, so that no schema of the caller's stands in for ours.
create function make_usage_record_day(day date) returns void language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
    if day not between current_date - 400 and current_date + 400 then
        raise exception '% is no day that usage comes from', day using errcode = 'invalid_parameter_value';
    end if;
    execute format('create table if not exists ledger.%I partition of ledger.usage_record for values from (%L) to (%L)',
        'usage_record_' || to_char(day, 'YYYYMMDD'), to_char(day, 'YYYY-MM-DD'), to_char(day + 1, 'YYYY-MM-DD'));
end $$;

revoke all on function make_usage_record_day(date) from public;
