//! Resolves `assets` of redactions to files of the site.
//!
//! Pure, except [`HeldRedaction::of_rejected`]. The build leaves these files out of the site;
//! `dateline withdraw` and `dateline redact` delete them from the archive.

use std::path::Path;

use percent_encoding::percent_decode_str;

use crate::base::diagnostic::nearest;
use crate::base::files;
use crate::base::permalink::{fold, resolve_dots};

use super::article::{Article, Redaction, SourcePath};
use super::front_matter::{self, keys};
use super::rules::ReadingRules;

/// Extensions that hosts append for compressed copies.
const COPY_ENDINGS: [&str; 3] = [".gz", ".br", ".zst"];

/// The folder and address of an article: relative names are resolved there first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Its file, from the archive's root.
    pub source: SourcePath,
    pub permalink: String,
}

impl Home {
    pub fn of(article: &Article) -> Home {
        Home { source: article.source.clone(), permalink: article.permalink.to_string() }
    }
}

/// Redactions of an article that is left out; they apply nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldRedaction {
    /// Of a draft, or of an article whose address is taken.
    LeftOut(Home, Vec<String>),
    /// Of a rejected file: its folded front matter. Which words are file names is unknown, so each
    /// counts as one.
    Rejected(String),
}

impl HeldRedaction {
    /// The redactions of an article that is left out, if any.
    pub fn of_left_out(article: &Article) -> Option<HeldRedaction> {
        let names: Vec<String> = names(&article.redactions).map(str::to_owned).collect();
        (!names.is_empty()).then(|| HeldRedaction::LeftOut(Home::of(article), names))
    }

    /// The front matter of a rejected file, if it mentions redactions.
    pub fn of_rejected(
        root: &Path,
        source: &str,
        rules: &ReadingRules<'_>,
    ) -> Option<HeldRedaction> {
        let bytes = files::read(&root.join(source)).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let head = match front_matter::layout(&text) {
            Ok(layout) => &text[..layout.body_start],
            Err(_) => &text,
        };
        let decoded = percent_decode_str(head).decode_utf8_lossy();
        let written = fold(&decoded.replace('\\', "/"));
        let mut keys = keys::names_of("redactions", rules.keys);
        keys.any(|key| written.contains(&fold(key))).then_some(HeldRedaction::Rejected(written))
    }
}

/// The file names in redactions.
pub(crate) fn names(redactions: &[Redaction]) -> impl Iterator<Item = &str> {
    redactions.iter().flat_map(|redaction| &redaction.assets).map(String::as_str)
}

/// A file that would be published: output path and source path.
#[derive(Debug)]
struct KnownFile {
    output: String,
    folded_output: String,
    folded_source: String,
}

/// The files that a redaction can mean, in input order.
#[derive(Debug, Default)]
pub(crate) struct KnownFiles(Vec<KnownFile>);

impl KnownFiles {
    /// From pairs of output path and source path.
    pub(crate) fn new(files: impl Iterator<Item = (String, String)>) -> KnownFiles {
        let known = files.map(|(output, source)| KnownFile {
            folded_output: fold(&output),
            folded_source: fold(&source),
            output,
        });
        KnownFiles(known.collect())
    }

    /// The indexes of files that an article's redaction means by a name: a file or a folder, beside
    /// the article or from the root of the site or archive, with compressed copies. Case, Unicode
    /// form and percent-encoding are ignored. A match beside the article wins over one elsewhere.
    pub(crate) fn meant(&self, home: &Home, name: &str) -> Vec<usize> {
        let readings = readings(home, name);
        let mut found = readings.iter().map(|reading| self.matching(reading));
        found.find(|places| !places.is_empty()).unwrap_or_default()
    }

    fn matching(&self, reading: &Reading) -> Vec<usize> {
        let is_meant = |file: &KnownFile| {
            let path = match reading.base {
                Base::Site => &file.folded_output,
                Base::Archive => &file.folded_source,
            };
            is_at_or_below(path, &reading.path)
        };
        self.places(is_meant)
    }

