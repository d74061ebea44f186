//! `dateline init --ci`: a forge's workflow that builds and publishes the archive at every push,
//! and a Dockerfile that serves it. From then on the files are the curator's.

use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use crate::settings::loading;

use super::{AuthoringError, Missing, write_missing};

/// The forge of the archive's repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Forge {
    #[value(name = "github")]
    GitHub,
    #[value(name = "gitlab")]
    GitLab,
}

/// The Dockerfile, in the archive's own folder.
const DOCKERFILE: (&str, &str) = ("Dockerfile", include_str!("publishing/Dockerfile"));
const DOCKERIGNORE: (&str, &str) = (".dockerignore", "/.git/\n/.dateline/\n/{output}/\n");

/// The folder that GitLab publishes; its name is fixed.
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

/// Creates the missing files. The workflow goes to the top of the repository, as forges require,
/// even if the archive is a subfolder.
pub(crate) fn write(folder: &Path, forge: Forge) -> Result<Missing, AuthoringError> {
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

/// Paths as the workflow needs them.
struct Layout {
    /// The root of the repository.
    top: PathBuf,
    /// The archive's folder relative to the root, with a final `/`; empty for the root itself.
    folder: String,
    /// The output relative to the archive's folder.
    output: String,
    /// Whether the output is outside the archive; a workflow can't keep it there.
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
        let written = loading::sound(folder, Path::new("dateline.toml"))?.output_dir;
        let is_inside = written.components().all(|part| matches!(part, Component::Normal(_)));
        let output = if is_inside { slashed(&written) } else { GITLAB_SITE.to_owned() };
        let layout = Layout { top, folder: inside, output, is_elsewhere: !is_inside };
        // Other characters may be special to a shell, to YAML or in path patterns.
        let is_plain = |letter: char| letter.is_alphanumeric() || "._-/ ".contains(letter);
        if !layout.site().chars().all(is_plain) {
            let reason = "only letters, digits, spaces and . _ - can stand in a workflow";
            return Err(AuthoringError::Place { path: folder.join(&layout.output), reason });
        }
        Ok(layout)
    }

    /// The output relative to the root.
    fn site(&self) -> String {
        format!("{}{}", self.folder, self.output)
    }

    /// Fills in a template. It pins the release of this program, since another release might build
    /// another site. The package metadata has the address of releases.
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

/// A path with `/` as separator.
fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// A path quoted as one word for a shell.
fn word(path: &str) -> String {
    if path.contains(' ') { format!("'{path}'") } else { path.to_owned() }
}
