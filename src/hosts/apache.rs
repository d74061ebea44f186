//! Apache: `.htaccess`, which it reads in the site's folder at every request.

use std::fmt::Write as _;

use super::answers::{Moved, Reach, asked_path, asked_query};
use super::pattern::escape_regex;
use super::policy::{ASKED_AGAIN, CSP, LASTING};
use super::{
    Answers, Beside, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason, heading,
};

pub(super) const FILE: &str = ".htaccess";

/// Apache reads all rules at every request, and tries them in turn.
const MOST_RULES: usize = 2_000;

/// A compressed copy has the type of its original. Some systems map `.br` to the Breton language.
const TYPES: &str = "AddDefaultCharset UTF-8
<IfModule mod_mime.c>
AddCharset UTF-8 .atom .bib .css .csv .js .json .jsonl .md .ris .svg .txt .xml
AddType application/x-bibtex .bib
AddType application/x-research-info-systems .ris
AddType application/x-ndjson .jsonl
AddType text/markdown .md
AddType image/svg+xml .svg
</IfModule>
";
const COPIES: &str = "<IfModule mod_mime.c>
RemoveType .gz .br
RemoveLanguage .br
AddEncoding gzip .gz
AddEncoding br .br
</IfModule>
";

pub(super) fn rules(answers: &Answers) -> Rules {
    let mut text = heading(answers);
    let _ = writeln!(text, "ErrorDocument 404 {}", quoted(&asked_path(&answers.not_found())));
    text.push_str(TYPES);
    if answers.compressed {
        text.push_str(COPIES);
    }
    let mut unsupported = Vec::new();
    text.push_str("<IfModule mod_rewrite.c>\nRewriteEngine On\n");
    // Most servers refuse this already.
    let _ = writeln!(text, "RewriteRule \"^{}$\" - [F]", escape_regex(FILE));
    if !answers.gone.is_empty() {
        notices(answers, &mut text);
    }
    moved(answers, &mut text, &mut unsupported);
    if answers.compressed {
        copies(&mut text);
    }
    text.push_str("</IfModule>\n");
    headers(answers, &mut text);
    Rules { files: vec![RuleFile { path: FILE, text, beside: Beside::After }], unsupported }
}

/// An argument of a rule: `mod_rewrite` does not unescape it, and ends it at the quote. In a
/// regular expression a quote can be written as an escape.
fn ruled(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\x22"))
}

/// An argument of other directives, with `\"` and `\\` escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A path relative to the site's folder, as rules match it.
fn below<'a>(answers: &Answers, path: &'a str) -> &'a str {
    path.strip_prefix(answers.base.as_str()).unwrap_or(path)
}

/// Apache shows the notice as the error document; the internal request passes the rules again,
/// which must allow it.
fn notices(answers: &Answers, text: &mut String) {
    for status in [410, 451] {
        if answers.gone.iter().any(|gone| gone.status == status) {
            let page = format!("{}%{{reqenv:DATELINE_NOTICE}}/index.html", answers.home.path());
            let _ = writeln!(text, "ErrorDocument {status} {}", quoted(&page));
        }
    }
    text.push_str("RewriteCond %{ENV:REDIRECT_STATUS} ^4\nRewriteRule ^ - [END]\n");
}

fn gone(answers: &Answers, text: &mut String) {
    for gone in &answers.gone {
        let folder = below(answers, &gone.path).trim_end_matches('/');
        let end = match gone.reach {
            Reach::Folder => "(?:/|$)",
            Reach::Page => "(?:/(?:index\\.html)?)?$",
        };
        let pattern = ruled(&format!("^({}){end}", escape_regex(folder)));
        let status = gone.status;
        let _ = writeln!(text, "RewriteRule {pattern} - [E=DATELINE_NOTICE:$1,R={status},L]");
    }
}

/// Redirects with a query come first, before withdrawals; patterns come last.
fn moved(answers: &Answers, text: &mut String, unsupported: &mut Vec<Unsupported>) {
    let rank = |moved: &&Moved| match moved.from {
        OldAddress::Query { .. } => 0,
        OldAddress::Exact(_) => 1,
        OldAddress::Pattern(_) => 2,
    };
    let mut rules: Vec<&Moved> = answers.moved.iter().collect();
    rules.sort_by_key(rank);
    let left_out = rules.split_off(rules.len().min(MOST_RULES));
    unsupported.extend(
        left_out
            .into_iter()
            .map(|moved| Unsupported::moved(UnsupportedReason::Limit(MOST_RULES), moved)),
    );
    let (queries, others) = rules.split_at(rules.partition_point(|moved| rank(moved) == 0));
    for moved in queries {
        rule(answers, moved, text);
    }
    gone(answers, text);
    for moved in others {
        rule(answers, moved, text);
    }
}

