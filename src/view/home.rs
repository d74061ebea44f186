//! View data of the front page, the list of years, and pages that are not lists.

use crate::base::built_in::BuiltIn;
use crate::view::value::{Value, view};

use crate::archive::ArticleId;
use crate::archive::trie::{self, Node, Period};
use crate::base::date::Date;
use crate::base::permalink::encode_path;
use crate::i18n::Names;
use crate::view::chart::{self, Bar};
use crate::view::structured;

use crate::plan::Scope;
use crate::view::{Head, Views};

/// The number of articles on the front page.
const LATEST: usize = 12;

impl Views<'_> {
    pub(crate) fn home(&self) -> (Head, Value, &'static str) {
        let listed = self.archive.all.iter().rev().filter(|id| self.archive.is_listed(**id));
        let latest: Vec<ArticleId> = listed.take(LATEST).copied().collect();
        let head = Head {
            kind: "home",
            title: self.config.title.clone(),
            heading: self.config.title.clone(),
            description: self.config.description.clone(),
            structured: self.if_named("structured", || structured::web_site(&self.archive_facts())),
            ..Head::default()
        };
        let data = view!({
            "holdings": self.holdings(),
            "latest": self.cards(latest.iter()),
            "added": self.cards(self.archive.added.values().rev().flatten().take(LATEST)),
            "added_groups": self.recently_added(&latest),
            "on_this_day": self.of_that_day(&latest),
            "years": self.year_list(),
            "chart": self.years_chart(),
            "sections": self.sections(),
            "stories": self.stories(),
        });
        (head, data, "home.html")
    }

    /// The number of reports, and the first and last year.
    fn holdings(&self) -> Value {
        let mut listed = self.listed(&self.archive.all).map(|id| self.archive.article(id).date);
        let first = listed.next().map(Date::year);
        let last = listed.next_back().map(Date::year).or(first);
        let span = first.zip(last).map(|(first, last)| {
            if first == last { first.to_string() } else { format!("{first}–{last}") }
        });
        let count_text = self.language.counted("reports", self.listed(&self.archive.all).count());
        view!({ "span": span, "count_text": count_text })
    }

    /// What was added last, without what the page shows above; no more than there are latest reports.
    fn recently_added(&self, latest: &[ArticleId]) -> Vec<Value> {
        let mut left = LATEST;
        let days = self.archive.added.iter().rev().map(|(day, ids)| {
            let new = ids.iter().rev().filter(|id| !latest.contains(id)).take(LATEST / 2);
            (day, self.cards(new))
        });
        days.filter(|(_, cards)| !cards.is_empty())
            .take(3)
            .map_while(|(day, mut cards)| {
                cards.truncate(left);
                left -= cards.len();
                (!cards.is_empty()).then_some((day, cards))
            })
            .map(|(day, cards)| {
                view!({
                    "date": day.to_string(),
                    "date_text": self.language.date(Date::Day(*day)),
                    "url": self.config.address(&format!("/added/{}/", day.format("%Y/%m/%d"))),
                    "cards": cards,
                })
            })
            .collect()
    }

    fn listed_count(&self, ids: &[u32]) -> usize {
        ids.iter().filter(|id| self.archive.is_listed(**id)).count()
    }

    /// The years that have reports to list.
    fn year_nodes(&self) -> Vec<Node<'_>> {
        let root = Node { period: Period::All, articles: &self.archive.all };
        let mut years = trie::children(self.archive, &root).0;
        years.retain(|year| self.listed_count(year.articles) > 0);
        years
    }

    /// The chart of all years, whose bars lead to them.
    fn years_chart(&self) -> Option<String> {
        let bars =
            self.bars_of_years(&self.archive.all, |year| self.period_address(Period::Year(year)));
        let title = self.language.text("chart_years_title", &[]);
        (bars.len() > 1).then(|| chart::of_years(&self.language, &title, &bars))
    }

    /// The years, newest first.
    fn year_list(&self) -> Vec<Value> {
        self.year_nodes()
            .iter()
            .rev()
            .map(|node| {
                let count = self.listed_count(node.articles);
                view!({
                    "year": node.period.date().map(Date::year),
                    "url": self.period_address(node.period),
                    "count": count,
                    "count_text": self.language.counted("reports", count),
                })
            })
            .collect()
    }

    fn sections(&self) -> Vec<Value> {
        let mut sections = Vec::new();
        for (taxonomy, terms) in self.config.taxonomies.iter().zip(&self.archive.taxonomies) {
            if !terms.terms.is_empty() {
                sections.push(view!({
                    "key": taxonomy.name,
                    "title": self.language.name(Names::Taxonomies, &taxonomy.name),
                    "url": self.config.address(&encode_path(&format!("/{}/", taxonomy.path))),
                    "count_text": self.language.number(terms.terms.len()),
                }));
            }
        }
        sections
    }

    /// The stories with the latest reports.
    fn stories(&self) -> Vec<Value> {
        let Some(at) = self.config.taxonomies.position(BuiltIn::Stories.name()) else {
            return Vec::new();
        };
        let mut stories: Vec<(u32, usize)> = self.archive.taxonomies[at]
            .terms
            .iter()
            .enumerate()
            .filter_map(|(term, entry)| Some((*entry.articles.last()?, term)))
            .collect();
        stories.sort_unstable_by(|a, b| b.cmp(a));
        stories
            .into_iter()
            .take(LATEST)
            .map(|(_, term)| {
                let count = self.listed_count(&self.archive.taxonomies[at].terms[term].articles);
                view!({
                    "name": self.archive.taxonomies[at].terms[term].name,
                    "url": self.scope_address(Scope::Term(at, term), Period::All),
                    "count_text": self.language.counted("reports", count),
                })
            })
            .collect()
    }

    pub(crate) fn years(&self) -> (Head, Value, &'static str) {
        let heading = self.language.text("years", &[]);
        let nodes = self.year_nodes();
        let charts: Vec<Vec<Bar>> =
            nodes.iter().map(|node| self.bars_of_year(node.articles)).collect();
        let most = charts.iter().map(|bars| chart::highest(bars)).max().unwrap_or(0);
        let mut decades: Vec<(i32, Vec<Value>)> = Vec::new();
        for (node, bars) in nodes.iter().zip(&charts).rev() {
            let year = node.period.date().map_or(0, Date::year);
            let count = self.listed_count(node.articles);
            let title = self.language.text("chart_title", &[("year", &year.to_string())]);
            let entry = view!({
                "year": year,
                "url": self.period_address(node.period),
                "count_text": self.language.counted("reports", count),
                "chart": chart::bare(&self.language, &title, bars, most),
            });
            match decades.last_mut() {
                Some((decade, years)) if *decade == year / 10 => years.push(entry),
                _ => decades.push((year / 10, vec![entry])),
            }
        }
        let decades: Vec<Value> = decades
            .into_iter()
            .map(|(decade, years)| view!({ "title": format!("{0}0–{0}9", decade), "years": years }))
            .collect();
        let overall = self.years_chart();
        let head = self.plain_head("years", heading);
        (head, view!({ "decades": decades, "chart": overall }), "years.html")
    }

    pub(crate) fn plain_head(&self, kind: &'static str, heading: String) -> Head {
        Head {
            kind,
            title: heading.clone(),
            heading,
            breadcrumbs: self.period_crumbs(Period::All),
            ..Head::default()
        }
    }

    pub(crate) fn not_found(&self) -> (Head, Value, &'static str) {
        let head =
            Head { noindex: true, ..self.plain_head("404", self.language.text("not_found", &[])) };
        (head, view!({}), "404.html")
    }

    pub(crate) fn redirect(&self, target: &str) -> (Head, Value, &'static str) {
        let heading = self.language.text("moved", &[]);
        let inside = target.starts_with('/') && !target.starts_with("//");
        let absolute = if inside { self.config.absolute(target) } else { target.to_owned() };
        let head = Head {
            noindex: true,
            canonical: Some(absolute.clone()),
            ..self.plain_head("redirect", heading)
        };
        let data =
            view!({ "target": self.configured_address(target), "target_absolute": absolute });
        (head, data, "redirect.html")
    }
}
