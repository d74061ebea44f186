//! Hosts: services and servers that publish a site, and their configuration files in their own
//! syntax: redirects, status codes of withdrawn reports, headers.
//!
//! [`Answers`] come from the plan (`pipeline::hosting`); the result is files for the output, and a
//! list of what the host does not support. Nothing here touches a file.

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

pub(crate) use crate::hosts::unsupported::{Unsupported, UnsupportedReason, told};
pub(crate) use answers::{Answers, Gone, Moved, OldAddress, Reach, harmless};
pub(crate) use pattern::Pattern;
pub(crate) use pattern_index::PatternIndex;
pub(crate) use policy::{Headers, policy};

/// The configuration files for a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// By path in the output.
    pub files: Vec<RuleFile>,
    /// What the host does not support.
    pub unsupported: Vec<Unsupported>,
}

/// A configuration file of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Path from the output folder.
    pub path: &'static str,
    pub text: String,
    /// How it combines with a file of that name in `static/`.
    pub beside: Beside,
}

/// How a configuration file combines with the curator's own of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Ours is appended, so the curator's lines take precedence.
    After,
    /// The curator's file is used instead.
    GivesWay,
}

/// The folder of files that a server's configuration includes; it must not serve them.
pub(crate) const INCLUDED: &str = ".host";

impl Host {
    /// The paths of its configuration files; no page may have them.
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

    /// The configuration for these answers.
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

/// A comment about sites in a subfolder of their domain.
fn below(base: &str) -> String {
    match base {
        "/" => String::new(),
        base => format!("\n# The site's folder is /srv/site{base} here.\n#"),
    }
}

/// The comment at the top of a file.
fn heading(answers: &Answers) -> String {
    format!(
        "# Written by `dateline build` for {}; the next build writes it anew.\n",
        answers.home.as_str().replace(char::is_control, "")
    )
}

#[cfg(test)]
mod tests;
mod unsupported;
