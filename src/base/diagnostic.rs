//! Problems: what is wrong, where, and the remedy.
//!
//! Every stage returns [`Diagnostic`]s as plain data; only the command line prints them, as text
//! ([`Diagnostic::draw`]) or as JSON ([`Diagnostic::to_json`]). A [`Place`] copies the one line it
//! points at: a hundred thousand warnings must not keep a hundred thousand files in memory.

mod place;

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::severity::Severity;
pub use place::{Place, Pointed, Spot};

/// The effect of a diagnostic on the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Effect {
    /// Information without a remedy; `--strict` ignores it.
    Note,
    /// The build goes on; with `--strict` a [`Effect::Stop`].
    Warning,
    /// The file is left out and listed; the rest is published; exit code 1.
    Reject,
    /// Nothing is published; exit code 1.
    Stop,
}

impl Effect {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Note => "note",
            Effect::Warning => "warning",
            Effect::Reject => "reject",
            Effect::Stop => "stop",
        }
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal),+ $(,)?) => {
        /// The stable name of a kind of problem.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Rule { $($(#[doc = $doc])+ $variant),+ }

        impl Rule {
            /// Every rule, in the order of the stages that find it.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant),+];

            /// The rule's name as printed, `kebab-case`.
            pub fn name(self) -> &'static str {
                match self { $(Rule::$variant => $name),+ }
            }

            /// The explanation: the variant's doc comment.
            pub fn explanation(self) -> &'static str {
                match self { $(Rule::$variant => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

rules! {
    /// `dateline.toml`, `theme.toml` or a language file can't be read or understood.
    Config = "config",
    /// A key that Dateline does not know stands in `dateline.toml`.
    UnknownConfigKey = "unknown-config-key",
    /// Another output of the archive showed what was taken down since it was built.
    OtherOutput = "other-output",
    /// A file or folder can't be read.
    Unreadable = "unreadable",
    /// A file was written or removed while the site was built.
    ChangedMeanwhile = "changed-meanwhile",
    /// A symbolic link leads out of the archive, or round in a circle.
    Symlink = "symlink",
    /// What is left out of the site without a mistake in it: hidden files, what programs leave behind.
    LeftOut = "left-out",
    /// A file says, in another generator's words, that it is not to be published.
    HeldBack = "held-back",
    /// Files under `content/` that nothing reads.
    UnreadFile = "unread-file",
    /// A file beside an article that a browser or a server would run.
    ActiveFile = "active-file",
    /// A file that a server would send in place of another.
    StandIn = "stand-in",
    /// A file is not UTF-8 text.
    NotUtf8 = "not-utf-8",
    /// The front matter is not valid TOML or YAML.
    FrontMatter = "front-matter",
    /// A key of YAML front matter stands twice with two values.
    RepeatedKey = "repeated-key",
    /// A key of the front matter looks like a misspelt one.
    NearMissKey = "near-miss-key",
    /// A key of the front matter holds a value of the wrong kind.
    WrongValue = "wrong-value",
    /// An article has no date, neither in its front matter nor in its file name.
    MissingDate = "missing-date",
    /// A date that no calendar has, or that is not written as one.
    BadDate = "bad-date",
    /// An article has no title.
    MissingTitle = "missing-title",
    /// A slug, path, permalink or alias that can't be an address or a file's name.
    BadPath = "bad-path",
    /// Two articles ask for the same permalink.
    DuplicatePermalink = "duplicate-permalink",
    /// Two pages ask for the same file, or for a file and a folder of one name.
    PathClash = "path-clash",
    /// Several spellings of one term were merged.
    MergedSpellings = "merged-spellings",
    /// A file of `terms/` that is of no taxonomy, or wants a spelling that another has.
    TermFile = "term-file",
    /// `also` names an article that does not exist.
    UnknownAlso = "unknown-also",
    /// `translation_of` names no article of the archive.
    UnknownTranslation = "unknown-translation",
    /// Raw HTML that is not allowed was taken out.
    RemovedHtml = "removed-html",
    /// Raw HTML that is never closed, or nested too deeply, is shown as text.
    BrokenHtml = "broken-html",
    /// A link or a picture has an address of a scheme that can run code.
    UnsafeAddress = "unsafe-address",
    /// A file of `links/` holds something that is no decision on a link.
    Ledger = "ledger",
    /// A link leads to an article or page that does not exist.
    UnresolvedLink = "unresolved-link",
    /// A picture or other asset does not exist.
    MissingAsset = "missing-asset",
    /// A picture's file ends too early, or can't be measured.
    DamagedPicture = "damaged-picture",
    /// A picture is so large, or of such a kind, that no smaller copies of it are made.
    UnscaledPicture = "unscaled-picture",
    /// A shortcode has no template, or is not written as one.
    Shortcode = "shortcode",
    /// Text in another generator's template language, which Dateline does not run.
    ForeignTag = "foreign-tag",
    /// An archetype, from which `dateline new` makes entries, can't be read or used.
    Archetype = "archetype",
    /// A template can't be read or rendered.
    Template = "template",
    /// The theme has no words in the archive's language, or those of another country only.
    InterfaceLanguage = "interface-language",
    /// The accent of `[theme]` can hardly be read on light or on dark paper.
    AccentContrast = "accent-contrast",
    /// An overridden template's original has changed since.
    StaleOverride = "stale-override",
    /// An alias or a redirect whose old address is another page's, or leads to itself.
    Redirect = "redirect",
    /// Something that `[deploy] host` has no rule for, and what readers get instead.
    Host = "host",
    /// Who keeps an address that two want could not be written down.
    AddressOwner = "address-owner",
    /// Feeds are known under another name than before.
    FeedIdentity = "feed-identity",
    /// An address that was published before would vanish.
    LostUrl = "lost-url",
    /// An article that is published would be lost to a mistake.
    LostArticle = "lost-article",
    /// The output or the state folder can't be written, or is not ours.
    Output = "output",
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
/// One problem. `Name` is its kind: a [`Rule`] of the build, or another type with stable names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic<Name = Rule> {
    /// Its effect on the build.
    pub weight: Effect,
    /// Its kind.
    pub rule: Name,
    /// Its place; a problem of the command line or the system has none.
    pub place: Option<Place>,
    /// The problem in one sentence.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

/// A kind of problem with a stable name for settings and programs.
pub trait Named: Copy {
    /// The name, `kebab-case`.
    fn name(self) -> &'static str;
}

impl Named for Rule {
    fn name(self) -> &'static str {
        Rule::name(self)
    }
}

impl Diagnostic {
    /// Information without a remedy.
    pub fn note(rule: Rule, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Effect::Note, rule, message)
    }

    /// A warning: the build goes on.
    pub fn warning(rule: Rule, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Effect::Warning, rule, message)
    }

    /// A reject: the file is left out.
    pub fn reject(rule: Rule, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Effect::Reject, rule, message)
    }

    /// A stop: nothing is published.
    pub fn stop(rule: Rule, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Effect::Stop, rule, message)
    }

    /// The text for a terminal.
    pub fn draw(&self, colour: Colour) -> String {
        let severity = match self.weight {
            Effect::Note => Severity::Note,
            Effect::Warning => Severity::Warning,
            Effect::Reject | Effect::Stop => Severity::Error,
        };
        self.draw_as(severity, colour)
    }

    /// A JSON object: `rule`, `weight`, `message`, `help`, `file`, `line`, `column`.
    pub fn to_json(&self) -> Json {
        self.json_with([("rule", self.rule.name()), ("weight", self.weight.name())]).into()
    }
}

