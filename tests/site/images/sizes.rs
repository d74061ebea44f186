//! Smaller copies, and the card that other sites show.
#![cfg(feature = "images")]

use std::collections::BTreeMap;
use std::fs;

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage};

use super::made::{chart, encoded, jpeg, photograph, telling_jpeg};
use super::{HEAD, showing};
use crate::archive::{Archive, Built};

/// The made files of a site, by name.
fn made(built: &Built) -> BTreeMap<String, Vec<u8>> {
    let files = built.tree().into_iter();
    files
        .filter_map(|(path, bytes)| Some((path.strip_prefix("assets/img/")?.to_owned(), bytes)))
        .collect()
}

/// The sizes of the made files, from the narrowest.
fn made_sizes(built: &Built) -> Vec<(u32, u32)> {
    let size = |bytes: &Vec<u8>| image::load_from_memory(bytes).unwrap().dimensions();
    let mut sizes: Vec<_> = made(built).values().map(size).collect();
    sizes.sort_unstable();
    sizes
}

/// What a `srcset` offers: address and width.
fn offered(srcset: &str) -> Vec<(String, u32)> {
    let one = |part: &str| {
        let (address, width) = part.trim().rsplit_once(' ').unwrap();
        (address.to_owned(), width.trim_end_matches('w').parse().unwrap())
    };
    srcset.split(',').map(one).collect()
}

/// A report with a lead picture.
fn led_by(name: &str, bytes: &[u8], more: &str) -> Archive {
    let image = format!("image = {{ src = \"{name}\", alt = \"A view\"{more} }}\n");
    Archive::new()
        .article("x/index.md", &format!("{HEAD}{image}+++\nText.\n"))
        .file(&format!("content/x/{name}"), bytes)
}

#[test]
fn a_photograph_is_offered_in_three_widths() {
    let built = showing(&[("a.jpg", jpeg(2000, 1500))]).build().clean();
    assert_eq!(made_sizes(&built), [(400, 300), (800, 600), (1600, 1200)]);
    let page = built.page("/2017/01/29/x/");
    let offered = offered(&page.attribute("article .body img", "srcset"));
    let widths: Vec<u32> = offered.iter().map(|(_, width)| *width).collect();
    assert_eq!(widths, [400, 800, 1600]);
    for (address, width) in offered {
        let bytes = fs::read(built.output().join(address.trim_start_matches('/'))).unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::WebP);
        assert_eq!(image::load_from_memory(&bytes).unwrap().width(), width);
        assert!(bytes.len() < jpeg(2000, 1500).len());
    }
    for (attribute, value) in
        [("width", "2000"), ("height", "1500"), ("loading", "lazy"), ("decoding", "async")]
    {
        assert_eq!(page.attribute("article .body img", attribute), value);
    }
    assert!(page.attribute("article .body img", "sizes").contains("100vw"));
}

#[test]
fn no_copy_is_larger_than_its_picture_or_nearly_as_large() {
    let built = showing(&[("a.jpg", jpeg(900, 600))]).build().clean();
    assert_eq!(made_sizes(&built), [(400, 267)], "800 of 900 is not worth a file");
    let page = built.page("/2017/01/29/x/");
    let offered = offered(&page.attribute("article .body img", "srcset"));
    assert_eq!(offered[1], ("/2017/01/29/x/a.jpg".to_owned(), 900), "the picture itself");
    let built = showing(&[("a.jpg", jpeg(400, 300))]).build().clean();
    assert!(made(&built).is_empty());
    assert!(!built.page("/2017/01/29/x/").html().contains("srcset"));
}

#[test]
fn copies_are_upright() {
    // Red at the top left, as shown.
    let picture = photograph(1000, 600);
    for orientation in 1..=8 {
        let stored = turned_back(&picture, orientation);
        let bytes = telling_jpeg(&encoded(&stored, ImageFormat::Jpeg), orientation);
        let built = showing(&[("a.jpg", bytes)]).build().clean();
        super::tells_nothing(&built);
        assert_eq!(made_sizes(&built), [(400, 240), (800, 480)], "{orientation}");
        for bytes in made(&built).values() {
            let copy = image::load_from_memory(bytes).unwrap().to_rgb8();
            let (left, right) =
                (copy.get_pixel(4, 4), copy.get_pixel(copy.width() - 5, copy.height() - 5));
            assert!(left[0] > 200 && left[2] < 60 && left[1] < 60, "{orientation}: {left:?}");
            assert!(right[2] > 200 && right[0] < 60 && right[1] > 200, "{orientation}: {right:?}");
        }
    }
}

