//! Converts a `WordPress` body to HTML: shortcodes, block comments, plain lines.

use rustc_hash::FxHashMap;

use super::shortcodes::{Shortcode, shortcodes};
use crate::import::autop;
use crate::import::entry::Attachment;

/// Shortcodes that contain code.
const CODE: [&str; 24] = [
    "code",
    "sourcecode",
    "source",
    "cce",
    "crayon",
    "highlight",
    "javascript",
    "js",
    "php",
    "python",
    "py",
    "java",
    "css",
    "html",
    "xml",
    "sql",
    "bash",
    "shell",
    "ruby",
    "perl",
    "csharp",
    "cpp",
    "c",
    "text",
];

/// Shortcodes that embed an address.
const EMBEDS: [&str; 13] = [
    "audio",
    "video",
    "youtube",
    "embed",
    "vimeo",
    "soundcloud",
    "dailymotion",
    "googlevideo",
    "ted",
    "playlist",
    "tweet",
    "instagram",
    "facebook",
];

/// The old site's files, for shortcodes.
#[derive(Debug, Default)]
pub struct Attachments {
    by_id: FxHashMap<String, Attachment>,
    /// In the order of the export, by their entry.
    by_parent: FxHashMap<String, Vec<String>>,
}

impl Attachments {
    /// Adds a file.
    pub fn add(&mut self, attachment: Attachment) {
        if let Some(parent) = &attachment.parent {
            self.by_parent.entry(parent.clone()).or_default().push(attachment.id.clone());
        }
        self.by_id.insert(attachment.id.clone(), attachment);
    }

    /// A file by id.
    pub fn get(&self, id: &str) -> Option<&Attachment> {
        self.by_id.get(id)
    }

    /// All files.
    pub fn all(&self) -> impl Iterator<Item = &Attachment> {
        self.by_id.values()
    }

    fn of_entry(&self, number: &str) -> impl Iterator<Item = &Attachment> {
        let ids = self.by_parent.get(number).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.get(id))
    }
}

/// A body as HTML, and its unknown shortcodes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// HTML.
    pub html: String,
    /// Names of unknown shortcodes.
    pub unknown: Vec<String>,
}

/// Converts a body; `number` is the entry's id.
pub fn html(text: &str, number: &str, attachments: &Attachments) -> Prepared {
    let mut unknown = Vec::new();
    let mut html = String::with_capacity(text.len());
    let mut at = 0;
    for shortcode in shortcodes(text) {
        if shortcode.range.start < at {
            continue;
        }
        html.push_str(&text[at..shortcode.range.start]);
        at = shortcode.range.end;
        if let Some(written) = written(&shortcode, number, attachments) {
            html.push_str(&written);
        } else {
            html.push_str(&text[shortcode.range.clone()]);
            unknown.push(shortcode.name.to_owned());
        }
    }
    html.push_str(&text[at..]);
    let html = with_links(&html);
    let has_blocks = html.contains("<!-- wp:");
    let html = if has_blocks { html } else { autop::paragraphs(&html) };
    Prepared { html, unknown }
}

/// The HTML of a shortcode; `None` if it is unknown.
fn written(shortcode: &Shortcode<'_>, number: &str, attachments: &Attachments) -> Option<String> {
    let name = shortcode.name.to_ascii_lowercase();
    match name.as_str() {
        name if CODE.contains(&name) && shortcode.content.is_some() => Some(code(name, shortcode)),
        "caption" | "wp_caption" => Some(caption(shortcode)),
        "gallery" => gallery(shortcode, number, attachments),
        name if EMBEDS.contains(&name) => embed(shortcode),
        _ => None,
    }
}

