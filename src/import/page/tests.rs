use super::*;

fn read(head: &str, body: &str) -> Facts {
    let page =
        format!("<!DOCTYPE html><html lang='en_GB'><head>{head}</head><body>{body}</body></html>");
    Facts::read(&Tree::document(&page), None)
}

#[track_caller]
fn value<T: Clone>(said: Option<&Said<T>>, origin: Origin) -> T {
    let said = said.expect("it is said");
    assert_eq!(said.origin, origin);
    said.value.clone()
}

#[test]
fn the_first_place_that_says_something_counts() {
    let data = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Talks begin\",\
        \"datePublished\":\"2017-01-29T23:30:00-05:00\",\"dateModified\":\"2017-02-03\",\"inLanguage\":\"fr\",\
        \"author\":{\"name\":\"Ann Lee\"},\"isAccessibleForFree\":false}</script>";
    let metas = "<title>Talks begin | The Paper</title><meta property='og:title' content='Talks begin | The Paper'>\
        <meta property='og:site_name' content='The Paper'><meta name='author' content='Bo Chan'>\
        <meta property='article:published_time' content='2018-01-01'>\
        <link rel='canonical' href='https://paper.example/talks'>";
    let all = read(&format!("{data}{metas}"), "");
    assert_eq!(value(all.title.as_ref(), Origin::JsonLd), "Talks begin");
    // The day is in the timestamp's own offset.
    assert_eq!(value(all.date.as_ref(), Origin::JsonLd).day().unwrap().to_string(), "2017-01-29");
    assert_eq!(value(all.updated.as_ref(), Origin::JsonLd).to_string(), "2017-02-03");
    assert_eq!(value(all.authors.as_ref(), Origin::JsonLd), ["Ann Lee"]);
    assert_eq!(value(all.language.as_ref(), Origin::JsonLd), "fr");
    assert!(all.is_paywalled && all.is_article);

    let metas_only = read(metas, "<h1>Another</h1>");
    assert_eq!(value(metas_only.title.as_ref(), Origin::OpenGraph), "Talks begin");
    assert_eq!(value(metas_only.date.as_ref(), Origin::OpenGraph).to_string(), "2018-01-01");
    assert_eq!(value(metas_only.authors.as_ref(), Origin::Meta), ["Bo Chan"]);
    assert_eq!(value(metas_only.outlet.as_ref(), Origin::OpenGraph), "The Paper");
    assert_eq!(value(metas_only.language.as_ref(), Origin::Html), "en-GB");
    assert_eq!(value(metas_only.address.as_ref(), Origin::Link), "https://paper.example/talks");
    assert!(!metas_only.is_paywalled);
}

#[test]
fn an_outlet_an_address_and_an_account_are_no_authors() {
    for author in
        ["The Paper", "https://social.example/thepaper", "admin", "desk@paper.example", "the paper"]
    {
        let head = format!(
            "<meta property='og:site_name' content='The Paper'><meta name='author' content='{author}'>"
        );
        assert_eq!(read(&head, "").authors, None, "{author}");
    }
    for (line, names) in [
        ("By Ann Lee and Bo Chan", vec!["Ann Lee", "Bo Chan"]),
        ("Ann Lee, Bo Chan &amp; Cy Doe", vec!["Ann Lee", "Bo Chan", "Cy Doe"]),
        ("Lee, Ann", vec!["Lee, Ann"]),
        ("Food and Drink Desk", vec!["Food and Drink Desk"]),
    ] {
        let head = format!("<meta name='author' content='{line}'>");
        assert_eq!(value(read(&head, "").authors.as_ref(), Origin::Meta), names, "{line}");
    }
}

#[test]
fn a_change_is_no_publication_and_two_days_are_no_day() {
    assert_eq!(read("<meta property='article:modified_time' content='2017-01-29'>", "").date, None);
    let one = "<article><time datetime='2017-01-29T10:00'>Sunday</time></article>\
        <div class=comments><time datetime='2019-01-01'>then</time></div>";
    assert_eq!(value(read("", one).date.as_ref(), Origin::Time).to_string(), "2017-01-29T10:00:00");
    let two = "<time datetime='2017-01-29'></time><time datetime='2017-01-30'></time>";
    assert_eq!(read("", two).date, None);
    let marked = format!("{two}<time class='entry-date published' datetime='2017-01-31'></time>");
    assert_eq!(value(read("", &marked).date.as_ref(), Origin::Time).to_string(), "2017-01-31");
    let updated = "<time class='updated' datetime='2017-01-31'></time>";
    assert_eq!(read("", updated).date, None);
    for wrong in ["1485684000", "yesterday", "0017-01-29", "29/1"] {
        assert_eq!(
            read(&format!("<meta name='date' content='{wrong}'>"), "").date,
            None,
            "{wrong}"
        );
    }
}

#[test]
fn a_saved_page_knows_where_it_was() {
    let browser = "<!-- saved from url=(0027)https://paper.example/talks -->\
        <html><head><link rel='license' href='/licence'></head>";
    let facts = Facts::read(&Tree::document(browser), None);
    assert_eq!(value(facts.address.as_ref(), Origin::SavedBy), "https://paper.example/talks");
    assert_eq!(value(facts.licence.as_ref(), Origin::Link), "https://paper.example/licence");
    let single = "<html><!--\n Page saved with SingleFile \n url: https://paper.example/x \n saved date: Sun\n--><head></head>";
    let facts = Facts::read(&Tree::document(single), None);
    assert_eq!(value(facts.address.as_ref(), Origin::SavedBy), "https://paper.example/x");
    // Neither a home page nor a non-web address is a report's address.
    for link in ["https://paper.example/", "javascript:alert(1)", "/talks", "file:///etc/passwd"] {
        assert_eq!(
            read(&format!("<link rel=canonical href='{link}'>"), "").address,
            None,
            "{link}"
        );
    }
}

#[test]
fn a_headline_is_the_page_s_only_one_or_its_title() {
    let title = "<title>Talks begin - The Paper</title>";
    assert_eq!(
        value(read(title, "<h1>Talks begin</h1>").title.as_ref(), Origin::Html),
        "Talks begin"
    );
    let two = read(title, "<h1>The Paper</h1><h1>Talks begin</h1>");
    assert_eq!(value(two.title.as_ref(), Origin::Title), "Talks begin - The Paper");
    let drawing = read("", "<svg><title>Logo</title></svg>");
    assert_eq!(drawing.title, None);
}

#[test]
fn a_page_of_endless_names_is_cut_short() {
    let metas = "<meta property='article:tag' content='x'>".repeat(5_000);
    assert_eq!(read(&metas, "").tags.len(), MOST_NAMES);
}
