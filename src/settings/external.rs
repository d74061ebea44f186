//! `[check.external]`: how links out of the archive are checked, and when one is dead.

use std::time::Duration;

use url::Url;

use crate::base::diagnostic::{Effect, Rule};
use crate::tree::fields::{Fields, Reading};

use super::stop;

/// `[check.external]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalConfig {
    /// The time between two requests to a host, and the unit of waiting before a retry.
    pub delay: Duration,
    /// The timeout of a request.
    pub timeout: Duration,
    /// The number of retries.
    pub retries: usize,
    /// The number of redirects that are followed.
    pub redirects: usize,
    /// The number of hosts requested in parallel.
    pub hosts: usize,
    /// A link that failed on this many days is dead.
    pub days: usize,
    /// The pages whose copies are searched in the Wayback Machine.
    pub mementos: MementosOf,
    /// The address of the Wayback Machine's API.
    pub wayback: Url,
    /// Whether private addresses are requested.
    pub private: bool,
    /// Hosts that are skipped, with their subdomains.
    pub skip: Vec<String>,
}

/// The pages whose copies are searched in the Wayback Machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MementosOf {
    /// None.
    Nobody,
    /// Dead pages.
    Dead,
    /// Dead pages, and originals without a copy.
    Originals,
}

impl MementosOf {
    /// Each with its name in the settings.
    pub const ALL: [(&'static str, MementosOf); 3] = [
        ("none", MementosOf::Nobody),
        ("dead", MementosOf::Dead),
        ("originals", MementosOf::Originals),
    ];
}

impl ExternalConfig {
    /// Whether a host is not asked.
    pub fn skips(&self, host: &str) -> bool {
        self.skip.iter().any(|skip| {
            let rest = host.strip_suffix(skip.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

impl Default for ExternalConfig {
    fn default() -> ExternalConfig {
        ExternalConfig {
            delay: Duration::from_secs(1),
            timeout: Duration::from_secs(20),
            retries: 2,
            redirects: 10,
            hosts: 8,
            days: 3,
            mementos: MementosOf::Dead,
            wayback: wayback(),
            private: false,
            skip: Vec::new(),
        }
    }
}

#[allow(clippy::expect_used, reason = "a constant that a test reads")]
fn wayback() -> Url {
    Url::parse("https://archive.org/wayback/available").expect("a constant address")
}

pub(super) fn external(fields: &mut Fields, reading: &mut Reading<'_>) -> ExternalConfig {
    let default = ExternalConfig::default();
    let Some(mut table) = fields.table("external", reading) else { return default };
    let known = reading.diagnostics.len();
    let mut count = |key, least| table.count(key, least, reading);
    let seconds = |count: usize| Duration::from_secs(count as u64);
    let external = ExternalConfig {
        delay: count("delay", 0).map_or(default.delay, seconds),
        timeout: count("timeout", 1).map_or(default.timeout, seconds),
        retries: count("retries", 0).unwrap_or(default.retries),
        redirects: count("redirects", 0).unwrap_or(default.redirects),
        hosts: count("hosts", 1).unwrap_or(default.hosts),
        days: count("days", 1).unwrap_or(default.days),
        mementos: mementos(&mut table, reading).unwrap_or(default.mementos),
        wayback: table
            .web_address("wayback", reading)
            .and_then(|text| Url::parse(&text).ok())
            .unwrap_or(default.wayback),
        private: table.bool("private", reading).unwrap_or(default.private),
        skip: table.texts("skip", reading).iter().map(|host| host.to_lowercase()).collect(),
    };
    // Results are written to the ledger, so mistakes in these settings stop the check.
    for diagnostic in &mut reading.diagnostics[known..] {
        diagnostic.weight = Effect::Stop;
        diagnostic.rule = Rule::Config;
    }
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    external
}

fn mementos(table: &mut Fields, reading: &mut Reading<'_>) -> Option<MementosOf> {
    let node = table.take("mementos")?;
    let known = MementosOf::ALL.iter().find(|(word, _)| node.text() == Some(word));
    if known.is_none() {
        let message = "mementos has a value that there is not".to_owned();
        stop(reading, &node, message, "write \"none\", \"dead\" or \"originals\"");
    }
    known.map(|(_, mementos)| *mementos)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_default_address_can_be_read() {
        assert_eq!(super::wayback().host_str(), Some("archive.org"));
    }
}
