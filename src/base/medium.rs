//! Kinds of files that texts show or link: sound, film, documents. A file's kind follows from the
//! ending of its name.

/// A kind of file that is no picture and no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    Sound,
    Film,
    /// A text, a table, slides: what a reader opens or keeps.
    Document,
}

const SOUNDS: [&str; 11] =
    ["mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "wav", "flac", "weba", "aiff"];
const FILMS: [&str; 6] = ["mp4", "m4v", "webm", "ogv", "mov", "mkv"];
const DOCUMENTS: [&str; 20] = [
    "pdf", "epub", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "tsv", "ppt", "pptx",
    "odp", "djvu", "ps", "eml", "warc", "wacz", "zip",
];

impl Medium {
    /// The kind of a file by its path or address, which may have a query and a fragment.
    pub(crate) fn of(address: &str) -> Option<Medium> {
        let ending = ending(address)?.to_ascii_lowercase();
        let is_in = |list: &[&str]| list.contains(&&*ending);
        match () {
            () if is_in(&SOUNDS) => Some(Medium::Sound),
            () if is_in(&FILMS) => Some(Medium::Film),
            () if is_in(&DOCUMENTS) => Some(Medium::Document),
            () => None,
        }
    }

    /// Whether it is heard or seen in time.
    pub(crate) fn is_played(self) -> bool {
        self != Medium::Document
    }
}

/// The ending of a file's name, without the dot; `None` if it has none.
pub(crate) fn ending(address: &str) -> Option<&str> {
    let (_, ending) = file_name(address).rsplit_once('.')?;
    (!ending.is_empty()).then_some(ending)
}

/// The last part of a path or an address.
pub(crate) fn file_name(address: &str) -> &str {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let path = &address[..end];
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_the_name_tells_the_kind() {
        for (address, medium) in [
            ("talk.MP3", Some(Medium::Sound)),
            ("/a/film.webm?x=.png#t=3", Some(Medium::Film)),
            ("https://a.example/judgment.pdf", Some(Medium::Document)),
            ("mp3", None),
            ("a.mp3/b", None),
            ("a.png", None),
            ("?a.mp3", None),
            ("", None),
        ] {
            assert_eq!(Medium::of(address), medium, "{address}");
        }
    }
}
