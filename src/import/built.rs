//! A converted body as its page will show it: what the words of a source are compared with.

use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use crate::markdown::{
    BodyWords, Link, MarkdownOptions, Picture, References, ShortcodeCall, ShortcodeError, render,
};

/// The HTML of a body; links and pictures are taken to be there.
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
