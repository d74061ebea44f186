//! Pictures as they are published: clean, in several sizes, and gone with their reports.

mod made;

use std::fs;

use image::{GenericImageView as _, ImageFormat};

use crate::archive::{Archive, Built};
use crate::skip;
use made::{
    SECRETS, encoded, jpeg, photograph, telling_gif, telling_jpeg, telling_png, telling_webp,
};

const HEAD: &str = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\n";

/// A report that shows these files.
fn showing(files: &[(&str, Vec<u8>)]) -> Archive {
    let shown: Vec<String> = files.iter().map(|(name, _)| format!("![A view]({name})\n")).collect();
    let mut archive =
        Archive::new().article("x/index.md", &format!("{HEAD}+++\nText.\n\n{}", shown.join("\n")));
    for (name, bytes) in files {
        archive = archive.file(&format!("content/x/{name}"), bytes);
    }
    archive
}

fn published(built: &Built, name: &str) -> Vec<u8> {
    fs::read(built.output().join("2017/01/29/x").join(name)).unwrap()
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|found| found == words.as_bytes())
}

/// No file of the site tells anything.
fn tells_nothing(built: &Built) {
    for (path, bytes) in built.tree() {
        for secret in SECRETS {
            assert!(!holds(&bytes, secret), "{secret} in {path}");
        }
        assert!(!holds(&bytes, "GPSLatitude"), "{path}");
    }
    let Some(mut tool) = skip::program("exiftool") else { return };
    // It takes feeds for XMP.
    let is_picture = |bytes: &[u8]| image::guess_format(bytes).is_ok();
    let pictures = built.tree().into_iter().filter(|(_, bytes)| is_picture(bytes));
    let pictures = pictures.map(|(path, _)| built.output().join(path));
    let told = tool.args(["-G", "-s"]).args(pictures).output().unwrap();
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("ImageWidth"), "it read no picture");
    for tag in ["GPS", "Make ", "Artist", "[XMP]", "[IPTC]", "[Photoshop]", "Comment "] {
        let lines: Vec<&str> = told.lines().filter(|line| line.contains(tag)).collect();
        assert!(lines.is_empty(), "{lines:#?}");
    }
}

/// A picture of each format that tells all it can.
fn telling(orientation: u8) -> Vec<(&'static str, Vec<u8>)> {
    let small = photograph(60, 40);
    vec![
        ("a.jpg", telling_jpeg(&jpeg(60, 40), orientation)),
        ("b.png", telling_png(&encoded(&small, ImageFormat::Png), orientation)),
        ("c.webp", telling_webp(&encoded(&small, ImageFormat::WebP), (60, 40), orientation)),
        ("d.gif", telling_gif(&encoded(&small, ImageFormat::Gif))),
    ]
}

#[test]
fn what_pictures_tell_beside_their_pixels_is_not_published() {
    let files = telling(1);
    for (_, bytes) in &files {
        assert!(holds(bytes, "secretcomment") || holds(bytes, "secretxmp"), "nothing is tested");
        assert!(image::load_from_memory(bytes).is_ok());
    }
    let built = showing(&files).build().clean();
    tells_nothing(&built);
    for (name, bytes) in &files {
        let clean = published(&built, name);
        assert_eq!(
            image::load_from_memory(&clean).unwrap(),
            image::load_from_memory(bytes).unwrap(),
            "{name}: pixels stay"
        );
    }
}

#[test]
fn a_picture_that_tells_nothing_keeps_its_bytes() {
    let small = photograph(60, 40);
    let files = [
        ("a.jpg", jpeg(60, 40)),
        ("b.png", encoded(&small, ImageFormat::Png)),
        ("c.webp", encoded(&small, ImageFormat::WebP)),
        ("d.gif", encoded(&small, ImageFormat::Gif)),
    ];
    let built = showing(&files).build().clean();
    for (name, bytes) in files {
        assert!(published(&built, name) == bytes, "{name}");
    }
}

#[test]
fn the_curator_may_keep_what_pictures_tell() {
    let files = telling(1);
    let archive = showing(&files).config("[images]\nmetadata = \"keep\"\n");
    let built = archive.build().clean();
    for (name, bytes) in &files {
        assert!(published(&built, name) == *bytes, "{name}");
    }
    let archive = archive.config("title = \"A\"\n");
    tells_nothing(&archive.build().clean());
}

