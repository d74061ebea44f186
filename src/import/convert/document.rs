//! A text between HTML and Markdown: what [`super::reading`] understood and [`super::writing`] writes.

/// A part of a text on lines of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    /// From level 1 to 6.
    Heading(usize, Vec<Inline>),
    Rule,
    Code {
        language: String,
        text: String,
    },
    Quote(Vec<Block>),
    List(List),
    Table(Table),
    /// HTML without an empty line in it, for what Markdown has no form for.
    Html(String),
    /// Blocks inside of an element: its start tag and its end tag.
    Wrapped(String, Vec<Block>, &'static str),
}

/// An ordered list has the number that it begins with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List {
    pub(super) start: Option<u32>,
    pub(super) spacing: Spacing,
    pub(super) items: Vec<Vec<Block>>,
}

/// Whether the items of a list are paragraphs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spacing {
    Tight,
    Loose,
}

/// A table of as many cells in each row as in its head.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) head: Vec<Vec<Inline>>,
    pub(super) rows: Vec<Vec<Vec<Inline>>>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    /// An element that Markdown has no form for: its start tag, its content, its end tag.
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
    /// A start tag with its end tag: a place that links lead to.
    Anchor(String),
    Break,
}

impl Block {
    /// Puts the words of a block into an element, wherever they are.
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

/// Whether there is nothing to read in these: white space and breaks only.
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
