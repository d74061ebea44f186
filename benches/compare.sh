#!/usr/bin/env bash
# A clean build of one corpus by Dateline, by Hugo, and by a program that does the least possible:
# wall time, CPU time, peak memory, each in proportion to Hugo's and to the least.
#
#   benches/compare.sh CORPUS [RUNS]
#
#   CORPUS   a folder with the same articles in both front matters: CORPUS/dateline/ and
#            CORPUS/hugo/, each the inside of a content folder; benches/corpus/ makes one
#   RUNS     how often each builds; 5 by default, the middle one of each figure is printed
#
# The rows:
#
#   plain    Dateline with benches/plain/, whose templates show what Hugo's show, and the archive by
#            date, which Hugo's site has not
#   gazette  Dateline as it comes
#   Hugo     with benches/hugo/
#   floor    benches/floor.rs: reads the sources, parses their Markdown, and writes as many files of
#            the same sizes as plain did; no templates, no index, no order, nothing remembered
#
# They build in turn. Sources and output lie on a file system in memory, so that a disk's mood does
# not count; what a run wrote is removed before the next. After each run the pages are counted: one
# for every article (/2017/01/29/slug/), tag, outlet and author, or the comparison fails.
#
#   DATELINE   the program; target/release/dateline by default (cargo build --release)
#   FLOOR      target/release/examples/floor by default (cargo build --release --example floor)
#   HUGO       the program itself, not a wrapper that starts it; hugo by default
#   GNU_TIME   GNU time; /usr/bin/time by default
#   SCRATCH    a folder in memory; /dev/shm by default
set -euo pipefail

if [ $# -lt 1 ]; then
  sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"
  exit 2
fi
corpus=$(cd "$1" && pwd)
runs=${2:-5}
here=$(cd "$(dirname "$0")/.." && pwd)
dateline=${DATELINE:-$here/target/release/dateline}
floor=${FLOOR:-$here/target/release/examples/floor}
hugo=${HUGO:-hugo}
gnu_time=${GNU_TIME:-/usr/bin/time}
scratch=$(mktemp -d "${SCRATCH:-/dev/shm}/dateline-compare.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

rows=(plain gazette hugo floor)
taxonomies=(tags outlets authors)

for program in "$dateline" "$floor" "$hugo" "$gnu_time"; do
  command -v "$program" > /dev/null || { echo "$program is missing; see the head of $0" >&2; exit 2; }
done

prepare() {
  mkdir "$scratch/dateline"
  cp -R "$here/benches/plain/." "$scratch/dateline"
  mv "$scratch/dateline/dateline.toml" "$scratch/dateline/plain.toml"
  printf 'base_url = "https://archive.example/"\ntitle = "The Archive"\n' \
    > "$scratch/dateline/gazette.toml"
  cp -R "$corpus/dateline" "$scratch/dateline/content"
  mkdir -p "$scratch/hugo/content"
  cp -R "$here/benches/hugo/." "$scratch/hugo"
  cp -R "$corpus/hugo/." "$scratch/hugo/content"
}

# How many different ones the articles name: tags = ["Talks", "Geneva"], outlet = "The Gazette".
terms() {
  find "$corpus/dateline" -name '*.md' -exec sed -s -n '/^+++$/,/^+++$/p' {} + |
    sed -n "s/^${1%s}s\{0,1\} = //p" | grep -o '"[^"]*"' | sort -u | wc -l
}

# What a run leaves behind.
clean() {
  rm -rf "$scratch/public" "$scratch/dateline/.dateline" "$scratch/hugo/resources" "$scratch/cache"
  rm -f "$scratch/hugo/.hugo_build.lock"
  mkdir "$scratch/cache"
}

build() {
  local timed=("$gnu_time" -a -o "$scratch/$1.runs" -f '%e %U %S %M')
  case $1 in
    plain | gazette)
      "${timed[@]}" "$dateline" --root "$scratch/dateline" --config "$1.toml" \
        build --quiet --output-dir "$scratch/public"
      ;;
    hugo)
      HUGO_CACHEDIR=$scratch/cache "${timed[@]}" "$hugo" build --quiet \
        --source "$scratch/hugo" --destination "$scratch/public"
      ;;
    floor) "${timed[@]}" "$floor" "$scratch/dateline/content" "$scratch/plain.files" "$scratch/public" ;;
  esac
}

