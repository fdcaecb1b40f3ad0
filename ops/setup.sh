#!/usr/bin/env bash
# Installs what the program needs and this machine lacks. On Debian and Ubuntu that is PostgreSQL from the distribution's
# packages; where it may not install, it says exactly what to run. Does nothing when all is there.
set -euo pipefail

say() { printf '%s\n' "$@"; }

postgresql_is_here() {
  local directory
  for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
    if [ -x "$directory/initdb" ] && [ -x "$directory/pg_ctl" ] &&
      [ "$("$directory/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')" -ge 13 ]; then
      return 0
    fi
  done
  return 1
}

give_up() {
  say "" "缺少 $1，且无法在此自动安装。请执行：" "  $2" \
    "$1 is missing and can't be installed from here. Please run:" "  $2" >&2
  exit 3
}

if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
  give_up ".NET SDK 10" "https://dotnet.microsoft.com/download/dotnet/10.0"
fi

if [ -n "${FINALACCOUNTS_DATABASE:-}" ] || postgresql_is_here; then
  exit 0
fi

packages=(postgresql postgresql-client)
by_hand="sudo apt-get update && sudo apt-get install --yes ${packages[*]}"
command -v apt-get >/dev/null || give_up "PostgreSQL 13+" "(PostgreSQL 13+: initdb, pg_ctl, postgres)"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null && sudo -n true 2>/dev/null || give_up "PostgreSQL 13+" "$by_hand"
  as_root=(sudo -n)
fi

say "正在安装 PostgreSQL（发行版软件包）… / Installing PostgreSQL from the distribution's packages …"

# The packages would make and start a server of their own, on a port of their own. Only the programs are wanted, so that
# is switched off while they are installed; an administrator who has decided otherwise keeps the machine's setting.
drop_in=/etc/postgresql-common/createcluster.d/finalaccounts.conf
"${as_root[@]}" mkdir -p "$(dirname "$drop_in")"
echo 'create_main_cluster = false' | "${as_root[@]}" tee "$drop_in" >/dev/null
trap '"${as_root[@]}" rm -f "$drop_in"' EXIT

install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${packages[@]}"; }

log=$(mktemp)
if ! { "${as_root[@]}" apt-get update && install; } >"$log" 2>&1; then
  tail -n 15 "$log" >&2
  give_up "PostgreSQL 13+" "$by_hand"
fi

rm -f "$log"
postgresql_is_here || give_up "PostgreSQL 13+" "$by_hand"
say "PostgreSQL 已安装 / is installed."
