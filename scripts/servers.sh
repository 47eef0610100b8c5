#!/usr/bin/env bash
# The one place that installs, starts and stops private PostgreSQL, RabbitMQ and Redis:
# on loopback, on free ports, with throw-away data and random passwords.
set -euo pipefail

usage() {
    cat <<'END'
usage: servers.sh VERB ...      (NAME is postgres, rabbitmq or redis; none means all)

  install [NAME...]         install what is missing with apt-get; nothing is started
  install-tools             install what some tests need: Python's AMQP client, and libfaketime
  start DIR [NAME...]       start what does not run, wait until it answers, write DIR/servers.env
  stop DIR [NAME...]        stop gracefully, by force when that takes too long; the data stays
  kill DIR NAME             SIGKILL the server and all its processes; `start` brings it back,
                            on the same port and with the same data
  pause DIR NAME            SIGSTOP all its processes
  resume DIR NAME           SIGCONT them
  status DIR                one line a server
  rabbitmqctl DIR ARGS...   rabbitmqctl on the broker of DIR
  destroy DIR               kill everything and delete DIR

A server of your own is used instead of a private one where its address is set:
  BILLING_POSTGRES   Host=db;Port=5432;Username=billing;Password=...;Database=billing
                     and BILLING_POSTGRES_OWNER with Username=billing_owner, who may change the schema
  BILLING_RABBITMQ   amqp://billing-service:...@broker:5672/billing
  BILLING_REDIS      cache:6379,password=...
It is never started, stopped or killed from here.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a server is not installed,
4 not ours: a server of your own, or none was started in DIR.
END
}

readonly all_names=(postgres rabbitmq redis)
readonly exit_usage=2 exit_missing=3 exit_not_ours=4

readonly install_attempts_max=3 install_pause_seconds=10
# Ports below the range from which the kernel takes ports for outgoing connections:
# a killed server finds its own port free again.
readonly port_min=20000 port_max=31999 start_attempts_max=3
readonly ready_seconds_max=120 stop_seconds_max=30 kill_seconds_max=20

scripts_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
readonly scripts_dir broker_dir=$scripts_dir/../rabbitmq

say() { echo "servers.sh: $*" >&2; }

fail() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}

# ---------------------------------------------------------------------------------------------
# What is installed

postgres_bin() {
    local initdb
    initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true
    [[ -n $initdb ]] && dirname "$initdb"
}

rabbitmq_bin() {
    # Not /usr/sbin/rabbitmq-server: that one changes to the user rabbitmq and to /var/lib/rabbitmq.
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] && echo /usr/lib/rabbitmq/bin
}

redis_bin() {
    local server
    server=$(command -v redis-server) && dirname "$server"
}

version_of() {
    case $1 in
        postgres) "$(postgres_bin)/postgres" --version ;;
        rabbitmq) readlink -f "$(rabbitmq_bin)/rabbitmq-server" | sed -n 's|.*/rabbitmq_server-\([^/]*\)/.*|RabbitMQ \1|p' ;;
        redis) "$(redis_bin)/redis-server" --version | cut -d ' ' -f 1-3 ;;
    esac
}

package_of() {
    case $1 in
        postgres) echo postgresql ;;
        rabbitmq) echo rabbitmq-server ;;
        redis) echo redis-server ;;
    esac
}

variable_of() {
    echo "BILLING_${1^^}"
}

explain_missing() {
    local name packages=()
    for name in "$@"; do packages+=("$(package_of "$name")"); done
    say "not installed: $*"
    say "install it on Debian or Ubuntu, as root:  apt-get install --no-install-recommends ${packages[*]}"
    for name in "$@"; do
        say "or use a server of your own:  export $(variable_of "$name")=...   (see servers.sh --help)"
    done
}

# ---------------------------------------------------------------------------------------------
# install

readonly policy=/usr/sbin/policy-rc.d policy_saved=/usr/sbin/policy-rc.d.before-billing

