//! The rules, each a function of one line.

use url::Url;

use super::days::DayOrder;
use super::lines::Line;
use super::{Rule, Says, Suggestion, Via, Words};

/// The maximum length of an outlet's name.
const LONGEST_NAME: usize = 60;

fn suggestion(rule: Rule, line: &Line<'_>, place: Words, says: Says) -> Suggestion {
    let quote = line.text.get(place.from..place.to).map(str::to_owned);
    Suggestion { rule, confidence: rule.confidence(), place, quote, says }
}

/// `(RT, 29/1/2017) ~ The text`.
pub(super) fn head_byline(line: &Line<'_>, days: DayOrder) -> Option<Suggestion> {
    let shown = &line.shown;
    let start = shown.len() - shown.trim_start().len();
    let inner = shown[start..].strip_prefix(['(', '['])?;
    let close = inner.find([')', ']'])?;
    let (outlet, date) = imprint(&inner[..close])?;
    let after = start + 1 + close + 1;
    let rest = shown[after..].trim_start();
    let sign = rest.strip_prefix(['~', '–', '—', '-', ':', '|']);
    // Without a sign after it, the imprint must be alone on its line.
    if sign.is_none() && !rest.is_empty() {
        return None;
    }
    let rest = sign.unwrap_or(rest).trim_start();
    let end = shown.len() - rest.len();
    let says = Says {
        outlet: Some(outlet.to_owned()),
        date: days.read(date).map(|day| day.to_string()),
        ..Says::default()
    };
    // Include emphasis that ends with the imprint.
    let mut place = line.words(0, end);
    if rest.is_empty() {
        place = line.whole();
    } else if line.text[..place.to].matches('*').count() % 2 == 1 {
        return None;
    }
    Some(suggestion(Rule::HeadByline, line, place, says))
}

/// `OUTLET, 29/1/2017` as a whole line.
pub(super) fn foot_imprint(line: &Line<'_>, days: DayOrder) -> Option<Suggestion> {
    let inner = line.shown.trim().trim_matches(['(', ')', '[', ']', '~', '–', '—', ' ']);
    let (outlet, date) = imprint(inner)?;
    let says = Says {
        outlet: Some(outlet.to_owned()),
        date: days.read(date).map(|day| day.to_string()),
        ..Says::default()
    };
    Some(suggestion(Rule::FootImprint, line, line.whole(), says))
}

/// An outlet and a date.
fn imprint(text: &str) -> Option<(&str, &str)> {
    let (outlet, date) = text.rsplit_once(',')?;
    let (outlet, date) = (outlet.trim(), date.trim().trim_end_matches('.'));
    let is_date = date.len() >= 6
        && date.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'.' | b'-'))
        && date.split(['/', '.', '-']).count() == 3;
    let is_name = !outlet.is_empty()
        && outlet.len() <= LONGEST_NAME
        && outlet.starts_with(char::is_alphanumeric)
        && !outlet.contains(['(', ')', '<', '>']);
    (is_date && is_name).then_some((outlet, date))
}

