//! Addresses inside the archive: slugs, permalinks and their pattern.
//!
//! Made from front matter, file names and terms, and checked here once: all later code relies on
//! them being safe as an address and as a file name on every system.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use chrono::Datelike;
use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::base::date::Date;
use crate::base::language_tag;

/// The longest segment of a path in bytes. File systems allow 255; `index.html.br` needs room.
const LONGEST_PART: usize = 200;

/// A slug from a headline is cut after this many bytes: in many scripts a letter takes two or
/// three.
const LONGEST_TITLE: usize = 120;

/// One segment of an address: letters, digits, marks and `-._~`, in Unicode's composed form (NFC).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

/// The address of a page: begins and ends with `/`, each segment a safe file name, not
/// percent-encoded. Clones share the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Permalink(Arc<str>);

/// Why a text can't be a segment of an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It is empty after cleaning.
    #[error("“{0}” holds no letter or digit")]
    Empty(String),
    /// It contains `..`, a backslash or a control character, perhaps encoded.
    #[error("“{0}” holds {1}, which no address of the archive may")]
    Forbidden(String, &'static str),
    /// It is longer than file systems allow.
    #[error("a part of the path is {0} bytes long; {LONGEST_PART} are the most")]
    TooLong(usize),
    /// A Windows device name: `CON`, `NUL`, `COM1`.
    #[error("“{0}” is a device on Windows, not a file's name")]
    Reserved(String),
}

/// Case-folded and composed: texts with equal results are the same name on every file system.
pub fn fold(text: &str) -> String {
    folded(text).into_owned()
}

/// The same without a copy where possible; most addresses are folded already.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let is_folded = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if is_folded { text.into() } else { text.to_ascii_lowercase().into() };
    }
    let normalizer = ComposingNormalizerBorrowed::new_nfc();
    let folded = CaseMapper::new().fold_string(&normalizer.normalize(text)).into_owned();
    normalizer.normalize(&folded).into_owned().into()
}

/// A hash of a folded path: paths with equal hashes are the same on every file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FoldedKey([u8; 16]);

impl FoldedKey {
    /// The hash of a path.
    pub fn of(path: &str) -> FoldedKey {
        FoldedKey::of_folded(&folded(path))
    }

    /// The hash of the file of an address: `/a/` is `a/index.html`.
    pub fn of_file(address: &str) -> FoldedKey {
        FoldedKey::of_folded(without_index(folded(address).trim_start_matches('/')))
    }

    fn of_folded(path: &str) -> FoldedKey {
        FoldedKey(xxh3_128(path.as_bytes()).to_le_bytes())
    }
}

/// An address without a final `index.html`.
pub fn without_index(path: &str) -> &str {
    path.strip_suffix("index.html")
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .unwrap_or(path)
}

/// Resolves `.` and `..` in a path from the archive's root; the result stays below the root.
pub fn resolve_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

/// Resolves a path relative to a file's folder; the result has no leading `/`, like the file's
/// path.
pub fn resolve_beside(file: &str, relative: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    resolve_dots(&format!("/{folder}/{relative}")).trim_start_matches('/').to_owned()
}

fn compose(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || is_mark(character)
}

/// Combining marks, such as vowel signs, are part of words in many scripts.
fn is_mark(character: char) -> bool {
    use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
    let class = CanonicalCombiningClassMapBorrowed::new().get_u8(character);
    class != 0 || matches!(character, '\u{0900}'..='\u{0DFF}' | '\u{200C}' | '\u{200D}')
}

/// Whether Windows takes a name, with any extension, for a device.
fn is_reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_digit = |character| matches!(character, '0'..='9' | '¹' | '²' | '³');
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || number.is_some_and(|number| number.chars().count() == 1 && number.contains(is_digit))
}

impl Slug {
    /// From a file name: lower case, characters that are not part of a word become `-`; `_`, `.`
    /// and `~` are kept, as in other generators.
    pub fn from_file_name(name: &str) -> Result<Slug, PathError> {
        Slug::checked(&dashed(&compose(name).to_lowercase(), &['_', '.', '~']), name)
    }

    /// From a headline, for a new file's name: words and dashes only, cut between words if it is
    /// long.
    pub fn from_title(title: &str) -> Result<Slug, PathError> {
        let dashed = dashed(&compose(title).to_lowercase(), &[]);
        let cut = match dashed.char_indices().find(|(at, _)| *at > LONGEST_TITLE) {
            Some((end, _)) => dashed[..end].rsplit_once('-').map_or(&dashed[..end], |(cut, _)| cut),
            None => dashed.as_str(),
        };
        Slug::checked(cut, title)
    }