# Debian starts a server when its package is installed unless this file says no.
forbid_starting_services() {
    restore_policy                                # what an install that was killed has left
    trap restore_policy EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if [[ -e $policy ]]; then
        mv "$policy" "$policy_saved"
    else
        : >"$policy_saved"
    fi
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}

restore_policy() {
    [[ -e $policy_saved ]] || return 0
    if [[ -s $policy_saved ]]; then
        mv "$policy_saved" "$policy"
    else
        rm -f "$policy" "$policy_saved"
    fi
}

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

install_packages() {
    local attempt log
    for ((attempt = 1; attempt <= install_attempts_max; attempt++)); do
        if log=$({ apt_get update && apt_get install -y --no-install-recommends "$@"; } 2>&1); then return 0; fi
        tail -n 20 <<<"$log" >&2
        say "apt-get failed (attempt $attempt of $install_attempts_max)"
        ((attempt == install_attempts_max)) || sleep "$install_pause_seconds"
    done
    return 1
}

# They are for private use: the machine need not run them after its next boot.
disable_at_boot() {
    [[ -d /run/systemd/system ]] || return 0
    systemctl disable --quiet "$@" >&2 || true
}

missing_of() {
    local name
    for name in "$@"; do
        "${name}_bin" >/dev/null || echo "$name"
    done
}

