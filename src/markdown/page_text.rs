//! The visible text of rendered HTML, for the search index: of a page, or what a body has of its own.

use super::tokens::{self, StartTag, Token};

/// Inline elements that don't separate words.
const WITHIN_WORDS: [&str; 20] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "mark", "q",
    "s", "small", "span", "strong", "u", "wbr",
];

/// What a body shows because of other files: marks of links, words in the place of a picture, players
/// and cards, which say how large a file is.
const OF_OTHERS: [(&str, &str); 11] = [
    ("a", "copy-mark"),
    ("span", "dead-mark"),
    ("bdi", "dead-address"),
    ("span", "lost-mark"),
    ("span", MISSING_PICTURE),
    ("span", "media-kind"),
    ("figure", MEDIA),
    ("p", MEDIA),
    ("span", MEDIA),
    ("p", EMBEDDED),
    ("span", EMBEDDED),
];
const MISSING_PICTURE: &str = "missing-picture";
const MEDIA: &str = "media";
const EMBEDDED: &str = "embedded";

/// The text of HTML, with a space wherever an element separates words.
pub fn page_text(html: &str) -> String {
    Collected::from(html, |_| None)
}

/// The text of a rendered body that comes from the report itself: the same whatever its links and
/// pictures lead to. Shortcodes must have been left empty.
pub fn own_text(html: &str) -> String {
    Collected::from(html, |tag| {
        let class = tag.attribute("class")?;
        let (_, mark) = OF_OTHERS.into_iter().find(|&known| known == (&*tag.name, class))?;
        Some(mark)
    })
}

/// Text that is collected from HTML.
struct Collected {
    text: String,
    /// An element that is left out: its name, and how many of that name are open.
    left_out: Option<(String, usize)>,
}

impl Collected {
    /// Collects all text but that of elements that `others` names.
    fn from(html: &str, others: impl Fn(&StartTag) -> Option<&'static str>) -> String {
        let text = String::with_capacity(html.len() / 2);
        let mut collected = Collected { text, left_out: None };
        for token in tokens::tokenize(html).unwrap_or_default() {
            if !collected.passes(&token) {
                collected.take(html, &token, &others);
            }
        }
        collected.text
    }

    /// Whether a token belongs to an element that is left out.
    fn passes(&mut self, token: &Token) -> bool {
        let Some((name, open)) = &mut self.left_out else { return false };
        match token {
            Token::Start(tag) if tag.name == *name => *open += 1,
            Token::End(ended, _) if ended == name => *open -= 1,
            _ => {}
        }
        if *open == 0 {
            self.left_out = None;
        }
        true
    }

    fn take(
        &mut self,
        html: &str,
        token: &Token,
        others: &impl Fn(&StartTag) -> Option<&'static str>,
    ) {
        match token {
            Token::Text(range) => {
                let piece = html.get(range.clone()).unwrap_or_default();
                html_escape::decode_html_entities_to_string(piece, &mut self.text);
            }
            Token::Start(tag) => match others(tag) {
                Some(mark) => self.leave_out(tag, mark),
                None => self.separate(&tag.name),
            },
            Token::End(name, _) => self.separate(name),
            Token::Element(..) | Token::Comment(_) | Token::Declaration(_) => {}
        }
    }

    fn leave_out(&mut self, tag: &StartTag, mark: &str) {
        if matches!(mark, MISSING_PICTURE | MEDIA | EMBEDDED) {
            // What is there separates words.
            self.text.push(' ');
        } else if self.text.ends_with(' ') {
            // The space that stands before each mark.
            self.text.pop();
        }
        self.left_out = Some((tag.name.clone(), 1));
    }

    fn separate(&mut self, name: &str) {
        if !WITHIN_WORDS.contains(&name) {
            self.text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LinkListener, testing};
    use super::*;

    #[test]
    fn elements_end_words_or_stand_within_them() {
        let html = "<h2 id=\"x\">The <em>new</em>s</h2><p>one<br>two &amp; <b>t</b>hree<sup>1</sup></p><script>no()</script>";
        let words: Vec<String> = page_text(html).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["The", "news", "one", "two", "&", "three", "1"]);
    }

    #[test]
    fn own_text_is_the_same_whatever_links_and_pictures_lead_to() {
        let links = [
            "known.md",
            "http://gone.example/",
            "https://kept.example/?a&b",
            "https://dead.example/",
            "https://nothing.example/",
            "https://other.example/",
            "nowhere.md",
        ];
        let paragraph = |link: &str| {
            format!(
                "pre[in *side*]({link})post, <a href=\"{link}\">raw</a>-er [a]({link}) [b]({link})\n\n\
                 - x![alt](a.png)y ![alt]({link})z\n\n![A talk]({link}.mp3)\n\nv![](talk.mp3)w\n\n\
                 [The scan](scan.pdf)\n\n![](talk.mp3)\n\nv<embed src=scan.pdf>w <video src={link}.mp4>no</video>\n\n\n\n> [![alt]({link})]({link})[^1]\n\n"
            )
        };
        let mut body: String = links.map(paragraph).concat();
        body.push_str("[^1]: A [note](https://dead.example/).\n");
        let options = testing::options();
        let others = super::super::render(&body, &options, &testing::Archive).html;
        let alone = super::super::render(&body, &options, &LinkListener(&|_| ())).html;
        assert_eq!(own_text(&others), own_text(&alone));
        assert!(page_text(&others).contains("(link lost)"));
        assert!(own_text(&alone).contains("pre"));
        assert!(own_text(&alone).contains("raw-er"));
    }
}