# Articles' pages: /2017/01/29/slug/, whatever pages a day, a tag or a year has beside them.
articles_found() {
  find "$scratch/public" -mindepth 5 -maxdepth 5 -name index.html \
    -path "$scratch/public/[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/*" | wc -l
}

# Terms' pages: /tags/talks/, and neither the parts that Dateline cuts an index into, nor a term's.
terms_found() {
  find "$scratch/public/$1" -mindepth 2 -maxdepth 2 -name index.html \
    -not -path "$scratch/public/$1/initial-*" | wc -l
}

expect() {
  if [ "$3" -ne "$4" ]; then
    echo "$1 made $3 pages of $4 $2" >&2
    exit 1
  fi
}

check() {
  expect "$1" articles "$(articles_found)" "$articles"
  local taxonomy
  for taxonomy in "${taxonomies[@]}"; do
    expect "$1" "$taxonomy" "$(terms_found "$taxonomy")" "$(cat "$scratch/$taxonomy.count")"
  done
}

# A line a file: its size and its path.
list() { find "$scratch/public" -type f -printf '%s %P\n' | LC_ALL=C sort -k 2 > "$scratch/$1.files"; }

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

wall() { awk '{ print $1 }' "$scratch/$1.runs" | median; }
cpu() { awk '{ print $2 + $3 }' "$scratch/$1.runs" | median; }
memory() { awk '{ print int($4 / 1024) }' "$scratch/$1.runs" | median; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.1f", a / b; else printf "-" }'; }

name() {
  case $1 in
    hugo) "$hugo" version 2> /dev/null | sed 's/^hugo v\([0-9.]*\).*/Hugo \1/' | tail -n 1 ;;
    floor) echo "the floor" ;;
    *) echo "$("$dateline" --version | sed 's/^dateline /Dateline /'), $1" ;;
  esac
}

prepare
articles=$(find "$corpus/dateline" -name '*.md' | wc -l)
for taxonomy in "${taxonomies[@]}"; do terms "$taxonomy" > "$scratch/$taxonomy.count"; done
counts=$(for taxonomy in "${taxonomies[@]}"; do printf '%s %s, ' "$(cat "$scratch/$taxonomy.count")" "$taxonomy"; done)
echo "$articles articles, $counts$runs runs each, $(getconf _NPROCESSORS_ONLN) cores, load before:$(uptime | sed 's/.*average.*: */ /')" >&2
for ((run = 1; run <= runs; run++)); do
  for row in "${rows[@]}"; do
    clean
    build "$row" > "$scratch/said" 2>&1 || { cat "$scratch/said"; exit 1; }
    check "$row"
    list "$row"
    echo "run $run, $row: $(tail -n 1 "$scratch/$row.runs") (wall, user, system in s; KB)" >&2
  done
done
cmp "$scratch/plain.files" "$scratch/floor.files"

echo "| | articles | files | MB | wall, s | CPU, s | peak memory, MB | Hugo's wall | Hugo's CPU | of the floor's wall | of the floor's CPU |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
for row in "${rows[@]}"; do
  size=$(awk '{ n += $1 } END { print int(n / 1e6) }' "$scratch/$row.files")
  echo "| $(name "$row") | $articles | $(wc -l < "$scratch/$row.files") | $size" \
    "| $(wall "$row") | $(cpu "$row") | $(memory "$row")" \
    "| $(ratio "$(wall hugo)" "$(wall "$row")") × | $(ratio "$(cpu hugo)" "$(cpu "$row")") ×" \
    "| $(ratio "$(wall "$row")" "$(wall floor)") × | $(ratio "$(cpu "$row")" "$(cpu floor)") × |"
done
