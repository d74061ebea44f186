//! `dateline init --ci`: what a forge needs to build and publish an archive at every push, and a
//! container that serves it. The files are the curator's from then on.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{AuthoringError, write_missing};

/// Where the archive's repository is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Forge {
    /// GitHub, which publishes with GitHub Pages.
    #[value(name = "github")]
    GitHub,
    /// GitLab, which publishes with GitLab Pages.
    #[value(name = "gitlab")]
    GitLab,
}

const DOCKER: [(&str, &str); 2] = [
    ("Dockerfile", include_str!("publishing/Dockerfile")),
    (".dockerignore", "/.git/\n/.dateline/\n/public/\n"),
];

impl Forge {
    fn workflow(self) -> (&'static str, &'static str) {
        match self {
            Forge::GitHub => {
                (".github/workflows/publish.yml", include_str!("publishing/github.yml"))
            }
            Forge::GitLab => (".gitlab-ci.yml", include_str!("publishing/gitlab.yml")),
        }
    }
}

/// Writes what is not there yet; the paths written.
pub fn write(folder: &Path, forge: Forge) -> Result<Vec<PathBuf>, AuthoringError> {
    let files = [forge.workflow()].into_iter().chain(DOCKER);
    write_missing(folder, files.map(|(name, text)| (name, filled(text))))
}

/// The release of this very program: another one might build another site. Where its releases are,
/// only its package knows.
fn filled(text: &str) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let repository = repository.strip_prefix("https://github.com/").unwrap_or_default();
    text.replace("{version}", concat!("v", env!("CARGO_PKG_VERSION")))
        .replace("{repository}", repository.trim_end_matches(".git"))
}
