//! What reading a file of content depends on besides the file.

use crate::markdown::{BodyWords, MarkdownOptions};
use crate::settings::MarkdownConfig;

/// How bodies are rendered by these settings, with these words in them.
pub fn markdown_options(config: &MarkdownConfig, words: BodyWords) -> MarkdownOptions {
    let &MarkdownConfig { raw_html, foreign_tags, unresolved_links, smart_punctuation } = config;
    MarkdownOptions { raw_html, foreign_tags, unresolved_links, smart_punctuation, words }
}
