//! What is shown: the last good site, and problems since. The builder replaces it after each build;
//! requests and open pages read it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::base::diagnostic::{Diagnostic, Effect};
use crate::base::media_type::media_type;
use crate::base::served::Served;
use crate::output::{Target, Withdrawn};

use super::address::SitePath;

#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// `None` before the first successful build.
    pub(super) site: Option<ShownSite>,
    /// Identifies the site's state; open pages with another one reload.
    pub(super) version: String,
    /// Shown above every page until they are fixed.
    pub(super) problems: Vec<Problem>,
}

/// The status sent to open pages.
#[derive(Debug, Serialize)]
pub(super) struct StatusUpdate<'a> {
    version: &'a str,
    problems: &'a [Problem],
}

impl Shown {
    /// The home page's path, if there is a site.
    pub(super) fn home(&self) -> Option<String> {
        match &self.site {
            Some(site) => Some(site.base_path()),
            None if self.problems.is_empty() => None,
            None => Some("/".to_owned()),
        }
    }

    /// The status for open pages.
    pub(super) fn status(&self) -> StatusUpdate<'_> {
        StatusUpdate { version: &self.version, problems: &self.problems }
    }
}

/// A problem shown above a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    rule: &'static str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    text: Option<String>,
    message: String,
    help: Option<String>,
}

impl Problem {
    /// The problem of a diagnostic, unless it is only a warning.
    pub(super) fn of(diagnostic: &Diagnostic) -> Option<Problem> {
        if diagnostic.weight <= Effect::Warning {
            return None;
        }
        let place = diagnostic.place.as_ref();
        let spot = place.and_then(|place| place.spot.as_ref());
        Some(Problem {
            rule: diagnostic.rule.name(),
            file: place.map(|place| place.file.clone()),
            line: spot.map(|spot| spot.line),
            column: spot.map(|spot| spot.column),
            text: spot.map(|spot| spot.text().to_owned()),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
        })
    }

    pub(super) fn of_environment(message: String, help: Option<String>) -> Problem {
        let rule = crate::base::diagnostic::Rule::Output.name();
        Problem { rule, file: None, line: None, column: None, text: None, message, help }
    }
}

/// A complete site on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShownSite {
    /// Its folder, without symbolic links.
    folder: PathBuf,
    base: SitePath,
    /// Addresses of withdrawn articles, with their HTTP status.
    withdrawn: HashMap<String, u16>,
    /// Active files beside reports, with their policy.
    active: HashMap<String, &'static str>,
}

/// The result of a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A file with its status.
    File(PathBuf, u16),
    /// A redirect to this path.
    Elsewhere(String),
    /// Nothing; the page for error 404, if there is one.
    Nothing(Option<PathBuf>),
}

impl ShownSite {
    /// The published site of a target.
    pub(super) fn new(
        target: &Target,
        base_url: &str,
        withdrawn: &[Withdrawn],
        active: &[String],
    ) -> Option<ShownSite> {
        let url = url::Url::parse(base_url).ok()?;
        Some(ShownSite {
            folder: fs::canonicalize(&target.output).ok()?,
            base: SitePath::parse(url.path())?,
            active: active
                .iter()
                .filter_map(|path| Some((path.clone(), Served::of(path).policy()?)))
                .collect(),
            withdrawn: withdrawn
                .iter()
                .map(|gone| (gone.path.trim_matches('/').to_owned(), gone.status))
                .collect(),
        })
    }

    /// The base path, encoded.
    pub(super) fn base_path(&self) -> String {
        self.base.encoded()
    }

    /// Looks up the path of a request.
    pub(super) fn find(&self, raw: &str) -> Answer {
        let nothing = || Answer::Nothing(self.file("404.html"));
        let Some(asked) = SitePath::parse(raw) else { return nothing() };
        let Some(path) = asked.below(&self.base) else {
            let is_home = asked.is(&SitePath::default()) || asked.is(&self.base);
            return if is_home { Answer::Elsewhere(self.base_path()) } else { nothing() };
        };
        if let Some(file) = self.file(&path.file()) {
            return Answer::File(file, self.status(&path.file()));
        }
        if !path.is_folder() && self.file(&path.folder().file()).is_some() {
            return Answer::Elsewhere(asked.folder().encoded());
        }
        self.notice_above(&path).unwrap_or_else(nothing)
    }

    pub(super) fn policy(&self, file: &Path) -> Option<&'static str> {
        let path = file.strip_prefix(&self.folder).ok()?;
        let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        self.active.get(&path).copied()
    }

    pub(super) fn media_type(&self, file: &Path) -> String {
        let path = file.strip_prefix(&self.folder).unwrap_or(file);
        media_type(&path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// A file of the site, not behind a symbolic link.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let full = self.folder.join(path);
        let is_itself = fs::canonicalize(&full).is_ok_and(|found| found == full);
        (is_itself && full.is_file()).then_some(full)
    }

    /// The status of an existing file.
    fn status(&self, file: &str) -> u16 {
        let folder = file.strip_suffix("/index.html");
        folder.and_then(|folder| self.withdrawn.get(folder)).copied().unwrap_or(200)
    }

    /// The notice of a withdrawn article for paths below it: its files are gone, too.
    fn notice_above(&self, path: &SitePath) -> Option<Answer> {
        let file = path.file();
        let mut folder = file.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            if let Some(&status) = self.withdrawn.get(folder) {
                return Some(Answer::File(self.file(&format!("{folder}/index.html"))?, status));
            }
        }
        None
    }
}