/// `Submitted by A, B and C`.
pub(super) fn submitted_by(line: &Line<'_>) -> Option<Suggestion> {
    let inner = line.shown.trim().trim_matches(['~', '–', '—', ' ', '_']);
    let inner = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
    let names = after_any(inner, &["submitted by", "sent in by", "contributed by"])?;
    let names = names.trim_start_matches(':').trim().trim_end_matches('.');
    let names: Vec<String> = names
        .split([',', ';', '&'])
        .flat_map(|part| part.split(" and "))
        .map(|name| without_link(name.trim()).0.trim_matches('_').trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let are_names = !names.is_empty() && names.iter().all(|name| name.len() <= LONGEST_NAME);
    let says = Says { submitted_by: names, ..Says::default() };
    are_names.then(|| suggestion(Rule::SubmittedBy, line, line.whole(), says))
}

/// `GENEVA (AP) — The text`.
pub(super) fn dateline(line: &Line<'_>) -> Option<Suggestion> {
    let shown = &line.shown;
    let (city, rest) = shown.split_once('(')?;
    let (agency, rest) = rest.split_once(')')?;
    let (city, agency) = (city.trim(), agency.trim());
    let text = rest.trim_start().strip_prefix(['—', '–', '-'])?.trim_start();
    let is_city = (3..=LONGEST_NAME).contains(&city.len())
        && city.chars().any(char::is_alphabetic)
        && city.split([' ', ',']).next().is_some_and(|word| word == word.to_uppercase());
    let is_agency = (2..=LONGEST_NAME).contains(&agency.len())
        && agency.starts_with(char::is_uppercase)
        && !agency.contains(',');
    if !is_city || !is_agency || text.is_empty() {
        return None;
    }
    let says = Says {
        dateline: Some(city.to_owned()),
        outlet: Some(agency.to_owned()),
        ..Says::default()
    };
    Some(suggestion(Rule::Dateline, line, line.words(0, shown.len() - text.len()), says))
}

/// `Source: …`.
pub(super) fn source(line: &Line<'_>) -> Option<Suggestion> {
    let named =
        after_any(line.shown.trim(), &["source:", "source :", "original:", "original article:"])?;
    let (name, address) = without_link(named.trim());
    let name = name.trim().trim_end_matches('.');
    let is_name = !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains("://");
    let says =
        Says { outlet: is_name.then(|| name.to_owned()), original_url: address, ..Says::default() };
    (says != Says::default()).then(|| suggestion(Rule::Source, line, line.whole(), says))
}

/// `via …`, `h/t …`, at the start of a line.
pub(super) fn via(line: &Line<'_>) -> Option<Suggestion> {
    let named =
        after_any(line.shown.trim(), &["via ", "via:", "h/t ", "h/t:", "hat tip:", "hat tip to "])?;
    let (name, url) = without_link(named.trim());
    let name = name.trim().trim_end_matches('.').to_owned();
    let is_name = !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains("://");
    let says = Says { via: Some(Via { name, url }), ..Says::default() };
    is_name.then(|| suggestion(Rule::Via, line, line.whole(), says))
}

/// Only a link.
pub(super) fn last_link(line: &Line<'_>) -> Option<Suggestion> {
    let text = line.shown.trim();
    let address = match without_link(text) {
        (_, Some(address)) if text.starts_with('[') && text.ends_with(')') => address,
        (_, Some(address)) if text == address => address,
        _ => return None,
    };
    if is_film_or_sound(&address) {
        return None;
    }
    let says = Says { original_url: Some(address), ..Says::default() };
    Some(suggestion(Rule::LastLink, line, line.whole(), says))
}

/// Whether an address is a film or a sound, which belongs to the text and is not its source.
fn is_film_or_sound(address: &str) -> bool {
    const HOSTS: [&str; 8] = [
        "youtube.com",
        "youtube-nocookie.com",
        "youtu.be",
        "vimeo.com",
        "dailymotion.com",
        "soundcloud.com",
        "rutube.ru",
        "spotify.com",
    ];
    const ENDINGS: [&str; 8] = ["mp3", "mp4", "m4a", "ogg", "webm", "mov", "wav", "flac"];
    let Ok(address) = Url::parse(address) else { return false };
    let host = address.host_str().unwrap_or_default();
    let is_of = |known: &str| {
        host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let ending = address.path().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    HOSTS.iter().any(|known| is_of(known)) || ENDINGS.contains(&ending.as_str())
}

/// The text after one of these words, ignoring case.
fn after_any<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| {
        let start = text.get(..word.len())?;
        start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
    })
}

/// The text of a link and its address, or an address in the text.
fn without_link(text: &str) -> (String, Option<String>) {
    let is_web = |address: &str| address.starts_with("http://") || address.starts_with("https://");
    if let Some((before, rest)) = text.split_once('[')
        && let Some((words, rest)) = rest.split_once("](")
        && let Some((address, after)) = rest.split_once(')')
    {
        let address = address.trim_matches(['<', '>']).split(' ').next().unwrap_or_default();
        let words = if is_web(words) { "" } else { words };
        let shown = format!("{before}{words}{after}");
        return (shown, is_web(address).then(|| address.to_owned()));
    }
    let named = text.split_whitespace().find(|word| is_web(word));
    match named {
        Some(address) => (text.replace(address, ""), Some(address.to_owned())),
        None => (text.to_owned(), None),
    }
}
