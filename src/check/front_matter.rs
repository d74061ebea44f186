//! Lints of one file's front matter.

use crate::base::date::Date;
use crate::content::article::{Article, SummarySource};
use crate::content::front_matter::written_by_others::{is_decoded, is_read};
use crate::content::front_matter::{file_name, keys};
use crate::markdown::{Picture, References as _};

use crate::tree::Entry;

use super::body_date;
use super::document::{Document, Kind};
use super::finding::Finding;
use crate::base::lint::Lint;

/// All findings in a file's front matter.
pub(super) fn lints(document: &Document<'_>) -> Vec<Finding> {
    let mut found = unknown_keys(document);
    found.extend(written_for_others(document));
    if let Kind::Article(article) = document.kind {
        found.extend(missing(document, article));
        found.extend(unreviewed(document));
        found.extend(future_dates(document, article));
        found.extend(date_against_file_name(document, article));
        found.extend(date_of_repost(document, article));
        found.extend(body_date::lint(document, article));
        found.extend(long_summary(document, article));
        found.extend(lead_picture(document, article));
    }
    found
}

/// The day that an import took from the old site, where nothing says when the original appeared.
fn date_of_repost(document: &Document<'_>, article: &Article) -> Option<Finding> {
    let added = article.added.and_then(Date::day);
    let is_of_entry = added.is_some() && added == article.date.day();
    let is_unsourced = article.outlet.is_none() && article.original_url.is_none();
    (is_of_entry && is_unsourced && article.extra.contains_key("posted_by")).then(|| {
        let message = "this date is the day on which the old site posted it, not the original's";
        let help =
            "set the day on which the outlet published it: import-suggestions.toml may have it";
        document.finding(Lint::DateOfRepost, "date", message).help(help)
    })
}

/// Missing provenance.
fn missing(document: &Document<'_>, article: &Article) -> Vec<Finding> {
    let wanted = [
        (
            article.outlet.is_some(),
            Lint::MissingOutlet,
            "this report does not say who published it",
            "outlet",
            "RT",
        ),
        (
            article.original_url.is_some() || article.is_original_lost,
            Lint::MissingOriginal,
            "this report does not say where its original is",
            "original_url",
            "https://…",
        ),
        (
            article.added.is_some(),
            Lint::MissingAdded,
            "this report does not say when it entered the archive",
            "added",
            "2017-01-29",
        ),
    ];
    let absent = wanted.into_iter().filter(|(is_there, ..)| !is_there);
    absent
        .map(|(_, lint, message, key, example)| {
            let finding = Finding::new(lint, message).at(document.place(0..0));
            finding.help(format!("add a line such as {}", document.line(key, example)))
        })
        .collect()
}

/// Comments by which `dateline clip` marks what it guessed.
fn unreviewed(document: &Document<'_>) -> Vec<Finding> {
    let head = document.text.get(..document.body_start).unwrap_or_default();
    let marks = head.match_indices("# REVIEW").map(|(at, mark)| at..at + mark.len());
    marks
        .map(|range| {
            let finding =
                Finding::new(Lint::Unreviewed, "this line is a guess").at(document.place(range));
            finding.help("compare it with the original, mend it, and take the mark out")
        })
        .collect()
}

fn future_dates(document: &Document<'_>, article: &Article) -> Vec<Finding> {
    let dates =
        [("date", Some(article.date)), ("added", article.added), ("updated", article.updated)];
    let today = document.look.today;
    let is_future = |date: Date| date.first_day() > today;
    dates
        .into_iter()
        .filter_map(|(key, date)| Some((key, date.filter(|&date| is_future(date))?)))
        .map(|(key, date)| {
            let message = format!("{key}: {date} is still to come; today is {today}");
            document.finding(Lint::FutureDate, key, message).help("check the year")
        })
        .collect()
}