install_servers() {
    local name wanted=() missing packages=()
    for name in "$@"; do
        if is_own_server "$name"; then
            say "$name: a server of your own ($(variable_of "$name"))"
        else
            wanted+=("$name")
        fi
    done
    ((${#wanted[@]})) || return 0

    mapfile -t missing < <(missing_of "${wanted[@]}")
    if ((${#missing[@]})); then
        if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
            explain_missing "${missing[@]}"
            exit "$exit_missing"
        fi

        exec 9>/run/lock/billing-servers-install.lock
        flock 9
        mapfile -t missing < <(missing_of "${missing[@]}")       # another install may just have done it
    fi
    if ((${#missing[@]})); then
        for name in "${missing[@]}"; do packages+=("$(package_of "$name")"); done
        say "installing ${packages[*]} ..."
        forbid_starting_services
        install_packages "${packages[@]}" 9>&- || { explain_missing "${missing[@]}"; exit "$exit_missing"; }
        disable_at_boot "${packages[@]}"
        restore_policy
    fi

    for name in "${wanted[@]}"; do
        if [[ " ${missing[*]} " == *" $name "* ]]; then
            say "$name: installed $(version_of "$name")"
        else
            say "$name: found $(version_of "$name")"
        fi
    done
}

readonly python=/usr/bin/python3 tools=(python3 python3-pika libfaketime)

install_tools() {
    if "$python" -c 'import pika' 2>/dev/null && compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; then return; fi
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        fail "$exit_missing" "not installed: install it on Debian or Ubuntu, as root:  apt-get install --no-install-recommends ${tools[*]}"
    fi
    exec 9>/run/lock/billing-servers-install.lock
    flock 9
    say "installing ${tools[*]} ..."
    install_packages "${tools[@]}" 9>&- || exit "$exit_missing"
}

# ---------------------------------------------------------------------------------------------
# What DIR remembers, a folder a server:
#   settings   ports and passwords, chosen at the first start
#   process    pid, start time and boot of the server: a pid alone may be another program's by now
#   env        its lines for servers.env
#   private    exists when we run the server, not when it is one of the caller's own

setting() {
    local name=$1 key=$2
    sed -n "s/^$key=//p" "$dir/$name/settings"
}

# An address that an earlier `start` wrote to a servers.env does not make the server the caller's own:
# a test that got it by its environment may still ask for a server of itself.
is_own_server() {
    local variable
    variable=$(variable_of "$1")
    [[ -n ${!variable:-} ]] && ! is_of_private_server "$1" "$(env_line "$variable" "${!variable}")"
}

is_of_private_server() {
    local name=$1 line=$2 servers=${BILLING_SERVERS_DIR:-}
    [[ -n $servers && -e $servers/$name/private ]] && grep -qsxF -- "$line" "$servers/$name/env"
}

env_line() {
    local key=$1 value=$2
    printf "%s='%s'\n" "$key" "${value//\'/\'\\\'\'}"
}

random_hex() {
    head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

lock_server() {
    exec 8>"$dir/$1/lock"
    flock 8
}

require_private() {
    local name=$1
    [[ -e $dir/$name/private ]] || fail "$exit_not_ours" "$name: no server of $dir (one of your own, or never started)"
}

# ---------------------------------------------------------------------------------------------
# Processes

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# Sets state, parent, session and started of a process; false when it is gone or a zombie.
# The second field of stat is the program's name and may hold anything, blanks and brackets too.
read_stat() {
    local line fields
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -r -a fields <<<"${line##*) }"
    state=${fields[0]} parent=${fields[1]} session=${fields[3]} started=${fields[19]}
    [[ $state != [ZX] ]]
}

launch() {
    local name=$1 state parent session started=0
    shift
    setsid "$@" </dev/null >>"$dir/$name/log" 2>&1 8>&- 9>&- &
    read_stat $! || true
    echo "$! $started $(boot_id)" >"$dir/$name/process"
}

leader_of() {
    local name=$1 pid started_then boot state parent session started
    [[ -s $dir/$name/process ]] || return 1
    read -r pid started_then boot <"$dir/$name/process"
    [[ $boot == "$(boot_id)" ]] || return 1
    if read_stat "$pid" && [[ $started != "$started_then" ]]; then return 1; fi
    echo "$pid"
}

is_running() {
    local pid state parent session started
    pid=$(leader_of "$1") && read_stat "$pid"
}

# All processes of a server: the one we started, its session, its children's children. PostgreSQL's
# have sessions of their own, and survive their parent for a moment: they carry our cluster's name.
processes_of() {
    local name=$1 leader pid state parent session started found=' ' grown=1 tag=
    leader=$(leader_of "$name") || return 0
    [[ $name != postgres ]] || tag="postgres: $(setting postgres CLUSTER): "

    while ((grown)); do
        grown=0
        for pid in /proc/[0-9]*; do
            pid=${pid#/proc/}
            if [[ $found == *" $pid "* ]] || ! read_stat "$pid"; then continue; fi
            if [[ $pid == "$leader" || $session == "$leader" || $found == *" $parent "* ]] || has_title "$pid" "$tag"; then
                found+="$pid "
                grown=1
            fi
        done
    done
    echo "$found"
}

has_title() {
    local pid=$1 tag=$2 title
    [[ -n $tag ]] || return 1
    { IFS= read -r -d '' title <"/proc/$pid/cmdline"; } 2>/dev/null || [[ -n ${title:-} ]] || return 1
    [[ $title == "$tag"* ]]
}

signal_all() {
    local signal=$1 name=$2 pids
    read -r -a pids <<<"$(processes_of "$name")"
    ((${#pids[@]})) || return 1
    kill -s "$signal" "${pids[@]}" 2>/dev/null || true
}

wait_until_gone() {
    local name=$1 seconds=$2 deadline
    deadline=$((SECONDS + seconds))
    while [[ $(processes_of "$name") == *[0-9]* ]]; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

kill_server() {
    local name=$1 leader deadline=$((SECONDS + kill_seconds_max))
    # Stopped first, so that it cannot fork a child while we count them.
    if leader=$(leader_of "$name"); then kill -s STOP "$leader" 2>/dev/null || true; fi
    while signal_all KILL "$name"; do
        ((SECONDS < deadline)) || fail 1 "$name: its processes do not die: $(processes_of "$name")"
        sleep 0.02
    done
}

stop_server() {
    local name=$1 signal=$2 leader
    if leader=$(leader_of "$name") && is_running "$name"; then
        kill -s "$signal" "$leader" 2>/dev/null || true
        signal_all CONT "$name" || true
        wait_until_gone "$name" "$stop_seconds_max" || say "$name: did not stop within $stop_seconds_max s, killing it"
    fi
    kill_server "$name"
}

wait_until() {
    local name=$1 deadline=$((SECONDS + ready_seconds_max))
    shift
    until "$@" 2>/dev/null; do
        is_running "$name" || return 1
        ((SECONDS < deadline)) || { say "$name: not ready after $ready_seconds_max s"; return 1; }
        sleep 0.1
    done
}

# ---------------------------------------------------------------------------------------------
# Ports

listening_ports() {
    local file _ address state
    for file in /proc/net/tcp /proc/net/tcp6; do
        [[ -r $file ]] || continue
        while read -r _ address _ state _; do
            if [[ $state == 0A ]]; then echo "$((16#${address##*:}))"; fi
        done <"$file"
    done
}

# Two starts may still choose the same port: the later one does not become ready and chooses again.
free_ports() {
    local count=$1 taken port
    taken=" $(listening_ports | tr '\n' ' ') "
    while ((count > 0)); do
        port=$((port_min + (RANDOM * 32768 + RANDOM) % (port_max - port_min + 1)))
        [[ $taken != *" $port "* ]] || continue
        taken+="$port "
        count=$((count - 1))
        echo "$port"
    done
}

# ---------------------------------------------------------------------------------------------
# PostgreSQL

# PostgreSQL refuses to run as root: then everything of it belongs to the user postgres.
as_postgres() {
    if ((EUID == 0)); then
        (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
    else
        "$@"
    fi
}

# Where the user postgres may work: in DIR, or, if it cannot get there, in /tmp.
make_postgres_home() {
    local home=$dir/postgres/home
    mkdir -p "$home"
    chmod 700 "$home"
    if ((EUID == 0)); then
        chown postgres: "$home"
        if ! as_postgres test -w "$home"; then
            rmdir "$home"
            home=$(mktemp -d /tmp/billing-postgres.XXXXXXXX)
            chown postgres: "$home"
        fi
    fi
    echo "$home"
}

configure_postgres() {
    local port home bin memory_kb shared_mb=512
    port=$(free_ports 1)
    bin=$(postgres_bin)
    home=$(make_postgres_home)
    memory_kb=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    ((memory_kb / 4096 >= shared_mb)) || shared_mb=$((memory_kb / 4096))

    cat >"$dir/postgres/settings" <<END
PORT=$port
HOME=$home
CLUSTER=billing-$(random_hex 6)
PASSWORD=$(random_hex 24)
OWNER_PASSWORD=$(random_hex 24)
ADMIN_PASSWORD=$(random_hex 24)
END
    (umask 077 && setting postgres ADMIN_PASSWORD >"$home/password")
    ((EUID != 0)) || chown postgres: "$home/password"
    # Not synced: the data is thrown away with the machine. From here on every commit is.
    as_postgres "$bin/initdb" -D "$home/data" --no-sync --encoding=UTF8 --locale=C.UTF-8 -U postgres -A scram-sha-256 \
        --pwfile="$home/password" </dev/null >>"$dir/postgres/log" 2>&1
    rm "$home/password"

    cat >>"$home/data/postgresql.conf" <<END

listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
cluster_name = '$(setting postgres CLUSTER)'
update_process_title = on
max_connections = 200
password_encryption = scram-sha-256
shared_buffers = ${shared_mb}MB
fsync = on
synchronous_commit = on
max_wal_size = 4GB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# In the data's folder, so that a killed server leaves nothing in /dev/shm.
dynamic_shared_memory_type = mmap
END
    echo 'wal_compression = lz4' >>"$home/data/postgresql.conf"
    if ! as_postgres "$bin/postgres" -D "$home/data" -C wal_compression >/dev/null 2>&1; then
        sed -i '$d' "$home/data/postgresql.conf"               # this build has no lz4
    fi
}

launch_postgres() {
    local home
    home=$(setting postgres HOME)
    remove_postgres_lock
    if ((EUID == 0)); then
        launch postgres setpriv --reuid=postgres --regid=postgres --init-groups "$(postgres_bin)/postgres" -D "$home/data"
    else
        launch postgres "$(postgres_bin)/postgres" -D "$home/data"
    fi
}

sql() {
    local user=$1 password=$2 database=$3
    PGPASSWORD=$password PGCONNECT_TIMEOUT=5 "$(postgres_bin)/psql" -X -q -A -t -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$(setting postgres PORT)" -U "$user" -d "$database"
}

admin_sql() { sql postgres "$(setting postgres ADMIN_PASSWORD)" postgres; }
billing_sql() { sql billing "$(setting postgres PASSWORD)" billing; }

postgres_answers() { admin_sql <<<'select 1' >/dev/null; }

has_row() { [[ -n $(admin_sql <<<"$1") ]]; }

# The owner makes the schema, the service only works in it. The owner may create databases, so that each test can have one of its own.
create_billing_database() {
    # Servers that were kept since there was one role only.
    [[ -n $(setting postgres OWNER_PASSWORD) ]] || printf 'OWNER_PASSWORD=%s\n' "$(random_hex 24)" >>"$dir/postgres/settings"

    has_row "select 1 from pg_roles where rolname = 'billing_owner'" ||
        admin_sql <<<"create role billing_owner login createdb password '$(setting postgres OWNER_PASSWORD)'"
    has_row "select 1 from pg_roles where rolname = 'billing'" ||
        admin_sql <<<"create role billing login password '$(setting postgres PASSWORD)'"
    # Who drops a database has to end the sessions in it, the service's too.
    admin_sql <<<'grant billing to billing_owner'
    has_row "select 1 from pg_database where datname = 'billing'" ||
        admin_sql <<<'create database billing owner billing_owner'
    if has_row "select 1 from pg_database where datname = 'billing' and pg_get_userbyid(datdba) = 'billing'"; then
        admin_sql <<<'alter role billing nocreatedb; alter database billing owner to billing_owner'
        sql postgres "$(setting postgres ADMIN_PASSWORD)" billing <<<'reassign owned by billing to billing_owner'
    fi
}

wait_for_postgres() {
    wait_until postgres postgres_answers && create_billing_database && billing_sql <<<'select 1' >/dev/null
}

env_of_postgres() {
    local address
    address="Host=127.0.0.1;Port=$(setting postgres PORT)"
    env_line BILLING_POSTGRES "$address;Username=billing;Password=$(setting postgres PASSWORD);Database=billing"
    env_line BILLING_POSTGRES_OWNER "$address;Username=billing_owner;Password=$(setting postgres OWNER_PASSWORD);Database=billing"
    env_line BILLING_POSTGRES_ADMIN "$address;Username=postgres;Password=$(setting postgres ADMIN_PASSWORD);Database=postgres"
}

# What a killed server leaves behind: a small segment of System V memory, its id in postmaster.pid,
# and that file itself. PostgreSQL would take a process that is dead but not yet reaped for a living one.
remove_postgres_lock() {
    local lock segment
    lock=$(setting postgres HOME)/data/postmaster.pid
    [[ -e $lock ]] || return 0
    segment=$(sed -n '7s/^ *[0-9]* *//p' "$lock")
    [[ -z $segment ]] || as_postgres ipcrm -m "$segment" 2>/dev/null || true
    rm "$lock"
}

remove_postgres() {
    [[ -s $dir/postgres/settings ]] || return 0
    remove_postgres_lock
    rm -rf "$(setting postgres HOME)"
}

# ---------------------------------------------------------------------------------------------
# RabbitMQ

configure_rabbitmq() {
    local home=$dir/rabbitmq ports
    mapfile -t ports < <(free_ports 4)
    cat >"$home/settings" <<END
PORT=${ports[0]}
MANAGEMENT_PORT=${ports[1]}
DIST_PORT=${ports[2]}
EPMD_PORT=${ports[3]}
$("$broker_dir/render-definitions.sh" "$broker_dir/definitions.json" "$home/definitions.json")
END
    echo '[rabbitmq_management].' >"$home/enabled_plugins"
    # The comments of rabbitmq.conf say why.
    cat "$broker_dir/rabbitmq.conf" - >"$home/rabbitmq.conf" <<END

listeners.tcp.1 = 127.0.0.1:${ports[0]}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${ports[1]}
load_definitions = $home/definitions.json
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
END
}

# Sets node_env: nothing of the caller's environment, and a home with an Erlang cookie of its own.
rabbitmq_env() {
    local home=$dir/rabbitmq
    node_env=(
        PATH="$PATH:/usr/sbin:/sbin" LANG=C.UTF-8
        HOME="$home"
        RABBITMQ_NODENAME="billing-$(setting rabbitmq PORT)@localhost"
        RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
        RABBITMQ_NODE_PORT="$(setting rabbitmq PORT)"
        RABBITMQ_DIST_PORT="$(setting rabbitmq DIST_PORT)"
        ERL_EPMD_PORT="$(setting rabbitmq EPMD_PORT)"
        ERL_EPMD_ADDRESS=127.0.0.1
        RABBITMQ_MNESIA_BASE="$home/mnesia"
        RABBITMQ_LOG_BASE="$home/logs"
        RABBITMQ_SCHEMA_DIR="$home/schema"
        RABBITMQ_GENERATED_CONFIG_DIR="$home/config"
        RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf"
        RABBITMQ_ADVANCED_CONFIG_FILE="$home/advanced.config"
        RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins"
        RABBITMQ_CONF_ENV_FILE=/dev/null
        RABBITMQ_PID_FILE="$home/pid"
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
    )
}

launch_rabbitmq() {
    local node_env
    # Started by us and not by Erlang, which would leave it behind as a daemon nobody knows.
    if ! is_running epmd; then
        mkdir -p "$dir/epmd"
        launch epmd epmd -address 127.0.0.1 -port "$(setting rabbitmq EPMD_PORT)"
    fi
    rabbitmq_env
    launch rabbitmq env -i "${node_env[@]}" "$(rabbitmq_bin)/rabbitmq-server"
}

run_rabbitmqctl() {
    local node_env
    rabbitmq_env
    exec env -i "${node_env[@]}" "$(rabbitmq_bin)/rabbitmqctl" "$@"
}

rabbitmq_answers() {
    local user
    for user in billing-service gateway; do
        amqp_login "$user" "$(password_of "$user")" || return 1
    done
    management_login admin "$(password_of admin)"
}

password_of() {
    local key=${1^^}
    setting rabbitmq "RABBITMQ_PASSWORD_${key//-/_}"
}

# AMQP by hand: header, Start, StartOk with PLAIN, and Tune is the broker's yes.
amqp_login() {
    local user=$1 password=$2 reply
    local -i answer=2+${#user}+${#password} arguments
    arguments=4+4+1+5+4+answer+1+5
    exec 7<>"/dev/tcp/127.0.0.1/$(setting rabbitmq PORT)" || return 1
    printf 'AMQP\x00\x00\x09\x01' >&7
    read_frame >/dev/null
    printf '%b' "\x01\x00\x00$(be32 $arguments)\x00\x0a\x00\x0b$(be32 0)\x05PLAIN$(be32 $answer)\x00$user\x00$password\x05en_US\xce" >&7
    reply=$(read_frame)
    exec 7>&-
    [[ $reply == 000a001e* ]]
}

read_frame() {
    local size
    size=$(timeout 5 head -c 7 <&7 | od -An -v -tx1 | tr -d ' \n')
    [[ ${#size} == 14 ]] || return 1
    timeout 5 head -c $((16#${size:6:8} + 1)) <&7 | od -An -v -tx1 | tr -d ' \n'
}

be32() { printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)); }

management_login() {
    local status
    exec 7<>"/dev/tcp/127.0.0.1/$(setting rabbitmq MANAGEMENT_PORT)" || return 1
    printf 'GET /api/whoami HTTP/1.0\r\nAuthorization: Basic %s\r\n\r\n' "$(printf '%s:%s' "$1" "$2" | base64 -w 0)" >&7
    read -r -t 5 _ status _ <&7
    exec 7>&-
    [[ $status == 200 ]]
}

wait_for_rabbitmq() { wait_until rabbitmq rabbitmq_answers; }

env_of_rabbitmq() {
    local user variable
    for user in billing-service gateway payment-service web api-key-service operator; do
        variable=BILLING_RABBITMQ_${user^^}
        [[ $user != billing-service ]] || variable=BILLING_RABBITMQ
        env_line "${variable//-/_}" "amqp://$user:$(password_of "$user")@127.0.0.1:$(setting rabbitmq PORT)/billing"
    done
    env_line BILLING_RABBITMQ_MANAGEMENT "http://admin:$(password_of admin)@127.0.0.1:$(setting rabbitmq MANAGEMENT_PORT)"
}

# ---------------------------------------------------------------------------------------------
# Redis

configure_redis() {
    local port password
    port=$(free_ports 1)
    password=$(random_hex 24)
    printf 'PORT=%s\nPASSWORD=%s\n' "$port" "$password" >"$dir/redis/settings"
    cat >"$dir/redis/redis.conf" <<END
bind 127.0.0.1
port $port
requirepass $password
dir "$dir/redis"
save ""
appendonly no
daemonize no
END
}

launch_redis() { launch redis "$(redis_bin)/redis-server" "$dir/redis/redis.conf"; }

redis_answers() {
    local auth pong
    exec 7<>"/dev/tcp/127.0.0.1/$(setting redis PORT)" || return 1
    printf 'AUTH %s\r\nPING\r\n' "$(setting redis PASSWORD)" >&7
    read -r -t 5 auth <&7
    read -r -t 5 pong <&7
    exec 7>&-
    [[ $auth == +OK* && $pong == +PONG* ]]
}

wait_for_redis() { wait_until redis redis_answers; }

env_of_redis() { env_line BILLING_REDIS "127.0.0.1:$(setting redis PORT),password=$(setting redis PASSWORD)"; }

# ---------------------------------------------------------------------------------------------
# Verbs on DIR

start_servers() {
    local name wanted=() missing pids=() failed=0
    for name in "$@"; do
        if [[ -e $dir/$name/private ]] || ! is_own_server "$name"; then wanted+=("$name"); fi
    done
    mapfile -t missing < <(missing_of "${wanted[@]}")
    if ((${#missing[@]})); then
        explain_missing "${missing[@]}"
        exit "$exit_missing"
    fi

    umask 077
    mkdir -p "$dir"
    chmod 711 "$dir"                       # the user postgres has to pass through
    for name in "$@"; do
        (start_server "$name") &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
    write_servers_env
    return "$failed"
}

start_server() {
    local name=$1
    mkdir -p "$dir/$name"
    chmod 711 "$dir/$name"
    lock_server "$name"

    if [[ -e $dir/$name/private ]]; then
        start_again "$name"
    elif is_own_server "$name"; then
        env_of_own_server "$name" >"$dir/$name/env"
    else
        start_first "$name"
    fi
}

start_first() {
    local name=$1 attempt
    for ((attempt = 1; attempt <= start_attempts_max; attempt++)); do
        "configure_$name"
        "launch_$name"
        if "wait_for_$name"; then
            "env_of_$name" >"$dir/$name/env"
            touch "$dir/$name/private"
            return
        fi
        say "$name: did not start (attempt $attempt of $start_attempts_max)"
        tail -n 20 "$dir/$name/log" >&2 || true
        discard_server "$name"
    done
    fail 1 "$name: gave up, see $dir/$name/log"
}

start_again() {
    local name=$1
    if is_running "$name"; then
        signal_all CONT "$name"
    else
        kill_server "$name"                # what a killed server may have left behind
        "launch_$name"
    fi
    "wait_for_$name" || {
        tail -n 20 "$dir/$name/log" >&2 || true
        fail 1 "$name: did not start, see $dir/$name/log"
    }
    "env_of_$name" >"$dir/$name/env"
}

# Of a server of the caller's own all addresses are the caller's.
env_of_own_server() {
    local variable
    for variable in $(compgen -v "$(variable_of "$1")"); do
        env_line "$variable" "${!variable}"
    done
}

write_servers_env() {
    local unfinished
    exec 8>"$dir/lock"
    flock 8
    unfinished=$(mktemp "$dir/servers.env.XXXXXX")
    {
        env_line BILLING_SERVERS_DIR "$dir"
        cat "$dir"/{postgres,rabbitmq,redis}/env 2>/dev/null || true
    } >"$unfinished"
    chmod 600 "$unfinished"
    mv "$unfinished" "$dir/servers.env"
    exec 8>&-
}

stop_servers() {
    local name pids=()
    for name in "$@"; do
        [[ -e $dir/$name/private ]] || continue
        (lock_server "$name" && stop_gracefully "$name") &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
}

stop_gracefully() {
    local signal=TERM
    [[ $1 != postgres ]] || signal=INT     # "fast": does not wait for its clients to go
    stop_server "$1" "$signal"
    [[ $1 != rabbitmq ]] || kill_server epmd
}

discard_server() {
    local name=$1
    # PostgreSQL gives its shared memory back when it is told to end at once.
    if [[ $name == postgres ]]; then stop_server postgres QUIT; else kill_server "$name"; fi
    [[ $name != rabbitmq ]] || kill_server epmd
    [[ $name != postgres ]] || remove_postgres
    rm -rf "$dir/$name/mnesia"
}

destroy_servers() {
    local name
    [[ -d $dir ]] || return 0
    for name in "${all_names[@]}"; do
        [[ -d $dir/$name ]] || continue
        (lock_server "$name" && discard_server "$name")
    done
    rm -rf "$dir"
}

print_status() {
    local name leader state parent session started
    for name in "${all_names[@]}"; do
        if [[ ! -e $dir/$name/private ]]; then
            [[ -e $dir/$name/env ]] && echo "$name own" || echo "$name none"
        elif leader=$(leader_of "$name") && read_stat "$leader"; then
            [[ $state == T ]] && state=paused || state=running
            echo "$name $state pid=$leader port=$(setting "$name" PORT)"
        else
            echo "$name stopped port=$(setting "$name" PORT)"
        fi
    done
}

# ---------------------------------------------------------------------------------------------

wrong_usage() {
    usage >&2
    exit "$exit_usage"
}

check_names() {
    local name
    for name in "$@"; do
        [[ " ${all_names[*]} " == *" $name "* ]] || { say "no such server: $name"; wrong_usage; }
    done
}

main() {
    local verb=${1:-}
    case $verb in
        -h | --help | help) usage; return ;;
        '') wrong_usage ;;
    esac
    shift

    if [[ $verb != install* ]]; then
        [[ -n ${1:-} ]] || wrong_usage
        dir=$(realpath -m -- "$1")
        shift
    fi
    if [[ $verb != rabbitmqctl ]]; then check_names "$@"; fi
    case $verb in
        install | start | stop) (($#)) || set -- "${all_names[@]}" ;;
        kill | pause | resume) (($# == 1)) || wrong_usage; require_private "$1" ;;
    esac

    case $verb in
        install) install_servers "$@" ;;
        install-tools) install_tools ;;
        start) start_servers "$@" ;;
        stop) stop_servers "$@" ;;
        kill) lock_server "$1"; kill_server "$1" ;;
        pause) signal_all STOP "$1" || fail 1 "$1: is not running" ;;
        resume) signal_all CONT "$1" || fail 1 "$1: is not running" ;;
        status) print_status ;;
        rabbitmqctl) require_private rabbitmq; run_rabbitmqctl "$@" ;;
        destroy) destroy_servers ;;
        *) wrong_usage ;;
    esac
}

main "$@"
