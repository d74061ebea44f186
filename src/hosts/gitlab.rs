//! GitLab Pages: `_redirects` with a subset of Netlify's syntax. Files take precedence over rules,
//! so only redirects without a page need a rule.

use std::fmt::Write as _;

use super::answers::{Moved, asked_path};
use super::netlify::{REDIRECTS, named};
use super::{
    Answers, Beside, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason, heading,
};

/// Limits: number of rules, and size of the file.
const MOST_RULES: usize = 1_000;
const LARGEST: usize = 64 * 1_024;

pub(super) fn rules(answers: &Answers) -> Rules {
    let mut text = heading(answers);
    let gone = answers.gone.iter().map(Unsupported::gone);
    let mut unsupported: Vec<Unsupported> = gone.collect();
    let mut count = 0;
    for moved in answers.moved.iter().filter(|moved| !moved.has_page) {
        let refused = match line(moved) {
            Ok(_) if count >= MOST_RULES => UnsupportedReason::Limit(MOST_RULES),
            Ok(line) if text.len() + line.len() > LARGEST => UnsupportedReason::Limit(count),
            Ok(line) => {
                text.push_str(&line);
                count += 1;
                continue;
            }
            Err(reason) => reason,
        };
        unsupported.push(Unsupported::moved(refused, moved));
    }
    let file = RuleFile { path: REDIRECTS, text, beside: Beside::After };
    Rules { files: vec![file], unsupported }
}

fn line(moved: &Moved) -> Result<String, UnsupportedReason> {
    let from = match &moved.from {
        OldAddress::Exact(path) => asked_path(path),
        OldAddress::Pattern(pattern) => named(pattern)?,
        OldAddress::Query { .. } => return Err(UnsupportedReason::Query),
    };
    // GitLab supports only 301 and 302; the others differ only for forms.
    let status = if moved.is_permanent() { 301 } else { 302 };
    let mut line = String::new();
    let _ = writeln!(line, "{from} {} {status}", moved.to);
    Ok(line)
}
