//! Rate limits per host: one request at a time, with a pause between, and `Retry-After`. Also
//! remembers properties of the host.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

/// The hosts of this run; all on one thread.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    delay: Duration,
    hosts: RefCell<HashMap<String, Host>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Host {
    /// The earliest time of the next request.
    next: Option<Instant>,
    /// Whether HEAD and GET differ.
    wants_get: bool,
    /// The sum of pauses it asked for.
    rested: Duration,
}

/// After longer pauses in one run, a host is postponed.
const LONGEST_REST: Duration = Duration::from_mins(5);

impl Pace {
    pub(crate) fn new(delay: Duration) -> Pace {
        Pace { delay, hosts: RefCell::default() }
    }

    /// Waits for the host's next slot.
    pub(crate) async fn turn(&self, url: &Url) {
        let at = self.with(url, |host| {
            let now = Instant::now();
            let at = host.next.map_or(now, |next| next.max(now));
            host.next = Some(at + self.delay);
            at
        });
        tokio::time::sleep_until(at).await;
    }

    /// Delays the host's next request.
    pub(crate) fn hold(&self, url: &Url, wait: Duration) {
        self.with(url, |host| {
            let until = Instant::now() + wait;
            host.next = Some(host.next.map_or(until, |next| next.max(until)));
        });
    }

    /// Delays as the host asked; `false` if that is too long for this run.
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

    /// The delay after this many failures.
    pub(crate) fn back_off(&self, failures: usize) -> Duration {
        let times = 1 << u32::try_from(failures).unwrap_or(u32::MAX).min(6);
        self.delay * times
    }

    /// Whether HEAD and GET differ on this host.
    pub(crate) fn wants_get(&self, url: &Url) -> bool {
        self.with(url, |host| host.wants_get)
    }

    /// Records that HEAD and GET differ.
    pub(crate) fn needs_get(&self, url: &Url) {
        self.with(url, |host| host.wants_get = true);
    }

    fn with<T>(&self, url: &Url, look: impl FnOnce(&mut Host) -> T) -> T {
        look(self.hosts.borrow_mut().entry(host_of(url)).or_default())
    }
}

/// A host with its port: two ports are two servers.
pub(crate) fn host_of(url: &Url) -> String {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default());
    format!("{host}:{}", port.unwrap_or_default())
}
