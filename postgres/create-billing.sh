#!/usr/bin/env bash
# Run once by the image of PostgreSQL, on an empty volume: the service owns its database and is no superuser.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v "password=$BILLING_POSTGRES_PASSWORD" -U "$POSTGRES_USER" -d postgres <<'END'
create role billing login password :'password';
create database billing owner billing;
END
