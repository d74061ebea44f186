//! Makes a report's file from an entry: pure, so that entries are processed in parallel.

use url::Url;

use crate::authoring::reading_options;
use crate::base::diagnostic::Effect;
use crate::content::front_matter;
use crate::content::rules::ReadingRules;
use crate::settings::Config;

use super::addresses::{Found, OldAddresses};
use super::built::built;
use super::convert::{Loss, convert_tree};
use super::entry::{Body, Entry, Kind, Picture, Status};
use super::html::Tree;
use super::options::Choices;
use super::placing::Place;
use super::report_file::{self, LeadPicture};
use super::sources::wordpress::body;
use super::suggestions::applying::apply;
use super::suggestions::notices::{self, Paragraph};
use super::suggestions::{Rule, Suggestion, found_in};
use super::survey::Survey;
use super::tidying::tidy;
use super::words::{Kept, compare_trees};

/// The input shared by all entries.
pub(crate) struct Maker<'a> {
    pub(crate) survey: &'a Survey,
    pub(crate) addresses: &'a OldAddresses<'a>,
    pub(crate) config: &'a Config,
    pub(crate) choices: &'a Choices,
}

/// A file to write.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) applied: Vec<String>,
    pub(crate) suggestions: Vec<Suggestion>,
    /// Paragraphs that may be standing notices.
    pub(crate) paragraphs: Vec<Paragraph>,
    pub(crate) findings: Findings,
    pub(crate) comments: Vec<super::entry::Comment>,
}

/// Findings about one entry.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) kept: Option<Kept>,
    pub(crate) losses: Vec<Loss>,
    pub(crate) addresses: Found,
    pub(crate) unknown_shortcodes: Vec<String>,
    pub(crate) is_broken_text: bool,
    /// Published without a date: it becomes a draft.
    pub(crate) is_undated: bool,
    pub(crate) problems: Vec<String>,
    /// Values that fit no key.
    pub(crate) set_aside: Vec<String>,
    /// Whether the source has no headline: the title is then the one that a build would derive.
    pub(crate) is_untitled: bool,
}

