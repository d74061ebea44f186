//! Input that means harm, to every reader of text: front matter, settings, the ledger, Markdown,
//! shortcodes, archetypes' entries, and the lints of bodies.
//!
//! Chance looks for panics ([`proptest`]); `DATELINE_CASES` asks for more of it. How time grows is
//! measured by a slow test that prints it: `cargo test --release --test hostile -- --ignored --nocapture`.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::time::{Duration, Instant};

use dateline::build::markdown_options;
use dateline::check::body;
use dateline::config::{Config, reading};
use dateline::content::front_matter;
use dateline::content::markdown::{
    self, Link, MarkdownOptions, Picture, References, ShortcodeCall, ShortcodeError,
};
use dateline::content::words::WordsHash;
use dateline::i18n::Language;
use dateline::ledger::Ledger;
use proptest::prelude::*;

/// An archive in which nothing is there.
struct Nothing;

impl References for Nothing {
    fn link(&self, destination: &str) -> Link {
        if destination.contains(':') { Link::External } else { Link::Unresolved(None) }
    }

    fn picture(&self, _: &str) -> Picture {
        Picture::Missing(None)
    }

    fn shortcode(&self, _: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Ok("<hr>".to_owned())
    }
}

fn config() -> Config {
    reading::read("dateline.toml", "").0
}

fn options() -> MarkdownOptions {
    let words = Language::read("en", include_str!("../themes/gazette/i18n/en.toml")).unwrap();
    markdown_options(&config(), &words)
}

fn read_article(text: &str) {
    let parsed = front_matter::article("content/2017-01-29-a.md", text, &config(), &options());
    for problem in &parsed.diagnostics {
        let place = problem.place.as_ref().and_then(|place| place.spot.as_ref());
        assert!(place.is_none_or(|spot| spot.line >= 1 && spot.column >= 1), "{problem:?}");
    }
}

fn read_settings(text: &str) {
    reading::read("dateline.toml", text);
}

fn read_ledger(text: &str) {
    Ledger::default().read("links/a.example.toml", text);
}

fn read_body(text: &str) {
    markdown::render(text, &options(), &Nothing);
}

fn hash_words(text: &str) {
    std::hint::black_box(WordsHash::of(text));
}

fn lint_body(text: &str) {
    for flaw in body::flaws(text, "en") {
        assert!(text.get(flaw.range.clone()).is_some(), "{flaw:?}");
    }
}

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
    const PIECES: [&str; 52] = [
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
        read_body(&body);
    }
}

