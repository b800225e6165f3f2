#!/usr/bin/env bash
# Builds the documentation site into artifacts/docs/site: the pages of docs/, and the API from the comments in the code.
#
#   ./docs.sh            builds it; a warning is an error
#   ./docs.sh --serve    builds it and serves it on http://localhost:8085 until Ctrl-C
#   --port N             another port
#   -y, --yes            installs the .NET SDK into .dotnet/ without asking if it is missing
#
# The site needs no network: scripts, fonts and diagrams are in it. Exit code: 0 built, 1 failed, 2 bad usage.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"

serve=0 port=8085
while [ $# -gt 0 ]; do
  case "$1" in
    --serve) serve=1 ;;
    --port)
      [[ "${2:-}" =~ ^[0-9]+$ ]] || { note "--port needs a number"; exit 2; }
      port=$2
      shift
      ;;
    -y | --yes) assume_yes=1 ;;
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *)
      note "Unknown option $1; ./docs.sh --help lists them."
      exit 2
      ;;
  esac
  shift
done

need_dotnet
cd "$root" || exit 1
dotnet tool restore >/dev/null || die "The tools of .config/dotnet-tools.json could not be restored; dotnet tool restore says why."

# One test project refers to every library: its output has them all, with their comments and what they need.
build_once tests/WebSub.HouseRules.Tests || exit 1
built=$(dirname "$(program tests/WebSub.HouseRules.Tests WebSub.HouseRules.Tests)")
work=artifacts/docs
rm -rf "$work" && mkdir -p "$work/assemblies" "$work/references" || exit 1
cp "$root"/"${built#"$root"/}"/*.dll "$work/references/"
for surface in src/*/PublicAPI.Shipped.txt; do
  library=$(basename "$(dirname "$surface")")
  mv "$work/references/$library.dll" "$work/assemblies/" && cp "$built/$library.xml" "$work/assemblies/" || exit 1
done

# Quiet unless something is wrong.
docfx() {
  local log status
  log=$(mktemp) || return 1
  dotnet docfx "$@" --warningsAsErrors >"$log" 2>&1
  status=$?
  if [ "$status" != 0 ] || grep -qE 'warning[ :]' "$log"; then
    grep -E '(warning|error)[ :]' "$log" >&2 || cat "$log" >&2
    status=1
  fi
  rm -f "$log"
  return "$status"
}

docfx metadata docfx.json && docfx build docfx.json || die "The site was not built."
find "$work/site" -name '*.map' -delete
note "The site is in $root/$work/site, $(find "$work/site" -name '*.html' | wc -l) pages; ./docs.sh --serve shows it."
[ "$serve" = 1 ] || exit 0
exec dotnet docfx serve "$work/site" --hostname localhost --port "$port"
