//! A run over all hosts: several at a time, each in its own order and at its own pace.
//!
//! All of it is on one thread: what is slow here is other people's machines.

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

/// Where so many questions in a row find nobody, no other will find anybody in this run.
const PATIENCE: usize = 3;

/// A host that hung up on so many questions in a row, or found them too many, is asked another time.
const LONG_PATIENCE: usize = 10;

/// What a run is about.
pub(super) struct Run<'a> {
    pub(super) client: &'a Client,
    pub(super) config: &'a ExternalConfig,
    pub(super) progress: &'a dyn Fn(Step),
}

/// What could not be found out.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Addresses that were put off: their hosts want to be left alone, or hung up on others.
    pub(super) later: usize,
    /// Addresses of which nobody can say whether they or our own line failed.
    pub(super) unknown: usize,
    /// Why copies were not looked for to the end.
    pub(super) wayback: Option<String>,
}

/// What is gathered while hosts answer, in whatever order.
struct Gathered<'a> {
    observed: &'a mut Observed,
    /// Addresses that nobody answered at. Once somebody else answers, our own line was not to blame.
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

    /// Writes down that those who were silent failed.
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
    /// Asks all addresses, and writes each answer down as it comes.
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

    /// Looks for copies of pages, one after the other; gives back why some could not be looked for.
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

/// The addresses of each host, the host with most of them first: it takes longest. What lived when it
/// was asked last comes first, and all in another order each day: where a run does not come to the end
/// of a host, it does not leave out the same addresses for ever.
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

/// Asks the addresses of one host, while `tell` wants to hear more.
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

/// How a host behaves in this run.
#[derive(Debug, Default)]
struct HostHealth {
    /// Whether anybody ever answered: who did, and then does not, may only be tired of us.
    has_answered: bool,
    /// So many questions in a row found nobody there.
    nobody: usize,
    /// So many in a row were not answered, or put off.
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

    /// What all others are told without being asked. Of a page that was not asked nothing is known,
    /// unless no page there can be asked.
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
