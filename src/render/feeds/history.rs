//! Archive documents (RFC 5005 §4): the feed links the newest, each links the one before, and
//! together they contain every report once.
//!
//! [`crate::plan::feed_documents`] assigns reports to documents.

use quick_xml::events::{BytesEnd, Event};

use crate::base::permalink::encode_path;
use crate::plan::feed_documents::{FeedDocument, documents};

use super::{Feeds, Xml, authority, document, element, link, open_feed, stamp, updated};

/// The XML namespace of `fh:archive`.
pub(crate) const NAMESPACE: &str = "http://purl.org/syndication/history/1.0";

const ATOM: &str = "application/atom+xml";

pub(crate) fn archive_document(feeds: Feeds<'_>, held: &FeedDocument) -> Vec<u8> {
    document(|xml| write_archive_document(xml, feeds, held))
}

/// The link from the feed to the newest document.
pub(super) fn lead_back(xml: &mut Xml, feeds: Feeds<'_>) -> std::io::Result<()> {
    match documents(feeds.archive, feeds.config).last() {
        Some(newest) => link(xml, "prev-archive", ATOM, &feeds.config.absolute(&newest.path)),
        None => Ok(()),
    }
}

fn write_archive_document(
    xml: &mut Xml,
    feeds: Feeds<'_>,
    held: &FeedDocument,
) -> std::io::Result<()> {
    let Feeds { archive, config, .. } = feeds;
    let address = |path: &str| config.absolute(&encode_path(path));
    let all = held.articles.iter().map(|id| updated(archive.article(*id), config));
    let newest = all.max().unwrap_or_default();
    open_feed(xml, config)?;
    xml.create_element("fh:archive").write_empty()?;
    element(xml, "title", &config.title)?;
    // All documents are parts of one feed.
    element(xml, "id", &format!("tag:{}:feed", authority(config)))?;
    element(xml, "updated", &stamp(newest))?;
    link(xml, "self", ATOM, &address(&held.path))?;
    link(xml, "current", ATOM, &address("/atom.xml"))?;
    link(xml, "alternate", "text/html", config.base_url.as_str())?;
    for (relation, path) in [("prev-archive", &held.previous), ("next-archive", &held.next)] {
        if let Some(path) = path {
            link(xml, relation, ATOM, &address(path))?;
        }
    }
    element(xml, "generator", "Dateline")?;
    for &id in held.articles.iter().rev().filter(|id| archive.is_listed(**id)) {
        super::write_article(xml, feeds, id)?;
    }
    xml.write_event(Event::End(BytesEnd::new("feed")))
}
