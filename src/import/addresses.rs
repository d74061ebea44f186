//! Maps addresses in old texts to reports, terms and pictures of the archive.

use std::cell::RefCell;

use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use crate::base::permalink::{Slug, encode_path, fold};
use crate::settings::Config;

use super::convert::Addresses;
use super::placing::{Place, bare_host};
use super::survey::Survey;
use super::uploads::Uploads;

/// Query parameters that identify an entry or a file by number.
const NUMBERS: [&str; 3] = ["p", "page_id", "attachment_id"];

/// All known addresses of the old site.
pub(crate) struct OldAddresses<'a> {
    hosts: FxHashSet<String>,
    /// Published entries by normalised address.
    entries: FxHashMap<u128, &'a Place>,
    /// Pages of terms by path on the old site: `tag/geneva`.
    terms: FxHashMap<String, String>,
    uploads: &'a Uploads,
}

impl<'a> OldAddresses<'a> {
    pub(crate) fn new(
        survey: &Survey,
        places: &'a [Place],
        uploads: &'a Uploads,
        config: &Config,
    ) -> OldAddresses<'a> {
        let mut entries = FxHashMap::default();
        for (head, place) in survey.heads.iter().zip(places).filter(|(head, _)| !head.is_draft) {
            let addresses = head.addresses.iter().chain(&head.short_addresses);
            for key in addresses.filter_map(|address| key(&Url::parse(address).ok()?)) {
                entries.entry(key).or_insert(place);
            }
        }
        let hosts = survey.sites.iter().filter_map(bare_host).collect();
        OldAddresses { hosts, entries, terms: term_addresses(survey, config), uploads }
    }

    /// Resolves addresses of one text.
    pub(crate) fn of_text<'b>(&'b self, base: Option<&str>) -> TextAddresses<'b> {
        let base = base.and_then(|base| Url::parse(base).ok());
        TextAddresses { known: self, base, found: RefCell::default() }
    }

    /// Whether a picture belongs to the old site: on its host, or where its program keeps pictures.
    fn shows(&self, picture: &Url) -> bool {
        let host = picture.host_str().unwrap_or_default();
        self.is_own(picture)
            || host.ends_with(".bp.blogspot.com")
            || host == "blogger.googleusercontent.com"
    }

    fn is_own(&self, address: &Url) -> bool {
        bare_host(address).is_some_and(|host| self.hosts.contains(&host))
    }
}

/// The results for the addresses of one text.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Unresolved links to the old site.
    pub(crate) unresolved: Vec<String>,
    /// Missing pictures of the old site.
    pub(crate) missing: Vec<String>,
    /// Files that the text shows, by path in the uploads.
    pub(crate) used: Vec<String>,
}

/// Resolves the addresses of one text.
pub(crate) struct TextAddresses<'a> {
    known: &'a OldAddresses<'a>,
    /// The text's own address, as a base.
    base: Option<Url>,
    found: RefCell<Found>,
}

impl TextAddresses<'_> {
    pub(crate) fn found(self) -> Found {
        self.found.into_inner()
    }

    fn parsed(&self, address: &str) -> Option<Url> {
        match Url::parse(address) {
            Ok(parsed) => Some(parsed),
            Err(_) => self.base.as_ref()?.join(address).ok(),
        }
    }

    /// A file beside a saved page.
    fn beside(&self, address: &str) -> String {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        match self.known.uploads.find(path.trim_start_matches("./")) {
            Some(path) => self.taken(path),
            None => address.to_owned(),
        }
    }

    /// A file that the text shows, by its address here.
    fn taken(&self, path: String) -> String {
        let local = format!("/{}", encode_path(&path));
        self.found.borrow_mut().used.push(path);
        local
    }

    /// A file of the old site, if available.
    fn file(&self, address: &Url) -> Option<String> {
        let original = original_picture(address);
        let path = self
            .known
            .uploads
            .find(original.path())
            .or_else(|| self.known.uploads.find(address.path()))
            .or_else(|| {
                self.known.uploads.kept(&original).filter(|_| self.known.shows(&original))
            })?;
        Some(self.taken(path))
    }
}

impl Addresses for TextAddresses<'_> {
    fn link(&self, address: &str) -> String {
        let Some(parsed) = self.parsed(address) else { return address.to_owned() };
        if !matches!(parsed.scheme(), "http" | "https") || !self.known.is_own(&parsed) {
            return if Url::parse(address).is_ok() {
                address.to_owned()
            } else {
                parsed.to_string()
            };
        }
        let fragment = parsed.fragment().map_or_else(String::new, |place| format!("#{place}"));
        if let Some(place) = key(&parsed).and_then(|key| self.known.entries.get(&key)) {
            let inner = place.path.strip_prefix("content/").unwrap_or(&place.path);
            return format!("@/{}{fragment}", encode_path(inner));
        }
        if let Some(term) = term_path(&parsed).and_then(|path| self.known.terms.get(&path)) {
            return encode_path(term);
        }
        if let Some(file) = self.file(&parsed) {
            return file;
        }
        if parsed.path() == "/" && parsed.query().is_none() {
            return "/".to_owned();
        }
        self.found.borrow_mut().unresolved.push(parsed.to_string());
        parsed.to_string()
    }

    fn picture(&self, address: &str) -> String {
        let Some(parsed) = self.parsed(address) else { return self.beside(address) };
        if !matches!(parsed.scheme(), "http" | "https") {
            return address.to_owned();
        }
        if let Some(file) = self.file(&parsed) {
            return file;
        }
        let original = original_picture(&parsed);
        if self.known.shows(&original) {
            self.found.borrow_mut().missing.push(original.to_string());
        }
        original.to_string()
    }
}

