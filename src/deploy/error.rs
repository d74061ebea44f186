//! Errors of a deploy, without secrets, and their remedies.

use std::path::PathBuf;

use url::Url;

use crate::base::diagnostic::Diagnostic;
use crate::output::OutputError;
use crate::pipeline::{Unpublished, unpublished_in_words};

use super::lost::Lost;
use super::remote::Unowned;
use crate::deploy::without_secrets::redacted;

/// Why a deploy failed or stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeployError {
    /// The settings are invalid.
    #[error("the settings can't be used")]
    Settings(Vec<Diagnostic>),
    /// The site is missing or unreadable.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// No target has this name, or several exist and none was chosen.
    #[error("{message}")]
    NoTarget { message: String, help: String },
    /// The output holds another site.
    #[error("the site in `{}` was built {built}", output.display())]
    OtherSite {
        output: PathBuf,
        /// What differs.
        built: String,
    },
    /// Files of the output differ from the manifest.
    #[error("{count} of the site's files are not as they were built, `{first}` among them")]
    Damaged { count: usize, first: String },
    /// The site still shows withdrawn or redacted text.
    #[error("{}", unpublished_in_words(unpublished))]
    Unpublished { unpublished: Vec<Unpublished> },
    /// The archive changed after the site was built.
    #[error("the site in `{}` is older than the archive", output.display())]
    Older { output: PathBuf },
    /// Addresses would be lost.
    #[error("addresses that readers know would be lost: {}", lost.len())]
    Lost { lost: Vec<Lost> },
    /// Too many files would be deleted.
    #[error("{count} files would be deleted, more than {limit}")]
    TooManyDeletes { count: usize, limit: usize },
    /// The target contains files, but no record of ours.
    #[error("`{place}` holds files, and {reason}")]
    NotOurs { place: String, reason: Unowned },
    /// A folder target is inside the archive or its site.
    #[error("`{}` is part of the archive or of its site", place.display())]
    Within { place: PathBuf },
    /// The target holds a site for another address.
    #[error("the target `{target}` holds a site for {there}, and this one is for {here}")]
    OtherAddress {
        target: String,
        /// The address of that site.
        there: String,
        /// The address of this site.
        here: String,
    },
    /// The target does not allow a file's name.
    #[error("`{place}` can't take the file {path:?}: {reason}")]
    BadName { place: String, path: String, reason: &'static str },
    /// Another deploy is running.
    #[error("another deploy is writing to `{place}`")]
    Overtaken { place: String },
    /// The target can't be opened; nothing was changed.
    #[error("can't open {place}: {message}")]
    Unopened {
        place: String,
        /// The reason, without secrets.
        message: String,
    },
    /// A program or service failed.
    #[error("can't {doing}: {message}")]
    Refused {
        /// The action.
        doing: String,
        /// The answer, without secrets.
        message: String,
    },
    /// The site is deployed, but a cache was not purged.
    #[error("the site is deployed, but `{url}` was not told what changed: {message}")]
    NotPurged { url: Url, message: String },
}

impl DeployError {
    pub(super) fn refused(
        doing: impl std::fmt::Display,
        message: impl std::fmt::Display,
    ) -> DeployError {
        let [doing, message] = [doing.to_string(), message.to_string()].map(|text| redacted(&text));
        DeployError::Refused { doing, message }
    }

    pub(super) fn not_ours(place: impl std::fmt::Display, reason: Unowned) -> DeployError {
        DeployError::NotOurs { place: redacted(&place.to_string()), reason }
    }

    pub(super) fn overtaken(place: impl std::fmt::Display) -> DeployError {
        DeployError::Overtaken { place: redacted(&place.to_string()) }
    }

    pub(super) fn unopened(place: &str, message: impl std::fmt::Display) -> DeployError {
        DeployError::Unopened { place: place.to_owned(), message: redacted(&message.to_string()) }
    }

    /// The remedy.
    pub(crate) fn help(&self) -> Option<String> {
        let help = match self {
            DeployError::Output(error) => return error.help(),
            DeployError::NoTarget { help, .. } => help,
            DeployError::OtherSite { .. } => "run `dateline build`, and then deploy",
            DeployError::Damaged { .. } => {
                "`dateline verify` names them all; `dateline build` mends them"
            }
            DeployError::Unpublished { .. } => "run `dateline build` first, or deploy with --build",
            DeployError::Older { .. } => {
                "run `dateline build` first, or deploy with --build; --as-is deploys it as it is"
            }
            DeployError::TooManyDeletes { .. } => {
                "see which with --dry-run; if that is meant, say --max-deletes NUMBER"
            }
            DeployError::NotOurs { reason: Unowned::Later, .. } => {
                "deploy with that version, or a later one"
            }
            DeployError::OtherAddress { .. } => {
                "is it the right target? If the archive's own address changed, say --adopt"
            }
            DeployError::BadName { .. } => "give it another name, and build",
            DeployError::NotOurs { .. } => {
                "is it the right place? With --adopt files of the same names are overwritten, and \
                 all others left alone"
            }
            DeployError::Within { .. } => "choose a folder beside them, such as ../www",
            DeployError::Overtaken { .. } => "wait for it to end, and deploy again",
            DeployError::Unopened { .. } => {
                "“Deploying” in the manual says where keys are looked for"
            }
            DeployError::Refused { .. } => {
                "readers have a whole site; deploying again goes on where this ended"
            }
            DeployError::NotPurged { .. } => "deploying again tells it once more",
            DeployError::Settings(_) | DeployError::Lost { .. } => return None,
        };
        Some(help.to_owned())
    }
}