fn rule(answers: &Answers, moved: &Moved, text: &mut String) {
    let regex = match &moved.from {
        OldAddress::Exact(path) => exactly(below(answers, path)),
        OldAddress::Query { path, pairs } => {
            let query = format!("(^|&){}(&|$)", escape_regex(&asked_query(pairs)));
            let _ = writeln!(text, "RewriteCond %{{QUERY_STRING}} {}", ruled(&query));
            exactly(below(answers, path))
        }
        OldAddress::Pattern(pattern) => {
            // Existing pages take precedence.
            text.push_str(
                "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\n",
            );
            let regex = pattern.regex();
            format!("^{}$", below_regex(answers, &regex))
        }
    };
    // A `%` before a digit would be a back-reference to the condition.
    let (to, status) = (moved.to.replace('%', "\\%"), moved.status);
    let drop = if matches!(moved.from, OldAddress::Query { .. }) { ",QSD" } else { "" };
    let _ = writeln!(text, "RewriteRule {} {} [R={status},NE{drop},L]", ruled(&regex), ruled(&to));
}

/// Matches a page's address with and without the slash or `index.html`.
fn exactly(path: &str) -> String {
    match path.strip_suffix('/') {
        Some(folder) => format!("^{}(?:/(?:index\\.html)?)?$", escape_regex(folder)),
        None if path.is_empty() => "^(?:index\\.html)?$".to_owned(),
        None => format!("^{}$", escape_regex(path)),
    }
}

/// The same for a pattern that is a regular expression already.
fn below_regex<'a>(answers: &Answers, regex: &'a str) -> &'a str {
    regex.strip_prefix(&escape_regex(&answers.base)).unwrap_or(regex)
}

/// Sends a compressed copy if it exists and the browser accepts it; quality 0 means it does not
/// (RFC 9110 §12.4.2).
fn copies(text: &mut String) {
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        let accepted =
            format!(r"(?:^|,)\s*{encoding}\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)");
        let accepted = ruled(&accepted);
        let _ = write!(
            text,
            "RewriteCond %{{HTTP:Accept-Encoding}} {accepted} [NC]\n\
             RewriteCond %{{REQUEST_FILENAME}}.{ending} -f\n\
             RewriteRule ^(.+)$ $1.{ending} [L]\n"
        );
    }
}

/// Adds a policy to active files that disables scripts; compressed copies need one, too, as their
/// names differ.
fn sandboxed(answers: &Answers, text: &mut String) {
    for (path, policy) in &answers.headers.sandboxed {
        let regex = escape_regex(path).replace('#', "\\x23");
        let condition = format!("%{{REQUEST_URI}} =~ m#^{regex}(?:\\.br|\\.gz)?$#");
        let _ = writeln!(
            text,
            "<If {}>\nHeader always set {CSP} {}\n</If>",
            quoted(&condition),
            quoted(policy)
        );
    }
}

fn headers(answers: &Answers, text: &mut String) {
    text.push_str("<IfModule mod_headers.c>\n");
    for (name, value) in &answers.headers.everywhere {
        let _ = writeln!(text, "Header always set {name} {}", quoted(value));
    }
    sandboxed(answers, text);
    let _ = writeln!(text, "Header set Cache-Control {}", quoted(ASKED_AGAIN));
    if answers.compressed {
        text.push_str("Header merge Vary Accept-Encoding\n");
    }
    for path in &answers.headers.lasting {
        let name = path.rsplit('/').next().unwrap_or_default();
        let pattern = quoted(&format!("^{}(?:\\.br|\\.gz)?$", escape_regex(name)));
        let _ = writeln!(
            text,
            "<FilesMatch {pattern}>\nHeader set Cache-Control {}\n</FilesMatch>",
            quoted(LASTING)
        );
    }
    text.push_str("</IfModule>\n");
}
