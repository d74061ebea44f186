//! Requests for one page: the page, its pictures, an archived copy.

use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

use super::error::ClipError;

/// A response after redirects.
pub(super) struct Answered {
    /// The decompressed body.
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: Option<String>,
    /// All addresses, from the requested one to the final one.
    pub(super) way: Vec<Url>,
    pub(super) received: DateTime<Utc>,
    /// All requests and responses, as a WARC file.
    pub(super) warc: Vec<u8>,
}

#[cfg(feature = "network")]
mod online {
    use reqwest::Client;

    use super::{Answered, ClipError, NaiveDate, Url};
    use crate::fetch::network::{self, Purpose};
    use crate::fetch::page::{Exchange, FetchError, Fetcher, Wanted};
    use crate::fetch::{until_done, wayback};
    use crate::import::clip::warc::Warc;
    use crate::ledger::Address;
    use crate::settings::Config;

    /// A connection to the network.
    pub(in crate::import) struct Net<'a> {
        client: Client,
        fetcher: Fetcher<'a>,
        config: &'a Config,
    }

    impl<'a> Net<'a> {
        pub(in crate::import) fn open(config: &'a Config) -> Result<Net<'a>, ClipError> {
            let client = network::client(config, Purpose::Clip)
                .map_err(|error| refused(&FetchError::Client(error.to_string())))?;
            let agent = network::user_agent(config, Purpose::Clip);
            let fetcher = Fetcher::new(client.clone(), &config.check.external, agent);
            Ok(Net { client, fetcher, config })
        }

        /// Fetches a page.
        pub(in crate::import::clip) fn page(&self, url: &Url) -> Result<Answered, ClipError> {
            self.take(url, Wanted::PAGE)
        }

        /// Fetches a picture.
        pub(in crate::import) fn picture(&self, url: &Url) -> Result<Vec<u8>, ClipError> {
            Ok(self.take(url, Wanted::PICTURE)?.bytes)
        }

        fn take(&self, url: &Url, wanted: Wanted) -> Result<Answered, ClipError> {
            let exchanges = until_done(self.fetcher.take(url, wanted))
                .map_err(|error| refused(&FetchError::Client(error.to_string())))?
                .map_err(|error| refused(&error))?;
            answered(&exchanges)
        }

        /// The address of the archived copy closest to a day.
        pub(in crate::import::clip) fn memento(
            &self,
            address: &str,
            near: Option<NaiveDate>,
        ) -> Result<Option<String>, String> {
            let Some(address) = Address::parse(address) else { return Ok(None) };
            let api = &self.config.check.external.wayback;
            until_done(wayback::copy(&self.client, api, &address, near))
                .map_err(|error| error.to_string())?
        }
    }

    fn answered(exchanges: &[Exchange]) -> Result<Answered, ClipError> {
        let Some(last) = exchanges.last() else {
            return Err(refused(&FetchError::Silent("nothing was answered".to_owned())));
        };
        let bytes = last.unpacked().map_err(|error| refused(&error))?;
        let packed = || -> std::io::Result<Vec<u8>> {
            let mut warc = Warc::new(last.received)?;
            exchanges.iter().try_for_each(|exchange| warc.add_exchange(exchange))?;
            Ok(warc.into_bytes())
        };
        let warc = packed().map_err(|error| refused(&FetchError::Client(error.to_string())))?;
        Ok(Answered {
            bytes,
            content_type: last.content_type().map(str::to_owned),
            way: exchanges.iter().map(|exchange| exchange.url.clone()).collect(),
            received: last.received,
            warc,
        })
    }

    fn refused(error: &FetchError) -> ClipError {
        ClipError::Fetch { message: error.to_string(), help: error.help() }
    }
}

#[cfg(not(feature = "network"))]
mod offline {
    use super::{Answered, ClipError, NaiveDate, Url};
    use crate::settings::Config;

    /// No value exists: the program was built without the feature `network`.
    pub(in crate::import) enum Net<'a> {
        #[allow(dead_code, reason = "never made")]
        Never(std::convert::Infallible, &'a Config),
    }

    #[allow(clippy::unused_self, reason = "as the network has them")]
    impl<'a> Net<'a> {
        pub(in crate::import) fn open(_: &'a Config) -> Result<Net<'a>, ClipError> {
            Err(ClipError::NoNetwork)
        }

        pub(in crate::import::clip) fn page(&self, _: &Url) -> Result<Answered, ClipError> {
            Err(ClipError::NoNetwork)
        }

        pub(in crate::import) fn picture(&self, _: &Url) -> Result<Vec<u8>, ClipError> {
            Err(ClipError::NoNetwork)
        }

        pub(in crate::import::clip) fn memento(
            &self,
            _: &str,
            _: Option<NaiveDate>,
        ) -> Result<Option<String>, String> {
            Err(ClipError::NoNetwork.to_string())
        }
    }
}

#[cfg(not(feature = "network"))]
pub(in crate::import) use offline::Net;
#[cfg(feature = "network")]
pub(in crate::import) use online::Net;
