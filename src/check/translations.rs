//! Lints of groups of translations: two of one language, a circle, dates that differ.

use rustc_hash::FxHashMap;

use crate::archive::ArticleId;
use crate::archive::translations::Group;
use crate::base::lint::Lint;

use super::Look;
use super::finding::Finding;
use super::pending_finding::{PendingFinding, Remedy};

/// All findings about translations.
pub(super) fn findings(look: &Look<'_>) -> Vec<PendingFinding> {
    let groups = look.site.archive.translations.groups().iter();
    groups
        .flat_map(|group| {
            let members = group.members.iter().copied();
            let shown: Vec<ArticleId> =
                members.filter(|id| look.site.archive.is_listed(*id)).collect();
            let mut found = same_language(look, &shown);
            found.extend(circle(look, group, &shown));
            found.extend(dates(look, group, &shown));
            found
        })
        .collect()
}

fn pending(
    look: &Look<'_>,
    id: ArticleId,
    key: &str,
    finding: Finding,
    help: &str,
) -> PendingFinding {
    PendingFinding {
        source: look.site.archive.article(id).source.to_string(),
        key: key.to_owned(),
        text: None,
        finding,
        mend: Remedy::Words(help.to_owned()),
    }
}

/// The second of two in one language.
fn same_language(look: &Look<'_>, shown: &[ArticleId]) -> Vec<PendingFinding> {
    let (archive, config) = (&look.site.archive, &look.site.config);
    let mut found = Vec::new();
    let mut first: FxHashMap<&str, ArticleId> = FxHashMap::default();
    for &id in shown {
        let language = archive.language(config, id);
        let earlier = *first.entry(language).or_insert(id);
        if earlier == id {
            continue;
        }
        let message = format!(
            "{} is a translation of the same report, and in “{language}” too",
            archive.article(earlier).source
        );
        let finding = Finding::new(Lint::TranslationLanguage, message);
        let help = "give one of them its own language, or name it with also where it is another \
                    outlet's copy";
        found.push(pending(look, id, "language", finding, help));
    }
    found
}

fn circle(look: &Look<'_>, group: &Group, shown: &[ArticleId]) -> Option<PendingFinding> {
    let &first = shown.first().filter(|_| group.is_circle)?;
    let message = "this report and its translations name each other as the original";
    let finding = Finding::new(Lint::TranslationCircle, message);
    let help = "remove translation_of from the original; the translations keep theirs";
    Some(pending(look, first, "translation_of", finding, help))
}

/// Translations that are dated otherwise than their original.
fn dates(look: &Look<'_>, group: &Group, shown: &[ArticleId]) -> Vec<PendingFinding> {
    let archive = &look.site.archive;
    let Some(original) = group.original.filter(|id| shown.contains(id)) else { return Vec::new() };
    let day = |id: ArticleId| archive.article(id).date.first_day();
    let others = shown.iter().copied().filter(|id| day(*id) != day(original));
    others
        .map(|id| {
            let message = format!(
                "the report that this one translates is dated {}",
                archive.article(original).date
            );
            let finding = Finding::new(Lint::TranslationDate, message);
            let help = "date is when the outlet published this text: keep it if the translation \
                        appeared on another day";
            pending(look, id, "date", finding, help)
        })
        .collect()
}
