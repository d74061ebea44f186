//! nginx: rules to include in a `server` block. They are part of the site, so that uploads include
//! them and they always fit the pages; their own rules hide them from readers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::answers::{Gone, Moved, Reach, asked_query};
use super::pattern::escape_regex;
use super::policy::{ASKED_AGAIN, CSP, LASTING};
use super::{
    Answers, Beside, INCLUDED, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason, heading,
};

pub(super) const FILE: &str = ".host/nginx.conf";

pub(super) fn rules(answers: &Answers) -> Rules {
    let base = &answers.base;
    let mut text = heading(answers);
    let _ = write!(
        text,
        "#\n\
         #     server {{\n\
         #         server_name {name};\n\
         #         root /srv/site;\n\
         #         include \"/srv/site{base}{FILE}\";\n\
         #     }}\n\
         #{below}\n\
         # Test and load it after each build that changed it: nginx -t && nginx -s reload\n\n\
         index index.html;\n\
         charset utf-8;\n\
         charset_types text/xml text/plain text/css text/csv text/markdown application/javascript application/json application/xml image/svg+xml;\n",
        name = answers.home.host_str().unwrap_or_default(),
        below = super::below(base),
    );
    let mut unsupported = Vec::new();
    match answers.not_found() {
        page if is_writable(&page) => {
            let _ = writeln!(text, "error_page 404 {};", quoted(&page));
        }
        page => unsupported.push(Unsupported::new(UnsupportedReason::Character, page)),
    }
    if answers.compressed {
        text.push_str("gzip_static on;\ngzip_vary on;\n# Where nginx has the module for it: brotli_static on;\n");
    }
    headers(answers, &mut text, &mut unsupported);
    let _ =
        writeln!(text, "location ^~ {} {{ return 404; }}", quoted(&format!("{base}{INCLUDED}/")));
    let mut exact = exact(answers);
    gone(answers, &mut exact, &mut text, &mut unsupported);
    moved(answers, &exact, &mut text);
    Rules { files: vec![RuleFile { path: FILE, text, beside: Beside::GivesWay }], unsupported }
}

/// A quoted argument with `\"` and `\\` escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `$` starts a variable, and nginx has no escape for it.
fn is_writable(value: &str) -> bool {
    !value.contains('$')
}

/// `add_header` in an inner block removes all outer ones, so the value is chosen by a map.
fn headers(answers: &Answers, text: &mut String, unsupported: &mut Vec<Unsupported>) {
    let _ = writeln!(text, "set $dateline_cache {};", quoted(ASKED_AGAIN));
    for path in answers.headers.lasting.iter().filter(|path| is_writable(path)) {
        let (uri, lasting) = (quoted(path), quoted(LASTING));
        let _ = writeln!(text, "if ($uri = {uri}) {{ set $dateline_cache {lasting}; }}");
    }
    text.push_str("add_header Cache-Control $dateline_cache always;\n");
    let mut policies = String::new();
    for (path, policy) in &answers.headers.sandboxed {
        if !is_writable(path) {
            unsupported.push(Unsupported::new(UnsupportedReason::Character, path.as_str()));
            continue;
        }
        let (uri, policy) = (quoted(path), quoted(policy));
        let _ = writeln!(policies, "if ($uri = {uri}) {{ set $dateline_policy {policy}; }}");
    }
    for (name, value) in &answers.headers.everywhere {
        if *name == CSP && !policies.is_empty() {
            let _ = writeln!(text, "set $dateline_policy {};", quoted(value));
            text.push_str(&policies);
            let _ = writeln!(text, "add_header {name} $dateline_policy always;");
            continue;
        }
        let _ = writeln!(text, "add_header {name} {} always;", quoted(value));
    }
}

/// The answers of an exact address, with and without a query.
#[derive(Default)]
struct Exact<'a> {
    plain: Option<&'a Moved>,
    queries: Vec<(&'a [(String, String)], &'a Moved)>,
}

impl Exact<'_> {
    /// The rules for queries, which come first.
    fn asked(&self) -> String {
        let asked = self.queries.iter().map(|(pairs, moved)| {
            let args = quoted(&format!("(^|&){}(&|$)", escape_regex(&asked_query(pairs))));
            format!("if ($args ~ {args}) {{ {} }} ", returned(moved))
        });
        asked.collect()
    }
}

/// Old addresses without `*`.
type ExactAddresses<'a> = BTreeMap<&'a str, Exact<'a>>;

fn exact(answers: &Answers) -> ExactAddresses<'_> {
    let mut exact = ExactAddresses::new();
    for moved in &answers.moved {
        match &moved.from {
            OldAddress::Exact(path) => exact.entry(path).or_default().plain = Some(moved),
            OldAddress::Query { path, pairs } => {
                exact.entry(path).or_default().queries.push((pairs, moved));
            }
            OldAddress::Pattern(_) => {}
        }
    }
    exact
}

/// Rules for withdrawals, which show the notice. A location may occur only once: redirects with a
/// query for the same address are moved here from `exact`.
fn gone(
    answers: &Answers,
    exact: &mut ExactAddresses<'_>,
    text: &mut String,
    unsupported: &mut Vec<Unsupported>,
) {
    let (said, left): (Vec<&Gone>, Vec<&Gone>) =
        answers.gone.iter().partition(|gone| is_writable(&gone.path));
    unsupported.extend(left.into_iter().map(Unsupported::gone));
    if said.is_empty() {
        return;
    }
    text.push_str("location @dateline_notice { try_files $dateline_notice =410; }\n");
    for Gone { path, status, reach } in said {
        let file = format!("{path}index.html");
        let notice = quoted(&file);
        let answer = format!(
            "set $dateline_notice {notice}; error_page {status} @dateline_notice; return {status};"
        );
        if *reach == Reach::Folder {
            let _ = writeln!(text, "location ^~ {} {{ {answer} }}", quoted(path));
        }
        for address in [path, &file] {
            let asked = exact.remove(address.as_str()).map(|exact| exact.asked());
            if *reach == Reach::Page || asked.is_some() {
                let asked = asked.unwrap_or_default();
                let _ = writeln!(text, "location = {} {{ {asked}{answer} }}", quoted(address));
            }
        }
    }
}

fn moved(answers: &Answers, exact: &ExactAddresses<'_>, text: &mut String) {
    for (path, exact) in exact {
        let plain = exact.plain.map(|moved| format!("{} ", returned(moved))).unwrap_or_default();
        let _ = writeln!(text, "location = {} {{ {}{plain}}}", quoted(path), exact.asked());
    }
    let patterns = answers.moved.iter().filter_map(|moved| match &moved.from {
        OldAddress::Pattern(pattern) => Some((pattern, moved)),
        _ => None,
    });
    for (at, (pattern, moved)) in patterns.enumerate() {
        // Existing pages take precedence.
        let _ = writeln!(
            text,
            "location @dateline_moved_{at} {{ {} }}\n\
             location ~ {} {{ try_files $uri $uri/index.html @dateline_moved_{at}; }}",
            returned(moved),
            quoted(&format!("^{}$", pattern.regex()))
        );
    }
}

fn returned(moved: &Moved) -> String {
    format!("return {} {};", moved.status, quoted(&moved.to))
}
