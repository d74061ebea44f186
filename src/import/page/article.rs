//! Extracts the article of a page, without menus, other articles and advertisements.
//!
//! Uses Readability; if that finds too little, the page's own `<article>` or `<main>`, else its
//! body. The page is parsed to a [`Tree`] first, whose limits bound its size.

use dom_smoothie::{Config, Readability};
use url::Url;

use crate::import::html::{NodeOf, Tree, inner_html, name, text_of};

/// The maximum number of nodes of a page that is searched for an article; a larger one is used
/// whole.
const MOST_NODES: usize = 60_000;

/// The maximum size in bytes of such a page.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The minimum length of an article in characters.
const FEWEST_LETTERS: usize = 140;

/// Services whose embeds belong to an article. Readability knows only some film services, and drops
/// all other embeds as probable advertisements.
const SERVICES: [&str; 13] = [
    "embed.bsky.app/",
    "open.spotify.com/embed",
    "platform.twitter.com/embed",
    "t.me/",
    "twitter.com/",
    "vk.com/video_ext",
    "w.soundcloud.com/",
    "www.facebook.com/plugins/",
    "www.instagram.com/",
    "www.reddit.com/",
    "www.redditmedia.com/",
    "www.tiktok.com/",
    "x.com/",
];

/// The article in a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Article {
    pub(crate) html: String,
    /// The byline beside the text, if recognised.
    pub(crate) byline: Option<String>,
}

/// The article in a page, as HTML.
pub(crate) fn article(tree: &Tree, address: Option<&Url>) -> String {
    with_byline(tree, address).html
}

/// The article in a page, with its byline.
pub(crate) fn with_byline(tree: &Tree, address: Option<&Url>) -> Article {
    let found = extracted(tree, address).filter(|article| {
        text_of(Tree::fragment(&article.html).root())
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .count()
            >= FEWEST_LETTERS
    });
    found.unwrap_or_else(|| Article { html: marked(tree), byline: None })
}

fn extracted(tree: &Tree, address: Option<&Url>) -> Option<Article> {
    if tree.root().descendants().take(MOST_NODES).count() == MOST_NODES {
        return None;
    }
    let html = tree.html();
    if html.len() > MOST_BYTES {
        return None;
    }
    let html = with_embeds(html);
    let config = Config { keep_classes: false, disable_json_ld: true, ..Config::default() };
    let mut reader = Readability::new(html, address.map(Url::as_str), Some(config)).ok()?;
    let found = reader.parse().ok()?;
    Some(Article { html: found.content.to_string(), byline: found.byline })
}

/// Marks embeds of known services so that Readability keeps them: it checks whether any attribute
/// names a film service.
fn with_embeds(mut html: String) -> String {
    for service in SERVICES {
        let start = format!(" src=\"https://{service}");
        if html.contains(&start) {
            let marked = format!(" data-kept=\"//www.youtube.com/\"{start}");
            html = html.replace(&start, &marked);
        }
    }
    html
}

/// The page's own article element, if there is only one.
fn marked(tree: &Tree) -> String {
    let all = |wanted: &str| -> Vec<NodeOf<'_>> {
        tree.root().descendants().filter(|node| name(*node) == wanted).collect()
    };
    let found = ["article", "main"].iter().find_map(|wanted| match all(wanted)[..] {
        [only] => Some(only),
        _ => None,
    });
    found.or_else(|| all("body").first().copied()).map(inner_html).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> String {
        let html = article(&Tree::document(page), None);
        text_of(Tree::fragment(&html).root())
    }

    #[test]
    fn the_article_is_found_and_the_menu_is_not() {
        let text =
            "The talks about the harbour went on until late in the evening, said the mayor. "
                .repeat(6);
        let page = format!(
            "<body><nav><ul><li><a href=/>Start</a><li><a href=/b>Sport</a></ul></nav>\
             <div class=content><h1>Talks</h1><p>{text}</p><p>{text}</p></div>\
             <div class=sidebar><a href=/c>Other news</a></div></body>"
        );
        let found = found(&page);
        assert_eq!(found.matches("said the mayor").count(), 12);
        assert!(!found.contains("Sport") && !found.contains("Other news"), "{found}");
    }

    #[test]
    fn a_short_text_is_taken_as_the_page_marks_it() {
        let page = "<body><nav>Start</nav><article><p>It rained.</p></article></body>";
        assert_eq!(found(page).trim(), "It rained.");
        assert_eq!(found("<p>It rained.").trim(), "It rained.");
    }

    #[test]
    fn a_page_of_endless_nodes_is_taken_whole() {
        let page = format!("<body>{}", "<b>x</b> ".repeat(100_000));
        assert_eq!(found(&page).split_whitespace().count(), 100_000);
        let deep = format!("<body>{}deep", "<div>".repeat(200_000));
        assert_eq!(found(&deep).trim(), "deep");
    }
}
