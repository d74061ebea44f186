//! `theme`: the folder of a theme, or a table that changes the look without a template.

use crate::base::colour::Colour;
use crate::base::diagnostic::{Diagnostic, Rule};
use crate::tree::Value;
use crate::tree::fields::{Fields, Reading};

use super::addresses::{self, ConfigLink};
use super::publishing::choice;
use super::{ThemeChoice, stop};

/// What the settings change of a theme's look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The colour of links and marks on light paper.
    pub accent: Option<Colour>,
    /// The same on dark paper.
    pub accent_dark: Option<Colour>,
    /// The picture in place of the name: a path of the archive, or a web address.
    pub logo: Option<String>,
    /// The form of the name at the top.
    pub masthead: Masthead,
    /// Style sheets after the theme's own.
    pub css: Vec<String>,
    /// `[theme.fonts]`
    pub fonts: Fonts,
}

/// The form of the archive's name at the top of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Masthead {
    /// Large on the front page, small at the side elsewhere.
    #[default]
    Grand,
    /// In the middle of every page.
    Centred,
    /// Small at the side, on the front page too.
    Plain,
}

impl Masthead {
    /// Its name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Masthead::Grand => "grand",
            Masthead::Centred => "centred",
            Masthead::Plain => "plain",
        }
    }
}

/// Fonts before the theme's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fonts {
    /// For reports and headlines: names of families, the first that is there counts.
    pub text: Vec<String>,
    /// For dates, labels and records.
    pub labels: Vec<String>,
    /// Files of fonts.
    pub files: Vec<FontFile>,
}

/// A file of a font.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontFile {
    /// The family that it belongs to.
    pub family: String,
    /// A path of the archive, or a web address.
    pub src: String,
    /// `"400"`, or `"200 900"` for a variable font.
    pub weight: Option<String>,
    /// Whether its letters are italic.
    pub italic: bool,
}

/// The contrast with paper that words need (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

pub(super) fn theme(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> (ThemeChoice, Look) {
    let mut choice = ThemeChoice { name: "gazette".to_owned(), place: None };
    let Some(node) = fields.take("theme") else { return (choice, Look::default()) };
    choice.place = Some(reading.place(node.range.clone()));
    if let Some(name) = node.text() {
        name.clone_into(&mut choice.name);
        return (choice, Look::default());
    }
    let Value::Table(table) = node.value else {
        reading.wrong("theme", &node, "a name or a table");
        return (choice, Look::default());
    };
    let mut table = Fields::new(table);
    if let Some(name) = table.text("name", reading) {
        choice.name = name;
    }
    let look = look(&mut table, reading, links);
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    (choice, look)
}

fn look(table: &mut Fields, reading: &mut Reading<'_>, links: &mut Vec<ConfigLink>) -> Look {
    let forms =
        [Masthead::Grand, Masthead::Centred, Masthead::Plain].map(|form| (form.name(), form));
    Look {
        accent: colour(table, "accent", Colour::LIGHT_PAPER, reading),
        accent_dark: colour(table, "accent_dark", Colour::DARK_PAPER, reading),
        logo: addresses::link(table, "logo", reading, links),
        masthead: choice(table, "masthead", reading, &forms).unwrap_or_default(),
        css: addresses::links(table, "css", reading, links),
        fonts: fonts(table, reading, links),
    }
}

/// A colour; one that is hard to read on its paper is used, with a warning.
fn colour(
    table: &mut Fields,
    key: &'static str,
    paper: Colour,
    reading: &mut Reading<'_>,
) -> Option<Colour> {
    let node = table.take(key)?;
    let Some(colour) = node.text().and_then(Colour::read) else {
        let text = node.text().unwrap_or_default();
        let message = format!("{key}: “{text}” is not a colour");
        stop(reading, &node, message, "write it as six hexadecimal digits, as in \"#0a5c4a\"");
        return None;
    };
    let contrast = colour.contrast(paper);
    if contrast < LEAST_CONTRAST {
        let on = if key == "accent" { "light" } else { "dark" };
        let message = format!(
            "{key}: words in {} can hardly be read on {on} paper: their contrast is {contrast:.1}:1",
            node.text().unwrap_or_default()
        );
        let near = colour.readable_on(paper, LEAST_CONTRAST);
        let help = format!("{near} is the nearest that reaches {LEAST_CONTRAST}:1");
        let problem = Diagnostic::warning(Rule::AccentContrast, message).help(help);
        reading.report(problem, node.range.clone());
    }
    Some(colour)
}

fn fonts(table: &mut Fields, reading: &mut Reading<'_>, links: &mut Vec<ConfigLink>) -> Fonts {
    let Some(mut table) = table.table("fonts", reading) else { return Fonts::default() };
    let mut fonts = Fonts {
        text: families(&mut table, "text", reading),
        labels: families(&mut table, "labels", reading),
        files: Vec::new(),
    };
    for mut file in table.tables("files", reading) {
        let family = families(&mut file, "family", reading).pop();
        let src = addresses::link(&mut file, "src", reading, links);
        let weight = file.text("weight", reading);
        let weight = weight.filter(|weight| is_weight(weight, &file, reading));
        let italic = file.bool("italic", reading).unwrap_or(false);
        match (family, src) {
            (Some(family), Some(src)) => fonts.files.push(FontFile { family, src, weight, italic }),
            (None, _) => file.missing("family", reading),
            (_, None) => file.missing("src", reading),
        }
        file.refuse_rest(Rule::UnknownConfigKey, reading);
    }
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    fonts
}

/// Names of font families. They stand in a style sheet, so only what names are made of passes.
fn families(table: &mut Fields, key: &'static str, reading: &mut Reading<'_>) -> Vec<String> {
    let range = table.range.clone();
    let is_name = |name: &String| {
        let is_part = |mark: char| mark.is_alphanumeric() || matches!(mark, ' ' | '-' | '_' | '.');
        !name.is_empty() && name.chars().all(is_part)
    };
    let (good, bad): (Vec<String>, Vec<String>) =
        table.texts(key, reading).into_iter().partition(is_name);
    for name in bad {
        let message = format!("{key}: “{name}” is not the name of a font");
        let problem = Diagnostic::warning(Rule::WrongValue, message);
        let help = "write the family's name alone, as in \"Source Serif 4\"; several as a list";
        reading.report(problem.help(help), range.clone());
    }
    good
}

fn is_weight(weight: &str, file: &Fields, reading: &mut Reading<'_>) -> bool {
    let is_number = |part: &str| part.parse().is_ok_and(|weight: u16| (1..=1000).contains(&weight));
    let parts: Vec<&str> = weight.split(' ').collect();
    let is_good = parts.len() <= 2 && parts.iter().all(|part| is_number(part));
    if !is_good {
        let message = format!("weight: “{weight}” is not a font's weight");
        let problem = Diagnostic::warning(Rule::WrongValue, message);
        let help = "write weight = \"400\", or \"200 900\" for a variable font";
        reading.report(problem.help(help), file.range.clone());
    }
    is_good
}
