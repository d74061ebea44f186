//! The names that a theme's templates use: data without a use need not be made.
//!
//! Found by scanning template tags. It may find too many names, in quoted text, but never too few:
//! a template that uses a page or an article other than by naming its keys counts as using all.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

/// The names that templates use.
#[derive(Debug)]
pub enum Names {
    /// All: a template uses a whole page or article, or the data is not for a template.
    Any,
    /// Only these.
    Only(FxHashSet<String>),
}

impl Names {
    /// Scans templates, as (path below `templates/`, text). A file of components counts only if a
    /// counted template calls one of them or names the file.
    pub fn in_templates<'a>(templates: impl Iterator<Item = (&'a str, &'a str)>) -> Names {
        let (mut waiting, mut found): (BTreeMap<&str, &str>, BTreeMap<&str, &str>) =
            templates.partition(|(path, _)| path.starts_with("components/"));
        let mut names = FxHashSet::default();
        while let Some((_, text)) = found.pop_first() {
            if uses_a_whole(text) {
                return Names::Any;
            }
            names.extend(tags(text).flat_map(words).map(|(word, _)| word.to_owned()));
            let (called, others) =
                waiting.into_iter().partition(|(path, file)| leads_to(text, path, file));
            waiting = others;
            found.extend::<BTreeMap<&str, &str>>(called);
        }
        Names::Only(names)
    }

    /// Whether a template may use a name.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Names::Any => true,
            Names::Only(names) => names.contains(name),
        }
    }
}

/// Whether a template calls a component of a file, or names the file.
fn leads_to(text: &str, path: &str, file: &str) -> bool {
    text.contains(path) || components(file).any(|name| text.contains(name))
}

/// The components that a file defines.
fn components(text: &str) -> impl Iterator<Item = &str> {
    tags(text).filter_map(|tag| {
        let tag = tag.trim_start_matches('-').trim_start();
        let name = tag.strip_prefix("component ")?.trim_start();
        name.split(['(', ' ']).next()
    })
}

/// The tags of a template: `{{ … }}` and `{% … %}`.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let openings = text.match_indices('{').filter(|(at, _)| text[at + 1..].starts_with(['{', '%']));
    openings.map(|(at, _)| {
        let end = if text[at + 1..].starts_with('{') { "}}" } else { "%}" };
        let tag = &text[at + 2..];
        &tag[..tag_end(tag, end)]
    })
}

/// The end of a tag, ignoring quoted text.
fn tag_end(tag: &str, end: &str) -> usize {
    let mut quote = None;
    let mut is_escaped = false;
    for (at, character) in tag.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if character == '\\' => is_escaped = true,
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'' | '`') => quote = Some(character),
            None if tag[at..].starts_with(end) => return at,
            None => {}
        }
    }
    tag.len()
}

/// Identifiers, each with the text that follows.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(is_part)?;
        let word = &rest[start..];
        let end = word.find(|character| !is_part(character)).unwrap_or(word.len());
        rest = &word[end..];
        Some((&word[..end], rest))
    })
}

/// Whether a template may use unnamed keys of a page or an article: by assigning it, passing it on,
/// iterating over it, or indexing it with a variable.
fn uses_a_whole(text: &str) -> bool {
    tags(text).any(|tag| {
        words(tag).any(|(word, rest)| {
            let before = tag[..tag.len() - rest.len() - word.len()].chars().next_back();
            let is_key = before == Some('.');
            let is_text = before.is_some_and(|mark| matches!(mark, '"' | '\''))
                && rest.chars().next() == before;
            match word {
                "article" | "page" => !is_key && !is_text && !names_a_key(rest.trim_start()),
                "__tera_context" => true,
                _ => false,
            }
        })
    })
}

fn names_a_key(rest: &str) -> bool {
    let key = rest.strip_prefix('.').map(str::trim_start).unwrap_or_default();
    key.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(templates: &[(&str, &str)]) -> Names {
        Names::in_templates(templates.iter().copied())
    }

    #[test]
    fn a_component_counts_where_it_is_called() {
        let cite = ("components/cite.html", "{%- component ui.cite(a: map) %}{{ a.citation }}");
        let one = names(&[("a.html", "<meta>{{ article.title }}"), cite]);
        assert!(one.has("title") && !one.has("citation") && !one.has("meta"));
        let other = names(&[("a.html", "{{ <ui.cite a={article} /> }}"), cite]);
        assert!(other.has("citation"));
    }

    #[test]
    fn who_goes_through_all_keys_may_need_any() {
        for text in [
            "{% for key, value in article %}{% endfor %}",
            "{{ article[key] }}",
            "{{ page | json }}",
            "{{ __tera_context }}",
            "{% set a = article %}{% for k, v in a %}{% endfor %}",
            "{% set a = article %}{{ a.title }}",
            "{% set both = [page, article] %}",
            "{{ (article) | json }}",
            "{{ article ?? page.title }}",
            "{{ \"}}\" ~ article | json }}",
            "{{ <ui.all it={article} /> }}",
        ] {
            assert!(names(&[("a.html", text)]).has("structured"), "{text}");
        }
        for text in [
            "{% for key, value in article.extra %}{% endfor %}",
            "{{ t(key=\"page\") }}{{ site.page }}{{ page . title }}",
        ] {
            assert!(!names(&[("a.html", text)]).has("structured"), "{text}");
        }
    }

    #[test]
    fn names_behind_an_end_between_quotes_and_in_a_page_with_its_own_components_count() {
        assert!(names(&[("a.html", "{{ \"}}\" ~ article.citation }}")]).has("citation"));
        let own = "{% component own(x: string) %}{% endcomponent own %}{{ article.related }}";
        assert!(names(&[("article.html", own)]).has("related"));
    }
}