    /// The files whose names occur in a rejected file's front matter: as a whole path, its last
    /// segment, or a folder above.
    pub(crate) fn mentioned(&self, folded_text: &str) -> Vec<usize> {
        self.places(|file| {
            let path = without_copy_ending(&file.folded_output);
            let mut folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
            folded_text.contains(path)
                || folded_text.contains(last_part(path))
                || folders.any(|folder| names_folder(folded_text, folder))
        })
    }

    fn places(&self, is_meant: impl Fn(&KnownFile) -> bool) -> Vec<usize> {
        let files = self.0.iter().enumerate();
        files.filter(|(_, file)| is_meant(file)).map(|(at, _)| at).collect()
    }

    /// The output path of a file.
    pub(crate) fn output(&self, place: usize) -> Option<&str> {
        self.0.get(place).map(|file| file.output.as_str())
    }

    /// The file that was perhaps meant by a name that means none, beside the article or in `static/`.
    /// What lies beside other articles is theirs.
    pub(crate) fn near(&self, home: &Home, name: &str) -> Option<Near> {
        let wanted = fold(last_part(&name.replace('\\', "/")));
        if wanted.is_empty() {
            return None;
        }
        let beside = fold(home.permalink.trim_matches('/'));
        let is_beside = |file: &KnownFile| {
            file.folded_output.strip_prefix(&beside).is_some_and(|rest| rest.starts_with('/'))
        };
        let is_near = |file: &KnownFile| {
            is_beside(file)
                || (!name.starts_with("./") && file.folded_source.starts_with("static/"))
        };
        let near = || self.0.iter().enumerate().filter(|(_, file)| is_near(file));
        let last = |file: &KnownFile| last_part(&file.folded_output).to_owned();
        let letters = letters_of(&wanted);
        let same = near().find(|(_, file)| {
            last(file) == wanted || (!letters.is_empty() && letters_of(&last(file)) == letters)
        });
        if let Some((place, _)) = same {
            return Some(Near::Same(place));
        }
        let others: Vec<(String, usize)> = near()
            .map(|(place, file)| (last(file), place))
            .filter(|(other, _)| !are_of_one_series(other, &wanted))
            .collect();
        let near = nearest(&wanted, others.iter().map(|(other, _)| other.as_str()))?;
        others.iter().find(|(other, _)| other == near).map(|(_, place)| Near::Alike(*place))
    }
}

/// A file that was perhaps meant by a name that means none, by its place among the known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Near {
    /// Its name is the same but for its folder, accents, width or the marks between words.
    Same(usize),
    /// Its name differs in a few letters.
    Alike(usize),
}

impl Near {
    /// The file's place.
    pub(crate) fn place(self) -> usize {
        match self {
            Near::Same(place) | Near::Alike(place) => place,
        }
    }
}

/// What is left of a name without accents, width and the marks between words: `Scan_1.JPEG` is `scan1jpg`.
fn letters_of(name: &str) -> String {
    let plain = icu_normalizer::DecomposingNormalizerBorrowed::new_nfkd().normalize(name);
    let letters: String = plain.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    match letters.strip_suffix("jpeg") {
        Some(stem) => format!("{stem}jpg"),
        None => letters,
    }
}

/// The root that a path is relative to.
#[derive(Clone, Copy, Debug)]
enum Base {
    Site,
    Archive,
}

/// One interpretation of a name.
#[derive(Debug)]
struct Reading {
    base: Base,
    /// Folded, without slashes at the ends.
    path: String,
}

/// The interpretations of a name, the most likely first: as written, then decoded.
fn readings(home: &Home, name: &str) -> Vec<Reading> {
    let written = name.trim().replace('\\', "/");
    if written.is_empty() {
        return Vec::new();
    }
    let decoded = percent_decode_str(&written).decode_utf8_lossy().into_owned();
    let spellings = if decoded == written { vec![written] } else { vec![written, decoded] };
    let mut readings = Vec::new();
    let mut add = |base, path: &str| {
        let path = fold(resolve_dots(path).trim_matches('/'));
        // An empty path would mean the whole site.
        if !path.is_empty() {
            readings.push(Reading { base, path });
        }
    };
    for name in &spellings {
        if !name.starts_with('/') {
            let folder = home.source.rsplit_once('/').map_or("", |(folder, _)| folder);
            add(Base::Site, &format!("{}/{name}", home.permalink));
            add(Base::Archive, &format!("{folder}/{name}"));
        }
        if !name.starts_with("./") {
            add(Base::Site, name);
            add(Base::Archive, name);
        }
    }
    readings
}

