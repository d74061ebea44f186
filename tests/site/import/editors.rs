//! Texts that are no HTML in their export: Ghost's two editors, Atom's XHTML.

use serde_json::{Value as Json, json};

use super::shelf::{Shelf, holds};
use crate::archive::Archive;

/// Imports one post of Ghost whose text only its editor's form holds; returns the report and the file.
fn ghost(key: &str, document: &Json) -> (Json, String) {
    let post = json!({ "id": "1", "title": "Talks", "slug": "talks", "status": "published",
        "published_at": "2021-03-01T10:00:00.000Z", key: document.to_string() });
    let export = json!({ "db": [{ "data": { "posts": [post] } }] });
    let shelf = Shelf::new();
    let archive = Archive::new();
    let path = shelf.file("g.json", export.to_string());
    let report = archive.import_from(&["ghost"], &path, &["--json"]).succeeds().json();
    archive.build_with(&["--strict"]).succeeds();
    (report, archive.text("content/2021/talks.md"))
}

#[test]
fn a_text_of_ghost_s_newer_editor_is_converted() {
    let text = |text: &str, format: u32| json!({ "type": "extended-text", "text": text, "format": format });
    let document = json!({ "root": { "type": "root", "children": [
        { "type": "paragraph", "children": [text("Plain, ", 0), text("bold", 1), text(" & ", 0), text("both", 3),
            { "type": "linebreak" },
            { "type": "link", "url": "https://x.example/?a=1&b=2", "children": [text("a link", 0)] }] },
        { "type": "extended-heading", "tag": "h3", "children": [text("A part", 0)] },
        { "type": "list", "listType": "number", "children": [
            { "type": "listitem", "children": [text("first", 0)] },
            { "type": "listitem", "children": [text("second", 0)] }] },
        { "type": "extended-quote", "children": [text("They said.", 0)] },
        { "type": "horizontalrule" },
        { "type": "image", "src": "https://pics.example/a.jpg", "alt": "A street", "caption": "By <b>Ann</b>" },
        { "type": "codeblock", "language": "sh", "code": "ls <x>" },
        { "type": "markdown", "markdown": "| a | b |\n|---|---|\n| 1 | 2 |" },
        { "type": "html", "html": "<p>Raw <em>words</em></p>" },
        { "type": "bookmark", "url": "https://y.example/", "metadata": { "title": "Another paper" } },
        { "type": "embed", "url": "https://www.youtube.com/watch?v=abc",
          "html": "<iframe src=\"https://www.youtube.com/embed/abc\"></iframe>" },
        { "type": "callout", "calloutText": "Take <i>care</i>" },
        { "type": "file", "src": "https://files.example/r.pdf", "fileTitle": "The paper" },
        { "type": "hologram" }
    ] } });
    let (report, text) = ghost("lexical", &document);
    assert_eq!(report["doubts"], json!(["“Talks”: its part “hologram” is unknown, and left out"]));
    assert_eq!(report["broken"], json!([]));
    holds(
        &text,
        &[
            "Plain, **bold** &",
            "[a link](https://x.example/?a=1&b=2)",
            "### A part",
            "1. first\n2. second",
            "> They said.",
            "https://pics.example/a.jpg",
            "A street",
            "```sh\nls <x>\n```",
            "| a ",
            "Raw *words*",
            "[Another paper](https://y.example/)",
            "youtube.com",
            "> Take *care*",
            "[The paper](https://files.example/r.pdf)",
        ],
    );
}

#[test]
fn a_text_of_ghost_s_older_editor_is_converted() {
    let document = json!({ "version": "0.3.1",
        "markups": [["strong"], ["a", ["href", "https://x.example/"]], ["em"]],
        "atoms": [["soft-return", "", {}]],
        "cards": [["image", { "src": "https://pics.example/a.jpg", "alt": "A street" }],
                  ["markdown", { "markdown": "Some *words*." }], ["hologram", {}]],
        "sections": [
            [1, "p", [[0, [], 0, "Plain "], [0, [0], 0, "bold "], [0, [2], 2, "both"], [1, [], 0, 0],
                      [0, [1], 1, "a <link>"]]],
            [1, "h2", [[0, [], 0, "A part"]]],
            [3, "ul", [[[0, [], 0, "first"]], [[0, [], 0, "second"]]]],
            [10, 0], [10, 1], [10, 2], [10, 99], [7]
        ] });
    let (report, text) = ghost("mobiledoc", &document);
    assert_eq!(report["doubts"].as_array().map(Vec::len), Some(2), "{report:#}");
    holds(
        &text,
        &[
            "Plain <strong>bold <em>both</em></strong>",
            "[a \\<link>](https://x.example/)",
            "## A part",
            "- first\n- second",
            "![A street](https://pics.example/a.jpg)",
            "Some *words*.",
        ],
    );
}

#[test]
fn xhtml_in_an_atom_feed_is_markup() {
    let feed = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' \
        xmlns:h='http://www.w3.org/1999/xhtml'><entry><id>urn:1</id>\
        <title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Talks &amp; <em>tea</em></div></title>\
        <published>2017-02-03T00:00:00Z</published>\
        <content type='xhtml'><h:div><h:p>One &lt;word&gt; <h:b>and</h:b> another<h:br/>line.</h:p>\
        <h:p/><h:p title='&quot;'>See <h:a href='https://x.example/?a=1&amp;b=2'>there</h:a>.</h:p>\
        </h:div></content></entry></feed>";
    let shelf = Shelf::new();
    let archive = Archive::new();
    let path = shelf.file("a.xml", feed);
    let report = archive.import_from(&["feed"], &path, &["--json"]).succeeds().json();
    assert_eq!((&report["written"], &report["broken"]), (&json!(1), &json!([])));
    let text = archive.text("content/2017/talks-tea.md");
    holds(
        &text,
        &[
            "title = \"Talks & tea\"",
            "One \\<word> **and** another",
            "See [there](https://x.example/?a=1&b=2).",
        ],
    );
}
