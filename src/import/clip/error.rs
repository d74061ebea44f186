//! Errors of `dateline clip`, with remedies.

use std::path::PathBuf;

use crate::base::diagnostic::Diagnostic;

/// Why a page does not become a report.
#[derive(Debug, thiserror::Error)]
pub enum ClipError {
    /// It can't be fetched.
    #[error("{message}")]
    Fetch {
        /// The reason.
        message: String,
        /// The remedy.
        help: &'static str,
    },
    /// The program was built without the feature `network`.
    #[error("this program was made without the feature `network`")]
    NoNetwork,
    /// A file can't be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// It is not a web page.
    #[error("it is no web page, but {0}")]
    NoHtml(String),
    /// The archive has this original already.
    #[error("{holder} is the report of {address}{withdrawn}; nothing was written", withdrawn = if *.is_withdrawn { ", and was withdrawn" } else { "" })]
    Known {
        /// The original's address.
        address: String,
        /// The report's file.
        holder: String,
        /// Whether the report is withdrawn.
        is_withdrawn: bool,
    },
    /// It is an error page or a barrier, with this headline.
    #[error("the address answers with a page that is no report: “{0}”")]
    InPlace(String),
    /// It has no headline.
    #[error("the page has no headline")]
    NoTitle,
    /// The file or its address is in use.
    #[error("{0} is taken; nothing was written")]
    Taken(String),
    /// A build would reject the report.
    #[error("nothing was written")]
    Refused(Vec<Diagnostic>),
}

impl ClipError {
    /// The remedy.
    pub fn help(&self) -> &'static str {
        match self {
            ClipError::Fetch { help, .. } => help,
            ClipError::NoNetwork => "save the page in a browser, and clip the file",
            ClipError::Io { .. } => "check who owns it and what its permissions are",
            ClipError::NoHtml(_) => {
                "begin the report by hand: dateline new \"Headline\" --url ADDRESS"
            }
            ClipError::Known { is_withdrawn: true, .. } => {
                "a report that was taken down does not come back by itself"
            }
            ClipError::Known { .. } => {
                "edit that file; a report of the same event has another address"
            }
            ClipError::InPlace(_) => {
                "look at it in a browser; if the report is there, save the page and clip the file"
            }
            ClipError::NoTitle => "give one: --title \"Talks begin in Geneva\"",
            ClipError::Taken(_) => "name this one otherwise: --slug another-name",
            ClipError::Refused(_) => "give what is wrong by hand: see dateline clip --help",
        }
    }

    /// Whether the cause is the page or the archive, rather than the input or the network.
    pub fn is_about_content(&self) -> bool {
        matches!(
            self,
            ClipError::Known { .. }
                | ClipError::InPlace(_)
                | ClipError::NoTitle
                | ClipError::NoHtml(_)
                | ClipError::Refused(_)
        )
    }
}
