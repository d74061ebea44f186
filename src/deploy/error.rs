//! Why a site was not deployed, in words without anything secret, and how to mend it.

use std::path::PathBuf;

use url::Url;

use crate::base::diagnostic::Diagnostic;
use crate::output::OutputError;
use crate::pipeline::Unpublished;

use super::lost::Lost;
use super::remote::Unowned;
use crate::deploy::without_secrets::redacted;

/// Why a site was not deployed, or not to the end.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The settings are no help.
    #[error("the settings can't be used")]
    Settings(Vec<Diagnostic>),
    /// The site can't be read, or is not there.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// No target of that name, or several to choose from.
    #[error("{message}")]
    NoTarget {
        /// What is wrong.
        message: String,
        /// How to mend it.
        help: String,
    },
    /// The output holds another site.
    #[error("the site in `{}` was built {built}", output.display())]
    OtherSite {
        /// The output's folder.
        output: PathBuf,
        /// How.
        built: String,
    },
    /// The output is not what was published.
    #[error("{count} of the site's files are not as they were built, `{first}` among them")]
    Damaged {
        /// How many.
        count: usize,
        /// One of them.
        first: String,
    },
    /// The site still shows what was withdrawn or redacted.
    #[error("{}", unpublished_in_words(unpublished))]
    Unpublished {
        /// What was decided.
        unpublished: Vec<Unpublished>,
    },
    /// The archive changed after the site was built.
    #[error("the site in `{}` is older than the archive", output.display())]
    Older {
        /// The output's folder.
        output: PathBuf,
    },
    /// Addresses would be lost.
    #[error("addresses that readers know would be lost: {}", lost.len())]
    Lost {
        /// Which.
        lost: Vec<Lost>,
    },
    /// Too much would be deleted.
    #[error("{count} files would be deleted, more than {limit}")]
    TooManyDeletes {
        /// How many.
        count: usize,
        /// How many may.
        limit: usize,
    },
    /// The target holds files, and no record tells which are Dateline's.
    #[error("`{place}` holds files, and {reason}")]
    NotOurs {
        /// The target.
        place: String,
        /// What is wrong with the record.
        reason: Unowned,
    },
    /// A folder target lies in the archive or in its site.
    #[error("`{}` is part of the archive or of its site", place.display())]
    Within {
        /// The target.
        place: PathBuf,
    },
    /// What is there was deployed for another address.
    #[error("the target `{target}` holds a site for {there}, and this one is for {here}")]
    OtherAddress {
        /// The target's name.
        target: String,
        /// Where that site is read.
        there: String,
        /// Where this one is.
        here: String,
    },
    /// A file's name is none that the target takes.
    #[error("`{place}` can't take the file {path:?}: {reason}")]
    BadName {
        /// The target.
        place: String,
        /// The file.
        path: String,
        /// Why not.
        reason: &'static str,
    },
    /// Another deploy is at work there.
    #[error("another deploy is writing to `{place}`")]
    Overtaken {
        /// The target.
        place: String,
    },
    /// Where the site goes can't be opened, and nothing was touched.
    #[error("can't open {place}: {message}")]
    Unopened {
        /// The target.
        place: String,
        /// Why, without anything secret.
        message: String,
    },
    /// A program or a service refused.
    #[error("can't {doing}: {message}")]
    Refused {
        /// What was tried.
        doing: String,
        /// The answer, without anything secret.
        message: String,
    },
    /// The site is there, and a cache was not told.
    #[error("the site is deployed, but `{url}` was not told what changed: {message}")]
    NotPurged {
        /// Who should have been told.
        url: Url,
        /// The answer.
        message: String,
    },
}

/// Which decisions readers do not see yet, by address.
pub fn unpublished_in_words(unpublished: &[Unpublished]) -> String {
    let one = |found: &Unpublished| {
        format!("the {} of {} is not yet published", found.decision.name(), found.address)
    };
    unpublished.iter().map(one).collect::<Vec<_>>().join("\n")
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

    /// How to mend it.
    pub fn help(&self) -> Option<String> {
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
