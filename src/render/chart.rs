//! A year's reports a month as a small picture: static SVG with its text alternative.

use std::fmt::Write;

use crate::i18n::Language;

/// Twelve bars; `counts[0]` is January.
pub fn year(language: &Language, year: i32, counts: &[usize; 12]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let title = language.text("chart_title", &[("year", &year.to_string())]);
    let described: Vec<String> = (1u32..=12)
        .zip(counts)
        .map(|(month, &count)| format!("{}: {}", language.month(month), language.number(count)))
        .collect();
    let description =
        format!("{} {}", language.text("chart_description", &[]), described.join(", "));
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 240 64\" role=\"img\" aria-label=\"{}. {}\"><title>{}</title>",
        markup::escape(&title),
        markup::escape(&description),
        markup::escape(&title)
    );
    for (at, &count) in counts.iter().enumerate() {
        let height = if count == 0 { 1 } else { (count * 60 / most).max(2) };
        // Writing to a String can't fail.
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"16\" height=\"{height}\"/>",
            at * 20 + 2,
            62 - height
        );
    }
    svg.push_str("</svg>");
    svg
}

mod markup {
    /// Escapes text for an attribute or an element.
    pub(super) fn escape(text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        // Writing to a String can't fail.
        let _ = pulldown_cmark_escape::escape_html(&mut escaped, text);
        escaped
    }
}
