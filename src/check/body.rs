//! What is wrong with one body.
//!
//! Each lint is a function of a [`Document`], which knows what its addresses mean.

use crate::content::markdown;
use crate::diagnostic::Diagnostic;

use super::document::Document;
use super::finding::Finding;

/// All that is found in a body.
pub(super) fn lints(document: &Document<'_>) -> Vec<Finding> {
    said_by_a_build(document)
}

/// What a build says when it renders the body.
fn said_by_a_build(document: &Document<'_>) -> Vec<Finding> {
    let rendered = markdown::render(document.body(), document.options, &document.surroundings);
    let said = rendered.problems.into_iter().map(|problem| {
        let mut diagnostic = Diagnostic::warning(problem.rule, problem.message)
            .at(document.place_in_body(problem.range));
        diagnostic.help = problem.help;
        diagnostic.into()
    });
    said.collect()
}
