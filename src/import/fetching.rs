//! Fetches the pictures that texts show and that are missing.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use url::Url;

use super::entry::Entry;
use super::error::{BATCH, ImportError, Stage, Step};
use super::making::Maker;
use super::media::{self, Wish};
use super::placing::Place;
use super::report::Placed;
use super::sources::Source;
use super::survey::{self, Again};
use super::uploads::Uploads;
use crate::settings::Config;

/// Makes every text once without writing it, and fetches missing pictures. Returns failures with
/// reasons.
pub(super) fn fetch(
    source: &dyn Source,
    (maker, places, uploads): (&Maker<'_>, &[Place], &Uploads),
    archive: (&Path, &Config),
    progress: &mut dyn FnMut(Step),
) -> Result<Vec<Placed>, ImportError> {
    let mut missing = BTreeSet::new();
    let mut waiting: Vec<Entry> = Vec::with_capacity(BATCH);
    let mut done = 0;
    let mut look = |waiting: &mut Vec<Entry>| {
        let entries: Vec<(Entry, &Place)> = waiting.drain(..).zip(&places[done..]).collect();
        done += entries.len();
        let found: Vec<Vec<String>> = entries
            .into_par_iter()
            .map(|(entry, place)| maker.make(entry, place, &[]).findings.addresses.missing)
            .collect();
        missing.extend(found.into_iter().flatten());
    };
    survey::again(source, maker.choices, &mut |found| {
        if let Again::Entry(entry) = found {
            waiting.push(*entry);
        }
        if waiting.len() == BATCH {
            look(&mut waiting);
        }
    })?;
    look(&mut waiting);
    let mut wishes: Vec<Wish> = Vec::new();
    let mut known = FxHashSet::default();
    let mut failed = Vec::new();
    for written in missing {
        let Ok(address) = Url::parse(&written) else { continue };
        match uploads.place_of(&address) {
            Some(path) if known.insert(path.clone()) => wishes.push(Wish { address, path }),
            Some(_) => {}
            None => failed
                .push(Placed { file: written, what: "its name is none of a picture".to_owned() }),
        }
    }
    let of = wishes.len();
    failed.extend(media::pictures(&wishes, archive, &mut |done| {
        progress(Step { what: Stage::Pictures, done, of });
    })?);
    Ok(failed)
}
