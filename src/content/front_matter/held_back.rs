//! Detects drafts by the front matter keys of any generator.
//!
//! An accidental publication can't be undone. So a value that can mean “not yet” makes the file a
//! draft, with a note.

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Entry, Node, Value};

/// The meaning of a key, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// `draft`: true means no.
    Draft,
    /// `published`: false means no.
    Published,
    /// `status`: a word for the state of the text.
    Status,
    /// `visibility`: a word for who may read it.
    Visibility,
}

/// Whether a value allows publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Publish,
    HoldBack,
    Unclear,
}

impl Key {
    fn of(name: &str) -> Option<Key> {
        match name.to_lowercase().replace(['-', ' '], "_").as_str() {
            "draft" | "drafts" | "is_draft" | "isdraft" | "private" | "is_private"
            | "unpublished" => Some(Key::Draft),
            "published" | "publish" | "is_published" | "ispublished" | "public" | "is_public" => {
                Some(Key::Published)
            }
            "status" | "post_status" | "poststatus" | "publication_status" | "publish_status"
            | "state" | "workflow" | "workflow_state" | "_status" => Some(Key::Status),
            "visibility" | "access" => Some(Key::Visibility),
            _ => None,
        }
    }

    fn verdict(self, word: &str) -> Verdict {
        match (self, word) {
            (Key::Draft, "true" | "yes" | "y" | "on" | "1" | "t")
            | (Key::Published, "false" | "no" | "n" | "off" | "0" | "f" | "never" | "none") => {
                Verdict::HoldBack
            }
            (Key::Draft, "false" | "no" | "n" | "off" | "0" | "f" | "never" | "none")
            | (Key::Published, "true" | "yes" | "y" | "on" | "1" | "t") => Verdict::Publish,
            // Some generators write the day of publication.
            (Key::Published, word) if word.starts_with(|c: char| c.is_ascii_digit()) => {
                Verdict::Publish
            }
            (_, word) if NOT_YET.contains(&word) => Verdict::HoldBack,
            (Key::Status, _) => Verdict::Publish,
            (
                Key::Visibility,
                "public" | "visible" | "published" | "everyone" | "all" | "open" | "",
            ) => Verdict::Publish,
            (Key::Visibility, _) => Verdict::HoldBack,
            (Key::Draft | Key::Published, _) => Verdict::Unclear,
        }
    }
}

/// Words for texts that are not, or no longer, public.
const NOT_YET: &[&str] = &[
    "draft",
    "drafts",
    "auto-draft",
    "auto_draft",
    "private",
    "pending",
    "pending review",
    "pending_review",
    "in review",
    "in_review",
    "in-review",
    "review",
    "needs review",
    "needs-review",
    "future",
    "scheduled",
    "embargo",
    "embargoed",
    "unpublished",
    "not published",
    "hidden",
    "trash",
    "trashed",
    "deleted",
    "wip",
    "work in progress",
    "in progress",
    "in-progress",
    "in_progress",
    "unfinished",
    "idea",
    "todo",
    "on hold",
    "on-hold",
    "hold",
    "internal",
    "secret",
    "password",
    "protected",
    "offline",
    "disabled",
    "never",
    "no",
    "false",
    "off",
];

/// Whether the file is a draft.
pub(super) fn is_draft(fields: &mut Fields, reading: &mut Reading<'_>) -> bool {
    let mut is_draft = reading.file.split('/').any(|folder| folder == "_drafts");
    for (name, node) in taken(fields) {
        let Some(key) = Key::of(&name) else { continue };
        let words = words(&node);
        match judged(key, &name, &words, &node) {
            Verdict::Publish => {}
            Verdict::HoldBack => {
                is_draft = true;
                if !is_plain(&name, &node) {
                    say(&name, &words, &node, reading);
                }
            }
            Verdict::Unclear => {
                is_draft = true;
                let message = format!("“{name}” should be true or false, not {}", node.kind());
                let diagnostic = Diagnostic::reject(Rule::WrongValue, message)
                    .help("write true or false, without quotes, or remove the line");
                reading.report(diagnostic, node.range);
            }
        }
    }
    is_draft
}

/// Combines all words of a value. A key of our own format must be clear; for keys of other
/// generators the stricter meaning wins.
fn judged(key: Key, name: &str, words: &[String], node: &Node) -> Verdict {
    let verdicts: Vec<Verdict> = words.iter().map(|word| key.verdict(word)).collect();
    let is_word = matches!(key, Key::Draft | Key::Published);
    let is_unclear = verdicts.contains(&Verdict::Unclear) || (is_word && verdicts.is_empty());
    if verdicts.contains(&Verdict::HoldBack) || (is_unclear && !is_own(name)) {
        Verdict::HoldBack
    } else if is_unclear || (name == "draft" && !is_plain(name, node)) {
        Verdict::Unclear
    } else {
        Verdict::Publish
    }
}

/// Written as our format specifies.
fn is_plain(name: &str, node: &Node) -> bool {
    matches!((name, node.text()), ("draft" | "published", Some("true" | "false")))
}

/// A key of our own format, in any case.
fn is_own(name: &str) -> bool {
    ["draft", "published"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// The keys that control publication. Our own are removed; others stay for templates.
fn taken(fields: &mut Fields) -> Vec<(String, Node)> {
    let concerns =
        |entry: &&Entry| Key::of(&entry.key).is_some() && entry.node.value != Value::Null;
    let found: Vec<(String, Node)> = fields
        .left()
        .iter()
        .filter(concerns)
        .map(|entry| (entry.key.clone(), entry.node.clone()))
        .collect();
    // Marks both as known keys.
    let _ = (fields.take("draft"), fields.take("published"));
    for (name, _) in found.iter().filter(|(name, _)| is_own(name)) {
        let _ = fields.take_named(name);
    }
    found
}

/// The value's words in lower case.
fn words(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().flat_map(words).collect(),
        _ => node.text().map(|text| text.trim().to_lowercase()).into_iter().collect(),
    }
}

fn say(name: &str, words: &[String], node: &Node, reading: &mut Reading<'_>) {
    let words = words.join(", ");
    let message = format!("“{name}: {words}” holds this file back as a draft");
    let diagnostic = Diagnostic::note(Rule::HeldBack, message)
        .help("write draft = true to say so, or remove the line to publish it");
    reading.report(diagnostic, node.range.clone());
}
