//! Licences by their known names: Creative Commons and the SPDX list.
//!
//! Front matter and settings have free text; this module finds the address of a known licence and a
//! key that is the same for all its spellings.

use url::Url;

/// The address of a known licence, or the text itself if it is an address.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(url) = Url::parse(text) {
        return matches!(url.scheme(), "http" | "https").then(|| text.to_owned());
    }
    if let Some(path) = creative_commons(text) {
        return Some(format!("https://creativecommons.org/{path}"));
    }
    let id = spdx::license_id(text)?;
    Some(format!("https://spdx.org/licenses/{}.html", id.name))
}

/// A key that all spellings of a licence share: “CC BY 4.0”, “cc-by-4.0” and the address of the
/// deed.
pub(crate) fn key(text: &str) -> String {
    let deed = text.trim().trim_start_matches("https://").trim_start_matches("http://");
    let deed = deed.trim_start_matches("www.").strip_prefix("creativecommons.org/");
    match deed.map(str::to_owned).or_else(|| creative_commons(text)) {
        Some(path) => {
            let parts: Vec<&str> =
                path.split('/').filter(|part| !part.is_empty()).take(3).collect();
            parts.join("/").to_lowercase()
        }
        None => crate::base::permalink::term_key(text),
    }
}

/// The path of a Creative Commons deed: `licenses/by-sa/4.0/`. Without a version the licence is
/// ambiguous.
fn creative_commons(text: &str) -> Option<String> {
    let folded = text.trim().to_lowercase().replace("creative commons", "cc");
    let words: Vec<&str> = folded.split([' ', '-', '_']).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        ["cc0"] | ["cc0", "1.0"] | ["cc", "zero" | "0"] | ["cc", "zero" | "0", "1.0"] => {
            Some("publicdomain/zero/1.0/".to_owned())
        }
        ["cc", "pdm", "1.0"] | ["cc", "pdm"] => Some("publicdomain/mark/1.0/".to_owned()),
        ["cc", parts @ .., version] => {
            let kind = parts.join("-");
            let is_kind =
                ["by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"].contains(&kind.as_str());
            let is_version = ["1.0", "2.0", "2.5", "3.0", "4.0"].contains(version);
            (is_kind && is_version).then(|| format!("licenses/{kind}/{version}/"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_licences_have_an_address() {
        for (text, wanted) in [
            ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
            ("CC-BY-NC-SA-3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
            ("Creative Commons BY-SA 2.5", "https://creativecommons.org/licenses/by-sa/2.5/"),
            ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            ("OGL-UK-3.0", "https://spdx.org/licenses/OGL-UK-3.0.html"),
            ("https://licence.example/1", "https://licence.example/1"),
        ] {
            assert_eq!(address(text).as_deref(), Some(wanted), "{text}");
        }
        for text in
            ["CC BY", "All rights reserved", "javascript:x", "Report: CC BY 4.0", "", "CC BY 9.0"]
        {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn spellings_of_one_licence_are_one() {
        for text in ["cc-by-4.0", "CC BY 4.0", "http://creativecommons.org/licenses/by/4.0/deed.de"]
        {
            assert_eq!(key(text), key("CC-BY-4.0"), "{text}");
        }
        assert_ne!(key("CC BY-SA 4.0"), key("CC BY 4.0"));
        assert_eq!(key("Free  to use"), key("free to use"));
    }
}
