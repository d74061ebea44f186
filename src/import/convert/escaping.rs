//! Escapes special characters of Markdown and HTML.

/// Escapes a character, given the text before and after it.
pub(super) fn escape(
    character: char,
    before: Option<char>,
    mut following: impl Iterator<Item = char> + Clone,
    out: &mut String,
) {
    let is_word = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    if character == '&' && begins_reference(following.clone()) {
        out.push_str("&amp;");
        return;
    }
    let next = following.next();
    let begins = |signs: &[char]| next.is_some_and(|next| signs.contains(&next));
    let means_more = match character {
        '\\' | '`' | '*' | '[' | ']' | '~' => true,
        '_' => !(is_word(before) && is_word(next)),
        '<' => next.is_none_or(|next| next.is_alphabetic() || matches!(next, '/' | '!' | '?')),
        '{' => begins(&['{', '%', '#', '<', ':', '.']),
        '!' => begins(&['[']),
        _ => false,
    };
    if means_more {
        out.push('\\');
    }
    out.push(character);
}

/// Whether an ampersand would start an entity.
fn begins_reference(following: impl Iterator<Item = char>) -> bool {
    let mut rest = following.skip_while(|letter| letter.is_ascii_alphanumeric() || *letter == '#');
    rest.next() == Some(';')
}

/// Escapes lines of a paragraph that would start another block.
pub(super) fn guard_lines(paragraph: &str) -> String {
    paragraph.split('\n').map(guard).collect::<Vec<_>>().join("\n")
}

fn guard(line: &str) -> String {
    let line = line.trim_start_matches(' ');
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    if (1..=9).contains(&digits) && rest.starts_with(['.', ')']) {
        return format!("{}\\{rest}", &line[..digits]);
    }
    if line.starts_with(['#', '+', '-', '>', '=', '|', ':']) {
        format!("\\{line}")
    } else {
        line.to_owned()
    }
}

/// The address of a link.
pub(super) fn address(address: &str) -> String {
    let address: String = address.trim().chars().filter(|letter| !letter.is_control()).collect();
    let needs_brackets = address.is_empty()
        || address.contains(|letter: char| letter.is_whitespace() || "()".contains(letter));
    let mut safe = String::with_capacity(address.len() + 2);
    for (at, letter) in address.char_indices() {
        match letter {
            '&' if begins_reference(address[at + 1..].chars()) => safe.push_str("&amp;"),
            '\\' => safe.push_str("%5C"),
            '<' => safe.push_str("%3C"),
            '>' => safe.push_str("%3E"),
            '{' => safe.push_str("%7B"),
            other => safe.push(other),
        }
    }
    if needs_brackets { format!("<{safe}>") } else { safe }
}

/// The title of a link.
pub(super) fn title(title: &str) -> String {
    let mut safe = String::with_capacity(title.len());
    for letter in title.chars() {
        match letter {
            '\\' | '"' | '{' | '<' => safe.extend(['\\', letter]),
            '&' => safe.push_str("&amp;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Text in HTML inside Markdown.
pub(super) fn html_text(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '{' => out.push_str("&#123;"),
            '\n' => out.push_str("&#10;"),
            letter if letter.is_control() => {}
            other => out.push(other),
        }
    }
}

/// An attribute's value without quotes.
pub(super) fn attribute_value(value: &str) -> String {
    let mut safe = String::new();
    html_text(&value.replace(['\n', '\r'], " "), &mut safe);
    safe.replace('"', "&quot;")
}
