//! Exports every content file unchanged, as JSON lines: for moving an archive, not for publishing
//! it.
//!
//! Includes drafts and everything withheld from readers. [`crate::import`] restores the same files.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::base::files;
use crate::base::leftovers::Ignored;
use crate::content::front_matter::{self, layout};
use crate::content::scan::scan;

/// The version of the lines.
pub(crate) const FORM: u32 = 1;

/// A file of content.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WholeFile {
    /// The version of this line: [`FORM`].
    pub dateline: u32,
    /// Path from the archive's root.
    pub file: String,
    /// Its front matter keys for other programs; the import uses the text.
    #[serde(default)]
    pub keys: Map<String, Json>,
    /// The text before the body.
    pub front_matter: String,
    /// The body.
    pub body: String,
}

impl WholeFile {
    /// A file by its path and text.
    pub(crate) fn new(file: String, text: &str) -> WholeFile {
        let layout = layout(text).ok();
        let keys = layout.as_ref().and_then(|layout| layout.front_matter.clone());
        let keys = keys.and_then(|(fence, range)| {
            let table = front_matter::parse(fence, &text[range], 0);
            Some(table.ok()?.to_json())
        });
        let (front_matter, body) = text.split_at(layout.map_or(0, |layout| layout.body_start));
        WholeFile {
            dateline: FORM,
            file,
            keys: keys.unwrap_or_default(),
            front_matter: front_matter.to_owned(),
            body: body.to_owned(),
        }
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.front_matter, self.body)
    }
}

/// Writes every text below `content/`.
pub(crate) fn write(root: &Path, ignored: &Ignored, writer: &mut dyn Write) -> io::Result<()> {
    let sources = scan(root, ignored);
    if let Some(problem) = sources.diagnostics.first() {
        return Err(io::Error::other(problem.message.clone()));
    }
    for source in sources.files {
        let failed =
            |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", source.path));
        let bytes = files::read(&source.location.absolute(root, &source.path))
            .map_err(|error| failed(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| failed(&"it is not UTF-8"))?;
        let line = WholeFile::new(source.path.clone(), &text);
        serde_json::to_writer(&mut *writer, &line)?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::WholeFile;

    #[test]
    fn a_text_is_the_same_put_together() {
        for text in [
            "",
            "No keys.\r\n",
            "+++\ntitle = \"A\"\n+++\r\n\nText.",
            "---\ntitle: A\n---\n",
            "+++\nnever closed",
            "\u{feff}+++\na = 1\n+++\nb",
        ] {
            assert_eq!(WholeFile::new("a".to_owned(), text).text(), text);
        }
        assert_eq!(WholeFile::new("a".to_owned(), "---\ntitle: A\n---\n").keys["title"], "A");
    }
}
