//! Enums that settings and front matter choose from. They lie below the rooms that act on them.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The ground of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithdrawalKind {
    /// A rights holder's claim.
    Copyright,
    /// A court's order.
    Court,
    /// The report was wrong.
    Error,
    /// A person asked for it.
    Request,
    /// To protect a person's privacy.
    Privacy,
    /// To protect a person's safety.
    Safety,
    /// The case is being examined.
    Pending,
}

impl WithdrawalKind {
    /// Every kind, in the order of the manual.
    pub const ALL: [WithdrawalKind; 7] = [
        WithdrawalKind::Copyright,
        WithdrawalKind::Court,
        WithdrawalKind::Error,
        WithdrawalKind::Request,
        WithdrawalKind::Privacy,
        WithdrawalKind::Safety,
        WithdrawalKind::Pending,
    ];

    /// Its name in front matter, settings and manifest.
    pub fn name(self) -> &'static str {
        match self {
            WithdrawalKind::Copyright => "copyright",
            WithdrawalKind::Court => "court",
            WithdrawalKind::Error => "error",
            WithdrawalKind::Request => "request",
            WithdrawalKind::Privacy => "privacy",
            WithdrawalKind::Safety => "safety",
            WithdrawalKind::Pending => "pending",
        }
    }

    /// The HTTP status for the host: 451 for a court order (RFC 7725), else 410.
    pub fn status(self) -> u16 {
        if self == WithdrawalKind::Court { 451 } else { 410 }
    }
}

impl fmt::Display for WithdrawalKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A word that is no kind of withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no ground: use copyright, court, error, request, privacy, safety or pending")]
pub struct UnknownKind(String);

impl FromStr for WithdrawalKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<WithdrawalKind, UnknownKind> {
        let found = WithdrawalKind::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// How raw HTML in a body is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    /// Cleaned by an allow-list.
    Sanitise,
    /// Written unchanged: for an archive whose every word is the curator's own.
    Trust,
}

/// Template tags of other generators: `{{< … >}}`, `{{% … %}}`, `{% … %}`, `{{ … }}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignTags {
    /// Shown as text.
    Show,
    /// Left out; the text between an opening and a closing tag stays.
    Drop,
}

/// How links to missing pages of the archive are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnresolvedLinks {
    /// Shown as marked words without a link.
    Mark,
    /// Written unchanged: something else serves their targets.
    Keep,
}

/// The service or server that hosts the site.
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
    /// An S3 bucket with website hosting.
    S3,
    /// Apache's web server.
    Apache,
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

impl Host {
    /// The host of a name.
    pub fn named(name: &str) -> Option<Host> {
        Host::value_variants().iter().copied().find(|host| host.name() == name)
    }

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

    /// Whether the host can be configured to send headers.
    pub fn sends_headers(self) -> bool {
        match self {
            Host::GitHubPages | Host::GitLabPages | Host::S3 => false,
            Host::Netlify | Host::CloudflarePages | Host::Apache | Host::Nginx | Host::Caddy => {
                true
            }
        }
    }
}

/// A format of the whole archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// JSON Lines, one record a line.
    JsonLines,
    /// CSV, for spreadsheets.
    Csv,
    /// CSL-JSON.
    Csl,
    /// BibTeX.
    Bibtex,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [ExportFormat; 4] =
        [ExportFormat::JsonLines, ExportFormat::Csv, ExportFormat::Csl, ExportFormat::Bibtex];

    /// Its name in the config and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ExportFormat::JsonLines => "jsonl",
            ExportFormat::Csv => "csv",
            ExportFormat::Csl => "csl",
            ExportFormat::Bibtex => "bibtex",
        }
    }

    /// A format by its name.
    pub fn named(name: &str) -> Option<ExportFormat> {
        ExportFormat::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Its name for readers.
    pub fn label(self) -> &'static str {
        match self {
            ExportFormat::JsonLines => "JSON Lines",
            ExportFormat::Csv => "CSV",
            ExportFormat::Csl => "CSL-JSON",
            ExportFormat::Bibtex => "BibTeX",
        }
    }

    /// Its path in the site.
    pub fn path(self) -> &'static str {
        match self {
            ExportFormat::JsonLines => "/data/archive.jsonl",
            ExportFormat::Csv => "/data/archive.csv",
            ExportFormat::Csl => "/data/archive.csl.json",
            ExportFormat::Bibtex => "/data/archive.bib",
        }
    }
}

