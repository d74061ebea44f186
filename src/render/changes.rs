//! Atom feeds of changes: reports by their last change, and single corrections.
//!
//! In contrast, [`super::feeds`] lists additions, and never moves an entry after a change.

use std::io::Cursor;

use chrono::{DateTime, FixedOffset};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use crate::archive::register::{Act, Notice, Register};
use crate::archive::{Archive, ArticleId};
use crate::i18n::Language;
use crate::settings::Config;

use super::feeds::{self, Feeds, Xml, authority, element, link, stamp};

/// The head of a feed.
struct Head<'a> {
    title: String,
    /// The last part of its id.
    name: &'a str,
    path: &'a str,
    /// The path of the page with the same content.
    page: &'a str,
    newest: DateTime<FixedOffset>,
}

/// Reports by last addition, correction, redaction or update; dates of publication are kept.
pub(crate) fn updated(feeds: Feeds<'_>) -> Vec<u8> {
    let Feeds { archive, config, language, .. } = feeds;
    let changed = |id: ArticleId| feeds::updated(archive.article(id), config);
    let mut ids: Vec<(DateTime<FixedOffset>, ArticleId)> =
        archive.listed.iter().map(|&id| (changed(id), id)).collect();
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(config.feeds.limit);
    let head = Head {
        title: language.text("updated_title", &[("title", &config.title)]),
        name: "updated",
        path: "/updated.xml",
        page: "/",
        newest: ids.first().map(|(changed, _)| *changed).unwrap_or_default(),
    };
    write(config, &head, |xml| {
        for &(_, id) in &ids {
            feeds::write_entry(xml, feeds, id)?;
        }
        Ok(())
    })
}

/// One entry for each of the latest corrections and redactions.
pub(crate) fn corrections(archive: &Archive, config: &Config, language: &Language) -> Vec<u8> {
    let notices = archive.registers.notices(Register::Corrections);
    let shown = notices.iter().rev().filter(|notice| archive.is_listed(notice.article));
    let latest: Vec<&Notice> = shown.take(config.feeds.limit).collect();
    let instant = |notice: &&Notice| notice.date.instant(config.timezone);
    let head = Head {
        title: format!("{} · {}", language.text("corrections", &[]), config.title),
        name: "corrections",
        path: "/corrections/atom.xml",
        page: "/corrections/",
        newest: latest.iter().map(instant).max().unwrap_or_default(),
    };
    write(config, &head, |xml| {
        for notice in latest {
            write_notice(xml, archive, config, language, notice)?;
        }
        Ok(())
    })
}

fn write(
    config: &Config,
    head: &Head<'_>,
    entries: impl FnOnce(&mut Xml) -> std::io::Result<()>,
) -> Vec<u8> {
    let mut xml = Writer::new(Cursor::new(Vec::new()));
    // Writing to memory can't fail.
    let _ = write_feed(&mut xml, config, head, entries);
    let mut bytes = xml.into_inner().into_inner();
    bytes.push(b'\n');
    bytes
}

fn write_feed(
    xml: &mut Xml,
    config: &Config,
    head: &Head<'_>,
    entries: impl FnOnce(&mut Xml) -> std::io::Result<()>,
) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let mut feed = BytesStart::new("feed");
    feed.push_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.push_attribute(("xml:lang", config.language.as_str()));
    xml.write_event(Event::Start(feed))?;
    element(xml, "title", &head.title)?;
    element(xml, "id", &format!("tag:{}:{}", authority(config), head.name))?;
    element(xml, "updated", &stamp(head.newest))?;
    link(xml, "self", "application/atom+xml", &config.absolute(head.path))?;
    link(xml, "alternate", "text/html", &config.absolute(head.page))?;
    // The archive makes corrections, not the reports' authors.
    xml.write_event(Event::Start(BytesStart::new("author")))?;
    element(xml, "name", &config.title)?;
    xml.write_event(Event::End(BytesEnd::new("author")))?;
    element(xml, "generator", "Dateline")?;
    entries(xml)?;
    xml.write_event(Event::End(BytesEnd::new("feed")))
}

fn write_notice(
    xml: &mut Xml,
    archive: &Archive,
    config: &Config,
    language: &Language,
    notice: &Notice,
) -> std::io::Result<()> {
    let article = archive.article(notice.article);
    let (key, place) = match notice.act {
        Act::Redaction(_) => ("redaction_of", "redactions"),
        Act::Correction(_) | Act::Withdrawal => ("correction_of", "corrections"),
    };
    let address = config.absolute(&article.permalink.encoded());
    xml.write_event(Event::Start(BytesStart::new("entry")))?;
    element(xml, "title", &language.text(key, &[("title", &article.title)]))?;
    element(xml, "id", &id(archive, config, notice))?;
    element(xml, "updated", &stamp(notice.date.instant(config.timezone)))?;
    link(xml, "alternate", "text/html", &format!("{address}#{place}"))?;
    element(xml, "content", &content(archive, language, notice))?;
    xml.write_event(Event::End(BytesEnd::new("entry")))
}

/// The article's id with the day as fragment; further ones on that day are numbered in the order of
/// front matter.
fn id(archive: &Archive, config: &Config, notice: &Notice) -> String {
    let article = archive.article(notice.article);
    let (act, nth) = match notice.act {
        Act::Correction(at) => {
            let before = article.corrections.iter().take(at);
            ("correction", before.filter(|done| done.date == notice.date).count())
        }
        Act::Redaction(at) => {
            let before = article.redactions.iter().take(at);
            ("redaction", before.filter(|done| done.date == notice.date).count())
        }
        Act::Withdrawal => ("withdrawal", 0),
    };
    let base = feeds::id(article, config);
    let mark = if base.contains('#') { '-' } else { '#' };
    let date = notice.date.to_string().replace(':', "");
    let number = if nth == 0 { String::new() } else { format!("-{}", nth + 1) };
    format!("{base}{mark}{act}-{date}{number}")
}

fn content(archive: &Archive, language: &Language, notice: &Notice) -> String {
    let article = archive.article(notice.article);
    let mut lines: Vec<String> = Vec::new();
    match notice.act {
        Act::Correction(at) => {
            let Some(correction) = article.corrections.get(at) else { return String::new() };
            lines.extend(correction.text.clone());
            for (key, words) in
                [("correction_was", &correction.was), ("correction_now", &correction.now)]
            {
                let label = language.text(key, &[]);
                lines.extend(words.as_ref().map(|words| format!("{label}: {words}")));
            }
        }
        Act::Redaction(at) => {
            let Some(redaction) = article.redactions.get(at) else { return String::new() };
            let date = language.date(redaction.date);
            lines.push(language.text("redacted_on", &[("date", &date)]));
            lines.extend(redaction.reason.clone());
        }
        Act::Withdrawal => {}
    }
    lines.join("\n")
}
