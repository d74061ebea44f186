//! Rows as their reader wants them: a person at a terminal sees columns, a program behind a pipe gets
//! cells with tabs between them, one row a line, without headings and without padding.

use std::io::IsTerminal;
use std::process::ExitCode;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableStyle};

use crate::base::diagnostic::printable;

/// A heading, and how what stands below it is aligned.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    /// Words, from the left.
    Words(&'static str),
    /// What is to be copied, and so stays whole, from the left.
    Whole(&'static str),
    /// Numbers, from the right.
    Number(&'static str),
}

/// Rows under headings.
#[derive(Debug)]
pub(super) struct Rows {
    /// As many as each row has cells.
    pub(super) columns: Vec<Column>,
    /// From the top.
    pub(super) rows: Vec<Vec<String>>,
    /// The last row and the words below all, for people.
    pub(super) closing: Closing,
}

/// What a person is told at the end, and what would be in a program's way.
#[derive(Debug, Default)]
pub(super) struct Closing {
    /// A row that sums up.
    pub(super) row: Option<Vec<String>>,
    /// A line below the table.
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
    /// Prints them for whoever reads.
    pub(super) fn print(self) -> ExitCode {
        let text = if std::io::stdout().is_terminal() { self.drawn() } else { self.separated() };
        super::print(text.as_bytes())
    }

    fn drawn(self) -> String {
        let Closing { row, words } = self.closing;
        if self.rows.is_empty() {
            return format!("{words}\n");
        }
        // A column that says nothing takes the others' room.
        let says_something = |at: &usize| self.rows.iter().any(|row| !row[*at].is_empty());
        let shown: Vec<usize> = (0..self.columns.len()).filter(says_something).collect();
        let mut table = Table::new();
        table.load_style(TableStyle::new());
        // Some terminals say that they are nothing wide: they don't know.
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

/// A cell holds neither tab nor line, nor what could steer a terminal: they are strangers' words.
fn one_line(cell: &str) -> String {
    printable(&cell.split_whitespace().collect::<Vec<_>>().join(" "))
}