/// A style of citation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CitationStyle {
    /// American Psychological Association.
    Apa,
    /// The Chicago Manual of Style, author and date.
    Chicago,
    /// Modern Language Association.
    Mla,
    /// Any other style, through a CSL processor.
    #[cfg(feature = "csl")]
    Csl(CslStyle),
}

impl CitationStyle {
    /// A style by its name in the settings.
    pub fn named(name: &str) -> Option<CitationStyle> {
        match name {
            "apa" => Some(CitationStyle::Apa),
            "chicago" => Some(CitationStyle::Chicago),
            "mla" => Some(CitationStyle::Mla),
            #[cfg(feature = "csl")]
            other => CslStyle::named(other).map(CitationStyle::Csl),
            #[cfg(not(feature = "csl"))]
            _ => None,
        }
    }

    /// Its name for readers.
    pub fn label(&self) -> String {
        match self {
            CitationStyle::Apa => "APA".to_owned(),
            CitationStyle::Chicago => "Chicago".to_owned(),
            CitationStyle::Mla => "MLA".to_owned(),
            #[cfg(feature = "csl")]
            CitationStyle::Csl(style) => style.label(),
        }
    }
}

/// A style of the CSL repository, through a CSL processor.
#[cfg(feature = "csl")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CslStyle {
    pub(crate) name: hayagriva::archive::ArchivedStyle,
    pub(crate) style: Box<hayagriva::citationberg::IndependentStyle>,
}

#[cfg(feature = "csl")]
impl CslStyle {
    /// A style by its name in the repository, such as `ieee`.
    pub fn named(name: &str) -> Option<CslStyle> {
        let name = hayagriva::archive::ArchivedStyle::by_name(name)?;
        match name.get() {
            hayagriva::citationberg::Style::Independent(style) => {
                Some(CslStyle { name, style: Box::new(style) })
            }
            hayagriva::citationberg::Style::Dependent(_) => None,
        }
    }

    /// Its name for readers.
    pub fn label(&self) -> String {
        self.name.display_name().to_owned()
    }
}

/// What readers can ask for beside words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// Who published it.
    Outlet,
    /// In the byline.
    Author,
    /// A tag.
    Tag,
    /// A running story.
    Story,
    /// The first part of its language tag.
    Language,
    /// News, analysis, interview, ….
    Kind,
}

impl Facet {
    /// All of them, in the order in which readers see them.
    pub const ALL: [Facet; 6] =
        [Facet::Outlet, Facet::Author, Facet::Tag, Facet::Story, Facet::Language, Facet::Kind];

    /// The name in queries and settings.
    pub fn prefix(self) -> &'static str {
        match self {
            Facet::Outlet => "outlet",
            Facet::Author => "author",
            Facet::Tag => "tag",
            Facet::Story => "story",
            Facet::Language => "lang",
            Facet::Kind => "kind",
        }
    }
}

impl FromStr for Facet {
    type Err = ();

    fn from_str(name: &str) -> Result<Facet, ()> {
        Facet::ALL.into_iter().find(|facet| facet.prefix() == name).ok_or(())
    }
}

/// A part of a report whose words readers can search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum SearchedPart {
    /// The headline.
    Title,
    /// The summary, where it is written.
    Summary,
    /// The text.
    Text,
}

impl SearchedPart {
    /// All of them.
    pub const ALL: [SearchedPart; 3] =
        [SearchedPart::Title, SearchedPart::Summary, SearchedPart::Text];

    /// The word that stands for it in the settings.
    pub fn name(self) -> &'static str {
        match self {
            SearchedPart::Title => "title",
            SearchedPart::Summary => "summary",
            SearchedPart::Text => "text",
        }
    }
}
