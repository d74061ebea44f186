//! The result of requesting an address, and the async runtime.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The state of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It works.
    Living,
    /// It redirects permanently to this address.
    Moved(String),
    /// It redirects to a home page.
    Home(String),
    /// It does not work; the reason.
    Failed(String),
    /// The host refuses programs; the reason.
    Refused(String),
    /// Its redirects are invalid; the reason.
    Astray(String),
    /// It is private, and was not requested.
    Private,
}

/// Runs a future to its end, without waiting for pending name lookups.
pub(crate) fn until_done<T>(questions: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answers = runtime.block_on(questions);
    runtime.shutdown_timeout(Duration::from_millis(10));
    Ok(answers)
}
