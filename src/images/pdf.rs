//! Counts the pages of a PDF (ISO 32000-1).
//!
//! A PDF's root of pages states their number. It is looked for in the whole file, and in streams of
//! objects, which are unpacked up to a limit: crates for PDF unpack whatever a file asks for. Takes
//! linear time, and gives no number where it is unsure.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

/// A larger file is not read.
const LARGEST: usize = 64 << 20;

/// All streams of objects together are unpacked to so many bytes at most.
const UNPACKED: u64 = 32 << 20;

/// Deeper dictionaries are not looked at.
const DEEPEST: usize = 64;

/// More pages are not believed.
const MOST: u32 = 1_000_000;

/// The number of pages; `None` for files that are no PDF or don't tell.
pub(super) fn pages(bytes: &[u8]) -> Option<u32> {
    let head = bytes.get(..bytes.len().min(1024))?;
    if bytes.len() > LARGEST || find(head, 0, b"%PDF-").is_none() {
        return None;
    }
    let mut search = Search { left: UNPACKED, root: None, most: None };
    search.look(bytes, Depth::File);
    search.root.or(search.most).filter(|pages| (1..=MOST).contains(pages))
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    File,
    /// A stream of objects, in which there are no others.
    Objects,
}

/// A dictionary that has not ended yet.
#[derive(Clone, Copy, Debug, Default)]
struct Dictionary {
    is_pages: bool,
    is_objects: bool,
    has_parent: bool,
    count: Option<u32>,
}

struct Search {
    /// How many bytes may still be unpacked.
    left: u64,
    /// The number in the last root: later ones replace those before.
    root: Option<u32>,
    /// The largest number in any node, where the root can't be told.
    most: Option<u32>,
}

impl Search {
    fn look(&mut self, bytes: &[u8], depth: Depth) {
        let mut open: Vec<Dictionary> = Vec::new();
        let mut too_deep = 0_usize;
        let mut last = Dictionary::default();
        let mut at = 0;
        // After one that never ends, parentheses are none of texts: time stays linear.
        let mut texts_end = true;
        while let Some(&byte) = bytes.get(at) {
            let rest = &bytes[at..];
            match byte {
                b'(' if texts_end => {
                    let end = end_of_text(bytes, at);
                    texts_end = end.is_some();
                    at = end.unwrap_or(at + 1);
                }
                b'%' => at = end_of_line(bytes, at),
                b'<' if rest.starts_with(b"<<") => {
                    if open.len() < DEEPEST {
                        open.push(Dictionary::default());
                    } else {
                        too_deep += 1;
                    }
                    at += 2;
                }
                b'>' if rest.starts_with(b">>") => {
                    if too_deep > 0 {
                        too_deep -= 1;
                    } else if let Some(dictionary) = open.pop() {
                        self.note(dictionary);
                        last = dictionary;
                    }
                    at += 2;
                }
                b'/' => {
                    let (key, after) = name(bytes, at + 1);
                    at = after;
                    if let Some(dictionary) = open.last_mut().filter(|_| too_deep == 0) {
                        dictionary.read(key, bytes, after);
                    }
                }
                b's' if depth == Depth::File && rest.starts_with(b"stream") => {
                    at = self.stream(bytes, at + b"stream".len(), last);
                    (too_deep, last) = (0, Dictionary::default());
                    open.clear();
                }
                b'e' if rest.starts_with(b"endobj") => {
                    too_deep = 0;
                    open.clear();
                    at += b"endobj".len();
                }
                _ => at += 1,
            }
        }
    }

    fn note(&mut self, dictionary: Dictionary) {
        let Some(count) = dictionary.count.filter(|_| dictionary.is_pages) else { return };
        self.most = self.most.max(Some(count));
        if !dictionary.has_parent {
            self.root = Some(count);
        }
    }

    /// Skips a stream, and looks into it if it holds objects; returns where it ends.
    fn stream(&mut self, bytes: &[u8], start: usize, dictionary: Dictionary) -> usize {
        let end = find(bytes, start, b"endstream").unwrap_or(bytes.len());
        let data = &bytes[start..end];
        if dictionary.is_objects && self.left > 0 {
            let ends = data.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ')).count();
            let mut unpacked = Vec::new();
            // What was unpacked before an error counts: the rest may be missing.
            let _ = ZlibDecoder::new(&data[ends..]).take(self.left).read_to_end(&mut unpacked);
            self.left = self.left.saturating_sub(unpacked.len() as u64);
            self.look(&unpacked, Depth::Objects);
        }
        end.saturating_add(b"endstream".len()).min(bytes.len())
    }
}

