//! Writes a received page as WARC/1.1 (ISO 28500), with each record as a gzip member.
//!
//! A server's answer is a `response` after its `request`, with all redirects. A saved file is a
//! `resource`, since no response is known. Equal input gives equal bytes.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use chrono::{DateTime, Utc};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};

use crate::content::evidence::hex;
#[cfg(feature = "network")]
use crate::fetch::page::Exchange;

/// A WARC file in memory.
pub(super) struct Warc(Vec<u8>);

/// The headers of a record.
struct Record<'a> {
    kind: &'static str,
    target: Option<&'a str>,
    /// The media type of the block.
    content_type: &'a str,
    received: DateTime<Utc>,
    block: &'a [u8],
    /// The position of the payload in the block, if not at its start.
    payload: Option<usize>,
    others: &'a [(&'static str, String)],
}

impl Warc {
    /// A file with a `warcinfo` record about this program.
    pub(super) fn new(received: DateTime<Utc>) -> io::Result<Warc> {
        let mut warc = Warc(Vec::new());
        let block = format!(
            "software: Dateline/{} (https://crates.io/crates/dateline)\r\nformat: WARC File Format 1.1\r\n",
            env!("CARGO_PKG_VERSION")
        );
        warc.add(&Record {
            kind: "warcinfo",
            target: None,
            content_type: "application/warc-fields",
            received,
            block: block.as_bytes(),
            payload: None,
            others: &[],
        })?;
        Ok(warc)
    }

    /// Adds a request and its response.
    #[cfg(feature = "network")]
    pub(super) fn add_exchange(&mut self, exchange: &Exchange) -> io::Result<()> {
        let target = exchange.url.as_str();
        let answer = self.add_answer(exchange)?;
        let question = question(exchange);
        self.add(&Record {
            kind: "request",
            target: Some(target),
            content_type: "application/http;msgtype=request",
            received: exchange.received,
            block: question.as_bytes(),
            payload: None,
            others: &[("WARC-Concurrent-To", answer)],
        })?;
        Ok(())
    }

    /// Adds the response; returns its id.
    #[cfg(feature = "network")]
    fn add_answer(&mut self, exchange: &Exchange) -> io::Result<String> {
        let head = head(exchange);
        let payload = head.len();
        let block = [head.as_slice(), &exchange.body].concat();
        let cut = exchange.is_cut.then(|| ("WARC-Truncated", "length".to_owned()));
        self.add(&Record {
            kind: "response",
            target: Some(exchange.url.as_str()),
            content_type: "application/http;msgtype=response",
            received: exchange.received,
            block: &block,
            payload: Some(payload),
            others: cut.as_slice(),
        })
    }

    /// Adds a saved file by its name.
    pub(super) fn add_file(
        &mut self,
        name: &str,
        bytes: &[u8],
        received: DateTime<Utc>,
    ) -> io::Result<()> {
        let encoded =
            percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        let target = format!("file:///{}", encoded.to_string().replace("%2E", "."));
        self.add(&Record {
            kind: "resource",
            target: Some(&target),
            content_type: "text/html",
            received,
            block: bytes,
            payload: None,
            others: &[],
        })?;
        Ok(())
    }

    /// The bytes of the file.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn add(&mut self, record: &Record<'_>) -> io::Result<String> {
        let digest = hex(&Sha256::digest(record.block));
        let date = record.received.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let target = record.target.unwrap_or_default();
        let id = id(&[record.kind, target, &date, &digest]);
        let mut head =
            format!("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {id}\r\n", record.kind);
        let mut field = |name: &str, value: &str| {
            let _ = write!(head, "{name}: {value}\r\n");
        };
        field("WARC-Date", &date);
        if let Some(target) = record.target {
            field("WARC-Target-URI", target);
        }
        for (name, value) in record.others {
            field(name, value);
        }
        field("WARC-Block-Digest", &format!("sha256:{digest}"));
        if let Some(payload) = record.payload {
            let digest = hex(&Sha256::digest(&record.block[payload..]));
            field("WARC-Payload-Digest", &format!("sha256:{digest}"));
        }
        field("Content-Type", record.content_type);
        field("Content-Length", &record.block.len().to_string());
        // The gzip header contains neither time nor system.
        let mut packed: GzEncoder<Vec<u8>> =
            GzBuilder::new().write(Vec::new(), Compression::default());
        packed.write_all(head.as_bytes())?;
        packed.write_all(b"\r\n")?;
        packed.write_all(record.block)?;
        packed.write_all(b"\r\n\r\n")?;
        self.0.extend(packed.finish()?);
        Ok(id)
    }
}

/// The request's head.
#[cfg(feature = "network")]
fn question(exchange: &Exchange) -> String {
    let url = &exchange.url;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    let mut fields = String::new();
    for (name, value) in &exchange.asked {
        let _ = write!(fields, "{name}: {value}\r\n");
    }
    format!("GET {}{query} HTTP/1.1\r\n{fields}host: {host}{port}\r\n\r\n", url.path())
}

/// The response's head. The body has no chunked coding any more, so the header that announces it
/// gets another name.
#[cfg(feature = "network")]
fn head(exchange: &Exchange) -> Vec<u8> {
    let mut head = format!(
        "{:?} {} {}\r\n",
        exchange.version,
        exchange.status.as_str(),
        exchange.status.canonical_reason().unwrap_or_default()
    )
    .into_bytes();
    for (name, value) in &exchange.headers {
        if name == reqwest::header::TRANSFER_ENCODING {
            head.extend_from_slice(b"x-archive-orig-");
        }
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend(value.as_bytes().iter().map(|&byte| match byte {
            b'\r' | b'\n' => b' ',
            byte => byte,
        }));
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// A UUID (version 8) from a record's content, unique within the file.
fn id(parts: &[&str]) -> String {
    let mut bytes = Sha256::digest(parts.join("\n").as_bytes());
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let digits = hex(&bytes[..16]);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    format!("<urn:uuid:{}>", parts.join("-"))
}
