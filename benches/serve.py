#!/usr/bin/env python3
"""How soon a saved article is seen, in a real browser, and how `dateline serve` bears a long day.

  benches/serve.py ARCHIVE [--saves 15] [--requests 100000] [--edits 1000]

ARCHIVE is changed: words are added to its articles. Printed are the time from the start to the first
page (with what an earlier run left, if it was run before) and to the end of the build behind it, from
a save to the moment the open page in headless Chromium shows the new words (median and most), how many
requests were answered wrong, and memory and open files of the server before and after the edits.

  DATELINE   the program; target/release/dateline by default
  CHROMIUM   the browser; chromium by default
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import threading
import time
import tomllib
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 60


class Server:
    """`dateline serve`, at any port."""

    def __init__(self, archive):
        program = os.environ.get("DATELINE", HERE / "target/release/dateline")
        start = time.monotonic()
        self.process = subprocess.Popen(
            [program, "--root", archive, "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.built = threading.Event()
        for line in self.process.stdout:
            self.hear(line, start)
            if line.startswith(b"Serving "):
                self.url = line.split()[1].decode()
                break
        self.get(self.url)
        self.began = time.monotonic() - start
        # Nobody else listens to what it says, and it must not wait.
        threading.Thread(target=self.listen, args=[start], daemon=True).start()

    def listen(self, start):
        for line in self.process.stdout:
            self.hear(line, start)

    def hear(self, line, start):
        if b" known, in " in line and not self.built.is_set():
            self.fresh = time.monotonic() - start
            self.built.set()

    def get(self, url):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=LONGEST)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=LONGEST)


class Browser:
    """Headless Chromium over the pipe of its DevTools protocol."""

    def __init__(self):
        out_read, self.out = os.pipe()
        into, in_write = os.pipe()
        arguments = [
            os.environ.get("CHROMIUM", "chromium"),
            "--headless",
            "--no-sandbox",
            "--disable-background-networking",
            "--remote-debugging-pipe",
            "about:blank",
        ]

        # The browser reads commands from 3 and answers on 4.
        shell = ["bash", "-c", f'exec "$@" 3<&{out_read} 4>&{in_write}', "bash"]
        self.process = subprocess.Popen(
            shell + arguments, pass_fds=(out_read, in_write), stderr=subprocess.DEVNULL
        )
        os.close(out_read)
        os.close(in_write)
        self.into = os.fdopen(into, "rb", buffering=0)
        self.left = b""
        self.count = 0
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=page, flatten=True)
        self.session = attached["sessionId"]

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.left:
                self.left += self.into.read(1 << 16)
            text, self.left = self.left.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == self.count:
                return answer.get("result", {})

    def opens(self, url, words):
        self.call("Page.navigate", url=url)
        self.sees(words)

    def sees(self, words):
        """Waits until the page shows the words."""
        asked = f"!!document.body && document.body.innerText.includes({json.dumps(words)})"
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            answer = self.call("Runtime.evaluate", expression=asked)
            if answer.get("result", {}).get("value"):
                return
            time.sleep(0.002)
        raise TimeoutError(words)


def address(server, file):
    """Where a report's page is: by the date and the name of its file."""
    front = tomllib.loads(file.read_text().split("+++")[1])
    date = str(front["date"])[:10].replace("-", "/")
    return f"{server.url}{date}/{front.get('slug', file.stem)}/"


def saves(server, browser, files, count):
    times = []
    for number, file in enumerate(files[:count]):
        words = f"Seen as number {number} of {os.getpid()}."
        text = file.read_text()
        browser.opens(address(server, file), tomllib.loads(text.split("+++")[1])["title"])
        # A file that was written a moment ago is looked at more closely.
        time.sleep(2.5)
        start = time.monotonic()
        file.write_text(f"{text}\n{words}\n")
        browser.sees(words)
        times.append(time.monotonic() - start)
    return times


def load(server, paths, count):
    host = urllib.parse.urlsplit(server.url).netloc

    def ask(share):
        connection, wrong = http.client.HTTPConnection(host, timeout=LONGEST), 0
        for path in share:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            wrong += answer.status != 200
        return wrong

    asked = [paths[at % len(paths)] for at in range(count)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return sum(pool.map(ask, [asked[at::8] for at in range(8)]))


def soak(server, files, count):
    """Edits one file after the other, waiting for each to be served."""
    for number in range(count):
        file = files[number % len(files)]
        words = f"Edit {number} of {os.getpid()}."
        file.write_text(f"{file.read_text().split('Edit ')[0].rstrip()}\n\n{words}\n")
        url, end = address(server, file), time.monotonic() + LONGEST
        while words.encode() not in server.get(url)[1]:
            if time.monotonic() > end:
                raise TimeoutError(words)
            time.sleep(0.005)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("archive", type=pathlib.Path)
    parser.add_argument("--saves", type=int, default=15)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--edits", type=int, default=1_000)
    wanted = parser.parse_args()
    files = sorted((wanted.archive / "content").rglob("*.md"))
    random.Random(3).shuffle(files)

    server = Server(wanted.archive)
    try:
        measure(server, files, wanted)
    finally:
        print(f"ended with {server.end()}")


def measure(server, files, wanted):
    if not server.built.wait(10 * LONGEST):
        raise TimeoutError("the first build")
    print(f"first page after {server.began:.2f} s, built behind it after {server.fresh:.2f} s", flush=True)
    server_files = files[-50:]
    if wanted.saves:
        browser = Browser()
        try:
            times = saves(server, browser, files, wanted.saves)
        finally:
            browser.process.kill()
        print(f"saved to seen: median {statistics.median(times):.3f} s, most {max(times):.3f} s", flush=True)
    if wanted.requests:
        pages = [urllib.parse.urlsplit(address(server, file)).path for file in files[:500]]
        home, start = urllib.parse.urlsplit(server.url).path, time.monotonic()
        wrong = load(server, [*pages, home, f"{home}atom.xml"], wanted.requests)
        seconds = time.monotonic() - start
        print(f"{wanted.requests} requests in {seconds:.1f} s, {wrong} of them wrong", flush=True)
    if wanted.edits:
        soak(server, server_files, 50)
        before = server.memory(), server.files()
        soak(server, server_files, wanted.edits)
        after = server.memory(), server.files()
        print(f"{wanted.edits} edits: {before[0]} MB and {before[1]} files open before, {after[0]} and {after[1]} after")


main()
