//! Tables: aligned columns on a terminal; otherwise tab-separated rows without headings and
//! padding.

use std::io::IsTerminal;
use std::process::ExitCode;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableStyle};

use crate::base::diagnostic::printable;

/// A heading and its column's alignment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    /// Words, left-aligned.
    Words(&'static str),
    /// Text to copy, never wrapped, left-aligned.
    Whole(&'static str),
    /// Numbers, right-aligned.
    Number(&'static str),
}

/// A table.
#[derive(Debug)]
pub(super) struct Rows {
    /// As many as cells in each row.
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
    /// The summary below, only on a terminal.
    pub(super) closing: Closing,
}

/// The summary below a table, only on a terminal.
#[derive(Debug, Default)]
pub(super) struct Closing {
    /// The row of sums.
    pub(super) row: Option<Vec<String>>,
    pub(super) words: String,
}

impl Column {
    fn head(self) -> &'static str {
        match self {
            Column::Words(head) | Column::Whole(head) | Column::Number(head) => head,
        }
    }

    fn alignment(self) -> CellAlignment {
        match self {
            Column::Words(_) | Column::Whole(_) => CellAlignment::Left,
            Column::Number(_) => CellAlignment::Right,
        }
    }

    fn may_wrap(self) -> bool {
        matches!(self, Column::Words(_))
    }
}

impl Rows {
    /// Prints the table.
    pub(super) fn print(self) -> ExitCode {
        let text = if std::io::stdout().is_terminal() { self.drawn() } else { self.separated() };
        super::print(text.as_bytes())
    }

    fn drawn(self) -> String {
        let Closing { row, words } = self.closing;
        if self.rows.is_empty() {
            return format!("{words}\n");
        }
        // Leave out empty columns.
        let says_something = |at: &usize| self.rows.iter().any(|row| !row[*at].is_empty());
        let shown: Vec<usize> = (0..self.columns.len()).filter(says_something).collect();
        let mut table = Table::new();
        table.load_style(TableStyle::new());
        // Some terminals report a width of zero if it is unknown.
        if table.width().is_some_and(|width| width > 0) {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        table.set_header(shown.iter().map(|&at| self.columns[at].head()));
        let rows = self.rows.iter().chain(&row);
        table.add_rows(rows.map(|row| shown.iter().map(|&at| one_line(&row[at]))));
        for (own, &at) in table.column_iter_mut().zip(&shown) {
            let column = self.columns[at];
            own.set_cell_alignment(column.alignment());
            own.set_padding((0, 2));
            if !column.may_wrap() {
                own.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        format!("{}\n\n{words}\n", table.trim_fmt())
    }

    fn separated(&self) -> String {
        let lines = self.rows.iter().map(|row| {
            let cells: Vec<String> = row.iter().map(|cell| one_line(cell)).collect();
            cells.join("\t") + "\n"
        });
        lines.collect()
    }
}

/// A cell without tabs, line breaks and control characters: it contains untrusted text.
fn one_line(cell: &str) -> String {
    printable(&cell.split_whitespace().collect::<Vec<_>>().join(" "))
}
