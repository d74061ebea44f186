//! A run over all hosts: several in parallel, each in its own order and at its own pace.
//!
//! All on one thread: the time is spent waiting for other machines.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use chrono::Datelike as _;
use futures_util::StreamExt as _;
use futures_util::stream;
use reqwest::Client;
use url::Url;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::ledger::Address;
use crate::settings::external::ExternalConfig;

use super::Step;
use super::error::ExternalError;
use super::mention::Mentions;
use super::observed::Observed;
use crate::fetch::Outcome;
use crate::fetch::asking::{Answer, Asker, Put, Reached};
use crate::fetch::pace::{Pace, host_of};
use crate::fetch::wayback;

/// After this many unanswered requests in a row, the host is unreachable for this run.
const PATIENCE: usize = 3;

/// After this many closed connections or refusals for rate in a row, the rest is postponed.
const LONG_PATIENCE: usize = 10;

/// The input of a run.
pub(super) struct Run<'a> {
    pub(super) client: &'a Client,
    pub(super) config: &'a ExternalConfig,
    pub(super) progress: &'a dyn Fn(Step),
}

/// What the run could not find out.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// The number of postponed addresses: their hosts asked for fewer requests, or closed
    /// connections.
    pub(super) later: usize,
    /// The number of addresses with an unclear failure: theirs, or this machine's connection.
    pub(super) unknown: usize,
    /// Why the search for copies stopped.
    pub(super) wayback: Option<String>,
}

/// Collects results while hosts answer, in any order.
struct Gathered<'a> {
    observed: &'a mut Observed,
    /// Unanswered addresses. As soon as another address answers, this machine's connection was not
    /// to blame.
    silent: Vec<(Address, String)>,
    failure: Option<ExternalError>,
}

impl Gathered<'_> {
    fn take(&mut self, address: Address, answer: Answer) {
        match answer {
            Answer::Known(outcome) => {
                let is_answer = outcome != Outcome::Private;
                self.note(&address, outcome);
                if is_answer {
                    self.count_silent_as_failed();
                }
            }
            Answer::Silent(silence) => self.silent.push((address, silence.why)),
            Answer::Later(_) => {}
        }
    }

    /// Counts the silent addresses as failed.
    fn count_silent_as_failed(&mut self) {
        for (address, why) in std::mem::take(&mut self.silent) {
            self.note(&address, Outcome::Failed(why));
        }
    }

    fn note(&mut self, address: &Address, outcome: Outcome) {
        if let Err(error) = self.observed.answered(address, outcome) {
            self.failure.get_or_insert(error);
        }
    }
}

impl Run<'_> {
    /// Requests all addresses and stores each answer as it arrives.
    pub(super) async fn ask(
        &self,
        addresses: Vec<Address>,
        observed: &mut Observed,
    ) -> Result<Left, ExternalError> {
        let pace = Pace::new(self.config.delay);
        let asker = Asker { client: self.client, config: self.config, pace: &pace };
        let gathered = RefCell::new(Gathered { observed, silent: Vec::new(), failure: None });
        let later = Cell::new(0);
        (self.progress)(Step::Links(addresses.len()));
        let queues = by_host(addresses, gathered.borrow().observed);
        let walks = stream::iter(queues).for_each_concurrent(self.config.hosts, |queue| {
            walk(queue, &asker, |address, answer| {
                later.set(later.get() + usize::from(matches!(answer, Answer::Later(_))));
                gathered.borrow_mut().take(address, answer);
                (self.progress)(Step::Asked);
                gathered.borrow().failure.is_none()
            })
        });
        walks.await;
        let mut gathered = gathered.into_inner();
        if !gathered.silent.is_empty() && wayback::answers(self.client, &self.config.wayback).await
        {
            gathered.count_silent_as_failed();
        }
        let unknown = gathered.silent.len();
        match gathered.failure {
            Some(error) => Err(error),
            None => Ok(Left { later: later.get(), unknown, wayback: None }),
        }
    }

    /// Looks for copies of pages one by one; returns why it stopped early.
    pub(super) async fn seek(
        &self,
        addresses: Vec<Address>,
        mentions: &Mentions,
        observed: &mut Observed,
    ) -> Result<Option<String>, ExternalError> {
        let pace = Pace::new(self.config.delay);
        (self.progress)(Step::Copies(addresses.len()));
        let (mut failures, mut why) = (0, None);
        for address in addresses {
            let near = mentions.get(&address).and_then(|mention| mention.near);
            match self.seek_one(&address, near, &pace).await {
                Ok(copy) => {
                    observed.sought(&address, copy)?;
                    failures = 0;
                }
                Err(reason) => {
                    why = Some(reason);
                    failures += 1;
                }
            }
            (self.progress)(Step::Asked);
            if failures >= PATIENCE {
                break;
            }
        }
        Ok(why)
    }

    async fn seek_one(
        &self,
        address: &Address,
        near: Option<chrono::NaiveDate>,
        pace: &Pace,
    ) -> Result<Option<String>, String> {
        let api = &self.config.wayback;
        let mut failures = 0;
        loop {
            pace.turn(api).await;
            match wayback::copy(self.client, api, address, near).await {
                Err(_) if failures < self.config.retries => {
                    pace.hold(api, pace.back_off(failures));
                    failures += 1;
                }
                answer => return answer,
            }
        }
    }
}

