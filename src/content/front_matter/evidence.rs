//! `evidence`: which files hold what the curator received of the original.
//!
//! Commands remove and hash the files that are named here, so that only a path below `evidence/` is read
//! as one.

use crate::base::diagnostic::Rule;
use crate::tree::fields::{Fields, Reading};

use super::super::article::{Evidence, EvidenceKind};

pub(super) fn evidence(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<Evidence> {
    let mut all = Vec::new();
    for mut table in fields.tables("evidence", reading) {
        let file = required(&mut table, "file", reading, ("a file below evidence/", file_of));
        let sha256 = required(&mut table, "sha256", reading, ("64 digits from 0 to f", digest_of));
        let received = table.date("received", reading);
        let url = table.web_address("url", reading);
        let kind = required(&mut table, "kind", reading, ("“fetched” or “file”", kind_of));
        table.refuse_rest(Rule::NearMissKey, reading);
        if let (Some(file), Some(sha256), Some(kind)) = (file, sha256, kind) {
            all.push(Evidence { file, sha256, received, url, kind });
        }
    }
    all
}

/// A value that must be there and of its kind: what is wanted in words, and how it is read.
fn required<T>(
    table: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    (wanted, read): (&str, fn(&str) -> Option<T>),
) -> Option<T> {
    let Some(node) = table.take(key) else {
        table.missing(key, reading);
        return None;
    };
    let value = node.text().and_then(read);
    if value.is_none() {
        reading.wrong(key, &node, wanted);
    }
    value
}

/// A path of plain names below `evidence/`: none begins with a dot, so that none leads out.
fn file_of(text: &str) -> Option<String> {
    let is_name = |name: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        name.bytes().next().is_some_and(is_letter)
            && name.bytes().all(|byte| is_letter(byte) || byte == b'.')
    };
    let below = text.strip_prefix("evidence/")?;
    below.split('/').all(is_name).then(|| text.to_owned())
}

fn digest_of(text: &str) -> Option<String> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == 64 && text.bytes().all(is_digit)).then(|| text.to_owned())
}

fn kind_of(text: &str) -> Option<EvidenceKind> {
    EvidenceKind::ALL.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::file_of;

    #[test]
    fn only_paths_below_evidence_are_files() {
        assert!(file_of("evidence/2026/2026-11-30-0a1b.warc.gz").is_some());
        for out in [
            "evidence/",
            "evidence/../content/a.md",
            "evidence/..",
            "evidence/a//b",
            "evidence/.git/config",
            "/etc/passwd",
            "evidence\\..\\a",
            "evidence/c:x",
            "content/a.md",
            "evidence/a b",
        ] {
            assert_eq!(file_of(out), None, "{out}");
        }
    }
}
