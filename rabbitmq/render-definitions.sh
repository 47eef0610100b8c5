#!/usr/bin/env bash
# Writes the broker's definitions with passwords: users in git have none, so nobody can log in with a default.
# Needs bash and coreutils only.
set -euo pipefail

usage() {
    cat <<'END'
usage: render-definitions.sh IN OUT

Reads IN (definitions.json), gives every user a password and writes OUT with the salted hashes.
The password of user `api-key-service` is the environment variable RABBITMQ_PASSWORD_API_KEY_SERVICE,
or 192 random bits if that is not set. Prints RABBITMQ_PASSWORD_<USER>=<password>, one line a user.

IN holds one user a line: the line names the user and has "password_hash": "".
END
}

fail() {
    echo "render-definitions.sh: $*" >&2
    exit 1
}

random_password() {
    head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

bytes_of_hex() {
    printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"
}

# RabbitMQ's rabbit_password_hashing_sha256: base64(salt + sha256(salt + password)), four bytes of salt.
password_hash() {
    local password=$1 salt digest
    salt=$(head -c 4 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
    digest=$({ bytes_of_hex "$salt"; printf '%s' "$password"; } | sha256sum | cut -d ' ' -f 1)
    bytes_of_hex "$salt$digest" | base64 -w 0
}

variable_of_user() {
    local name=${1^^}
    printf 'RABBITMQ_PASSWORD_%s' "${name//[^A-Z0-9]/_}"
}

render() {
    local line variable password
    local user_line='^ *\{"name": "([A-Za-z0-9._-]+)", "password_hash": ""'

    while IFS= read -r line || [[ -n $line ]]; do
        if [[ $line =~ $user_line ]]; then
            variable=$(variable_of_user "${BASH_REMATCH[1]}")
            password=${!variable:-$(random_password)}
            line=${line/'"password_hash": ""'/"\"password_hash\": \"$(password_hash "$password")\""}
            printf '%s=%s\n' "$variable" "$password"
        fi
        printf '%s\n' "$line" >&3
    done
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
esac
[[ $# == 2 ]] || { usage >&2; exit 2; }
[[ -r $1 ]] || fail "cannot read $1"

umask 077
unfinished=$(mktemp "$2.XXXXXX")
trap 'rm -f "$unfinished"' EXIT

render <"$1" 3>"$unfinished"

# A user that keeps its empty hash could never log in: better to hear it now.
! grep -q '"password_hash": *""' "$unfinished" || fail "$1: a user without a password is left; is it on a line of its own?"

mv "$unfinished" "$2"
