//! Paths with `*`: at the end it matches anything, elsewhere anything within one segment.

/// A path with at least one `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    pub(super) fn new(path: String) -> Pattern {
        Pattern(path)
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it matches a path.
    pub fn fits(&self, path: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(beginning) => {
                let depth = beginning.matches('/').count();
                let Some(cut) = path.match_indices('/').nth(depth.saturating_sub(1)) else {
                    return false;
                };
                let (whole, last) = beginning.rsplit_once('/').unwrap_or_default();
                fits_parts(whole, &path[..cut.0]) && fits_beginning(last, &path[cut.0 + 1..])
            }
            None => fits_parts(&self.0, path),
        }
    }

    /// A regular expression for the whole path, in the common subset of all hosts.
    pub(super) fn regex(&self) -> String {
        let (path, ending) = match self.0.strip_suffix('*') {
            Some(path) => (path, ".*"),
            None => (self.0.as_str(), ""),
        };
        let parts: Vec<String> = path.split('*').map(escape_regex).collect();
        format!("{}{ending}", parts.join("[^/]+"))
    }

    /// For hosts with placeholders for whole segments, and `*` only at the end; `None` if a `*`
    /// shares its segment with letters.
    pub(super) fn with_names(&self, encode: impl Fn(&str) -> String) -> Option<String> {
        let parts: Vec<&str> = self.0.split('/').collect();
        let named = parts.iter().enumerate().map(|(at, part)| match *part {
            "*" if at + 1 == parts.len() => Some("*".to_owned()),
            "*" => Some(format!(":part{at}")),
            part if part.contains('*') => None,
            part => Some(encode(part)),
        });
        Some(named.collect::<Option<Vec<String>>>()?.join("/"))
    }

    /// The text before its only `*`, if that is at the end.
    pub(super) fn prefix(&self) -> Option<&str> {
        self.0.strip_suffix('*').filter(|prefix| !prefix.contains('*'))
    }
}

fn fits_parts(pattern: &str, path: &str) -> bool {
    let (patterns, parts) = (pattern.split('/'), path.split('/'));
    patterns.clone().count() == parts.clone().count()
        && patterns.zip(parts).all(|(pattern, part)| fits_part(pattern, part))
}

/// Matches the pieces around the `*`s in order, each `*` with at least one character.
fn fits_part(pattern: &str, part: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == part };
    let Some(part) = part.strip_prefix(first) else { return false };
    let starts = part.char_indices().skip(1).map(|(at, _)| at).chain([part.len()]);
    !part.is_empty() && starts.into_iter().any(|at| fits_part(rest, &part[at..]))
}

/// The same for a beginning.
fn fits_beginning(pattern: &str, path: &str) -> bool {
    if pattern.is_empty() {
        return true;
    }
    let part = path.split('/').next().unwrap_or_default();
    let ends = part.char_indices().map(|(at, _)| at).chain([part.len()]);
    ends.into_iter().any(|end| fits_part(pattern, &part[..end]))
}

/// Escapes a text for a regular expression.
pub(super) fn escape_regex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()[]{}^$|".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(path: &str) -> Pattern {
        Pattern::new(path.to_owned())
    }

    #[test]
    fn a_star_at_the_end_is_anything_and_elsewhere_one_part() {
        let pages = pattern("/tag/*/page/*");
        assert!(pages.fits("/tag/a/page/2/") && pages.fits("/tag/a/page/"));
        assert!(
            !pages.fits("/tag/a/b/page/2/")
                && !pages.fits("/tag/a/")
                && !pages.fits("/tag//page/1")
        );
        assert!(
            pattern("/a-*.html").fits("/a-1.html") && !pattern("/a-*.html").fits("/a-1/x.html")
        );
        assert!(!pattern("/a-*.html").fits("/a-.html"));
        assert!(pattern("/post*").fits("/post/1/") && pattern("/post*").fits("/posts"));
        assert!(pattern("/*").fits("/") && pattern("/*").fits("/a/b"));
        assert!(!pattern("/a/*").fits("/b/c"));
    }

    #[test]
    fn it_is_written_in_the_language_of_each_kind_of_host() {
        let pages = pattern("/t.g/*/page/*");
        assert_eq!(pages.regex(), r"/t\.g/[^/]+/page/.*");
        assert_eq!(pages.with_names(str::to_owned).as_deref(), Some("/t.g/:part2/page/*"));
        assert_eq!(pattern("/a*/").with_names(str::to_owned), None);
        assert_eq!(pattern("/a/*").prefix(), Some("/a/"));
        assert_eq!(pages.prefix(), None);
    }
}
