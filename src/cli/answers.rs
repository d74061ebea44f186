//! What curators type as values, read: dates, addresses, headlines, names of files, languages.

use crate::authoring::entry::slug_for;
use crate::base::date::{Date, DateError};
use crate::base::permalink::Slug;

pub(super) fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error: DateError| format!("{error}; {}", error.help()))
}

pub(super) fn parse_web_address(text: &str) -> Result<url::Url, String> {
    let url = url::Url::parse(text).map_err(|error| error.to_string())?;
    let is_web = matches!(url.scheme(), "http" | "https");
    if is_web { Ok(url) } else { Err("it begins with neither https:// nor http://".to_owned()) }
}

/// A headline from which a file's name can be made.
pub(super) fn parse_headline(text: &str) -> Result<String, String> {
    let slug = slug_for(text).map_err(|error| format!("no file can be named after it: {error}"));
    slug.map(|_| text.to_owned())
}

pub(super) fn parse_slug(text: &str) -> Result<Slug, String> {
    slug_for(text).map_err(|error| error.to_string())
}

pub(super) fn parse_language(text: &str) -> Result<String, String> {
    let tag = text.parse::<icu_locale::LanguageIdentifier>();
    tag.map(|_| text.to_owned()).map_err(|_| "write it as en, pt-BR or ar".to_owned())
}