/// The picture as a camera stores it that was held so.
fn turned_back(picture: &DynamicImage, orientation: u8) -> DynamicImage {
    match orientation {
        2 => picture.fliph(),
        3 => picture.rotate180(),
        4 => picture.flipv(),
        5 => picture.rotate90().fliph(),
        6 => picture.rotate270(),
        7 => picture.rotate270().fliph(),
        8 => picture.rotate90(),
        _ => picture.clone(),
    }
}

#[test]
fn a_chart_keeps_its_pixels_and_its_transparency() {
    let picture = chart(1600, 900);
    let built = showing(&[("a.png", encoded(&picture, ImageFormat::Png))]).build().clean();
    for bytes in made(&built).values() {
        assert!(bytes.windows(4).any(|found| found == b"VP8L"), "without loss");
        let copy = image::load_from_memory(bytes).unwrap().to_rgba8();
        assert_eq!(copy.get_pixel(2, 2)[3], 0);
    }
    // A photograph saved as PNG is none.
    let photo = encoded(&photograph(1200, 900), ImageFormat::Png);
    let built = showing(&[("a.png", photo.clone())]).build().clean();
    assert_eq!(made_sizes(&built).len(), 2);
    assert!(made(&built).values().all(|bytes| bytes.len() * 4 < photo.len()));
}

#[test]
fn every_kind_of_picture_is_made_smaller() {
    let deep = DynamicImage::from(photograph(1000, 700).to_rgb16());
    let grey = DynamicImage::from(photograph(1000, 700).to_luma8());
    let cmyk = cmyk(1000, 700);
    let files = [
        ("deep.png", encoded(&deep, ImageFormat::Png)),
        ("grey.jpg", encoded(&grey, ImageFormat::Jpeg)),
        ("cmyk.jpg", cmyk),
        ("a.webp", encoded(&photograph(1000, 700), ImageFormat::WebP)),
        ("a.gif", encoded(&photograph(1000, 700), ImageFormat::Gif)),
    ];
    for (name, bytes) in files {
        let built = showing(&[(name, bytes)]).build().clean();
        assert_eq!(made_sizes(&built), [(400, 280), (800, 560)], "{name}");
    }
}

/// A JPEG of four inks.
fn cmyk(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels: Vec<u8> = photograph(width.into(), height.into())
        .to_rgb8()
        .pixels()
        .flat_map(|Rgb([red, green, blue])| [255 - red, 255 - green, 255 - blue, 0])
        .collect();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Cmyk).unwrap();
    bytes
}

#[test]
fn an_animation_goes_on_moving_and_stands_still_in_lists() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for shade in [40, 200] {
        let frame =
            RgbImage::from_fn(900, 600, |x, _| Rgb([shade, u8::try_from(x % 97).unwrap(), 9]));
        encoder.encode_frame(image::Frame::new(DynamicImage::from(frame).to_rgba8())).unwrap();
    }
    drop(encoder);
    let archive = led_by("a.gif", &bytes, "");
    let built = archive.build().clean();
    let page = built.page("/2017/01/29/x/");
    assert!(!page.has(".lead-picture img[srcset]"));
    assert_eq!(page.attribute(".lead-picture img", "src"), "/2017/01/29/x/a.gif");
    let home = built.page("/");
    assert!(home.attribute(".line-picture", "src").ends_with("-400.webp"));
    let card = page.attribute("meta[property='og:image']", "content");
    assert!(card.ends_with("-card.jpg"), "{card}");
}

#[test]
fn bombs_and_damaged_pictures_are_published_as_they_are() {
    let flat = |width, height| {
        let picture = DynamicImage::new_luma8(width, height);
        encoded(&picture, ImageFormat::Png)
    };
    for (name, bytes, why) in [
        ("wide.png", flat(20_000, 10), "16384 are the most"),
        ("bomb.png", flat(9_000, 6_000), "54 megapixels"),
    ] {
        let built = showing(&[(name, bytes.clone())]).build().succeeds();
        assert!(
            built.stderr().contains("unscaled-picture") && built.stderr().contains(why),
            "{}",
            built.stderr()
        );
        assert!(made(&built).is_empty());
        assert!(super::published(&built, name) == bytes);
    }
    let mut garbled = jpeg(1000, 800);
    let middle = garbled.len() / 2;
    let zeros = garbled.len() - 200;
    garbled[middle..zeros].fill(0x55);
    let built = showing(&[("a.jpg", garbled)]).build().succeeds();
    assert!(built.has("/2017/01/29/x/a.jpg"));
}

