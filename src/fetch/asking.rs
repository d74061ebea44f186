//! One address, asked until it is known what became of it.

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

/// A host that asks us to wait longer is asked another day.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Somebody answered.
    Known(Outcome),
    /// Nobody did, and it may be our own line.
    Silent(Silence),
    /// Not now.
    Later(Put),
}

/// Nobody answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Silence {
    /// Why, in words.
    pub(crate) why: String,
    /// Whether anybody was there to be asked: where not, no other page of the host would answer.
    pub(crate) reached: Reached,
}

/// How far a question came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// To the host, which then said nothing.
    Host,
    /// Nowhere: there is no such name, or nobody listens.
    Nobody,
}

/// Why a question is put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// The host wants to be left alone for longer than a run takes.
    ByHost,
    /// It said of this page alone, as often as it was asked, that we ask too much; or another host did,
    /// to which this page leads on.
    ByPage,
}

/// What an address says, before redirects are followed.
enum Reply {
    Status(StatusCode, HeaderMap),
    Silent(Silence),
    /// Nobody who could prove to be the host.
    Untrusted(String),
    Private,
    Later(Put),
}

/// Asks addresses, at the pace their hosts can bear.
#[derive(Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) client: &'a Client,
    pub(crate) config: &'a ExternalConfig,
    pub(crate) pace: &'a Pace,
}

impl Asker<'_> {
    /// Follows an address to where it leads.
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
                // It is another host that wants rest.
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

    /// What one address says: HEAD first, GET where HEAD is not answered well, again where that may
    /// help.
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

    /// The answer to HEAD, where it can be taken at its word: many hosts refuse it, some hang, and some
    /// say of a page that is there that it is not.
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

    /// One request. Of the answer the head is read and nothing else: however long the body is, or
    /// whatever it unpacks to, it is not waited for.
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

/// The way from an address to where it leads.
pub(super) struct Way {
    start: Url,
    /// All of it, without fragments.
    seen: Vec<Url>,
    /// How far it goes for good.
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

    /// One step further, unless it leads nowhere.
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

    /// What the last answer says of the first address.
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
        // A page that is gone is often answered with the way to the front door.
        let is_home = |url: &Url| url.path() == "/" && url.query().is_none();
        if is_home(self.here()) && !is_home(&self.start) {
            return Outcome::Home(self.here().to_string());
        }
        self.moved.as_ref().map_or(Outcome::Living, |url| Outcome::Moved(url.to_string()))
    }

    /// Silence further on says nothing of the host that was asked first.
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

/// What is said at last: who answers only that we ask too much has not said what became of the page.
fn given_up(reply: Reply) -> Reply {
    match reply {
        Reply::Status(StatusCode::TOO_MANY_REQUESTS, _) => Reply::Later(Put::ByPage),
        reply => reply,
    }
}

pub(super) fn is_redirect(status: StatusCode, headers: &HeaderMap) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) && headers.contains_key(LOCATION)
}

/// Whether there is a page, or the way to one.
fn is_answer(status: StatusCode) -> bool {
    status.is_success() || matches!(status.as_u16(), 300 | 301 | 302 | 303 | 307 | 308)
}

/// Whether asking once more may help.
pub(super) fn may_pass(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// Whether the host may well show the page to a reader: it wants a name, money or a browser, or is not
/// allowed to show it where we are (451, RFC 7725).
fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 402 | 403 | 405 | 406 | 407 | 429 | 451 | 999)
}

pub(super) fn named(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// How long the host asks us to wait (RFC 9110 §10.2.3): seconds or a date.
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

/// Whether a certificate is no good, or a host that speaks TLS speaks no kind of it that we do. Browsers
/// mend some of these, so the page may be there for readers; the error's type is hidden two crates down,
/// its words are not.
pub(super) fn is_about_trust(words: &str) -> bool {
    words.contains("certificate") || words.contains("received fatal alert")
}

/// Why nobody answered. The last cause says it best, but for a timeout.
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

    /// A host of this machine under a public name, which sends everybody on into the private network.
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
