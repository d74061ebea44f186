//! Emphasis in scripts without spaces: `他说：**“你好。”**然后` is bold, as its author meant.
//!
//! In `CommonMark`, `**` between punctuation and a letter can't end emphasis. If one of the two is
//! Chinese, Japanese or Korean, an invisible joiner is inserted between punctuation and asterisks.

use super::{Edit, Survey};
use crate::markdown::tag_kind::TagKind;

/// Whether a body may contain such emphasis.
pub(super) fn has_signs(body: &str) -> bool {
    !body.is_ascii() && (body.contains('*') || body.contains("~~")) && body.chars().any(is_dense)
}

/// Letters and punctuation of these scripts.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{1B000}'..='\u{1B2FF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Punctuation in `CommonMark`: punctuation and symbols of Unicode.
fn is_mark(c: char) -> bool {
    use icu_properties::CodePointMapData;
    use icu_properties::props::GeneralCategory;
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(
        category,
        GeneralCategory::ConnectorPunctuation
            | GeneralCategory::DashPunctuation
            | GeneralCategory::OpenPunctuation
            | GeneralCategory::ClosePunctuation
            | GeneralCategory::InitialPunctuation
            | GeneralCategory::FinalPunctuation
            | GeneralCategory::OtherPunctuation
            | GeneralCategory::MathSymbol
            | GeneralCategory::CurrencySymbol
            | GeneralCategory::ModifierSymbol
            | GeneralCategory::OtherSymbol
    )
}

/// Runs of asterisks and of two tildes, with their positions.
fn runs(body: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = body.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let mark = *bytes.get(at)?;
            if !matches!(mark, b'*' | b'~') {
                at += 1;
                continue;
            }
            let start = at;
            while bytes.get(at) == Some(&mark) {
                at += 1;
            }
            let backslashes =
                bytes[..start].iter().rev().take_while(|&&byte| byte == b'\\').count();
            if backslashes % 2 == 0 && (mark == b'*' || at - start == 2) {
                return Some((start, at));
            }
        }
    })
}

pub(super) fn edits(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    if !has_signs(body) {
        return;
    }
    for (start, end) in runs(body) {
        let (before, after) = (body[..start].chars().next_back(), body[end..].chars().next());
        let (Some(before), Some(after)) = (before, after) else { continue };
        if before.is_whitespace() || after.is_whitespace() || survey.code_at(start).is_some() {
            continue;
        }
        if !is_dense(before) && !is_dense(after) {
            continue;
        }
        let at = match (is_mark(before), is_mark(after)) {
            // The run can't start emphasis before punctuation.
            (false, true) => end,
            // The run can't end emphasis after punctuation.
            (true, false) => start,
            _ => continue,
        };
        edits.push(Edit { kind: TagKind::Joint, source: at..at });
    }
}
