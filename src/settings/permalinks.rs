//! `permalink` and `[[permalinks]]`: how addresses of reports are made.

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::permalink::PermalinkPattern;
use crate::tree::Node;
use crate::tree::fields::{Fields, Reading};

use super::{FolderPattern, stop};

const DEFAULT: &str = "/:year/:month/:day/:slug/";

pub(super) fn permalink(fields: &mut Fields, reading: &mut Reading<'_>) -> PermalinkPattern {
    let node = fields.take("permalink");
    let read = node.and_then(|node| pattern("permalink", &node, reading));
    read.unwrap_or_else(|| PermalinkPattern::parse(DEFAULT).unwrap_or_default())
}

fn pattern(key: &str, node: &Node, reading: &mut Reading<'_>) -> Option<PermalinkPattern> {
    let read = PermalinkPattern::parse(node.text().unwrap_or_default());
    read.map_err(|part| {
        let message = format!("{key}: “{part}” is missing or not understood");
        let help = "use :year, :month, :day, :outlet, :section, :language, fixed words and, always, \
                    :slug or :filename";
        stop(reading, node, message, help);
    })
    .ok()
}

/// `[[permalinks]]`
pub(super) fn of_folders(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<FolderPattern> {
    let mut patterns = Vec::new();
    for mut table in fields.tables("permalinks", reading) {
        let range = table.range.clone();
        let folder = table.text("folder", reading);
        let node = table.take("pattern");
        let (Some(folder), Some(node)) = (folder, node) else {
            let diagnostic =
                Diagnostic::stop(Rule::Config, "permalinks: folder and pattern belong together")
                    .help("write folder = \"blog\" and pattern = \"/:section/:slug/\"");
            reading.report(diagnostic, range);
            table.refuse_rest(Rule::UnknownConfigKey, reading);
            continue;
        };
        let folder = folder.trim_matches('/');
        let folder = folder.strip_prefix("content/").unwrap_or(folder).to_owned();
        if let Some(pattern) = pattern("permalinks", &node, reading) {
            patterns.push(FolderPattern { folder, pattern });
        }
        table.refuse_rest(Rule::UnknownConfigKey, reading);
    }
    patterns
}
