-- What runs by the clock: one instance at a time, each planned moment once, and everybody can see what became of it.

-- A row for each job: its last run, which is going on while it has no end. Who runs it moves taken_until ahead; who dies does not.
drop table job_turn;

create table job_turn (
    job text primary key,
    -- The latest planned moment that somebody took.
    due_at integer,
    run_id text not null,
    started_at integer not null,
    taken_until integer not null,
    finished_at integer,
    result text,
    row_count integer not null,
    detail text
) strict, without rowid;

-- Runs that did something, failed, or were broken off. What ended well with nothing to do is only remembered as the last one.
create table job_run (
    run_id text primary key,
    job text not null,
    started_at integer not null,
    finished_at integer,
    result text not null,
    row_count integer not null,
    detail text
) strict;

create index job_run_by_job on job_run (job, started_at);
create index job_run_by_time on job_run (started_at);

-- What the nightly audit found, with the whole report as JSON.
create table audit_run (
    run_id text primary key,
    audited_at integer not null,
    duration_ms integer not null,
    holds integer not null check (holds in (0, 1)),
    violations integer not null,
    report text not null
) strict;

create index audit_run_by_time on audit_run (audited_at);
