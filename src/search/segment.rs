//! Assigns reports to segments of the index, and ids in them.
//!
//! Pure: depends only on permalinks and days, not on a clock. Reports are in order of addition; the
//! hash of a permalink decides whether it closes a tier. Everything after the last report that
//! closes a tier is in lower tiers, so that additions change only small segments. An id is the
//! report's day and a slot within the day, so that reports of other days don't affect it. Slots are
//! in order of addition, so that a new report changes no other id.

use chrono::NaiveDate;
use xxhash_rust::xxh3::xxh3_64;

/// The number of tiers above 0: each has about 32 times as many reports as the one below.
const HIGHEST_TIER: u32 = 4;
const BITS_OF_A_TIER: u32 = 5;
/// The maximum number of bits for slots; with days since 1800 they fill 32 bits until the year
/// 2517.
const MOST_SLOT_BITS: u32 = 14;

/// The properties of a report that determine its segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// Its address.
    pub permalink: &'a str,
    /// The first day of its date.
    pub day: NaiveDate,
    /// The day of addition, or else its own day.
    pub added: NaiveDate,
}

/// A segment with the ids of its reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The tier: 0 is the newest.
    pub tier: u8,
    /// The number of bits for the slot in an id.
    pub slot_bits: u32,
    /// Ids in order, each with the report's index in the input.
    pub ids: Vec<(u32, usize)>,
}

/// Days since 1800-01-01, as in ids; earlier days count as that one.
pub(crate) fn day_number(day: NaiveDate) -> u32 {
    let first = NaiveDate::from_ymd_opt(1800, 1, 1).unwrap_or_default();
    u32::try_from(day.signed_duration_since(first).num_days()).unwrap_or(0)
}

/// Divides the archive into segments, newest first. Reports beyond the slots of a day, over 16,000,
/// are left out.
pub(crate) fn segments(members: &[Member<'_>]) -> Vec<Segment> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_unstable_by_key(|&at| (members[at].added, members[at].permalink));
    let mut places: [Vec<usize>; HIGHEST_TIER as usize + 1] = Default::default();
    let mut tier = 0;
    for &at in order.iter().rev() {
        tier = tier.max(closes(members[at].permalink));
        places[tier as usize].push(at);
    }
    let filled = places.into_iter().zip(0u8..).filter(|(places, _)| !places.is_empty());
    filled.map(|(places, tier)| segment(members, &places, tier)).collect()
}

/// The highest tier that a report closes.
fn closes(permalink: &str) -> u32 {
    (xxh3_64(permalink.as_bytes()).trailing_zeros() / BITS_OF_A_TIER).min(HIGHEST_TIER)
}

fn segment(members: &[Member<'_>], places: &[usize], tier: u8) -> Segment {
    let mut sorted: Vec<(u32, NaiveDate, u64, usize)> = places
        .iter()
        .map(|&at| {
            let Member { permalink, day, added } = members[at];
            (day_number(day), added, xxh3_64(permalink.as_bytes()), at)
        })
        .collect();
    sorted.sort_unstable();
    let days = || sorted.chunk_by(|one, other| one.0 == other.0);
    let fullest = days().map(<[_]>::len).max().unwrap_or(1);
    let slot_bits = fullest.next_power_of_two().ilog2().min(MOST_SLOT_BITS);
    let id = |(slot, &(day, .., at)): (u32, &(u32, NaiveDate, u64, usize))| {
        (day << slot_bits | slot, at)
    };
    let ids = days().flat_map(|day| (0..1u32 << slot_bits).zip(day).map(id)).collect();
    Segment { tier, slot_bits, ids }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(count: usize) -> Vec<(String, NaiveDate)> {
        let first = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap();
        let day = |at: usize| first + chrono::Days::new(u64::try_from(at / 3).unwrap());
        (0..count).map(|at| (format!("/r/{at}/"), day(at))).collect()
    }

    fn cut(reports: &[(String, NaiveDate)]) -> Vec<Segment> {
        let members: Vec<_> = reports
            .iter()
            .map(|(permalink, day)| Member { permalink, day: *day, added: *day })
            .collect();
        segments(&members)
    }

    #[test]
    fn every_report_has_one_id_and_ids_are_in_order_of_days() {
        let reports = archive(5_000);
        let segments = cut(&reports);
        let mut seen: Vec<usize> = Vec::new();
        for segment in &segments {
            assert!(segment.ids.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for &(id, at) in &segment.ids {
                assert_eq!(id >> segment.slot_bits, day_number(reports[at].1));
                seen.push(at);
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..5_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_new_report_leaves_large_segments_alone() {
        let reports = archive(5_001);
        let (before, after) = (cut(&reports[..5_000]), cut(&reports));
        let largest = |segments: &[Segment]| segments.last().cloned();
        assert_eq!(largest(&before), largest(&after));
        assert!(largest(&after).unwrap().ids.len() > 500);
    }

    #[test]
    fn a_day_with_too_many_reports_is_bounded() {
        let day = NaiveDate::from_ymd_opt(2020, 2, 29).unwrap();
        let reports: Vec<_> = (0..20_000).map(|at| (format!("/x/{at}/"), day)).collect();
        assert!(cut(&reports).iter().all(|segment| segment.slot_bits <= MOST_SLOT_BITS));
    }
}
