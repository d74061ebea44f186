//! The only way to the network for addresses that reports link: which addresses may be asked, how
//! fast, and what an answer means.

pub(crate) mod asking;
pub(crate) mod network;
pub(crate) mod pace;

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It is there.
    Living,
    /// It is at another address for good.
    Moved(String),
    /// It leads to the front door of a host.
    Home(String),
    /// It is not there, and why.
    Failed(String),
    /// Its host does not say to programs whether it is there, and why.
    Refused(String),
    /// It leads nowhere, and how.
    Astray(String),
    /// It is no address of the public Internet, and was not asked.
    Private,
}

/// Runs questions to their end; names that are still looked up are not waited for.
pub(crate) fn until_done<T>(questions: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answers = runtime.block_on(questions);
    runtime.shutdown_timeout(Duration::from_millis(10));
    Ok(answers)
}
