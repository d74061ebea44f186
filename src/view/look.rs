//! The look that the settings ask for: a style sheet of its own, and what the base template needs.

use std::fmt::Write as _;

use crate::base::colour::Colour;
use crate::settings::Config;
use crate::settings::look::{FontFile, Fonts};
use crate::view::Views;
use crate::view::value::{Value, view};

/// The contrast that an accent is given on dark paper.
const READABLE: f64 = 5.5;

/// A style sheet of `[theme]`, with its path from the archive's root.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) path: String,
    pub(crate) css: String,
}

impl Sheet {
    /// The sheet that the settings ask for; `None` if they change nothing.
    pub(crate) fn of(config: &Config) -> Option<Sheet> {
        let css = css(config);
        let hash = xxhash_rust::xxh3::xxh3_64(css.as_bytes());
        let path = format!("assets/settings.{hash:016x}.css");
        (!css.is_empty()).then_some(Sheet { path, css })
    }
}

fn css(config: &Config) -> String {
    let look = &config.look;
    let mut css = String::new();
    for file in &look.fonts.files {
        css.push_str(&font_face(config, file));
    }
    css.push_str(&stacks(&look.fonts));
    let accent_of =
        |colour: Colour| format!(":root {{ --accent: {colour}; --visited: {colour}; }}");
    let dark = look
        .accent_dark
        .or_else(|| look.accent.map(|colour| colour.readable_on(Colour::DARK_PAPER, READABLE)));
    let light = look.accent.map(|colour| format!("@media screen {{ {} }}\n", accent_of(colour)));
    let dark = dark.map(|colour| {
        format!("@media screen and (prefers-color-scheme: dark) {{ {} }}\n", accent_of(colour))
    });
    css.extend(light.into_iter().chain(dark));
    css
}

fn font_face(config: &Config, file: &FontFile) -> String {
    let is_own = file.src.starts_with('/') && !file.src.starts_with("//");
    let src = if is_own { config.address(&file.src) } else { file.src.clone() };
    let mut face = format!("@font-face {{ font-family: \"{}\"; src: url(\"", file.family);
    for mark in src.chars() {
        match mark {
            // What would end the string is written as its number.
            '"' | '\\' | '<' | '>' => {
                // Writing to a String can't fail.
                let _ = write!(face, "%{:02X}", mark as u32);
            }
            mark if mark.is_control() => {}
            mark => face.push(mark),
        }
    }
    face.push_str("\"); font-display: swap;");
    if let Some(weight) = &file.weight {
        // Writing to a String can't fail.
        let _ = write!(face, " font-weight: {weight};");
    }
    face.push_str(if file.italic { " font-style: italic; }\n" } else { " }\n" });
    face
}

/// The families before the theme's own.
fn stacks(fonts: &Fonts) -> String {
    let stack = |name: &str, families: &[String]| {
        let families: Vec<String> = families.iter().map(|family| format!("\"{family}\"")).collect();
        let families = families.join(", ");
        let rule = || format!(":root {{ --{name}: {families}, var(--{name}-own); }}\n");
        if families.is_empty() { String::new() } else { rule() }
    };
    stack("serif", &fonts.text) + &stack("sans", &fonts.labels)
}

impl Views<'_> {
    /// What the base template shows of `[theme]`.
    pub(crate) fn theme(&self) -> Value {
        let look = &self.config.look;
        let own =
            Sheet::of(self.config).map(|sheet| self.config.address(&format!("/{}", sheet.path)));
        let more = look.css.iter().map(|written| self.configured_address(written));
        let sheets: Vec<String> = own.into_iter().chain(more).collect();
        let logo = look.logo.as_ref().map(|written| {
            let size = self.files.picture(written).and_then(|picture| picture.size());
            view!({
                "src": self.configured_address(written),
                "width": size.map(|(width, _)| width), "height": size.map(|(_, height)| height),
            })
        });
        view!({
            "name": self.config.theme.name, "masthead": look.masthead.name(), "logo": logo,
            "sheets": sheets,
        })
    }
}
