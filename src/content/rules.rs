//! What reading a file of content depends on besides the file.

use crate::markdown::{BodyWords, MarkdownOptions};
use crate::settings::MarkdownConfig;

/// How bodies in a language are rendered by these settings, with these words in them.
pub fn markdown_options(
    config: &MarkdownConfig,
    language: &str,
    words: BodyWords,
) -> MarkdownOptions {
    let &MarkdownConfig { raw_html, foreign_tags, unresolved_links, smart_punctuation } = config;
    let language = language.to_owned();
    MarkdownOptions { raw_html, foreign_tags, unresolved_links, smart_punctuation, language, words }
}
