#!/usr/bin/env bash
# The adapters to Marten and Wolverine, which stand beside the solution because their packages are not on every feed.
# CritterStackFeed names a further feed: a folder or an address.
#   probe                 says whether the feeds have the packages, and nothing else; never fails
#   test <configuration>  restores, builds and tests; does nothing where the feeds don't have them
#   benchmarks            builds what measures Marten, and says on the output with which option `make bench` finds it; nothing where the
#                         feeds don't have them
set -euo pipefail
cd "$(dirname "$0")/.."

readonly tests=tests/FinalAccounts.CritterStackTests
readonly benchmarks=tests/FinalAccounts.CritterStackBenchmarks
readonly versions=src/FinalAccounts.CritterStack/Directory.Packages.props

version_of() { sed -nE "s/.*Include=\"$1\" Version=\"([^\"]+)\".*/\1/p" "$versions"; }

missing() { echo "Critter Stack：软件包源没有 Marten $(version_of Marten)，略过。 / not on this feed, skipped."; }

# True when one of the feeds lists the version; restoring would take the packages too.
is_there() {
  local sources=() found
  [ -z "${CritterStackFeed:-}" ] || sources=(--source "$CritterStackFeed")
  for _ in 1 2; do
    found=$(dotnet package search Marten --exact-match --format json "${sources[@]}" 2>/dev/null || true)
    if grep -qF "\"$(version_of Marten)\"" <<<"$found"; then
      return 0
    fi
    [ ${#sources[@]} -gt 0 ] || return 1
    sources=()
  done
  return 1
}

# What is not on a feed is only seen at a restore: a feed may have some of the packages. Ends here when it is not there.
restore() {
  local said
  if said=$(dotnet restore "$1" --verbosity quiet 2>&1); then
    return
  fi
  if grep -qE "NU110[12].* (Alba|JasperFx|Marten|Weasel|WolverineFx)" <<<"$said"; then
    missing
    exit 0
  fi
  printf '%s\n' "$said" >&2
  exit 1
}

case "${1:-}" in
  probe)
    if is_there; then
      echo "Critter Stack：软件包源有 Marten $(version_of Marten)，可运行 make critterstack。 / on this feed: make critterstack builds and tests it."
    else
      missing
    fi
    ;;
  test)
    restore "$tests"
    dotnet test "$tests" --no-restore --configuration "${2:-Release}"
    ;;
  benchmarks)
    restore "$benchmarks" >&2
    dotnet build "$benchmarks" --no-restore --configuration Release --nologo --verbosity quiet -clp:NoSummary >&2
    echo "--marten $benchmarks/bin/Release/net10.0/FinalAccounts.CritterStackBenchmarks.dll"
    ;;
  *)
    echo "ops/critterstack.sh probe | test <configuration> | benchmarks" >&2
    exit 2
    ;;
esac
