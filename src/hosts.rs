//! Hosts: the places that answer readers with a site's files, each with rules of its own.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What answers readers with the site's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Host {
    /// GitHub Pages.
    #[value(name = "github-pages")]
    #[serde(rename = "github-pages")]
    GitHubPages,
    /// GitLab Pages.
    #[value(name = "gitlab-pages")]
    #[serde(rename = "gitlab-pages")]
    GitLabPages,
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    CloudflarePages,
    /// A bucket of S3 that answers as a website.
    S3,
    /// Apache's web server.
    Apache,
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

impl Host {
    /// Its name in the settings and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Host::GitHubPages => "github-pages",
            Host::GitLabPages => "gitlab-pages",
            Host::Netlify => "netlify",
            Host::CloudflarePages => "cloudflare-pages",
            Host::S3 => "s3",
            Host::Apache => "apache",
            Host::Nginx => "nginx",
            Host::Caddy => "caddy",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_name_in_settings_on_the_command_line_and_in_records() {
        for host in Host::value_variants() {
            let typed = host.to_possible_value().map(|value| value.get_name().to_owned());
            assert_eq!(typed.as_deref(), Some(host.name()));
            assert_eq!(serde_json::to_value(host).ok(), Some(host.name().into()));
        }
    }
}
