//! Pages of every kind: what each says is right in the report, or marked; what it does not say is not there.

use encoding_rs::{ISO_8859_2, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1256};
use serde_json::{Value as Json, json};

use crate::archive::Built;
use crate::server::Server;

use super::words::{self, paragraphs};
use super::{DATA, HTML, archive, article, clip, page, report, serve};

/// What a page became, without being written.
fn told(server: &Server, path: &str) -> Built {
    archive(server).run(&["clip", "--dry-run", "--json", &server.url(path)])
}

/// Holds what became of a page of these words in its head against what is wanted.
#[track_caller]
fn says(head: &str, article: &str, wanted: &[Wanted]) -> Json {
    let server = Server::start();
    serve(&server, "/2017/01/29/talks", HTML, page(head, article));
    holds(&told(&server, "/2017/01/29/talks"), wanted)
}

/// A field, its value, and whether it is marked.
type Wanted = (&'static str, Json, bool);

#[track_caller]
fn holds(built: &Built, wanted: &[Wanted]) -> Json {
    assert_eq!(built.code(), 0, "{}", built.stderr());
    let told = built.json();
    for (name, value, is_marked) in wanted {
        let field = &told[name];
        if value.is_null() {
            assert_eq!(*field, Json::Null, "{name}");
        } else {
            assert_eq!(field["value"], *value, "{name}: {told:#}");
            assert_eq!(!field["review"].is_null(), *is_marked, "{name}: {field}");
        }
    }
    told
}

const SURE: bool = false;
const MARKED: bool = true;

fn title() -> Wanted {
    ("title", json!("Talks begin in Geneva"), SURE)
}

fn data(fields: &str) -> String {
    format!("<script type=\"application/ld+json\">{{{fields}}}</script>")
}

#[test]
fn json_ld_counts_first() {
    let other = "<meta property=\"og:title\" content=\"Another\">\
        <meta property=\"article:published_time\" content=\"2018-05-05\">\
        <meta name=\"author\" content=\"Webmaster Joe\">";
    says(
        &format!("{DATA}{other}"),
        &article(),
        &[
            title(),
            ("date", json!("2017-01-29"), SURE),
            ("authors", json!(["Ann Lee"]), SURE),
            ("outlet", json!("paper"), SURE),
            ("language", Json::Null, SURE),
        ],
    );
}

#[test]
fn broken_json_ld_is_told_and_the_rest_of_the_page_counts() {
    let broken =
        data("\"@type\":\"NewsArticle\",\"headline\":\"Talks \"begin\",\"datePublished\":");
    let head = format!(
        "{broken}<meta property=\"og:title\" content=\"Talks begin in Geneva\">\
         <meta property=\"article:published_time\" content=\"2017-01-29\">"
    );
    let told = says(
        &head,
        &article(),
        &[title(), ("date", json!("2017-01-29"), SURE), ("authors", Json::Null, SURE)],
    );
    assert!(told["warnings"].to_string().contains("JSON-LD"), "{told}");
}

#[test]
fn json_ld_with_a_comma_too_many_is_read() {
    let head = data(
        "\"@type\":\"NewsArticle\",\"headline\":\"Talks begin in Geneva\",\"datePublished\":\"2017-01-29\",",
    );
    says(&head, &article(), &[title(), ("date", json!("2017-01-29"), SURE)]);
}

#[test]
fn json_ld_in_a_graph_is_read_with_names_by_their_ids() {
    let head = data(
        "\"@graph\":[{\"@type\":\"Article\",\"headline\":\"Talks begin in Geneva\",\"datePublished\":\
         \"2017-01-29\",\"author\":{\"@id\":\"#ann\"}},{\"@type\":\"Person\",\"@id\":\"#ann\",\"name\":\"Ann Lee\"}]",
    );
    says(&head, &article(), &[title(), ("authors", json!(["Ann Lee"]), SURE)]);
}

#[test]
fn articles_that_a_page_only_lists_are_not_its_own() {
    let head = format!(
        "{}<title>Talks begin in Geneva</title>",
        data(
            "\"@graph\":[{\"@type\":\"Article\",\"headline\":\"Floods\",\"datePublished\":\"2016-01-01\",\
             \"author\":{\"name\":\"X Y\"}},{\"@type\":\"Article\",\"headline\":\"Fires\",\"datePublished\":\"2015-01-01\"}]"
        )
    );
    says(&head, &article(), &[title(), ("date", Json::Null, SURE), ("authors", Json::Null, SURE)]);
}

#[test]
fn a_day_of_change_is_no_day_of_publication_and_neither_is_today() {
    let head = format!(
        "{}<meta property=\"article:modified_time\" content=\"2017-03-01\">",
        data(
            "\"@type\":\"NewsArticle\",\"headline\":\"Talks begin in Geneva\",\"dateModified\":\"2017-02-02\""
        )
    );
    let told = says(&head, &article(), &[title(), ("date", Json::Null, SURE)]);
    assert_eq!(told["draft"], true);
    assert!(told["file"].as_str().unwrap().starts_with("content/drafts/"), "{told}");
}

#[test]
fn an_instant_is_the_day_in_its_own_offset() {
    for (instant, day) in [
        ("2017-01-29T23:30:00-05:00", "2017-01-29"),
        ("2017-01-29T00:15:00+09:00", "2017-01-29"),
        ("2017-01-29T23:59:59Z", "2017-01-29"),
    ] {
        let head = format!("<meta property=\"article:published_time\" content=\"{instant}\">");
        says(&head, &article(), &[("date", json!(day), SURE)]);
    }
}

#[test]
fn a_day_that_the_address_contradicts_is_marked() {
    let head = "<meta property=\"article:published_time\" content=\"2017-01-30\">";
    says(head, &article(), &[("date", json!("2017-01-30"), MARKED)]);
}

#[test]
fn a_day_to_come_is_none() {
    let head = "<meta property=\"article:published_time\" content=\"2199-01-30\">";
    says(head, &article(), &[("date", Json::Null, SURE)]);
}

#[test]
fn one_time_on_the_page_is_marked_and_two_are_none() {
    let one = "<time datetime=\"2017-01-29\">Sunday</time>";
    says("", &format!("{one}{}", article()), &[("date", json!("2017-01-29"), MARKED)]);
    let two = format!("{one}<time datetime=\"2017-01-27\">Friday</time>{}", article());
    says("", &two, &[("date", Json::Null, SURE)]);
}

#[test]
fn a_month_is_taken_as_it_is_and_marked() {
    let head = "<meta name=\"citation_publication_date\" content=\"2017-01\">";
    says(head, &article(), &[("date", json!("2017-01"), MARKED)]);
}

#[test]
fn open_graph_alone_is_enough() {
    let head = "<meta property=\"og:title\" content=\"Talks begin in Geneva\">\
        <meta property=\"og:site_name\" content=\"Another Paper\">\
        <meta property=\"article:author\" content=\"Ann Lee\">\
        <meta property=\"article:published_time\" content=\"2017-01-29T10:00:00Z\">\
        <meta property=\"og:image\" content=\"/lake.jpg\"><meta property=\"og:image:alt\" content=\"A lake\">";
    let server = Server::start();
    serve(&server, "/a", HTML, page(head, &article()));
    let told = holds(
        &told(&server, "/a"),
        &[title(), ("authors", json!(["Ann Lee"]), SURE), ("date", json!("2017-01-29"), SURE)],
    );
    assert_eq!(told["image"]["value"], server.url("/lake.jpg"));
}

#[test]
fn the_outlet_s_name_is_no_author_s() {
    for name in
        ["The Paper", "the paper", "Wire Agency", "wire", "127.0.0.1", "https://social.example/x"]
    {
        let head = format!("<meta name=\"author\" content=\"{name}\">");
        says(&head, &article(), &[("authors", Json::Null, SURE)]);
    }
}

#[test]
fn an_outlet_that_the_settings_do_not_know_is_marked() {
    let server = Server::start();
    let head = "<meta property=\"og:site_name\" content=\"Another Paper\">";
    serve(&server, "/a", HTML, page(head, &article()));
    let address = server.url("/a").replace("127.0.0.1", "localhost");
    let built = archive(&server).run(&["clip", "--dry-run", "--json", &address]);
    holds(&built, &[("outlet", json!("Another Paper"), MARKED)]);
}

#[test]
fn a_line_beside_the_text_is_marked() {
    let byline = format!(
        "<h1>Talks begin in Geneva</h1><p class=\"byline\">By Ann Lee</p>{}",
        paragraphs(words::ENGLISH)
    );
    says("", &byline, &[("authors", json!(["Ann Lee"]), MARKED)]);
    let marked = byline
        .replace("class=\"byline\">By Ann Lee", "><a rel=\"author\" href=\"/ann\">Ann Lee</a>");
    says("", &marked, &[("authors", json!(["Ann Lee"]), MARKED)]);
}

#[test]
fn names_in_one_text_are_several_and_what_follows_a_name_is_marked() {
    let by = |author: &str| {
        data(&format!(
            "\"@type\":\"NewsArticle\",\"headline\":\"Talks begin in Geneva\",\"author\":\"{author}\""
        ))
    };
    for author in ["Ann Lee and Bo Chan", "Ann Lee; Bo Chan", "By Ann Lee & Bo Chan"] {
        let names = json!(["Ann Lee", "Bo Chan"]);
        says(&by(author), &article(), &[("authors", names, SURE)]);
    }
    let named = json!(["Ann Lee, Another Paper"]);
    says(&by("Ann Lee, Another Paper"), &article(), &[("authors", named, MARKED)]);
    says(
        &by("Sons and Daughters"),
        &article(),
        &[("authors", json!(["Sons and Daughters"]), SURE)],
    );
}

#[test]
fn several_authors_are_several() {
    let head = data(
        "\"@type\":\"NewsArticle\",\"headline\":\"Talks begin in Geneva\",\"author\":[{\"name\":\"Ann Lee\"},\
         {\"name\":\"Bo Chan\"},{\"@type\":\"Organization\",\"name\":\"The Paper\"}]",
    );
    says(&head, &article(), &[("authors", json!(["Ann Lee", "Bo Chan"]), SURE)]);
}

#[test]
fn a_wrong_language_is_told_and_the_words_count() {
    let text = format!("<h1>Переговоры</h1>{}", paragraphs(words::RUSSIAN));
    let told = says("<title>Переговоры</title>", &text, &[("language", json!("ru"), MARKED)]);
    assert!(told["language"]["review"].as_str().unwrap().contains("the page says en"), "{told}");
}

/// A page in an encoding, named or not; its words are whole.
#[track_caller]
fn in_encoding(bytes: Vec<u8>, headers: &'static str, headline: &str, language: &str) {
    let server = Server::start();
    serve(&server, "/a", headers, bytes);
    let built = told(&server, "/a");
    holds(&built, &[("title", json!(headline), SURE)]);
    assert_eq!(built.json()["language"]["value"], language);
}

fn foreign(charset: &str, headline: &str, text: &str) -> String {
    let meta =
        if charset.is_empty() { String::new() } else { format!("<meta charset=\"{charset}\">") };
    format!(
        "<html><head>{meta}<meta property=\"og:title\" content=\"{headline}\"></head><body><article>\
         <h1>{headline}</h1>{}</article></body></html>",
        paragraphs(text)
    )
}

#[test]
fn five_encodings_are_read() {
    let russian = |charset: &str| foreign(charset, "Переговоры о мире", words::RUSSIAN);
    let plain = "Content-Type: text/html\r\n";
    let encoded =
        |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(text).0.into_owned();
    in_encoding(encoded(WINDOWS_1251, &russian("windows-1251")), plain, "Переговоры о мире", "ru");
    in_encoding(encoded(WINDOWS_1251, &russian("")), plain, "Переговоры о мире", "ru");
    in_encoding(
        encoded(KOI8_R, &russian("")),
        "Content-Type: text/html; charset=koi8-r\r\n",
        "Переговоры о мире",
        "ru",
    );
    in_encoding(
        encoded(SHIFT_JIS, &foreign("Shift_JIS", "平和の話し合い", words::JAPANESE)),
        plain,
        "平和の話し合い",
        "ja",
    );
    in_encoding(
        encoded(ISO_8859_2, &foreign("iso-8859-2", "Rozmowy się zaczęły", words::POLISH)),
        plain,
        "Rozmowy się zaczęły",
        "pl",
    );
    in_encoding(
        encoded(WINDOWS_1256, &foreign("windows-1256", "محادثات السلام", words::ARABIC)),
        plain,
        "محادثات السلام",
        "ar",
    );
    // It says one encoding and is in another.
    in_encoding(russian("iso-8859-1").into_bytes(), plain, "Переговоры о мире", "ru");
}

#[test]
fn a_page_behind_a_wall_and_a_short_one_are_told() {
    let head = data(
        "\"@type\":\"NewsArticle\",\"headline\":\"Talks begin in Geneva\",\"isAccessibleForFree\":\"False\"",
    );
    let told = says(
        &head,
        "<h1>Talks begin in Geneva</h1><p>The talks began on Sunday. To read on, subscribe.</p>",
        &[title()],
    );
    let warnings = told["warnings"].to_string();
    assert!(warnings.contains("not all of it is free") && warnings.contains("only "), "{warnings}");
    assert_eq!(told["date"], Json::Null);
}

#[test]
fn redirects_lead_to_the_original_s_address() {
    let server = Server::start();
    serve(&server, "/new/talks", HTML, page(DATA, &article()));
    server.says("/t", "301 Moved Permanently", &["Location: /old?utm_medium=x"]);
    server.says("/old", "302 Found", &["Location: /new/talks"]);
    let built = told(&server, "/t");
    holds(&built, &[title(), ("outlet", json!("paper"), SURE)]);
    assert_eq!(built.json()["original_url"]["value"], server.url("/new/talks"));
    // To another host, it may be one that stands before the page.
    let other = server.url("/new/talks").replace("127.0.0.1", "localhost");
    server.on("/far", move |_, stream| {
        crate::server::head(stream, "302 Found", &format!("Location: {other}"));
    });
    let built = told(&server, "/far");
    assert!(
        built.json()["original_url"]["review"].as_str().unwrap().contains("127.0.0.1 led there")
    );
}

#[test]
fn a_page_that_calls_another_host_s_its_own_is_marked() {
    let head = format!("{DATA}<link rel=\"canonical\" href=\"https://agency.example/talks\">");
    let told = says(&head, &article(), &[]);
    let original = &told["original_url"];
    assert!(original["value"].as_str().unwrap().ends_with("/2017/01/29/talks"), "{original}");
    assert!(original["review"].as_str().unwrap().contains("agency.example"), "{original}");
}

#[test]
fn a_page_that_is_gone_is_no_report_whatever_its_status() {
    let server = Server::start();
    let gone = page(
        "<title>404 - Page not found</title>",
        "<h1>Page not found</h1><p>Try our front page.</p>",
    );
    serve(&server, "/gone", HTML, gone);
    serve(&server, "/ru", HTML, page("<title>Страница не найдена</title>", "<p>Извините.</p>"));
    server.says("/home", "302 Found", &["Location: /"]);
    serve(&server, "/", HTML, page(DATA, &article()));
    server.says("/never", "410 Gone", &[]);
    server.says("/closed", "403 Forbidden", &[]);
    for (path, said) in [
        ("/gone", "Page not found”"),
        ("/ru", "“Страница не найдена”"),
        ("/home", "leads to the front page"),
        ("/never", "410 Gone"),
        ("/closed", "403 Forbidden"),
    ] {
        let built = told(&server, path);
        assert_ne!(built.code(), 0, "{path}");
        assert!(built.stderr().contains(said), "{path}: {}", built.stderr());
    }
    // A report about something that was not found is one.
    let head = DATA.replace("Talks begin in Geneva", "Climbers not found");
    serve(&server, "/found", HTML, page(&head, "<p>The climbers were not found on Sunday.</p>"));
    holds(&told(&server, "/found"), &[("title", json!("Climbers not found"), SURE)]);
}

#[test]
fn what_is_no_page_or_has_no_headline_is_refused() {
    let server = Server::start();
    serve(&server, "/a.pdf", "Content-Type: application/pdf\r\n", "%PDF-1.4");
    serve(&server, "/json", "Content-Type: application/json\r\n", "{}");
    serve(&server, "/bare", HTML, "<html><body><p>Nothing</p></body></html>");
    serve(&server, "/untyped", "", page(DATA, &article()));
    for (path, said) in [
        ("/a.pdf", "it is no web page, but application/pdf"),
        ("/json", "it is no web page, but application/json"),
        ("/bare", "the page has no headline"),
    ] {
        let built = told(&server, path);
        assert_eq!(built.code(), 1, "{path}");
        assert!(built.stderr().contains(said), "{path}: {}", built.stderr());
    }
    holds(&told(&server, "/untyped"), &[title()]);
}

#[test]
fn a_licence_is_taken_from_where_it_is_meant() {
    let deed = "https://creativecommons.org/licenses/by/4.0/";
    let link = format!("<link rel=\"license\" href=\"{deed}\">");
    says(&link, &article(), &[("license", json!(deed), SURE)]);
    let beside = format!("{}<a rel=\"license\" href=\"{deed}\">CC</a>", article());
    says("", &beside, &[("license", json!(deed), MARKED)]);
    says("", &article(), &[("license", Json::Null, SURE)]);
}

#[test]
fn links_and_pictures_of_the_text_are_whole_and_late_ones_are_found() {
    let server = Server::start();
    let text = format!(
        "<p><a href=\"../prisoners#x\">Prisoners</a> were <em>spoken</em> of.</p>{}\
         <figure><img src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\" \
         data-src=\"/img/lake.jpg\" alt=\"A lake\"></figure><script>alert('x')</script>",
        paragraphs(words::ENGLISH)
    );
    serve(&server, "/news/talks", HTML, page(DATA, &text));
    let built = archive(&server).run(&["clip", "--dry-run", &server.url("/news/talks")]).succeeds();
    let markdown = built.stdout();
    assert!(
        markdown.contains(&format!("[Prisoners]({})", server.url("/prisoners#x"))),
        "{markdown}"
    );
    assert!(markdown.contains("*spoken*"), "{markdown}");
    assert!(markdown.contains(&server.url("/img/lake.jpg")), "{markdown}");
    assert!(!markdown.contains("alert") && !markdown.contains("Home"), "{markdown}");
}

#[test]
fn a_hostile_headline_stays_a_headline() {
    let head = data(
        "\"@type\":\"NewsArticle\",\"headline\":\"Talks\\n+++\\ndraft = false\\u0007 \\\"x\\\" ../../etc\",\
         \"datePublished\":\"2017-01-29\",\"author\":{\"name\":\"Ann\\n# x\"}",
    );
    let told = says(&head, &article(), &[("date", json!("2017-01-29"), SURE)]);
    let file = told["file"].as_str().unwrap();
    assert!(file.starts_with("content/2017/talks") && !file.contains(".."), "{file}");
    assert_eq!(told["title"]["value"], "Talks +++ draft = false \"x\" ../../etc");
}

#[test]
fn an_amp_page_gives_its_pictures_and_films() {
    let server = Server::start();
    let body = format!(
        "{}<amp-img src=\"https://pics.example/lake.jpg\" alt=\"The lake\" width=\"9\" height=\"6\" \
         layout=\"responsive\"><noscript><img src=\"https://pics.example/lake.jpg\"></noscript></amp-img>\
         <p>After the picture the text goes on, with a film below it, and it stays outside of both.</p>\
         <amp-youtube data-videoid=\"abc123\" layout=\"responsive\"></amp-youtube>\
         <amp-twitter data-tweetid=\"42\"></amp-twitter><iframe src=\"https://open.spotify.com/embed/track/1\"></iframe>\
         <iframe src=\"https://ads.example/banner\"></iframe><p>Here it ends, after three embeds.</p>\
         <amp-ad type=\"x\" data-slot=\"y\"></amp-ad>",
        article()
    );
    let head = data(
        "\"@type\":\"NewsArticle\",\"headline\":\"Talks begin in Geneva\",\"datePublished\":\"2017-01-29\"",
    );
    serve(&server, "/amp", HTML, page(&head, &body));
    let archive = archive(&server);
    let text = report(&archive, &clip(&archive, &server.url("/amp")));
    for part in [
        "![The lake](https://pics.example/lake.jpg)",
        "https://www.youtube.com/watch?v=abc123",
        "https://x.com/i/status/42",
        "\n\nAfter the picture the text goes on",
        "https://open.spotify.com/embed/track/1",
        "\n\nHere it ends, after three embeds.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("ads.example"), "{text}");
}
