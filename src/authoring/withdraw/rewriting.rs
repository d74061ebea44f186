//! Makes the new text of a withdrawn report's file. The result is parsed again before it is used:
//! address, date and identity must be unchanged, and the withdrawal must be read.

use toml_edit::{DocumentMut, InlineTable, Item};

use crate::base::date::Date;
use crate::content::article::Article;
use crate::content::front_matter::{self, Fence, Layout, keys};
use crate::content::rules::ReadingRules;
use crate::markdown::MarkdownOptions;
use crate::settings::Config;

use crate::authoring::records::{quoted, toml_date};
use crate::authoring::stripping::{Line, edited_toml, edited_yaml};

use super::{Request, SourceText};

/// Keys that hold words or pictures of the report.
const STRIPPED: [&str; 6] = ["summary", "image", "images", "corrections", "redactions", "evidence"];

/// The input of a rewrite.
#[derive(Debug)]
pub(super) struct Rewriting<'a> {
    pub(super) config: &'a Config,
    pub(super) options: &'a MarkdownOptions,
    /// The report before the withdrawal.
    pub(super) article: &'a Article,
    pub(super) request: &'a Request,
}

impl Rewriting<'_> {
    /// The new text; `None` if the old one can't be edited safely.
    pub(super) fn rewrite(&self, original: &str) -> Option<String> {
        let original = &*front_matter::as_yaml(original);
        let layout = front_matter::layout(original).ok()?;
        let keeps = self.request.text == SourceText::Keep;
        if self.is_named() || keeps {
            // A headline taken from the text must be written down before the text is removed.
            let lines = [vec![self.withdrawal()], vec![self.title(), self.withdrawal()]];
            lines.into_iter().find_map(|lines| {
                let text = self.edited(original, &layout, &lines)?;
                self.checked(text, original)
            })
        } else {
            // The address may depend on more than the file name and the pattern.
            let lines = [self.bare(false), self.bare(true)];
            lines.into_iter().find_map(|lines| {
                let fence = layout.front_matter.as_ref().map_or(Fence::Toml, |(fence, _)| *fence);
                self.checked(fresh(fence, &lines), original)
            })
        }
    }

    fn is_named(&self) -> bool {
        self.config.withdrawals.named.contains(&self.request.withdrawal.kind)
    }

    /// Checks that the new text keeps everything that must stay.
    fn checked(&self, text: String, original: &str) -> Option<String> {
        let rules = ReadingRules::new(self.config, self.options);
        let parsed = front_matter::article_again(self.article, &text, &rules);
        let new = parsed.value?;
        let old = self.article;
        let withdrawal = new.withdrawn.as_ref()?;
        let wanted = &self.request.withdrawal;
        let stays = new.permalink == old.permalink
            && new.date == old.date
            && new.added == old.added
            && new.id == old.id
            && new.aliases == old.aliases;
        let is_told = withdrawal.kind == wanted.kind
            && withdrawal.date == wanted.date
            && withdrawal.reason == wanted.reason;
        let is_titled = !self.is_named() || new.title == old.title;
        let is_stripped = match self.request.text {
            SourceText::Keep => text.len() > original.len(),
            SourceText::Strip => text[new.body_start..].trim().is_empty(),
        };
        (stays && is_told && is_titled && is_stripped).then_some(text)
    }

    fn withdrawal(&self) -> Line {
        let withdrawal = &self.request.withdrawal;
        let reason = withdrawal.reason.as_deref().unwrap_or_default();
        let mut table = InlineTable::new();
        table.insert("date", toml_date(withdrawal.date));
        table.insert("kind", withdrawal.kind.name().into());
        table.insert("reason", reason.into());
        let yaml = format!(
            "\n  date: {}\n  kind: {}\n  reason: {}",
            quoted(&withdrawal.date.to_string()),
            withdrawal.kind,
            quoted(reason)
        );
        Line { key: "withdrawn", toml: Item::Value(table.into()), yaml }
    }

    fn title(&self) -> Line {
        let title = self.article.title.as_str();
        Line { key: "title", toml: toml_edit::value(title), yaml: format!(" {}", quoted(title)) }
    }

    /// The keys of a tombstone that names no one.
    fn bare(&self, with_path: bool) -> Vec<Line> {
        let article = self.article;
        let date = |key, date: Date| Line {
            key,
            toml: Item::Value(toml_date(date)),
            yaml: format!(" {}", quoted(&date.to_string())),
        };
        let text = |key, text: &str| Line {
            key,
            toml: toml_edit::value(text),
            yaml: format!(" {}", quoted(text)),
        };
        let mut lines = vec![date("date", article.date)];
        lines.extend(article.added.map(|added| date("added", added)));
        lines.extend(with_path.then(|| text("path", article.permalink.as_str())));
        lines.extend(article.id.as_ref().map(|id| text("id", id)));
        if !article.aliases.is_empty() {
            let aliases: Vec<String> = article.aliases.iter().map(|alias| quoted(alias)).collect();
            lines.push(Line {
                key: "aliases",
                toml: toml_edit::value(article.aliases.iter().collect::<toml_edit::Array>()),
                yaml: format!(" [{}]", aliases.join(", ")),
            });
        }
        if article.draft {
            let toml = toml_edit::value(true);
            lines.push(Line { key: "draft", toml, yaml: " true".to_owned() });
        }
        lines.push(self.withdrawal());
        lines
    }

    /// The old front matter with the new keys, and without those that hold words of the report.
    fn edited(&self, original: &str, layout: &Layout, lines: &[Line]) -> Option<String> {
        let keeps = self.request.text == SourceText::Keep;
        let body = if keeps { &original[layout.body_start..] } else { "" };
        let Some((fence, inner)) = &layout.front_matter else {
            return Some(format!("{}{body}", fresh(Fence::Toml, lines)));
        };
        let stripped: Vec<&str> = STRIPPED
            .iter()
            .filter(|_| !keeps)
            .flat_map(|key| keys::names_of(key, &self.config.keys))
            .collect();
        let (above, below) = (&original[..inner.start], &original[inner.end..layout.body_start]);
        let old = &original[inner.clone()];
        let new = match fence {
            Fence::Toml => edited_toml(old, &stripped, lines)?,
            Fence::Yaml | Fence::Json | Fence::Lines => edited_yaml(old, &stripped, lines)?,
        };
        Some(format!("{above}{new}{below}{body}"))
    }
}

/// Front matter with only these keys.
fn fresh(fence: Fence, lines: &[Line]) -> String {
    match fence {
        Fence::Toml => {
            let mut document = DocumentMut::new();
            for line in lines {
                document.insert(line.key, line.toml.clone());
            }
            format!("+++\n{document}+++\n")
        }
        Fence::Yaml | Fence::Json | Fence::Lines => {
            let lines: Vec<String> = lines.iter().map(Line::in_yaml).collect();
            format!("---\n{}---\n", lines.concat())
        }
    }
}
