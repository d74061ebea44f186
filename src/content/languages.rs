//! Languages in names of files and folders, and their effect on addresses.
//!
//! In `talks.ar.md`, `ar` is a language if the archive has it or another file has the same stem. In
//! `content/ar/` it is one if the archive has it or, without settings, if the texts of the folder
//! that name a language name this one. [`by_name`] reads the names before any text is read;
//! [`by_folder`] uses the languages that texts name. `Content::add` decides which of several
//! reports keeps a shared address.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::language_tag;

use super::interner::Name;
use super::named_language::NamedLanguage;
use super::rules::ReadingRules;
use super::scan::SourceFile;

/// The stem of a path, and the tag at its end if there may be one.
fn cut(path: &str) -> (&str, Option<(String, usize)>) {
    let folder = path.rfind('/').map_or(0, |at| at + 1);
    let stem = path[folder..].rfind('.').map_or(path, |at| &path[..folder + at]);
    let Some(dot) = stem[folder..].rfind('.').filter(|dot| *dot > 0) else { return (stem, None) };
    let part = &stem[folder + dot + 1..];
    match language_tag::of_name(part) {
        Some(tag) => (&stem[..folder + dot], Some((tag, part.len() + 1))),
        None => (stem, None),
    }
}

/// The languages that names say, for each of the files.
pub(super) fn by_name(files: &[SourceFile], rules: &ReadingRules<'_>) -> Vec<NamedLanguage> {
    let mut named = vec![NamedLanguage::default(); files.len()];
    let may_say = |file: &SourceFile| cut(&file.path).1.is_some();
    if files.iter().any(may_say) {
        let mut stems: FxHashMap<&str, usize> = FxHashMap::default();
        for file in files {
            *stems.entry(cut(&file.path).0).or_default() += 1;
        }
        for (named, file) in named.iter_mut().zip(files) {
            let (stem, Some((tag, suffix))) = cut(&file.path) else { continue };
            if rules.is_language(&tag) || stems.get(stem).is_some_and(|count| *count > 1) {
                *named = NamedLanguage { language: Some(tag.into()), suffix };
            }
        }
    }
    for (named, file) in named.iter_mut().zip(files) {
        let tag = folder_language(&file.path).filter(|tag| rules.is_language(tag));
        if named.language.is_none() {
            named.language = tag.map(Name::from);
        }
    }
    named
}

/// The language that the first folder below `content/` is named by.
pub(crate) fn folder_language(path: &str) -> Option<String> {
    let (folder, _) = path.strip_prefix("content/")?.split_once('/')?;
    language_tag::of_name(folder)
}

/// The language of each folder that is named like one and whose texts agree on one; texts without a
/// language don't count.
pub(super) fn by_folder<'a>(
    said: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> BTreeMap<String, Name> {
    let mut folders: BTreeMap<String, Option<Name>> = BTreeMap::new();
    for (path, language) in said {
        let (Some(tag), Some(language)) = (folder_language(path), language) else { continue };
        let folder = path.split('/').nth(1).unwrap_or_default().to_owned();
        let agrees = language_tag::is_same(&tag, language);
        let known = folders.entry(folder).or_insert_with(|| Some(Arc::from(tag.as_str())));
        if !agrees {
            *known = None;
        }
    }
    folders.into_iter().filter_map(|(folder, tag)| Some((folder, tag?))).collect()
}
