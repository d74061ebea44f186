//! Parts of a page that front matter asks for, and the diagnostics where they are missing.

use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::name_key::decoded;
use crate::markdown::Condition;
use crate::pipeline::Site;
use crate::pipeline::clashes::source;
use crate::plan::{Page, PageKind};
use crate::view::value::{Object as _, Value};

/// A template that fails for this page is replaced by the default one.
pub(super) fn unusable_template(
    site: &Site,
    page: &Page,
    name: &str,
    problem: Diagnostic,
) -> Diagnostic {
    let message = format!(
        "the template “{name}” can't show this: {}; the usual one is used",
        problem.message
    );
    let help = match problem.place {
        Some(place) => format!("mend {}, or remove the key", place.file),
        None => "name a template that is made for it, or remove the key".to_owned(),
    };
    Diagnostic::warning(Rule::Template, message)
        .at(Place::file(source(&site.archive, page)))
        .help(help)
}

/// Missing parts of a page that front matter asks for: template, lead picture.
pub(super) fn missing_parts(site: &Site, page: &Page, data: &Value) -> Vec<Diagnostic> {
    let mut missing = Vec::new();
    let at = Place::file(source(&site.archive, page));
    if let Some(name) = own_template(&site.archive, page).filter(|name| !site.engine.has(name)) {
        let message = format!("there is no template “{name}”; the usual one is used");
        missing.push(
            Diagnostic::warning(Rule::Template, message)
                .at(at.clone())
                .help(format!("write templates/{name}, or remove the key")),
        );
    }
    let PageKind::Article(id) = page.kind else { return missing };
    missing.extend(unscaled_lead(site, id).map(|problem| problem.at(at.clone())));
    if let Some(image) = site.archive.article(id).image.as_ref()
        && site.archive.is_listed(id)
        && data.entry("article").and_then(|article| article.entry("image")).is_none()
    {
        let message = format!("the lead picture `{}` does not exist", image.src);
        missing.push(
            Diagnostic::warning(Rule::MissingAsset, message)
                .at(at)
                .help("put the file beside the article's index.md, or into static/"),
        );
    }
    missing
}

/// A diagnostic about a lead picture that is published as it is.
fn unscaled_lead(site: &Site, id: ArticleId) -> Option<Diagnostic> {
    let article = site.archive.article(id);
    let src = &article.image.as_ref().filter(|_| site.archive.is_listed(id))?.src;
    let path = match src.strip_prefix("./").unwrap_or(src) {
        rooted if rooted.starts_with('/') => rooted.to_owned(),
        beside => format!("{}{beside}", article.permalink),
    };
    match site.files.picture(&decoded(&path))?.condition() {
        Condition::Sound => None,
        Condition::Damaged => Some(
            Diagnostic::warning(
                Rule::DamagedPicture,
                format!("the lead picture `{src}` is damaged"),
            )
            .help("put a sound copy in its place; it is published as it is"),
        ),
        Condition::Unscaled(why) => Some(
            Diagnostic::warning(
                Rule::UnscaledPicture,
                format!("the lead picture `{src}` is not made smaller: {why}"),
            )
            .help("put a smaller copy in its place; readers load it whole"),
        ),
    }
}

/// The template in a page's front matter, with or without `.html`.
pub(super) fn own_template(archive: &Archive, page: &Page) -> Option<String> {
    let name = match page.kind {
        PageKind::Article(id) if archive.is_listed(id) => archive.article(id).template.clone()?,
        PageKind::Plain(at) => archive.pages[at].value.template.clone()?,
        _ => return None,
    };
    Some(if name.ends_with(".html") { name } else { format!("{name}.html") })
}
