#!/usr/bin/env bash
# Ten minutes of mixed traffic, and whether the server grows: ./bench/soak.sh [--quick | --minutes N]; --help says more.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"
configuration=Release

need_dotnet
build_once bench/WebSub.LoadTests || exit 1
exec dotnet "$(program bench/WebSub.LoadTests WebSub.LoadTests)" soak "$@"
