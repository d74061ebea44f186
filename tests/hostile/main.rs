//! Input that means harm, to every reader of text: front matter, settings, the ledger, Markdown,
//! shortcodes, archetypes' entries, and the lints of bodies.
//!
//! Chance looks for panics ([`proptest`]); `DATELINE_CASES` asks for more of it. How time grows is
//! measured by `cargo bench --bench growth`.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod readers;

use proptest::prelude::*;

use readers::{hash_words, lint_body, read_article, read_body, read_ledger, read_settings};

fn cases() -> u32 {
    std::env::var("DATELINE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

/// Pieces of front matter, of settings and of ledgers, in both formats.
fn data() -> impl Strategy<Value = String> {
    const PIECES: [&str; 64] = [
        "title",
        "date",
        "corrections",
        "withdrawn",
        "image",
        "via",
        "tags",
        "links",
        "also",
        "extra",
        "taxonomies",
        "params",
        "draft",
        "path",
        "slug",
        "aliases",
        "language",
        "base_url",
        "nav",
        "outlets.a",
        "check",
        "lints",
        "dead",
        "archived",
        " = ",
        ": ",
        "\n",
        "\n\n",
        "\n- ",
        "\n  ",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ", ",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "\\",
        "\\u{0}",
        "#",
        "|",
        ">",
        "&a",
        "*a",
        "!!binary ",
        "<<: ",
        "? ",
        "~",
        "true",
        "2017-01-29",
        "2017-02-30",
        "1e400",
        "0x7f",
        "https://a.example/",
        "é",
        "\u{202e}",
        "\0",
        "\r",
        "\u{feff}",
        "+++\n",
    ];
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40);
    prop_oneof![4 => pieces.prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

/// Pieces of Markdown, of raw HTML and of tags, and of sentences with holes.
fn prose() -> impl Strategy<Value = String> {
    const PIECES: [&str; 58] = [
        "<video src=",
        "<source src=a.mp4>",
        "</video>",
        "<object data=a.pdf>",
        "![](a.mp3)",
        "<iframe src=\"//youtu.be/",
        "has been",
        "  ",
        "about",
        " .",
        " :",
        "at",
        "the",
        "here",
        "[here]",
        "https://",
        "www.",
        "a",
        "http://a.example/",
        "(",
        ")",
        "[](/a/)",
        "![](a)",
        "[",
        "](",
        "](/a/#b)",
        "![",
        "<",
        ">",
        "<a ",
        "</a>",
        "<b>",
        "\n",
        "\n\n",
        "# ",
        "### ",
        "> ",
        "- ",
        "1. ",
        "| a |\n|-|\n",
        "`",
        "```\n",
        "*",
        "**",
        "~~",
        "[^1]",
        "[^1]: ",
        "[a]: /b\n",
        "{{ a() }}",
        "{{< b >}}",
        "{{",
        "}}",
        "{% c %}",
        "&#8220;",
        "é",
        "\u{202e}",
        "\u{F0000}",
        "\0",
    ];
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..50);
    prop_oneof![4 => pieces.prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn no_front_matter_makes_a_reader_panic(data in data(), body in prose()) {
        read_article(&format!("+++\n{data}\n+++\n{body}"));
        read_article(&format!("---\n{data}\n---\n{body}"));
        read_article(&data);
    }

    #[test]
    fn no_settings_and_no_ledger_make_a_reader_panic(data in data()) {
        read_settings(&data);
        read_ledger(&data);
    }

    #[test]
    fn no_body_makes_a_lint_panic(body in prose()) {
        lint_body(&body);
        hash_words(&body);
        read_body(&body);
    }
}
