//! Patterns of addresses that an archive had elsewhere: `/blog/:section/:slug/`, `/:year/:month/:title.html`.
//!
//! Made by the settings; each report gets the address that it had by them among its old ones.

use chrono::Datelike;

use super::language_tag;
use super::permalink::{PermalinkParts, Slug, file_stem, fold, section};

/// A pattern, as a text and names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldPattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Name(&'static str),
}

/// The names that a pattern may hold; of two that begin alike the longer stands first.
const NAMES: [&str; 12] = [
    "year",
    "short_year",
    "month",
    "i_month",
    "day",
    "i_day",
    "slug",
    "title",
    "filename",
    "section",
    "language",
    "outlet",
];

impl OldPattern {
    /// Reads a pattern; `Err` names what is not understood.
    pub fn parse(text: &str) -> Result<OldPattern, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(':') {
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            let name = NAMES.into_iter().find(|name| after.starts_with(name));
            let name =
                name.ok_or_else(|| format!(":{}", after.split('/').next().unwrap_or_default()))?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Name(name));
            rest = &after[name.len()..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        let has_own =
            pieces.iter().any(|piece| matches!(piece, Piece::Name("slug" | "title" | "filename")));
        if !text.starts_with('/') {
            return Err(text.to_owned());
        }
        if has_own { Ok(OldPattern(pieces)) } else { Err(":slug".to_owned()) }
    }

    /// The address that a report had; `None` where it lacks a part of it.
    pub fn address(&self, parts: &PermalinkParts<'_>) -> Option<String> {
        let mut address = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => address.push_str(text),
                Piece::Name(name) => address.push_str(&part(name, parts)?),
            }
        }
        Some(address)
    }
}

fn part(name: &str, parts: &PermalinkParts<'_>) -> Option<String> {
    let date = parts.date;
    Some(match name {
        "year" => format!("{:04}", date.year()),
        "short_year" => format!("{:02}", date.year() % 100),
        "month" => format!("{:02}", date.month()?),
        "i_month" => date.month()?.to_string(),
        "day" => format!("{:02}", date.day()?.day()),
        "i_day" => date.day()?.day().to_string(),
        "slug" => parts.slug.as_str().to_owned(),
        "title" | "filename" => undated(file_stem(parts.file)?.as_str()).to_owned(),
        "section" => section(parts.file)?.to_owned(),
        "language" => language_tag::address_part(parts.language?),
        _ => Slug::from_term(&fold(parts.outlet?)).as_str().to_owned(),
    })
}

/// A file's name without the day at its beginning, in the case it is written in.
fn undated(name: &str) -> &str {
    let is_day = |day: &str| {
        day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 | 10 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    let rest = name.get(11..).filter(|rest| !rest.is_empty());
    rest.filter(|_| name.get(..11).is_some_and(is_day)).unwrap_or(name)
}
