//! Registers of corrections and of withdrawals, by the day of the act.
//!
//! Made from front matter when the archive is indexed; shown at `/corrections/` and
//! `/withdrawals/`, which are cut by date like all listings.

use crate::base::choices::WithdrawalKind;
use crate::base::date::Date;
use crate::content::Loaded;
use crate::content::article::Article;

use super::ArticleId;
use super::trie::{self, Period};

/// One of the archive's registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// Corrections and redactions.
    Corrections,
    /// Withdrawals of the kinds that `[withdrawals] named` lists.
    Withdrawals,
}

impl Register {
    /// Both, in display order.
    pub const ALL: [Register; 2] = [Register::Corrections, Register::Withdrawals];

    /// Its first path segment, also its key in the interface's words.
    pub fn name(self) -> &'static str {
        match self {
            Register::Corrections => "corrections",
            Register::Withdrawals => "withdrawals",
        }
    }

    /// The address of its page for a period.
    pub fn path(self, period: Period) -> String {
        format!("/{}/{}", self.name(), period.path())
    }
}

/// What happened to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A correction, by its index in the article.
    Correction(usize),
    /// A redaction, by its index in the article.
    Redaction(usize),
    Withdrawal,
}

/// An entry of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The day of the act.
    pub date: Date,
    /// The article concerned.
    pub article: ArticleId,
    /// What happened.
    pub act: Act,
}

/// Both registers, each in order of date.
#[derive(Debug, Default)]
pub struct Registers {
    corrections: Vec<Notice>,
    withdrawals: Vec<Notice>,
}

impl Registers {
    /// Collects the entries of articles, which are in order of (date, permalink).
    pub(super) fn of(articles: &[Loaded<Article>], named: &[WithdrawalKind]) -> Registers {
        let mut registers = Registers::default();
        for (article, loaded) in (0..).zip(articles) {
            let notice = |act| move |date| Notice { date, article, act };
            let value = &loaded.value;
            let corrected = value.corrections.iter().enumerate();
            registers
                .corrections
                .extend(corrected.map(|(at, done)| notice(Act::Correction(at))(done.date)));
            let redacted = value.redactions.iter().enumerate();
            registers
                .corrections
                .extend(redacted.map(|(at, done)| notice(Act::Redaction(at))(done.date)));
            let withdrawn = value.withdrawn.as_ref().filter(|done| named.contains(&done.kind));
            registers.withdrawals.extend(withdrawn.map(|done| notice(Act::Withdrawal)(done.date)));
        }
        for notices in [&mut registers.corrections, &mut registers.withdrawals] {
            notices.sort_by_key(|notice| (notice.date, notice.article, notice.act));
        }
        registers
    }

    /// A register's entries, oldest first. Corrections of articles withdrawn later are included:
    /// they count when a listing splits, but pages don't show them.
    pub fn notices(&self, register: Register) -> &[Notice] {
        match register {
            Register::Corrections => &self.corrections,
            Register::Withdrawals => &self.withdrawals,
        }
    }

    /// The periods of a register that have a page. `All` always has one: every page links it, so
    /// the first entry must not change every page. A period with more than `leaf` entries is split
    /// by year, month and day.
    pub fn periods(&self, register: Register, leaf: usize) -> Vec<Period> {
        let notices = self.notices(register);
        let mut found = vec![(Period::All, notices)];
        let mut at = 0;
        while let Some(&(period, notices)) = found.get(at) {
            if notices.len() > leaf {
                found.extend(children(notices, period).0);
            }
            at += 1;
        }
        found.into_iter().map(|(period, _)| period).collect()
    }
}

/// Splits a period's entries into its parts; entries with too vague a date are returned beside
/// them.
pub(crate) fn children(
    notices: &[Notice],
    period: Period,
) -> (Vec<(Period, &[Notice])>, &[Notice]) {
    trie::parts(notices, period, |notice| notice.date)
}
