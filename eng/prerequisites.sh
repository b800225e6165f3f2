# shellcheck shell=bash
# What the scripts of this repository share: finding or installing what is missing, building once, colours. Sourced, never run.
# The caller sets `root` to the folder of the clone. `assume_yes` is 1 after -y or with CI=true.

assume_yes=0
[ "${CI:-}" = true ] && assume_yes=1

# One build serves every script, `dotnet run` and the IDE.
configuration=Debug

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A build server that outlives its script would hold the script's output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

red='' green='' yellow='' bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' bold=$'\e[1m' plain=$'\e[0m'
fi

note() { printf '%s\n' "$*" >&2; }

die() {
  note "$*"
  exit 1
}

# confirm QUESTION: true after a yes; without a terminal to ask on, the answer is no.
confirm() {
  [ "$assume_yes" = 1 ] && return 0
  [ -t 0 ] && [ -t 2 ] || return 1
  local answer
  read -r -p "$1 [y/N] " answer || return 1
  case "$answer" in [yY] | [yY][eE][sS]) return 0 ;; *) return 1 ;; esac
}

# The SDK counts as present if it satisfies global.json.
dotnet_works() { command -v dotnet >/dev/null && (cd "$root" && dotnet --version) >/dev/null 2>&1; }

use_own_dotnet() {
  [ -x "$root/.dotnet/dotnet" ] || return 1
  export DOTNET_ROOT="$root/.dotnet" PATH="$root/.dotnet:$PATH"
  # The install script brings no ICU; neither the SDK nor our programs need it.
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  dotnet_works
}

# need_dotnet: the .NET SDK on PATH, or the end of the script with one sentence.
need_dotnet() {
  dotnet_works && return
  use_own_dotnet && return
  local how="Get it from https://dotnet.microsoft.com/download/dotnet/10.0, or run this script with -y to have it put into .dotnet/."
  confirm "The .NET 10 SDK is missing. Install it into $root/.dotnet with the vendor's script (about 250 MB)?" || die "The .NET 10 SDK is missing. $how"
  install_dotnet || die "The .NET 10 SDK could not be installed. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this script again."
  use_own_dotnet || die "The .NET 10 SDK was put into .dotnet/ but does not start; $root/.dotnet/dotnet --version says why."
}

install_dotnet() {
  local script url=https://dot.net/v1/dotnet-install.sh status
  script=$(mktemp) || return 1
  note "Installing the .NET 10 SDK into $root/.dotnet …"
  { if command -v curl >/dev/null; then curl -fsSL --retry 2 "$url" -o "$script"; else wget -qO "$script" "$url"; fi } &&
    bash "$script" --channel 10.0 --install-dir "$root/.dotnet" --no-path >&2
  status=$?
  rm -f "$script"
  return "$status"
}

# has_postgres: true if tests will find initdb where they look for it.
has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }

# want_postgres: PostgreSQL's programs if they can be had. Never starts a server.
want_postgres() {
  has_postgres && return
  note "Missing: PostgreSQL (its server programs; tests start a private server in a temporary folder)."
  if ! command -v apt-get >/dev/null; then
    note "Install PostgreSQL 13 or later with your system's package manager to run the tests that need it; they are skipped now."
  elif ! confirm "Install the package postgresql with apt-get?"; then
    note "The tests that need it are skipped; ./test.sh -y installs it."
  else
    install_packages postgresql || note "PostgreSQL could not be installed; the tests that need it are skipped."
  fi
}

# want_rabbitmq: RabbitMQ's programs if they can be had. Never starts a server.
want_rabbitmq() {
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && return
  note "Missing: RabbitMQ (tests of notifications on a bus start a private broker in a temporary folder)."
  if ! command -v apt-get >/dev/null; then
    note "The tests that need Debian's package rabbitmq-server are skipped."
  elif ! confirm "Install the package rabbitmq-server with apt-get?"; then
    note "The tests that need it are skipped; ./test.sh -y installs it."
  else
    install_packages rabbitmq-server || note "RabbitMQ could not be installed; the tests that need it are skipped."
  fi
}

# want_chromium: a browser for the tests of web pages, if it can be had.
want_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null && return
  note "Missing: Chromium (tests of web pages open them in a real browser)."
  if ! command -v apt-get >/dev/null; then
    note "Install Chromium with your system's package manager to run the tests that need it; they are skipped now."
  elif ! confirm "Install the package chromium with apt-get?"; then
    note "The tests that need it are skipped; ./test.sh -y installs it."
  else
    install_packages chromium || note "Chromium could not be installed; the tests that need it are skipped."
  fi
}

