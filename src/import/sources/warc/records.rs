//! Records of a WARC file, even if their declared lengths are wrong.

use std::io::{self, BufRead, Cursor, Read};

/// The size limit of a record's head.
const LONGEST_HEAD: usize = 64 * 1024;

/// How many bytes are skipped at once.
const STEP: u64 = 64 * 1024;

/// A record with its content.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Its offset.
    pub(super) at: u64,
    pub(super) kind: String,
    pub(super) uri: Option<String>,
    pub(super) date: Option<String>,
    pub(super) media_type: String,
    pub(super) bytes: Vec<u8>,
    /// Whether the content was truncated.
    pub(super) is_cut: bool,
}

/// A problem of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// In a record; the next one is readable.
    Record {
        /// The position.
        at: u64,
        /// The finding.
        message: String,
    },
    /// Nothing after it is readable.
    End {
        /// The position.
        at: u64,
        /// The finding.
        message: String,
    },
}

/// Reads a file record by record.
pub(super) struct Records<'a> {
    text: &'a mut dyn BufRead,
    /// Bytes read as content that are not.
    back: Cursor<Vec<u8>>,
    at: u64,
    most: usize,
}

impl<'a> Records<'a> {
    /// The limit of a record's content that is kept.
    pub(super) fn new(text: &'a mut dyn BufRead, most: usize) -> Records<'a> {
        Records { text, back: Cursor::default(), at: 0, most }
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Trouble> {
        let Some(first) = self.first_line()? else { return Ok(None) };
        let at = self.at - u64::try_from(first.len()).unwrap_or(0);
        if !is_start(&first) {
            self.pass_to_next()?;
            return Err(Trouble::Record {
                at,
                message: "no record begins where the one before ends".to_owned(),
            });
        }
        let mut record = Record { at, ..Record::default() };
        let length = self.head(&mut record)?;
        self.content(&mut record, length)?;
        Ok(Some(record))
    }

    /// The next line that is not empty.
    fn first_line(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        loop {
            let line = self.line()?;
            match line.trim_ascii() {
                _ if line.is_empty() => return Ok(None),
                b"" => {}
                _ => return Ok(Some(line)),
            }
        }
    }

    /// A line with its end, truncated if it is too long.
    fn line(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut line = Vec::new();
        let most = LONGEST_HEAD as u64;
        let read = self.back.by_ref().take(most).read_until(b'\n', &mut line).and_then(|_| {
            if line.ends_with(b"\n") {
                return Ok(0);
            }
            let rest = most - line.len() as u64;
            (&mut *self.text).take(rest).read_until(b'\n', &mut line)
        });
        self.at += line.len() as u64;
        read.map_err(|error| self.end(&error))?;
        Ok(line)
    }

    fn end(&self, error: &io::Error) -> Trouble {
        Trouble::End { at: self.at, message: format!("it can't be read further: {error}") }
    }

    /// Skips to the start of a record.
    fn pass_to_next(&mut self) -> Result<(), Trouble> {
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(());
            }
            if is_start(&line) {
                self.give_back(line);
                return Ok(());
            }
        }
    }

    fn give_back(&mut self, mut bytes: Vec<u8>) {
        self.at -= bytes.len() as u64;
        let read = usize::try_from(self.back.position()).unwrap_or(usize::MAX);
        bytes.extend_from_slice(self.back.get_ref().get(read..).unwrap_or_default());
        self.back = Cursor::new(bytes);
    }

