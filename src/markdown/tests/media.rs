//! Sound, film, documents: players and cards, and the links in place of other hosts' frames.

use super::super::testing::{html, problems};

const TALK: &str =
    "<audio controls preload=\"none\" src=\"/base/talk.mp3\" aria-label=\"A talk\"></audio>";
const TALK_LINK: &str = "<a class=\"media-file\" href=\"/base/talk.mp3\">A talk</a> \
     <span class=\"media-kind\">(TYPE, 2 kB)</span> <a class=\"transcript\" href=\"/base/talk.txt\">Transcript</a>";

#[test]
fn a_sound_alone_is_a_player_with_a_link_and_its_transcript() {
    let figure =
        format!("<figure class=\"media\">{TALK}<figcaption>{TALK_LINK}</figcaption></figure>\n");
    assert_eq!(html("![A talk](talk.mp3)\n"), figure);
    let caption = "<span class=\"media-caption\">In Bonn</span> ";
    let told = figure.replace("<figcaption>", &format!("<figcaption>{caption}"));
    assert_eq!(html("![A talk](talk.mp3 \"In Bonn\")\n"), told);
    assert_eq!(
        html("Hear ![A talk](talk.mp3) now.\n"),
        format!("<p>Hear <span class=\"media\">{TALK} {TALK_LINK}</span> now.</p>\n")
    );
    assert_eq!(
        html("[![A talk](talk.mp3)](known.md)\n"),
        "<p><a href=\"/base/known/\"><span class=\"media\">A talk</span></a></p>\n"
    );
    assert!(html("![](talk.mp3)").contains("aria-label=\"talk.mp3\""));
}

#[test]
fn paragraphs_keep_their_numbers_around_players() {
    let rendered = super::super::testing::rendered("One.\n\n![](talk.mp3)\n\nTwo.\n").html;
    assert!(rendered.contains("id=\"p2\"") && !rendered.contains("id=\"p3\""), "{rendered}");
}

#[test]
fn a_document_is_a_card_and_so_is_a_link_alone() {
    let card = "<a class=\"media-file\" href=\"/base/scan.pdf\">The scan</a> <span class=\"media-kind\">(TYPE, 2 kB)</span></p>\n";
    for body in
        ["![The scan](scan.pdf)", "<embed src=scan.pdf title=\"The scan\">", "[The scan](scan.pdf)"]
    {
        let html = html(body);
        assert!(html.starts_with("<p class=\"") && html.ends_with(card), "{body}: {html}");
        assert_eq!(problems(body), []);
    }
    let within = html("See [the scan](scan.pdf) there.");
    assert!(!within.contains("media-"), "{within}");
}

#[test]
fn players_of_raw_html_are_written_anew() {
    let film = "<video controls preload=\"none\" src=\"/base/film.mp4\" width=\"640\" height=\"360\" \
        poster=\"/base/a.png\" aria-label=\"film.mp4\"><track kind=\"captions\" src=\"/base/film.vtt\" srclang=\"en\"></video>";
    for body in [
        "<video src=film.mp4 width=640 height=360 poster=a.png autoplay loop><track src=film.vtt>\nNo film?</video>\n",
        "<video width=\"640px\" height=\"360\" poster=\"a.png\">\n<source src=\"https://x.example/f.mp4\">\n\
         <source src=\"film.mp4\" type=\"video/mp4\">\n<track kind=captions src=film.vtt>\n\
         <p>Your browser <a href=\"known.md\">can't</a>.</p>\n</video>\n",
    ] {
        let html = html(body);
        let html = html.replace(" controls=\"\"", " controls");
        assert!(html.contains(film), "{html}");
        assert!(!html.contains("No film") && !html.contains("browser"), "{html}");
        assert!(!html.contains("autoplay") && html.contains("media-file"), "{html}");
        assert_eq!(problems(body), []);
    }
    let never_ends = html("<audio src=talk.mp3>\n\nAfter.\n");
    assert!(
        never_ends.contains("<audio controls") && never_ends.contains("<p>After.</p>"),
        "{never_ends}"
    );
    assert_eq!(problems("<audio src=talk.mp3 onplay=x></audio>")[0].0, "removed-html");
    assert_eq!(problems("<audio></audio>")[0].0, "removed-html");
    let object = html(
        "<object data=\"scan.pdf\" type=\"application/pdf\"><p>Get <a href=\"scan.pdf\">it</a></p></object>\n",
    );
    assert_eq!(object.matches("scan.pdf").count(), 2, "{object}");
    let flash =
        "<object><param name=movie value=x.swf><embed src=\"https://x.example/x.swf\"></object>";
    assert!(html(flash).contains("x.example/x.swf"), "{}", html(flash));
    let in_figure =
        html("<figure><audio src=talk.mp3></audio><figcaption>A talk</figcaption></figure>\n");
    assert_eq!(in_figure.matches("<figure").count(), 1, "{in_figure}");
}

#[test]
fn nothing_plays_from_another_host() {
    for body in [
        "<audio src=\"https://x.example/a.mp3\"></audio>",
        "<video><source src=\"//x.example/a.mp4\"></video>\n",
        "![A talk](https://x.example/a.mp3)",
        "<video src=film.mp4 poster=\"https://x.example/p.png\"><track src=\"https://x.example/t.vtt\"></video>",
    ] {
        let html = html(body);
        assert!(!html.contains("src=\"http") && !html.contains("src=\"//"), "{html}");
        assert!(!html.contains("poster=\"http"), "{html}");
        assert_eq!(problems(body), []);
    }
    assert_eq!(
        html("![A talk](https://x.example/a.mp3)"),
        "<p class=\"embedded\"><a href=\"https://x.example/a.mp3\" rel=\"external noopener\">Embedded page: A talk</a> \
         <span class=\"embedded-address\">x.example/a.mp3</span></p>\n"
    );
    assert!(html("<audio src=\"javascript:a.mp3\"></audio>").contains("refused-picture"));
    assert_eq!(problems("![](nowhere.mp3)")[0].0, "missing-asset");
}

#[test]
fn frames_of_known_services_tell_service_title_and_address() {
    let frame = "<iframe src=\"https://www.youtube-nocookie.com/embed/x?rel=0\" title=\"The launch\"></iframe>";
    assert_eq!(
        html(frame),
        "<p class=\"embedded\"><a href=\"https://www.youtube.com/watch?v=x\" rel=\"external noopener\">YouTube: The launch</a> \
         <span class=\"embedded-address\">youtube.com/watch?v=x</span></p>\n"
    );
    assert_eq!(problems(frame), []);
    assert!(
        html("<iframe src=\"https://player.vimeo.com/video/1\" title=\"vimeo-player\"></iframe>")
            .contains(">Vimeo: vimeo.com/1</a></p>")
    );
}
