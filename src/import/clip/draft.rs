//! Derives a report's metadata from a page and the curator's input: each field with its origin, and
//! a mark if it is a guess.

use chrono::NaiveDate;
use icu_locale::LanguageIdentifier;
use url::Url;

use crate::base::date::Date;
use crate::base::name_key::NameKey;
use crate::base::original::without_tracking;
use crate::import::page::names::{names_of, people};
use crate::import::page::{Facts, LeadPicture, Origin, Said};
use crate::import::text;
use crate::settings::Config;

use super::article::Found;
use super::language;
use super::mark::Field;
use super::request::Given;
use super::source::{Page, PageKind};

/// The maximum length of a licence's name; longer terms are ignored.
const LONGEST_LICENCE: usize = 200;

/// The metadata of a report.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The headline.
    pub title: Option<Field<String>>,
    /// The day of publication.
    pub date: Option<Field<Date>>,
    /// A key of `[outlets]`, or a display name.
    pub outlet: Option<Field<String>>,
    /// The original's address.
    pub original: Option<Field<String>>,
    /// Byline.
    pub authors: Option<Field<Vec<String>>>,
    /// BCP 47; `None` if it is the archive's language.
    pub language: Option<Field<String>>,
    /// Terms of reuse.
    pub licence: Option<Field<String>>,
    /// The lead picture's address and text alternative.
    pub image: Option<Field<(String, String)>>,
    /// The address of an archived copy.
    pub memento: Option<Field<String>>,
}

/// The input of a draft.
pub(super) struct Sources<'a> {
    pub(super) facts: &'a Facts,
    pub(super) page: &'a Page,
    pub(super) article: Option<&'a Found>,
    pub(super) given: &'a Given,
    pub(super) config: &'a Config,
    pub(super) today: NaiveDate,
}

