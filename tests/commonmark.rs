//! The `CommonMark` specification's examples, through our own render loop.
//!
//! The specification is not ours to ship (CC BY-SA). `DATELINE_COMMONMARK_SPEC` names its
//! `spec.txt`, which the npm package `commonmark-spec@0.31.2` holds. Without it the test says so
//! and passes; with `DATELINE_CI=1` it fails.

#[path = "machine/skip.rs"]
mod skip;

use dateline::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use dateline::markdown::{
    BodyWords, Condition, Link, MarkdownOptions, Picture, References, ShortcodeCall,
    ShortcodeError, render,
};

/// Examples whose output differs from the specification's on purpose.
const DIFFERENT: [(&[usize], &str); 5] = [
    (&[73, 74, 646, 647], "headings that begin at the third level or below are raised as one"),
    (&[34, 144], "the class of code holds only the letters that names of languages have"),
    (&[200, 485, 486, 487, 567], "a link without an address is words"),
    (
        &[572, 573, 576, 577, 584, 585, 586, 588, 589, 591],
        "a picture alone with a title is a figure",
    ),
    (&[598, 599, 601], "links of unknown schemes are refused"),
];

/// An archive that has everything.
struct Everything;

impl References for Everything {
    fn link(&self, _: &str) -> Link {
        Link::External
    }

    fn picture(&self, source: &str) -> Picture {
        Picture::Local {
            address: source.to_owned(),
            size: None,
            condition: Condition::default(),
            copies: Vec::new(),
        }
    }

    fn shortcode(&self, _: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Err(ShortcodeError { message: String::new(), help: None })
    }
}

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

/// Reads the examples: between fences of 32 backticks, Markdown, a line with a dot, HTML.
fn examples(specification: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let opening = format!("\n{fence} example\n");
    let closing = format!("\n{fence}\n");
    specification
        .split(&opening)
        .skip(1)
        .enumerate()
        .filter_map(|(index, rest)| {
            let rest = format!("\n{}", rest.split(&closing).next()?);
            let (markdown, html) = rest.split_once("\n.\n").or_else(|| rest.split_once("\n."))?;
            let text = |text: &str| text.trim_start_matches('\n').replace('→', "\t");
            let keep_first_line =
                |text: &str| text.strip_prefix('\n').unwrap_or(text).replace('→', "\t");
            Some(Example {
                number: index + 1,
                markdown: keep_first_line(markdown) + "\n",
                html: text(html),
            })
        })
        .collect()
}

/// The text without what stands between two marks, the marks included.
fn without(text: &str, from: &str, to: &str, instead: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(from) {
        out.push_str(before);
        out.push_str(instead);
        rest = after.split_once(to).map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// Our HTML without what we add to the specification's.
fn without_ours(html: &str) -> String {
    let html = without(html, "<p id=\"p", "</a>", "<p>");
    let html = without(&html, " <a class=\"anchor\"", "</a>", "");
    let html = (1..=6).fold(html, |html, level| {
        without(&html, &format!("<h{level} id=\"h-"), "\">", &format!("<h{level}>"))
    });
    html.replace(" loading=\"lazy\" decoding=\"async\"", "")
        .replace(" rel=\"external noopener\"", "")
}

/// Both sides' spellings of the same HTML.
fn normal(html: &str) -> String {
    html.replace(" />", ">").replace("&quot;", "\"").replace("&#x27;", "'").trim().to_owned()
}

/// The specification's HTML with room made for the page's own heading.
fn with_headings_lowered(html: &str) -> String {
    if !html.contains("<h1>") {
        return html.to_owned();
    }
    (1..=5).rev().fold(html.to_owned(), |html, level| {
        html.replace(&format!("<h{level}>"), &format!("<h{}>", level + 1))
            .replace(&format!("</h{level}>"), &format!("</h{}>", level + 1))
    })
}

#[test]
fn the_specification_s_examples() {
    let what = "spec.txt of CommonMark";
    let Some(path) = skip::needs_file("DATELINE_COMMONMARK_SPEC", what) else { return };
    let specification = std::fs::read_to_string(&path).expect("the specification can be read");
    let examples = examples(&specification);
    assert!(examples.len() > 600, "{} examples in {}", examples.len(), path.display());
    let options = MarkdownOptions {
        raw_html: RawHtml::Trust,
        foreign_tags: ForeignTags::Show,
        unresolved_links: UnresolvedLinks::Keep,
        smart_punctuation: false,
        autolink: false,
        format: dateline::markdown::BodyFormat::Markdown,
        language: "en".to_owned(),
        words: BodyWords::default(),
    };
    let mut wrong = Vec::new();
    for example in &examples {
        let rendered = render(&example.markdown, &options, &Everything);
        let ours = normal(&without_ours(&rendered.html));
        let theirs = normal(&with_headings_lowered(&example.html));
        let is_different = DIFFERENT.iter().any(|(numbers, _)| numbers.contains(&example.number));
        if (ours == theirs) == is_different {
            wrong.push(format!(
                "{}\n{}--- theirs\n{theirs}\n--- ours\n{ours}\n",
                example.number, example.markdown
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}
