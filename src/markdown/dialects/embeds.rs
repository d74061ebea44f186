//! Films, posts and sounds embedded by tags of other generators: `{% include youtube.html id="…"
//! %}`, `{{< vimeo 123 >}}`, `{{ youtube(id="…") }}`. Each becomes a link to the content.

use crate::markdown::{Argument as Value, ShortcodeCall};

/// The address that a tag of another generator embeds, if it is such a tag.
pub(in crate::markdown) fn address(tag: &str) -> Option<String> {
    let inside = tag.trim_matches(['{', '}', '<', '>', '%', '-', '/']).trim();
    let mut words = arguments(inside);
    if words.is_empty() {
        return None;
    }
    let mut name = words.remove(0).value;
    if matches!(&*name, "include" | "include_relative" | "include_cached" | "render") {
        if words.is_empty() {
            return None;
        }
        name = words.remove(0).value;
    }
    let name = name.rsplit('/').next().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default().trim_end_matches(',').to_lowercase();
    of(&name, &words)
}

/// The address for a shortcode of ours, read as another generator's.
pub(in crate::markdown) fn address_of_call(call: &ShortcodeCall) -> Option<String> {
    let arguments: Vec<Argument> = call
        .arguments
        .iter()
        .map(|(name, value)| Argument { name: Some(name.to_lowercase()), value: words(value) })
        .collect();
    of(&call.name.to_lowercase(), &arguments)
}

fn words(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(_) | Value::Bool(_) => String::new(),
    }
}

/// An argument: `id="x"` or `x`.
pub(in crate::markdown) struct Argument {
    /// Its name, if it has one.
    pub(in crate::markdown) name: Option<String>,
    /// Its value, without quotes.
    pub(in crate::markdown) value: String,
}

/// The words of a tag; one in quotes may hold spaces.
fn arguments(inside: &str) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let mut rest = inside.trim_start();
    while !rest.is_empty() && arguments.len() < 16 {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
        let end = end.unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let name = word.trim_end_matches(['=', ':']);
        match quote {
            Some(quote) if word.is_empty() || name.len() < word.len() => {
                let inner = &after[1..];
                let Some(close) = inner.find(quote) else { return arguments };
                let name = (!name.is_empty()).then(|| name.to_lowercase());
                let value = inner[..close].to_owned();
                arguments.push(Argument { name, value });
                rest = inner[close + 1..].trim_start_matches([',', ' ', '\t', '\n', '\r']);
            }
            _ => {
                let (name, value) = match word.split_once('=') {
                    Some((name, value)) => (Some(name.to_lowercase()), value),
                    None => (None, word),
                };
                let value = value.trim_end_matches(',').to_owned();
                arguments.push(Argument { name, value });
                rest = after.trim_start_matches(['"', '\'', '`']).trim_start();
            }
        }
    }
    arguments
}

/// The address of the content for a tag's name.
pub(in crate::markdown) fn of(name: &str, arguments: &[Argument]) -> Option<String> {
    const SHOWN: [&str; 22] = [
        "youtube",
        "youtubeplayer",
        "youtube-embed",
        "youtube_embed",
        "vimeo",
        "video",
        "embed",
        "iframe",
        "tweet",
        "twitter",
        "x",
        "x_simple",
        "twitter_simple",
        "vimeo_simple",
        "instagram",
        "instagram_simple",
        "gist",
        "spotify",
        "soundcloud",
        "lite-youtube",
        "yt",
        "bilibili",
    ];
    if !SHOWN.contains(&name) {
        return None;
    }
    let by_name = |names: &[&str]| {
        let named = |argument: &&Argument| {
            argument.name.as_deref().is_some_and(|name| names.contains(&name))
        };
        arguments.iter().find(named).map(|argument| argument.value.as_str())
    };
    let plain = arguments.iter().filter(|argument| argument.name.is_none());
    let plain: Vec<&str> = plain.map(|argument| argument.value.as_str()).collect();
    let first = plain.first().copied();
    let written = by_name(&["url", "src", "link", "href"]).or(first);
    if let Some(url) =
        written.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
    {
        return Some(url.to_owned());
    }
    let id = by_name(&["id", "video_id", "videoid", "video", "code"]).or(first)?;
    let is_id = |id: &str| {
        !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    if name == "gist" {
        let path: Vec<&str> = id.split('/').chain(plain.into_iter().skip(1)).take(2).collect();
        return path
            .iter()
            .all(|part| is_id(part))
            .then(|| format!("https://gist.github.com/{}", path.join("/")));
    }
    if !is_id(id) {
        return None;
    }
    let user = by_name(&["user"]).filter(|user| is_id(user)).unwrap_or("i");
    let provider = by_name(&["provider"]).unwrap_or(name);
    Some(match provider {
        "vimeo" | "vimeo_simple" => format!("https://vimeo.com/{id}"),
        "tweet" | "twitter" | "x" | "twitter_simple" | "x_simple" => {
            format!("https://twitter.com/{user}/status/{id}")
        }
        "instagram" | "instagram_simple" => format!("https://www.instagram.com/p/{id}/"),
        "bilibili" => format!("https://www.bilibili.com/video/{id}"),
        name if name.starts_with('y') || name.contains("youtube") => {
            format!("https://www.youtube.com/watch?v={id}")
        }
        _ => return None,
    })
}