#[test]
fn pictures_state_their_size_as_they_are_shown() {
    for orientation in 1..=8_u8 {
        let built = showing(&telling(orientation)).build().clean();
        tells_nothing(&built);
        let page = built.page("/2017/01/29/x/");
        let turned = ("40".to_owned(), "60".to_owned());
        let straight = ("60".to_owned(), "40".to_owned());
        for (name, bytes) in telling(orientation).iter().take(3) {
            let of = |attribute| page.attribute(&format!("img[src$='{name}']"), attribute);
            let wanted = if orientation >= 5 { &turned } else { &straight };
            assert_eq!(&(of("width"), of("height")), wanted, "{name} {orientation}");
            let kept = exif_orientation(&published(&built, name));
            assert_eq!(kept, (orientation != 1).then_some(orientation), "{name}");
            assert_eq!(exif_orientation(bytes), Some(orientation));
        }
    }
}

/// The orientation that a file's EXIF tells.
fn exif_orientation(bytes: &[u8]) -> Option<u8> {
    use image::ImageDecoder as _;
    let reader =
        image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().unwrap();
    let mut decoder = reader.into_decoder().unwrap();
    let exif = decoder.exif_metadata().unwrap()?;
    image::metadata::Orientation::from_exif_chunk(&exif).map(image::metadata::Orientation::to_exif)
}

#[test]
fn a_picture_with_a_wrong_name_tells_nothing_either() {
    let bytes = telling_jpeg(&jpeg(60, 40), 1);
    let archive = showing(&[("a.png", bytes.clone()), ("scan.bin", bytes)]);
    archive.write("static/b.dat", telling_png(&encoded(&photograph(9, 9), ImageFormat::Png), 1));
    tells_nothing(&archive.build().succeeds());
}

#[test]
fn a_truncated_picture_is_told_and_tells_nothing() {
    for (name, bytes) in telling(6) {
        let whole = telling(6).into_iter().find(|file| file.0 == name).unwrap().1;
        assert_eq!(bytes, whole);
        // Behind all that tells, and within the pixels.
        let end = match name {
            "a.jpg" => bytes.len() - jpeg(60, 40).len() - 30,
            "b.png" => bytes.len() - 40,
            "c.webp" => continue,
            _ => bytes.len() - 30,
        };
        let built = showing(&[(name, bytes[..end].to_vec())]).build().succeeds();
        assert!(built.stderr().contains("damaged-picture"), "{name}: {}", built.stderr());
        assert!(built.has(&format!("/2017/01/29/x/{name}")));
        for secret in SECRETS {
            assert!(!holds(&published(&built, name), secret), "{name} {secret}");
        }
    }
}

#[test]
fn the_colour_profile_stays() {
    let profile = [b"ICC_PROFILE\0\x01\x01", &[7_u8; 200][..]].concat();
    let bytes = jpeg(60, 40);
    let segment = [&[0xFF, 0xE2, 0, 216][..], &profile].concat();
    let with = [&bytes[..2], &segment, &bytes[2..]].concat();
    let built = showing(&[("a.jpg", telling_jpeg(&with, 1))]).build().clean();
    tells_nothing(&built);
    assert!(published(&built, "a.jpg").windows(200).any(|found| found == [7; 200]));
    let _ = published(&built, "a.jpg").len();
    assert_eq!(
        image::load_from_memory(&published(&built, "a.jpg")).unwrap().dimensions(),
        (60, 40)
    );
}

mod sizes;

#[test]
fn a_check_tells_of_places_and_of_huge_files() {
    let telling = |metadata: &str| {
        let archive =
            showing(&[("a.jpg", telling_jpeg(&jpeg(60, 40), 1)), ("b.jpg", jpeg(60, 40))])
                .file("content/x/film.mp4", b"\0\0\0\x14ftypmp42 \xA9xyz\0\x12+55.7558+037.6173/")
                .config(metadata);
        archive.run(&["check"]).stdout().to_owned()
    };
    let said = telling("");
    let places: Vec<&str> = said.lines().filter(|line| line.contains("place-in-picture")).collect();
    assert_eq!(places.len(), 2, "{said}");
    assert!(said.contains("readers don't get that") && said.contains("film.mp4"), "{said}");
    assert!(telling("[images]\nmetadata = \"keep\"\n").contains("and is published so"));
    let mut large = telling_png(&encoded(&photograph(9, 9), ImageFormat::Png), 1);
    large.resize(10_500_000, 0);
    let said = showing(&[("a.png", large)]).run(&["check"]).stdout().to_owned();
    assert!(said.contains("huge-picture") && said.contains("11 MB"), "{said}");
}

