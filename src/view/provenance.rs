//! Provenance and reuse of a report: for its record, and as facts for machine-readable parts.

use crate::base::built_in::BuiltIn;
use crate::view::value::{Object as _, Value, view};

use crate::archive::ArticleId;
use crate::base::licence;
use crate::base::medium::Medium;
use crate::base::permalink::encode_path;
use crate::content::article::{Article, Canonical, Correction, Via};
use crate::i18n::Names;
use crate::ledger::{Fate, OwnLinks};
use crate::markdown::{ArchivedCopy, Link, RobustLink};
use crate::view::credit::Credit;
use crate::view::facts::{
    ArchiveFacts, Facts, LinkPictureFacts, Named, PictureFacts, RecordingFacts,
};
use crate::view::link_state;

use super::article::host;
use crate::plan::markdown_path;
use crate::view::Views;

impl Views<'_> {
    /// The original and its state; the record lists its copies.
    pub(crate) fn original(&self, article: &Article) -> Value {
        if article.is_original_lost {
            return self.lost();
        }
        let known = article.original_url.as_ref().zip(self.ledger.original(article));
        let Some((url, fate)) = known else { return Value::none() };
        self.robust(url, &fate).with("name", host(url))
    }

    /// A link of which only that is known that there was one.
    fn lost(&self) -> Value {
        view!({ "url": (), "state": "lost", "text": self.language.text("lost_link", &[]) })
    }

    /// The chain of sources, with the state of each page.
    pub(crate) fn chain(&self, article: &Article) -> Vec<Value> {
        let own = OwnLinks::new(&article.links);
        let step = |url: &String| self.robust(url, &self.ledger.fate(url, &own));
        let link = |via: &Via| match &via.url {
            None if via.lost => Some(self.lost()),
            url => url.as_ref().map(step),
        };
        let steps = article.via.iter();
        steps.map(|via| view!({ "name": via.name, "url": via.url, "link": link(via) })).collect()
    }

    /// A link outside of articles, whose state is in the ledger.
    pub(crate) fn followed(&self, url: &str) -> Value {
        self.robust(url, &self.ledger.fate(url, &OwnLinks::default()))
    }

    /// The original of a withdrawn report, without a copy: withdrawn text must not be offered
    /// elsewhere.
    pub(crate) fn original_without_copy(&self, url: &str) -> Value {
        let fate = match self.ledger.fate(url, &OwnLinks::default()) {
            Fate::Living(_) => Fate::Living(None),
            Fate::Dead(since, _) => Fate::Dead(since, None),
            Fate::Lost => Fate::Lost,
        };
        self.robust(url, &fate)
    }

    /// A link out of the archive: address, state, copy.
    fn robust(&self, url: &str, fate: &Fate) -> Value {
        let copy = |copy: &ArchivedCopy| view!({ "url": copy.address, "date": copy.date, "text": copy.words });
        match link_state::link(fate, &self.language) {
            Link::Robust(RobustLink::Living(found)) => {
                view!({ "url": url, "state": "living", "copy": copy(&found) })
            }
            Link::Robust(RobustLink::Dead(found)) => {
                view!({ "url": url, "state": "dead", "copy": copy(&found) })
            }
            Link::Robust(RobustLink::Gone(words)) => {
                view!({ "url": url, "state": "gone", "text": words })
            }
            Link::Lost => {
                let words = self.language.text("lost_link", &[]);
                view!({ "url": url, "state": "gone", "text": words })
            }
            _ => view!({ "url": url, "state": "living", "copy": () }),
        }
    }

    /// The address of a report's licence.
    pub(crate) fn license_url(article: &Article) -> Option<String> {
        licence::address(article.license.as_deref()?)
    }

    /// The credit for republishing; `null` if that is not allowed.
    pub(crate) fn republish(&self, article: &Article, facts: &Facts) -> Value {
        if !self.config.republish.allows(article.license.as_deref()) {
            return Value::none();
        }
        let credit = self.credit(facts);
        let path = crate::base::permalink::encode_path(&markdown_path(article));
        view!({
            "html": credit.html(),
            "markdown": credit.markdown(),
            "source": self.config.address(&path),
        })
    }

    /// The credit line of a report.
    pub fn credit(&self, facts: &Facts) -> Credit {
        Credit::new(facts, &self.config.title, &self.language)
    }

    /// The target of a report's `rel=canonical`.
    pub(crate) fn canonical(&self, article: &Article) -> String {
        match (article.canonical, &article.original_url) {
            (Canonical::Original, Some(original)) => original.clone(),
            _ => self.config.absolute(&article.permalink.encoded()),
        }
    }

    /// A report's facts.
    pub fn facts(&self, id: ArticleId) -> Facts {
        let article = self.archive.article(id);
        let page = self.config.absolute(&article.permalink.encoded());
        let (outlet, outlet_page) = self.outlet_facts(id);
        let kind = article.kind.as_deref();
        let via =
            article.via.iter().map(|via| Named { name: via.name.clone(), url: via.url.clone() });
        Facts {
            canonical: self.canonical(article),
            page,
            headline: article.title.clone(),
            description: article.summary.clone(),
            language: article.language.as_deref().unwrap_or(&self.config.language).to_owned(),
            translations: self.translation_facts(id),
            translates: self.original_fact(id),
            date: article.date,
            date_text: self.language.date(article.date),
            added: article.added,
            changed: article.changes().max(),
            authors: self.named(&self.authors(id)),
            outlet,
            outlet_page,
            contributors: self.named(&self.terms_named(id, BuiltIn::Contributors.name())),
            dateline: article.dateline.clone(),
            kind: kind.map(|kind| self.language.name(Names::Kinds, kind)),
            keywords: self.keywords(id),
            stories: self.named(&self.terms_named(id, BuiltIn::Stories.name())),
            original: article.original_url.clone(),
            via: via.collect(),
            mementos: self.ledger.mementos(article),
            picture: self.picture_facts(article),
            recordings: self.recording_facts(id),
            license: article
                .license
                .as_ref()
                .map(|terms| Named { name: terms.clone(), url: licence::address(terms) }),
            rights: article.rights.clone(),
            corrections: article
                .corrections
                .iter()
                .map(|correction| (correction.date, self.correction_text(correction)))
                .filter(|(_, text)| !text.is_empty())
                .collect(),
        }
    }

    /// The outlet with its home page, and its page in the archive.
    fn outlet_facts(&self, id: ArticleId) -> (Option<Named>, Option<String>) {
        let Some((taxonomy, term)) = self.outlet_term(id) else { return (None, None) };
        let entry = &self.archive.taxonomies[taxonomy].terms[term];
        let known = entry.config_key.as_ref().and_then(|key| self.config.outlets.get(key));
        let url = known.and_then(|outlet| outlet.url.clone());
        let page = self.term(taxonomy, term).text("url").map(|page| self.with_host(page));
        (Some(Named { name: entry.name.clone(), url }), page)
    }

    /// Terms with their pages.
    fn named(&self, terms: &[Value]) -> Vec<Named> {
        let named = terms.iter().map(|term| Named {
            name: term.text("name").unwrap_or_default().to_owned(),
            url: term.text("url").map(|page| self.with_host(page)),
        });
        named.collect()
    }

    fn keywords(&self, id: ArticleId) -> Vec<String> {
        let is_subject =
            |taxonomy: &&Value| taxonomy.text("key").is_some_and(|key| !BuiltIn::Languages.is(key));
        let sorted = self.sorted_terms(id);
        let terms = sorted
            .iter()
            .filter(is_subject)
            .filter_map(|taxonomy| taxonomy.entry("terms")?.as_array());
        let terms = terms.flatten();
        terms.filter_map(|term| term.text("name")).map(str::to_owned).collect()
    }

    fn picture_facts(&self, article: &Article) -> Option<PictureFacts> {
        let image = article.image.as_ref()?;
        let view = self.image(article, image);
        let src = view.text("src")?;
        let number = |key| view.entry(key)?.as_u64();
        Some(PictureFacts {
            url: self.with_host(src),
            alternative: image.alt.clone(),
            credit: image.credit.clone(),
            caption: image.caption.clone(),
            size: number("width").zip(number("height")),
            card: self.link_picture(article).map(|card| LinkPictureFacts {
                url: self.with_host(&card.address),
                size: card.size.map(|(width, height)| (width.into(), height.into())),
            }),
        })
    }

    fn recording_facts(&self, id: ArticleId) -> Vec<RecordingFacts> {
        let recordings = self.files.recordings(&self.archive.articles[id as usize]);
        let facts = recordings.into_iter().map(|recording| RecordingFacts {
            url: self.config.absolute(&encode_path(&recording.path)),
            is_film: recording.medium == Medium::Film,
            media_type: recording.media_type,
            length: recording.length,
        });
        facts.collect()
    }

    fn correction_text(&self, correction: &Correction) -> String {
        let quoted = |key: &str, text: &Option<String>| {
            text.as_ref().map(|text| format!("{}: “{text}”", self.language.text(key, &[])))
        };
        let was = quoted("correction_was", &correction.was);
        let now = quoted("correction_now", &correction.now);
        let parts: Vec<String> =
            correction.text.clone().into_iter().chain(was).chain(now).collect();
        parts.join(" ")
    }

    /// The archive's facts.
    pub(crate) fn archive_facts(&self) -> ArchiveFacts {
        let notices = &self.config.notices;
        let address = |written: &Option<String>| {
            written.as_ref().map(|url| self.with_host(&self.configured_address(url)))
        };
        ArchiveFacts {
            home: self.config.base_url.to_string(),
            name: self.config.title.clone(),
            description: self.config.description.clone(),
            language: self.config.language.clone(),
            principles: address(&notices.principles),
            corrections_policy: address(&notices.corrections_policy),
            rights_contact: address(&notices.rights_contact),
        }
    }

    /// An absolute address.
    pub(crate) fn with_host(&self, address: &str) -> String {
        match address.strip_prefix(self.config.base_path()) {
            Some(path) => self.config.absolute(path),
            None => address.to_owned(),
        }
    }

    /// Links to notices, for the foot of every page, without those in the masthead.
    pub(crate) fn notice_links(&self) -> Vec<Value> {
        let notices = &self.config.notices;
        let links = [
            ("principles", &notices.principles),
            ("corrections_policy", &notices.corrections_policy),
            ("responsibility", &notices.responsibility),
            ("rights_contact", &notices.rights_contact),
        ];
        let links = links.into_iter().filter_map(|(key, url)| Some((key, url.as_ref()?)));
        links
            .filter(|(_, url)| self.config.nav.iter().all(|entry| entry.url != **url))
            .map(|(key, url)| {
                view!({
                    "key": key,
                    "title": self.language.text(key, &[]),
                    "url": self.configured_address(url),
                })
            })
            .collect()
    }
}
