#!/usr/bin/env bash
# Builds everything and runs every test. The last line is `N passed, N failed, N skipped`.
#
#   ./test.sh [--fast] [-y] [--project NAME]... [--results DIR] [-- RUNNER OPTIONS]
#
#   --fast          leaves out tests that start other programs: the project WebSub.EndToEnd.Tests, and every test
#                   elsewhere with [Trait("Starts", "PostgreSql")]
#   -y, --yes       installs what is missing without asking (CI=true does the same): the .NET SDK into .dotnet/ of this
#                   clone with the vendor's install script, PostgreSQL, RabbitMQ and Chromium through apt-get where there is one
#   --project NAME  only tests/NAME; may be repeated
#   --results DIR   keeps what each test project reports, as xUnit XML with the seconds of every test, in this folder
#   -- OPTIONS      go to the test programs as they are:  ./test.sh --project WebSub.Tests -- -method '*Verify*'
#
# Exit code: 0 if all passed, 1 if anything failed, did not build or ran no test, 2 for bad usage, 130 after Ctrl-C.
#
# Tests that need PostgreSQL start a private server in a temporary folder. Where PostgreSQL cannot be had they are skipped with
# the reason. UPDATE_SETTINGS_PAGES=1 ./test.sh rewrites the tables in docs/reference/settings-*.md from the code. CI=true also
# needs unchanged lock files.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"

fast=0 only=() options=() results=''
while [ $# -gt 0 ]; do
  case "$1" in
    --fast) fast=1 ;;
    -y | --yes) assume_yes=1 ;;
    --project)
      [ $# -gt 1 ] && [ -d "$root/tests/$2" ] || { note "--project needs the name of a folder in tests/"; exit 2; }
      only+=("$2")
      shift
      ;;
    --results)
      [ $# -gt 1 ] && mkdir -p "$2" && results=$(cd "$2" && pwd) || { note "--results needs a folder that can be written to."; exit 2; }
      shift
      ;;
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --)
      shift
      options=("$@")
      break
      ;;
    *)
      note "Unknown option $1; ./test.sh --help lists them."
      exit 2
      ;;
  esac
  shift
done

passed=0 failed=0 skipped=0 table='' failures='' running='' scratch=''

# Ends the running test program and what it started: politely, then for good.
end_running() {
  [ -n "$running" ] || return 0
  kill -INT -- "-$running" 2>/dev/null
  local wait
  for wait in 1 1 1 1 1; do
    kill -0 -- "-$running" 2>/dev/null || break
    sleep "$wait"
  done
  kill -KILL -- "-$running" 2>/dev/null
  running=''
}

clean_up() {
  end_running
  [ -z "$scratch" ] || rm -rf "$scratch"
}

interrupted() {
  trap '' INT TERM HUP
  note ""
  note "Interrupted."
  exit 130
}
trap clean_up EXIT
trap interrupted INT TERM HUP

# run_in_group COMMAND…: in a process group of its own, so that what it starts can be ended with it.
run_in_group() {
  set -m
  "$@" </dev/null &
  running=$!
  set +m
  wait "$running"
  local status=$?
  # Nothing a test started may outlive it.
  kill -KILL -- "-$running" 2>/dev/null
  running=''
  return "$status"
}

