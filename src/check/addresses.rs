//! Lints of `addresses.toml`: whether it decides every contested address, and whether it is
//! committed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::base::diagnostic::Place;
use crate::base::lint::Lint;
use crate::pipeline::addresses_kept::undecided;
use crate::settings::address_owners::FILE;

use super::Look;
use super::finding::Finding;

pub(super) fn lints(look: &Look<'_>) -> Vec<Finding> {
    let site = look.site;
    let open = undecided(&site.archive, &site.config);
    let mut findings: Vec<Finding> = open
        .into_iter()
        .map(|(taxonomy, slug, keys)| {
            let names: Vec<String> = keys.iter().map(|key| format!("“{key}”")).collect();
            let (names, slug) = (names.join(", "), slug.as_str());
            let message = format!(
                "{names} of {taxonomy} want one address, {slug}, and no line says who keeps it"
            );
            let owner = keys.first().map(String::as_str).unwrap_or_default();
            Finding::new(Lint::UndecidedAddress, message).at(Place::file(FILE)).help(format!(
                "run `dateline build`, or write {owner:?} = {slug:?} under [terms.{taxonomy}]"
            ))
        })
        .collect();
    if is_uncommitted(&site.root) {
        let message =
            "this file is not committed: another machine would give its addresses to others";
        let finding = Finding::new(Lint::UncommittedAddresses, message).at(Place::file(FILE));
        findings.push(finding.help(format!("git add {FILE}, and commit it")));
    }
    findings
}

/// Whether the archive is in a Git repository and the file differs from the committed one. `false`
/// if Git can't answer.
fn is_uncommitted(root: &Path) -> bool {
    if !root.join(FILE).is_file() || !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return false;
    }
    let mut git = Command::new("git");
    git.args(["status", "--porcelain", "--ignored", "--", FILE]).current_dir(root);
    let answer = git.stdin(Stdio::null()).stderr(Stdio::null()).output();
    answer.is_ok_and(|answer| answer.status.success() && !answer.stdout.is_empty())
}
