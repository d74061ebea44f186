//! Fetches one page: its bytes as received, and the redirects to it.
//!
//! Follows the same rules as [`super::asking`] (no private address, one request at a time, pauses
//! where a host asks for them) and the host's `robots.txt`; neither sends nor stores cookies. Time
//! and memory are limited, whatever the host does: an endless or too large response is an error.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, USER_AGENT,
};
use reqwest::{Client, StatusCode, Version};
use url::Url;

use crate::settings::external::ExternalConfig;

use super::Outcome;
use super::asking::{
    LONGEST_WAIT, Way, in_words, is_about_private, is_about_trust, is_redirect, may_pass, named,
    waiting_time,
};
use super::network::is_private;
use super::pace::{Pace, host_of};
use super::robots::{self, Robots};

/// The maximum size of a page in bytes, compressed or not.
const LONGEST_PAGE: usize = 20 * 1024 * 1024;

/// The maximum size of a redirect's body in bytes.
const LONGEST_REDIRECT: usize = 64 * 1024;

/// The maximum time for a page, with all requests, redirects and pauses.
const LONGEST_TIME: Duration = Duration::from_mins(3);

/// A request and its response.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) url: Url,
    /// The request's headers.
    pub(crate) asked: Vec<(&'static str, String)>,
    pub(crate) received: DateTime<Utc>,
    pub(crate) version: Version,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// As received, perhaps compressed, without chunked transfer coding.
    pub(crate) body: Vec<u8>,
    /// Whether the rest was not read.
    pub(crate) is_cut: bool,
}

impl Exchange {
    /// The declared media type.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The decompressed body.
    pub(crate) fn unpacked(&self) -> Result<Vec<u8>, FetchError> {
        let codings = self.headers.get_all(CONTENT_ENCODING).iter();
        let codings: Vec<String> = codings
            .flat_map(|value| {
                let value = String::from_utf8_lossy(value.as_bytes());
                value.split(',').map(str::to_owned).collect::<Vec<_>>()
            })
            .map(|coding| coding.trim().to_lowercase())
            .filter(|coding| !coding.is_empty() && coding != "identity")
            .collect();
        let mut bytes = self.body.clone();
        // Several nested compressions could decompress to gigabytes.
        if codings.len() > 2 {
            return Err(FetchError::Packed(codings.join(", ")));
        }
        for coding in codings.iter().rev() {
            bytes = unpack(coding, &bytes)?;
        }
        Ok(bytes)
    }
}

fn unpack(coding: &str, bytes: &[u8]) -> Result<Vec<u8>, FetchError> {
    let read: Box<dyn Read + '_> = match coding {
        "gzip" | "x-gzip" => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
        "deflate" => Box::new(flate2::read::ZlibDecoder::new(bytes)),
        "br" => Box::new(brotli::Decompressor::new(bytes, 4096)),
        _ => return Err(FetchError::Packed(coding.to_owned())),
    };
    let mut unpacked = Vec::new();
    let limit = LONGEST_PAGE as u64 + 1;
    read.take(limit)
        .read_to_end(&mut unpacked)
        .map_err(|_| FetchError::Packed(coding.to_owned()))?;
    if unpacked.len() > LONGEST_PAGE {
        Err(FetchError::TooLong(LONGEST_PAGE))
    } else {
        Ok(unpacked)
    }
}

/// Why a page could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FetchError {
    /// It is on this machine or in a private network.
    #[error("{0} leads into a private network, and was not asked")]
    Private(String),
    /// The settings exclude its host.
    #[error("{0} is among the hosts that are not asked")]
    Skipped(String),
    /// `robots.txt` disallows it.
    #[error("robots.txt of {host} keeps programs from {path}")]
    Robots {
        /// The host.
        host: String,
        /// The rule.
        path: String,
    },
    /// `robots.txt` can't be read now.
    #[error("robots.txt of {host} can't be read: {why}")]
    RobotsUnknown {
        /// The host.
        host: String,
        /// The reason.
        why: String,
    },
    /// The response is not a page.
    #[error("the page can't be had: {0}")]
    NoPage(String),
    /// It redirects to the home page: the page itself is gone.
    #[error("the page is gone: its address leads to the front page {0}")]
    Home(String),
    /// Its redirects are invalid.
    #[error("the page can't be had: {0}")]
    Astray(String),
    /// No response, or an incomplete one.
    #[error("the page can't be had: {0}")]
    Silent(String),
    /// The host asks for a pause.
    #[error("{0} wants to be left alone for now")]
    Later(String),
    /// It exceeds the maximum size.
    #[error("the answer has more than {} MB, and was not read on", .0 / 1024 / 1024)]
    TooLong(usize),
    /// It can't be decompressed.
    #[error("the answer can't be unpacked (content-encoding: {0})")]
    Packed(String),
    /// The address can't be requested.
    #[error("no question can be asked: {0}")]
    Client(String),
}

