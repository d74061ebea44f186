"""What others' parsers make of a site's files, as JSON on standard output.

    readers.py bibtex FILE…          bibtexparser
    readers.py ris FILE…             rispy
    readers.py csl SCHEMA FILE…      jsonschema, then citeproc-py
    readers.py bag FOLDER            bagit, with every hash
    readers.py harvest SITE ADDRESS  feedparser, following prev-archive (RFC 5005)
"""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")


def bibtex(files):
    import bibtexparser
    from bibtexparser.bparser import BibTexParser

    entries = []
    for file in files:
        parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
        entries += bibtexparser.loads(Path(file).read_text("utf-8"), parser).entries
    return entries


def ris(files):
    import rispy

    return [entry for file in files for entry in rispy.loads(Path(file).read_text("utf-8"))]


def csl(arguments):
    import jsonschema
    from citeproc import Citation, CitationItem, CitationStylesBibliography
    from citeproc import CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    schema = json.loads(Path(arguments[0]).read_text("utf-8"))
    items = []
    for file in arguments[1:]:
        held = json.loads(Path(file).read_text("utf-8"))
        jsonschema.Draft7Validator(schema).validate(held)
        items += held
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    shown = [str(entry) for entry in bibliography.bibliography()]
    return {"items": items, "keys": list(bibliography.keys), "shown": shown}


def bag(arguments):
    import bagit

    read = bagit.Bag(arguments[0])
    read.validate()
    return {"payload": len(list(read.payload_files())), "info": read.info}


def harvest(arguments):
    import feedparser

    site, address = arguments
    documents = []
    following = address + "atom.xml"
    while following:
        assert following.startswith(address), following
        text = (Path(site) / following[len(address):]).read_bytes()
        feed = feedparser.parse(text)
        assert not feed.bozo, (following, feed.get("bozo_exception"))
        links = {link.rel: link.href for link in feed.feed.links}
        documents.append(
            {
                "url": following,
                "is_archive": "fh_archive" in feed.feed,
                "links": links,
                "ids": [entry.id for entry in feed.entries],
            }
        )
        following = links.get("prev-archive")
    return documents


READERS = {"bibtex": bibtex, "ris": ris, "csl": csl, "bag": bag, "harvest": harvest}

if __name__ == "__main__":
    json.dump(READERS[sys.argv[1]](sys.argv[2:]), sys.stdout, ensure_ascii=True)
