//! The encoding of a page: from bytes to text.
//!
//! Valid UTF-8 is UTF-8, whatever a header says: programs that save pages seldom change the
//! declaration. Otherwise the server's header counts, then the page's declaration, then detection.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// How far the declaration is searched, in bytes.
const HEAD: usize = 4096;

/// How many bytes are used for detection.
const LOOKED_AT: usize = 1 << 18;

/// One of this many non-ASCII characters may be invalid: text in another encoding has far more.
const MOSTLY_GOOD: usize = 10;

/// A page as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// The encoding's name.
    pub(crate) encoding: &'static str,
}

/// Decodes a page. `said` is the server's header, as in `text/html; charset=windows-1251`.
pub(crate) fn decode(bytes: &[u8], said: Option<&str>) -> Decoded {
    let encoding = encoding_of(bytes, said);
    let (text, encoding, _) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name() }
}

/// Detects the encoding from the start of a long text, which may end within a character.
pub(crate) fn encoding_of_part(head: &[u8]) -> &'static Encoding {
    let end = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => head.len(),
    };
    encoding_of(&head[..end], None)
}

fn encoding_of(bytes: &[u8], said: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    if is_utf8 && !bytes.is_ascii() {
        return UTF_8;
    }
    let named = said.and_then(charset).or_else(|| named_in(&bytes[..bytes.len().min(HEAD)]));
    match named {
        Some(encoding) if encoding == UTF_8 && !is_utf8 && !is_mostly_utf8(bytes) => guessed(bytes),
        // A page whose declaration of UTF-16 can be read is not UTF-16.
        Some(encoding) if encoding.is_ascii_compatible() || said.is_some() => encoding,
        Some(_) => UTF_8,
        None if is_utf8 => UTF_8,
        None => guessed(bytes),
    }
}

/// The encoding in a media type.
fn charset(media_type: &str) -> Option<&'static Encoding> {
    let lower = media_type.to_ascii_lowercase();
    let (_, name) = lower.split_once("charset=")?;
    let name = name.trim_start().trim_start_matches(['"', '\'']);
    let name = name.split(['"', '\'', ';', ' ', '>', '/', ',']).next()?;
    Encoding::for_label(name.as_bytes())
}

/// The encoding declared in a `<meta>` or XML prolog.
fn named_in(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let metas = head.split("<meta").skip(1).filter_map(|rest| charset(rest.split('>').next()?));
    let prolog = || {
        let prolog = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
        let name = prolog.split_once("encoding=")?.1.trim_start_matches(['"', '\'']);
        Encoding::for_label(name.split(['"', '\'', ' ']).next()?.as_bytes())
    };
    metas.into_iter().next().or_else(prolog)
}

/// Whether only a few characters are invalid, as in a truncated text.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for piece in bytes.utf8_chunks() {
        good += piece.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad += usize::from(!piece.invalid().is_empty());
    }
    bad * MOSTLY_GOOD <= good
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(LOOKED_AT)], true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::decode;

    const RUSSIAN: &str = "Переговоры о мире начались в воскресенье утром в старом городе у озера.";

    #[track_caller]
    fn reads(bytes: &[u8], said: Option<&str>, encoding: &str, text: &str) {
        let decoded = decode(bytes, said);
        assert_eq!(decoded.encoding, encoding);
        assert!(decoded.text.contains(text), "{}", decoded.text);
    }

    #[test]
    fn what_is_said_is_believed_unless_the_bytes_contradict_it() {
        let cyrillic = encoding_rs::WINDOWS_1251.encode(RUSSIAN).0.into_owned();
        let koi = encoding_rs::KOI8_R.encode(RUSSIAN).0.into_owned();
        let page = |charset: &str, body: &[u8]| {
            [format!("<html><head><meta charset={charset}>").as_bytes(), body].concat()
        };
        reads(&page("windows-1251", &cyrillic), None, "windows-1251", RUSSIAN);
        reads(&koi, Some("text/html; charset=\"koi8-r\""), "KOI8-R", RUSSIAN);
        // A browser saved the page as UTF-8 and kept its declaration.
        reads(&page("windows-1251", RUSSIAN.as_bytes()), None, "UTF-8", RUSSIAN);
        // It declares UTF-8, but is not.
        reads(&page("utf-8", &cyrillic), None, "windows-1251", RUSSIAN);
        reads(&cyrillic, None, "windows-1251", RUSSIAN);
        let japanese = "平和についての話し合いが日曜日の朝に始まりました。";
        let bytes = encoding_rs::SHIFT_JIS.encode(japanese).0.into_owned();
        reads(&bytes, None, "Shift_JIS", japanese);
    }

    #[test]
    fn a_mark_a_prolog_and_a_broken_character_are_read() {
        reads(b"\xef\xbb\xbf<p>\xc3\xa4", Some("text/html; charset=koi8-r"), "UTF-8", "ä");
        reads(b"\xff\xfe<\0p\0>\0a\0", None, "UTF-16LE", "<p>a");
        reads(b"<?xml version='1.0' encoding='iso-8859-2'?>\xb1", None, "ISO-8859-2", "ą");
        reads(b"<meta charset=utf-16>plain", None, "UTF-8", "plain");
        let mut cut = RUSSIAN.as_bytes().to_vec();
        cut.pop();
        cut.push(0xd1);
        cut.splice(0..0, *b"<meta charset=utf-8>");
        reads(&cut, None, "UTF-8", "Переговоры");
    }
}
