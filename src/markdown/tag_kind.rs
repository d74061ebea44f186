//! What a tag in a body is: a shortcode, another generator's tag, or a mark of another dialect.

use crate::markdown::ShortcodeCall;

/// What a tag is.
pub(super) enum TagKind {
    /// One of our shortcodes.
    Call(ShortcodeCall),
    /// A malformed shortcode; the error.
    Malformed(String),
    /// A tag of another generator.
    Foreign,
    /// Another generator's, which shows what is at this address.
    Embed(String),
    /// An id of the block or of the words before it.
    Id(String),
    /// Nothing, and yet not a mark: see [`super::dialects`].
    Joint,
    /// Markdown that takes the place of what stands there: it has no placeholder.
    Written(String),
}
