//! How fast a host is asked: one request at a time, with a pause between two, and none while it asks us
//! to wait. Also what was learnt about it on the way.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

/// What is known of hosts in this run. All of it is on one thread.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    delay: Duration,
    hosts: RefCell<HashMap<String, Host>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Host {
    /// No request before.
    next: Option<Instant>,
    /// It answers HEAD otherwise than GET.
    wants_get: bool,
    /// So long it asked us to wait, in all.
    rested: Duration,
}

/// A host that wants more rest in one run is asked another day.
const LONGEST_REST: Duration = Duration::from_mins(5);

impl Pace {
    pub(crate) fn new(delay: Duration) -> Pace {
        Pace { delay, hosts: RefCell::default() }
    }

    /// Waits until it is our turn at the host of an address.
    pub(crate) async fn turn(&self, url: &Url) {
        let at = self.with(url, |host| {
            let now = Instant::now();
            let at = host.next.map_or(now, |next| next.max(now));
            host.next = Some(at + self.delay);
            at
        });
        tokio::time::sleep_until(at).await;
    }

    /// Leaves the host alone for so long.
    pub(crate) fn hold(&self, url: &Url, wait: Duration) {
        self.with(url, |host| {
            let until = Instant::now() + wait;
            host.next = Some(host.next.map_or(until, |next| next.max(until)));
        });
    }

    /// Leaves the host alone for so long because it asks for it; whether that is for this run.
    pub(crate) fn rest(&self, url: &Url, wait: Duration) -> bool {
        let rested = self.with(url, |host| {
            host.rested = host.rested.saturating_add(wait);
            host.rested
        });
        if rested > LONGEST_REST {
            return false;
        }
        self.hold(url, wait);
        true
    }

    /// How long a request is put off that failed so often.
    pub(crate) fn back_off(&self, failures: usize) -> Duration {
        let times = 1 << u32::try_from(failures).unwrap_or(u32::MAX).min(6);
        self.delay * times
    }

    /// Whether the host was found to answer HEAD otherwise than GET.
    pub(crate) fn wants_get(&self, url: &Url) -> bool {
        self.with(url, |host| host.wants_get)
    }

    /// It does.
    pub(crate) fn needs_get(&self, url: &Url) {
        self.with(url, |host| host.wants_get = true);
    }

    fn with<T>(&self, url: &Url, look: impl FnOnce(&mut Host) -> T) -> T {
        look(self.hosts.borrow_mut().entry(host_of(url)).or_default())
    }
}

/// A host and its port: two of one name are two programs.
pub(crate) fn host_of(url: &Url) -> String {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default());
    format!("{host}:{}", port.unwrap_or_default())
}
