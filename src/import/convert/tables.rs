//! Tables: in Markdown if they have a head and simple cells, else in HTML.

use crate::import::html::{NodeOf, attribute, element, is_block, name};

use super::document::{Block, Inline, Table};
use super::inlines::is_named;
use super::reading::{Reader, trim};

impl Reader<'_> {
    pub(super) fn table(&mut self, node: NodeOf<'_>, blocks: &mut Vec<Block>) {
        let rows = rows(node);
        if rows.is_empty() {
            return self.blocks(node, blocks);
        }
        // A table with one column is only used for layout.
        if rows.iter().all(|row| row.len() == 1) && !has_caption(node) {
            return rows.iter().for_each(|row| self.blocks(row[0], blocks));
        }
        if is_plain(node, &rows) && has_head(node, &rows[0]) {
            let mut rows = rows.iter().map(|row| row.iter().map(|cell| self.cell(*cell)).collect());
            let head = rows.next().unwrap_or_default();
            let rows = rows.collect();
            blocks.push(Block::Table(Table { head, rows }));
        } else {
            blocks.push(Block::Html(self.raw(node)));
        }
    }

    fn cell(&mut self, node: NodeOf<'_>) -> Vec<Inline> {
        let mut words = Vec::new();
        self.inlines(node, &mut words);
        trim(&mut words);
        words
    }
}

/// The rows of a table as cells, without nested tables.
fn rows<'a>(table: NodeOf<'a>) -> Vec<Vec<NodeOf<'a>>> {
    let is_own = |row: &NodeOf<'a>| {
        row.ancestors()
            .find(|above| name(*above) == "table")
            .is_some_and(|above| above.id() == table.id())
    };
    let rows = table.descendants().filter(|node| name(*node) == "tr").filter(is_own);
    let cells =
        |row: NodeOf<'a>| row.children().filter(|cell| is_named(*cell, &["td", "th"])).collect();
    rows.map(cells).filter(|cells: &Vec<_>| !cells.is_empty()).collect()
}

/// Whether all rows are equally long, without spanning cells and cells with several lines.
fn is_plain(table: NodeOf<'_>, rows: &[Vec<NodeOf<'_>>]) -> bool {
    let spans = |node: NodeOf<'_>| {
        let value = |name| element(node).and_then(|found| attribute(found, name)).unwrap_or("1");
        value("colspan") != "1" || value("rowspan") != "1"
    };
    let is_simple = |cell: &NodeOf<'_>| {
        let mut blocks = cell.descendants().skip(1).filter(|inner| is_block(name(*inner)));
        !spans(*cell)
            && blocks.next().is_none_or(|first| name(first) == "p")
            && blocks.next().is_none()
    };
    !has_caption(table)
        && rows.iter().all(|row| row.len() == rows[0].len())
        && rows.iter().flatten().all(is_simple)
}

fn has_caption(table: NodeOf<'_>) -> bool {
    table.children().any(|child| name(child) == "caption")
}

fn has_head(table: NodeOf<'_>, first: &[NodeOf<'_>]) -> bool {
    first.iter().all(|cell| name(*cell) == "th")
        || table.children().any(|part| name(part) == "thead")
}
