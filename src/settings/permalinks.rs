//! `permalink` and `[[permalinks]]`: how addresses of reports are made.

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::old_permalink::OldPattern;
use crate::base::permalink::PermalinkPattern;
use crate::tree::Node;
use crate::tree::fields::{Fields, Reading};

use super::{FolderPattern, OldPermalinks, stop};

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

/// A folder as it lies below `content/`.
fn below_content(folder: &str) -> String {
    let folder = folder.trim_matches('/');
    folder.strip_prefix("content/").unwrap_or(folder).to_owned()
}

/// `[[old_permalinks]]`
pub(super) fn old(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<OldPermalinks> {
    let mut patterns = Vec::new();
    for mut table in fields.tables("old_permalinks", reading) {
        let range = table.range.clone();
        let folder = table.text("folder", reading).map(|folder| below_content(&folder));
        let written = table.take("pattern");
        match OldPattern::parse(written.as_ref().and_then(Node::text).unwrap_or_default()) {
            Ok(pattern) => patterns.push(OldPermalinks { folder, pattern }),
            Err(part) => {
                let message = format!("old_permalinks: “{part}” is missing or not understood");
                let diagnostic = Diagnostic::stop(Rule::Config, message).help(
                    "write it as the old addresses were, from the site's root: \
                     pattern = \"/blog/:section/:slug/\"",
                );
                reading.report(diagnostic, written.map_or(range, |node| node.range));
            }
        }
        table.refuse_rest(Rule::UnknownConfigKey, reading);
    }
    patterns
}

/// `origins`
pub(super) fn origins(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<String> {
    let Some(node) = fields.take("origins") else { return Vec::new() };
    let texts = crate::tree::fields::texts_of("origins", &node, reading);
    let mut origins = Vec::new();
    for text in texts {
        let url = url::Url::parse(&text).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if let Some(url) = url {
            origins.push(url.as_str().trim_end_matches('/').to_owned());
        } else {
            let message = format!("origins: “{text}” is no address of a site");
            stop(reading, &node, message, "write origins = [\"https://old.example\"]");
        }
    }
    origins
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
        let folder = below_content(&folder);
        if let Some(pattern) = pattern("permalinks", &node, reading) {
            patterns.push(FolderPattern { folder, pattern });
        }
        table.refuse_rest(Rule::UnknownConfigKey, reading);
    }
    patterns
}