#[test]
fn the_card_shows_what_matters_in_the_form_that_other_sites_want() {
    // Red above, blue below.
    let tall =
        RgbImage::from_fn(
            1300,
            2600,
            |_, y| if y < 1300 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) },
        );
    let bytes = encoded(&tall.into(), ImageFormat::Jpeg);
    for (focus, is_red) in [("50% 0%", true), ("50% 100%", false), ("10% 20%", true)] {
        let built = led_by("a.jpg", &bytes, &format!(", focus = \"{focus}\"")).build().clean();
        let page = built.page("/2017/01/29/x/");
        let of = |name: &str| page.attribute(&format!("meta[property='{name}']"), "content");
        assert_eq!(
            (of("og:image:width"), of("og:image:height")),
            ("1200".to_owned(), "630".to_owned())
        );
        assert_eq!(of("og:image:alt"), "A view");
        let address = of("og:image");
        let path = address.strip_prefix("https://archive.example/").unwrap();
        let bytes = fs::read(built.output().join(path)).unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
        let card = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!(card.dimensions(), (1200, 630));
        assert_eq!(card.get_pixel(600, 315)[0] > 200, is_red, "{focus}");
    }
    let built = led_by("a.jpg", &jpeg(500, 300), "").build().clean();
    let page = built.page("/2017/01/29/x/");
    let own = page.attribute("meta[property='og:image']", "content");
    assert_eq!(own, "https://archive.example/2017/01/29/x/a.jpg", "never enlarged");
    let wrong = led_by("a.jpg", &bytes, ", focus = \"middle\"").build().succeeds();
    assert!(wrong.stderr().contains("focus"), "{}", wrong.stderr());
}

#[test]
fn pages_without_a_picture_have_the_archives_card() {
    let archive = Archive::new()
        .article("x.md", &format!("{HEAD}+++\nText.\n"))
        .file("static/card.png", encoded(&chart(1200, 630), ImageFormat::Png))
        .config("[images]\ncard = \"/card.png\"\n");
    let built = archive.build().clean();
    for address in ["/", "/2017/01/29/x/", "/2017/"] {
        let page = built.page(address);
        let of = |name: &str| page.attribute(&format!("meta[property='{name}']"), "content");
        assert_eq!(of("og:image"), "https://archive.example/card.png", "{address}");
        assert_eq!(of("og:image:width"), "1200");
        assert_eq!(page.attribute("meta[name='twitter:card']", "content"), "summary_large_image");
    }
}

#[test]
fn the_lead_picture_is_loaded_first_and_lists_show_it_small() {
    let built = led_by("a.jpg", &jpeg(2000, 1500), "").build().clean();
    let page = built.page("/2017/01/29/x/");
    assert_eq!(page.attribute(".lead-picture img", "fetchpriority"), "high");
    assert!(!page.has(".lead-picture img[loading]"));
    assert_eq!(offered(&page.attribute(".lead-picture img", "srcset")).len(), 3);
    let home = built.page("/");
    let picture = ".front-lead .line-picture";
    assert!(home.attribute(picture, "src").ends_with("-400.webp"));
    assert_eq!(home.attribute(picture, "alt"), "");
    assert_eq!(
        (home.attribute(picture, "width"), home.attribute(picture, "height")),
        ("400".to_owned(), "300".to_owned())
    );
}

#[test]
fn one_picture_of_two_reports_has_one_set_of_copies() {
    let bytes = jpeg(1000, 750);
    let archive = showing(&[("a.jpg", bytes.clone())])
        .article("y/index.md", &format!("{HEAD}+++\n![A view](b.jpg)\n"))
        .file("content/y/b.jpg", bytes);
    assert_eq!(made_sizes(&archive.build().clean()).len(), 2);
}

#[test]
fn copies_go_with_what_shows_them() {
    let archive = showing(&[("a.jpg", jpeg(1000, 750)), ("b.jpg", jpeg(1100, 750))]);
    archive.write("content/y.md", "+++\ntitle = \"Other\"\ndate = 2018-01-01\n+++\nText.\n");
    assert_eq!(made(&archive.build().clean()).len(), 4);
    archive.write("content/x/index.md", format!("{HEAD}+++\nText.\n\n![A view](a.jpg)\n"));
    let built = archive.build().succeeds();
    assert_eq!(made(&built).len(), 2, "a copy that no page shows is not published");
    let shelf = crate::archive::tree(&archive.path(".dateline/img"));
    assert_eq!(shelf.keys().filter(|name| name.ends_with(".webp")).count(), 2, "{shelf:?}");
    archive
        .run(&["withdraw", "/2017/01/29/x/", "--kind", "request", "--reason", "Asked."])
        .succeeds();
    let shelf = crate::archive::tree(&archive.path(".dateline/img"));
    assert!(!shelf.keys().any(|name| name.ends_with(".webp")), "at once: {:?}", shelf.keys());
    let built = archive.build().succeeds();
    assert!(made(&built).is_empty());
}

