-- Who may come in over HTTP.

-- A key's secret is not here, only its hash. What an act on a key was and why stands in operator_act, under the key's operation id.
create table api_key (
    key_id text primary key,
    operation_id text not null unique,
    name text not null,
    scope text not null check (scope in ('gateway', 'web', 'payment', 'admin')),
    user_id text check (user_id is null or scope = 'web'),
    secret_hash blob not null check (length(secret_hash) = 32),
    created_at integer not null,
    created_by text not null,
    last_used_at integer,
    revoked_at integer
) strict;

-- Where a key has been, keys are needed ever after: a key that vanished would open the door.
create trigger api_key_is_never_deleted before delete on api_key
begin
    select raise(abort, 'api_key keeps its rows: revoke the key, DELETE is refused');
end;

create trigger api_key_is_revoked_once before update on api_key
when old.revoked_at is not new.revoked_at and old.revoked_at is not null
begin
    select raise(abort, 'api_key keeps its rows: revoke the key, UPDATE is refused');
end;
