//! Code between tags: Jekyll's `{% highlight go %}`, Hexo's `{% codeblock %}`, Hugo's
//! `{{< highlight go >}}`, and Liquid's `{% raw %}`, whose content is literal.

use std::ops::Range;

use super::{Edit, Survey};

/// The content between two tags.
pub(super) struct Block {
    kind: Kind,
    open: Range<usize>,
    close: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Code, with its language if given.
    Code(String),
    Raw,
}

impl Block {
    /// The content's range.
    pub(super) fn inside(&self) -> Range<usize> {
        self.open.end..self.close.start
    }
}

/// Delimiters of tags that may contain code.
const FORMS: [(&str, &str); 3] = [("{%", "%}"), ("{{<", ">}}"), ("{{%", "%}}")];

/// A tag: its range, its first word, and the other words.
struct Tag<'a> {
    place: Range<usize>,
    word: &'a str,
    rest: &'a str,
}

fn tag_at(body: &str, at: usize) -> Option<Tag<'_>> {
    let (open, close) = FORMS.into_iter().rev().find(|(open, _)| body[at..].starts_with(open))?;
    let start = at + open.len();
    let line = super::near(body, start, 300);
    let inner = &line[..line.find(close)?];
    let place = at..start + inner.len() + close.len();
    let words = inner.trim_matches('-').trim();
    let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    Some(Tag { place, word, rest: rest.trim() })
}

/// The tags that open or close code.
fn tags(body: &str) -> impl Iterator<Item = Tag<'_>> {
    const WORDS: [&str; 7] =
        ["highlight", "endhighlight", "/highlight", "codeblock", "endcodeblock", "raw", "endraw"];
    let openers = body.match_indices('{').map(|(at, _)| at);
    openers.filter_map(|at| tag_at(body, at)).filter(|tag| WORDS.contains(&tag.word))
}

/// The blocks of a body; unclosed tags are ignored.
pub(super) fn blocks(body: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let words = ["highlight", "codeblock", "raw"];
    if !body.contains('{') || !words.iter().any(|word| body.contains(word)) {
        return blocks;
    }
    let mut open: Option<Tag<'_>> = None;
    for tag in tags(body) {
        let Some(opened) = &open else {
            open = matches!(tag.word, "highlight" | "codeblock" | "raw").then_some(tag);
            continue;
        };
        if tag.word.trim_start_matches(['/']).trim_start_matches("end") != opened.word
            || tag.word == opened.word
        {
            continue;
        }
        let kind = match opened.word {
            "raw" => Kind::Raw,
            _ => Kind::Code(language(opened.rest).to_owned()),
        };
        blocks.push(Block { kind, open: opened.place.clone(), close: tag.place });
        open = None;
    }
    blocks
}

/// The language that a tag names: `go linenos`, `lang:go`, `"go" "linenos=table"`.
fn language(rest: &str) -> &str {
    let named = rest.split_whitespace().find_map(|word| word.strip_prefix("lang:"));
    let first = rest.split_whitespace().next().unwrap_or_default();
    let language = named.unwrap_or(first).trim_matches(['"', '\'', '`']);
    let is_language = |c: char| c.is_ascii_alphanumeric() || "_+#.-".contains(c);
    if language.chars().all(is_language) { language } else { "" }
}

/// Replaces the tags with fences; the content is code.
pub(super) fn edits(body: &str, blocks: &[Block], survey: &mut Survey) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut code = Vec::new();
    for block in blocks {
        let inside = &body[block.inside()];
        let is_in_code = survey.code_at(block.open.start).is_some();
        match &block.kind {
            // A tag inside code is shown as text.
            Kind::Code(_) if is_in_code => continue,
            Kind::Code(language) => fence(body, block, language, &mut edits),
            Kind::Raw if is_in_code || !is_block(body, block) || has_code(inside) => {
                edits.push(Edit::gone(block.open.clone()));
                edits.push(Edit::gone(block.close.clone()));
            }
            Kind::Raw => fence(body, block, "", &mut edits),
        }
        code.push(block.open.start..block.close.end);
    }
    survey.code.extend(code);
    survey.code.sort_by_key(|range| range.start);
    edits
}

/// Whether the tags are alone on their lines.
fn is_block(body: &str, block: &Block) -> bool {
    let before = body[..block.open.start].rsplit('\n').next().unwrap_or_default();
    let after = body[block.open.end..].split('\n').next().unwrap_or_default();
    let inside = &body[block.inside()];
    before.trim().is_empty() && after.trim().is_empty() && inside.contains('\n')
}

fn has_code(inside: &str) -> bool {
    inside.lines().any(|line| {
        let line_start = line.trim_start();
        line_start.starts_with("```") || line_start.starts_with("~~~") || line.starts_with("    ")
    }) || tags(inside).next().is_some()
}

fn fence(body: &str, block: &Block, language: &str, edits: &mut Vec<Edit>) {
    let inside = block.inside();
    let text = &body[inside.clone()];
    // Remove Liquid tags that protect the code.
    edits.extend(
        tags(text)
            .filter(|tag| matches!(tag.word, "raw" | "endraw"))
            .map(|tag| Edit::gone(tag.place.start + inside.start..tag.place.end + inside.start)),
    );
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest.max(2) + 1);
    let starts_line = body[..block.open.start].rsplit('\n').next().is_none_or(str::is_empty);
    let before = if starts_line { "" } else { "\n" };
    // Empty lines at both ends belong to the tags.
    let code = text.trim_end();
    let first = code.len() - code.trim_start().len();
    let first = code[..first].rfind('\n').map_or(0, |end| end + 1);
    let open = block.open.start..inside.start + first;
    edits.push(Edit::written(open, format!("{before}{marks}{language}\n")));
    let rest = body[block.close.end..].split('\n').next().unwrap_or_default();
    let after = if rest.trim().is_empty() { "" } else { "\n" };
    let close = inside.start + code.len().max(first)..block.close.end;
    edits.push(Edit::written(close, format!("\n{marks}{after}")));
}