impl Dictionary {
    /// Notes a key whose value begins there.
    fn read(&mut self, key: &[u8], bytes: &[u8], value: usize) {
        let value = value + spaces(&bytes[value..]);
        match key {
            b"Type" if bytes.get(value) == Some(&b'/') => match name(bytes, value + 1).0 {
                b"Pages" => self.is_pages = true,
                b"ObjStm" => self.is_objects = true,
                _ => {}
            },
            b"Parent" => self.has_parent = true,
            b"Count" => self.count = number(&bytes[value..]),
            _ => {}
        }
    }
}

/// The name that begins there, and where it ends.
fn name(bytes: &[u8], start: usize) -> (&[u8], usize) {
    let is_part = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'-' | b'.' | b'+')
    };
    let length = bytes[start..].iter().take_while(is_part).count();
    (&bytes[start..start + length], start + length)
}

fn spaces(bytes: &[u8]) -> usize {
    let is_space = |byte: &&u8| matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ');
    bytes.iter().take(64).take_while(is_space).count()
}

fn number(bytes: &[u8]) -> Option<u32> {
    let length = bytes.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&bytes[..length]).ok()?.parse().ok()
}

/// Where a text in parentheses ends; `None` if it never does.
fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn end_of_line(bytes: &[u8], start: usize) -> usize {
    let length = bytes[start..].iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
    start + length
}

fn find(bytes: &[u8], start: usize, words: &[u8]) -> Option<usize> {
    bytes.get(start..)?.windows(words.len()).position(|found| found == words).map(|at| start + at)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::time::{Duration, Instant};

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn with_objects(objects: &[u8]) -> Vec<u8> {
        let mut file = b"%PDF-1.5\n1 0 obj << /Type /ObjStm /N 1 /First 4 >> stream\r\n".to_vec();
        file.extend(packed(objects));
        file.extend(b"\nendstream endobj");
        file
    }

    const PLAIN: &[u8] = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n\
        2 0 obj << /Kids [3 0 R] /Count 12 /Type/Pages /Title (\\) >> /Count 99 () >> endobj\n\
        3 0 obj << /Type /Pages /Parent 2 0 R /Count 40 /Kids [] >> endobj\n\
        4 0 obj << /Type /Page /Count 70 >> endobj\n\
        5 0 obj << /Length 9 >> stream\n<< /Type /Pages /Count 50 >>\nendstream endobj\n";

    #[test]
    fn the_root_tells_how_many_pages_there_are() {
        assert_eq!(pages(PLAIN), Some(12));
        let objects = b"2 0 << /Type /Pages /Count 7 /Kids [3 0 R] >>";
        assert_eq!(pages(&with_objects(objects)), Some(7));
        let changed = [PLAIN, b"2 0 obj << /Type /Pages /Count 11 >> endobj"].concat();
        assert_eq!(pages(&changed), Some(11), "the last change counts");
    }

    #[test]
    fn what_does_not_tell_has_no_number() {
        for bytes in [
            &b""[..],
            b"%PDF-1.4",
            b"<< /Type /Pages /Count 3 >>",
            b"%PDF-1.4 << /Type /Pages /Count 99999999999 >>",
            b"%PDF-1.4 << /Type /Pages /Count -3 >>",
            b"%PDF-1.4 << /Type /Pages /Count 0 >>",
            b"%PDF-1.4 << /Type /Page /Count 3 >>",
        ] {
            assert_eq!(pages(bytes), None, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn every_cut_and_change_is_survived() {
        let packed = with_objects(b"2 0 << /Type /Pages /Count 7 >>");
        for file in [PLAIN, &packed] {
            for at in 0..file.len() {
                let _ = pages(&file[..at]);
                let mut changed = file.to_vec();
                for byte in [0, b'(', b'<', b'>', b'/', 0xff] {
                    changed[at] = byte;
                    let _ = pages(&changed);
                }
            }
        }
    }

    #[test]
    fn hostile_files_cost_little_time_and_memory() {
        let zeros = vec![b' '; 40 << 20];
        let bomb = with_objects(&zeros);
        let many: Vec<u8> = std::iter::repeat_n(bomb, 20).flatten().collect();
        let mut files = vec![many];
        for part in [
            "(",
            "<<",
            "<< /Type /ObjStm >> stream ",
            "/Type",
            "(\\",
            "% ",
            "endobj",
            "<</Type/Pages/Count 3",
        ] {
            files.push(
                [b"%PDF-1.4 ".to_vec(), part.repeat(400_000 / part.len()).into_bytes()].concat(),
            );
        }
        for file in files {
            let start = Instant::now();
            let _ = pages(&file);
            assert!(start.elapsed() < Duration::from_secs(20), "{:?}", &file[..20]);
        }
    }
}