/// Whether a folder's name occurs in a text, but not as the beginning of a longer name.
fn names_folder(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let next = text[at + folder.len()..].chars().next();
        next.is_none_or(|next| next.is_whitespace() || "\"'`,;]})".contains(next))
    })
}

fn is_at_or_below(path: &str, wanted: &str) -> bool {
    let rest = path.strip_prefix(wanted);
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('/') || COPY_ENDINGS.contains(&rest)
    })
}

fn without_copy_ending(path: &str) -> &str {
    COPY_ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path)
}

fn last_part(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether two names belong to a series, like `scan-1.png` and `scan-2.png`, `fig-a.svg` and
/// `fig-b.svg`.
fn are_of_one_series(one: &str, other: &str) -> bool {
    let without_digits =
        |name: &str| name.chars().filter(|letter| !letter.is_numeric()).collect::<String>();
    let split = |name: &str| {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut letters = stem.chars();
        letters.next_back();
        (letters.as_str().to_owned(), ending.to_owned())
    };
    without_digits(one) == without_digits(other) || split(one) == split(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(name: &str) -> Vec<String> {
        let files = [
            ("letter.png", "static/letter.png"),
            ("list.csv.gz", "static/list.csv.gz"),
            ("img/a.png", "static/img/a.png"),
            ("img/b.png", "static/img/b.png"),
            ("img.png", "static/img.png"),
            ("2017/x/scan.pdf", "content/x/scan.pdf"),
            ("2017/x/\u{e9}t\u{e9}.png", "content/x/e\u{301}te\u{301}.png"),
            ("2017/x/a%20b.png", "content/x/a%20b.png"),
            ("2017/x/img/c.png", "content/x/img/c.png"),
        ];
        let known = KnownFiles::new(files.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())));
        let home = Home { source: "content/x/index.md".into(), permalink: "/2017/x/".to_owned() };
        let places = known.meant(&home, name);
        places.into_iter().filter_map(|at| known.output(at)).map(str::to_owned).collect()
    }

    #[test]
    fn a_name_means_the_file_in_every_spelling() {
        for name in
            ["letter.png", "/letter.png", "static/letter.png", "/static/letter.png", "LETTER.png"]
        {
            assert_eq!(outputs(name), ["letter.png"], "{name}");
        }
        for name in [
            "scan.pdf",
            "./scan.pdf",
            "scan%2Epdf",
            "Scan.PDF",
            "/2017/x/scan.pdf",
            "content/x/scan.pdf",
            "../x/scan.pdf",
            ".\\scan.pdf",
        ] {
            assert_eq!(outputs(name), ["2017/x/scan.pdf"], "{name}");
        }
        assert_eq!(outputs("e\u{301}te\u{301}.png"), ["2017/x/\u{e9}t\u{e9}.png"]);
        assert_eq!(outputs("%C3%A9t%C3%A9.png"), ["2017/x/\u{e9}t\u{e9}.png"]);
        assert_eq!(outputs("a%20b.png"), ["2017/x/a%20b.png"]);
        assert_eq!(outputs("/list.csv"), ["list.csv.gz"]);
    }

    #[test]
    fn a_folder_means_all_that_is_in_it() {
        assert_eq!(outputs("img/"), ["2017/x/img/c.png"], "beside the report first");
        assert_eq!(outputs("/img/"), ["img/a.png", "img/b.png"]);
        assert_eq!(outputs("static/img"), ["img/a.png", "img/b.png"]);
        for nothing in ["/", "", "../../..", "./letter.png"] {
            assert!(outputs(nothing).is_empty(), "{nothing}");
        }
    }
}