/// A hash of the normalised address of an entry; an entry may have several.
fn key(address: &Url) -> Option<u128> {
    normalised(address).map(|address| xxh3_128(address.as_bytes()))
}

fn normalised(address: &Url) -> Option<String> {
    let host = bare_host(address)?;
    let number = address.query_pairs().find(|(name, _)| NUMBERS.contains(&&**name));
    if let Some((_, number)) = number {
        return Some(format!("{host}?{number}"));
    }
    let path = percent_decode_str(address.path()).decode_utf8_lossy().into_owned();
    let path = path.trim_end_matches("index.html").trim_end_matches('/');
    (!path.is_empty()).then(|| format!("{host}{}", fold(path)))
}

/// The path of a term's page on the old site.
fn term_path(address: &Url) -> Option<String> {
    let mut parts = address.path_segments()?.filter(|part| !part.is_empty());
    let kind = parts.find(|part| matches!(*part, "tag" | "category"))?;
    let name =
        parts.next_back().map(|name| percent_decode_str(name).decode_utf8_lossy().into_owned())?;
    Some(format!("{kind}/{}", Slug::from_term(&fold(&name)).as_str()))
}

/// The pages of terms in this archive.
fn term_addresses(survey: &Survey, config: &Config) -> FxHashMap<String, String> {
    let path_of = |name: &str| {
        config
            .taxonomies
            .iter()
            .find(|taxonomy| taxonomy.name == name)
            .map(|taxonomy| taxonomy.path.as_str())
    };
    let tags = path_of("tags").unwrap_or("tags");
    let addresses = survey.terms.iter().filter_map(|((taxonomy, name), old)| {
        let (kind, path) = match taxonomy.as_str() {
            "tags" => ("tag", tags),
            "categories" => ("category", path_of("categories").unwrap_or("categories")),
            _ => return None,
        };
        let slug = Slug::from_term(&fold(name));
        let old = Slug::from_term(&fold(old.as_deref().unwrap_or(name)));
        Some((format!("{kind}/{}", old.as_str()), format!("/{path}/{}/", slug.as_str())))
    });
    addresses.collect()
}

/// The address of the original picture: without size in its name, without server parameters, not on
/// a caching host.
pub(crate) fn original_picture(address: &Url) -> Url {
    let mut original = address.clone();
    let host = original.host_str().unwrap_or_default().to_owned();
    if let Some(path) =
        host.strip_suffix(".wp.com").filter(|cache| is_cache(cache)).map(|_| original.path())
    {
        // The path contains the picture's own host.
        if let Ok(own) = Url::parse(&format!("https:/{path}")) {
            original = own;
        }
    }
    let is_steered = original.query_pairs().all(|(name, _)| {
        matches!(
            &*name,
            "w" | "h" | "resize" | "fit" | "quality" | "crop" | "ssl" | "strip" | "zoom"
        )
    });
    if is_steered {
        original.set_query(None);
    }
    if let Some(path) = without_size(original.path()) {
        original.set_path(&path);
    }
    original
}

fn is_cache(name: &str) -> bool {
    matches!(name, "i0" | "i1" | "i2" | "i3")
}

/// `a-300x200.jpg` gives `a.jpg`.
fn without_size(path: &str) -> Option<String> {
    let (stem, kind) = path.rsplit_once('.')?;
    let (name, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| {
        (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    (is_number(width) && is_number(height) && !name.ends_with('/'))
        .then(|| format!("{name}.{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_one_address_whatever_its_size_and_its_way() {
        for address in [
            "https://old.example/wp-content/uploads/2017/01/a.jpg",
            "https://old.example/wp-content/uploads/2017/01/a.jpg?w=300",
            "https://old.example/wp-content/uploads/2017/01/a-300x200.jpg",
            "https://i0.wp.com/old.example/wp-content/uploads/2017/01/a.jpg?resize=300%2C200&ssl=1",
        ] {
            let original = original_picture(&Url::parse(address).unwrap());
            assert_eq!(
                original.as_str(),
                "https://old.example/wp-content/uploads/2017/01/a.jpg",
                "{address}"
            );
        }
        let other = Url::parse("https://x.example/show?id=3").unwrap();
        assert_eq!(original_picture(&other), other);
    }
}