impl FetchError {
    /// The remedy.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            FetchError::Private(_) => {
                "an archive on a machine of your own may allow it: [check.external] private = true"
            }
            FetchError::Skipped(_) => {
                "take it out of `skip` in [check.external], or save the page in a browser and clip \
                 the file"
            }
            FetchError::Robots { .. } | FetchError::RobotsUnknown { .. } => {
                "read the page in a browser, save it, and clip the file: dateline clip page.html"
            }
            FetchError::Later(_) => "try again in an hour",
            _ => {
                "look at the address in a browser; a page that you see there can be saved and clipped as a file"
            }
        }
    }
}

/// The kind of content requested.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// The `Accept` header.
    pub(crate) accept: &'static str,
    /// The maximum size in bytes.
    pub(crate) longest: usize,
}

impl Wanted {
    /// A web page.
    pub(crate) const PAGE: Wanted = Wanted {
        accept: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
        longest: LONGEST_PAGE,
    };

    /// A picture.
    pub(crate) const PICTURE: Wanted = Wanted { accept: "image/*", longest: LONGEST_PAGE };

    const ROBOTS: Wanted = Wanted { accept: "text/plain, */*;q=0.1", longest: robots::LONGEST };
}

/// Fetches pages and pictures.
#[derive(Debug)]
pub(crate) struct Fetcher<'a> {
    client: Client,
    config: &'a ExternalConfig,
    user_agent: String,
    pace: Pace,
    robots: RefCell<HashMap<String, Robots>>,
}

