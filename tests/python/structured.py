"""Reads the structured data of every page of a built site as others do, with extruct, and says what
is wrong with it, a line each; the last line counts what was read.

    python structured.py SITE BASE_URL
"""

import datetime
import json
import pathlib
import sys

import extruct

REQUIRED = {"headline", "url", "mainEntityOfPage", "datePublished", "sdPublisher", "inLanguage"}
DATES = {"datePublished", "dateModified"}


def is_date(text):
    """A year, a month, a day or a moment of ISO 8601."""
    for form in ("%Y", "%Y-%m", "%Y-%m-%d"):
        try:
            datetime.datetime.strptime(text, form)
            return True
        except ValueError:
            pass
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return True
    except ValueError:
        return False


def walk(value):
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def problems_of_report(report, open_graph, page):
    for key in sorted(REQUIRED - report.keys()):
        yield f"no {key}"
    if report["mainEntityOfPage"].get("@id") != page:
        yield f"it stands on {report['mainEntityOfPage'].get('@id')}"
    for author in report.get("author", []):
        if author.get("@type") != "Person" or not author.get("name"):
            yield f"an author is {author}"
    for key in ("publisher", "sdPublisher"):
        if key in report and (report[key].get("@type"), bool(report[key].get("name"))) != ("Organization", True):
            yield f"{key} is {report[key]}"
    for correction in report.get("correction", []):
        if correction.get("@type") != "CorrectionComment" or not correction.get("text"):
            yield f"a correction is {correction}"
    for key in ("isBasedOn", "url"):
        if not str(report.get(key, "https://")).startswith(("https://", "http://")):
            yield f"{key} is {report[key]}"
    if open_graph.get("og:type") != ["article"] or open_graph.get("og:url") != [page]:
        yield f"Open Graph says {open_graph}"
    if open_graph.get("og:title") != [report["headline"]]:
        yield f"Open Graph calls it {open_graph.get('og:title')}"
    if open_graph.get("article:published_time") != [report["datePublished"]]:
        yield "Open Graph has another date"


def problems(data, page):
    open_graph = {}
    for graph in data["opengraph"]:
        for name, content in graph["properties"]:
            open_graph.setdefault(name, []).append(content)
    for node in data["json-ld"]:
        for inner in walk(node):
            for key in DATES & inner.keys():
                if not is_date(inner[key]):
                    yield f"{key} is {inner[key]}"
            for key, value in inner.items():
                if value in (None, "", []):
                    yield f"{key} is empty"
        if node.get("@context") != "https://schema.org":
            yield f"the context is {node.get('@context')}"
        if node.get("@type") == "NewsArticle":
            yield from problems_of_report(node, open_graph, page)


def main(site, base):
    counts = {}
    for path in sorted(pathlib.Path(site).rglob("*.html")):
        address = base + path.relative_to(site).as_posix().removesuffix("index.html")
        html = path.read_text(encoding="utf-8")
        data = extruct.extract(html, base_url=address, syntaxes=["json-ld", "opengraph"])
        for node in data["json-ld"]:
            counts[node["@type"]] = counts.get(node["@type"], 0) + 1
        for problem in problems(data, address):
            print(f"{address}: {problem}")
    print(json.dumps(counts, sort_keys=True))


main(sys.argv[1], sys.argv[2])
