#!/usr/bin/env bash
# The main job on loopback: a hub, a publisher whose feed keeps changing and a subscriber, each step printed as it happens.
#   ./demo.sh          runs until Ctrl-C
#   ./demo.sh --once   ends by itself after three updates and an unsubscribe; exit code 0 only if every step was observed
#   -y                 installs the .NET SDK into .dotnet/ without asking if it is missing
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"

arguments=()
for argument; do
  case "$argument" in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    -y | --yes) assume_yes=1 ;;
    *) arguments+=("$argument") ;;
  esac
done

need_dotnet
build_once samples/Demo || exit 1
exec dotnet "$(program samples/Demo Demo)" ${arguments[@]+"${arguments[@]}"}
