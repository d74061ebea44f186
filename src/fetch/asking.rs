//! Requests one address until its state is known.

use std::error::Error;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, StatusCode};
use url::Url;

use crate::ledger::Address;
use crate::settings::external::ExternalConfig;

use super::Outcome;
use super::network::{PrivateAddress, is_private};
use super::pace::Pace;

/// If a host asks for a longer pause, its addresses are postponed.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// The result of requesting an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There was a response.
    Known(Outcome),
    /// There was none; this machine's connection may have failed.
    Silent(Silence),
    /// Postponed.
    Later(Put),
}

/// A request without a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Silence {
    /// The reason in words.
    pub(crate) why: String,
    /// How far it came: without a connection, no other page of the host would respond.
    pub(crate) reached: Reached,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Connected, but no response.
    Host,
    /// Not connected: the name does not exist, or the port is closed.
    Nobody,
}

/// Why a request is postponed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// The host asked for a longer pause than a run allows.
    ByHost,
    /// Only this page was refused for our rate, repeatedly; or another host did so after a
    /// redirect.
    ByPage,
}

/// The response of one address, before redirects.
enum Reply {
    Status(StatusCode, HeaderMap),
    Silent(Silence),
    /// No trusted TLS connection.
    Untrusted(String),
    Private,
    Later(Put),
}

/// Requests addresses at their hosts' pace.
#[derive(Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) client: &'a Client,
    pub(crate) config: &'a ExternalConfig,
    pub(crate) pace: &'a Pace,
}

impl Asker<'_> {
    /// Follows redirects to the end.
    pub(crate) async fn ask(&self, address: &Address) -> Answer {
        let Ok(start) = Url::parse(address.as_str()) else {
            return Answer::Known(Outcome::Failed("no address".to_owned()));
        };
        let mut way = Way::from(start);
        loop {
            let url = way.here().clone();
            let (status, headers) = match self.reply(&url).await {
                Reply::Status(status, headers) => (status, headers),
                Reply::Silent(silence) => return Answer::Silent(way.silenced(silence)),
                Reply::Untrusted(words) => {
                    return Answer::Known(Outcome::Refused(way.told(words)));
                }
                // Another host, behind a redirect, asked for the pause.
                Reply::Later(_) if way.seen.len() > 1 => return Answer::Later(Put::ByPage),
                Reply::Later(put) => return Answer::Later(put),
                Reply::Private if way.seen.len() == 1 => return Answer::Known(Outcome::Private),
                Reply::Private => {
                    return astray(format!("it leads on to {url}, into a private network"));
                }
            };
            if !is_redirect(status, &headers) {
                return Answer::Known(way.end(status));
            }
            if let Err(outcome) = way.go_on(status, &headers, self.config.redirects) {
                return Answer::Known(outcome);
            }
        }
    }

    /// The response of one address: HEAD first, GET if HEAD does not work, with retries.
    async fn reply(&self, url: &Url) -> Reply {
        if is_private(url) && !self.config.private {
            return Reply::Private;
        }
        if !self.pace.wants_get(url)
            && let Some(reply) = self.head(url).await
        {
            return reply;
        }
        let mut failures = 0;
        loop {
            let reply = self.request(Method::GET, url).await;
            let wait = match &reply {
                Reply::Status(status, headers) if may_pass(*status) => waiting_time(headers),
                Reply::Silent(_) => None,
                Reply::Status(status, _) => {
                    if is_answer(*status) {
                        self.pace.needs_get(url);
                    }
                    return reply;
                }
                Reply::Untrusted(_) | Reply::Private | Reply::Later(_) => return reply,
            };
            if wait.is_some_and(|wait| wait > LONGEST_WAIT) {
                return Reply::Later(Put::ByHost);
            }
            if failures >= self.config.retries {
                return given_up(reply);
            }
            match wait {
                Some(wait) if !self.pace.rest(url, wait) => return Reply::Later(Put::ByHost),
                Some(_) => {}
                None => self.pace.hold(url, self.pace.back_off(failures)),
            }
            failures += 1;
        }
    }

    /// The response to HEAD, if it can be trusted: many hosts refuse HEAD, some hang, some wrongly
    /// report a missing page.
    async fn head(&self, url: &Url) -> Option<Reply> {
        match self.request(Method::HEAD, url).await {
            Reply::Status(status, headers) if is_answer(status) => {
                Some(Reply::Status(status, headers))
            }
            Reply::Status(status, headers) if may_pass(status) => {
                let wait = waiting_time(&headers)?;
                if wait > LONGEST_WAIT || !self.pace.rest(url, wait) {
                    return Some(Reply::Later(Put::ByHost));
                }
                None
            }
            Reply::Private => Some(Reply::Private),
            Reply::Untrusted(words) => Some(Reply::Untrusted(words)),
            Reply::Status(..) | Reply::Silent(_) | Reply::Later(_) => None,
        }
    }

    /// One request. Only the head of the response is read, so that long or compressed bodies cost
    /// nothing.
    async fn request(&self, method: Method, url: &Url) -> Reply {
        self.pace.turn(url).await;
        match self.client.request(method, url.clone()).send().await {
            Ok(response) => Reply::Status(response.status(), response.headers().clone()),
            Err(error) if is_about_private(&error) => Reply::Private,
            Err(error) => match in_words(&error, self.config.timeout) {
                words if is_about_trust(&words) => Reply::Untrusted(words),
                why => {
                    let reached = if error.is_connect() { Reached::Nobody } else { Reached::Host };
                    Reply::Silent(Silence { why, reached })
                }
            },
        }
    }
}

