#!/usr/bin/env bash
# Makes the secrets of docker-compose.yml: .env with the passwords and the broker's definitions with their hashes.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

usage() {
    cat <<'END'
usage: compose-secrets.sh

Writes .env (random passwords, mode 0600) and rabbitmq/definitions.rendered.json; git ignores both.
Passwords that .env holds already are kept, since the databases' volumes know them: run it again
after a change of rabbitmq/definitions.json.
END
}

# The value that .env has already, or a new one.
password() {
    local key=$1
    printf '%s=%s\n' "$key" "${!key:-$(head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n')}"
}

write_env() {
    password POSTGRES_PASSWORD
    password BILLING_POSTGRES_OWNER_PASSWORD
    password BILLING_POSTGRES_PASSWORD
    password REDIS_PASSWORD
    "$root/rabbitmq/render-definitions.sh" "$root/rabbitmq/definitions.json" "$root/rabbitmq/definitions.rendered.json"
    # What else .env held, such as ports.
    if [[ -e $root/.env ]]; then grep -Ev '^(POSTGRES|BILLING_POSTGRES|BILLING_POSTGRES_OWNER|REDIS)_PASSWORD=|^RABBITMQ_PASSWORD_' "$root/.env" || true; fi
}

if (($#)); then
    usage
    [[ $1 == -h || $1 == --help ]] && exit 0
    exit 2
fi

umask 077
if [[ -e $root/.env ]]; then
    set -a
    # shellcheck source=/dev/null
    . "$root/.env"
    set +a
fi
unfinished=$(mktemp "$root/.env.XXXXXX")
trap 'rm -f "$unfinished"' EXIT
write_env >"$unfinished"
mv "$unfinished" "$root/.env"
# The broker's user in the container has to read it; it holds salted hashes of 192 random bits.
chmod 644 "$root/rabbitmq/definitions.rendered.json"
echo "wrote .env and rabbitmq/definitions.rendered.json"