    /// From a slug in front matter: kept unchanged if it is safe.
    pub fn from_written(text: &str) -> Result<Slug, PathError> {
        // A slug copied from an address is percent-encoded: check its decoded form.
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        check_part(&decoded)?;
        Slug::checked(&dashed(&compose(&decoded), &['_', '.', '~']), text)
    }

    /// From a term; never fails. A term of only punctuation, a reserved or a long one gets a slug
    /// from its hash.
    pub fn from_term(key: &str) -> Slug {
        let dashed = dashed(key, &[]);
        let hash = || format!("{:08x}", xxhash_rust::xxh3::xxh3_64(key.as_bytes()) >> 32);
        if dashed.is_empty() {
            return Slug(format!("term-{}", hash()));
        }
        if is_reserved(&dashed) {
            return Slug(format!("{dashed}_"));
        }
        if dashed.len() > 120 {
            let mut end = 110;
            while !dashed.is_char_boundary(end) {
                end -= 1;
            }
            return Slug(format!("{}-{}", dashed[..end].trim_end_matches('-'), hash()));
        }
        Slug(dashed)
    }

    /// Appends a short hash of `key`, for terms whose slugs would be equal.
    #[must_use]
    pub fn distinguished(&self, key: &str) -> Slug {
        Slug(format!("{}-{:08x}", self.0, xxhash_rust::xxh3::xxh3_64(key.as_bytes()) >> 32))
    }

    fn checked(slug: &str, written: &str) -> Result<Slug, PathError> {
        let slug = slug.trim_matches('.');
        if !slug.chars().any(char::is_alphanumeric) {
            return Err(PathError::Empty(written.to_owned()));
        }
        if slug.len() > LONGEST_PART {
            return Err(PathError::TooLong(slug.len()));
        }
        if is_reserved(slug) {
            return Err(PathError::Reserved(slug.to_owned()));
        }
        Ok(Slug(slug.to_owned()))
    }

    /// The slug itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn dashed(text: &str, kept: &[char]) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        if is_word(character) || kept.contains(&character) || character == '-' {
            slug.push(character);
        } else if !matches!(character, '\'' | '’') && !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Refuses a segment that could leave the output or hide in an address.
fn check_part(part: &str) -> Result<(), PathError> {
    let forbidden = |what| Err(PathError::Forbidden(part.to_owned(), what));
    if part.contains("..") {
        return forbidden("“..”");
    }
    if part.contains(['/', '\\']) {
        return forbidden("a slash");
    }
    if part.contains('%') {
        return forbidden("“%”");
    }
    if part.chars().any(char::is_control) {
        return forbidden("a control character");
    }
    if part.contains(['?', '#', ':', '*', '"', '<', '>', '|']) {
        return forbidden("one of ? # : * \" < > |");
    }
    if part.len() > LONGEST_PART {
        return Err(PathError::TooLong(part.len()));
    }
    Ok(())
}

/// Refuses a name that some system does not allow for a folder.
fn check_name(part: &str) -> Result<(), PathError> {
    check_part(part)?;
    if is_reserved(part) {
        return Err(PathError::Reserved(part.to_owned()));
    }
    if part.ends_with(['.', ' ']) || part.starts_with(['.', ' ']) {
        return Err(PathError::Forbidden(part.to_owned(), "a dot or space at its end"));
    }
    Ok(())
}

impl Permalink {
    /// Parses a path in front matter, such as `/2017/01/29/title/`; missing slashes at the ends are
    /// added.
    pub fn from_written(path: &str) -> Result<Permalink, PathError> {
        let composed = compose(path);
        let mut permalink = String::from("/");
        for part in composed.split('/').filter(|part| !part.is_empty()) {
            check_name(part)?;
            permalink.push_str(part);
            permalink.push('/');
        }
        if permalink.len() == 1 || !permalink.chars().any(char::is_alphanumeric) {
            return Err(PathError::Empty(path.to_owned()));
        }
        Ok(Permalink(permalink.into()))
    }

    /// The decoded path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The decoded path, shared.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The percent-encoded path.
    pub fn encoded(&self) -> String {
        encode_path(&self.0)
    }
}

