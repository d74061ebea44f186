//! Netlify and Cloudflare Pages: `_redirects` and `_headers` in two dialects.

use std::fmt::Write as _;

use super::answers::{Moved, Reach, asked_path};
use super::policy::{CSP, LASTING};
use super::{
    Answers, Beside, OldAddress, Pattern, RuleFile, Rules, Unsupported, UnsupportedReason, heading,
};

pub(super) const REDIRECTS: &str = "_redirects";
pub(super) const HEADERS: &str = "_headers";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Files take precedence unless a rule ends with `!`; rules may have any status.
    Netlify,
    /// Rules take precedence over files; only redirect statuses.
    Cloudflare,
}

/// Cloudflare's limits: redirects without and with `*`, characters in a line, header rules. (A
/// header line may have 2,000 characters; `policy` stays below that.)
const STATIC: usize = 2_000;
const DYNAMIC: usize = 100;
const LINE: usize = 1_000;
const HEADER_RULES: usize = 100;

pub(super) fn rules(answers: &Answers, dialect: Dialect) -> Rules {
    let mut lines = Lines { dialect, text: heading(answers), unsupported: Vec::new() };
    let is_pattern = |moved: &&Moved| matches!(moved.from, OldAddress::Pattern(_));
    let exact = answers.moved.iter().filter(|moved| !is_pattern(moved));
    let limit = (dialect == Dialect::Cloudflare).then_some(STATIC);
    lines.moved(exact, limit);
    lines.gone(answers);
    let patterns = answers.moved.iter().filter(is_pattern);
    lines.moved(patterns, (dialect == Dialect::Cloudflare).then_some(DYNAMIC));
    let mut unsupported = lines.unsupported;
    if answers.base != "/" {
        let files = [REDIRECTS, HEADERS];
        unsupported.extend(files.map(|file| Unsupported::new(UnsupportedReason::BelowTop, file)));
    }
    let headers = headers(answers, dialect, &mut unsupported);
    let file = |path, text| RuleFile { path, text, beside: Beside::After };
    Rules { files: vec![file(REDIRECTS, lines.text), file(HEADERS, headers)], unsupported }
}

/// The `_redirects` file under construction.
struct Lines {
    dialect: Dialect,
    text: String,
    unsupported: Vec<Unsupported>,
}

impl Lines {
    fn moved<'a>(&mut self, moved: impl Iterator<Item = &'a Moved>, limit: Option<usize>) {
        let mut count = 0;
        for moved in moved {
            let refused = match self.line(moved) {
                Ok(_) if limit.is_some_and(|limit| count >= limit) => {
                    UnsupportedReason::Limit(limit.unwrap_or_default())
                }
                Ok(line) if self.dialect == Dialect::Cloudflare && line.len() > LINE => {
                    UnsupportedReason::Length(LINE)
                }
                Ok(line) => {
                    let _ = writeln!(self.text, "{line}");
                    count += 1;
                    continue;
                }
                Err(reason) => reason,
            };
            self.unsupported.push(Unsupported::moved(refused, moved));
        }
    }

    fn line(&self, moved: &Moved) -> Result<String, UnsupportedReason> {
        let Moved { from, to, status, .. } = moved;
        match (from, self.dialect) {
            // A page with the redirect exists.
            (OldAddress::Exact(path), Dialect::Netlify) => {
                Ok(format!("{} {to} {status}!", asked_path(path)))
            }
            (OldAddress::Exact(path), Dialect::Cloudflare) => {
                Ok(format!("{} {to} {status}", asked_path(path)))
            }
            (OldAddress::Query { .. }, Dialect::Cloudflare) => Err(UnsupportedReason::Query),
            (OldAddress::Query { path, pairs }, Dialect::Netlify) => {
                let mut line = asked_path(path);
                for (name, value) in pairs {
                    let is_plain =
                        |text: &str| !text.is_empty() && !text.contains([' ', '=', '/', '#']);
                    if !is_plain(name) || !is_plain(value) || value.starts_with(':') {
                        return Err(UnsupportedReason::Query);
                    }
                    let _ = write!(line, " {name}={value}");
                }
                Ok(format!("{line} {to} {status}!"))
            }
            (OldAddress::Pattern(pattern), _) => Ok(format!("{} {to} {status}", named(pattern)?)),
        }
    }

    fn gone(&mut self, answers: &Answers) {
        for gone in &answers.gone {
            let path = asked_path(&gone.path);
            match self.dialect {
                Dialect::Netlify => {
                    let status = gone.status;
                    let asked = match gone.reach {
                        Reach::Folder => vec![format!("{path}*")],
                        Reach::Page => vec![path.clone(), format!("{path}index.html")],
                    };
                    for asked in asked {
                        let _ = writeln!(self.text, "{asked} {path}index.html {status}!");
                    }
                }
                Dialect::Cloudflare => {
                    self.unsupported.push(Unsupported::gone(gone));
                }
            }
        }
    }
}

/// A pattern in this syntax.
pub(super) fn named(pattern: &Pattern) -> Result<String, UnsupportedReason> {
    pattern.with_names(asked_path).ok_or(UnsupportedReason::Pattern)
}

/// Both hosts make browsers revalidate everything by default. A header set twice for one file would
/// be joined with a comma.
fn headers(answers: &Answers, dialect: Dialect, unsupported: &mut Vec<Unsupported>) -> String {
    let headers = &answers.headers;
    let mut text = heading(answers);
    let _ = writeln!(text, "{}*", asked_path(&answers.base));
    for (name, value) in &headers.everywhere {
        let _ = writeln!(text, "  {name}: {value}");
    }
    let most = match dialect {
        Dialect::Netlify => usize::MAX,
        Dialect::Cloudflare => HEADER_RULES - 1,
    };
    // A browser applies both of two policies.
    for (at, (path, policy)) in headers.sandboxed.iter().enumerate() {
        if at < most {
            let _ = writeln!(text, "{}\n  {CSP}: {policy}", asked_path(path));
        } else {
            unsupported
                .push(Unsupported::new(UnsupportedReason::Limit(HEADER_RULES), path.as_str()));
        }
    }
    for path in headers.lasting.iter().take(most.saturating_sub(headers.sandboxed.len())) {
        let _ = writeln!(text, "{}\n  Cache-Control: {LASTING}", asked_path(path));
    }
    text
}
