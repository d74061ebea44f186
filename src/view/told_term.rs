//! View data of what the archive knows of a term: its file in `terms/`.

use std::borrow::Cow;

use crate::archive::trie::Period;
use crate::base::permalink::{encode_path, resolve_dots};
use crate::i18n::{Names, direction};
use crate::plan::Scope;
use crate::settings::images::RemotePictures;
use crate::settings::term_notes::{TermImage, TermNote};
use crate::view::Views;
use crate::view::value::{Value, view};

impl Views<'_> {
    /// The note of the term that a page is about.
    pub(crate) fn term_note(&self, scope: Scope, period: Period) -> Option<&TermNote> {
        let (Scope::Term(taxonomy, term), Period::All) = (scope, period) else { return None };
        self.archive.taxonomies[taxonomy].terms[term].note.as_deref()
    }

    /// What is known of a term, at the top of its page; `body` is its text as HTML.
    pub(crate) fn told_term(&self, scope: Scope, period: Period, body: &str) -> Option<Value> {
        let note = self.term_note(scope, period)?;
        let names = note.names.iter().map(|(language, name)| {
            view!({
                "name": name,
                "language": language,
                "language_text": self.language.name(Names::Languages, language),
                "dir": direction(language),
            })
        });
        let links = note
            .links
            .iter()
            .map(|link| view!({ "title": link.title, "link": self.followed(&link.url) }));
        Some(view!({
            "summary": note.summary,
            "names": names.collect::<Vec<Value>>(),
            "synonyms": note.synonyms,
            "image": note.image.as_ref().and_then(|image| self.term_image(image)),
            "links": links.collect::<Vec<Value>>(),
            "body": Some(body).filter(|body| !body.is_empty()),
        }))
    }

    fn term_image(&self, image: &TermImage) -> Option<Value> {
        let (src, size) = match image.src.strip_prefix('/') {
            Some(_) => {
                let path: Cow<'_, str> = self.routes.find(&resolve_dots(&image.src))?;
                let picture = self.files.picture(&path);
                let size = picture.and_then(|picture| picture.size());
                (self.config.address(&encode_path(&path)), size)
            }
            None if self.config.images.remote == RemotePictures::Link => return None,
            None => (image.src.clone(), None),
        };
        Some(view!({
            "src": src,
            "alt": image.alt,
            "credit": image.credit,
            "width": size.map(|(width, _)| width),
            "height": size.map(|(_, height)| height),
        }))
    }
}
