#!/usr/bin/env bash
# Installs what the program needs and this machine lacks. On Debian and Ubuntu that is PostgreSQL, Node.js (bundles the pages'
# scripts) and Chromium (prints PDF, runs the browser tests) from the distribution's packages; where it may not install, it says
# exactly what to run. Does nothing when all is there.
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

node_is_here() {
  command -v npm >/dev/null && [ "$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/')" -ge 18 ] 2>/dev/null
}

chromium_is_here() {
  local name
  [ -n "${FINALACCOUNTS_CHROMIUM:-}" ] && return 0
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
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

packages=()
if [ -z "${FINALACCOUNTS_DATABASE:-}" ] && ! postgresql_is_here; then
  packages+=(postgresql postgresql-client)
fi
if ! node_is_here; then
  packages+=(nodejs npm)
fi
if ! chromium_is_here; then
  # Without fonts for Chinese a PDF has boxes instead of text.
  packages+=(chromium fonts-noto-cjk)
fi
if [ ${#packages[@]} -eq 0 ]; then
  exit 0
fi

missing="${packages[*]}"
by_hand="sudo apt-get update && sudo apt-get install --yes ${packages[*]}"
command -v apt-get >/dev/null || give_up "$missing" "($missing: PostgreSQL 13+ with initdb, pg_ctl, postgres; Node.js 18+ with npm; Chromium)"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null && sudo -n true 2>/dev/null || give_up "$missing" "$by_hand"
  as_root=(sudo -n)
fi

say "正在安装 $missing（发行版软件包）… / Installing $missing from the distribution's packages …"

# PostgreSQL's packages would make and start a server of their own, on a port of their own. Only the programs are wanted, so that
# is switched off while they are installed; an administrator who has decided otherwise keeps the machine's setting.
drop_in=/etc/postgresql-common/createcluster.d/finalaccounts.conf
"${as_root[@]}" mkdir -p "$(dirname "$drop_in")"
echo 'create_main_cluster = false' | "${as_root[@]}" tee "$drop_in" >/dev/null
trap '"${as_root[@]}" rm -f "$drop_in"' EXIT

install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${packages[@]}"; }

log=$(mktemp)
if ! { "${as_root[@]}" apt-get update && install; } >"$log" 2>&1; then
  tail -n 15 "$log" >&2
  give_up "$missing" "$by_hand"
fi

rm -f "$log"
[ -n "${FINALACCOUNTS_DATABASE:-}" ] || postgresql_is_here || give_up "PostgreSQL 13+" "$by_hand"
node_is_here || give_up "Node.js 18+" "$by_hand"
chromium_is_here || give_up "Chromium" "$by_hand"
say "$missing 已安装 / installed."
