//! The lints of `dateline check`: name, explanation and default severity of each.

use super::diagnostic::{Named, Rule};
use crate::base::severity::Severity;

macro_rules! lints {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident;)+) => {
        /// A lint: something `dateline check` reports beyond a build's diagnostics.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Lint { $($(#[doc = $doc])+ $variant),+ }

        impl Lint {
            /// Every lint: front matter, the archive as a whole, bodies, links, hosts.
            pub const ALL: &'static [Lint] = &[$(Lint::$variant),+];

            /// The lint's name as printed, `kebab-case`.
            pub fn name(self) -> &'static str {
                match self { $(Lint::$variant => $name),+ }
            }

            /// Its severity without a setting.
            pub fn default_severity(self) -> Severity {
                match self { $(Lint::$variant => Severity::$severity),+ }
            }

            /// The explanation: the variant's doc comment.
            pub fn explanation(self) -> &'static str {
                match self { $(Lint::$variant => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

lints! {
    /// An article does not say who published it.
    MissingOutlet = "missing-outlet", Warning;
    /// An article does not say where its original is.
    MissingOriginal = "missing-original", Warning;
    /// An article does not say when it entered the archive; told once where there are more than twenty.
    MissingAdded = "missing-added", Note;
    /// A line of the front matter is marked REVIEW: `dateline clip` guessed it, and nobody has looked at it yet.
    Unreviewed = "unreviewed", Warning;
    /// An article is dated after today.
    FutureDate = "future-date", Warning;
    /// An article's date is not the one its file's name begins with.
    DateAgainstFileName = "date-against-file-name", Warning;
    /// An article that an import brought has no date but the day on which the old site posted it: the original may be older.
    DateOfRepost = "date-of-repost", Note;
    /// An article's date is not the one its text gives for the original, as in “(RT, 29/1/2017)”; where day and month could change places, either will do.
    DateAgainstBody = "date-against-body", Warning;
    /// An outlet is none of those in `[outlets]`, where that lists any.
    UnknownOutlet = "unknown-outlet", Warning;
    /// Two terms are spelled so much alike that one may be meant: “Diplomacy”, “Diplomatie”; a pair in `distinct` is two.
    NearMissTerm = "near-miss-term", Warning;
    /// A file of `terms/` tells about a term that no report has.
    UnusedTerm = "unused-term", Warning;
    /// A written summary is longer than `summary_length`.
    LongSummary = "long-summary", Warning;
    /// A text of the front matter holds characters as HTML writes them; readers see the characters.
    EncodedText = "encoded-text", Note;
    /// One text of the front matter was read as several tags.
    SplitTags = "split-tags", Note;
    /// A key of the front matter that Dateline does not know stands outside `[extra]`; told once for each key.
    UnknownKey = "unknown-key", Note;
    /// A file is published that nothing refers to.
    OrphanedAsset = "orphaned-asset", Note;
    /// A picture, a recording or a document tells where it was made; published JPEG, PNG, GIF and WebP files do not.
    PlaceInPicture = "place-in-picture", Warning;
    /// A picture's file has more than 10 MB.
    HugePicture = "huge-picture", Note;
    /// A text shows pictures that readers load from other hosts, where they may vanish.
    RemotePicture = "remote-picture", Note;
    /// The lead picture of an article is not there.
    MissingLeadPicture = "missing-lead-picture", Warning;
    /// Two terms want one address, and `addresses.toml` does not say who keeps it.
    UndecidedAddress = "undecided-address", Note;
    /// `addresses.toml` is not under version control as it is.
    UncommittedAddresses = "uncommitted-addresses", Note;
    /// Redirects lead round in a circle.
    RedirectLoop = "redirect-loop", Error;
    /// A redirect leads to another redirect.
    RedirectChain = "redirect-chain", Warning;
    /// Two articles are nearly the same, and neither says so with `also`.
    NearDuplicate = "near-duplicate", Warning;
    /// Two articles name one original, be it with `www.`, a slash or tracking words more.
    RepeatedOriginal = "repeated-original", Warning;
    /// The words of a text are of another language than the one that it is said to be in.
    OtherLanguage = "other-language", Note;
    /// Two articles of one group of translations are in one language.
    TranslationLanguage = "translation-language", Warning;
    /// Articles name each other as the one that they translate.
    TranslationCircle = "translation-circle", Warning;
    /// A translation is dated otherwise than the report that it translates.
    TranslationDate = "translation-date", Note;
    /// The text of a published article changed, and no correction says so.
    UnrecordedChange = "unrecorded-change", Warning;
    /// A link has no words.
    EmptyLinkText = "empty-link-text", Warning;
    /// A sentence has a hole where a link or a picture may have been lost.
    SentenceHole = "sentence-hole", Warning;
    /// A sentence announces an address that is not there, as in “at :”.
    MissingAddress = "missing-address", Warning;
    /// A link leads to a part of a page that is not there.
    MissingAnchor = "missing-anchor", Warning;
    /// An address stands in the text and is no link.
    BareUrl = "bare-url", Note;
    /// A heading skips a level, or is a second main heading.
    HeadingOrder = "heading-order", Warning;
    /// A picture has no text for those who can't see it.
    MissingAlt = "missing-alt", Warning;
    /// The words of a link, such as “here”, don't say where it leads.
    VagueLinkText = "vague-link-text", Note;
    /// A link's address, or an archived copy, is gone: it failed on several days (`--external`).
    DeadLink = "dead-link", Error;
    /// A link failed, but not on enough days; or its host does not show it to programs; or it leads into a private network (`--external`).
    FailingLink = "failing-link", Note;
    /// A link's address has moved for good, or leads to the front page of its host now (`--external`).
    MovedLink = "moved-link", Note;
    /// A link redirects to an address that is no web page, or in a circle (`--external`).
    UnsafeRedirect = "unsafe-redirect", Warning;
    /// A link that a check called dead answers again, and is called dead no more (`--external`).
    RevivedLink = "revived-link", Note;
    /// A page that is gone has no archived copy that is known (`--external`).
    MissingMemento = "missing-memento", Note;
    /// A file of evidence is not what the front matter says: its SHA-256 is another (`--evidence`).
    ChangedEvidence = "changed-evidence", Error;
    /// A file of evidence that the front matter names is not there (`--evidence`).
    MissingEvidence = "missing-evidence", Warning;
    /// A file of evidence is named by no report (`--evidence`).
    UnnamedEvidence = "unnamed-evidence", Note;
    /// The site has more files, or more in one folder, than its host takes (`--host`).
    HostFileCount = "host-file-count", Error;
    /// A file is larger than the host takes (`--host`).
    HostFileSize = "host-file-size", Error;
    /// The site is larger than its host takes (`--host`).
    HostTotalSize = "host-total-size", Error;
    /// The site has more redirects than its host takes, or some that it can't answer (`--host`).
    HostRedirects = "host-redirects", Error;
}

/// What a finding is about: a lint of the check, or a rule of the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Found by the check.
    Lint(Lint),
    /// Found by the build.
    Rule(Rule),
}

impl Subject {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Lint(lint) => lint.name(),
            Subject::Rule(rule) => rule.name(),
        }
    }

    /// Its severity without a setting.
    pub fn default_severity(self) -> Severity {
        match self {
            Subject::Lint(lint) => lint.default_severity(),
            Subject::Rule(_) => Severity::Warning,
        }
    }

    /// The explanation in one sentence.
    pub fn explanation(self) -> &'static str {
        match self {
            Subject::Lint(lint) => lint.explanation().trim(),
            Subject::Rule(rule) => rule.explanation().trim(),
        }
    }

    /// Every subject: lints first.
    pub fn all() -> impl Iterator<Item = Subject> {
        let lints = Lint::ALL.iter().copied().map(Subject::Lint);
        lints.chain(Rule::ALL.iter().copied().map(Subject::Rule))
    }

    /// Every name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Subject::all().map(Subject::name)
    }

    pub fn named(name: &str) -> Option<Subject> {
        Subject::all().find(|subject| subject.name() == name)
    }
}

impl Named for Subject {
    fn name(self) -> &'static str {
        Subject::name(self)
    }
}
