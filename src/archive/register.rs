//! Registers: what was corrected and what was withdrawn, by the day on which it was done.
//!
//! Made from the articles' front matter when the archive is indexed; shown at `/corrections/` and
//! `/withdrawals/`, which are cut by date as all listings are.

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
    /// Withdrawals of the kinds that are named.
    Withdrawals,
}

impl Register {
    /// Both, in the order in which they are shown.
    pub const ALL: [Register; 2] = [Register::Corrections, Register::Withdrawals];

    /// Where it stands, and its key among the words of the interface.
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

/// What was done to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// One of its corrections, by its place there.
    Correction(usize),
    /// One of its redactions, by its place there.
    Redaction(usize),
    /// It was withdrawn.
    Withdrawal,
}

/// An entry of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When it was done.
    pub date: Date,
    /// To which article.
    pub article: ArticleId,
    /// What.
    pub act: Act,
}

/// Both registers, each in order of date.
#[derive(Debug, Default)]
pub struct Registers {
    corrections: Vec<Notice>,
    withdrawals: Vec<Notice>,
}

impl Registers {
    /// Reads them off the articles, which are in order of (date, permalink).
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

    /// A register's entries, oldest first. Those of articles that were withdrawn later are among the
    /// corrections: they count when a page decides whether to split, and are not shown.
    pub fn notices(&self, register: Register) -> &[Notice] {
        match register {
            Register::Corrections => &self.corrections,
            Register::Withdrawals => &self.withdrawals,
        }
    }

    /// The periods of a register that have a page. The whole always has: every page leads there, so
    /// that the first entry ever does not change them all. One with more than `leaf` entries is cut by
    /// year, month and day.
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

/// The parts of a period's entries, and before them those whose date is too vague for any.
pub fn children(notices: &[Notice], period: Period) -> (Vec<(Period, &[Notice])>, &[Notice]) {
    trie::parts(notices, period, |notice| notice.date)
}