type Shape = (&'static str, fn(usize) -> String);

fn numbered(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

/// Bodies of about `n` pieces each.
const BODIES: &[Shape] = &[
    ("deep quotes", |n| format!("{}text", ">".repeat(n))),
    ("deep lists", |n| format!("{}text", "- ".repeat(n))),
    ("nested list, a level a line", |n| {
        numbered(n.min(60) * n / 60, |at| format!("{}- x\n", "  ".repeat(at % 60)))
    }),
    ("one long line", |n| "word ".repeat(n)),
    ("footnotes", |n| numbered(n, |at| format!("a[^{at}]\n\n[^{at}]: b\n\n"))),
    ("one footnote, many marks", |n| format!("{}\n\n[^1]: b\n", "a[^1] ".repeat(n))),
    ("footnotes without marks", |n| numbered(n, |at| format!("[^{at}]: b\n\n"))),
    ("open brackets", |n| "[".repeat(n)),
    ("open pictures", |n| "![".repeat(n)),
    ("brackets and parentheses", |n| "[a](".repeat(n)),
    ("links in links", |n| format!("{}{}", "[".repeat(n), "](/a/)".repeat(n))),
    ("backticks of every length", |n| {
        let mut text = String::new();
        let mut length = 1;
        while text.len() < n {
            text.push_str(&"`".repeat(length));
            text.push(' ');
            length += 1;
        }
        text
    }),
    ("open tags", |n| "<a ".repeat(n)),
    ("open comments", |n| "<!-- ".repeat(n)),
    ("angle brackets", |n| "<".repeat(n)),
    ("processing instructions", |n| "<?".repeat(n)),
    ("declarations", |n| "<!A ".repeat(n)),
    ("CDATA", |n| "<![CDATA[".repeat(n)),
    ("references defined", |n| {
        numbered(n, |at| format!("[r{at}]: /a{at}\n")) + &numbered(n, |at| format!("[r{at}] "))
    }),
    ("references to none", |n| numbered(n, |at| format!("[r{at}] "))),
    ("one reference's titles", |n| format!("[a]: /b \"{}", "\" ".repeat(n))),
    ("a wide table", |n| format!("{}\n{}\n", "|a".repeat(n), "|-".repeat(n))),
    ("a wide table's short rows", |n| {
        let width = n.isqrt();
        format!("{}|\n{}|\n{}", "|a".repeat(width), "|-".repeat(width), "|b|\n".repeat(n))
    }),
    ("a long table", |n| format!("|a|\n|-|\n{}", "|b|\n".repeat(n))),
    ("emphasis opened", |n| "*a ".repeat(n)),
    ("emphasis runs", |n| "*".repeat(n)),
    ("emphasis of both kinds", |n| "*a_ ".repeat(n)),
    ("struck words", |n| "~~a ~".repeat(n)),
    ("headings of one name", |n| "## a\n\n".repeat(n)),
    ("links to own places", |n| "## a\n\n[a](#a)\n\n".repeat(n)),
    ("links to nowhere", |n| "[a](b.md)\n".repeat(n)),
    ("links to nowhere on one line", |n| "[a](b.md) ".repeat(n)),
    ("pictures that are missing", |n| "![](b.png)\n\n".repeat(n)),
    ("entities", |n| "&amp;&#".repeat(n)),
    ("tags opened", |n| "{{ a(b='".repeat(n)),
    ("tags of others", |n| "{{< a >}} ".repeat(n)),
    ("tags in code", |n| "`{{ a() }}` ".repeat(n)),
    ("shortcodes", |n| "{{ a() }}\n\n".repeat(n)),
    ("raw HTML, nested", |n| "<div>".repeat(n)),
    ("raw HTML, closed", |n| "<b>x</b> ".repeat(n)),
    ("raw HTML, attributes", |n| format!("<p {}>x</p>", "a=b ".repeat(n))),
    ("bidi controls", |n| "\u{202e}a".repeat(n)),
    ("addresses", |n| "https://a.example/ ".repeat(n)),
    ("addresses that are none", |n| "https://https://".repeat(n)),
    ("holes", |n| "has been  about the .\n".repeat(n)),
    ("colons", |n| "at :".repeat(n)),
    ("words of vague links", |n| "[here](/a/)\n".repeat(n)),
];

const FRONT_MATTER: &[Shape] = &[
    ("TOML, keys", |n| format!("+++\n{}+++\n", numbered(n, |at| format!("key{at} = 1\n")))),
    ("TOML, near misses", |n| format!("+++\n{}+++\n", numbered(n, |at| format!("[tites{at}]\n")))),
    ("TOML, deep tables", |n| format!("+++\na = {}\n+++\n", "{b=".repeat(n))),
    ("TOML, deep lists", |n| format!("+++\na = {}\n+++\n", "[".repeat(n))),
    ("TOML, a dotted key", |n| format!("+++\n{}a = 1\n+++\n", "a.".repeat(n))),
    ("TOML, a long key", |n| format!("+++\n{} = 1\n+++\n", "a".repeat(n))),
    ("TOML, a long text", |n| format!("+++\ntitle = \"{}\"\n+++\n", "a ".repeat(n))),
    ("TOML, tags", |n| format!("+++\ntags = [{}]\n+++\n", numbered(n, |at| format!("\"t{at}\",")))),
    ("TOML, bad corrections", |n| {
        format!("+++\n{}+++\n", "[[corrections]]\ntext = \"a\"\n".repeat(n))
    }),
    ("TOML, bad aliases", |n| format!("+++\naliases = [{}]\n+++\n", "\"/../\",".repeat(n))),
    ("TOML, wrong kinds", |n| format!("+++\nvia = [{}]\n+++\n", "[],\n".repeat(n))),
    ("YAML, keys", |n| format!("---\n{}---\n", numbered(n, |at| format!("key{at}: 1\n")))),
    ("YAML, one key again", |n| format!("---\n{}---\n", numbered(n, |at| format!("key: {at}\n")))),
    ("YAML, deep lists", |n| format!("---\na: {}\n---\n", "[".repeat(n))),
    ("YAML, deep tables", |n| format!("---\n{}\n---\n", "{a: ".repeat(n))),
    ("YAML, dashes", |n| format!("---\n{}\n---\n", "- ".repeat(n))),
    ("YAML, aliases", |n| format!("---\na: &a [b]\nc: [{}]\n---\n", "*a,".repeat(n))),
    ("YAML, an alias bomb", |n| {
        let levels = n.ilog2() as usize;
        format!(
            "---\na0: &a0 [x]\n{}---\n",
            numbered(levels, |at| format!("a{}: &a{} [*a{at},*a{at},*a{at}]\n", at + 1, at + 1))
        )
    }),
    ("YAML, a long text", |n| format!("---\ntitle: {}\n---\n", "a ".repeat(n))),
    ("YAML, tags", |n| format!("---\ntags: [{}]\n---\n", numbered(n, |at| format!("t{at},")))),
    ("YAML, quotes", |n| format!("---\ntitle: {}\n---\n", "\"".repeat(n))),
    ("YAML, a block never closed", |n| format!("---\n{}", "a\n".repeat(n))),
];

const SETTINGS: &[Shape] = &[
    ("unknown keys", |n| numbered(n, |at| format!("key{at} = 1\n"))),
    ("outlets", |n| numbered(n, |at| format!("[outlets.o{at}]\nname = \"a\"\n"))),
    ("outlets of bad countries", |n| {
        numbered(n, |at| format!("[outlets.o{at}]\ncountry = \"a\"\n"))
    }),
    ("redirects without a target", |n| "[[redirects]]\nfrom = \"/a/\"\n".repeat(n)),
    ("deep lists", |n| format!("nav = {}", "[".repeat(n))),
    ("foreign keys", |n| format!("[keys]\n{}", numbered(n, |at| format!("k{at} = \"tite\"\n")))),
];

const LEDGERS: &[Shape] = &[
    ("addresses", |n| {
        numbered(n, |at| format!("[\"https://a.example/{at}\"]\ndead = 2024-05-01\n"))
    }),
    ("addresses of other hosts", |n| {
        numbered(n, |at| format!("[\"https://b.example/{at}\"]\ndead = 2024-05-01\n"))
    }),
    ("bad dates", |n| numbered(n, |at| format!("[\"https://a.example/{at}\"]\ndead = \"x\"\n"))),
    ("unknown keys", |n| {
        format!("[\"https://a.example/\"]\n{}", numbered(n, |at| format!("key{at} = 1\n")))
    }),
];

/// The shortest of three runs: what is left is the work.
fn shortest(read: &dyn Fn(&str), text: &str) -> Duration {
    let run = || {
        let start = Instant::now();
        read(text);
        start.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap()
}

/// What the hash of a body's words has to look ahead for.
const MARKUP_LEFT_OPEN: &[Shape] = &[
    ("pictures opened", |n| "![".repeat(n)),
    ("pictures closed at the end", |n| format!("{}{}", "![a".repeat(n), "]".repeat(n))),
    ("comments opened", |n| "<!-- a ".repeat(n)),
    ("tags opened", |n| "<a b ".repeat(n)),
    ("links opened", |n| "[a](".repeat(n)),
    ("titles opened", |n| "[a](b \"c".repeat(n)),
    ("addresses in one word", |n| "www.a?".repeat(n)),
    ("addresses and brackets", |n| format!("https://a{}", ")".repeat(n))),
    ("a number without end", |n| "1.".repeat(n)),
];

/// A reader's name, what it is given, and itself.
type Reader = (&'static str, &'static [Shape], fn(&str));

/// What eight times as much may cost at most: eight times, and room for caches that overflow and for
/// other programs. A quadratic reader takes sixty-four times.
const MOST: f64 = 30.0;

#[test]
#[ignore = "slow"]
fn time_grows_with_the_input_and_no_faster() {
    let n = 4_000;
    let readers: [Reader; 7] = [
        ("Markdown", BODIES, read_body),
        ("lints", BODIES, lint_body),
        ("words", BODIES, hash_words),
        ("words", MARKUP_LEFT_OPEN, hash_words),
        ("front matter", FRONT_MATTER, read_article),
        ("settings", SETTINGS, read_settings),
        ("ledger", LEDGERS, read_ledger),
    ];
    let mut too_fast = Vec::new();
    for (reader, shapes, read) in readers {
        for (name, shape) in shapes {
            let (small, large) = (shortest(&read, &shape(n)), shortest(&read, &shape(8 * n)));
            let ratio = large.as_secs_f64() / small.as_secs_f64().max(2e-4);
            println!("{reader:<13} {name:<32} {small:>12.2?} {large:>12.2?} ×{ratio:.1}");
            if ratio > MOST {
                too_fast.push(format!("{reader}, {name}: ×{ratio:.0}"));
            }
        }
    }
    assert!(too_fast.is_empty(), "{too_fast:#?}");
}
