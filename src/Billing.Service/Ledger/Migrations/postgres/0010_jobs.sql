-- What runs by the clock: one instance at a time, each planned moment once, and everybody can see what became of it.

-- A row for each job: its last run, which is going on while it has no end. Who runs it moves taken_until ahead; who dies does not.
drop table job_turn;

create table job_turn (
    job text primary key,
    -- The latest planned moment that somebody took.
    due_at timestamptz,
    run_id uuid not null,
    started_at timestamptz not null,
    taken_until timestamptz not null,
    finished_at timestamptz,
    result text,
    row_count bigint not null,
    detail text
);

-- Runs that did something, failed, or were broken off. What ended well with nothing to do is only remembered as the last one.
create table job_run (
    run_id uuid primary key,
    job text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    result text not null,
    row_count bigint not null,
    detail text
);

create index job_run_by_job on job_run (job, started_at);
create index job_run_by_time on job_run (started_at);

-- What the nightly audit found, with the whole report as JSON.
create table audit_run (
    run_id uuid primary key,
    audited_at timestamptz not null,
    duration_ms bigint not null,
    holds boolean not null,
    violations bigint not null,
    report text not null
);

create index audit_run_by_time on audit_run (audited_at);
