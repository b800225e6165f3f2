#!/usr/bin/env bash
# Makes every package, with symbols and a bill of materials. The same commit gives the same bytes, in whatever folder the clone is, if it
# is packed by the same SDK on Linux.
#
#   ./eng/pack.sh [-y] [--baseline FOLDER] [--only NAME]... [--twice] [FOLDER]
#
#   FOLDER             where the packages go; artifacts/packages if it is left out. Packages that are there already are removed
#   --baseline FOLDER  packages of an earlier version: what they offer must still be there
#   --only NAME        only this package; may be repeated
#   --twice            does it all again in a clone in another folder, and fails unless each file is the same; takes twice as long
#   -y                 installs the .NET SDK into .dotnet/ without asking if it is missing
#
# The version comes from the newest tag, v1.2.3; after it, or before the first one, it is a pre-release that counts the commits.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/prerequisites.sh
. "$root/eng/prerequisites.sh"

folder='' baseline='' only=() twice='' again=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    -y | --yes) assume_yes=1 ;;
    --twice) twice=1 ;;
    --baseline)
      [ $# -gt 1 ] && [ -d "$2" ] || { note "--baseline needs a folder of packages"; exit 2; }
      baseline=$(cd "$2" && pwd)
      shift
      ;;
    --only)
      [ $# -gt 1 ] && [ -f "$root/src/$2/$2.csproj" ] || { note "--only needs the name of a folder in src/"; exit 2; }
      only+=("src/$2/$2.csproj")
      again+=(--only "$2")
      shift
      ;;
    -*)
      note "Unknown option $1; ./eng/pack.sh --help lists them."
      exit 2
      ;;
    *)
      [ -z "$folder" ] || { note "One folder, please; ./eng/pack.sh --help shows how."; exit 2; }
      folder=$1
      ;;
  esac
  shift
done

need_dotnet
if [ -n "$twice" ] && [ -n "$(git -C "$root" status --porcelain)" ]; then
  note "--twice compares what is committed; git status names what is not."
  exit 1
fi
folder=${folder:-$root/artifacts/packages}
mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 1
rm -f "$folder"/*.nupkg "$folder"/*.snupkg "$folder"/*.cdx.json
cd "$root" || exit 1

# Files in a package carry the time of the commit. Without a repository they carry that of the first moment a zip file can tell.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 315532800)
export SOURCE_DATE_EPOCH

temporary=$(mktemp -d) || exit 1
trap 'rm -rf "$temporary"' EXIT
properties=(-p:ContinuousIntegrationBuild=true)
if [ -n "$baseline" ]; then
  versioned=$temporary/baseline
  mkdir "$versioned" || exit 1
  # The build looks for them by name alone.
  for package in "$baseline"/*.nupkg; do
    name=$(basename "$package" | sed -E 's/\.[0-9]+\.[0-9]+\.[0-9].*$//')
    ln -sf "$package" "$versioned/$name.nupkg"
  done
  properties+=("-p:BaselineFolder=$versioned")
fi

if [ ${#only[@]} -gt 0 ]; then
  for project in "${only[@]}"; do
    dotnet pack "$project" --configuration Release --nologo --verbosity quiet "${properties[@]}" --output "$folder" || exit 1
  done
else
  # In one build: what several need is built once, and beside each other.
  {
    echo '<Solution>'
    for project in src/*/*.csproj templates/*.csproj; do printf '  <Project Path="%s" />\n' "$root/$project"; done
    echo '</Solution>'
  } >"$temporary/packages.slnx"
  dotnet pack "$temporary/packages.slnx" --configuration Release --nologo --verbosity quiet "${properties[@]}" \
    -p:WarnOnPackingNonPackableProject=false --output "$folder" || exit 1
fi

# What each package contains and needs, for whoever has to answer for it.
dotnet tool restore --verbosity quiet >/dev/null || exit 1
moment=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null || echo 1980-01-01T00:00:00Z)
for package in "$folder"/*.nupkg; do
  file=$(basename "$package" .nupkg)
  name=$(printf '%s' "$file" | sed -E 's/\.[0-9]+\.[0-9]+\.[0-9].*$//')
  [ -d "src/$name" ] || continue # Templates contain no code of anybody else's and need nothing.
  bill=$folder/$file.cdx.json
  dotnet CycloneDX "src/$name/$name.csproj" --disable-package-restore --no-serial-number --output-format Json --set-type Library \
    --set-version "${file#"$name".}" --output "$folder" --filename "$file.cdx.json" >/dev/null &&
    sed -E "s/^( *\"timestamp\": )\"[^\"]*\"/\1\"$moment\"/" "$bill" >"$bill.new" && mv "$bill.new" "$bill" ||
    { note "The bill of materials of $name could not be made."; exit 1; }
done

printf '%s packages in %s\n' "$(find "$folder" -name '*.nupkg' | wc -l)" "$folder"

[ -n "$twice" ] || exit 0
other="$temporary/another folder/clone"
git clone --quiet --no-hardlinks "$root" "$other" && git -C "$other" checkout --quiet "$(git rev-parse HEAD)" || exit 1
# Packages name the repository that the clone is from.
origin=$(git remote get-url origin 2>/dev/null) && git -C "$other" remote set-url origin "$origin" || git -C "$other" remote remove origin
"$other/eng/pack.sh" ${again[@]+"${again[@]}"} "$temporary/again" && diff -rq "$folder" "$temporary/again" || exit 1
echo "Packed twice, in $root and in a clone in another folder: every file is the same."
