#!/usr/bin/env bash
# Builds and runs the service or the demo.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$root/scripts/common.sh"

usage() {
    cat <<'END'
usage: run.sh [--servers] [ARGS...]          the service
       run.sh audit [ARGS...]                proves that no money was lost or made; ARGS as in `run.sh audit --help`
       run.sh verify-cache [--repair]        compares the cache in Redis with the database
       run.sh keys create|list|revoke        keys of the HTTP API; ARGS as in `run.sh keys --help`
       run.sh migrate [--dry-run]            brings the database to this version's schema, as BILLING_POSTGRES_OWNER
       run.sh jobs                           what runs by the clock in a running service, and how it went
       run.sh job NAME                       runs one of them now, and waits for its end
       run.sh demo [--servers] [ARGS...]     the demo

Without anything else the service runs embedded: SQLite, in-memory transport, in-process cache;
only the .NET 10 SDK is needed. What it uses instead is chosen by connection strings:
  BILLING_POSTGRES, BILLING_RABBITMQ, BILLING_REDIS

--servers   starts private PostgreSQL, RabbitMQ and Redis first (installs them where it may: see
            scripts/servers.sh --help) and destroys them, and their data, at the end
--data DIR  of the demo: the databases, those of --servers too, stay in DIR for the next run
END
}

with_servers=false
program=src/Billing.Service
data_dir=
arguments=()

read_arguments() {
    if [[ ${1:-} == -h || ${1:-} == --help ]]; then
        usage
        exit
    fi
    if [[ ${1:-} == demo || ${1:-}:${2:-} == --servers:demo ]]; then program=demo/Billing.Demo; fi

    local argument before=true
    for argument in "$@"; do
        if [[ $argument == --servers ]]; then
            with_servers=true
        elif $before && [[ $argument == demo ]]; then
            before=false
        else
            before=false
            arguments+=("$argument")
        fi
    done
}

# Where the demo shall keep its data, servers included; the last one counts, as it does for the demo.
read_data_dir() {
    local argument next=false
    for argument in "$@"; do
        if $next; then
            data_dir=$argument next=false
        elif [[ $argument == --data=* || $argument == --data:* ]]; then
            data_dir=${argument:7}
        elif [[ $argument == --data ]]; then
            next=true
        fi
    done
}

# One run at a time in a folder: two would share its servers.
lock_run() {
    mkdir -p "$1"
    exec 6>"$1/lock"
    flock -n 6 || { say "run.sh --servers is running already in $1"; exit 1; }
}

# The service ends with this code when it has lost its broker in a way that only a start heals.
readonly exit_to_be_started_again=75

run_again_when_asked() {
    local code
    while true; do
        code=0
        "$@" || code=$?
        ((code == exit_to_be_started_again)) || return "$code"
        say 'run.sh: starting it again'
    done
}

read_arguments "$@"
# The service goes by the addresses alone; the demo has to be told that they are its own to fill.
if $with_servers && [[ $program == demo/* ]]; then
    read_data_dir "${arguments[@]}"
    arguments=(--servers "${arguments[@]}")
fi
build "$program/$(basename "$program").csproj"
cd "$root"
if $with_servers; then
    if [[ -n $data_dir ]]; then
        lock_run "$data_dir"
        use_kept_servers "$(realpath -m -- "$data_dir")/servers" 6>&-
    else
        lock_run "$root/.run"
        use_private_servers "$root/.run/servers" 6>&-
    fi
    run_again_when_asked run_and_forward dotnet "$(program_of "$program")" "${arguments[@]}" 6>&-
elif [[ -n ${BILLING_RABBITMQ:-} ]]; then
    run_again_when_asked run_and_forward dotnet "$(program_of "$program")" "${arguments[@]}"
else
    exec dotnet "$(program_of "$program")" "${arguments[@]}"
fi