# want_shells: zsh and fish, for the tests of completion.
want_shells() {
  command -v zsh >/dev/null && command -v fish >/dev/null && return
  note "Missing: zsh or fish (tests complete command lines in them)."
  if ! command -v apt-get >/dev/null; then
    note "Install them with your system's package manager to run the tests that need them; they are skipped now."
  elif ! confirm "Install the packages zsh and fish with apt-get?"; then
    note "The tests that need them are skipped; ./test.sh -y installs them."
  else
    install_packages zsh fish || note "zsh and fish could not be installed; the tests that need them are skipped."
  fi
}

# want_promtool: Prometheus's checker of metrics, unpacked into .tools: its package would start a service.
want_promtool() {
  command -v promtool >/dev/null || [ -x "$root/.tools/promtool" ] && return
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 0
  note "Missing: promtool (a test has it read the server's metrics)."
  if ! confirm "Unpack it from the package prometheus into $root/.tools?"; then
    note "The test that needs it is skipped; ./test.sh -y gets it."
    return
  fi
  local folder
  folder=$(mktemp -d) || return 0
  (
    cd "$folder" && { apt-get download -qq prometheus || { install_packages && apt-get download -qq prometheus; }; } &&
      dpkg -x prometheus_*.deb . && mkdir -p "$root/.tools" && mv usr/bin/promtool "$root/.tools/promtool"
  ) >/dev/null 2>&1 || note "promtool could not be had; the test that needs it is skipped."
  rm -rf "$folder"
}

# want_nginx: the proxy of deploy/nginx, unpacked into .tools: its package would start a service.
want_nginx() {
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || [ -x "$root/.tools/nginx" ] && return
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 0
  note "Missing: nginx (a test puts it in front of a hub)."
  if ! confirm "Unpack it from the package nginx into $root/.tools?"; then
    note "The tests that need it are skipped; ./test.sh -y gets it."
    return
  fi
  local folder
  folder=$(mktemp -d) || return 0
  (
    cd "$folder" && { apt-get download -qq nginx || { install_packages && apt-get download -qq nginx; }; } &&
      dpkg -x nginx_*.deb . && mkdir -p "$root/.tools" && usr/sbin/nginx -v && mv usr/sbin/nginx "$root/.tools/nginx"
  ) >/dev/null 2>&1 || note "nginx could not be had; the tests that need it are skipped."
  rm -rf "$folder"
}

install_packages() {
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || return 1
    as_root=(sudo)
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# build_sources PROJECT: every file that its build reads.
build_sources() {
  (cd "$root" && find Directory.Build.props Directory.Packages.props global.json .editorconfig eng/BannedSymbols.txt src "$1" \
    \( -name bin -o -name obj \) -prune -o -type f ! -name packages.lock.json -print 2>/dev/null | LC_ALL=C sort -u)
}

# build_once PROJECT: builds it, quietly, unless no source changed since the last time. Errors go to stderr.
build_once() {
  local project=$1 stamp="$root/$1/obj/built-from" log status
  if is_built "$project"; then return 0; fi
  mkdir -p "$root/$project/obj"
  # Two scripts at once: the second one waits and then finds everything built.
  if command -v flock >/dev/null; then
    exec 9>"$root/$project/obj/build-lock"
    flock 9
    if is_built "$project"; then
      exec 9>&-
      return 0
    fi
  fi
  [ -t 2 ] && note "Building $project …"
  log=$(mktemp) || return 1
  build_sources "$project" >"$stamp.new"
  dotnet build "$root/$project" --configuration "$configuration" --nologo --verbosity quiet >"$log" 2>&1 9>&-
  status=$?
  if [ "$status" = 0 ]; then
    mv "$stamp.new" "$stamp"
  else
    note "$project does not build:"
    { grep -E 'error|warn' "$log" || cat "$log"; } | sort -u >&2
  fi
  rm -f "$log"
  if command -v flock >/dev/null; then exec 9>&-; fi
  return "$status"
}

# The stamp lists the sources as they were when the build began: none is newer, none came or went.
is_built() {
  local stamp="$root/$1/obj/built-from"
  [ -f "$stamp" ] && build_sources "$1" | cmp -s - "$stamp" &&
    [ -z "$(cd "$root" && tr '\n' '\0' <"$stamp" | xargs -0 sh -c 'find "$@" -newer "$0" -print -quit' "$stamp")" ]
}

# program PROJECT NAME: the built program's path.
program() { echo "$root/$1/bin/$configuration/net10.0/$2.dll"; }