    /// The lines of a head, and the declared length of the content.
    fn head(&mut self, record: &mut Record) -> Result<u64, Trouble> {
        let mut length = None;
        let mut size = 0;
        loop {
            let line = self.line()?;
            size += line.len();
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            if text.is_empty() {
                break;
            }
            if size > LONGEST_HEAD {
                self.pass_to_next()?;
                return Err(Trouble::Record {
                    at: record.at,
                    message: "its head is endless".to_owned(),
                });
            }
            let Some((name, value)) = text.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => record.kind = value.to_ascii_lowercase(),
                "warc-target-uri" => {
                    record.uri = Some(value.trim_matches(['<', '>']).to_owned());
                }
                "warc-date" => record.date = Some(value.to_owned()),
                "content-type" => value.clone_into(&mut record.media_type),
                "content-length" => length = value.parse::<u64>().ok(),
                _ => {}
            }
        }
        let message = "it does not say how long it is".to_owned();
        match length {
            Some(length) => Ok(length),
            None => {
                self.pass_to_next()?;
                Err(Trouble::Record { at: record.at, message })
            }
        }
    }

    /// Reads the content. If it contains another record's head, the declared length is wrong.
    fn content(&mut self, record: &mut Record, length: u64) -> Result<(), Trouble> {
        let is_wanted = matches!(record.kind.as_str(), "response" | "resource");
        let kept = if is_wanted { length.min(self.most as u64) } else { 0 };
        let read =
            (&mut self.back).chain(&mut *self.text).take(kept).read_to_end(&mut record.bytes);
        self.at += record.bytes.len() as u64;
        read.map_err(|error| self.end(&error))?;
        if let Some(start) = next_head(&record.bytes) {
            let next = record.bytes.split_off(start);
            self.give_back(next);
            let message = format!("it says that it has {length} bytes, and has {start}");
            return Err(Trouble::Record { at: record.at, message });
        }
        let missing =
            |at| Trouble::End { at, message: format!("a record of {length} bytes is cut short") };
        if (record.bytes.len() as u64) < kept {
            return Err(missing(record.at));
        }
        record.is_cut = is_wanted && kept < length;
        let mut left = length - kept;
        while left > 0 {
            let step = left.min(STEP);
            let mut rest = (&mut self.back).chain(&mut *self.text).take(step);
            let passed = io::copy(&mut rest, &mut io::sink());
            let passed = passed.map_err(|error| self.end(&error))?;
            self.at += passed;
            left -= passed;
            if passed < step {
                return Err(missing(record.at));
            }
        }
        Ok(())
    }
}

fn is_start(line: &[u8]) -> bool {
    line.starts_with(b"WARC/") && line.len() < 20
}

/// The start of another record's head.
fn next_head(bytes: &[u8]) -> Option<usize> {
    const HEAD: &[u8] = b"\r\n\r\nWARC/1.";
    let found = bytes.windows(HEAD.len()).position(|window| window == HEAD)?;
    let rest = &bytes[found + 4..];
    let is_head = rest[..rest.len().min(4096)]
        .windows(11)
        .any(|window| window.eq_ignore_ascii_case(b"\r\nWARC-Type"));
    is_head.then_some(found + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, uri: &str, length: &str, content: &str) -> String {
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Length: {length}\r\n\r\n{content}\r\n\r\n"
        )
    }

    /// The addresses of readable records, and problems.
    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let mut bytes = text.as_bytes();
        let mut records = Records::new(&mut bytes, 100_000);
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        loop {
            match records.next() {
                Ok(Some(record)) => found.extend(record.uri),
                Ok(None) => return (found, wrong),
                Err(Trouble::Record { message, .. }) => wrong.push(message),
                Err(Trouble::End { message, .. }) => {
                    wrong.push(message);
                    return (found, wrong);
                }
            }
        }
    }

    #[test]
    fn records_behind_one_of_a_false_length_are_read() {
        let good = |uri: &str| record("resource", uri, "3", "abc");
        for (length, count) in [("3", 0), ("1", 1), ("90", 1), ("-1", 1), ("many", 1), ("", 1)] {
            let (found, wrong) = read(&format!(
                "{}{}{}",
                good("a"),
                record("response", "b", length, "abc"),
                good("c")
            ));
            assert_eq!(wrong.len(), count, "{length}: {wrong:?}");
            assert!(
                found.contains(&"a".to_owned()) && found.contains(&"c".to_owned()),
                "{length}: {found:?}"
            );
        }
        let (found, wrong) =
            read(&format!("{}{}", good("a"), record("response", "b", "99999999999", "abc")));
        assert_eq!((found.len(), wrong.len()), (1, 1));
        let (found, wrong) = read(&record("request", "a", "18446744073709551615", "abc"));
        assert_eq!((found.len(), wrong.len()), (0, 1));
    }

    #[test]
    fn rubbish_is_passed_over() {
        let rubbish = "no record\r\n".repeat(1_000);
        let (found, wrong) = read(&format!("{rubbish}{}", record("resource", "a", "3", "abc")));
        assert_eq!((found.len(), wrong.len()), (1, 1));
        let endless = format!("WARC/1.1\r\n{}", "X: y\r\n".repeat(100_000));
        assert_eq!(read(&endless).1.len(), 1);
        assert_eq!(read("").1.len(), 0);
    }
}
