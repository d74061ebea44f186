//! Sources in a style sheet: pictures, fonts, other sheets.

use cssparser::{ParseError, Parser, Token};

use super::Kind;

/// The addresses in a style sheet or attribute, with their use.
pub(super) fn addresses(css: &str) -> Vec<(Kind, String)> {
    let mut found = Vec::new();
    let place = Place { loads: Some(Kind::Picture), strings: Strings::Texts };
    read(&mut Parser::new(css), place, &mut found);
    found
}

/// A context in a sheet.
#[derive(Clone, Copy)]
struct Place {
    /// The use of an address here.
    loads: Option<Kind>,
    strings: Strings,
}

/// The meaning of a quoted string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Addresses,
    Texts,
}

fn read(parser: &mut Parser<'_>, place: Place, found: &mut Vec<(Kind, String)>) {
    let mut here = place;
    while let Ok(token) = parser.next().cloned() {
        let within = match &token {
            Token::AtKeyword(name) => {
                here = at_rule(name, place);
                continue;
            }
            Token::Semicolon => {
                here = place;
                continue;
            }
            Token::UnquotedUrl(address) => {
                found.extend(here.loads.map(|kind| (kind, address.to_string())));
                continue;
            }
            Token::QuotedString(address) if here.strings == Strings::Addresses => {
                found.extend(here.loads.map(|kind| (kind, address.to_string())));
                continue;
            }
            Token::Function(name) => Place { strings: arguments(name), ..here },
            Token::CurlyBracketBlock => Place { strings: Strings::Texts, ..here },
            Token::ParenthesisBlock | Token::SquareBracketBlock => here,
            _ => continue,
        };
        // Blocks nested too deeply are an error, and skipped.
        let _ = parser.parse_nested_block(|inner| {
            read(inner, within, found);
            Ok::<(), ParseError<()>>(())
        });
        if token == Token::CurlyBracketBlock {
            here = place;
        }
    }
}

/// The context of an at-rule.
fn at_rule(name: &str, place: Place) -> Place {
    match name.to_ascii_lowercase().as_str() {
        "import" => Place { loads: Some(Kind::Style), strings: Strings::Addresses },
        "font-face" => Place { loads: Some(Kind::Font), ..place },
        // A namespace is only a name.
        "namespace" => Place { loads: None, ..place },
        _ => place,
    }
}

/// The meaning of a function's strings.
fn arguments(name: &str) -> Strings {
    match name.to_ascii_lowercase().as_str() {
        "url" | "src" | "image" | "image-set" | "-webkit-image-set" => Strings::Addresses,
        _ => Strings::Texts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sheet_loads_is_told_by_what_it_is_for() {
        let css = r#"
            @charset "utf-8"; @import "https://a.example/a.css" screen;
            @import url(https://b.example/b.css); @namespace url(http://w.example/);
            /* url(https://none.example/) */ p::before { content: "url(https://text.example/)" }
            @media print { @font-face { font-family: "F"; src: url("https://c.example/f.woff2") format("woff2") }
              a { background: URL( 'https://d.example/d.png' ) no-repeat, url(https://e.example/e\.png) } }
            a { background: image-set("https://g.example/g.png" type("image/png") 1x) }
            b { filter: url(#f); broken: ) }
            i { cursor: url(https://h.example/h.cur), auto }"#;
        let found = addresses(css);
        let of = |kind: Kind| {
            let of = found.iter().filter(|(known, _)| *known == kind);
            of.map(|(_, address)| address.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of(Kind::Style), ["https://a.example/a.css", "https://b.example/b.css"]);
        assert_eq!(of(Kind::Font), ["https://c.example/f.woff2"]);
        let pictures = [
            "https://d.example/d.png",
            "https://e.example/e.png",
            "https://g.example/g.png",
            "#f",
            "https://h.example/h.cur",
        ];
        assert_eq!(of(Kind::Picture), pictures);
        assert_eq!(addresses("background:url(a.png"), [(Kind::Picture, "a.png".to_owned())]);
    }

    #[test]
    fn no_depth_is_too_deep() {
        assert_eq!(addresses(&"(".repeat(100_000)), []);
        assert_eq!(addresses(&"a{b(".repeat(100_000)), []);
    }
}