impl<Name: Named> Diagnostic<Name> {
    /// A problem without a place.
    pub fn of(weight: Effect, rule: Name, message: impl Into<String>) -> Diagnostic<Name> {
        Diagnostic { weight, rule, place: None, message: message.into(), help: None }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Diagnostic<Name> {
        self.place = Some(place);
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic<Name> {
        self.help = Some(help.into());
        self
    }

    /// A JSON object of these members, then `message`, `help`, `file`, `line`, `column`.
    pub(crate) fn json_with(&self, first: [(&str, &str); 2]) -> serde_json::Map<String, Json> {
        let spot = self.place.as_ref().and_then(|place| place.spot.as_ref());
        let rest = [
            ("message", json!(self.message)),
            ("help", json!(self.help)),
            ("file", json!(self.place.as_ref().map(|place| &place.file))),
            ("line", json!(spot.map(|spot| spot.line))),
            ("column", json!(spot.map(|spot| spot.column))),
        ];
        let first = first.map(|(key, value)| (key, json!(value)));
        first.into_iter().chain(rest).map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// The text for a terminal, with this severity.
    pub fn draw_as(&self, severity: Severity, colour: Colour) -> String {
        let level = match severity {
            Severity::Off | Severity::Note => Level::NOTE,
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let message = printable_line(&self.message);
        let title = level.primary_title(message.as_str()).id(self.rule.name());
        let (path, line_start, text, range) = self.drawn_place();
        let clipped = self.clipped_column();
        let mut group = match &text {
            // The renderer counts columns in the text it gets, which is a part of a long line.
            Some(text) => match clipped {
                Some(column) => title
                    .element(Origin::path(path.as_str()).line(line_start).char_column(column))
                    .element(snippet(text, line_start, range)),
                None => title.element(snippet(text, line_start, range).path(path.as_str())),
            },
            None if path.is_empty() => Group::with_title(title),
            None => title.element(Origin::path(path.as_str())),
        };
        let help = self.help.as_deref().map(printable_line);
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = match colour {
            Colour::Plain => Renderer::plain(),
            Colour::Ansi => Renderer::styled(),
        };
        renderer.decor_style(DecorStyle::Ascii).render(&[group])
    }

    fn drawn_place(&self) -> (String, usize, Option<String>, Range<usize>) {
        let Some(place) = &self.place else { return (String::new(), 1, None, 0..0) };
        let path = printable_line(&place.file);
        match &place.spot {
            None => (path, 1, None, 0..0),
            Some(spot) => (path, spot.line, Some(spot.text.clone()), spot.start..spot.end),
        }
    }

    /// The column in the whole line, if only a part is shown.
    fn clipped_column(&self) -> Option<usize> {
        let spot = self.place.as_ref()?.spot.as_ref()?;
        let shown = spot.text.get(..spot.start)?.chars().count() + 1;
        (shown != spot.column).then_some(spot.column)
    }
}

fn snippet(text: &str, line: usize, range: Range<usize>) -> Snippet<'_, Annotation<'_>> {
    Snippet::source(text).line_start(line).annotation(AnnotationKind::Primary.span(range))
}

/// Whether diagnostics are drawn with terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// No escape codes.
    Plain,
    /// ANSI escape codes.
    Ansi,
}

/// Escapes control characters, which could steer the terminal: names and messages contain text from
/// untrusted files.
pub(crate) fn printable(text: &str) -> String {
    escaped(text, |character| character.is_control() && !matches!(character, '\n' | '\t'))
}

/// Escapes line breaks, too: a line break could fake a line of our output, or a command to a
/// program that reads the log.
pub(crate) fn printable_line(text: &str) -> String {
    escaped(text, |character| {
        (character.is_control() && character != '\t')
            || matches!(character, '\u{2028}' | '\u{2029}')
    })
}

/// Writes some characters as `\u{1b}`.
fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_escaped(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The known name nearest to a misspelt one, if it is near enough.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |name: &str| name.to_lowercase().replace('-', "_");
    let folded = fold(name);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &fold(candidate)), candidate))
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len() / 6)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Sorts problems for display: by effect, stops last, where the eye rests; then by file and line,
/// so that the order of threads does not show.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (a.weight, &a.place, a.rule, &a.message).cmp(&(b.weight, &b.place, b.rule, &b.message))
    });
}
