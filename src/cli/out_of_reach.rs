//! Messages about what a withdrawal or a redaction can't remove.

use crate::settings::Config;

/// The history of a version control tool.
pub(super) fn of_history(tool: &str) -> String {
    format!(
        "the history of this folder ({tool}) holds the text as it was, and so does every copy of it"
    )
}

/// Removed evidence that version control may still have.
pub(super) fn of_evidence<'a>(
    tool: &'a str,
    removed: &'a [String],
) -> impl Iterator<Item = String> + 'a {
    let evidence = removed.iter().filter(|path| path.starts_with("evidence/"));
    evidence.map(move |path| {
        format!("{path} in the history of this folder ({tool}), if it was ever committed there")
    })
}

/// Deployed sites, until the next deploy.
pub(super) fn of_targets(config: &Config) -> Vec<String> {
    let names = config.deploy.targets.keys();
    names
        .map(|name| format!("what was deployed, until the next `dateline deploy {name}`"))
        .collect()
}

/// Copies that others keep.
pub(super) fn of_others() -> String {
    "copies that others keep: mirrors, web archives, search engines, feed readers".to_owned()
}
