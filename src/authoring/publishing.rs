//! `dateline init --ci`: what a forge needs to build and publish an archive at every push, and a
//! container that serves it. The files are the curator's from then on.

use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use crate::settings::reading;

use super::{AuthoringError, Missing, write_missing};

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

/// A container's, in the archive's own folder.
const DOCKERFILE: (&str, &str) = ("Dockerfile", include_str!("publishing/Dockerfile"));
const DOCKERIGNORE: (&str, &str) = (".dockerignore", "/.git/\n/.dateline/\n/{output}/\n");

/// What GitLab publishes, whatever it holds.
const GITLAB_SITE: &str = "public";

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

/// Writes what is not there yet. A forge reads its workflow at the top of a repository only, wherever
/// the archive is in it.
pub fn write(folder: &Path, forge: Forge) -> Result<Missing, AuthoringError> {
    let layout = Layout::of(folder)?;
    if forge == Forge::GitLab && Path::new(&layout.folder).starts_with(GITLAB_SITE) {
        let reason = "GitLab would publish all of it, as it publishes the folder `public`";
        return Err(AuthoringError::Place { path: folder.to_owned(), reason });
    }
    let (name, text) = forge.workflow();
    let workflow = write_missing(&layout.top, [(name, layout.filled(text))].into_iter())?;
    let docker = [DOCKERFILE, DOCKERIGNORE].map(|(name, text)| (name, layout.filled(text)));
    Ok(workflow.and(write_missing(folder, docker.into_iter())?))
}

/// Where things are for whoever builds in the repository.
struct Layout {
    /// The top of the repository.
    top: PathBuf,
    /// The archive's folder from there, with `/` at its end; empty at the top itself.
    folder: String,
    /// The output from the archive's folder.
    output: String,
    /// Whether the settings name an output outside of the archive, where no workflow can keep it.
    is_elsewhere: bool,
}

impl Layout {
    fn of(folder: &Path) -> Result<Layout, AuthoringError> {
        let failed = |source| AuthoringError::Io { path: folder.to_owned(), source };
        let real = folder.canonicalize().map_err(failed)?;
        let top = real.ancestors().find(|above| above.join(".git").exists());
        let below = top.and_then(|top| real.strip_prefix(top).ok());
        let mut inside = slashed(below.unwrap_or(Path::new("")));
        let top = match top {
            Some(top) if !inside.is_empty() => {
                inside.push('/');
                top.to_owned()
            }
            _ => folder.to_owned(),
        };
        let text = std::fs::read_to_string(folder.join("dateline.toml")).map_err(failed)?;
        let written = reading::read("dateline.toml", &text).0.output_dir;
        let is_inside = written.components().all(|part| matches!(part, Component::Normal(_)));
        let output = if is_inside { slashed(&written) } else { GITLAB_SITE.to_owned() };
        let layout = Layout { top, folder: inside, output, is_elsewhere: !is_inside };
        // All else may mean something to a shell, to YAML or to a pattern of paths.
        let is_plain = |letter: char| letter.is_alphanumeric() || "._-/ ".contains(letter);
        if !layout.site().chars().all(is_plain) {
            let reason = "only letters, digits, spaces and . _ - can stand in a workflow";
            return Err(AuthoringError::Place { path: folder.join(&layout.output), reason });
        }
        Ok(layout)
    }

    /// The output from the top of the repository.
    fn site(&self) -> String {
        format!("{}{}", self.folder, self.output)
    }

    /// The text of a file. It names the release of this very program: another one might build another
    /// site. Where its releases are, only its package knows.
    fn filled(&self, text: &str) -> String {
        let repository = env!("CARGO_PKG_REPOSITORY");
        let repository = repository.strip_prefix("https://github.com/").unwrap_or_default();
        let (site, folder) = (self.site(), self.folder.trim_end_matches('/'));
        let root =
            if folder.is_empty() { String::new() } else { format!(" --root {}", word(folder)) };
        let elsewhere = if self.is_elsewhere { " --output-dir public" } else { "" };
        let copied = if Path::new(&site).starts_with(GITLAB_SITE) {
            String::new()
        } else {
            let site = word(&site);
            format!("    - rm -rf {GITLAB_SITE}\n    - cp -R {site} {GITLAB_SITE}\n")
        };
        text.replace("{version}", concat!("v", env!("CARGO_PKG_VERSION")))
            .replace("{repository}", repository.trim_end_matches(".git"))
            .replace("{root}", &root)
            .replace("{elsewhere}", elsewhere)
            .replace("{copied}", &copied)
            .replace("{folder}", &self.folder)
            .replace("{site}", &site)
            .replace("{output}", &self.output)
    }
}

/// A path with `/` on every system.
fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// A path as a shell takes it for one word.
fn word(path: &str) -> String {
    if path.contains(' ') { format!("'{path}'") } else { path.to_owned() }
}
