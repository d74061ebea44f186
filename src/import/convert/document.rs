//! The intermediate form of a text: made by [`super::reading`], written by [`super::writing`].

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    /// Level 1 to 6.
    Heading(usize, Vec<Inline>),
    Rule,
    Code {
        language: String,
        text: String,
    },
    Quote(Vec<Block>),
    List(List),
    Table(Table),
    /// HTML without blank lines, for what Markdown can't express.
    Html(String),
    /// Blocks inside an element: start tag, content, end tag.
    Wrapped(String, Vec<Block>, &'static str),
}

/// A list; an ordered one has its first number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List {
    pub(super) start: Option<u32>,
    pub(super) spacing: Spacing,
    pub(super) items: Vec<Vec<Block>>,
}

/// Whether list items are paragraphs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spacing {
    Tight,
    Loose,
}

/// A table; all rows have as many cells as the head.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) head: Vec<Vec<Inline>>,
    pub(super) rows: Vec<Vec<Vec<Inline>>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    /// An element that Markdown can't express: start tag, content, end tag.
    Element(String, Vec<Inline>, &'static str),
    Code(String),
    Link {
        address: String,
        title: Option<String>,
        content: Vec<Inline>,
    },
    Picture {
        source: String,
        description: String,
        title: Option<String>,
    },
    /// A start tag with its end tag: a target of links.
    Anchor(String),
    Break,
}

impl Block {
    /// Wraps all text of a block in an element.
    pub(super) fn map_words(&mut self, wrap: &dyn Fn(Vec<Inline>) -> Inline) {
        match self {
            Block::Paragraph(words) => *words = vec![wrap(std::mem::take(words))],
            Block::Quote(blocks) | Block::Wrapped(_, blocks, _) => {
                for block in blocks {
                    block.map_words(wrap);
                }
            }
            Block::List(list) => {
                list.items.iter_mut().flatten().for_each(|block| block.map_words(wrap));
            }
            Block::Heading(..)
            | Block::Rule
            | Block::Code { .. }
            | Block::Table(_)
            | Block::Html(_) => {}
        }
    }
}

/// Whether inlines contain only white space and breaks.
pub(super) fn is_blank(inlines: &[Inline]) -> bool {
    inlines.iter().all(|inline| match inline {
        Inline::Text(text) => text.trim_matches([' ', '\n']).is_empty(),
        Inline::Strong(inner) | Inline::Emphasis(inner) => is_blank(inner),
        Inline::Break => true,
        Inline::Element(..)
        | Inline::Code(_)
        | Inline::Link { .. }
        | Inline::Picture { .. }
        | Inline::Anchor(_) => false,
    })
}
