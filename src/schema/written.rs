//! What may stand behind a key: one type for each way in which the readers take a value.
//!
//! The readers are lenient where nothing is lost by it: a number is a text as much as a number, and
//! a list of one may do without its brackets. So are these.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::base::choices::WithdrawalKind;
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::base::lint::Subject;
use crate::base::severity::Severity;
use crate::settings::reading::BUILT_IN;

/// Forms of values that need nothing else to be described.
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
    /// Words; a number or `true` counts as it was written.
    Text = json_schema!({ "type": ["string", "number", "boolean"] });
    /// Words, of which there must be some.
    Words = json_schema!({ "type": ["string", "number", "boolean"], "pattern": "\\S" });
    /// The key of a taxonomy: one that means nothing else above a report.
    TaxonomyKey = json_schema!({
        "type": ["string", "number", "boolean"],
        "pattern": format!(r"^(?!\s*(?:{})\s*$)[\s\S]*\S", keys_of_reports().join("|")),
    });
    /// `true` or `false`.
    Truth = json_schema!({ "enum": [true, false, "true", "false"] });
    /// A date as precise as it is known, or nothing.
    When = json_schema!({
        "type": ["string", "integer"],
        "minimum": 1000,
        "maximum": 9999,
        "pattern": format!(r"^\s*(?:{})?\s*$", date_pattern()),
    });
    /// A date that must be there.
    Day = json_schema!({
        "type": ["string", "integer"],
        "minimum": 1000,
        "maximum": 9999,
        "pattern": format!(r"^\s*(?:{})\s*$", date_pattern()),
    });
    /// An address that begins with `https://` or `http://`.
    WebAddress = json_schema!({ "type": "string", "pattern": format!("^\\s*(?:{WEB})?$") });
    /// An address of a page of the archive, of the Web, or of a mailbox.
    Address = json_schema!({
        "type": "string",
        "pattern": format!("^\\s*(?:/(?!/).*|{WEB}|mailto:.*)?$"),
    });
    /// An address of the archive, from its root.
    Path = json_schema!({ "type": "string", "pattern": "^\\s*/" });
    /// The address of the home page.
    Home = json_schema!({ "type": "string", "pattern": "^\\s*[Hh][Tt][Tt][Pp][Ss]?:/*[^/\\s?#][^?#]*$" });
    /// A language's code (BCP 47), or nothing.
    Language = json_schema!({ "type": ["string"], "pattern": format!("^\\s*(?:{})?\\s*$", language("[-_]")) });
    /// A language's code (BCP 47) that must be there.
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
    /// A whole number of at least one.
    Count = json_schema!({
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": r"^_*\+?[0_]*[1-9][0-9_]*$",
    });
    /// A whole number, nought too.
    Amount = json_schema!({
        "type": ["integer", "string"],
        "minimum": 0,
        "pattern": r"^_*\+?_*[0-9][0-9_]*$",
    });
    /// Whose pages are looked for in the Wayback Machine.
    Mementos = json_schema!({ "enum": ["none", "dead", "originals"] });
    /// A bucket of an object store, and a folder in it.
    BucketAddress = json_schema!({ "type": "string", "pattern": "^\\s*(?:s3|gs|az)://[^/]" });
    /// How a host answers at an old address.
    Status = json_schema!({ "enum": [301, 302, 307, 308, "301", "302", "307", "308"] });
    /// A kind of withdrawal.
    Kind = json_schema!({ "enum": kinds() });
    /// A kind of withdrawal, or nothing.
    KindOrNothing = json_schema!({ "anyOf": [{ "enum": kinds() }, { "type": "string", "pattern": "^\\s*$" }] });
    /// Which address search engines prefer.
    Preferred = json_schema!({ "enum": ["self", "original"] });
    /// What is done with HTML.
    RawHtml = json_schema!({ "enum": ["sanitise", "trust"] });
    /// What is done with template tags of other programs.
    ForeignTags = json_schema!({ "enum": ["show", "drop"] });
    /// What is done with links to nowhere.
    UnresolvedLinks = json_schema!({ "enum": ["mark", "keep"] });
    /// A style of citations.
    Style = style();
    /// A file for reference managers.
    Sidecar = json_schema!({ "enum": ["bibtex", "ris", "csl"] });
    /// A file that holds the whole archive.
    Whole = json_schema!({ "enum": ["jsonl", "csv", "csl", "bibtex"] });
    /// How loudly `dateline check` says what.
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
    /// Whatever templates want.
    Anything = json_schema!({ "type": "object" });
}

const WEB: &str = r"[Hh][Tt][Tt][Pp][Ss]?:/*[^/\s].*";

/// Keys of the front matter that hold no terms.
fn keys_of_reports() -> Vec<&'static str> {
    let holds_terms = |key: &&str| BUILT_IN.iter().any(|(name, ..)| name == key);
    KNOWN_KEYS.iter().copied().filter(|key| !holds_terms(key)).collect()
}

/// A language tag whose parts stand between these.
fn language(separator: &str) -> String {
    format!(
        "[A-Za-z]{{2,3}}(?:{separator}[A-Za-z]{{4}})?(?:{separator}(?:[A-Za-z]{{2}}|[0-9]{{3}}))?\
         (?:{separator}(?:[A-Za-z0-9]{{5,8}}|[0-9][A-Za-z0-9]{{3}}))*"
    )
}

/// Years, months, days and moments, as `date` reads them.
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
        r"(?!0000)[0-9]{{4}}(?:-{month}|/{month}|(?:-(?:{})|/(?:{})){time})?|(?:{}){time}",
        day("-"),
        day("/"),
        year_last(),
    )
}

/// Days whose year comes last and that can mean one day only: the day is above 12, or the month's number.
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

fn zones() -> Vec<&'static str> {
    chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect()
}

fn kinds() -> Vec<&'static str> {
    WithdrawalKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// Everything that is looked for, with its explanation.
fn severities() -> Schema {
    let words: Vec<&str> = Severity::ALL.iter().map(|severity| severity.name()).collect();
    let known = Subject::all().map(|subject| {
        let described = json!({ "enum": words, "description": subject.explanation() });
        (subject.name().to_owned(), described)
    });
    let known: serde_json::Map<String, Value> = known.collect();
    json_schema!({ "type": "object", "properties": known, "additionalProperties": false })
}

/// With the feature `csl` any style may be named.
fn style() -> Schema {
    let own = json!(["apa", "chicago", "mla"]);
    if cfg!(feature = "csl") {
        json_schema!({ "type": "string", "examples": own })
    } else {
        json_schema!({ "enum": own })
    }
}

/// Values in a list, or a single one without its brackets.
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

/// Texts, of which empty ones do not count.
pub type Texts = OneOrMore<Option<Text>>;

/// A chain's link: a name, or a name and an address.
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
