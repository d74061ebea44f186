//! The values of keys: one type for each form that the parsers accept.
//!
//! The parsers are lenient where it is harmless: a number is accepted as a string, and a single
//! value as a list. So are these types.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::base::built_in::BuiltIn;
use crate::base::choices::WithdrawalKind;
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::base::lint::Subject;
use crate::base::severity::Severity;

/// Simple types, described by a schema only.
macro_rules! forms {
    ($($(#[doc = $doc:literal])+ $name:ident = $schema:expr;)+) => {$(
        $(#[doc = $doc])+
        pub struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )+};
}

forms! {
    /// A string; a number or boolean counts as written.
    Text = json_schema!({ "type": ["string", "number", "boolean"] });
    /// A name, or a table with a name as other generators write it.
    Byline = json_schema!({ "anyOf": [
        { "type": ["string", "number", "boolean"] },
        {
            "type": "object",
            "required": ["name"],
            "patternProperties": {
                "^name$": { "type": ["string", "number", "boolean"], "pattern": "\\S" },
            },
        },
    ] });
    /// A string that must not be empty.
    Words = json_schema!({ "type": ["string", "number", "boolean"], "pattern": "\\S" });
    /// The key of a taxonomy, which must not be another key of front matter.
    TaxonomyKey = json_schema!({
        "type": ["string", "number", "boolean"],
        "pattern": format!(r"^(?!\s*(?:{})\s*$)[\s\S]*\S", keys_of_reports().join("|")),
    });
    /// `true` or `false`.
    Truth = json_schema!({ "enum": [true, false, "true", "false"] });
    /// A date of any precision, or empty.
    When = json_schema!({
        "type": ["string", "integer"],
        "minimum": 1000,
        "maximum": 9999,
        "pattern": format!(r"^\s*(?:{})?\s*$", date_pattern()),
    });
    /// A required date.
    Day = json_schema!({
        "type": ["string", "integer"],
        "minimum": 1000,
        "maximum": 9999,
        "pattern": format!(r"^\s*(?:{})\s*$", date_pattern()),
    });
    /// An address with `https://` or `http://`.
    WebAddress = json_schema!({ "type": "string", "pattern": format!("^\\s*(?:{WEB})?$") });
    /// A value of a report by which search leaves it out: `outlet:The Wire`.
    ReportValue = json_schema!({
        "type": "string",
        "pattern": "^\\s*(?:outlet|author|tag|story|lang|kind)\\s*:",
    });
    /// The same, or one of which is known that it is lost.
    WebAddressOrLost = json_schema!({
        "type": "string",
        "pattern": format!("^\\s*(?:{WEB}|[Ll][Oo][Ss][Tt]:.*)?$"),
    });
    /// An address in the archive, on the Web, or of a mailbox.
    Address = json_schema!({
        "type": "string",
        "pattern": format!("^\\s*(?:/(?!/).*|{WEB}|mailto:.*)?$"),
    });
    /// An address of the archive, from its root.
    Path = json_schema!({ "type": "string", "pattern": "^\\s*/" });
    /// The address of the home page.
    Home = json_schema!({ "type": "string", "pattern": "^\\s*[Hh][Tt][Tt][Pp][Ss]?:/*[^/\\s?#][^?#]*$" });
    /// A language code (BCP 47), or empty.
    Language = json_schema!({ "type": ["string"], "pattern": format!("^\\s*(?:{})?\\s*$", language("[-_]")) });
    /// A required language code (BCP 47).
    LanguageCode = json_schema!({ "type": ["string"], "pattern": format!("^{}$", language("-")) });
    /// The same, with space around it.
    SpacedLanguageCode = json_schema!({ "type": "string", "pattern": format!("^\\s*{}\\s*$", language("-")) });
    /// A country's code (ISO 3166).
    Country = json_schema!({ "type": "string", "pattern": "^\\s*[A-Z]{2}\\s*$" });
    /// The name of a time zone.
    Zone = json_schema!({ "enum": zones() });
    /// A pattern of old addresses.
    OldPattern = json_schema!({ "type": "string", "pattern": "^/.*:(slug|title|filename)" });
    /// A pattern of addresses.
    Pattern = json_schema!({ "type": "string", "pattern": ":slug|:filename" });
    /// A whole number from one.
    Count = json_schema!({
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": r"^_*\+?[0_]*[1-9][0-9_]*$",
    });
    /// A whole number from zero.
    Amount = json_schema!({
        "type": ["integer", "string"],
        "minimum": 0,
        "pattern": r"^_*\+?_*[0-9][0-9_]*$",
    });
    /// The pages whose copies are searched in the Wayback Machine.
    Mementos = json_schema!({ "enum": ["none", "dead", "originals"] });
    /// A bucket of an object store, and a folder in it.
    BucketAddress = json_schema!({ "type": "string", "pattern": "^\\s*(?:s3|gs|az)://[^/]" });
    /// The status of a redirect.
    Status = json_schema!({ "enum": [301, 302, 307, 308, "301", "302", "307", "308"] });
    /// A kind of withdrawal.
    Kind = json_schema!({ "enum": kinds() });
    /// A kind of withdrawal, or nothing.
    KindOrNothing = json_schema!({ "anyOf": [{ "enum": kinds() }, { "type": "string", "pattern": "^\\s*$" }] });
    /// A file below `evidence/`.
    EvidenceFile = json_schema!({
        "type": "string",
        "pattern": r"^evidence(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$",
    });
    /// A SHA-256 in hexadecimal.
    Sha256 = json_schema!({ "type": ["string", "number"], "pattern": "^[0-9a-f]{64}$" });
    /// How evidence was received.
    EvidenceKind = json_schema!({ "enum": ["fetched", "file"] });
    /// The canonical address for search engines.
    Preferred = json_schema!({ "enum": ["self", "original"] });
    /// The treatment of raw HTML.
    RawHtml = json_schema!({ "enum": ["sanitise", "trust"] });
    /// The treatment of template tags of other programs.
    ForeignTags = json_schema!({ "enum": ["show", "drop"] });
    /// The treatment of unresolved links.
    UnresolvedLinks = json_schema!({ "enum": ["mark", "keep"] });
    /// What happens to notes in pictures' files.
    PictureMetadata = json_schema!({ "enum": ["remove", "keep"] });
    /// How pictures on other hosts are shown.
    RemotePictures = json_schema!({ "enum": ["load", "link"] });
    /// Which SVG files are published.
    Drawings = json_schema!({ "enum": ["safe", "raw"] });
    /// A colour.
    HexColour = json_schema!({ "type": "string", "pattern": "^\\s*#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\\s*$" });
    /// The form of the name at the top.
    Masthead = json_schema!({ "enum": ["grand", "centred", "plain"] });
    /// A point of a picture.
    Focus = json_schema!({ "type": "string", "pattern": "^\\s*([0-9]{1,2}|100)%\\s+([0-9]{1,2}|100)%\\s*$" });
    /// A style of citations.
    Style = style();
    /// A file for reference managers.
    Sidecar = json_schema!({ "enum": ["bibtex", "ris", "csl"] });
    /// A file with the whole archive.
    Whole = json_schema!({ "enum": ["jsonl", "csv", "csl", "bibtex"] });
    /// The severity of each lint.
    Severities = severities();
    /// Pairs of terms.
    Pairs = json_schema!({
        "type": "array",
        "items": {
            "type": "array",
            "items": { "type": ["string", "number", "boolean"] },
            "minItems": 2,
            "maxItems": 2,
        },
    });
    /// Any values for templates.
    Anything = json_schema!({ "type": "object" });
}

const WEB: &str = r"[Hh][Tt][Tt][Pp][Ss]?:/*[^/\s].*";

/// Keys of front matter that hold no terms.
fn keys_of_reports() -> Vec<&'static str> {
    let holds_terms = |key: &&str| BuiltIn::of(key).is_some();
    KNOWN_KEYS.iter().copied().filter(|key| !holds_terms(key)).collect()
}

/// A language tag with this separator.
fn language(separator: &str) -> String {
    format!(
        "[A-Za-z]{{2,3}}(?:{separator}[A-Za-z]{{4}})?(?:{separator}(?:[A-Za-z]{{2}}|[0-9]{{3}}))?\
         (?:{separator}(?:[A-Za-z0-9]{{5,8}}|[0-9][A-Za-z0-9]{{3}}))*"
    )
}

/// Years, months, days and times, as `date` parses them.
fn date_pattern() -> String {
    let day = |separator: &str| {
        format!(
            "(?:0?[13578]|1[02]){separator}(?:0?[1-9]|[12][0-9]|3[01])|\
             (?:0?[469]|11){separator}(?:0?[1-9]|[12][0-9]|30)|\
             0?2{separator}(?:0?[1-9]|[12][0-9])"
        )
    };
    let month = "(?:0?[1-9]|1[0-2])";
    let clock = r"(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9](?::(?:[0-5]?[0-9]|60)(?:\.[0-9]+)?)?";
    let zone = r"(?:\s*(?:Z|z|UTC|GMT|[+-](?:[01]?[0-9]|2[0-3])(?::?[0-5][0-9])?))?";
    let offset = r"[+-](?:[01]?[0-9]|2[0-3])(?::?[0-5][0-9])?";
    let time = format!(r"(?:[Tt ]\s*(?:{clock}{zone}|{offset}))?");
    format!(
        r"(?!0000)[0-9]{{4}}(?:-{month}|/{month}|(?:-(?:{})|/(?:{})){time})?|(?:{}){time}|{}",
        day("-"),
        day("/"),
        year_last(),
        worded(&format!("{clock}{zone}|{offset}").replace(r"\s*", r"[\s,]*")),
    )
}

/// Unambiguous dates that end with the year: the day is above 12, or equals the month.
fn year_last() -> String {
    let mark = "[/.-]";
    let months = [
        ("(?:0?[13578]|1[02])", "(?:1[3-9]|2[0-9]|3[01])"),
        ("(?:0?[469]|11)", "(?:1[3-9]|2[0-9]|30)"),
        ("0?2", "(?:1[3-9]|2[0-9])"),
    ];
    let either = months
        .iter()
        .flat_map(|(month, day)| [format!("{day}{mark}{month}"), format!("{month}{mark}{day}")]);
    let same = (1..=12).map(|number| format!("0?{number}{mark}0?{number}"));
    let days: Vec<String> = either.chain(same).collect();
    format!("(?:{}){mark}(?!0000)[0-9]{{4}}", days.join("|"))
}

/// Days and months whose month is an English word: `Jan 5, 2020`, `Wed, 18 Apr 2018 10:00:00 +0200`.
fn worded(time: &str) -> String {
    let months: [(&[&str], &str); 3] = [
        (
            &["january", "march", "may", "july", "august", "october", "december"],
            "(?:0?[1-9]|[12][0-9]|3[01])",
        ),
        (&["april", "june", "september", "november"], "(?:0?[1-9]|[12][0-9]|30)"),
        (&["february"], "(?:0?[1-9]|[12][0-9])"),
    ];
    let gap = r"[ ,\t]+";
    let ending = any_case_of(&["st", "nd", "rd", "th"]);
    let days = months.iter().flat_map(|(names, day)| {
        let names: Vec<String> = names.iter().map(|name| month_word(name)).collect();
        let (month, day) = (format!(r"(?:{})\.*", names.join("|")), format!("{day}(?:{ending})?"));
        [format!("{month}{gap}{day}"), format!("{day}{gap}{month}")]
    });
    let days: Vec<String> = days.collect();
    let names: Vec<String> =
        months.iter().flat_map(|(names, _)| names.iter()).map(|name| month_word(name)).collect();
    let weekday = any_case_of(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    format!(
        r"(?:(?:{weekday})[^ ,\t]*{gap})?(?:(?:{names})\.*{gap}(?!0000)[0-9]{{4}}|(?:{days}){gap}(?!0000)[0-9]{{4}}(?:{gap}(?:{time}))?)[ ,\t]*",
        names = names.join("|"),
        days = days.join("|"),
    )
}

/// A month's name, whole or cut short after its third letter or later, in any case.
fn month_word(name: &str) -> String {
    let (short, rest) = name.split_at(3);
    let rest = rest.chars().rev().fold(String::new(), |inner, letter| {
        format!("(?:{}{inner})?", any_case(&letter.to_string()))
    });
    // “Sept.” is cut short as well.
    format!("{}{rest}", any_case(short))
}

fn any_case_of(words: &[&str]) -> String {
    words.iter().map(|word| any_case(word)).collect::<Vec<_>>().join("|")
}

fn any_case(word: &str) -> String {
    let pairs = word.chars().flat_map(|letter| ['[', letter.to_ascii_uppercase(), letter, ']']);
    pairs.collect()
}

fn zones() -> Vec<&'static str> {
    chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect()
}

fn kinds() -> Vec<&'static str> {
    WithdrawalKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// All lints with their explanations.
fn severities() -> Schema {
    let words: Vec<&str> = Severity::ALL.iter().map(|severity| severity.name()).collect();
    let known = Subject::all().map(|subject| {
        let described = json!({ "enum": words, "description": subject.explanation() });
        (subject.name().to_owned(), described)
    });
    let known: serde_json::Map<String, Value> = known.collect();
    json_schema!({ "type": "object", "properties": known, "additionalProperties": false })
}

/// With the feature `csl`, any style is allowed.
fn style() -> Schema {
    let own = json!(["apa", "chicago", "mla"]);
    if cfg!(feature = "csl") {
        json_schema!({ "type": "string", "examples": own })
    } else {
        json_schema!({ "enum": own })
    }
}

/// A list of values, or a single value without brackets.
pub struct OneOrMore<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for OneOrMore<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMore_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "array", "items": item }, item] })
    }
}

/// Strings; empty ones are ignored.
pub type Texts = OneOrMore<Option<Text>>;

/// One of two forms.
pub struct Either<A, B>(PhantomData<(A, B)>);

impl<A: JsonSchema, B: JsonSchema> JsonSchema for Either<A, B> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Either_{}_{}", A::schema_name(), B::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let either: [Value; 2] =
            [generator.subschema_for::<A>().into(), generator.subschema_for::<B>().into()];
        json_schema!({ "anyOf": either })
    }
}
