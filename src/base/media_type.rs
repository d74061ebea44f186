//! Media types of published files, for deploys to buckets and for `serve`.

/// The media type (RFC 6838) of a file by its path in the site. Text is UTF-8; the caller must add
/// the charset.
pub(crate) fn media_type(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "atom.xml"
        || path.starts_with("feeds/") && name.ends_with(".xml")
        || name == "updated.xml"
    {
        return "application/atom+xml; charset=utf-8".to_owned();
    }
    let known = match name.rsplit('.').next().unwrap_or_default() {
        "json" if name == "feed.json" => "application/feed+json",
        "bib" => "application/x-bibtex",
        "ris" => "application/x-research-info-systems",
        "jsonl" => "application/jsonl",
        "md" => "text/markdown",
        "webmanifest" => "application/manifest+json",
        _ => {
            let guess = mime_guess::from_path(name).first_raw();
            guess.unwrap_or(if name.contains('.') {
                "application/octet-stream"
            } else {
                "text/plain"
            })
        }
    };
    let is_text = known.starts_with("text/")
        || known.ends_with("json")
        || known.ends_with("jsonl")
        || known.ends_with("xml")
        || [
            "application/javascript",
            "application/x-bibtex",
            "application/x-research-info-systems",
        ]
        .contains(&known);
    if is_text { format!("{known}; charset=utf-8") } else { known.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn every_text_says_that_it_is_utf_8() {
        for (path, expected) in [
            ("2017/01/29/a/index.html", "text/html; charset=utf-8"),
            ("assets/gazette.0123456789abcdef.css", "text/css; charset=utf-8"),
            ("atom.xml", "application/atom+xml; charset=utf-8"),
            ("tags/russia/atom.xml", "application/atom+xml; charset=utf-8"),
            ("sitemap.xml", "text/xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
            ("data/2017/01.json", "application/json; charset=utf-8"),
            ("data/2017/01.bib", "application/x-bibtex; charset=utf-8"),
            ("2017/01/29/a/photo.jpg", "image/jpeg"),
            ("_redirects", "text/plain; charset=utf-8"),
            ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.woff2", "font/woff2"),
            ("a.unknown", "application/octet-stream"),
        ] {
            assert_eq!(media_type(path), expected, "{path}");
        }
    }
}
