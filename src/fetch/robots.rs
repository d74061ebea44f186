//! `robots.txt` (RFC 9309): whether a host allows programs to fetch a page.

use url::Url;

/// Only the beginning of a longer file counts (RFC 9309 §2.5).
pub(super) const LONGEST: usize = 500 * 1024;

/// The program's name in `robots.txt`.
const NAME: &str = "dateline";

/// A host's rules for this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Robots {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    pattern: String,
    allows: bool,
}

impl Robots {
    /// Parses the rules: those of the groups that name this program, else those for all.
    pub(super) fn read(text: &str) -> Robots {
        let (mut own, mut all) = (None, Vec::new());
        let (mut is_own, mut is_for_all, mut names_agents) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((field, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match field.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !names_agents {
                        (is_own, is_for_all) = (false, false);
                    }
                    names_agents = true;
                    is_for_all |= value == "*";
                    let name = value.split(['/', ' ']).next().unwrap_or_default();
                    is_own |= name.eq_ignore_ascii_case(NAME);
                    if is_own {
                        own.get_or_insert_with(Vec::new);
                    }
                }
                field @ ("allow" | "disallow") => {
                    names_agents = false;
                    let rule = Rule { pattern: value.to_owned(), allows: field == "allow" };
                    if value.is_empty() {
                        continue;
                    }
                    if let Some(own) = own.as_mut().filter(|_| is_own) {
                        own.push(rule.clone());
                    }
                    if is_for_all {
                        all.push(rule);
                    }
                }
                _ => {}
            }
        }
        Robots { rules: own.unwrap_or(all) }
    }

    /// Whether an address is allowed: the longest matching pattern decides; of equal ones, the one
    /// that allows.
    pub(super) fn allows(&self, url: &Url) -> bool {
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", url.path());
        let matching = self.rules.iter().filter(|rule| matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

/// Whether a path matches a pattern: `*` is any text, a final `$` is the end. Each piece is
/// searched once, from the left, so that patterns with many stars are not slow.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, inner)) = pieces.split_last() else { return !is_whole || rest.is_empty() };
    for piece in inner {
        let Some((_, behind)) = rest.split_once(piece) else { return false };
        rest = behind;
    }
    if is_whole { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        let url = Url::parse("https://x.example/").unwrap().join(path).unwrap();
        Robots::read(text).allows(&url)
    }

    #[test]
    fn the_longest_rule_decides() {
        let text =
            "User-agent: *\nDisallow: /a\nAllow: /a/b # here\nDisallow: /*.pdf$\nDisallow:\n";
        for (path, allowed) in [
            ("/", true),
            ("/a", false),
            ("/a/c", false),
            ("/a/b/c", true),
            ("/x.pdf", false),
            ("/x.pdf?y", true),
        ] {
            assert_eq!(allows(text, path), allowed, "{path}");
        }
        assert!(allows("", "/a"));
        assert!(!allows("User-agent: *\nDisallow: /", "/"));
        assert!(allows("User-agent: *\nDisallow: /a\nAllow: /a", "/a"));
    }

    #[test]
    fn a_group_of_our_own_counts_in_place_of_that_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Dateline/1.0\nDisallow: /b\n";
        assert!(allows(text, "/a"));
        assert!(!allows(text, "/b"));
        assert!(allows("User-agent: other\nDisallow: /", "/"));
        assert!(allows("User-agent: *\nDisallow: /\nUser-agent: dateline\nDisallow:\n", "/"));
    }

    #[test]
    fn a_pattern_of_many_stars_takes_no_longer() {
        let text = format!("User-agent: *\nDisallow: /{}b", "*a".repeat(100_000));
        assert!(allows(&text, &format!("/{}", "a".repeat(100_000))));
    }
}