impl Sources<'_> {
    pub(super) fn draft(&self) -> Draft {
        let original = self.original();
        let outlet = self.outlet(original.as_ref());
        Draft {
            title: self.title(),
            date: self.date(original.as_ref()),
            authors: self.authors(outlet.as_ref()),
            language: self.language(),
            licence: self.licence(),
            image: self.image(),
            memento: None,
            original,
            outlet,
        }
    }

    fn title(&self) -> Option<Field<String>> {
        if let Some(title) = &self.given.title {
            return Some(given(title.clone()));
        }
        let said = self.facts.title.as_ref()?;
        let field = Field::sure(said.value.clone(), said.origin.to_string());
        Some(match said.origin {
            Origin::Title => field.doubted("the name of the outlet may be part of it"),
            _ => field,
        })
    }

    /// The date of publication in the page's own offset. Dates after tomorrow are ignored, and
    /// dates of change are never used.
    fn date(&self, original: Option<&Field<String>>) -> Option<Field<Date>> {
        if let Some(date) = self.given.date {
            return Some(given(date));
        }
        let said = self.facts.date.as_ref()?;
        let origin = said.origin.to_string();
        let (day, from) = match said.value {
            Date::Time(time, _) => (Date::Day(time.date()), format!("{origin}: {}", said.value)),
            date => (date, origin),
        };
        let latest = self.today.succ_opt().unwrap_or(self.today);
        if day.first_day() > latest {
            return None;
        }
        let mut field = Field::sure(day, from);
        if said.origin == Origin::Time {
            field = field.doubted("it may be the day of something else on the page");
        }
        if day.day().is_none() {
            field = field.doubted("the page names no day");
        }
        if let (Some(day), Some(other)) =
            (day.day(), original.and_then(|original| day_in(&original.value)))
            && day != other
        {
            field = field.doubted(format!("its address says {other}"));
        }
        Some(field)
    }

    /// The original's address. For a fetched page: the declared one if it is on the same host, else
    /// the final one; for a saved page: the declared one.
    fn original(&self) -> Option<Field<String>> {
        if let Some(url) = &self.given.original_url {
            return Some(given(url.to_string()));
        }
        let claim = self.facts.address.as_ref();
        let said = claim.and_then(|said| Some((Url::parse(&said.value).ok()?, said.origin)));
        let Some(here) = &self.page.address else {
            let (url, origin) = said?;
            return Some(Field::guessed(
                without_tracking(&url).to_string(),
                origin.to_string(),
                "it is what the file says of itself, and nobody has checked it",
            ));
        };
        let here = without_tracking(here);
        let is_same_host = |url: &Url| host(url) == host(&here) && url.port() == here.port();
        match said {
            Some((url, origin)) if is_same_host(&url) => {
                Some(Field::sure(without_tracking(&url).to_string(), origin.to_string()))
            }
            Some((url, _)) => {
                let field = Field::sure(here.to_string(), "the address that answered");
                Some(field.doubted(format!("the page names {url} as its own")))
            }
            None => {
                let field = Field::sure(here.to_string(), "the address that answered");
                let asked = self.page.asked.as_ref().filter(|asked| host(asked) != host(&here));
                Some(match asked {
                    Some(asked) => field.doubted(format!("{} led there", host(asked))),
                    None => field,
                })
            }
        }
    }

    /// The outlet of `[outlets]` with the page's host, else the name on the page.
    fn outlet(&self, original: Option<&Field<String>>) -> Option<Field<String>> {
        if let Some(outlet) = &self.given.outlet {
            return Some(given(outlet.clone()));
        }
        let url = original.and_then(|original| Url::parse(&original.value).ok());
        if let Some(key) = url.as_ref().and_then(|url| self.outlet_at(&host(url))) {
            let field = Field::sure(key, "[outlets], by the address");
            return Some(match self.page.kind {
                PageKind::Fetched => field,
                PageKind::File if self.given.original_url.is_some() => field,
                PageKind::File => field.doubted("the address is what the file says of itself"),
            });
        }
        let said = self.facts.outlet.as_ref()?;
        let origin = said.origin.to_string();
        Some(match self.outlet_named(&said.value) {
            Some(key) => Field::sure(key, format!("{origin}, as in [outlets]")),
            None => Field::guessed(said.value.clone(), origin, "it is not in [outlets]"),
        })
    }

    /// The key of the outlet whose home page has this host, or the closest parent domain.
    fn outlet_at(&self, host: &str) -> Option<String> {
        let homes = self.config.outlets.iter().filter_map(|(key, outlet)| {
            let home = bare(&Url::parse(outlet.url.as_deref()?).ok()?);
            let is_below = host == home || host.ends_with(&format!(".{home}"));
            is_below.then_some((home.len(), key))
        });
        homes.max_by_key(|(length, _)| *length).map(|(_, key)| key.clone())
    }

    fn outlet_named(&self, name: &str) -> Option<String> {
        let wanted = NameKey::of(name);
        let mut known = self.config.outlets.iter();
        let found = known
            .find(|(key, outlet)| [NameKey::of(key), NameKey::of(&outlet.name)].contains(&wanted));
        found.map(|(key, _)| key.clone())
    }

    fn authors(&self, outlet: Option<&Field<String>>) -> Option<Field<Vec<String>>> {
        if !self.given.authors.is_empty() {
            return Some(given(self.given.authors.clone()));
        }
        let said = self.facts.authors.as_ref();
        let said = said.map(|said| (self.people(&said.value, outlet), said.origin));
        if let Some((names, origin)) = said.filter(|(names, _)| !names.is_empty()) {
            let field = Field::sure(names, origin.to_string());
            let has_more = field.value.iter().any(|name| name.contains(','));
            return Some(match origin {
                _ if has_more => field.doubted("it may be more than a name"),
                Origin::JsonLd | Origin::OpenGraph => field,
                Origin::Meta => field.doubted("it may name who made the page"),
                _ => field.doubted("it stands beside the text"),
            });
        }
        let line = self.article.and_then(|article| article.byline.as_deref())?;
        let said = Said { value: names_of(&text::one_line(line)), origin: Origin::Html };
        let names = self.people(&people(said, self.facts.outlet.as_ref())?.value, outlet);
        let is_line = names.len() == 1 && names[0].split_whitespace().count() > 5;
        (!names.is_empty() && !is_line).then(|| {
            Field::guessed(names, "a line beside the text", "it may be more than a name, or less")
        })
    }

    /// Authors, without names of outlets.
    fn people(&self, names: &[String], outlet: Option<&Field<String>>) -> Vec<String> {
        let outlets = self.facts.outlet.iter().map(|said| said.value.as_str());
        let host = self.page.address.as_ref().map(host);
        let not = outlets
            .chain(outlet.map(|outlet| outlet.value.as_str()))
            .chain(host.as_deref())
            .map(NameKey::of);
        let not: Vec<NameKey> = not.collect();
        let is_person =
            |name: &&String| !not.contains(&NameKey::of(name)) && self.outlet_named(name).is_none();
        names.iter().filter(is_person).cloned().collect()
    }

    fn language(&self) -> Option<Field<String>> {
        if let Some(tag) = &self.given.language {
            return Some(given(tag.clone()));
        }
        let text = self.article.map_or("", |article| article.text.as_str());
        let field = language::of(text, self.facts.language.as_ref())?;
        let tag: LanguageIdentifier = field.value.parse().ok()?;
        let archive: LanguageIdentifier = self.config.language.parse().ok()?;
        let is_same = tag == archive || (tag.language == archive.language && field.value.len() < 4);
        // The archive's own language is left out, unless it is doubtful.
        (!is_same || field.review().is_some_and(|why| why.contains("the page says")))
            .then_some(field)
    }

    fn licence(&self) -> Option<Field<String>> {
        let said = self.facts.licence.as_ref()?;
        let value = text::one_line(&said.value);
        let field = Field::sure(value, said.origin.to_string());
        (field.value.len() <= LONGEST_LICENCE && !field.value.is_empty()).then(|| {
            match said.origin {
                Origin::JsonLd | Origin::Link => field,
                _ => field.doubted("it may be that of something else on the page"),
            }
        })
    }

    fn image(&self) -> Option<Field<(String, String)>> {
        let said = self.facts.image.as_ref()?;
        let LeadPicture { address, description, .. } = &said.value;
        let field =
            Field::sure((address.clone(), text::one_line(description)), said.origin.to_string());
        Some(if description.is_empty() { field.doubted("say what it shows") } else { field })
    }
}

fn given<T>(value: T) -> Field<T> {
    Field::sure(value, "you")
}

/// A host without `www.`.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn bare(url: &Url) -> String {
    host(url)
}

/// The date in an address such as `/2017/01/29/`.
fn day_in(address: &str) -> Option<NaiveDate> {
    let url = Url::parse(address).ok()?;
    let parts: Vec<&str> = url.path_segments()?.collect();
    parts.windows(3).find_map(|parts| {
        let [year, month, day] = parts else { return None };
        let is_number = |part: &str, length| {
            part.len() <= length && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if year.len() != 4
            || ![(*year, 4), (*month, 2), (*day, 2)]
                .iter()
                .all(|(part, length)| is_number(part, *length))
        {
            return None;
        }
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::day_in;

    #[test]
    fn a_day_in_an_address_is_read() {
        let day = |address: &str| day_in(address).map(|day| day.to_string());
        assert_eq!(day("https://x.example/news/2017/1/29/talks").as_deref(), Some("2017-01-29"));
        for none in
            ["https://x.example/2017/13/01/a", "https://x.example/201/1/2", "https://x.example/"]
        {
            assert_eq!(day(none), None, "{none}");
        }
    }
}