fn date_against_file_name(document: &Document<'_>, article: &Article) -> Option<Finding> {
    let named = file_name(document.source).0?;
    if body_date::agree(named, article.date) {
        return None;
    }
    let message = format!("the date is {}, and the file's name says {named}", article.date);
    let finding = document.finding(Lint::DateAgainstFileName, "date", message);
    Some(
        finding
            .help("mend the one that is wrong; a file may be renamed without harm if slug is set"),
    )
}

fn long_summary(document: &Document<'_>, article: &Article) -> Option<Finding> {
    let most = document.look.site.config.check.summary_length;
    let length = article.summary.chars().count();
    if article.summary_source != SummarySource::Written || length <= most {
        return None;
    }
    let message = format!("this summary has {length} characters, and lists have room for {most}");
    let finding = document.finding(Lint::LongSummary, "summary", message);
    Some(finding.help("shorten it to a sentence or two, or raise check.summary_length"))
}

fn lead_picture(document: &Document<'_>, article: &Article) -> Vec<Finding> {
    let Some(image) = &article.image else { return Vec::new() };
    let mut found = Vec::new();
    if image.alt.trim().is_empty() {
        let message = "the lead picture has no text for those who can't see it";
        let finding = document.finding(Lint::MissingAlt, "image", message);
        found.push(finding.help(format!("say what it shows: {}", {
            let src = format!("{:?}", image.src);
            let table = document.fence().table(&[("src", &src), ("alt", "\"…\"")]);
            document.bare_line("image", &table)
        })));
    }
    if let Picture::Missing(help) = document.surroundings.picture(&image.src) {
        let message = format!("the lead picture {} is not there", image.src);
        let finding = document.finding(Lint::MissingLeadPicture, "image", message);
        found.push(finding.help(help.unwrap_or_else(|| "mend its name".to_owned())));
    }
    found
}

/// Values in the style of other generators, read as those generators mean them.
fn written_for_others(document: &Document<'_>) -> Vec<Finding> {
    // A fast path: most files contain neither.
    if !document.text[..document.body_start].contains(['&', ',', '،', '、', ' ']) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let entries = &document.front_matter().entries;
    let is_encoded = |entry: &&Entry| is_read(&entry.key) && is_decoded(&entry.node);
    if let Some(entry) = entries.iter().find(is_encoded) {
        let message =
            "characters are written here as HTML writes them, and are shown as they are meant";
        let finding = Finding::new(Lint::EncodedText, message);
        let finding = finding.at(document.place(entry.node.range.clone()));
        found.push(finding.help("write the characters themselves, such as ’ and &"));
    }
    for entry in entries {
        let text = entry.node.text();
        let tags = text.and_then(|text| keys::split_texts(&entry.key, text, document.text));
        let Some(tags) = tags.filter(|tags| tags.len() > 1) else { continue };
        let message = format!("“{}” is one text, and was read as {} tags", entry.key, tags.len());
        let finding = Finding::new(Lint::SplitTags, message);
        let finding = finding.at(document.place(entry.node.range.clone()));
        let line = document.bare_line(&entry.key, &keys::written_list(tags));
        found.push(finding.help(format!("write {line}")));
    }
    found
}

/// Unknown keys; keys in `[extra]` are for templates.
fn unknown_keys(document: &Document<'_>) -> Vec<Finding> {
    let extra = match document.kind {
        Kind::Article(article) => &article.extra,
        Kind::Page(page) => &page.extra,
    };
    if !extra.keys().any(|key| keys::is_unheard_of(key)) {
        return Vec::new();
    }
    let table = document.front_matter();
    let unknown = table
        .entries
        .iter()
        .filter(|entry| extra.contains_key(&entry.key) && keys::is_unheard_of(&entry.key));
    unknown
        .map(|entry| {
            let message = format!("“{}” is a key that Dateline does not know", entry.key);
            Finding::new(Lint::UnknownKey, message)
                .at(document.place(entry.key_range.clone()))
                .help("put it under [extra], where templates find it as well, or remove it")
        })
        .collect()
}
