//! The desk's page, its style and its script, in the program.

/// The page: it holds no data.
pub(super) const PAGE: &str = include_str!("assets/desk.html");

/// A file by its name, with its type.
pub(super) fn file(name: &str) -> Option<(&'static str, &'static str)> {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    Some(match name {
        "desk.css" => ("text/css; charset=utf-8", include_str!("assets/desk.css")),
        "desk.js" => (SCRIPT, include_str!("assets/desk.js")),
        "dom.js" => (SCRIPT, include_str!("assets/dom.js")),
        "edit.js" => (SCRIPT, include_str!("assets/edit.js")),
        "list.js" => (SCRIPT, include_str!("assets/list.js")),
        "publish.js" => (SCRIPT, include_str!("assets/publish.js")),
        "steps.js" => (SCRIPT, include_str!("assets/steps.js")),
        "take.js" => (SCRIPT, include_str!("assets/take.js")),
        "words.js" => (SCRIPT, include_str!("assets/words.js")),
        _ => return None,
    })
}