/// Whether to obey `robots.txt`: not when fetching it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    Heeded,
    Unread,
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(client: Client, config: &'a ExternalConfig, user_agent: String) -> Self {
        let pace = Pace::new(config.delay);
        Fetcher { client, config, user_agent, pace, robots: RefCell::default() }
    }

    /// Fetches an address; the last exchange holds the content, those before it are redirects.
    pub(crate) async fn take(
        &self,
        url: &Url,
        wanted: Wanted,
    ) -> Result<Vec<Exchange>, FetchError> {
        let work = self.follow(url, wanted, Rules::Heeded);
        let late = || FetchError::Silent(format!("no page within {} s", LONGEST_TIME.as_secs()));
        tokio::time::timeout(LONGEST_TIME, work).await.unwrap_or_else(|_| Err(late()))
    }

    async fn follow(
        &self,
        url: &Url,
        wanted: Wanted,
        rules: Rules,
    ) -> Result<Vec<Exchange>, FetchError> {
        let mut start = url.clone();
        start.set_fragment(None);
        let mut way = Way::from(start);
        let mut exchanges = Vec::new();
        loop {
            let here = way.here().clone();
            self.judge(&here)?;
            if rules == Rules::Heeded {
                self.heed(&here).await?;
            }
            let exchange = self.ask(&here, wanted).await?;
            let (status, headers) = (exchange.status, exchange.headers.clone());
            exchanges.push(exchange);
            if is_redirect(status, &headers) {
                way.go_on(status, &headers, self.config.redirects).map_err(error_of)?;
                continue;
            }
            return match way.end(status) {
                Outcome::Living | Outcome::Moved(_) if status.is_success() => Ok(exchanges),
                Outcome::Living | Outcome::Moved(_) => Err(FetchError::NoPage(named(status))),
                outcome => Err(error_of(outcome)),
            };
        }
    }

    /// Whether an address may be requested at all.
    fn judge(&self, url: &Url) -> Result<(), FetchError> {
        if is_private(url) && !self.config.private {
            return Err(FetchError::Private(url.to_string()));
        }
        match url.host_str() {
            Some(host) if self.config.skips(host) => Err(FetchError::Skipped(host.to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether `robots.txt` allows an address. A host without the file allows all; while the file
    /// is unreachable, nothing is allowed (RFC 9309 §2.3.1).
    async fn heed(&self, url: &Url) -> Result<(), FetchError> {
        let host = host_of(url);
        let known = self.robots.borrow().get(&host).cloned();
        let robots = if let Some(robots) = known {
            robots
        } else {
            let robots = self.robots(url).await?;
            self.robots.borrow_mut().insert(host, robots.clone());
            robots
        };
        if robots.allows(url) {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Err(FetchError::Robots { host, path: url.path().to_owned() })
    }

    async fn robots(&self, url: &Url) -> Result<Robots, FetchError> {
        let Ok(address) = url.join("/robots.txt") else { return Ok(Robots::default()) };
        match Box::pin(self.follow(&address, Wanted::ROBOTS, Rules::Unread)).await {
            Ok(exchanges) => {
                let bytes =
                    exchanges.last().map(Exchange::unpacked).transpose()?.unwrap_or_default();
                Ok(Robots::read(&String::from_utf8_lossy(&bytes)))
            }
            Err(FetchError::NoPage(why)) if why.starts_with('5') => {
                let host = url.host_str().unwrap_or_default().to_owned();
                Err(FetchError::RobotsUnknown { host, why })
            }
            // The file does not exist, or redirects nowhere.
            Err(FetchError::NoPage(_) | FetchError::Home(_) | FetchError::Astray(_)) => {
                Ok(Robots::default())
            }
            // A file of this size does not count as rules.
            Err(FetchError::TooLong(_) | FetchError::Packed(_)) => Ok(Robots::default()),
            Err(error) => Err(error),
        }
    }

    /// Requests one address, with retries where they may help.
    async fn ask(&self, url: &Url, wanted: Wanted) -> Result<Exchange, FetchError> {
        let mut failures = 0;
        loop {
            let answer = self.request(url, wanted).await;
            let wait = match &answer {
                Ok(exchange) if may_pass(exchange.status) => waiting_time(&exchange.headers),
                Err(FetchError::Silent(_)) => None,
                _ => return answer,
            };
            if wait.is_some_and(|wait| wait > LONGEST_WAIT) {
                return Err(FetchError::Later(url.host_str().unwrap_or_default().to_owned()));
            }
            if failures >= self.config.retries {
                return answer;
            }
            match wait {
                Some(wait) if !self.pace.rest(url, wait) => {
                    return Err(FetchError::Later(url.host_str().unwrap_or_default().to_owned()));
                }
                Some(_) => {}
                None => self.pace.hold(url, self.pace.back_off(failures)),
            }
            failures += 1;
        }
    }

    async fn request(&self, url: &Url, wanted: Wanted) -> Result<Exchange, FetchError> {
        self.pace.turn(url).await;
        let asked = vec![
            ("user-agent", self.user_agent.clone()),
            ("accept", wanted.accept.to_owned()),
            ("accept-encoding", "gzip".to_owned()),
        ];
        let request = self
            .client
            .get(url.clone())
            .header(USER_AGENT, &self.user_agent)
            .header(ACCEPT, wanted.accept)
            .header(ACCEPT_ENCODING, "gzip");
        let mut response = request.send().await.map_err(|error| self.error(&error, url))?;
        let (status, version) = (response.status(), response.version());
        let headers = response.headers().clone();
        let is_page = status.is_success();
        let longest = if is_page { wanted.longest } else { LONGEST_REDIRECT };
        let (mut body, mut is_cut) = (Vec::new(), false);
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                // The rest of a redirect's body is irrelevant.
                Err(_) if !is_page => {
                    is_cut = true;
                    break;
                }
                Err(error) => return Err(self.error(&error, url)),
            }
            if body.len() > longest {
                if is_page {
                    return Err(FetchError::TooLong(longest));
                }
                body.truncate(longest);
                is_cut = true;
                break;
            }
        }
        let (url, received) = (url.clone(), Utc::now());
        Ok(Exchange { url, asked, received, version, status, headers, body, is_cut })
    }

    fn error(&self, error: &reqwest::Error, url: &Url) -> FetchError {
        if is_about_private(error) {
            return FetchError::Private(url.to_string());
        }
        match in_words(error, self.config.timeout) {
            words if is_about_trust(&words) => FetchError::NoPage(words),
            words if error.is_body() || error.is_decode() => {
                FetchError::Silent(format!("the answer broke off: {words}"))
            }
            words => FetchError::Silent(words),
        }
    }
}

fn error_of(outcome: Outcome) -> FetchError {
    match outcome {
        Outcome::Home(url) => FetchError::Home(url),
        Outcome::Private => FetchError::Private(String::new()),
        Outcome::Failed(words) | Outcome::Refused(words) => FetchError::NoPage(words),
        Outcome::Astray(words) | Outcome::Moved(words) => FetchError::Astray(words),
        Outcome::Living => FetchError::Astray("it leads nowhere".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::fetch::{tls, until_done};

    /// A public host on this machine: it allows programs, and redirects them into the private
    /// network by IP address and by name.
    #[test]
    fn a_redirect_into_a_private_network_is_not_followed() {
        for target in ["127.0.0.1", "localhost", "[::1]", "2130706433"] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let here = listener.local_addr().unwrap();
            let location = format!("http://{target}:{}/secret", here.port());
            let host = std::thread::spawn(move || {
                let answers = [
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .to_owned(),
                    format!(
                        "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    ),
                ];
                for answer in answers {
                    let mut stream = listener.accept().unwrap().0;
                    let mut line = String::new();
                    BufReader::new(&stream).read_line(&mut line).unwrap();
                    stream.write_all(answer.as_bytes()).unwrap();
                }
                listener.set_nonblocking(true).unwrap();
                listener
            });
            tls::use_ring();
            let resolving = crate::fetch::network::only_public(Client::builder());
            let client = resolving
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .resolve("public.example", here)
                .build()
                .unwrap();
            let config = ExternalConfig { retries: 0, delay: Duration::ZERO, ..Default::default() };
            let fetcher = Fetcher::new(client, &config, "test".to_owned());
            let url = Url::parse(&format!("http://public.example:{}/", here.port())).unwrap();
            let taken = until_done(fetcher.take(&url, Wanted::PAGE)).unwrap();
            assert!(matches!(taken, Err(FetchError::Private(_))), "{taken:?}");
            assert!(host.join().unwrap().accept().is_err(), "somebody came back");
        }
    }
}
