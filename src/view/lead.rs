//! View data of lead pictures: on their report's page, in lists, and on other sites.

use std::borrow::Cow;

use crate::base::permalink::{encode_path, resolve_dots};
use crate::content::article::{Article, Image};
use crate::markdown::PictureCopy;
use crate::settings::images::RemotePictures;
use crate::view::Views;
use crate::view::article::host;
use crate::view::pictures::{FilePicture, Shown};
use crate::view::value::{Value, view};

/// A picture that other sites show with a link to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkPicture {
    /// With the base path, or absolute.
    pub(crate) address: String,
    pub(crate) size: Option<(u32, u32)>,
}

/// The widest copy for the first report of the front page.
const LEAD_WIDTH: u32 = 800;

impl Views<'_> {
    /// A lead picture on its report's page; none if its file is missing.
    pub(crate) fn image(&self, article: &Article, image: &Image) -> Value {
        if is_remote(&image.src) && self.config.images.remote == RemotePictures::Link {
            let host = host(&image.src);
            return view!({
                "src": (), "alt": image.alt, "credit": image.credit, "caption": image.caption,
                "remote": view!({ "url": image.src, "host": host }),
            });
        }
        let (src, size, copies) = if is_remote(&image.src) {
            (image.src.clone(), None, Vec::new())
        } else if let Some(path) = self.published_picture(article, &image.src) {
            let src = self.config.address(&encode_path(&path));
            let picture = self.files.picture(&path);
            let size = picture.and_then(|picture| picture.size());
            let copies =
                picture.map(|picture| picture.copies(&src, self.config)).unwrap_or_default();
            (src, size, copies)
        } else {
            return Value::none();
        };
        view!({
            "src": src, "alt": image.alt, "credit": image.credit, "caption": image.caption,
            "width": size.map(|(width, _)| width), "height": size.map(|(_, height)| height),
            "srcset": srcset(&copies), "remote": (),
        })
    }

    /// The picture of a report in lists: its lead picture, small.
    pub(crate) fn thumbnail(&self, article: &Article) -> Option<Value> {
        let image = article.image.as_ref().filter(|_| !article.is_withdrawn())?;
        let (path, picture) = self.local_picture(article, image)?;
        let Shown { path: made, size } = picture.thumbnail()?;
        let own = self.config.address(&encode_path(&path));
        let copies = picture.copies(&own, self.config);
        let narrow: Vec<_> = copies.into_iter().filter(|copy| copy.width <= LEAD_WIDTH).collect();
        let src = made.map_or(own, |made| self.config.address(&made));
        view!({
            "src": src,
            "srcset": srcset(&narrow).filter(|_| narrow.len() > 1),
            "width": size.map(|(width, _)| width), "height": size.map(|(_, height)| height),
        })
        .into()
    }

    /// What other sites show with a link to a report.
    pub(crate) fn link_picture(&self, article: &Article) -> Option<LinkPicture> {
        let image = article.image.as_ref()?;
        if is_remote(&image.src) {
            return Some(LinkPicture { address: image.src.clone(), size: None });
        }
        let path = self.published_picture(article, &image.src)?;
        let own = Shown { path: None, size: None };
        let picture = self.files.picture(&path);
        let Shown { path: made, size } = picture.map_or(own, |picture| picture.card(image.focus));
        let address = self.config.address(&made.unwrap_or_else(|| encode_path(&path)));
        Some(LinkPicture { address, size })
    }

    /// Where published pictures beside a report were copied from.
    pub(crate) fn picture_sources(&self, article: &Article) -> Vec<Value> {
        let published = article.picture_sources.iter().filter_map(|source| {
            let path = self.published_picture(article, &source.file)?;
            let fetched = source.fetched.map(|date| self.language.date(date));
            Some(view!({
                "file": source.file,
                "url": self.config.address(&encode_path(&path)),
                "source": source.source,
                "host": host(&source.source),
                "fetched": source.fetched,
                "fetched_text": fetched,
                "credit": source.credit,
            }))
        });
        published.collect()
    }

    /// What other sites show with a link to a page without a picture: `[images] card`.
    pub(crate) fn archive_card(&self) -> Option<LinkPicture> {
        let written = self.config.images.card.as_ref()?;
        let size = self.files.picture(written).and_then(|picture| picture.size());
        Some(LinkPicture { address: self.configured_address(written), size })
    }

    fn local_picture(
        &self,
        article: &Article,
        image: &Image,
    ) -> Option<(Cow<'_, str>, FilePicture<'_>)> {
        if is_remote(&image.src) {
            return None;
        }
        let path = self.published_picture(article, &image.src)?;
        let picture = self.files.picture(&path)?;
        Some((path, picture))
    }

    /// The published path of a picture in front matter: from the archive's root or beside the
    /// article.
    fn published_picture(&self, article: &Article, written: &str) -> Option<Cow<'_, str>> {
        if written.starts_with('/') {
            return self.routes.find(&resolve_dots(written));
        }
        let folder = encode_path(article.permalink.as_str());
        self.routes.find(&resolve_dots(&format!("{folder}{written}")))
    }
}

fn is_remote(src: &str) -> bool {
    src.starts_with("http://") || src.starts_with("https://")
}

/// The value of a `srcset` attribute; `None` if there is no choice.
fn srcset(copies: &[PictureCopy]) -> Option<String> {
    let one = |copy: &PictureCopy| format!("{} {}w", copy.address, copy.width);
    (!copies.is_empty()).then(|| copies.iter().map(one).collect::<Vec<_>>().join(", "))
}
