//! The keys of files in `terms/`, in their written form.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::written::{Either, OneOrMore, Text, Texts, WebAddress, Words};

/// What stands above the text of a file in `terms/`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(clippy::zero_sized_map_values, reason = "the types of values only have schemas")]
pub struct Term {
    /// The name as it is shown. Missing: the commonest spelling in reports.
    pub name: Option<Text>,
    /// The name in other languages, as in `{ ar = "القمر" }`.
    pub names: Option<BTreeMap<String, Words>>,
    /// Other spellings that are this term.
    pub synonyms: Option<Texts>,
    /// What it is sorted by, where that is not its name.
    pub sort: Option<Text>,
    /// One sentence about it, at the top of its page and in search engines.
    pub summary: Option<Text>,
    /// A picture: a path of the archive or a web address.
    pub image: Option<Either<Text, TermImage>>,
    /// Pages about it.
    pub links: Option<OneOrMore<TermLink>>,
}

/// A picture of a term.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TermImage {
    /// A path of the archive, as in `/moon.png`, or a web address.
    pub src: Words,
    /// What it shows, for those who can't see it.
    pub alt: Option<Text>,
    /// Who made it.
    pub credit: Option<Text>,
}

/// A page about a term.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TermLink {
    /// What it is.
    pub title: Option<Text>,
    /// Where it is.
    pub url: WebAddress,
}
