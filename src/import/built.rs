//! Renders a converted body, for comparing its words with the source.

use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use crate::markdown::{
    BodyWords, Link, MarkdownOptions, Picture, References, ShortcodeCall, ShortcodeError, render,
};

/// The HTML of a body; all links and pictures count as resolved.
pub fn built(markdown: &str) -> String {
    let options = MarkdownOptions {
        raw_html: RawHtml::Sanitise,
        foreign_tags: ForeignTags::Show,
        unresolved_links: UnresolvedLinks::Keep,
        smart_punctuation: false,
        autolink: true,
        format: crate::markdown::BodyFormat::Markdown,
        language: "en".to_owned(),
        words: BodyWords::default(),
    };
    render(markdown, &options, &Anywhere).html
}

struct Anywhere;

impl References for Anywhere {
    fn link(&self, _: &str) -> Link {
        Link::External
    }

    fn picture(&self, _: &str) -> Picture {
        Picture::Remote
    }

    fn shortcode(&self, _: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Ok(String::new())
    }
}