/// Groups addresses by host, the largest host first, as it takes longest. Addresses that worked
/// last time come first, the rest in a different order each day: if a run can't finish a host, it
/// does not skip the same addresses every time.
fn by_host(addresses: Vec<Address>, observed: &Observed) -> Vec<Vec<Address>> {
    let mut hosts: BTreeMap<String, Vec<Address>> = BTreeMap::new();
    for address in addresses {
        let host = Url::parse(address.as_str()).map(|url| host_of(&url)).unwrap_or_default();
        hosts.entry(host).or_default().push(address);
    }
    let mut queues: Vec<Vec<Address>> = hosts.into_values().collect();
    let turn = |address: &Address| {
        let seed = u64::from(observed.day.num_days_from_ce().unsigned_abs());
        let place = xxh3_64_with_seed(address.as_str().as_bytes(), seed);
        (observed.failing.contains_key(address), place)
    };
    for queue in &mut queues {
        queue.sort_by_cached_key(turn);
    }
    queues.sort_by_key(|queue| std::cmp::Reverse(queue.len()));
    queues
}

/// Requests the addresses of one host until `tell` returns false.
async fn walk(queue: Vec<Address>, asker: &Asker<'_>, tell: impl Fn(Address, Answer) -> bool) {
    let mut host = HostHealth::default();
    for address in queue {
        let answer = match host.all_alike() {
            Some(answer) => answer,
            None => asker.ask(&address).await,
        };
        host.observe(&answer);
        if !tell(address, answer) {
            return;
        }
    }
}

/// A host's behaviour in this run.
#[derive(Debug, Default)]
struct HostHealth {
    /// Whether it answered at least once; if it then stops, it may limit our rate.
    has_answered: bool,
    /// Requests in a row without any connection.
    nobody: usize,
    /// Requests in a row without an answer, or postponed.
    unanswered: usize,
    last: Option<Answer>,
}

impl HostHealth {
    fn observe(&mut self, answer: &Answer) {
        let found_nobody =
            matches!(answer, Answer::Silent(silence) if silence.reached == Reached::Nobody);
        self.nobody = if found_nobody { self.nobody + 1 } else { 0 };
        let is_answer = matches!(answer, Answer::Known(_));
        self.has_answered |= is_answer;
        self.unanswered = if is_answer { 0 } else { self.unanswered + 1 };
        self.last = Some(answer.clone());
    }

    /// The result for all remaining addresses, if no further request is useful. The state of a page
    /// that was not requested stays unknown, unless no page of the host can be reached.
    fn all_alike(&self) -> Option<Answer> {
        match &self.last {
            Some(Answer::Silent(_)) if self.nobody >= PATIENCE && !self.has_answered => {
                self.last.clone()
            }
            Some(Answer::Silent(_)) if self.nobody >= PATIENCE => Some(Answer::Later(Put::ByHost)),
            Some(Answer::Later(Put::ByHost)) => self.last.clone(),
            _ if self.unanswered >= LONG_PATIENCE => Some(Answer::Later(Put::ByHost)),
            _ => None,
        }
    }
}