# attribute FILE NAME: the sum of an attribute over the assemblies of a result file.
attribute() { grep -o '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }

skip_reasons() {
  tr '\n' ' ' <"$1" | grep -o '<reason>[^]]*' | sed 's/.*CDATA\[//' | sort | uniq -c | while read -r count reason; do
    printf '    %sskipped%s %s × %s\n' "$yellow" "$plain" "$count" "$reason"
  done
}

# failed_tests FILE: the names of the tests that failed, one a line.
failed_tests() { tr '\n' ' ' <"$1" | grep -o '<test [^>]*result="Fail"' | sed 's/.* name="\([^"]*\)".*/\1/'; }

run_project() {
  local name=$1 result="${results:-$scratch}/$1.xml" program status run bad omitted seconds
  rm -f "$result"
  program=$(program "tests/$name" "$name")
  local filter=()
  [ "$fast" = 1 ] && filter=(-trait- Starts=PostgreSql)
  printf '%s%s%s\n' "$bold" "$name" "$plain"
  run_in_group dotnet "$program" -noLogo -noColor -reporter quiet -xml "$result" ${filter[@]+"${filter[@]}"} ${options[@]+"${options[@]}"}
  status=$?
  if [ ! -s "$result" ]; then
    printf '    %sfailed%s  the test program ended with exit code %s and left no results\n' "$red" "$plain" "$status"
    table+=$(printf '%-28s %8s s  no results' "$name" '?')$'\n'
    failed=$((failed + 1))
    return
  fi
  bad=$(($(attribute "$result" failed) + $(attribute "$result" errors)))
  omitted=$(attribute "$result" skipped)
  run=$(attribute "$result" passed)
  skip_reasons "$result"
  [ "$bad" = 0 ] || failures+=$(failed_tests "$result")$'\n'
  if [ $((run + bad + omitted)) = 0 ]; then
    printf '    %sfailed%s  it ran no test\n' "$red" "$plain"
    bad=1
  elif [ "$status" != 0 ] && [ "$bad" = 0 ]; then
    printf '    %sfailed%s  the test program ended with exit code %s\n' "$red" "$plain" "$status"
    bad=1
  fi
  seconds=$(grep -o '<assembly [^>]*' "$result" | grep -o ' time="[0-9.]*"' | head -1 | tr -dc '0-9.')
  printf '    %s passed, %s failed, %s skipped; %s s\n' "$run" "$bad" "$omitted" "$seconds"
  table+=$(printf '%-28s %8s s %6s passed %6s failed %6s skipped' "$name" "$seconds" "$run" "$bad" "$omitted")$'\n'
  passed=$((passed + run)) failed=$((failed + bad)) skipped=$((skipped + omitted))
}

# build TARGET: true if it builds; else its errors.
build() {
  run_in_group dotnet build "$root/$1" --configuration "$configuration" --nologo --verbosity quiet >"$scratch/build.log" 2>&1 && return
  printf '    %sfailed%s  %s does not build\n' "$red" "$plain" "$1"
  { grep -E ': (error|warning) ' "$scratch/build.log" || tail -40 "$scratch/build.log"; } | sort -u
  return 1
}

need_dotnet
[ "$fast" = 1 ] || { want_postgres; want_rabbitmq; want_chromium; want_shells; want_promtool; want_nginx; }
scratch=$(mktemp -d) || die "No temporary folder can be made."
projects=()
for folder in "$root"/tests/*/; do
  name=$(basename "$folder")
  [ -f "$folder/$name.csproj" ] || continue
  [ "$fast" = 1 ] && [ "$name" = WebSub.EndToEnd.Tests ] && continue
  [ ${#only[@]} = 0 ] || [[ " ${only[*]} " == *" $name "* ]] || continue
  projects+=("$name")
done
[ ${#projects[@]} -gt 0 ] || die "There is no test project to run."

printf '%sBuild%s\n' "$bold" "$plain"
if build WebSub.slnx; then
  for name in "${projects[@]}"; do run_project "$name"; done
else
  # Say what still works: the test projects that build by themselves are run.
  unbuilt=0
  for name in "${projects[@]}"; do
    if build "tests/$name"; then run_project "$name"; else unbuilt=$((unbuilt + 1)); fi
  done
  [ "$unbuilt" -gt 0 ] || unbuilt=1
  failed=$((failed + unbuilt))
fi

printf '%sSummary%s\n%s' "$bold" "$plain" "$table"
[ -z "$failures" ] || printf '%sFailed%s\n%s' "$bold" "$plain" "$failures"
colour=$green
[ "$failed" = 0 ] || colour=$red
printf '%s%s passed, %s failed, %s skipped%s\n' "$colour" "$passed" "$failed" "$skipped" "$plain"
[ "$failed" = 0 ]
