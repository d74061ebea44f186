//! View data of registers: corrections and withdrawals by day, newest first.

use crate::view::value::{Object as _, Value, view};

use crate::archive::register::{self, Act, Notice, Register};
use crate::archive::trie::Period;
use crate::base::choices::WithdrawalKind;
use crate::base::date::Date;
use crate::content::article::Correction;
use crate::i18n::Names;

use crate::view::{Head, Views};

/// The number of entries at the top of a split page.
const NEWEST: usize = 30;

impl Views<'_> {
    /// Links to the registers, for every page.
    pub(crate) fn register_links(&self) -> Vec<Value> {
        Register::ALL.into_iter().map(|register| self.register_crumb(register)).collect()
    }

    /// Whether a path is a register's, and not a plain page's.
    pub(crate) fn is_register(&self, path: &str) -> bool {
        let is_theirs = self.archive.has_page_at(path)
            || self.files.contains_key(&format!("{}index.html", path.trim_start_matches('/')));
        !is_theirs && Register::ALL.iter().any(|register| register.path(Period::All) == path)
    }

    pub(crate) fn register(
        &self,
        register: Register,
        period: Period,
    ) -> (Head, Value, &'static str) {
        let heading = match period.date() {
            Some(date) => {
                format!("{}: {}", self.register_title(register), self.language.date(date))
            }
            None => self.register_title(register),
        };
        let (feed, template) = match register {
            Register::Corrections => (Some(self.corrections_feed()), "corrections.html"),
            Register::Withdrawals => (None, "withdrawals.html"),
        };
        let head = Head {
            kind: register.name(),
            title: heading.clone(),
            heading: heading.clone(),
            breadcrumbs: self.register_crumbs(register, period),
            crumb: period.date().map(|date| Self::here(&self.language.date(date))),
            feed,
            ..Head::default()
        };
        let view = self.register_list(register, period).with("heading", heading);
        let up = period.parent().map(|parent| {
            let title = parent.date().map(|date| self.language.date(date));
            let title = title.unwrap_or_else(|| self.register_title(register));
            Self::crumb(&title, &self.config.address(&register.path(parent)))
        });
        let pager = view!({ "previous": (), "next": (), "up": up });
        (head, view!({ "register": view, "pager": pager }), template)
    }

    /// The list for a plain page at a register's address.
    pub(crate) fn register_at(&self, path: &str) -> Option<Value> {
        let held = |register: &Register| !self.archive.registers.notices(*register).is_empty();
        let mut registers = Register::ALL.into_iter().filter(held);
        let register = registers.find(|register| register.path(Period::All) == path)?;
        let heading = self.register_title(register);
        Some(self.register_list(register, Period::All).with("heading", heading))
    }

    fn register_list(&self, register: Register, period: Period) -> Value {
        let all = self.notices_of(register, period);
        let shown = all.iter().filter(|notice| self.is_shown(notice)).rev();
        let is_cut = all.len() > self.config.listing.leaf && !matches!(period, Period::Day(_));
        let (parts, vague) = register::children(all, period);
        let children: Vec<Value> = parts
            .iter()
            .rev()
            .filter(|_| is_cut)
            .map(|(part, notices)| {
                let count = notices.iter().filter(|notice| self.is_shown(notice)).count();
                view!({
                    "title": part.date().map(|date| self.language.date(date)),
                    "url": self.config.address(&register.path(*part)),
                    "count_text": self.language.counted("notices_count", count),
                })
            })
            .collect();
        let count = shown.clone().count();
        let mut entries: Vec<&Notice> =
            if is_cut { shown.take(NEWEST).collect() } else { shown.collect() };
        if is_cut {
            // Entries with too vague a date for a page of their own are shown here.
            let known: Vec<Notice> = entries.iter().map(|notice| **notice).collect();
            let left = vague.iter().rev().filter(|notice| self.is_shown(notice));
            entries.extend(left.filter(|notice| !known.contains(notice)));
        }
        view!({
            "name": register.name(),
            "count_text": self.language.counted("notices_count", count),
            "children": children,
            "groups": self.by_day(&entries),
        })
    }

    fn notices_of(&self, register: Register, period: Period) -> &[Notice] {
        let mut notices = self.archive.registers.notices(register);
        let mut above = Some(period);
        let mut periods = Vec::new();
        while let Some(within) = above.filter(|within| *within != Period::All) {
            periods.push(within);
            above = within.parent();
        }
        for inner in periods.into_iter().rev() {
            let (parts, _) = register::children(notices, inner.parent().unwrap_or(Period::All));
            notices = parts
                .into_iter()
                .find(|(part, _)| *part == inner)
                .map_or(&[], |(_, notices)| notices);
        }
        notices
    }

    /// Corrections of a withdrawn article are not shown.
    fn is_shown(&self, notice: &Notice) -> bool {
        notice.act == Act::Withdrawal || self.archive.is_listed(notice.article)
    }

    fn by_day(&self, notices: &[&Notice]) -> Vec<Value> {
        let day = |notice: &Notice| notice.date.day().map_or(notice.date, Date::Day);
        notices
            .chunk_by(|a, b| day(a) == day(b))
            .filter_map(|group| Some((day(group.first()?), group)))
            .map(|(day, group)| {
                view!({
                    "date": day,
                    "heading": self.language.date(day),
                    "id": format!("d{day}"),
                    "notices": group.iter().map(|notice| self.notice(notice)).collect::<Vec<Value>>(),
                })
            })
            .collect()
    }

    fn notice(&self, notice: &Notice) -> Value {
        let article = self.archive.article(notice.article);
        let view = match notice.act {
            Act::Correction(at) => view!({
                "act": "correction",
                "card": self.card(notice.article),
                "correction": article.corrections.get(at).map(|done| self.correction(done)),
            }),
            Act::Redaction(at) => view!({
                "act": "redaction",
                "card": self.card(notice.article),
                "reason": article.redactions.get(at).and_then(|done| done.reason.clone()),
            }),
            Act::Withdrawal => self.withdrawal(notice.article),
        };
        view.with("url", self.config.address(&article.permalink.encoded()))
    }

    /// A correction, for articles and the register.
    pub(crate) fn correction(&self, correction: &Correction) -> Value {
        view!({
            "date": correction.date,
            "date_text": self.language.date(correction.date),
            "text": correction.text,
            "was": correction.was,
            "now": correction.now,
        })
    }

    /// A withdrawal, for the tombstone and the register. The article was reduced to what they may
    /// show.
    pub(crate) fn withdrawal(&self, id: u32) -> Value {
        let article = self.archive.article(id);
        let withdrawal = article.withdrawn.as_ref();
        let kind = withdrawal.map_or(WithdrawalKind::Pending, |withdrawal| withdrawal.kind);
        let is_named = self.config.withdrawals.named.contains(&kind);
        let keeps_source = is_named && kind == WithdrawalKind::Copyright;
        let date = withdrawal.map(|withdrawal| withdrawal.date);
        let (language, dir) = self.foreign(article.language.as_deref());
        let url = article.original_url.as_deref().filter(|_| keeps_source);
        view!({
            "act": "withdrawal",
            "date": date,
            "date_text": date.map(|date| self.language.date(date)),
            "reason": withdrawal.and_then(|withdrawal| withdrawal.reason.clone()),
            "kind": kind.name(),
            "kind_text": self.language.name(Names::Withdrawal, kind.name()),
            "title": Some(&article.title).filter(|title| is_named && !title.is_empty()),
            "language": language,
            "dir": dir,
            "published": is_named.then_some(article.date),
            "published_text": is_named.then(|| self.language.date(article.date)),
            "outlet": if keeps_source { self.withdrawn_outlet(id) } else { Value::none() },
            "original_url": url,
            "original": url.map(|url| self.original_without_copy(url)),
            "original_host": url.and_then(super::article::host),
        })
    }

    /// An outlet without listed articles has a name, but no page.
    fn withdrawn_outlet(&self, id: u32) -> Value {
        let known = self.outlet(id);
        if !known.is_none() {
            return known;
        }
        let Some(written) = self.archive.article(id).outlet.as_deref() else {
            return Value::none();
        };
        let outlet = self.config.outlets.get(written);
        let (language, dir) = self.foreign(outlet.and_then(|outlet| outlet.language.as_deref()));
        let name = outlet.map_or(written, |outlet| &outlet.name);
        view!({ "name": name, "url": (), "language": language, "dir": dir })
    }

    fn corrections_feed(&self) -> Value {
        let title = self.register_title(Register::Corrections);
        view!({
            "title": self.language.text("atom_title", &[("title", &title)]),
            "url": self.config.address("/corrections/atom.xml"),
            "own": true,
        })
    }

    fn register_title(&self, register: Register) -> String {
        self.language.text(register.name(), &[])
    }

    fn register_crumb(&self, register: Register) -> Value {
        let title = self.register_title(register);
        Self::crumb(&title, &self.config.address(&register.path(Period::All)))
    }

    fn register_crumbs(&self, register: Register, period: Period) -> Vec<Value> {
        let mut crumbs = self.period_crumbs(Period::All);
        let mut above = Vec::new();
        let mut parent = period.parent();
        while let Some(within) = parent {
            above.push(match within.date() {
                Some(date) => {
                    let address = self.config.address(&register.path(within));
                    Self::crumb(&self.language.date(date), &address)
                }
                None => self.register_crumb(register),
            });
            parent = within.parent();
        }
        crumbs.extend(above.into_iter().rev());
        crumbs
    }
}