impl Maker<'_> {
    /// Makes an entry's file at its place; `applied` are the rules of earlier accepted suggestions.
    pub(crate) fn make(&self, mut entry: Entry, place: &Place, applied: &[String]) -> Made {
        let mut findings = Findings::default();
        if entry.is_undated() {
            findings.is_undated = entry.status == Status::Published;
            entry.status = Status::Draft;
        }
        findings.set_aside = tidy(&mut entry);
        let markdown = self.markdown(&mut entry, &mut findings);
        findings.is_broken_text = is_mojibake(&markdown) || is_mojibake(&entry.title);
        let image = self.lead_picture(&entry, &mut findings);
        let mut text = report_file::text(&entry, place, image.as_ref(), &markdown, self.choices);
        if entry.title.trim().is_empty() {
            findings.is_untitled = true;
            entry.title = self.title_shown(&entry, &place.path, &text);
            text = report_file::text(&entry, place, image.as_ref(), &markdown, self.choices);
        }
        let is_report = entry.kind == Kind::Report;
        let suggestions = if is_report { self.suggestions(&entry, &markdown) } else { Vec::new() };
        let (accepted, suggestions): (Vec<Suggestion>, Vec<Suggestion>) = suggestions
            .into_iter()
            .partition(|found| applied.iter().any(|name| name == found.rule.name()));
        let accepted: Vec<&Suggestion> = accepted.iter().collect();
        let text = if accepted.is_empty() {
            text
        } else {
            apply(&place.path, &text, &accepted, self.config).unwrap_or(text)
        };
        let suggestions =
            suggestions.into_iter().filter(|found| found.rule != Rule::StandingNotice);
        self.look_at(&entry, &place.path, &text, &mut findings);
        let is_published = entry.status == Status::Published;
        Made {
            id: entry.id,
            path: place.path.clone(),
            applied: applied.to_vec(),
            suggestions: suggestions
                .map(|found| if is_published { found } else { found.without_quote() })
                .collect(),
            paragraphs: if is_report && is_published {
                notices::paragraphs(&markdown)
            } else {
                Vec::new()
            },
            findings,
            comments: entry.comments,
            text,
        }
    }

    fn markdown(&self, entry: &mut Entry, findings: &mut Findings) -> String {
        let html = match std::mem::take(&mut entry.body) {
            Body::Empty => return String::new(),
            Body::Markdown(text) => return text.trim_matches('\n').to_owned(),
            Body::Html(html) => html,
            Body::WordPress(text) => {
                let number = entry.id.rsplit('#').next().unwrap_or_default();
                let prepared = body::html(&text, number, &self.survey.attachments);
                findings.unknown_shortcodes = prepared.unknown;
                prepared.html
            }
        };
        let tree = Tree::fragment(&html);
        let addresses = self.addresses.of_text(self.base_of(entry));
        let converted = convert_tree(&tree, &addresses);
        findings.addresses = addresses.found();
        findings.losses = converted.losses;
        findings.kept = Some(compare_trees(&tree, &built(&converted.markdown)));
        converted.markdown
    }

    fn lead_picture(&self, entry: &Entry, findings: &mut Findings) -> Option<LeadPicture> {
        let picture = match entry.image.as_ref()? {
            Picture::Attachment(id) => {
                if let Some(attachment) = self.survey.attachments.get(id) {
                    LeadPicture {
                        source: attachment.address.clone(),
                        description: attachment.description.clone(),
                        caption: Some(attachment.caption.clone()),
                    }
                } else {
                    findings.addresses.missing.push(format!("the lead picture, number {id}"));
                    return None;
                }
            }
            Picture::Address { address, description, caption } => LeadPicture {
                source: address.clone(),
                description: description.clone(),
                caption: caption.clone(),
            },
        };
        let addresses = self.addresses.of_text(self.base_of(entry));
        let source = super::convert::Addresses::picture(&addresses, &picture.source);
        let found = addresses.found();
        if source.starts_with('/') && found.used.is_empty() {
            // The export does not name its site.
            findings.addresses.missing.push(source);
            return None;
        }
        findings.addresses.missing.extend(found.missing);
        findings.addresses.used.extend(found.used);
        let is_address = source.starts_with('/') || Url::parse(&source).is_ok();
        is_address.then_some(LeadPicture { source, ..picture })
    }

    /// The base of relative addresses in a text; exports without addresses belong to an old site
    /// that the settings name.
    fn base_of<'e>(&'e self, entry: &'e Entry) -> Option<&'e str> {
        let own = entry.addresses.first().or(entry.original_url.as_ref());
        own.or(self.config.origins.first()).map(String::as_str)
    }

    /// Suggestions from the text, and the archive's standing notices in it.
    fn suggestions(&self, entry: &Entry, markdown: &str) -> Vec<Suggestion> {
        let mut found = found_in(markdown, self.survey.days);
        found.retain(|found| {
            // Suggest only what the source lacks.
            (entry.outlet.is_none() || found.says.outlet.is_none())
                && (entry.submitted_by.is_empty() || found.says.submitted_by.is_empty())
        });
        found.extend(notices::standing_in(markdown, &self.config.notices.standing));
        found
    }

    /// The headline that a build derives for a text without one.
    fn title_shown(&self, entry: &Entry, path: &str, text: &str) -> String {
        let options = reading_options(self.config);
        let rules = ReadingRules::new(self.config, &options);
        let title = match entry.kind {
            Kind::Report => front_matter::article(path, text, &rules).value.map(|it| it.title),
            Kind::Page => front_matter::plain_page(path, text, &rules).value.map(|it| it.title),
        };
        title.unwrap_or_default()
    }

    /// Parses the file as a build would.
    fn look_at(&self, entry: &Entry, path: &str, text: &str, findings: &mut Findings) {
        let options = reading_options(self.config);
        let rules = ReadingRules::new(self.config, &options);
        let found = match entry.kind {
            Kind::Report => front_matter::article(path, text, &rules).diagnostics,
            Kind::Page => front_matter::plain_page(path, text, &rules).diagnostics,
        };
        let serious = found.into_iter().filter(|problem| problem.weight >= Effect::Reject);
        findings.problems = serious.map(|problem| problem.message).collect();
    }
}

/// Whether a text looks like UTF-8 decoded with another encoding: `Ã©`, `â€™`, `Ð¡`.
fn is_mojibake(text: &str) -> bool {
    let mut before = '\0';
    let mut found = 0;
    for letter in text.chars() {
        let is_second =
            matches!(letter, '\u{80}'..='\u{bf}' | '€' | '™' | 'œ' | '‚' | '„' | '†' | '‡');
        found += usize::from(matches!(before, 'Ã' | 'â' | 'Ð' | 'Ñ' | 'Â') && is_second);
        if found >= 2 {
            return true;
        }
        before = letter;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_mojibake;

    #[test]
    fn broken_letters_are_suspected_and_good_ones_are_not() {
        assert!(is_mojibake("Itâ€™s a cafÃ©"));
        assert!(is_mojibake("Ð¡Ð»Ð¾Ð²Ð¾"));
        assert!(!is_mojibake("Ângela câmara, Ñandú, Straße, “quoted” — 5 €"));
    }
}
