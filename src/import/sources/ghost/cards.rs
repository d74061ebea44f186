//! The cards of Ghost's editors as HTML. Both editors name them and their values alike.

use html_escape::{encode_quoted_attribute, encode_text};
use pulldown_cmark::{Options, Parser};
use serde_json::Value as Json;

/// A card as HTML; `None` for an unknown one.
pub(super) fn card(name: &str, values: &Json) -> Option<String> {
    let html = match name {
        "hr" | "horizontalrule" => "<hr>".to_owned(),
        // Nothing of the text.
        "paywall" | "email-cta" | "signup" => String::new(),
        "html" | "email" => text(values, "html").to_owned(),
        "markdown" | "card-markdown" => markdown(text(values, "markdown")),
        "code" | "codeblock" => code(values),
        "image" => figure(&picture(values), values),
        "gallery" => {
            let all = values["images"].as_array().into_iter().flatten().map(picture);
            figure(&all.collect::<String>(), values)
        }
        "embed" => figure(&embed(values), values),
        "bookmark" => figure(&link(values, "url", &values["metadata"]["title"]), values),
        "callout" => format!("<blockquote>{}</blockquote>", paragraph(text(values, "calloutText"))),
        "toggle" => format!(
            "<details><summary>{}</summary>{}</details>",
            text(values, "heading"),
            text(values, "content")
        ),
        "button" => paragraph(&link(values, "buttonUrl", &values["buttonText"])),
        "video" | "audio" => figure(&link(values, "src", &values["title"]), values),
        "file" => paragraph(&link(values, "src", &values["fileTitle"])),
        "product" => format!(
            "{}{}",
            paragraph(&link(values, "productUrl", &values["productTitle"])),
            text(values, "productDescription")
        ),
        "header" => {
            format!("<h2>{}</h2>{}", text(values, "header"), paragraph(text(values, "subheader")))
        }
        _ => return None,
    };
    Some(html)
}

/// A value as text; empty if it is missing.
pub(super) fn text<'a>(values: &'a Json, key: &str) -> &'a str {
    values[key].as_str().unwrap_or_default()
}

fn paragraph(html: &str) -> String {
    if html.is_empty() { String::new() } else { format!("<p>{html}</p>") }
}

fn markdown(text: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(text, options));
    html
}

fn code(values: &Json) -> String {
    let class = match text(values, "language") {
        "" => String::new(),
        language => format!(" class=\"language-{}\"", encode_quoted_attribute(language)),
    };
    format!("<pre><code{class}>{}</code></pre>", encode_text(text(values, "code")))
}

fn picture(values: &Json) -> String {
    let address = encode_quoted_attribute(text(values, "src"));
    let picture =
        format!("<img src=\"{address}\" alt=\"{}\">", encode_quoted_attribute(text(values, "alt")));
    match text(values, "href") {
        "" => picture,
        href => format!("<a href=\"{}\">{picture}</a>", encode_quoted_attribute(href)),
    }
}

/// With its caption, which is HTML.
fn figure(html: &str, values: &Json) -> String {
    match text(values, "caption") {
        "" => format!("<figure>{html}</figure>"),
        caption => format!("<figure>{html}<figcaption>{caption}</figcaption></figure>"),
    }
}

/// The service's own markup, or its address.
fn embed(values: &Json) -> String {
    match text(values, "html") {
        "" => link(values, "url", &values["metadata"]["title"]),
        html => html.to_owned(),
    }
}

/// A link with a name, or its address as the name.
fn link(values: &Json, key: &str, name: &Json) -> String {
    let address = text(values, key);
    if address.is_empty() {
        return String::new();
    }
    let name = name.as_str().filter(|name| !name.trim().is_empty()).unwrap_or(address);
    format!("<a href=\"{}\">{}</a>", encode_quoted_attribute(address), encode_text(name))
}