/// A report with this text, and two pictures beside it.
fn with_text(front: &str, text: &str) -> crate::page::Page {
    let archive = Archive::new()
        .article("x/index.md", &format!("{HEAD}{front}+++\n{text}\n"))
        .file("content/x/a.png", encoded(&photograph(30, 20), ImageFormat::Png))
        .file("content/x/b.png", encoded(&photograph(32, 20), ImageFormat::Png));
    archive.build().clean().page("/2017/01/29/x/")
}

#[test]
fn pictures_that_stand_together_are_a_gallery() {
    let page = with_text("", "Text.\n\n![One](a.png \"First\")\n![Two](b.png)\n\nMore.");
    assert_eq!(
        page.attributes(".gallery > figure > a", "href"),
        ["/2017/01/29/x/a.png", "/2017/01/29/x/b.png"]
    );
    assert_eq!(page.texts(".gallery figcaption"), ["First"]);
    assert!(!page.has(".gallery img[title]") && !page.has(".gallery p"));
    assert_eq!(page.attributes(".gallery img", "alt"), ["One", "Two"]);
    assert_eq!(page.text("#p2"), "More.", "a gallery is no paragraph");
    for text in
        ["![One](a.png) and ![Two](b.png)", "![One](a.png)", "[![One](a.png)](b.png) ![Two](b.png)"]
    {
        assert!(!with_text("", text).has(".gallery"), "{text}");
    }
    let raw = with_text("", "Text <b>bold</b>.\n\n![One](a.png \"First\") ![Two](b.png)");
    assert_eq!(raw.all(".gallery figure a img").len(), 2, "cleaning keeps it");
    let html = with_text(
        "",
        "<figure><img src=\"a.png\" alt=\"One\"><figcaption>Said</figcaption></figure>",
    );
    assert_eq!(html.text(".body figure figcaption"), "Said");
    let alone = with_text("", "![One](a.png \"Said\")");
    assert_eq!(alone.text(".body figure figcaption"), "Said");
}

#[test]
fn a_lead_picture_that_the_text_shows_stands_there_once() {
    let lead = "image = { src = \"a.png\", alt = \"One\", credit = \"Ann Lee\" }\n";
    let page = with_text(lead, "![One](a.png \"Said\")\n\nText.");
    assert_eq!(page.attributes("article.report img", "src"), ["/2017/01/29/x/a.png"]);
    assert_eq!(page.text(".picture-credit"), "Ann Lee");
    assert_eq!(page.attribute(".body img", "fetchpriority"), "high");
    assert!(!page.has(".body img[loading]"));
    let page = with_text(lead, "Text.\n\nMore.\n\n![One](a.png)");
    assert_eq!(page.attributes("article.report img", "src"), ["/2017/01/29/x/a.png"]);
    assert_eq!(page.attribute(".body img", "loading"), "lazy");
    let page = with_text(lead, "Text.\n\n![Two](b.png)");
    assert_eq!(page.all("article.report img").len(), 2);
}

#[test]
fn pictures_on_other_hosts_are_loaded_or_linked() {
    let text = "![A lake](https://pictures.example/a.png \"Said\")\n\n\
        <img src=\"https://pictures.example/b.png\" alt=\"\"> [![c](https://pictures.example/c.png)](/)\n";
    let lead = "image = { src = \"https://pictures.example/lead.png\", alt = \"A view\" }\n";
    let archive = Archive::new().article("x.md", &format!("{HEAD}{lead}+++\n{text}"));
    let page = archive.build().clean().page("/2017/01/29/x/");
    assert_eq!(page.all("img[src^='https://pictures.example/']").len(), 4);
    let said = archive.run(&["check"]).stdout().to_owned();
    assert!(said.contains("3 pictures of this text are loaded from other hosts"), "{said}");
    let archive = archive.config("[images]\nremote = \"link\"\n");
    let page = archive.build().clean().page("/2017/01/29/x/");
    assert!(!page.has("article img"));
    let links = page.texts("a.remote-picture");
    assert_eq!(
        links,
        ["A view (pictures.example)", "A lake (pictures.example)", "pictures.example"]
    );
    assert_eq!(page.text("span.remote-picture"), "c (pictures.example)");
    assert_eq!(page.text(".body figcaption"), "Said");
    assert!(!archive.run(&["check"]).stdout().contains("other hosts"));
}