/// Code, escaped or not.
fn code(name: &str, shortcode: &Shortcode<'_>) -> String {
    let text = shortcode.content.unwrap_or_default().trim_matches(['\n', '\r']);
    let text = html_escape::decode_html_entities(text);
    let language =
        shortcode.argument("language").or(shortcode.argument("lang")).unwrap_or(match name {
            "code" | "sourcecode" | "source" | "cce" | "crayon" | "highlight" | "text" => "",
            language => language,
        });
    let escaped = html_escape::encode_text(&text);
    let language = html_escape::encode_double_quoted_attribute(language);
    format!("<pre><code class=\"language-{language}\">{escaped}</code></pre>")
}

/// A picture with its caption.
fn caption(shortcode: &Shortcode<'_>) -> String {
    let content = shortcode.content.unwrap_or_default();
    let end = content.rfind("<img").and_then(|start| Some(start + content[start..].find('>')? + 1));
    let Some(mut end) = end else { return content.to_owned() };
    let after = content[end..].trim_start();
    if after.starts_with("</a>") {
        end = content.len() - after.len() + "</a>".len();
    }
    let (picture, words) = content.split_at(end);
    // Old captions are in an attribute.
    let words = match words.trim() {
        "" => shortcode.argument("caption").unwrap_or_default(),
        words => words,
    };
    format!("<figure>{}<figcaption>{words}</figcaption></figure>", picture.trim())
}

/// The listed pictures, or all of the entry; `None` if the export lacks one of them.
fn gallery(shortcode: &Shortcode<'_>, number: &str, attachments: &Attachments) -> Option<String> {
    let named = shortcode.argument("ids").or(shortcode.argument("include"));
    let pictures: Vec<&Attachment> = match named {
        Some(ids) => {
            ids.split(',').map(|id| attachments.get(id.trim())).collect::<Option<Vec<_>>>()?
        }
        None => attachments.of_entry(shortcode.argument("id").unwrap_or(number)).collect(),
    };
    let is_picture = |attachment: &&&Attachment| {
        mime_guess::from_path(&attachment.address)
            .first()
            .is_none_or(|kind| kind.type_() == "image")
    };
    let figures: String =
        pictures.iter().filter(is_picture).map(|picture| figure(picture)).collect();
    (!figures.is_empty()).then_some(figures)
}

fn figure(picture: &Attachment) -> String {
    let address = html_escape::encode_double_quoted_attribute(&picture.address);
    let description = html_escape::encode_double_quoted_attribute(&picture.description);
    let image = format!("<img src=\"{address}\" alt=\"{description}\">");
    if picture.caption.is_empty() {
        return format!("<p>{image}</p>\n");
    }
    let words = html_escape::encode_text(&picture.caption);
    format!("<figure>{image}<figcaption>{words}</figcaption></figure>\n")
}

/// A link to the embedded address.
fn embed(shortcode: &Shortcode<'_>) -> Option<String> {
    let named = ["src", "url", "mp3", "mp4", "m4a", "ogg", "webm", "m4v", "id"];
    let written = shortcode.content.map(str::trim).filter(|content| is_address(content));
    let address = written
        .or_else(|| named.iter().find_map(|name| shortcode.argument(name)))
        .or_else(|| shortcode.first_word())
        .map(|address| {
            html_escape::decode_html_entities(address.trim_matches(['=', '"', '\''])).into_owned()
        })?;
    let address = match (shortcode.name, is_address(&address)) {
        (_, true) => address,
        ("youtube", false) => format!("https://www.youtube.com/watch?v={address}"),
        ("vimeo", false) => format!("https://vimeo.com/{address}"),
        _ => return None,
    };
    Some(format!("\n\n{}\n\n", link(&address)))
}

fn is_address(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://"))
        && !text
            .contains(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '"' | '['))
}

fn link(address: &str) -> String {
    let target = html_escape::encode_double_quoted_attribute(address);
    let words = html_escape::encode_text(address);
    format!("<p><a href=\"{target}\">{words}</a></p>")
}

