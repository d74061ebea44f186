//! Remedies for front matter that can't be parsed: the most frequent mistakes.

use crate::tree::TreeError;

use super::Fence;

/// The remedy; `text` is the whole file.
pub(super) fn help(fence: Fence, error: &TreeError, text: &str) -> &'static str {
    let line = line_before(text, error.range.start);
    match fence {
        Fence::Toml => toml(&error.message, line),
        Fence::Json => "texts and keys stand in double quotes, with a comma between two entries",
        Fence::Lines => "write each key on a line of its own, as in Title: Talks",
        Fence::Yaml if error.message.contains("tab") => "indent with spaces; YAML has no tabs",
        Fence::Yaml => "put a text with a colon or quotes in it between quotes",
    }
}

fn toml(message: &str, line: &str) -> &'static str {
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    if message.contains("date") {
        "check the month and the day; partial dates stand in quotes, as in \"2017-01\""
    } else if value.len() > 1 && value.starts_with('"') && value.ends_with('"') {
        "put a text with quotes in it between single ones, as in 'Talks \"begin\"'"
    } else if message.contains("string") && value.starts_with(['"', '\'']) {
        "end the text with the quotation mark that it begins with"
    } else {
        "texts stand in quotes, dates as 2017-01-29, partial dates as \"2017-01\""
    }
}

/// The text of the line before a position.
fn line_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help_for(line: &str) -> &'static str {
        let error = crate::tree::parse_toml(line, 0);
        error.map_or_else(|error| help(Fence::Toml, &error, line), |_| "it can be read")
    }

    #[test]
    fn each_slip_has_a_mend_of_its_own() {
        for (line, words) in [
            ("title = \"Talks", "end the text"),
            ("title = 'Talks", "end the text"),
            ("title = Talks", "texts stand in quotes"),
            ("title = \"Talks \"begin\"\"", "between single ones"),
            ("date = 2017-02-30", "check the month"),
        ] {
            assert!(help_for(line).contains(words), "{line}: {}", help_for(line));
        }
    }
}
