//! HTTP responses in WARC records.

use std::borrow::Cow;
use std::io::Read;

/// The size limit of a decompressed body.
const LARGEST: u64 = 16 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) media_type: String,
    pub(super) body: Cow<'a, [u8]>,
}

/// Parses a response; removes transfer and content encoding.
pub(super) fn answer(bytes: &[u8]) -> Option<Answer<'_>> {
    let (head, body) = parted(bytes)?;
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let mut first = lines.next()?.split_ascii_whitespace();
    let _version = first.next().filter(|version| version.starts_with("HTTP/"))?;
    let status = first.next()?.parse().ok()?;
    let fields: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        .collect();
    let field =
        |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| *value);
    let is_cut = field("transfer-encoding").to_ascii_lowercase().contains("chunked");
    // Some programs store the decoded body with the original header.
    let body = if is_cut {
        joined(body).map_or(Cow::Borrowed(body), Cow::Owned)
    } else {
        Cow::Borrowed(body)
    };
    let body = match field("content-encoding").to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => unpacked(flate2::read::MultiGzDecoder::new(&*body)),
        "deflate" => unpacked(flate2::read::ZlibDecoder::new(&*body)),
        "br" => unpacked(brotli::Decompressor::new(&*body, 4096)),
        _ => None,
    }
    .map_or(body, Cow::Owned);
    Some(Answer { status, media_type: field("content-type").to_owned(), body })
}

/// Splits head and body at the empty line.
fn parted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = |mark: &[u8]| bytes.windows(mark.len()).position(|window| window == mark);
    let (end, length) = match (at(b"\r\n\r\n"), at(b"\n\n")) {
        (Some(one), Some(other)) if other < one => (other, 2),
        (Some(one), _) => (one, 4),
        (None, Some(other)) => (other, 2),
        (None, None) => return None,
    };
    Some((&bytes[..end], &bytes[end + length..]))
}

/// Joins a chunked body; `None` if it is not chunked.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = rest.iter().take(64).position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..size)?);
        rest = rest[size..].strip_prefix(b"\r\n").or_else(|| rest[size..].strip_prefix(b"\n"))?;
    }
}

/// Decompresses a body up to the size limit; `None` if it is not compressed.
fn unpacked(reader: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = reader.take(LARGEST).read_to_end(&mut bytes);
    (read.is_ok() || !bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_body_is_read_as_the_server_had_it() {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(b"<p>a").unwrap();
        let packed = writer.finish().unwrap();
        let body = |head: &str, body: &[u8]| {
            let bytes = [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat();
            answer(&bytes).unwrap().body.into_owned()
        };
        assert_eq!(body("X: y", b"<p>a"), b"<p>a");
        assert_eq!(
            body("Transfer-Encoding: chunked", b"2\r\n<p\r\n2;x\r\n>a\r\n0\r\n\r\n"),
            b"<p>a"
        );
        assert_eq!(body("Transfer-Encoding: chunked", b"<p>a"), b"<p>a");
        assert_eq!(body("Content-Encoding: gzip", &packed), b"<p>a");
        assert_eq!(body("Content-Encoding: gzip", b"<p>a"), b"<p>a");
        let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
        writer.write_all(b"<p>a").unwrap();
        assert_eq!(body("Content-Encoding: br", &writer.into_inner()), b"<p>a");
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(b"<p>a").unwrap();
        assert_eq!(body("content-encoding: Deflate", &writer.finish().unwrap()), b"<p>a");
        assert!(answer(b"no answer").is_none());
        assert!(answer(b"GET / HTTP/1.1\r\n\r\n").is_none());
    }

    #[test]
    fn a_body_that_unpacks_to_endless_bytes_is_cut() {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for _ in 0..3_000 {
            writer.write_all(&[b' '; 1 << 13]).unwrap();
        }
        let packed = writer.finish().unwrap();
        let bytes = [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..], &packed].concat();
        assert_eq!(answer(&bytes).unwrap().body.len() as u64, LARGEST);
    }
}
