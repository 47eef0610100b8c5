#!/usr/bin/env bash
# Measures the service on private servers.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$root/scripts/common.sh"

usage() {
    cat <<'END'
usage: bench.sh [ARGS...]

Builds, starts private PostgreSQL, RabbitMQ and Redis (fsync on), runs benchmarks/Billing.Benchmarks with ARGS
and destroys the servers. Servers of your own are used where BILLING_POSTGRES, BILLING_RABBITMQ or BILLING_REDIS is set.
END
}

case ${1:-} in
    -h | --help) usage; exit ;;
esac

program=benchmarks/Billing.Benchmarks
build "$program/Billing.Benchmarks.csproj"
cd "$root"
use_private_servers "$root/.run/bench-servers.$$"
run_and_forward dotnet "$(program_of "$program")" "$@"
