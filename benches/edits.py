#!/usr/bin/env python3
"""What one edit of a large archive costs: the time of the build after it, and the files it touches.

    benches/edits.py CONTENT [TRIES]

    CONTENT  a folder of articles, each with TOML front matter that has a date and tags
    TRIES    how often each kind of edit is made; 20 by default

The archive is copied into a folder in memory and built once. Then, in turn, a report is added,
back-dated, retagged (among its new tags is the commonest), corrected and withdrawn, each time another
one; the clock is stopped from the program's start to its end. A file counts as touched if its ctime is
later than the edit, or if it is gone.

    DATELINE   the program; target/release/dateline by default
    SCRATCH    a folder in memory; /dev/shm by default
"""

import collections
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DATELINE = os.environ.get("DATELINE", str(HERE.parent / "target/release/dateline"))
TAGS = re.compile(r"^tags = \[(.*)\]$", re.MULTILINE)
DATE = re.compile(r"^date = (\d{4})-(\d{2})-(\d{2})", re.MULTILINE)


class Site:
    """The copied archive, and the reports that no edit has used yet."""

    def __init__(self, content, root):
        self.root = root
        self.content = root / "content"
        shutil.copytree(content, self.content)
        (root / "dateline.toml").write_text(
            'base_url = "https://archive.example/"\ntitle = "The Archive"\n'
        )
        self.unused = sorted(self.content.rglob("*.md"))
        random.Random(1).shuffle(self.unused)
        counted = collections.Counter()
        for path in self.unused[:5000]:
            counted.update(self.tags(path.read_text()))
        self.commonest = counted.most_common(1)[0][0]

    @staticmethod
    def tags(text):
        found = TAGS.search(text)
        return re.findall(r'"([^"]*)"', found.group(1)) if found else []

    def build(self):
        """Builds; seconds, peak memory in kB."""
        start = time.monotonic()
        child = subprocess.Popen([DATELINE, "build", "--quiet"], cwd=self.root)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        if status:
            sys.exit(f"the build ended with {status}")
        return seconds, usage.ru_maxrss

    def published(self):
        found = {}
        for folder, _, names in os.walk(self.root / "public"):
            for name in names:
                path = f"{folder}/{name}"
                found[path] = os.lstat(path).st_ctime_ns
        return found

    def take(self):
        path = self.unused.pop()
        return path, path.read_text()


def extended(text, lines):
    return text.replace("\n+++\n", f"\n{lines}\n+++\n", 1)


def with_tags(text, tags):
    return TAGS.sub("tags = [" + ", ".join(f'"{tag}"' for tag in tags) + "]", text, count=1)


def add(site, number):
    _, text = site.take()
    text = with_tags(text, [site.commonest, *site.tags(text)])
    text = re.sub(r'^slug = "(.*)"$', rf'slug = "added-{number}-\1"', text, flags=re.MULTILINE)
    (site.content / f"added-{number}.md").write_text(text)


def back_date(site, _):
    path, text = site.take()
    year, month, day = DATE.search(text).groups()
    path.write_text(DATE.sub(f"date = {int(year) - 1}-{month}-{min(int(day), 28):02}", text, count=1))


def retag(site, _):
    path, text = site.take()
    _, other = site.take()
    path.write_text(with_tags(text, [site.commonest, *site.tags(other)]))


def correct(site, _):
    path, text = site.take()
    line = 'corrections = [{date = 2026-02-03, text = "A name was wrong.", was = "Ivan", now = "Oleg"}]'
    path.write_text(extended(text, line))


def withdraw(site, _):
    path, text = site.take()
    path.write_text(extended(text, 'withdrawn = {date = 2026-02-03, reason = "Asked for.", kind = "request"}'))


EDITS = {
    "added": add,
    "back-dated": back_date,
    "retagged": retag,
    "corrected": correct,
    "withdrawn": withdraw,
}


def measure(site, tries):
    seconds, memory = site.build()
    print(f"clean {seconds:.2f} s, {memory / 1024:.0f} MB")
    before = site.published()
    figures = {kind: [] for kind in EDITS}
    for number in range(tries):
        for kind, edit in EDITS.items():
            time.sleep(2.1)  # A younger file is read again, whatever its stamp: not what is measured.
            edited = time.time_ns()
            edit(site, number)
            seconds, memory = site.build()
            now = site.published()
            written = sum(changed >= edited - 20_000_000 for changed in now.values())
            touched = written + len(before.keys() - now.keys())
            figures[kind].append((seconds, touched, memory))
            before = now
    print(f"{'':12}{'median':>9}{'most':>9}{'files':>7}{'most':>6}{'MB':>6}")
    every = [figure for kind in figures.values() for figure in kind]
    for kind, rows in {**figures, "all": every}.items():
        times, touched, memory = zip(*rows)
        print(
            f"{kind:12}{statistics.median(times):7.2f} s{max(times):7.2f} s"
            f"{statistics.median(touched):7.0f}{max(touched):6}{max(memory) / 1024:6.0f}"
        )


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tries = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory(dir=os.environ.get("SCRATCH", "/dev/shm")) as scratch:
        measure(Site(sys.argv[1], pathlib.Path(scratch)), tries)


if __name__ == "__main__":
    main()
