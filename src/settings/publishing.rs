//! Parses `[listing]`, `[feeds]`, `[withdrawals]`, `[duplicates]`, `[markdown]` and `[build]`.

use crate::base::choices::WithdrawalKind;
use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use crate::base::diagnostic::Rule;
use crate::base::leftovers::Ignored;
use crate::tree::fields::{Fields, Reading, texts_of};

use super::stop;
use super::{
    BuildConfig, DuplicatesConfig, FeedsConfig, ListingConfig, MarkdownConfig, WithdrawalsConfig,
};

pub(super) fn listing(fields: &mut Fields, reading: &mut Reading<'_>) -> ListingConfig {
    let default = ListingConfig { leaf: 500, days: true };
    let Some(mut table) = fields.table("listing", reading) else { return default };
    let listing = ListingConfig {
        leaf: table.count("leaf", 1, reading).unwrap_or(default.leaf),
        days: table.bool("days", reading).unwrap_or(default.days),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    listing
}

pub(super) fn feeds(fields: &mut Fields, reading: &mut Reading<'_>) -> FeedsConfig {
    let default = FeedsConfig { limit: 50, authority: None, default_authority: String::new() };
    let Some(mut table) = fields.table("feeds", reading) else { return default };
    let feeds = FeedsConfig {
        limit: table.count("limit", 1, reading).unwrap_or(default.limit),
        authority: table.text("authority", reading),
        ..default
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    feeds
}

pub(super) fn withdrawals(fields: &mut Fields, reading: &mut Reading<'_>) -> WithdrawalsConfig {
    let default =
        WithdrawalsConfig { named: vec![WithdrawalKind::Copyright, WithdrawalKind::Error] };
    let Some(mut table) = fields.table("withdrawals", reading) else { return default };
    let withdrawals = table.take("named").map(|node| {
        let words = texts_of("named", &node, reading);
        let mut named = Vec::with_capacity(words.len());
        for word in words {
            match word.parse() {
                Ok(kind) => named.push(kind),
                // A guess could name a person whom a withdrawal protects.
                Err(error) => stop(
                    reading,
                    &node,
                    format!("withdrawals.named: {error}"),
                    "write named = [\"copyright\", \"error\"]",
                ),
            }
        }
        WithdrawalsConfig { named }
    });
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    withdrawals.unwrap_or(default)
}

pub(super) fn duplicates(fields: &mut Fields, reading: &mut Reading<'_>) -> DuplicatesConfig {
    let default = DuplicatesConfig::default();
    let Some(mut table) = fields.table("duplicates", reading) else { return default };
    let duplicates = DuplicatesConfig { show: table.bool("show", reading).unwrap_or(default.show) };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    duplicates
}

pub(super) fn build(fields: &mut Fields, reading: &mut Reading<'_>) -> BuildConfig {
    let Some(mut table) = fields.table("build", reading) else { return BuildConfig::default() };
    let ignore = table.take("ignore").map(|node| {
        let globs = texts_of("ignore", &node, reading);
        Ignored::read(globs.iter().map(String::as_str)).unwrap_or_else(|error| {
            // Without it, ignored files would be published.
            let message = format!("build.ignore: {error}");
            stop(
                reading,
                &node,
                message,
                "write globs, as in ignore = [\"*.psd\", \"content/raw/\"]",
            );
            Ignored::default()
        })
    });
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    BuildConfig { ignore: ignore.unwrap_or_default() }
}

pub(super) fn markdown(fields: &mut Fields, reading: &mut Reading<'_>) -> MarkdownConfig {
    let mut markdown = MarkdownConfig {
        raw_html: RawHtml::Sanitise,
        foreign_tags: ForeignTags::Show,
        unresolved_links: UnresolvedLinks::Mark,
        smart_punctuation: true,
        autolink: true,
    };
    let Some(mut table) = fields.table("markdown", reading) else { return markdown };
    if let Some(chosen) = choice(
        &mut table,
        "raw_html",
        reading,
        &[("sanitise", RawHtml::Sanitise), ("trust", RawHtml::Trust)],
    ) {
        markdown.raw_html = chosen;
    }
    if let Some(chosen) = choice(
        &mut table,
        "foreign_tags",
        reading,
        &[("show", ForeignTags::Show), ("drop", ForeignTags::Drop)],
    ) {
        markdown.foreign_tags = chosen;
    }
    if let Some(chosen) = choice(
        &mut table,
        "unresolved_links",
        reading,
        &[("mark", UnresolvedLinks::Mark), ("keep", UnresolvedLinks::Keep)],
    ) {
        markdown.unresolved_links = chosen;
    }
    markdown.smart_punctuation = table.bool("smart_punctuation", reading).unwrap_or(true);
    markdown.autolink = table.bool("autolink", reading).unwrap_or(true);
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    markdown
}

/// The value of an enum.
pub(super) fn choice<T: Copy>(
    table: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    choices: &[(&str, T)],
) -> Option<T> {
    let node = table.take(key)?;
    let text = node.text().unwrap_or_default();
    let found = choices.iter().find(|(name, _)| *name == text).map(|&(_, value)| value);
    if found.is_none() {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let message = format!("{key} can't be “{text}”");
        stop(reading, &node, message, &format!("use one of {}", names.join(", ")));
    }
    found
}
