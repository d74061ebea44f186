//! Resolves `assets` of redactions to files of the site.
//!
//! Pure, except [`HeldRedaction::of_rejected`]. The build leaves these files out of the site;
//! `dateline withdraw` and `dateline redact` delete them from the archive.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use percent_encoding::percent_decode_str;

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
    /// The last part of the same.
    last: Letters,
}

/// The files that a redaction can mean, in input order.
#[derive(Debug, Default)]
pub(crate) struct KnownFiles {
    files: Vec<KnownFile>,
    by_output: BTreeMap<String, Vec<usize>>,
    by_source: BTreeMap<String, Vec<usize>>,
    /// By a folder that the file is in, directly or below, and its bare letters; files of `static/` are in
    /// that folder alone.
    by_letters: HashMap<(String, String), usize>,
    in_static: Vec<usize>,
    /// How many names were compared letter by letter.
    compared: Cell<usize>,
}

/// The maximum number of comparisons of names letter by letter; beyond it the result is unknown.
const MOST_COMPARED: usize = 300_000;

/// The folder under which files of `static/` are known.
const STATIC: &str = "static/";

impl KnownFiles {
    /// Of paths in the site, and paths of the same files from the archive's root.
    pub(crate) fn new(files: impl Iterator<Item = (String, String)>) -> KnownFiles {
        let mut known = KnownFiles::default();
        for (output, source) in files {
            known.add(output, &fold(&source));
        }
        known
    }

    fn add(&mut self, output: String, folded_source: &str) {
        let at = self.files.len();
        let folded_output = fold(&output);
        let last = Letters::of(last_part(&folded_output));
        let bare = bare_letters(&last.text);
        if folded_source.starts_with(STATIC) {
            self.in_static.push(at);
            self.by_letters.entry((STATIC.to_owned(), bare)).or_insert(at);
        } else {
            for (end, _) in folded_output.match_indices('/') {
                let folder = folded_output[..end].to_owned();
                self.by_letters.entry((folder, bare.clone())).or_insert(at);
            }
        }
        self.by_output.entry(folded_output.clone()).or_default().push(at);
        self.by_source.entry(folded_source.to_owned()).or_default().push(at);
        self.files.push(KnownFile { output, folded_output, last });
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
        let by_path = match reading.base {
            Base::Site => &self.by_output,
            Base::Archive => &self.by_source,
        };
        let copies = COPY_ENDINGS.iter().map(|ending| format!("{}{ending}", reading.path));
        let named = [reading.path.clone()].into_iter().chain(copies);
        let named: Vec<&usize> = named.filter_map(|path| by_path.get(&path)).flatten().collect();
        let mut places: Vec<usize> =
            named.into_iter().chain(below(by_path, &reading.path)).copied().collect();
        places.sort_unstable();
        places
    }

    /// The files whose names stand in the front matter of a rejected file: whole, the last part of
    /// them, or a folder that they are in.
    pub(crate) fn mentioned(&self, folded_text: &str) -> Vec<usize> {
        let files = self.files.iter().enumerate();
        let mentioned = files.filter(|(_, file)| {
            let path = without_copy_ending(&file.folded_output);
            let mut folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
            folded_text.contains(path)
                || folded_text.contains(last_part(path))
                || folders.any(|folder| names_folder(folded_text, folder))
        });
        mentioned.map(|(at, _)| at).collect()
    }

    /// A file's path in the site.
    pub(crate) fn output(&self, place: usize) -> Option<&str> {
        self.files.get(place).map(|file| file.output.as_str())
    }

    /// The file that was perhaps meant by a name that means none, beside the article or in `static/`.
    /// What lies beside other articles is theirs.
    pub(crate) fn near(&self, home: &Home, name: &str) -> Near {
        let wanted = Letters::of(&fold(last_part(&name.replace('\\', "/"))));
        let bare = bare_letters(&wanted.text);
        if bare.is_empty() {
            return Near::Nothing;
        }
        let beside = fold(home.permalink.trim_matches('/'));
        let is_elsewhere = !name.starts_with("./");
        let folders = [Some(beside.as_str()), is_elsewhere.then_some(STATIC)];
        let mut same = folders
            .into_iter()
            .flatten()
            .filter_map(|folder| self.by_letters.get(&(folder.to_owned(), bare.clone())).copied());
        if let Some(place) = same.next() {
            return Near::Same(place);
        }
        let in_static = self.in_static.iter().filter(|_| is_elsewhere);
        self.alike(&wanted, below(&self.by_output, &beside).chain(in_static))
    }

    fn alike<'a>(&self, wanted: &Letters, places: impl Iterator<Item = &'a usize>) -> Near {
        let mut best: Option<(usize, &str, usize)> = None;
        for &place in places {
            let Some(file) = self.files.get(place) else { continue };
            let farthest = 1 + file.last.text.len() / 6;
            if wanted.differ_by_more_than(farthest, &file.last) {
                continue;
            }
            if self.compared.get() >= MOST_COMPARED {
                return Near::Unknown;
            }
            self.compared.set(self.compared.get() + 1);
            let distance = strsim::damerau_levenshtein(&wanted.text, &file.last.text);
            let found = (distance, file.last.text.as_str(), place);
            let is_better = best.is_none_or(|best| found < best);
            if distance <= farthest
                && is_better
                && !are_of_one_series(&file.last.text, &wanted.text)
            {
                best = Some(found);
            }
        }
        best.map_or(Near::Nothing, |(_, _, place)| Near::Alike(place))
    }
}

/// The files below a folder.
fn below<'a>(
    by_path: &'a BTreeMap<String, Vec<usize>>,
    folder: &str,
) -> impl Iterator<Item = &'a usize> {
    let start = format!("{folder}/");
    let range = by_path.range(start.clone()..);
    range.take_while(move |(path, _)| path.starts_with(&start)).flat_map(|(_, places)| places)
}

/// A folded name, with data for a fast comparison.
#[derive(Debug)]
struct Letters {
    text: String,
    length: usize,
    /// A set of its letters, as bits; letters may share a bit.
    held: u64,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let held = text.chars().fold(0, |held, letter| held | 1 << (u32::from(letter) % 64));
        Letters { text: text.to_owned(), length: text.chars().count(), held }
    }

    /// Whether two names certainly differ in more than this many letters; a fast test that may miss
    /// some.
    fn differ_by_more_than(&self, changes: usize, other: &Letters) -> bool {
        let alone = |one: u64, other: u64| (one & !other).count_ones() as usize;
        self.length.abs_diff(other.length) > changes
            || alone(self.held, other.held) > changes
            || alone(other.held, self.held) > changes
    }
}

/// The file that was perhaps meant by a name that means none, by its place among the known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Near {
    /// No file is near.
    Nothing,
    /// Its name is the same but for its folder, accents, width or the marks between words.
    Same(usize),
    /// The names differ in a few letters.
    Alike(usize),
    /// Too many names were compared already.
    Unknown,
}

impl Near {
    /// The file's place.
    pub(crate) fn place(self) -> Option<usize> {
        match self {
            Near::Same(place) | Near::Alike(place) => Some(place),
            Near::Nothing | Near::Unknown => None,
        }
    }
}

/// A name without accents, width and punctuation: `Scan_1.JPEG` becomes `scan1jpg`.
fn bare_letters(name: &str) -> String {
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
