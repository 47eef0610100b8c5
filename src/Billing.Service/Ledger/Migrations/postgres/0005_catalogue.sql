-- The catalogue changes while the service runs. Each change raises this number in its own transaction, and holds the row's lock until its
-- commit: changes go one after the other. Whoever charges reads the number under the accounts' locks.
create table catalogue_version (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);

insert into catalogue_version (version) values (1);

-- What each change added, by its operation id: a repeat is answered from here. Who made it and why stands in operator_act, under the same
-- id. What the catalogue file brought has no row.
create table catalogue_change (
    operation_id uuid primary key,
    catalogue_version bigint not null unique,
    kind smallint not null check (kind in (1, 2, 3)),
    service_id integer not null references service,
    version integer not null check (version > 0)
);

-- The last wall: no two prices from the same moment on.
create unique index price_by_time on price (service_id, effective_from);
