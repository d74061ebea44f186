//! Tests of rules: what they find at a text's start and end, and what they don't.

use super::days::DayOrder;
use super::{Rule, Suggestion, found_in};

fn found(body: &str) -> Vec<Suggestion> {
    found_in(body, DayOrder::default())
}

#[track_caller]
fn only(body: &str) -> Suggestion {
    let mut all = found(body);
    assert_eq!(all.len(), 1, "{body}: {all:?}");
    all.remove(0)
}

#[test]
fn an_imprint_at_the_head_names_outlet_and_day() {
    for body in [
        "(RT, 29/1/2017) \\~ The text.",
        "**(RT, 29/1/2017)** \\~ The text.",
        "(RT, 29.1.2017) – The text.",
        "(RT, 29/1/17)\n\nThe text.",
        "\\[RT, 29/1/2017\\] \\~ The text.",
    ] {
        let found = only(body);
        assert_eq!(found.rule, Rule::HeadByline, "{body}");
        assert_eq!(found.says.outlet.as_deref(), Some("RT"), "{body}");
        assert_eq!(found.says.date.as_deref(), Some("2017-01-29"), "{body}");
        let line = body.lines().next().unwrap();
        let rest = format!("{}{}", &line[..found.place.from], &line[found.place.to..]);
        assert!(rest.is_empty() || rest == "The text.", "{body}: {rest}");
    }
}

#[test]
fn a_day_that_can_be_two_is_left_to_the_curator() {
    let found = only("(RT, 2/1/2017) \\~ The text.");
    assert_eq!((found.says.outlet.as_deref(), found.says.date), (Some("RT"), None));
}

#[test]
fn who_sent_a_report_in_stands_at_its_foot() {
    let found = only("The text.\n\nSubmitted by Ann Lee, Bo Chan and [Cy](https://cy.example/)");
    assert_eq!(found.rule, Rule::SubmittedBy);
    assert_eq!(found.says.submitted_by, ["Ann Lee", "Bo Chan", "Cy"]);
}

#[test]
fn the_chain_and_the_original_stand_at_the_foot() {
    let all = found(
        "The text.\n\nvia [A Blog](https://blog.example/1)\n\nSource: [The Paper](https://paper.example/a)",
    );
    assert_eq!(all.len(), 2, "{all:?}");
    let via = all[0].says.via.as_ref().unwrap();
    assert_eq!((via.name.as_str(), via.url.as_deref()), ("A Blog", Some("https://blog.example/1")));
    assert_eq!(all[1].says.outlet.as_deref(), Some("The Paper"));
    assert_eq!(all[1].says.original_url.as_deref(), Some("https://paper.example/a"));
    let link = only("The text.\n\n[https://x.example/a](https://x.example/a)");
    assert_eq!(
        (link.rule, link.says.original_url.as_deref()),
        (Rule::LastLink, Some("https://x.example/a"))
    );
}

#[test]
fn an_agency_and_a_place_stand_before_the_text() {
    let found = only("GENEVA (AP) — The talks began.");
    assert_eq!(
        (found.says.dateline.as_deref(), found.says.outlet.as_deref()),
        (Some("GENEVA"), Some("AP"))
    );
    assert_eq!(&"GENEVA (AP) — The talks began."[found.place.to..], "The talks began.");
}

#[test]
fn sentences_say_nothing() {
    for body in [
        "The talks (in Geneva, 2017) began.",
        "He came via Rome.\n\nThe source: a friend.",
        "The paper was submitted by a student.",
        "(See page 3, line 2) The text.",
        "```\n(RT, 29/1/2017) ~ code\n```",
        "He said (RT, 29/1/2017) that it was so.",
    ] {
        assert_eq!(found(body), [], "{body}");
    }
}
