//! `[check.external]`: how links out of the archive are asked, and when one is called dead.

use std::time::Duration;

use url::Url;

use crate::base::diagnostic::{Effect, Rule};
use crate::tree::fields::{Fields, Reading};

use super::stop;

/// `[check.external]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalConfig {
    /// Between two requests to one host, and the unit of waiting before a retry.
    pub delay: Duration,
    /// A request that takes longer is given up.
    pub timeout: Duration,
    /// How often a request that failed is made again.
    pub retries: usize,
    /// A longer chain of redirects is given up.
    pub redirects: usize,
    /// Hosts that are asked at the same time.
    pub hosts: usize,
    /// A link that failed on so many days is dead.
    pub days: usize,
    /// Whose pages are looked for in the Wayback Machine.
    pub mementos: MementosOf,
    /// Where the Wayback Machine is asked for copies.
    pub wayback: Url,
    /// Whether addresses of this machine and of private networks are asked.
    pub private: bool,
    /// Hosts that are not asked, nor those below them.
    pub skip: Vec<String>,
}

/// Whose pages are looked for in the Wayback Machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MementosOf {
    /// None.
    Nobody,
    /// Pages that are dead.
    Dead,
    /// Those, and originals that have no copy yet.
    Originals,
}

impl MementosOf {
    /// Each with its word in the config.
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
    // What is decided by them is written into the ledger, and not to be taken back.
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
