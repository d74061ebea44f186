//! Parses a shortcode: `{{ name(key="value", n=3, on=true) }}`.

use super::{Argument, ShortcodeCall};

/// The longest call, which limits the cost of an unclosed quote.
const LONGEST_CALL: usize = 16 * 1024;

/// Whether the text after `{{` is a call: a name and a parenthesis.
pub(super) fn begins_call(after_braces: &str) -> bool {
    let mut cursor = Cursor { rest: after_braces };
    cursor.skip_space();
    cursor.name().is_some() && {
        cursor.skip_space();
        cursor.rest.starts_with('(')
    }
}

/// Parses the call at the start of `text`, which begins with `{{`; returns it with its length, or
/// the error.
pub(super) fn parse(text: &str) -> Result<(ShortcodeCall, usize), String> {
    let mut end = text.len().min(LONGEST_CALL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let mut cursor = Cursor { rest: text };
    cursor.expect("{{")?;
    cursor.skip_space();
    let name = cursor.name().ok_or("a shortcode begins with its name")?.to_owned();
    cursor.skip_space();
    cursor.expect("(")?;
    let arguments = cursor.arguments()?;
    cursor.skip_space();
    cursor.expect("}}")?;
    Ok((ShortcodeCall { name, arguments }, text.len() - cursor.rest.len()))
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) {
            return Ok(());
        }
        match self.rest.chars().next() {
            Some(found) if !found.is_control() => {
                Err(format!("`{token}` is missing before `{found}`"))
            }
            _ => Err(format!("`{token}` is missing")),
        }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|character| !belongs(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Letters, digits, `_` and `-`, beginning with a letter or `_`.
    fn name(&mut self) -> Option<&'a str> {
        if !self.rest.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            return None;
        }
        Some(
            self.take_while(|character| {
                character.is_alphanumeric() || matches!(character, '_' | '-')
            }),
        )
    }

    /// The arguments and the closing parenthesis.
    fn arguments(&mut self) -> Result<Vec<(String, Argument)>, String> {
        let mut arguments: Vec<(String, Argument)> = Vec::new();
        loop {
            self.skip_space();
            if self.eat(")") {
                return Ok(arguments);
            }
            let (key, value) = self.argument()?;
            if arguments.iter().any(|(known, _)| *known == key) {
                return Err(format!("the argument `{key}` is given twice"));
            }
            arguments.push((key, value));
            self.skip_space();
            if !self.eat(",") && !self.rest.starts_with(')') {
                return Err("`,` or `)` is missing after an argument".to_owned());
            }
        }
    }

    fn argument(&mut self) -> Result<(String, Argument), String> {
        let key = self.name().ok_or("every argument is written name=value")?.to_owned();
        self.skip_space();
        if !self.eat("=") {
            return Err(format!("`=` and a value are missing after `{key}`"));
        }
        self.skip_space();
        let value = self.value(&key)?;
        Ok((key, value))
    }

    fn value(&mut self, key: &str) -> Result<Argument, String> {
        if let Some(quote) = ["\"", "'", "`"].into_iter().find(|quote| self.eat(quote)) {
            let (text, rest) = self
                .rest
                .split_once(quote)
                .ok_or_else(|| format!("the text of `{key}` has no closing quote"))?;
            self.rest = rest;
            return Ok(Argument::Text(text.to_owned()));
        }
        if self.rest.starts_with(['“', '”', '„', '«', '‘', '’']) {
            return Err(format!("the quotes around `{key}` must be straight ones"));
        }
        let word = self.take_while(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '+' | '_')
        });
        plain_value(word).ok_or_else(|| {
            format!("the value of `{key}` is neither text in quotes nor a number, true or false")
        })
    }
}

fn plain_value(word: &str) -> Option<Argument> {
    match word {
        "true" => Some(Argument::Bool(true)),
        "false" => Some(Argument::Bool(false)),
        _ if !word.bytes().any(|byte| byte.is_ascii_digit()) => None,
        _ => {
            let integer = word.parse().ok().map(Argument::Integer);
            integer.or_else(|| {
                word.parse().ok().filter(|number: &f64| number.is_finite()).map(Argument::Float)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind_of_value() {
        let text =
            r#"{{ player(id="x }} y", a='1', b=`2`, n=-3, f=1.5, on=true, off=false,) }} rest"#;
        let (call, length) = parse(text).unwrap();
        assert_eq!(&text[length..], " rest");
        assert_eq!(call.name, "player");
        let value =
            |key: &str| call.arguments.iter().find(|(name, _)| name == key).unwrap().1.clone();
        assert_eq!(value("id"), Argument::Text("x }} y".into()));
        assert_eq!(value("a"), Argument::Text("1".into()));
        assert_eq!(value("b"), Argument::Text("2".into()));
        assert_eq!(value("n"), Argument::Integer(-3));
        assert_eq!(value("f"), Argument::Float(1.5));
        assert_eq!(value("on"), Argument::Bool(true));
        assert_eq!(value("off"), Argument::Bool(false));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, message) in [
            ("{{ a(b= }}", "the value of `b` is neither"),
            ("{{ a(b=“x”) }}", "straight"),
            ("{{ a(b=\"x) }}", "no closing quote"),
            ("{{ a(b) }}", "`=` and a value are missing after `b`"),
            ("{{ a(\"x\") }}", "name=value"),
            ("{{ a(b=1 c=2) }}", "`,` or `)`"),
            ("{{ a(b=1, b=2) }}", "twice"),
            ("{{ a(b=1) | safe }}", "`}}` is missing before `|`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn knows_its_own_calls() {
        assert!(begins_call(" player (id=1) }}"));
        assert!(!begins_call(" site.baseurl }}"));
        assert!(!begins_call(" page.title | date(x) }}"));
    }
}
