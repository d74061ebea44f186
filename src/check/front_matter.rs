//! What is wrong with one article's front matter.

use super::document::{Document, Kind};
use super::finding::Finding;
use super::lint::Lint;

/// All that is found in a file's front matter.
pub(super) fn lints(document: &Document<'_>) -> Vec<Finding> {
    let Kind::Article(_, article) = document.kind else { return Vec::new() };
    let mut found = Vec::new();
    if article.outlet.is_none() {
        let finding = document.finding(Lint::MissingOutlet, "outlet", "no outlet is named");
        found.push(finding.help("add outlet = \"RT\": who published the report"));
    }
    found
}
