#!/usr/bin/env bash
# Lets AFL look for inputs that a parser does not survive, for as long as you let it run.
#
#   eng/fuzz.sh TARGET [AFL OPTIONS]        eng/fuzz.sh urls -V 3600
#
# TARGET is a folder of tests/WebSub.Fuzz/Corpus that is not http-*. Needs afl-fuzz (apt-get install afl++). What is found is in
# artifacts/fuzz/TARGET/default/crashes: copy a file that shows a fault into the corpus, under a name that says what it is.
# Longer runs without AFL, of the endpoints too:
#
#   FUZZ_SEED=$RANDOM FUZZ_INPUTS=100000 FUZZ_REQUESTS=5000 ./test.sh --project WebSub.Fuzz
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

[ $# -gt 0 ] || usage
target=$1
shift
corpus="$root/tests/WebSub.Fuzz/Corpus/$target"
case "$target" in http-* | */*) usage ;; esac
[ -d "$corpus" ] || usage
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is not installed: apt-get install afl++" >&2; exit 1; }

out="$root/artifacts/fuzz"
program="$out/program"
rm -rf "$program"
dotnet publish "$root/tests/Programs/FuzzedParsers" --configuration Release --output "$program" --nologo --verbosity quiet
[ -x "$out/tools/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$out/tools"
for library in WebSub.dll WebSub.Hub.dll WebSub.Subscriber.dll; do "$out/tools/sharpfuzz" "$program/$library"; done
mkdir -p "$out/$target"
AFL_SKIP_BIN_CHECK=1 exec afl-fuzz -i "$corpus" -o "$out/$target" -t 10000 -m none "$@" -- dotnet "$program/FuzzedParsers.dll" "$target"
