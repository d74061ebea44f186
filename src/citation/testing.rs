//! A citation for tests, with characters that every format must escape.

use crate::base::date::Date;

use super::{Citation, Original, OriginalStatus};
use crate::citation::person_names::Name;

pub(super) fn citation(authors: &[&str], title: &str, date: &str) -> Citation {
    Citation {
        key: "2017:01:29:putin".to_owned(),
        title: title.to_owned(),
        authors: authors.iter().map(|name| Name::read(name, "en", Some("RT"))).collect(),
        outlet: Some("RT".to_owned()),
        date: date.parse().unwrap_or(Date::Year(1)),
        added: "2026-02-03".parse().ok(),
        url: "https://archive.example/2017/01/29/putin/".to_owned(),
        original: Some(Original {
            url: "https://rt.example/putin?a=1&b=2".to_owned(),
            status: OriginalStatus::Live,
        }),
        memento: None,
        language: "en".to_owned(),
        archive: "The Archive".to_owned(),
    }
}
