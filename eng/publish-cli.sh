#!/usr/bin/env bash
# Makes the `websub` command line as single files that need no .NET: one for each system, with checksums.
#
#   ./eng/publish-cli.sh [-y] [--rid RID]... [FOLDER]
#
#   FOLDER     where the files go; artifacts/cli if it is left out: websub-linux-x64, …, websub-win-x64.exe, SHA256SUMS
#   --rid RID  only for this system; may be repeated. Without it: linux-x64, linux-arm64, osx-arm64, win-x64
#   -y         installs the .NET SDK into .dotnet/ without asking if it is missing
#
# Each file unpacks its two native libraries (SQLite) into the user's temporary folder when it runs. Exit code: 0 if all were made, else 1.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"

folder='' systems=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    -y | --yes) assume_yes=1 ;;
    --rid)
      [ $# -gt 1 ] || { note "--rid needs a system, such as linux-x64"; exit 2; }
      systems+=("$2")
      shift
      ;;
    -*)
      note "Unknown option $1; ./eng/publish-cli.sh --help lists them."
      exit 2
      ;;
    *)
      [ -z "$folder" ] || { note "One folder, please; ./eng/publish-cli.sh --help shows how."; exit 2; }
      folder=$1
      ;;
  esac
  shift
done
[ ${#systems[@]} -gt 0 ] || systems=(linux-x64 linux-arm64 osx-arm64 win-x64)

need_dotnet
folder=${folder:-$root/artifacts/cli}
mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

missing=()
for system in "${systems[@]}"; do
  suffix=''
  case "$system" in win-*) suffix=.exe ;; esac
  file=websub-$system$suffix
  rm -f "$folder/$file"
  # Its own folder for what is in between: the build of the clone stays as it is.
  if dotnet publish "$root/src/WebSub.Cli" --configuration Release --runtime "$system" --self-contained --nologo --verbosity quiet \
    -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:EnableCompressionInSingleFile=true \
    -p:PackAsTool=false -p:DebugType=none -p:GenerateDocumentationFile=false -p:LockFolder="$work/$system" -p:RestoreLockedMode=false \
    -p:UseArtifactsOutput=true -p:ArtifactsPath="$work/$system" --output "$work/$system/out" >"$work/$system.log" 2>&1; then
    mv "$work/$system/out/WebSub.Cli$suffix" "$folder/$file" || exit 1
    printf '%s  %s MB\n' "$file" "$(($(wc -c <"$folder/$file") / 1000000))"
  else
    missing+=("$system")
    note "The file for $system could not be made:"
    grep -m3 -E 'error|ERR' "$work/$system.log" >&2 || tail -3 "$work/$system.log" >&2
  fi
  rm -rf "${work:?}/$system"
done

[ ${#missing[@]} -lt ${#systems[@]} ] || exit 1
(cd "$folder" && { sha256sum websub-* 2>/dev/null || shasum -a 256 websub-*; } >SHA256SUMS)
[ ${#missing[@]} -eq 0 ]
