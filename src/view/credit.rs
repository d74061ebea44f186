//! The credit for republishing a report, as HTML and Markdown, and the report's Markdown file.
//!
//! It names outlet, byline and date, every source, the archive's page and the terms.

use std::fmt::Write;

use pulldown_cmark_escape::escape_html;

use crate::base::date::Date;
use crate::i18n::Language;

use super::facts::{Facts, Named};

/// The parts of a credit, in order.
#[derive(Clone, Debug)]
pub struct Credit {
    headline: Named,
    /// Outlet, date and byline.
    origin: String,
    sources: Vec<Source>,
}

/// A line of the list of sources.
#[derive(Clone, Debug)]
struct Source {
    label: String,
    steps: Vec<Named>,
}

impl Credit {
    /// The credit of a report; `archive` is the archive's name.
    pub fn new(facts: &Facts, archive: &str, language: &Language) -> Credit {
        let headline = Named { name: facts.headline.clone(), url: Some(facts.page.clone()) };
        Credit {
            headline,
            origin: origin(facts, language),
            sources: sources(facts, archive, language),
        }
    }

    pub fn html(&self) -> String {
        let mut html = String::from("<p><cite>");
        push_html(&mut html, &self.headline);
        html.push_str("</cite>. ");
        push_escaped(&mut html, &self.origin);
        html.push_str("</p>\n<ul>\n");
        for source in &self.sources {
            html.push_str("<li>");
            push_escaped(&mut html, &source.label);
            html.push_str(": ");
            for (at, step) in source.steps.iter().enumerate() {
                html.push_str(if at > 0 { " › " } else { "" });
                push_html(&mut html, step);
            }
            html.push_str("</li>\n");
        }
        html.push_str("</ul>\n");
        html
    }

    pub fn markdown(&self) -> String {
        let mut text = format!("{}. {}\n\n", in_markdown(&self.headline), escaped(&self.origin));
        text.push_str(&self.list());
        text
    }

    /// A report's text below its credit.
    pub fn document(&self, body: &str) -> String {
        let headline = escaped(&self.headline.name);
        let (origin, list) = (escaped(&self.origin), self.list());
        format!("# {headline}\n\n{origin}\n\n{list}\n---\n\n{}\n", body.trim())
    }

    fn list(&self) -> String {
        let mut list = String::new();
        for source in &self.sources {
            let steps: Vec<String> = source.steps.iter().map(in_markdown).collect();
            // Writing to a String can't fail.
            let _ = writeln!(list, "- {}: {}", escaped(&source.label), steps.join(" › "));
        }
        list
    }
}

fn origin(facts: &Facts, language: &Language) -> String {
    let comma = format!("{} ", language.text("comma", &[]));
    let outlet = facts.outlet.iter().map(|outlet| outlet.name.as_str());
    let dateline: Vec<&str> = outlet.chain([facts.date_text.as_str()]).collect();
    let mut origin = format!("{}.", dateline.join(&comma));
    if !facts.authors.is_empty() {
        let names: Vec<&str> = facts.authors.iter().map(|author| author.name.as_str()).collect();
        let _ = write!(origin, " {} {}.", language.text("by", &[]), names.join(&comma));
    }
    origin
}

fn sources(facts: &Facts, archive: &str, language: &Language) -> Vec<Source> {
    let word = |key: &str| language.text(key, &[]);
    let bare = |url: &String| Named { name: url.clone(), url: Some(url.clone()) };
    let mut sources = Vec::new();
    if let Some(original) = &facts.original {
        sources.push(Source { label: word("original"), steps: vec![bare(original)] });
    }
    for memento in &facts.mementos {
        let taken = memento.date.map(|date: Date| language.date(date));
        let label = match taken {
            Some(date) => language.text("archived_copy_dated", &[("date", &date)]),
            None => word("archived_copy"),
        };
        sources.push(Source { label, steps: vec![bare(&memento.url)] });
    }
    if !facts.via.is_empty() {
        sources.push(Source { label: word("via"), steps: facts.via.clone() });
    }
    let home = Named { name: archive.to_owned(), url: Some(facts.page.clone()) };
    sources.push(Source { label: word("credit_archive"), steps: vec![home] });
    if let Some(license) = &facts.license {
        sources.push(Source { label: word("license"), steps: vec![license.clone()] });
    }
    if let Some(rights) = &facts.rights {
        let rights = Named { name: rights.clone(), url: None };
        sources.push(Source { label: word("rights"), steps: vec![rights] });
    }
    sources
}

fn push_html(html: &mut String, named: &Named) {
    if let Some(url) = &named.url {
        html.push_str("<a href=\"");
        push_escaped(html, url);
        html.push_str("\">");
    }
    push_escaped(html, &named.name);
    if named.url.is_some() {
        html.push_str("</a>");
    }
}

fn push_escaped(html: &mut String, text: &str) {
    // Writing to a String can't fail.
    let _ = escape_html(html, &one_line(text));
}

fn in_markdown(named: &Named) -> String {
    match &named.url {
        Some(url) if *url == named.name => format!("<{}>", address(url)),
        Some(url) => format!("[{}](<{}>)", escaped(&named.name), address(url)),
        None => escaped(&named.name),
    }
}

/// An address for angle brackets.
fn address(url: &str) -> String {
    one_line(url).replace(' ', "%20").replace('<', "%3C").replace('>', "%3E").replace('\\', "%5C")
}

/// Escapes Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        if "\\`*_[]<>#~|&!{}$".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
