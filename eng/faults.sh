#!/usr/bin/env bash
# What a hub of three nodes on one PostgreSQL makes of faults under load: ./eng/faults.sh [--quick] [WORD...]; --help says more.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"
configuration=Release

need_dotnet
build_once bench/WebSub.LoadTests || exit 1
exec dotnet "$(program bench/WebSub.LoadTests WebSub.LoadTests)" faults "$@"
