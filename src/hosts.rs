//! Hosts: the places that answer readers with a site's files, and what each has to be told in its own
//! language, so that old addresses lead on, withdrawn reports answer so, and pages are safe.
//!
//! [`Answers`] come from the plan (`pipeline::hosting`); files for the output go out, and what the host
//! can't be told. Nothing here touches a file.

mod answers;
mod apache;
mod caddy;
mod github;
mod gitlab;
mod netlify;
mod nginx;
mod pattern;
mod pattern_index;
mod policy;
mod s3;

use crate::base::choices::Host;
use clap::ValueEnum;

pub use crate::hosts::unsupported::{Instead, Unsupported, UnsupportedReason, told};
pub use answers::{AddressError, Answers, Gone, Moved, OldAddress, Reach, asked_path, harmless};
pub use pattern::Pattern;
pub use pattern_index::PatternIndex;
pub use policy::{Headers, Policy, policy};

/// A file for a host, and what it could not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The files, by their path in the output.
    pub files: Vec<RuleFile>,
    /// What the host can't be told.
    pub unsupported: Vec<Unsupported>,
}

/// A file that only the host reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// From the output folder.
    pub path: &'static str,
    /// All of it.
    pub text: String,
    /// What becomes of it where `static/` has a file of that name.
    pub beside: Beside,
}

/// What becomes of a host's file where the curator has one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The curator's lines come first, and so does what they say.
    After,
    /// The curator's is the file.
    GivesWay,
}

/// The folder for what a server includes from where the site lies; no server shows it.
pub const INCLUDED: &str = ".host";

impl Host {
    /// The files that it is told by, in the output; no page may stand there.
    pub fn reserved(self) -> &'static [&'static str] {
        match self {
            Host::GitHubPages => &[github::NO_JEKYLL, github::DOMAIN],
            Host::GitLabPages => &[netlify::REDIRECTS],
            Host::Netlify | Host::CloudflarePages => &[netlify::REDIRECTS, netlify::HEADERS],
            Host::S3 => &[s3::FILE],
            Host::Apache => &[apache::FILE],
            Host::Nginx => &[nginx::FILE],
            Host::Caddy => &[caddy::FILE],
        }
    }

    /// What it has to be told.
    pub fn rules(self, answers: &Answers) -> Rules {
        match self {
            Host::GitHubPages => github::rules(answers),
            Host::GitLabPages => gitlab::rules(answers),
            Host::Netlify => netlify::rules(answers, netlify::Dialect::Netlify),
            Host::CloudflarePages => netlify::rules(answers, netlify::Dialect::Cloudflare),
            Host::S3 => s3::rules(answers),
            Host::Apache => apache::rules(answers),
            Host::Nginx => nginx::rules(answers),
            Host::Caddy => caddy::rules(answers),
        }
    }
}

/// Whether a file of the output is there for a host and not for readers.
pub fn is_for_host(path: &str) -> bool {
    Host::value_variants().iter().any(|host| host.reserved().contains(&path))
}

/// Where a site lies that is not the whole of its domain.
fn below(base: &str) -> String {
    match base {
        "/" => String::new(),
        base => format!("\n# The site's folder is /srv/site{base} here.\n#"),
    }
}

/// The first lines of a file, which say what it is.
fn heading(answers: &Answers) -> String {
    format!(
        "# Written by `dateline build` for {}; the next build writes it anew.\n",
        answers.home.as_str().replace(char::is_control, "")
    )
}

#[cfg(test)]
mod tests;
mod unsupported;
