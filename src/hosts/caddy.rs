//! Caddy: a snippet to import into a site's block. It is part of the site, so that uploads include
//! it and it always fits the pages; its own rules hide it from readers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::answers::{Moved, Reach, decoded};
use super::policy::{ASKED_AGAIN, CSP, LASTING};
use super::{
    Answers, Beside, INCLUDED, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason, heading,
};

pub(super) const FILE: &str = ".host/Caddyfile";

pub(super) fn rules(answers: &Answers) -> Rules {
    let mut rules = Writing { answers, text: heading(answers), unsupported: Vec::new() };
    let _ = write!(
        rules.text,
        "#\n\
         #     {name} {{\n\
         #         root * /srv/site\n\
         #         import \"/srv/site{base}{FILE}\"\n\
         #     }}\n\
         #{below}\n\
         # Load it after each build that changed it: caddy reload\n\n",
        name = answers.home.host_str().unwrap_or_default(),
        base = answers.base,
        below = super::below(&answers.base),
    );
    // `route` keeps the order of directives.
    rules.text.push_str("route {\n");
    rules.headers();
    // Redirects with a query come before the page.
    rules.queries();
    rules.gone();
    rules.moved();
    rules.serve();
    rules.text.push_str("}\n");
    rules.not_found();
    let Writing { text, unsupported, .. } = rules;
    Rules { files: vec![RuleFile { path: FILE, text, beside: Beside::GivesWay }], unsupported }
}

/// The snippet under construction.
struct Writing<'a> {
    answers: &'a Answers,
    text: String,
    unsupported: Vec<Unsupported>,
}

/// A quoted argument. Caddy unescapes `\"`; our values contain no other quotes or backslashes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// Whether a path can be written: braces are special in Caddy everywhere; brackets, `%` and `\` in
/// paths.
fn is_writable(path: &str) -> bool {
    !path.contains(['{', '}', '[', ']', '\\', '`', '"', '%'])
}

impl Writing<'_> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "\t{line}");
    }

    fn headers(&mut self) {
        let headers = &self.answers.headers;
        for (name, value) in &headers.everywhere {
            self.line(&format!("header {name} {}", quoted(value)));
        }
        self.sandboxed();
        self.line(&format!("header Cache-Control {}", quoted(ASKED_AGAIN)));
        if self.answers.compressed {
            self.line("header ?Vary Accept-Encoding");
        }
        if headers.lasting.is_empty() {
            return;
        }
        let paths: Vec<String> = headers.lasting.iter().map(|path| quoted(path)).collect();
        self.line(&format!("@lasting path {}", paths.join(" ")));
        self.line(&format!("header @lasting Cache-Control {}", quoted(LASTING)));
    }

    /// Adds a policy to active files that disables scripts.
    fn sandboxed(&mut self) {
        let mut by_policy: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (path, policy) in &self.answers.headers.sandboxed {
            if is_writable(path) {
                by_policy.entry(policy).or_default().push(quoted(path));
            } else {
                self.unsupported
                    .push(Unsupported::new(UnsupportedReason::Character, path.as_str()));
            }
        }
        for (at, (policy, paths)) in by_policy.into_iter().enumerate() {
            self.line(&format!("@sandboxed{at} path {}", paths.join(" ")));
            self.line(&format!("header @sandboxed{at} {CSP} {}", quoted(policy)));
        }
    }

    fn gone(&mut self) {
        for (at, gone) in self.answers.gone.iter().enumerate() {
            if !is_writable(&gone.path) {
                self.unsupported.push(Unsupported::gone(gone));
                continue;
            }
            let folder = gone.path.trim_end_matches('/');
            let notice = quoted(&format!("{folder}/index.html"));
            let below = match gone.reach {
                Reach::Folder => quoted(&format!("{folder}/*")),
                Reach::Page => format!("{} {notice}", quoted(&format!("{folder}/"))),
            };
            self.line(&format!("@gone{at} path {} {below}", quoted(folder)));
            self.line(&format!("handle @gone{at} {{"));
            self.line(&format!("\trewrite * {notice}"));
            self.line(&format!("\tfile_server {{\n\t\t\tstatus {}\n\t\t}}", gone.status));
            self.line("}");
        }
    }

    /// Exact addresses are one map for each status; others are single rules.
    fn moved(&mut self) {
        let mut exact: BTreeMap<u16, Vec<(&str, &Moved)>> = BTreeMap::new();
        let answers = self.answers;
        for moved in &answers.moved {
            match &moved.from {
                OldAddress::Exact(path) if is_writable(path) => {
                    exact.entry(moved.status).or_default().push((path, moved));
                }
                OldAddress::Exact(_) => self.unsupported(UnsupportedReason::Character, moved),
                OldAddress::Query { .. } | OldAddress::Pattern(_) => {}
            }
        }
        for (status, moved) in exact {
            self.line(&format!("map {{path}} {{dateline_{status}}} {{"));
            for (path, moved) in moved {
                self.line(&format!("\t{} {}", quoted(path), quoted(&moved.to)));
            }
            self.line("\tdefault -");
            self.line("}");
            self.line(&format!("@moved{status} not vars {{dateline_{status}}} -"));
            self.line(&format!("redir @moved{status} {{dateline_{status}}} {status}"));
        }
        self.patterns();
    }

    fn unsupported(&mut self, reason: UnsupportedReason, moved: &Moved) {
        self.unsupported.push(Unsupported::moved(reason, moved));
    }

    fn queries(&mut self) {
        let answers = self.answers;
        for (at, moved) in answers.moved.iter().enumerate() {
            let OldAddress::Query { path, pairs } = &moved.from else { continue };
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("{}={}", decoded(name), decoded(value)))
                .collect();
            if !is_writable(path) || !pairs.iter().all(|pair| is_writable(pair)) {
                self.unsupported(UnsupportedReason::Character, moved);
                continue;
            }
            self.line(&format!("@asked{at} {{"));
            self.line(&format!("\tpath {}", quoted(path)));
            for pair in pairs {
                self.line(&format!("\tquery {}", quoted(&pair)));
            }
            self.line("}");
            self.line(&format!("redir @asked{at} {} {}", quoted(&moved.to), moved.status));
        }
    }

    /// Existing files take precedence over patterns.
    fn patterns(&mut self) {
        let answers = self.answers;
        for (at, moved) in answers.moved.iter().enumerate() {
            let OldAddress::Pattern(pattern) = &moved.from else { continue };
            if !is_writable(pattern.as_str()) {
                self.unsupported(UnsupportedReason::Character, moved);
                continue;
            }
            self.line(&format!("@fits{at} {{"));
            self.line(&format!("\tpath_regexp {}", quoted(&format!("^{}$", pattern.regex()))));
            self.line("\tnot file {path} {path}/index.html");
            self.line("}");
            self.line(&format!("redir @fits{at} {} {}", quoted(&moved.to), moved.status));
        }
    }

    fn serve(&mut self) {
        self.line("file_server {");
        self.line(&format!("\thide {INCLUDED}"));
        if self.answers.compressed {
            self.line("\tprecompressed br gzip");
        }
        self.line("}");
    }

    fn not_found(&mut self) {
        let page = self.answers.not_found();
        if !is_writable(&page) {
            self.unsupported.push(Unsupported::new(UnsupportedReason::Character, page));
            return;
        }
        let page = quoted(&page);
        let _ = write!(
            self.text,
            "handle_errors {{\n\
             \t@missing expression {{err.status_code}} == 404\n\
             \trewrite @missing {page}\n\
             \tfile_server\n\
             }}\n"
        );
    }
}
