#!/usr/bin/env bash
# Moves a region to another server while it is in use:
#
#   ops/move-region.sh 430900 "$FROM" "$TO" -- mv regions.new.json regions.json
#
# FROM and TO are postgresql:// addresses of the owner's, without passwords (~/.pgpass has them). Both servers have the roles of ops/roles.sql.
# The command behind -- makes the programs look at TO: it replaces the file that FINALACCOUNTS_REGIONS names.
#
# While the region is copied it is read as before, and whoever records waits. The old copy is put out of reach before anybody can write to
# the new one, so that nothing is written to both: it stays as the schema moved_region_430900, to be dropped when `fa verify` has found the
# new one intact. Should this end in between, the region can't be used until the command behind -- is run by hand; nothing is lost.
# What is recorded meanwhile is recorded once: programs look for it by its command id on the new server.
set -euo pipefail

usage() { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }

[ $# -ge 5 ] && [[ $1 =~ ^[0-9]{6}$ ]] && [ "$4" = "--" ] || usage
schema=region_$1 from=$2 to=$3
shift 4

ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$1" --command "$2"; }

# Position and hash of the last event, and how many rows there are.
state_of="select h.position, encode(h.hash, 'hex'), (select count(*) from $schema.events) from $schema.head h"

if [ "$(ask "$to" "select count(*) from pg_namespace where nspname = '$schema'")" != 0 ]; then
  echo "目标服务器上已有 $schema。/ The other server has $schema already." >&2
  exit 1
fi

# One session keeps everything from being written to until the old copy is out of reach. It takes first what those take first who append or
# project, so that it waits for them and not in a circle.
written=$(ask "$from" "
  select string_agg(format('%I.%I', '$schema', relname), ', ' order by relname <> 'head', relname <> 'projections', relname)
    from pg_class where relnamespace = to_regnamespace('$schema') and relkind in ('r', 'p') and not relispartition")
if [ -z "$written" ]; then
  echo "源服务器上没有 $schema。/ There is no $schema to be moved." >&2
  exit 1
fi

coproc HOLDER { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$from"; }
holder=$HOLDER_PID
tell() { printf '%s\n' "$1" >&"${HOLDER[1]}"; }
heard() { read -r -t "${2:-3600}" line <&"${HOLDER[0]}" && [ "$line" = "$1" ]; }
give_up() {
  echo "$1" >&2
  kill "$holder" 2>/dev/null || true
  exit 1
}

tell "begin; lock table $written in exclusive mode; select 'held';"
heard held || give_up "源服务器上的 $schema 锁不住。/ $schema can't be held."

pg_dump --dbname "$from" --schema "$schema" | psql --no-psqlrc --quiet --output /dev/null --set ON_ERROR_STOP=1 --single-transaction --dbname "$to" ||
  give_up "复制失败，地区仍在原服务器上。/ The copy failed; the region stays where it was."

if [ "$(ask "$from" "$state_of")" != "$(ask "$to" "$state_of")" ]; then
  ask "$to" "drop schema $schema cascade"
  give_up "副本与原件不同，地区仍在原服务器上。/ The copy differs; the region stays where it was."
fi

tell "alter schema $schema rename to moved_$schema; commit; select 'gone';"
heard gone || give_up "原件未能停用：请检查源服务器。/ The old copy could not be put out of reach: look at the old server."
tell '\q'
wait "$holder"
"$@"
echo "$schema: $(ask "$to" "$state_of")"
