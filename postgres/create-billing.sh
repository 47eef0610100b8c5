#!/usr/bin/env bash
# Run once by the image of PostgreSQL, on an empty volume: one role owns the schema, the service's own only works in it.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v "owner_password=$BILLING_POSTGRES_OWNER_PASSWORD" -v "password=$BILLING_POSTGRES_PASSWORD" -U "$POSTGRES_USER" -d postgres <<'END'
create role billing_owner login password :'owner_password';
create role billing login password :'password';
create database billing owner billing_owner;
END
