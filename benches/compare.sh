#!/usr/bin/env bash
# A clean build of one corpus by Dateline and by Hugo, in turn: wall time, CPU time, peak memory.
#
#   benches/compare.sh CORPUS SITES [RUNS]
#
#   CORPUS   a folder with the same articles in both front matters: CORPUS/dateline/ and
#            CORPUS/hugo/, each the inside of a content folder
#   SITES    a folder whose hugo/ holds Hugo's hugo.toml and layouts/
#   RUNS     how often each builds; 5 by default, the middle one of each figure is printed
#
# Sources and output lie on a file system in memory, so that a disk's mood does not count. Before
# each run everything that the run before wrote is removed. After each, the articles' own pages are
# counted (/2017/01/29/slug/): a build that lost one makes the comparison fail.
#
#   DATELINE   the program; target/release/dateline by default (cargo build --release)
#   HUGO       the program itself, not a wrapper that starts it; hugo by default
#   GNU_TIME   GNU time; /usr/bin/time by default
#   SCRATCH    a folder in memory; /dev/shm by default
set -euo pipefail

if [ $# -lt 2 ]; then
  sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"
  exit 2
fi
corpus=$(cd "$1" && pwd)
sites=$(cd "$2" && pwd)
runs=${3:-5}
here=$(cd "$(dirname "$0")/.." && pwd)
dateline=${DATELINE:-$here/target/release/dateline}
hugo=${HUGO:-hugo}
gnu_time=${GNU_TIME:-/usr/bin/time}
scratch=$(mktemp -d "${SCRATCH:-/dev/shm}/dateline-compare.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

prepare() {
  mkdir -p "$scratch"/{dateline,hugo} "$scratch/cache"
  cp -R "$corpus/dateline" "$scratch/dateline/content"
  printf 'base_url = "https://archive.example/"\ntitle = "The Archive"\n' \
    > "$scratch/dateline/dateline.toml"
  cp -R "$sites/hugo/." "$scratch/hugo"
  mkdir -p "$scratch/hugo/content"
  cp -R "$corpus/hugo/." "$scratch/hugo/content"
}

# What an earlier run of either leaves behind.
clean() {
  rm -rf "$scratch/$1/public" "$scratch/$1/.dateline" "$scratch/$1/resources" "${scratch:?}/cache"
  rm -f "$scratch/$1/.hugo_build.lock"
  mkdir "$scratch/cache"
}

build() {
  case $1 in
    dateline) "${timed[@]}" "$dateline" --root "$scratch/dateline" build --quiet ;;
    hugo)
      HUGO_CACHEDIR=$scratch/cache "${timed[@]}" "$hugo" build --quiet --source "$scratch/hugo"
      ;;
  esac
}

# Articles' pages: /2017/01/29/slug/, whatever pages a day, a tag or a year has beside them.
pages() {
  find "$scratch/$1/public" -mindepth 5 -maxdepth 5 -name index.html \
    -path "$scratch/$1/public/[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/*" | wc -l
}

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

prepare
articles=$(find "$corpus/dateline" -name '*.md' | wc -l)
echo "$articles articles, $runs runs each, $(getconf _NPROCESSORS_ONLN) cores, load before:$(uptime | sed 's/.*average.*: */ /')" >&2
for ((run = 1; run <= runs; run++)); do
  for name in dateline hugo; do
    clean "$name"
    timed=("$gnu_time" -a -o "$scratch/$name.runs" -f '%e %U %S %M')
    build "$name" > "$scratch/said" 2>&1 || { cat "$scratch/said"; exit 1; }
    found=$(pages "$name")
    if [ "$found" -ne "$articles" ]; then
      echo "$name made $found pages of $articles articles" >&2
      exit 1
    fi
    echo "run $run, $name: $(tail -n 1 "$scratch/$name.runs") (wall, user, system in s; KB)" >&2
  done
done

echo "| | wall, s | CPU, s | peak memory, MB | files | MB |"
echo "|---|---|---|---|---|---|"
for name in dateline hugo; do
  case $name in
    dateline) version=$("$dateline" --version | sed 's/^dateline /Dateline /') ;;
    hugo) version=$("$hugo" version 2> /dev/null | sed 's/^hugo v\([0-9.]*\).*/Hugo \1/' | tail -n 1) ;;
  esac
  wall=$(awk '{ print $1 }' "$scratch/$name.runs" | median)
  cpu=$(awk '{ print $2 + $3 }' "$scratch/$name.runs" | median)
  memory=$(awk '{ print int($4 / 1024) }' "$scratch/$name.runs" | median)
  files=$(find "$scratch/$name/public" -type f | wc -l)
  size=$(find "$scratch/$name/public" -type f -printf '%s\n' | awk '{ n += $1 } END { print int(n / 1e6) }')
  echo "| $version | $wall | $cpu | $memory | $files | $size |"
done
