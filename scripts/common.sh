# Shared by run.sh, test.sh and bench.sh, which source it with `root` set to the repository.
# shellcheck shell=bash disable=SC2154

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
readonly servers_script=$root/scripts/servers.sh

say() { echo "$*" >&2; }

in_ci() { [[ ${CI:-} == true ]]; }

# Builds Release without a word but the time it took; all the compiler said if it fails.
build() {
    local project=$1 log started=$SECONDS options=()
    [[ -e $root/$project ]] || { say "$project is not there"; exit 1; }
    command -v dotnet >/dev/null || { say 'dotnet is missing: install the .NET 10 SDK'; exit 1; }
    # Build servers would outlive a run of a build machine.
    if in_ci; then options+=(--disable-build-servers); fi

    in_ci || printf 'building ... ' >&2
    if ! log=$(cd "$root" && dotnet build "$project" -c Release -v quiet --nologo -clp:NoSummary "${options[@]}" 2>&1); then
        say 'failed'
        say "$log"
        exit 1
    fi
    in_ci || say "$((SECONDS - started)) s"
}

program_of() {
    local project=$1
    echo "$root/$project/bin/Release/net10.0/$(basename "$project").dll"
}

# Starts private servers in a folder, exports their addresses, and destroys them when the script ends.
use_private_servers() {
    "$servers_script" destroy "$1"                      # left by a run that was killed
    start_servers_for_this_run "$1" destroy
}

# The same with servers that are there for the next run too: they are stopped, and their data stay.
use_kept_servers() {
    # Servers left over by a run that was killed have its addresses, and are found by them again.
    start_servers_for_this_run "$1" stop
}

start_servers_for_this_run() {
    servers_dir=$1 servers_end=$2
    local started=$SECONDS
    trap end_servers EXIT
    if in_ci; then
        "$servers_script" install 2>/dev/null || "$servers_script" install
    else
        "$servers_script" install
        printf 'starting servers ... ' >&2
    fi
    "$servers_script" start "$servers_dir"
    in_ci || say "$((SECONDS - started)) s"
    set -a
    # shellcheck source=/dev/null
    . "$servers_dir/servers.env"
    set +a
}

end_servers() {
    local code=$?
    trap '' INT TERM HUP
    "$servers_script" "$servers_end" "$servers_dir" || true
    exit "$code"
}

# Runs a program to its end, and passes on what is meant to end it: Ctrl-C too asks it to stop in good order.
run_and_forward() {
    local child code
    "$@" <&0 &
    child=$!
    trap 'kill -TERM "$child" 2>/dev/null || true' INT TERM HUP
    while true; do
        code=0
        wait "$child" || code=$?
        kill -0 "$child" 2>/dev/null || break            # else a signal ended only the wait
    done
    trap - INT TERM HUP
    return "$code"
}