impl<'de> Deserialize<'de> for Permalink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Permalink, D::Error> {
        /// Borrows from the input where the format allows it, to save a copy.
        #[derive(Deserialize)]
        struct Written<'a>(#[serde(borrow)] Cow<'a, str>);
        let Written(path) = Written::deserialize(deserializer)?;
        Ok(Permalink(path.into()))
    }
}

impl fmt::Display for Permalink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Characters to encode besides those outside ASCII.
const NOT_IN_PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`');

/// Percent-encodes a path of the archive (RFC 3986 §3.3).
pub fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, NOT_IN_PATH).to_string()
}

/// All folders above a path, each with its final `/`; the path itself if it is a folder.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..=at])
}

/// What a pattern may hold besides fixed words.
const PATTERN_PARTS: [&str; 8] =
    [":year", ":month", ":day", ":slug", ":outlet", ":section", ":filename", ":language"];

/// What a permalink is made of.
#[derive(Clone, Copy, Debug)]
pub struct PermalinkParts<'a> {
    /// When the report was published.
    pub date: Date,
    /// Its slug.
    pub slug: &'a Slug,
    /// Who published it.
    pub outlet: Option<&'a str>,
    /// Its file, from the archive's root, without the part that says its language.
    pub file: &'a str,
    /// Its language.
    pub language: Option<&'a str>,
}

impl<'a> PermalinkParts<'a> {
    /// Those of a report in a file of which nothing else is known.
    pub fn new(date: Date, slug: &'a Slug, file: &'a str) -> PermalinkParts<'a> {
        PermalinkParts { date, slug, outlet: None, file, language: None }
    }
}

/// The first folder below `content/` that a file is in, but for one that names a language.
pub(crate) fn section(file: &str) -> Option<&str> {
    let inner = file.strip_prefix("content/").unwrap_or(file);
    let mut folders = inner.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev();
    // The folder of an `index.md` is the report's own.
    let is_index = inner.rsplit('/').next().is_some_and(|name| name.starts_with("index."));
    let count = folders.len() - usize::from(is_index && folders.len() > 0);
    folders.by_ref().take(count).find(|folder| language_tag::of_name(folder).is_none())
}

/// A file's name without its ending, as it is written; the folder's where the file is an `index`.
pub(crate) fn file_stem(file: &str) -> Option<Slug> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem == "index" { folder.rsplit('/').next().unwrap_or(stem) } else { stem };
    Slug::from_written(stem).ok()
}

/// `/:year/:month/:day/:slug/`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermalinkPattern(Vec<String>);

impl PermalinkPattern {
    /// Parses a pattern; the error is the unknown part.
    pub fn parse(text: &str) -> Result<PermalinkPattern, String> {
        let parts: Vec<String> =
            text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        for part in &parts {
            let known = PATTERN_PARTS.contains(&part.as_str());
            if !known && (part.starts_with(':') || check_name(part).is_err()) {
                return Err(part.clone());
            }
        }
        if parts.iter().any(|part| matches!(part.as_str(), ":slug" | ":filename")) {
            Ok(PermalinkPattern(parts))
        } else {
            Err(":slug".to_owned())
        }
    }

    /// The permalink of an article. Parts that are not known of it are left out.
    pub fn permalink(&self, parts: &PermalinkParts<'_>) -> Permalink {
        let PermalinkParts { date, slug, outlet, file, language } = parts;
        let mut path = String::from("/");
        for part in &self.0 {
            let part = match part.as_str() {
                ":year" => Some(format!("{:04}", date.year())),
                ":month" => date.month().map(|month| format!("{month:02}")),
                ":day" => date.day().map(|day| format!("{:02}", day.day())),
                ":slug" => Some(slug.as_str().to_owned()),
                ":outlet" => outlet.map(|name| Slug::from_term(&fold(name)).0),
                ":section" => section(file).map(|name| Slug::from_term(&fold(name)).0),
                ":filename" => Some(file_stem(file).map_or_else(|| slug.0.clone(), |name| name.0)),
                ":language" => language.map(language_tag::address_part),
                fixed => Some(fixed.to_owned()),
            };
            if let Some(part) = part {
                path.push_str(&part);
                path.push('/');
            }
        }
        Permalink(path.into())
    }
}

/// The key of a term: spellings that differ in case, spacing, hyphens or Unicode form are one term.
pub fn term_key(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|character: char| {
            character.is_whitespace() || matches!(character, '-' | '_' | '\u{2010}'..='\u{2015}')
        })
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() { folded } else { words.join(" ") }
}