/// `WordPress` embeds an address alone on its line.
fn with_links(html: &str) -> String {
    let mut code = 0usize;
    let lines = html.split_inclusive('\n').map(|line| {
        let is_code = code > 0;
        code = (code + line.matches("<pre").count()).saturating_sub(line.matches("</pre").count());
        let address = line.trim();
        if is_code || !is_address(address) {
            return line.to_owned();
        }
        link(&html_escape::decode_html_entities(address)) + "\n"
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachments() -> Attachments {
        let mut attachments = Attachments::default();
        for (id, caption) in [("7", ""), ("8", "Under it")] {
            attachments.add(Attachment {
                id: id.into(),
                parent: Some("3".into()),
                address: format!("http://old/{id}.jpg"),
                description: format!("Picture {id}"),
                caption: caption.into(),
            });
        }
        attachments
    }

    fn prepared(text: &str) -> Prepared {
        html(text, "3", &attachments())
    }

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(prepared(text).html.replace('\n', ""), expected, "{text}");
    }

    #[test]
    fn code_with_tags_that_are_not_escaped_is_code() {
        becomes(
            "[javascript]\nif (a < b) { x = \"<b>\"; }\n[/javascript]",
            "<pre><code class=\"language-javascript\">if (a &lt; b) { x = \"&lt;b&gt;\"; }</code></pre>",
        );
        becomes(
            "[cce lang=\"php\"]&lt;?php[/cce]",
            "<pre><code class=\"language-php\">&lt;?php</code></pre>",
        );
        assert!(prepared("[code]a\n\n[gallery]\n\nb[/code]").html.contains("a\n\n[gallery]\n\nb"));
    }

    #[test]
    fn a_caption_becomes_a_figure() {
        becomes(
            "[caption id=\"a\" align=\"left\"]<a href=\"x\"><img src=\"y\" /></a> The words[/caption]",
            "<figure><a href=\"x\"><img src=\"y\" /></a><figcaption>The words</figcaption></figure>",
        );
        becomes(
            "[caption caption=\"Old words\"]<img src=\"y\">[/caption]",
            "<figure><img src=\"y\"><figcaption>Old words</figcaption></figure>",
        );
    }

    #[test]
    fn a_gallery_becomes_its_pictures() {
        let all = prepared("[gallery]").html;
        assert!(
            all.contains("7.jpg") && all.contains("8.jpg") && all.contains("Under it"),
            "{all}"
        );
        let named = prepared("[gallery ids=\"8\"]").html;
        assert!(!named.contains("7.jpg") && named.contains("8.jpg"), "{named}");
        // A picture that the export lacks would be lost without a word.
        let lacking = prepared("[gallery ids=\"8, 99\"]").html;
        assert!(lacking.contains("[gallery ids=\"8, 99\"]"), "{lacking}");
    }

    #[test]
    fn what_is_played_becomes_a_link() {
        for text in [
            "[youtube http://y.example/abc]",
            "[youtube=http://y.example/abc]",
            "[embed width=\"3\"]http://y.example/abc[/embed]",
            "[audio mp3=\"http://y.example/abc\"][/audio]",
            "before\n\nhttp://y.example/abc\n\nafter",
        ] {
            let html = prepared(text).html;
            assert!(html.contains("<a href=\"http://y.example/abc\">"), "{text}: {html}");
        }
    }

    #[test]
    fn unknown_shortcodes_stay_and_are_counted() {
        let found =
            prepared("He said [sic] and [contact-form to=\"x\"] and [box]inner[/box] and [1]");
        assert_eq!(found.unknown, ["contact-form", "box"]);
        assert!(found.html.contains("[contact-form to=\"x\"]") && found.html.contains("[sic]"));
    }

    #[test]
    fn blocks_of_the_editor_need_no_paragraphs() {
        becomes(
            "<!-- wp:paragraph --><p>a\nb</p><!-- /wp:paragraph -->",
            "<!-- wp:paragraph --><p>ab</p><!-- /wp:paragraph -->",
        );
    }
}
