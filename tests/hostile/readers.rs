//! Every reader of text, as a test or a measurement calls it: with an archive in which nothing is
//! there, and nothing given back.

use dateline::check::body;
use dateline::content::front_matter;
use dateline::content::rules::ReadingRules;
use dateline::content::text_hash::WordsHash;
use dateline::i18n::Language;
use dateline::ledger::Ledger;
use dateline::markdown::{
    self, Link, MarkdownOptions, Picture, References, ShortcodeCall, ShortcodeError,
};
use dateline::pipeline::markdown_options;
use dateline::settings::{Config, reading};

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
    let words = Language::read("en", include_str!("../../themes/gazette/i18n/en.toml")).unwrap();
    markdown_options(&config(), &words)
}

pub(crate) fn read_article(text: &str) {
    let (config, options) = (config(), options());
    let rules = ReadingRules::new(&config, &options);
    let parsed = front_matter::article("content/2017-01-29-a.md", text, &rules);
    for problem in &parsed.diagnostics {
        let place = problem.place.as_ref().and_then(|place| place.spot.as_ref());
        assert!(place.is_none_or(|spot| spot.line >= 1 && spot.column >= 1), "{problem:?}");
    }
}

pub(crate) fn read_settings(text: &str) {
    reading::read("dateline.toml", text);
}

pub(crate) fn read_ledger(text: &str) {
    Ledger::default().read("links/a.example.toml", text);
}

pub(crate) fn read_body(text: &str) {
    markdown::render(text, &options(), &Nothing);
}

pub(crate) fn hash_words(text: &str) {
    std::hint::black_box(WordsHash::of(text));
}

pub(crate) fn lint_body(text: &str) {
    for flaw in body::flaws(text, "en", &options()) {
        assert!(text.get(flaw.range.clone()).is_some(), "{flaw:?}");
    }
}