/// The redirects from an address.
pub(super) struct Way {
    start: Url,
    /// All addresses, without fragments.
    seen: Vec<Url>,
    /// The last address reached by permanent redirects only.
    moved: Option<Url>,
    is_permanent: bool,
}

impl From<Url> for Way {
    fn from(start: Url) -> Way {
        Way { seen: vec![start.clone()], start, moved: None, is_permanent: true }
    }
}

impl Way {
    pub(super) fn here(&self) -> &Url {
        self.seen.last().unwrap_or(&self.start)
    }

    /// Follows one redirect, unless it is invalid.
    pub(super) fn go_on(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        most: usize,
    ) -> Result<(), Outcome> {
        let location = headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let location = location.unwrap_or_default();
        let next = self.here().join(location.trim());
        let Ok(mut next) = next else {
            return Err(Outcome::Astray(format!(
                "it leads on to “{location}”, which is no address"
            )));
        };
        if !matches!(next.scheme(), "http" | "https") {
            return Err(Outcome::Astray(format!("it leads on to {next}, which is no web page")));
        }
        next.set_fragment(None);
        if self.seen.contains(&next) {
            return Err(Outcome::Astray("its redirects lead round in a circle".to_owned()));
        }
        if self.seen.len() > most {
            return Err(Outcome::Astray(format!("its redirects don't end after {most}")));
        }
        self.is_permanent &= matches!(status.as_u16(), 301 | 308);
        if self.is_permanent {
            self.moved = Some(next.clone());
        }
        self.seen.push(next);
        Ok(())
    }

    /// The meaning of the last response for the first address.
    pub(super) fn end(&self, status: StatusCode) -> Outcome {
        let words = || self.told(named(status));
        if is_refusal(status) {
            return Outcome::Refused(words());
        }
        if is_answer(status) && !status.is_success() && status != StatusCode::MULTIPLE_CHOICES {
            return Outcome::Failed(format!("{} without an address", words()));
        }
        if !is_answer(status) {
            return Outcome::Failed(words());
        }
        // A missing page often redirects to the home page.
        let is_home = |url: &Url| url.path() == "/" && url.query().is_none();
        if is_home(self.here()) && !is_home(&self.start) {
            return Outcome::Home(self.here().to_string());
        }
        self.moved.as_ref().map_or(Outcome::Living, |url| Outcome::Moved(url.to_string()))
    }

    /// A failure behind a redirect says nothing about the first host.
    fn silenced(&self, silence: Silence) -> Silence {
        let reached = if self.seen.len() > 1 { Reached::Host } else { silence.reached };
        Silence { why: self.told(silence.why), reached }
    }

    fn told(&self, words: String) -> String {
        if self.seen.len() > 1 { format!("{words} at {}", self.here()) } else { words }
    }
}

fn astray(words: String) -> Answer {
    Answer::Known(Outcome::Astray(words))
}

/// The final result: a host that only refuses our rate has not revealed the page's state.
fn given_up(reply: Reply) -> Reply {
    match reply {
        Reply::Status(StatusCode::TOO_MANY_REQUESTS, _) => Reply::Later(Put::ByPage),
        reply => reply,
    }
}

pub(super) fn is_redirect(status: StatusCode, headers: &HeaderMap) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) && headers.contains_key(LOCATION)
}

