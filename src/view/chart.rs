//! Bar charts over time: static SVG with a text alternative.
//!
//! For pages of years and outlets; the theme's style sheet sets colours and fonts.

use std::fmt::Write;

use crate::i18n::{Language, direction};

/// The width of a chart, in units of its `viewBox`.
const WIDTH: usize = 480;
/// The height of the highest bar.
const RISE: usize = 72;
/// The space for numbers above the bars.
const HEAD: usize = 20;
/// The space for labels below the bars.
const FOOT: usize = 22;
/// With more bars, only the highest number is shown.
const NUMBERED: usize = 24;
/// The years of a decade: all have a label.
const DECADE: usize = 10;
/// With more years, each decade is a chart.
const ONE_CHART: usize = 12;
/// The widest letter of a label, on a phone.
const LETTER: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Its name in the text alternative.
    pub name: String,
    /// The label below it.
    pub mark: String,
    pub count: usize,
    /// Where it leads.
    pub url: Option<String>,
}

/// A year and its bar.
pub(crate) type YearBar = (i32, Bar);

/// A chart with numbers and labels. Time runs in the language's direction. A bar with an address is a
/// link.
pub(crate) fn labelled(language: &Language, title: &str, bars: &[Bar]) -> String {
    drawn(language, title, bars, highest(bars))
}

/// A chart of years: one, or one for each decade with reports, on a shared scale, so that a bar is
/// wide enough for a finger.
pub(crate) fn of_years(language: &Language, title: &str, bars: &[YearBar]) -> String {
    let of = |bars: &[YearBar]| bars.iter().map(|(_, bar)| bar.clone()).collect::<Vec<Bar>>();
    let most = bars.iter().map(|(_, bar)| bar.count).max().unwrap_or(0);
    if bars.len() <= ONE_CHART {
        return drawn(language, title, &of(bars), most);
    }
    let mut charts = String::from("<div class=\"bars-decades\">");
    for decade in bars.chunk_by(|a, b| a.0.div_euclid(10) == b.0.div_euclid(10)) {
        let held = || decade.iter().filter(|(_, bar)| bar.count > 0).map(|(year, _)| year);
        let (Some(first), Some(last)) = (held().next(), held().next_back()) else { continue };
        let span = if first == last { first.to_string() } else { format!("{first}–{last}") };
        let row = whole_decade(decade);
        charts.push_str(&drawn(language, &format!("{title}, {span}"), &row, most));
    }
    charts.push_str("</div>");
    charts
}

/// The bars of a decade, with empty ones for years outside the archive's.
fn whole_decade(held: &[YearBar]) -> Vec<Bar> {
    let start = held.first().map_or(0, |(year, _)| year.div_euclid(10) * 10);
    let of = |year: i32| held.iter().find(|(held, _)| *held == year).map(|(_, bar)| bar.clone());
    (start..).take(DECADE).map(|year| of(year).unwrap_or_default()).collect()
}

