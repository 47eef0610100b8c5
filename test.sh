#!/usr/bin/env bash
# Runs the tests; the last line says how many passed and failed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$root/scripts/common.sh"

usage() {
    cat <<'END'
usage: test.sh [fast | faults [--minutes N] [--seed S]] [ARGS...]

Builds Release and runs every project in tests/ one after the other, on private PostgreSQL, RabbitMQ and Redis
(installed where that is possible: see scripts/servers.sh --help). ARGS go to `dotnet test`, e.g. --filter NAME.

fast    only Billing.Tests, which needs no server
faults  only Billing.FaultTests, the long schedule too: half an hour, and N minutes (3) of faults that seed S chooses

Results are in artifacts/test-results. Exit code 0: at least one test passed and none failed.
END
}

# The limits of a project and of one of its tests: for what hangs, not for what is slow on a busy machine.
project_minutes_max=45 hang_minutes_max=10
readonly results=$root/artifacts/test-results
readonly verdicts=$results/faults.txt

mode=full
passed=0 failed=0 skipped=0
failures=()

projects() {
    local project
    for project in "$root"/tests/*/*.csproj; do
        case $(basename "$project" .csproj) in
            # Not tests, but what they need.
            *Support | *.Gateway) ;;
            Billing.Tests) [[ $mode == faults ]] || echo "$project" ;;
            Billing.FaultTests) [[ $mode == fast ]] || echo "$project" ;;
            *) [[ $mode != full ]] || echo "$project" ;;
        esac
    done
}

# A project may hang, or die without a result: the outer limit ends it, and the others still run.
run_project() {
    local project=$1 name code=0 arguments
    shift
    name=$(basename "$project" .csproj)
    mkdir -p "$results/$name"
    say "--- $name"
    # Whoever asks for tests by name gets them, and nobody waits for the long schedule unasked.
    arguments=("$@")
    if [[ $name == Billing.FaultTests && $mode == full && $# == 0 ]]; then arguments=(--filter 'Schedule!=long'); fi
    if in_ci; then exec 5>"$results/$name/output.log"; else exec 5>&1; fi
    run_and_forward timeout --kill-after=30s "${project_minutes_max}m" \
        dotnet test "$project" --no-build -c Release --nologo --results-directory "$results/$name" \
        --logger "trx;LogFileName=$name.trx" --blame-hang-timeout "${hang_minutes_max}m" --blame-hang-dump-type none \
        "${arguments[@]}" >&5 2>&5 5>&- </dev/null || code=$?
    exec 5>&-
    if in_ci && ((code != 0)); then cat "$results/$name/output.log"; fi
    count_results "$name" "$code" "$@"
}

# Adds up the counters of the project's trx file. A run that broke off without a failed test is a failure too,
# and so is a project in which no test ran, unless the arguments have chosen some.
count_results() {
    local name=$1 code=$2 trx=$results/$1/$1.trx total=0 passed_here=0 failed_here=0 trouble=
    shift 2
    if [[ -s $trx ]]; then
        total=$(counter total)
        passed_here=$(counter passed)
        failed_here=$(($(counter failed) + $(counter error) + $(counter timeout) + $(counter aborted)))
        collect_failed_tests
    fi
    if ((code != 0 && failed_here == 0)); then
        trouble="broke off with code $code and no failed test"
    elif [[ ! -s $trx ]]; then
        trouble='no results'
    elif ((total == 0 && $# == 0)); then
        trouble='no test ran'
    fi
    if [[ -n $trouble ]]; then
        failures+=("$name: $trouble")
        failed=$((failed + 1))
    fi

    passed=$((passed + passed_here))
    failed=$((failed + failed_here))
    skipped=$((skipped + total - passed_here - failed_here))
}

counter() {
    local value
    value=$(grep -o '<Counters [^>]*' "$trx" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | head -n 1)
    echo "${value:-0}"
}

collect_failed_tests() {
    local test
    while IFS= read -r test; do
        failures+=("$name: $test")
    done < <(grep '<UnitTestResult [^>]*outcome="Failed"' "$trx" | sed 's/.* testName="\([^"]*\)".*/\1/
        s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g')
}

report() {
    if ((${#failures[@]})); then
        echo 'failed:'
        printf '  %s\n' "${failures[@]}"
    fi
    if ((skipped)); then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
}

case ${1:-} in
    -h | --help) usage; exit ;;
    fast) mode=fast; shift ;;
    faults)
        mode=faults; shift
        while (($# > 1)); do
            case $1 in
                --minutes) export BILLING_FAULT_MINUTES=$2 ;;
                --seed) export BILLING_FAULT_SEED=$2 ;;
                *) break ;;
            esac
            shift 2
        done
        project_minutes_max=$((120 + ${BILLING_FAULT_MINUTES:-0})) hang_minutes_max=$((15 + ${BILLING_FAULT_MINUTES:-0}))
        ;;
esac

cd "$root"
if [[ $mode == fast ]]; then build tests/Billing.Tests/Billing.Tests.csproj; else build Billing.sln; fi
rm -rf "$results"
if [[ $mode != fast ]]; then
    "$servers_script" install-tools
    use_private_servers "$root/.run/test-servers.$$"
    export BILLING_TEST_SERVERS_DIR=$servers_dir BILLING_SERVERS_SCRIPT=$servers_script BILLING_FAULT_VERDICTS=$verdicts
fi

mapfile -t all_projects < <(projects)
for project in "${all_projects[@]}"; do
    run_project "$project" "$@"
done

# The servers end first: the last line is the result.
if [[ $mode != fast ]]; then
    trap - EXIT
    "$servers_script" destroy "$servers_dir" || true
fi
if [[ -s $verdicts ]]; then cat "$verdicts"; fi
report
((failed == 0 && passed > 0))