#[test]
fn a_redacted_picture_leaves_no_copies() {
    let archive = showing(&[("a.jpg", jpeg(1000, 750)), ("b.jpg", jpeg(1100, 750))]);
    let all = made(&archive.build().clean());
    archive
        .run(&["redact", "/2017/01/29/x/", "--asset", "a.jpg", "--reason", "A face."])
        .succeeds();
    let shelf = crate::archive::tree(&archive.path(".dateline/img"));
    let built = archive.build().succeeds();
    let left = made(&built);
    assert_eq!((all.len(), left.len()), (4, 2), "{}", built.stderr());
    for (name, _) in all.iter().filter(|(name, _)| !left.contains_key(*name)) {
        assert!(!shelf.contains_key(name), "{name} was still on the shelf before the build");
    }
}

#[test]
fn a_text_can_not_publish_what_no_report_shows() {
    let archive = showing(&[("a.jpg", jpeg(1000, 750))]);
    let name = made(&archive.build().clean()).into_keys().next().unwrap();
    archive.write("content/x/index.md", format!("{HEAD}+++\nSee `/assets/img/{name}`.\n"));
    let built = archive.build().succeeds();
    assert!(built.page("/2017/01/29/x/").html().contains(&name));
    assert!(made(&built).is_empty());
}

#[test]
fn an_unchanged_picture_is_not_opened() {
    let archive = showing(&[("a.jpg", jpeg(1000, 750))]);
    // No build trusts the stamp of a file that is younger than two seconds.
    std::thread::sleep(std::time::Duration::from_millis(2_500));
    archive.build().clean();
    let index = archive.path(".dateline/img/index.json");
    let text = fs::read_to_string(&index).unwrap();
    assert!(text.contains("content/x/a.jpg") && text.contains("[1000,750]"), "{text}");
    // What was noted is believed: nothing looks at the file.
    fs::write(&index, text.replace("[1000,750]", "[1001,750]")).unwrap();
    archive.write("content/x/index.md", format!("{HEAD}+++\nMore.\n\n![A view](a.jpg)\n"));
    let page = archive.build().clean().page("/2017/01/29/x/");
    assert_eq!(page.attribute("article .body img", "width"), "1001");
    archive.write("content/x/a.jpg", jpeg(1000, 760));
    let page = archive.build().clean().page("/2017/01/29/x/");
    assert_eq!(page.attribute("article .body img", "height"), "760", "but a change is seen");
}

#[test]
fn the_bytes_do_not_depend_on_threads_caches_or_history() {
    let files: Vec<(String, Vec<u8>)> =
        (0..6).map(|n| (format!("p{n}.jpg"), jpeg(1000 + n * 37, 700 + n))).collect();
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let one = showing(&files).environment("RAYON_NUM_THREADS", "1").build().clean().tree();
    let archive = showing(&files).environment("RAYON_NUM_THREADS", "8");
    assert!(archive.build().clean().tree() == one);
    fs::remove_dir_all(archive.path(".dateline/img")).unwrap();
    archive.write("content/x/index.md", format!("{HEAD}+++\nText.\n\n![A view](p3.jpg)\n"));
    assert_eq!(made(&archive.build().succeeds()).len(), 2);
    let text = fs::read(showing(&files).path("content/x/index.md")).unwrap();
    archive.write("content/x/index.md", text);
    assert!(archive.build().clean().tree() == one, "caches that are gone change nothing");
    fs::remove_file(archive.path(".dateline/img/index.json")).unwrap();
    assert!(archive.build_with(&["--force"]).succeeds().tree() == one);
}

#[test]
fn an_edit_of_a_picture_gives_what_a_clean_build_gives() {
    let archive = led_by("a.jpg", &jpeg(1000, 750), "");
    archive.build().clean();
    for bytes in [jpeg(2100, 900), telling_jpeg(&jpeg(1000, 700), 6), jpeg(300, 200)] {
        archive.write("content/x/a.jpg", &bytes);
        let incremental = archive.build().clean().tree();
        assert!(led_by("a.jpg", &bytes, "").build().clean().tree() == incremental);
    }
}
