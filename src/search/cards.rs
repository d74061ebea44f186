//! Cards: what results show of reports. A file holds some tens of neighbours.
//!
//! A file is a JSON list: the layout's digest, the outlets and the languages of its reports, then a
//! row for each report. A row holds: the id, as the difference from the id before (in the first
//! row, from the lowest id of the file); how many bytes its address shares with the one before, and
//! the rest of the address; the headline; the indexes of outlet and language in their lists; the
//! number of parts that its date lacks. Trailing zeros are left out.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::index::IndexFile;
use super::layout::Layout;

/// The result entry of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The id in its segment.
    pub id: u32,
    /// The address below the archive's root, percent-encoded, without its first `/`.
    pub path: String,
    /// The headline.
    pub title: String,
    /// The outlet's display name; empty if there is none.
    pub outlet: String,
    /// The report's language (BCP 47).
    pub language: String,
    /// The precision of the id's day: 0 year, 1 month, 2 day.
    pub precision: u8,
}

/// The precision of a whole date.
const WHOLE: u8 = 2;

/// A row of a file.
#[derive(Serialize, Deserialize)]
struct Row(
    u32,
    usize,
    String,
    String,
    #[serde(default)] usize,
    #[serde(default)] usize,
    #[serde(default)] u8,
);

/// The files with the cards of a segment. Cards must be in order of ids.
pub fn card_files(layout: Layout, cards: &[Card]) -> Vec<IndexFile> {
    let place = |card: &Card| place_of(layout, card.id);
    let groups = cards.chunk_by(|one, other| place(one) == place(other));
    let file = |cards: &[Card]| {
        let place = cards.first().map_or(0, place);
        (card_path(layout.tier, place), file(layout, place, cards).to_string().into_bytes())
    };
    groups.map(file).collect()
}

/// The index of the file that holds an id.
pub(super) fn place_of(layout: Layout, id: u32) -> u32 {
    id.checked_shr(layout.card_bits).unwrap_or(0)
}

/// The path of a file of cards.
pub fn card_path(tier: u8, place: u32) -> String {
    format!("s{tier}/d/{place:x}.json")
}

fn lowest(layout: Layout, place: u32) -> u32 {
    place.checked_shl(layout.card_bits).unwrap_or(0)
}

fn file(layout: Layout, place: u32, cards: &[Card]) -> Value {
    let (mut outlets, mut languages): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let (mut id, mut path) = (lowest(layout, place), "");
    let mut rows = Vec::with_capacity(cards.len());
    for card in cards {
        let shared = shared(path, &card.path);
        let mut row = vec![
            json!(card.id.saturating_sub(id)),
            json!(shared),
            json!(card.path.get(shared..).unwrap_or_default()),
            json!(card.title),
            json!(place_in(&mut outlets, &card.outlet)),
            json!(place_in(&mut languages, &card.language)),
            json!(WHOLE.saturating_sub(card.precision)),
        ];
        while row.last().is_some_and(|last| *last == json!(0)) {
            row.pop();
        }
        rows.push(Value::Array(row));
        (id, path) = (card.id, &card.path);
    }
    let head = [json!(layout.digest()), json!(outlets), json!(languages)];
    Value::Array(head.into_iter().chain(rows).collect())
}

fn shared(one: &str, other: &str) -> usize {
    let same = one.char_indices().zip(other.chars()).take_while(|((_, one), other)| one == other);
    same.map(|((at, character), _)| at + character.len_utf8()).last().unwrap_or(0)
}

fn place_in<'a>(names: &mut Vec<&'a str>, name: &'a str) -> usize {
    names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

/// The cards of a file; `None` if it is damaged or has another layout.
pub(super) fn read(layout: Layout, place: u32, bytes: &[u8]) -> Option<Vec<Card>> {
    let mut rows = serde_json::from_slice::<Vec<Value>>(bytes).ok()?.into_iter();
    if rows.next()?.as_u64() != Some(layout.digest().into()) {
        return None;
    }
    let mut names = || serde_json::from_value::<Vec<String>>(rows.next()?).ok();
    let (outlets, languages) = (names()?, names()?);
    let (mut id, mut path) = (lowest(layout, place), String::new());
    let mut card = |row: Value| {
        let Row(more, shared, rest, title, outlet, language, lacking) =
            serde_json::from_value(row).ok()?;
        id = id.checked_add(more)?;
        path = format!("{}{rest}", path.get(..shared)?);
        Some(Card {
            id,
            path: path.clone(),
            title,
            outlet: outlets.get(outlet)?.clone(),
            language: languages.get(language)?.clone(),
            precision: WHOLE.checked_sub(lacking)?,
        })
    };
    rows.map(&mut card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::layout::{MostFiles, Size};

    fn card(id: u32, path: &str, outlet: &str, precision: u8) -> Card {
        let (path, outlet) = (path.to_owned(), outlet.to_owned());
        Card {
            id,
            path,
            title: "A “title”".to_owned(),
            outlet,
            language: "en".to_owned(),
            precision,
        }
    }

    #[test]
    fn cards_are_read_as_they_were_written() {
        let size = Size { reports: 3, postings: 9, words: 9, first: 70_000, last: 900_000 };
        let layout = Layout::of(1, 3, &size, MostFiles(1_000));
        let cards = [
            card(70_000, "2017/01/29/talks/", "", 2),
            card(70_001, "2017/01/29/talks-%C3%A4/", "The Herald", 1),
            card(900_000, "2017/02/", "", 0),
        ];
        let files = card_files(layout, &cards);
        let read: Vec<Card> = files
            .iter()
            .flat_map(|(path, bytes)| {
                let place = cards.iter().map(|card| place_of(layout, card.id));
                let place = place.clone().find(|place| card_path(1, *place) == *path).unwrap();
                for end in 0..bytes.len() {
                    assert_eq!(super::read(layout, place, &bytes[..end]), None);
                }
                super::read(layout, place, bytes).unwrap()
            })
            .collect();
        assert_eq!(read, cards);
    }
}
