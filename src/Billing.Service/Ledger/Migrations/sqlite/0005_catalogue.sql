-- The catalogue changes while the service runs. Each change raises this number in its own transaction; whoever charges reads it in theirs.
-- Without a rowid: see deployment.
create table catalogue_version (
    only_row integer primary key default 1 check (only_row = 1),
    version integer not null
) strict, without rowid;

insert into catalogue_version (version) values (1);

-- What each change added, by its operation id: a repeat is answered from here. Who made it and why stands in operator_act, under the same
-- id. What the catalogue file brought has no row.
create table catalogue_change (
    operation_id text primary key,
    catalogue_version integer not null unique,
    kind integer not null check (kind in (1, 2, 3)),
    service_id integer not null references service,
    version integer not null check (version > 0)
) strict, without rowid;

-- The last wall: no two prices from the same moment on.
create unique index price_by_time on price (service_id, effective_from);
