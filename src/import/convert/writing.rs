//! Writes a document as Markdown.

use super::document::{Block, Inline, List, Spacing, Table};
use super::escaping::guard_lines;
use super::spans::{line, longest_run};

/// Joins blocks with blank lines.
pub(super) fn document(blocks: &[Block]) -> String {
    joined(blocks).join("\n\n")
}

/// The Markdown of each block.
fn joined(blocks: &[Block]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut lists_in_a_row = 0usize;
    for block in blocks {
        // Consecutive lists would merge: alternate their markers.
        lists_in_a_row = if matches!(block, Block::List(_)) { lists_in_a_row + 1 } else { 0 };
        let text = match block {
            Block::List(items) => list(items, lists_in_a_row.is_multiple_of(2)),
            other => single(other),
        };
        if !text.trim().is_empty() {
            texts.push(text);
        }
    }
    texts
}

fn single(block: &Block) -> String {
    match block {
        Block::Paragraph(words) => guard_lines(&line(words, "\\\n")),
        Block::Heading(level, words) => heading(*level, words),
        // Asterisks and dashes could start a list.
        Block::Rule => "___".to_owned(),
        Block::Code { language, text } => {
            let fence = "`".repeat(longest_run(text).max(2) + 1);
            format!("{fence}{language}\n{text}\n{fence}")
        }
        Block::Quote(blocks) => quote(&document(blocks)),
        Block::List(items) => list(items, false),
        Block::Table(cells) => table(cells),
        Block::Html(html) => html.clone(),
        Block::Wrapped(start, blocks, end) => format!("{start}\n\n{}\n\n{end}", document(blocks)),
    }
}

fn heading(level: usize, words: &[Inline]) -> String {
    let words = line(words, " ");
    let words = match words.strip_suffix('#') {
        Some(rest) => format!("{rest}\\#"),
        None => words,
    };
    format!("{} {words}", "#".repeat(level.clamp(1, 6)))
}

fn quote(text: &str) -> String {
    let lines = text
        .split('\n')
        .map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

fn list(list: &List, other_sign: bool) -> String {
    let mut number = list.start;
    let mut items = Vec::new();
    for blocks in &list.items {
        let sign = match (number, other_sign) {
            (Some(number), false) => format!("{number}. "),
            (Some(number), true) => format!("{number}) "),
            (None, false) => "- ".to_owned(),
            (None, true) => "* ".to_owned(),
        };
        let text = item(blocks, list.spacing);
        if text.is_empty() {
            continue;
        }
        number = number.map(|number| number.saturating_add(1));
        let space = " ".repeat(sign.len());
        items.push(format!("{sign}{}", indented(&text, &space)));
    }
    items.join(match list.spacing {
        Spacing::Tight => "\n",
        Spacing::Loose => "\n\n",
    })
}

/// The blocks of an item; in a tight list a nested list follows directly.
fn item(blocks: &[Block], spacing: Spacing) -> String {
    let may_follow = |block: &Block| match block {
        Block::List(list) => {
            list.start.is_none_or(|start| start == 1) && list.spacing == Spacing::Tight
        }
        _ => false,
    };
    match blocks {
        [words @ Block::Paragraph(_), inner] if spacing == Spacing::Tight && may_follow(inner) => {
            format!("{}\n{}", single(words), single(inner))
        }
        blocks => document(blocks),
    }
}

fn indented(text: &str, space: &str) -> String {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |mut text, line| {
        text.push('\n');
        if !line.is_empty() {
            text.push_str(space);
            text.push_str(line);
        }
        text
    })
}

fn table(table: &Table) -> String {
    let row = |cells: &Vec<Vec<Inline>>| {
        let cells = cells.iter().map(|words| line(words, "<br>").replace('|', "\\|"));
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let rule = format!("|{}", " --- |".repeat(table.head.len()));
    let rows = [row(&table.head), rule].into_iter().chain(table.rows.iter().map(row));
    rows.collect::<Vec<_>>().join("\n")
}
