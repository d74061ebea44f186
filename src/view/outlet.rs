//! View data of an outlet's record: its properties, and its reports in the archive.

use crate::view::value::{Value, view};

use crate::archive::ArticleId;
use crate::archive::trie::Period;
use crate::base::date::Date;
use crate::i18n::Names;
use crate::view::chart::{Bar, YearBar};

use crate::plan::Scope;
use crate::view::Views;

impl Views<'_> {
    /// The record of an outlet; `None` for other terms, or without listed reports.
    pub(crate) fn outlet_record(&self, scope: Scope, period: Period) -> Option<Value> {
        let (Scope::Term(taxonomy, term), Period::All) = (scope, period) else { return None };
        if self.config.taxonomies[taxonomy].name != "outlets" {
            return None;
        }
        let entry = &self.archive.taxonomies[taxonomy].terms[term];
        let outlet = entry.config_key.as_ref().and_then(|key| self.config.outlets.get(key));
        let mut listed = self.listed(&entry.articles);
        let first = listed.next()?;
        let last = listed.next_back().unwrap_or(first);
        let country = outlet.and_then(|outlet| outlet.country.as_deref());
        let languages = self.languages_held(&entry.articles);
        let named: Vec<String> =
            languages.iter().map(|tag| self.language.name(Names::Languages, tag)).collect();
        let separator = format!("{} ", self.language.text("comma", &[]));
        let (first, last) = (self.archive.article(first).date, self.archive.article(last).date);
        Some(view!({
            "name": entry.name,
            "website": self.website(scope).map(|url| self.followed(url)),
            "country": country,
            "country_text": country.map(|code| self.language.name(Names::Countries, code)),
            "languages": languages,
            "languages_text": named.join(&separator),
            "note": outlet.and_then(|outlet| outlet.note.as_deref()),
            "first": first,
            "first_text": self.language.date(first),
            "last": last,
            "last_text": self.language.date(last),
        }))
    }

    /// The website of an outlet or a contributor.
    pub(crate) fn website(&self, scope: Scope) -> Option<&str> {
        let Scope::Term(taxonomy, term) = scope else { return None };
        let key = self.archive.taxonomies[taxonomy].terms[term].config_key.as_ref()?;
        let outlet = || self.config.outlets.get(key)?.url.as_deref();
        match self.config.taxonomies[taxonomy].name.as_str() {
            "outlets" => outlet(),
            "contributors" => self.config.contributors.get(key)?.url.as_deref(),
            _ => None,
        }
    }

    /// The articles that are listed.
    pub(crate) fn listed<'b>(
        &'b self,
        ids: &'b [ArticleId],
    ) -> impl DoubleEndedIterator<Item = ArticleId> + 'b {
        ids.iter().copied().filter(|id| self.archive.is_listed(*id))
    }

    /// The languages of the listed reports, the most frequent first.
    fn languages_held(&self, ids: &[ArticleId]) -> Vec<&str> {
        let mut counts: Vec<(usize, &str)> = Vec::new();
        for id in self.listed(ids) {
            let tag = self.archive.article(id).language.as_deref();
            let tag = tag.unwrap_or(&self.config.language);
            match counts.iter_mut().find(|(_, known)| *known == tag) {
                Some((count, _)) => *count += 1,
                None => counts.push((1, tag)),
            }
        }
        counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        counts.into_iter().map(|(_, tag)| tag).collect()
    }

    /// Reports per year, from the first year to the last, with empty ones.
    pub(crate) fn bars_of_years(
        &self,
        ids: &[ArticleId],
        leads_to: impl Fn(i32) -> String,
    ) -> Vec<YearBar> {
        let years: Vec<i32> =
            self.listed(ids).map(|id| self.archive.article(id).date.year()).collect();
        let (Some(&first), Some(&last)) = (years.first(), years.last()) else { return Vec::new() };
        (first..=last)
            .map(|year| {
                let bar = Bar {
                    name: self.language.date(Date::Year(year)),
                    mark: year.to_string(),
                    count: years.iter().filter(|other| **other == year).count(),
                    url: Some(leads_to(year)),
                };
                (year, bar)
            })
            .collect()
    }

    /// Reports per month of a year.
    pub(crate) fn bars_of_year(&self, ids: &[ArticleId]) -> Vec<Bar> {
        let mut counts = [0usize; 12];
        for month in self.listed(ids).filter_map(|id| self.archive.article(id).date.month()) {
            counts[month as usize - 1] += 1;
        }
        (1u32..=12)
            .zip(counts)
            .map(|(month, count)| Bar {
                name: self.language.month(month).to_owned(),
                mark: month.to_string(),
                count,
                url: None,
            })
            .collect()
    }
}