fn drawn(language: &Language, title: &str, bars: &[Bar], most: usize) -> String {
    let most = most.max(1);
    let mut svg = open(language, title, bars, HEAD + RISE + FOOT);
    let mut first_highest = bars.iter().position(|bar| bar.count == highest(bars));
    let marked = if bars.len() == DECADE { (0..DECADE).collect() } else { marked(bars) };
    for (at, bar) in bars.iter().enumerate() {
        let column = Column::new(language, bars.len(), at);
        let leads_to = bar.url.as_ref().filter(|_| bar.count > 0);
        rectangle(&mut svg, &column, bar.count * RISE / most, HEAD);
        let says_number =
            bars.len() <= NUMBERED || first_highest.take_if(|first| *first == at).is_some();
        if says_number && bar.count > 0 {
            let y = HEAD + RISE - bar.count * RISE / most - 4;
            text(&mut svg, &column, y, &language.number(bar.count));
        }
        if marked.contains(&at) && !bar.mark.is_empty() {
            text(&mut svg, &column, HEAD + RISE + FOOT - 4, &bar.mark);
        }
        if let Some(url) = leads_to {
            link(&mut svg, language, bar, url, &column);
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A bar's link, over its whole column: it says in words what the figures say.
fn link(svg: &mut String, language: &Language, bar: &Bar, url: &str, column: &Column) {
    let reports = language.counted("reports", bar.count);
    let name = language.text("day_label", &[("date", &bar.name), ("reports", &reports)]);
    let (url, name) = (escape(url), escape(&name));
    let Column { from, to, .. } = column;
    // Writing to a String can't fail.
    let _ = write!(
        svg,
        "<a href=\"{url}\" aria-label=\"{name}\"><title>{name}</title><rect x=\"{from}\" y=\"0\" width=\"{}\" height=\"{}\" fill=\"none\" pointer-events=\"all\"/></a>",
        to - from,
        HEAD + RISE + FOOT
    );
}

/// Only bars, on a shared scale: `most` is the highest of all charts.
pub(crate) fn bare(language: &Language, title: &str, bars: &[Bar], most: usize) -> String {
    let mut svg = open(language, title, bars, RISE);
    // Without text, it may be stretched.
    svg = svg.replacen("<svg ", "<svg preserveAspectRatio=\"none\" ", 1);
    for (at, bar) in bars.iter().enumerate() {
        let height = bar.count * RISE / most.max(1);
        rectangle(&mut svg, &Column::new(language, bars.len(), at), height, 0);
    }
    svg.push_str("</svg>");
    svg
}

/// A small picture of bars beside figures that say the same.
pub(crate) fn spark(language: &Language, counts: &[usize]) -> String {
    let most = counts.iter().max().copied().unwrap_or(0).max(1);
    let mut svg = format!(
        "<svg class=\"spark\" viewBox=\"0 0 {WIDTH} {RISE}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    );
    for (at, count) in counts.iter().enumerate() {
        rectangle(&mut svg, &Column::new(language, counts.len(), at), count * RISE / most, 0);
    }
    svg.push_str("</svg>");
    svg
}

pub(crate) fn highest(bars: &[Bar]) -> usize {
    bars.iter().map(|bar| bar.count).max().unwrap_or(0)
}

/// The place and width of a bar, and of its column.
struct Column {
    start: usize,
    width: usize,
    from: usize,
    to: usize,
}

impl Column {
    fn new(language: &Language, columns: usize, at: usize) -> Column {
        let at = if direction(&language.tag) == "rtl" { columns - 1 - at } else { at };
        let (start, end) = (at * WIDTH / columns, (at + 1) * WIDTH / columns);
        let gap = (end - start) / 4;
        let width = (end - start - gap).max(1);
        Column { start: start + gap / 2, width, from: start, to: end }
    }
}

fn open(language: &Language, title: &str, bars: &[Bar], height: usize) -> String {
    let separator = format!("{} ", language.text("comma", &[]));
    let told: Vec<String> = bars
        .iter()
        .filter(|bar| bar.count > 0)
        .map(|bar| format!("{}: {}", bar.name, language.number(bar.count)))
        .collect();
    let title = escape(title);
    if bars.iter().any(|bar| bar.url.is_some()) {
        return format!(
            "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" aria-label=\"{title}\">"
        );
    }
    let told = escape(&told.join(&separator));
    format!(
        "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}. {told}\"><title>{title}</title>"
    )
}

/// Even zero is a visible line.
fn rectangle(svg: &mut String, column: &Column, height: usize, top: usize) {
    let height = height.max(1);
    let y = top + RISE - height;
    let (x, width) = (column.start, column.width);
    // Writing to a String can't fail.
    let _ = write!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
}

fn text(svg: &mut String, column: &Column, y: usize, words: &str) {
    let x = column.start + column.width / 2;
    // Keep labels inside the picture.
    let half = (room(words) / 2).min(WIDTH / 2);
    let x = x.clamp(half, WIDTH - half);
    // Writing to a String can't fail.
    let _ = write!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" aria-hidden=\"true\">{}</text>",
        escape(words)
    );
}

fn room(words: &str) -> usize {
    (words.chars().count() + 1) * LETTER
}

/// The bars with a label: all if there is room, else round numbers, such as every tenth year; none
/// so close to an edge that it would have to move.
fn marked(bars: &[Bar]) -> Vec<usize> {
    let widest = bars.iter().map(|bar| room(&bar.mark)).max().unwrap_or(0);
    let least = (bars.len() * widest).div_ceil(WIDTH).max(1);
    if least == 1 {
        return (0..bars.len()).collect();
    }
    let mut step = least;
    while !is_round(step) {
        step += 1;
    }
    let centre = |at: usize| (2 * at + 1) * WIDTH / (2 * bars.len());
    let fits = |at: &usize| centre(*at) >= widest / 2 && centre(*at) + widest / 2 <= WIDTH;
    let falls_on = |at: &usize| match bars[*at].mark.parse::<usize>() {
        Ok(number) => number.is_multiple_of(step),
        Err(_) => at.is_multiple_of(step),
    };
    (0..bars.len()).filter(falls_on).filter(fits).collect()
}

/// 2, 5, 10, 20, 25, 50, 100 and so on.
fn is_round(step: usize) -> bool {
    let mut step = step;
    while step >= 100 && step.is_multiple_of(10) {
        step /= 10;
    }
    matches!(step, 1 | 2 | 5 | 10 | 20 | 25 | 50)
}

/// Escapes text for an attribute or an element.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a String can't fail.
    let _ = pulldown_cmark_escape::escape_html(&mut escaped, text);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(counts: &[usize]) -> Vec<Bar> {
        let bar = |(at, &count): (usize, &usize)| Bar {
            name: format!("month {at}"),
            mark: at.to_string(),
            count,
            url: None,
        };
        counts.iter().enumerate().map(bar).collect()
    }

    fn english() -> Language {
        let text = include_str!("../../themes/gazette/i18n/en.toml");
        Language::read("en", text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_text_alternative_names_what_there_is() {
        let svg = labelled(&english(), "Reports <a> month", &bars(&[3, 0, 1]));
        assert!(
            svg.contains("aria-label=\"Reports &lt;a&gt; month. month 0: 3, month 2: 1\""),
            "{svg}"
        );
    }

    #[test]
    fn a_century_of_bars_stays_inside_the_picture() {
        let svg = labelled(&english(), "t", &bars(&[1; 600]));
        assert_eq!(svg.matches("<rect").count(), 600);
        assert!(svg.matches("<text").count() < 20, "{svg}");
    }

    #[test]
    fn marks_are_round_years_that_do_not_touch() {
        let years: Vec<Bar> = (1959..=2025)
            .map(|year: u32| Bar {
                name: year.to_string(),
                mark: year.to_string(),
                count: 1,
                url: None,
            })
            .collect();
        let marks: Vec<&str> = marked(&years).into_iter().map(|at| &*years[at].mark).collect();
        assert_eq!(marks, ["1970", "1980", "1990", "2000", "2010", "2020"]);
        assert_eq!(marked(&bars(&[1; 12])).len(), 12, "the months of a year all have one");
    }

    #[test]
    fn years_beyond_a_dozen_are_charts_of_decades_whose_bars_are_links() {
        let years: Vec<YearBar> = (1998..=2011)
            .map(|year: i32| {
                let url = Some(format!("/{year}/?a&b"));
                let bar = Bar { name: year.to_string(), mark: year.to_string(), count: 2, url };
                (year, bar)
            })
            .collect();
        let charts = of_years(&english(), "Reports a year", &years);
        assert_eq!(charts.matches("<svg").count(), 3);
        assert!(charts.contains("aria-label=\"Reports a year, 1998–1999\""), "{charts}");
        let link = "<a href=\"/2005/?a&amp;b\" aria-label=\"2005, 2 reports\">";
        assert!(charts.contains(link), "{charts}");
        assert_eq!(charts.matches("<a ").count(), 14);
        assert_eq!(of_years(&english(), "t", &years[..12]).matches("<svg").count(), 1);
    }

    #[test]
    fn nothing_at_all_is_no_division_by_zero() {
        assert!(bare(&english(), "t", &bars(&[0; 12]), 0).contains("height=\"1\""));
        assert!(labelled(&english(), "t", &[]).ends_with("</svg>"));
    }
}
