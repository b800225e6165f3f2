#!/usr/bin/env bash
# Load tests of the whole hub, Release build: ./bench/run.sh [SCENARIO...] [--quick]; --help lists the scenarios.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"
configuration=Release

need_dotnet
build_once bench/WebSub.LoadTests || exit 1
exec dotnet "$(program bench/WebSub.LoadTests WebSub.LoadTests)" "$@"
