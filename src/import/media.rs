//! Fetches feeds, and pictures of the old site, for an import.
//!
//! All requests use [`crate::fetch`]: no private address, one request at a time for each host,
//! pauses and `robots.txt` obeyed, time and size limited.

use std::path::Path;

use url::Url;

use crate::base::files::{self, Durability};
use crate::settings::Config;

use super::report::Placed;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The program was built without the feature `network`.
    #[error("this program was built without the feature network")]
    NoNetwork,
    /// The address is not a web address.
    #[error("{0} is no address of the web")]
    Address(String),
    /// The request failed.
    #[error("{message}")]
    Fetch {
        /// The reason.
        message: String,
        /// The remedy.
        help: &'static str,
    },
}

impl MediaError {
    /// The remedy.
    pub fn help(&self) -> &'static str {
        match self {
            MediaError::NoNetwork => "save it with a browser, and import the file",
            MediaError::Address(_) => "write it as in https://old.example/feed/",
            MediaError::Fetch { help, .. } => help,
        }
    }
}

/// Fetches a feed.
pub fn feed(address: &str, config: &Config) -> Result<Vec<u8>, MediaError> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| MediaError::Address(address.to_owned()))?;
    net::feed(&url, config)
}

/// A picture to fetch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wish {
    /// Its address.
    pub(crate) address: Url,
    /// Its path below `static/`.
    pub(crate) path: String,
}

/// Fetches pictures into `static/`; returns failures with reasons. Existing files are not fetched,
/// so that an interrupted run can continue.
pub(crate) fn pictures(
    wishes: &[Wish],
    (root, config): (&Path, &Config),
    done: &mut dyn FnMut(usize),
) -> Result<Vec<Placed>, MediaError> {
    let mut failed = Vec::new();
    net::pictures(wishes, config, &mut |at, answer| {
        let wish = &wishes[at];
        let kept = answer.and_then(|bytes| keep(root, wish, &bytes));
        if let Err(why) = kept {
            failed.push(Placed { file: wish.address.to_string(), what: why });
        }
        done(at + 1);
    })?;
    Ok(failed)
}

/// Writes a picture; other content is rejected.
fn keep(root: &Path, wish: &Wish, bytes: &[u8]) -> Result<(), String> {
    imagesize::blob_size(bytes).map_err(|_| "it is no picture".to_owned())?;
    let file = root.join("static").join(&wish.path);
    let folder = file.parent().unwrap_or(root);
    super::writing::make_folder(root, folder).map_err(|error| error.to_string())?;
    files::replace(&file, bytes, Durability::Passing).map_err(|error| error.to_string())
}

#[cfg(feature = "network")]
mod net {
    use url::Url;

    use super::MediaError;
    use crate::fetch::network::{self, Purpose};
    use crate::fetch::page::{FetchError, Fetcher, Wanted};
    use crate::fetch::until_done;
    use crate::settings::Config;

    const FEED: Wanted = Wanted {
        accept: "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1",
        longest: 20 * 1024 * 1024,
    };

    pub(super) fn feed(url: &Url, config: &Config) -> Result<Vec<u8>, MediaError> {
        let fetcher = fetcher(config)?;
        let taken = until_done(take(&fetcher, url, FEED)).map_err(|error| no_client(&error))?;
        taken.map_err(|error| refused(&error))
    }

    pub(super) fn pictures(
        wishes: &[super::Wish],
        config: &Config,
        answered: &mut dyn FnMut(usize, Result<Vec<u8>, String>),
    ) -> Result<(), MediaError> {
        let fetcher = fetcher(config)?;
        let all = async {
            for (at, wish) in wishes.iter().enumerate() {
                let taken = take(&fetcher, &wish.address, Wanted::PICTURE).await;
                answered(at, taken.map_err(|error| error.to_string()));
            }
        };
        until_done(all).map_err(|error| no_client(&error))
    }

    fn fetcher(config: &Config) -> Result<Fetcher<'_>, MediaError> {
        let client = network::client(config, Purpose::Import).map_err(|error| no_client(&error))?;
        let agent = network::user_agent(config, Purpose::Import);
        Ok(Fetcher::new(client, &config.check.external, agent))
    }

    async fn take(fetcher: &Fetcher<'_>, url: &Url, wanted: Wanted) -> Result<Vec<u8>, FetchError> {
        let exchanges = fetcher.take(url, wanted).await?;
        let last = exchanges.last();
        last.map_or_else(|| Ok(Vec::new()), crate::fetch::page::Exchange::unpacked)
    }

    fn no_client(error: &dyn std::fmt::Display) -> MediaError {
        refused(&FetchError::Client(error.to_string()))
    }

    fn refused(error: &FetchError) -> MediaError {
        let help = match error {
            FetchError::Private(_) => error.help(),
            _ => {
                "look at the address in a browser; what you see there can be saved, and the file imported"
            }
        };
        MediaError::Fetch { message: error.to_string(), help }
    }
}

#[cfg(not(feature = "network"))]
mod net {
    use url::Url;

    use super::MediaError;
    use crate::settings::Config;

    pub(super) fn feed(_: &Url, _: &Config) -> Result<Vec<u8>, MediaError> {
        Err(MediaError::NoNetwork)
    }

    pub(super) fn pictures(
        _: &[super::Wish],
        _: &Config,
        _: &mut dyn FnMut(usize, Result<Vec<u8>, String>),
    ) -> Result<(), MediaError> {
        Err(MediaError::NoNetwork)
    }
}
