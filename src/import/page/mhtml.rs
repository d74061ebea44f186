//! Pages that browsers saved as one file (MHTML, RFC 2557): the page itself, without its pictures.

use mail_parser::{MessageParser, MessagePart, MimeHeaders as _, PartType};
use url::Url;

/// The number of bytes searched for headers.
const HEAD: usize = 4096;

/// The page in an MHTML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mhtml {
    pub(crate) html: String,
    /// The address that the file declares.
    pub(crate) address: Option<Url>,
}

/// Whether a file starts with the headers of a multipart message.
pub(crate) fn is_mhtml(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let headers = head.split("\r\n\r\n").next().unwrap_or_default();
    let headers = headers.split("\n\n").next().unwrap_or_default();
    !headers.trim_start().starts_with('<')
        && headers.lines().any(|line| line.starts_with("mime-version:"))
        && headers.contains("multipart/related")
}

/// The page in a file; `None` if there is none.
pub(crate) fn page(bytes: &[u8]) -> Option<Mhtml> {
    let message = MessageParser::new().parse(bytes)?;
    let (part, html) = message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(html) => Some((part, html.clone().into_owned())),
        _ => None,
    })?;
    let saved = message.header_raw("Snapshot-Content-Location");
    let address = location(part).or(saved).and_then(|address| Url::parse(address.trim()).ok());
    Some(Mhtml {
        html,
        address: address.filter(|address| matches!(address.scheme(), "http" | "https")),
    })
}

fn location<'a>(part: &'a MessagePart<'_>) -> Option<&'a str> {
    part.content_location()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: &str = "From: <Saved by Blink>\r\n\
        Snapshot-Content-Location: https://m.example/a\r\nSubject: Saved\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\
        \tboundary=\"XX\"\r\n\r\n\r\n--XX\r\nContent-Type: text/html\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\
        Content-Location: https://m.example/a?b=3Dc\r\n\r\n\
        <html><title>Mir =D0=BC=D0=B8=D1=80</title><p>One=\r\n word</html>\r\n\
        --XX\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Location: https://m.example/i.gif\r\n\r\nR0lGOD==\r\n--XX--\r\n";

    #[test]
    fn the_page_and_its_address_are_found() {
        assert!(is_mhtml(SAVED.as_bytes()));
        let found = page(SAVED.as_bytes()).unwrap();
        assert!(found.html.contains("Mir \u{43c}\u{438}\u{440}"), "{}", found.html);
        assert!(found.html.contains("One word"), "{}", found.html);
        assert_eq!(found.address.unwrap().as_str(), "https://m.example/a?b=3Dc");
    }

    #[test]
    fn a_charset_of_its_own_is_heeded() {
        let start = SAVED.split("<html>").next().unwrap();
        let start =
            start.replace("text/html\r\nContent-T", "text/html; charset=windows-1251\r\nContent-T");
        let text = format!("{start}<p>=EC=E8=F0</p>\r\n--XX--\r\n");
        assert!(page(text.as_bytes()).unwrap().html.contains("\u{43c}\u{438}\u{440}"));
    }

    #[test]
    fn other_files_are_none() {
        assert!(!is_mhtml(b"<html>MIME-Version: 1.0 multipart/related"));
        assert!(!is_mhtml(b""));
        assert_eq!(page(b"MIME-Version: 1.0\r\n\r\nplain"), None);
    }
}
