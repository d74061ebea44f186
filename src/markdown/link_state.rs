//! Links out of the archive with a state: robust links and lost links.
//!
//! The attributes are those of robustlinks.mementoweb.org. Only this module writes them: the raw
//! HTML policy removes `data-` attributes.

use super::escape::{push_address, push_attribute, push_text};
use super::{ArchivedCopy, BodyWords, RobustLink};

/// The tags of a link, and the marks inside and after it.
pub(super) struct Marked {
    /// `a`, or `span` without a target.
    pub(super) element: &'static str,
    /// Each preceded by a space.
    pub(super) attributes: String,
    /// Written before the end tag.
    pub(super) inside: String,
    /// Written after it.
    pub(super) after: String,
}

impl Marked {
    /// A link without a state.
    pub(super) fn plain(address: &str) -> Marked {
        let (inside, after) = (String::new(), String::new());
        Marked { element: "a", attributes: external(address), inside, after }
    }

    /// A lost link.
    pub(super) fn lost(words: &BodyWords) -> Marked {
        Marked {
            element: "span",
            attributes: " class=\"lost-link\"".to_owned(),
            inside: mark("lost-mark", &words.lost_link),
            after: String::new(),
        }
    }

    /// A link to `address` with its state.
    pub(super) fn robust(address: &str, link: &RobustLink, words: &BodyWords) -> Marked {
        match link {
            RobustLink::Living(copy) => Marked::living(address, copy, words),
            RobustLink::Dead(copy) => Marked::dead(address, copy),
            RobustLink::Gone(words) => Marked::gone(address, words),
        }
    }

    fn living(address: &str, copy: &ArchivedCopy, words: &BodyWords) -> Marked {
        let mut attributes = external(address);
        push_pair(&mut attributes, "data-originalurl", address);
        push_pair(&mut attributes, "data-versionurl", &copy.address);
        push_date(&mut attributes, copy);
        let mut after = format!(" <a class=\"copy-mark\"{}", external(&copy.address));
        for name in ["aria-label", "title"] {
            after.push(' ');
            after.push_str(name);
            after.push_str("=\"");
            push_attribute(&mut after, &copy.words);
            after.push('"');
        }
        after.push('>');
        push_text(&mut after, &words.copy_mark);
        after.push_str("</a>");
        Marked { element: "a", attributes, inside: String::new(), after }
    }

    fn dead(address: &str, copy: &ArchivedCopy) -> Marked {
        let mut attributes = external(&copy.address);
        push_pair(&mut attributes, "data-originalurl", address);
        push_pair(&mut attributes, "data-versionurl", &copy.address);
        push_date(&mut attributes, copy);
        attributes.push_str(" class=\"dead-link\"");
        Marked {
            element: "a",
            attributes,
            inside: String::new(),
            after: mark("dead-mark", &copy.words),
        }
    }

    fn gone(address: &str, words: &str) -> Marked {
        let mut inside = mark("dead-mark", words);
        inside.push_str(" <bdi class=\"dead-address\" dir=\"ltr\">");
        push_text(&mut inside, address);
        inside.push_str("</bdi>");
        Marked {
            element: "span",
            attributes: " class=\"dead-link\"".to_owned(),
            inside,
            after: String::new(),
        }
    }
}

fn external(address: &str) -> String {
    let mut attributes = String::new();
    push_pair(&mut attributes, "href", address);
    attributes.push_str(" rel=\"external noopener\"");
    attributes
}

fn push_date(attributes: &mut String, copy: &ArchivedCopy) {
    if let Some(date) = &copy.date {
        push_pair(attributes, "data-versiondate", date);
    }
}

fn push_pair(attributes: &mut String, name: &str, address: &str) {
    attributes.push(' ');
    attributes.push_str(name);
    attributes.push_str("=\"");
    push_address(attributes, address);
    attributes.push('"');
}

fn mark(class: &str, words: &str) -> String {
    let mut mark = format!(" <span class=\"{class}\">");
    push_text(&mut mark, words);
    mark.push_str("</span>");
    mark
}

/// Checks that an attribute value could be ours, in addition to the policy.
pub(super) fn is_sound(name: &str, value: &str) -> bool {
    match name {
        "data-originalurl" | "data-versionurl" => {
            let address = value.to_ascii_lowercase();
            ["https://", "http://", "//"].iter().any(|scheme| address.starts_with(scheme))
        }
        "data-versiondate" => {
            value.bytes().all(|byte| byte.is_ascii_digit() || b"-+:TZ".contains(&byte))
        }
        _ => true,
    }
}
