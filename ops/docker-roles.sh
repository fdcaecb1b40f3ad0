#!/usr/bin/env bash
# Runs once in the PostgreSQL container, when its data are created: the roles, with the passwords from the environment.
set -euo pipefail

psql=(psql --set ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB")
"${psql[@]}" --file /ops/roles.sql

# Read by psql from its environment, and quoted by it, so that a password may contain anything.
"${psql[@]}" <<'SQL'
\getenv owner_password FINALACCOUNTS_OWNER_PASSWORD
\getenv app_password FINALACCOUNTS_APP_PASSWORD
set log_statement = 'none';
alter role finalaccounts_owner password :'owner_password';
alter role finalaccounts_app password :'app_password';
SQL
