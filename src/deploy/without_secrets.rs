//! Removes secrets from messages of programs and services.

use crate::settings::targets::is_credential;

/// Shorter values are ordinary words, and kept.
const LEAST: usize = 6;

/// Removes credentials in the environment, and user names and queries of addresses, which may be
/// secret.
pub(super) fn redacted(message: &str) -> String {
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let secrets = variables.filter(|(name, value)| is_credential(name) && value.len() >= LEAST);
    let message =
        secrets.fold(message.to_owned(), |message, (_, value)| message.replace(&value, "…"));
    let words = message.split_inclusive(char::is_whitespace);
    words.map(without_secrets).collect()
}

fn without_secrets(word: &str) -> String {
    let Some((before, rest)) = word.split_once("://") else { return word.to_owned() };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(authority_end);
    let host = match authority.rsplit_once('@') {
        Some(("git", host)) => format!("git@{host}"),
        Some((_, host)) => format!("…@{host}"),
        None => authority.to_owned(),
    };
    let rest = match rest.split_once('?') {
        Some((path, query)) => {
            let end =
                query.find(|letter: char| !letter.is_ascii_graphic() || "\"')>".contains(letter));
            format!("{path}?…{}", &query[end.unwrap_or(query.len())..])
        }
        None => rest.to_owned(),
    };
    format!("{before}://{host}{rest}")
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn users_and_queries_of_addresses_are_left_out() {
        let message = "PUT https://me:pw@a.example/b?sig=abc%2F, then ssh://git@b.example/c";
        assert_eq!(redacted(message), "PUT https://…@a.example/b?… then ssh://git@b.example/c");
    }
}
