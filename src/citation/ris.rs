//! RIS, which Zotero, `EndNote` and Mendeley read.

use std::fmt::Write;

use super::{Citation, parts};
use crate::base::date::Date;

/// A record; lines end with CR LF, as the format requires.
pub(crate) fn ris(citation: &Citation) -> String {
    let mut record = String::new();
    let mut line = |tag: &str, value: &str| {
        // Writing to a String can't fail.
        let _ = write!(record, "{tag}  - {value}\r\n");
    };
    line("TY", "NEWS");
    line("ID", &citation.key);
    for author in &citation.authors {
        line("AU", &author.inverted());
    }
    line("TI", &citation.title);
    line("T2", citation.container());
    line("PY", &format!("{:04}", citation.date.year()));
    line("DA", &date(citation.date));
    line("UR", &citation.url);
    if let Some(added) = citation.added {
        line("Y2", &date(added));
    }
    if let Some(original) = &citation.original {
        line("N1", &format!("Original: {}", original.url));
    }
    if let Some(memento) = &citation.memento {
        line("N1", &format!("Archived copy: {}", memento.url));
    }
    line("LA", &citation.language);
    line("DP", &citation.archive);
    line("ER", "");
    record
}

/// `2017/01/29`; the slashes are kept if parts are unknown.
fn date(date: Date) -> String {
    let parts = parts(date);
    let part = |at: usize| parts.get(at).map(|part| format!("{part:02}")).unwrap_or_default();
    format!("{:04}/{}/{}", date.year(), part(1), part(2))
}

#[cfg(test)]
mod tests {
    use super::super::testing::citation;
    use super::*;

    #[test]
    fn a_record_holds_what_is_known() {
        assert_eq!(
            ris(&citation(&["Jane Doe", "Иван Петров"], "Title", "2017-01")),
            "TY  - NEWS\r\nID  - 2017:01:29:putin\r\nAU  - Doe, Jane\r\nAU  - Иван Петров\r\n\
             TI  - Title\r\nT2  - RT\r\nPY  - 2017\r\nDA  - 2017/01/\r\n\
             UR  - https://archive.example/2017/01/29/putin/\r\nY2  - 2026/02/03\r\n\
             N1  - Original: https://rt.example/putin?a=1&b=2\r\nLA  - en\r\nDP  - The Archive\r\n\
             ER  - \r\n"
        );
    }
}
