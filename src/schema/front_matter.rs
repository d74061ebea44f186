//! The written form of front matter: every key, its values, and its description for the manual.

use schemars::JsonSchema;

use super::written::{
    Byline, Day, Either, EvidenceFile, EvidenceKind, Focus, Kind, Language, OneOrMore, Preferred,
    Sha256, Text, Texts, Truth, WebAddress, WebAddressOrLost, When, Words,
};

/// What is known of a report.
#[derive(JsonSchema)]
#[schemars(title = "Front matter of a report in a Dateline archive")]
pub struct FrontMatter {
    /// The headline. Missing: the first heading or the first words, with a warning.
    pub title: Option<Words>,
    /// When the outlet published it. A day is never shifted by a time zone. A month or a year alone (in quotes) is fine: the report stands on that month's or year's page.
    pub date: Option<When>,
    /// When it entered the archive; `dateline new` writes it. Feeds and *recently added* follow it.
    pub added: Option<When>,
    /// The last change of substance.
    pub updated: Option<When>,
    /// The last part of the address; otherwise the file's name.
    pub slug: Option<Text>,
    /// The whole address, in place of the pattern.
    pub path: Option<Text>,
    /// Old addresses that lead here.
    pub aliases: Option<Texts>,
    /// The permanent identity in feeds; otherwise a `tag:` URI made of `[feeds] authority`, date and slug.
    pub id: Option<Text>,
    /// Who published it: a key or a name of `[outlets]` in the settings, or any other name.
    pub outlet: Option<Text>,
    /// The original article.
    pub original_url: Option<WebAddressOrLost>,
    /// The byline. `"Mao, Zedong"` says to citations which is the family name.
    pub authors: Option<OneOrMore<Option<Byline>>>,
    /// The chain it came through, in order.
    pub via: Option<OneOrMore<Either<Text, Via>>>,
    /// Who sent it in: keys or names of `[contributors]` in the settings, or any other.
    pub submitted_by: Option<Texts>,
    /// The place, as in `"MOSCOW"`.
    pub dateline: Option<Text>,
    /// `news`, `analysis`, `opinion`, `interview`, `statement` …
    pub kind: Option<Text>,
    /// What it is about. So for every taxonomy of the settings: `people = ["…"]`.
    pub tags: Option<Texts>,
    /// The running stories it is part of.
    pub stories: Option<Texts>,
    /// For lists, feeds and previews, and above the text. Missing: lists and feeds show the beginning of the first paragraph.
    pub summary: Option<Text>,
    /// The report's language, where it is not the archive's. Sets the direction of writing wherever its headline appears.
    pub language: Option<Language>,
    /// The lead picture.
    pub image: Option<Either<Text, Image>>,
    /// Where pictures beside the report were copied from; `dateline fetch-pictures` writes it.
    pub picture_sources: Option<OneOrMore<PictureSource>>,
    /// Archived copies (mementos) of the original. The date may be left out where the address holds it, as in `/web/20170201120000/`.
    pub archived: Option<OneOrMore<Copy>>,
    /// What became of links in this text: see *Links that die*.
    pub links: Option<OneOrMore<BodyLink>>,
    /// What you received of the original, kept below `evidence/` and never published; `dateline clip` writes it: see *One page from an address*.
    pub evidence: Option<OneOrMore<Evidence>>,
    /// What was put right, with the old and the new wording. Only the date is required.
    pub corrections: Option<OneOrMore<Correction>>,
    /// The report was taken down: see *Withdrawing*.
    pub withdrawn: Option<Withdrawal>,
    /// A part was removed: see *Corrections and redactions*.
    pub redactions: Option<OneOrMore<Redaction>>,
    /// The same report in other outlets, held in this archive; shown on both.
    pub also: Option<Texts>,
    /// The report that this one translates: its address, its file, or its original's address. Both show each other: see *Languages*.
    pub translation_of: Option<Texts>,
    /// The same as `translation_of`, as other generators write it: all other languages' reports, in a list or by their languages.
    #[expect(clippy::zero_sized_map_values, reason = "the schema's types hold no values")]
    pub translations: Option<Either<Texts, std::collections::BTreeMap<String, Text>>>,
    /// A name that the translations of one report share, in place of `translation_of`.
    pub translation_key: Option<Text>,
    /// Terms of reuse. Creative Commons with its version, as in `CC BY 4.0`, names of the [SPDX list](https://spdx.org/licenses/) and web addresses become links.
    pub license: Option<Text>,
    /// Who holds the rights.
    pub rights: Option<Text>,
    /// The curator's note.
    pub note: Option<Text>,
    /// Which address search engines are told to prefer; `"self"` unless said otherwise.
    pub canonical: Option<Preferred>,
    /// Keeps the page out of search engines and sitemaps.
    pub noindex: Option<Truth>,
    /// Another template for this page, from `templates/`.
    pub template: Option<Text>,
    /// Published only by `dateline build --drafts`.
    pub draft: Option<Truth>,
}

/// A source in the chain that a report came through.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Via {
    /// Its name.
    pub name: Option<Text>,
    /// Where it has the report.
    pub url: Option<WebAddressOrLost>,
}

/// A picture.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Image {
    /// A file beside the report, a path of the archive or a web address.
    pub src: Words,
    /// What it shows, for those who can't see it.
    pub alt: Option<Text>,
    /// Who made it.
    pub credit: Option<Text>,
    /// What stands under it.
    pub caption: Option<Text>,
    /// What must be seen where only a part is shown, across and down: `"50% 30%"`.
    pub focus: Option<Focus>,
}

/// Where a picture beside the report was copied from.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PictureSource {
    /// Its name beside the report.
    pub file: Words,
    /// The address of the original.
    pub source: WebAddress,
    /// When it was copied.
    pub fetched: Option<When>,
    /// Who made it or holds the rights, and terms of reuse.
    pub credit: Option<Text>,
}

/// An archived copy.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Copy {
    /// Where it is.
    pub url: WebAddressOrLost,
    /// When it was taken.
    pub date: Option<When>,
    /// Who keeps it.
    pub service: Option<Text>,
}

/// What became of a link in the text.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BodyLink {
    /// The address as the text has it.
    pub url: Words,
    /// An archived copy.
    pub archived: Option<WebAddressOrLost>,
    /// When the copy was taken.
    pub date: Option<When>,
    /// Whether the address is gone without a copy.
    pub lost: Option<Truth>,
}

/// What was received of the original.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Evidence {
    /// A WARC file below `evidence/`.
    pub file: EvidenceFile,
    /// The SHA-256 of that file.
    pub sha256: Sha256,
    /// When it was received.
    pub received: Option<When>,
    /// Where it came from; of a saved file, where it says that it came from.
    pub url: Option<WebAddress>,
    /// `fetched` from a server, or a `file` that you had.
    pub kind: EvidenceKind,
}

/// What was put right.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Correction {
    /// When.
    pub date: Day,
    /// What was wrong.
    pub text: Option<Text>,
    /// The old wording.
    pub was: Option<Text>,
    /// The new wording.
    pub now: Option<Text>,
}

/// Why a report was taken down.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Withdrawal {
    /// When.
    pub date: Day,
    /// The kind of reason.
    pub kind: Kind,
    /// The reason, as readers are told.
    pub reason: Option<Text>,
}

/// What was removed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Redaction {
    /// When.
    pub date: Day,
    /// Why.
    pub reason: Option<Text>,
    /// Files that are published no more.
    pub assets: Option<Texts>,
}
