//! The visible text of rendered HTML, for the search index.

use super::tokens::{self, Token};

/// Inline elements that don't separate words.
const WITHIN_WORDS: [&str; 20] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "mark", "q",
    "s", "small", "span", "strong", "u", "wbr",
];

/// The text of HTML, with a space wherever an element separates words.
pub fn page_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let ends_word = |name: &str, text: &mut String| {
        if !WITHIN_WORDS.contains(&name) {
            text.push(' ');
        }
    };
    for token in tokens::tokenize(html).unwrap_or_default() {
        match token {
            Token::Text(range) => {
                let piece = html.get(range).unwrap_or_default();
                html_escape::decode_html_entities_to_string(piece, &mut text);
            }
            Token::Start(tag) => ends_word(&tag.name, &mut text),
            Token::End(name, _) => ends_word(&name, &mut text),
            Token::Element(..) | Token::Comment(_) | Token::Declaration(_) => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_words_or_stand_within_them() {
        let html = "<h2 id=\"x\">The <em>new</em>s</h2><p>one<br>two &amp; <b>t</b>hree<sup>1</sup></p><script>no()</script>";
        let words: Vec<String> = page_text(html).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["The", "news", "one", "two", "&", "three", "1"]);
    }
}