/// Whether the status means a page or a redirect.
fn is_answer(status: StatusCode) -> bool {
    status.is_success() || matches!(status.as_u16(), 300 | 301 | 302 | 303 | 307 | 308)
}

/// Whether a retry may help.
pub(super) fn may_pass(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// Whether a browser may see the page nevertheless: the host requires a login, payment or a
/// browser, or blocks our country (451, RFC 7725).
fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 402 | 403 | 405 | 406 | 407 | 429 | 451 | 999)
}

pub(super) fn named(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// The pause in `Retry-After` (RFC 9110 §10.2.3): seconds or a date.
pub(super) fn waiting_time(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |&error| error.source())
}

pub(super) fn is_about_private(error: &reqwest::Error) -> bool {
    causes(error).any(<dyn Error>::is::<PrivateAddress>)
}

/// Whether TLS failed: an invalid certificate or unsupported protocol. Browsers work around some of
/// these. The error's type is hidden in a dependency; only its message can be checked.
pub(super) fn is_about_trust(words: &str) -> bool {
    words.contains("certificate") || words.contains("received fatal alert")
}

/// Why there is no response: the innermost cause, except for a timeout.
pub(super) fn in_words(error: &reqwest::Error, timeout: Duration) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", timeout.as_secs());
    }
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::fetch::until_done;

    fn asked_to_wait(text: &str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
        waiting_time(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn waiting_times_are_seconds_or_dates() {
        assert_eq!(asked_to_wait(" 30 "), Some(30));
        assert_eq!(asked_to_wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        let hour = SystemTime::now() + Duration::from_hours(1);
        assert!(asked_to_wait(&httpdate::fmt_http_date(hour)).unwrap() > 3_500);
        for nothing in ["soon", "-1", "", "99999999999999999999999"] {
            assert_eq!(asked_to_wait(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn only_what_was_moved_for_good_is_called_moved() {
        let walked = |steps: &[(u16, &str)]| {
            let mut way = Way::from(Url::parse("http://x.example/a").unwrap());
            for (status, to) in steps {
                let headers = HeaderMap::from_iter([(LOCATION, to.parse().unwrap())]);
                let status = StatusCode::from_u16(*status).unwrap();
                if let Err(outcome) = way.go_on(status, &headers, 3) {
                    return outcome;
                }
            }
            way.end(StatusCode::OK)
        };
        let moved = |to: &str| Outcome::Moved(to.to_owned());
        assert_eq!(walked(&[(301, "/b"), (308, "//y.example/c#d")]), moved("http://y.example/c"));
        assert_eq!(walked(&[(301, "/b"), (302, "/c"), (301, "/d")]), moved("http://x.example/b"));
        assert_eq!(walked(&[(302, "/b")]), Outcome::Living);
        assert_eq!(walked(&[(302, "/")]), Outcome::Home("http://x.example/".to_owned()));
        for astray in [
            &[(301, "/a")][..],
            &[(301, "javascript:alert(1)")],
            &[(301, "file:///etc/passwd")],
            &[(301, "http://")],
            &[(302, "/1"), (302, "/2"), (302, "/3"), (302, "/4")],
        ] {
            assert!(matches!(walked(astray), Outcome::Astray(_)), "{astray:?}");
        }
    }

    /// A host of this machine with a public name redirects into the private network.
    #[test]
    fn a_redirect_into_a_private_network_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let host = std::thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            let answer = format!("HTTP/1.1 302 Found\r\nLocation: http://{here}/secret\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            drop(stream);
            listener.set_nonblocking(true).unwrap();
            (line, listener)
        });
        crate::fetch::tls::use_ring();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .resolve("public.example", here)
            .build()
            .unwrap();
        let config = ExternalConfig { retries: 0, delay: Duration::ZERO, ..Default::default() };
        let pace = Pace::new(config.delay);
        let asker = Asker { client: &client, config: &config, pace: &pace };
        let address = Address::parse(&format!("http://public.example:{}/", here.port())).unwrap();
        let answer = until_done(asker.ask(&address)).unwrap();
        let Answer::Known(Outcome::Astray(how)) = answer else { panic!("{answer:?}") };
        assert!(how.contains("into a private network"), "{how}");
        let (line, listener) = host.join().unwrap();
        assert!(line.starts_with("HEAD / "), "{line}");
        assert!(listener.accept().is_err(), "somebody came back");
    }
}
