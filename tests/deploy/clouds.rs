//! What holds in the bucket of every cloud.

use std::path::Path;

use crate::archive::Archive;
use crate::azurite::Azurite;
use crate::google::Google;
use crate::little::{add, assert_same, moved, publish, site, withdraw};
use crate::proxy::{Mood, Proxy};
use crate::store::Store;

/// Settings of a target, and of the build, that [`assert_headers`] looks for.
pub(crate) const SETTINGS: &str = "pages_max_age = 60\n[deploy]\ncompress = true\n";

/// Each file says what it is, for how long it may be kept, and how it is compressed.
#[track_caller]
pub(crate) fn assert_headers(store: &Store, archive: &Archive) {
    let sheet = site(archive).into_keys().find(|path| path.ends_with(".css")).unwrap();
    let (html, css) = ("text/html; charset=utf-8", "text/css; charset=utf-8");
    let (short, long) = ("public, max-age=60", "public, max-age=31536000, immutable");
    let compressed = [format!("{sheet}.br"), format!("{sheet}.gz")];
    for (path, expected) in [
        ("2017/01/01/alpha/index.html", [html, short, ""]),
        ("index.html.br", [html, short, "br"]),
        ("2017/01/01/alpha/picture.png", ["image/png", "public, max-age=86400", ""]),
        (&sheet, [css, long, ""]),
        (&compressed[0], [css, long, "br"]),
        (&compressed[1], [css, long, "gzip"]),
    ] {
        assert_eq!(store.headers(path), expected, "{path}");
    }
}

/// A first deploy, a second one, one that takes a report down, and one in a bucket that somebody else
/// wrote to.
#[track_caller]
fn assert_deploys(store: &Store, archive: &Archive) {
    archive.write("static/أخبار/ملف 1+2%.txt", "Arabic");
    publish(archive);
    assert_same(&store.files(), &site(archive));
    assert_headers(store, archive);
    assert_eq!(moved(&publish(archive)), (0, 0));

    add(archive, "2017-01-04-delta", "Delta");
    withdraw(archive, "2017-01-02-beta");
    let deployed = publish(archive).json();
    assert_same(&store.files(), &site(archive));
    let gone = &deployed["steps"][0]["deleted"];
    assert!(gone.as_array().unwrap().contains(&"2017/01/02/beta/picture.png".into()), "{gone}");
    assert_eq!(store.read("2017/01/02/beta/picture.png"), None);
    assert_eq!(moved(&publish(archive)), (0, 0));

    let page = store.read("2017/01/01/alpha/index.html").unwrap();
    store.write("2017/01/01/alpha/index.html", &vec![b'x'; page.len()]);
    store.delete("404.html");
    assert_eq!(moved(&archive.run(&["deploy", "--recheck", "--json"]).succeeds()), (2, 0));
    assert_same(&store.files(), &site(archive));
}

#[test]
fn a_container_of_azure_holds_the_site() {
    let Some(azurite) = Azurite::start() else { return };
    assert_deploys(&azurite.store, &azurite.archive(SETTINGS));
}

#[test]
fn a_wrong_key_of_azure_is_told_and_not_shown() {
    let Some(azurite) = Azurite::start() else { return };
    let archive = azurite.archive("").environment("AZURE_STORAGE_ACCOUNT_KEY", "d3Jvbmcga2V5IQ==");
    archive.build().clean();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    let said = refused.stderr();
    assert!(said.contains("can't read the record in az://$web/news"), "{said}");
    assert!(!said.contains("d3Jvbmcga2V5IQ=="), "{said}");
    assert!(azurite.store.files().is_empty());
}

/// Keys by the names that Microsoft's own program gives them.
#[test]
fn azure_takes_the_variables_of_its_own_program() {
    let Some(azurite) = Azurite::start() else { return };
    let archive =
        Azurite::archive_with(azurite.address, "", ["AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"]);
    publish(&archive);
    assert_same(&azurite.store.files(), &site(&archive));
}

#[test]
fn a_bucket_of_google_holds_the_site() {
    let Some(google) = Google::start() else { return };
    assert_deploys(&google.moto, &google.archive(SETTINGS));
    assert_eq!(google.authorization(), Some("Bearer token-of-the-tests".to_owned()));
}

/// On a network that fails one request in ten, and with a server that did what it could not say.
#[track_caller]
fn assert_endures(store: &Store, archive: &Archive) {
    for day in 4..7 {
        add(archive, &format!("2017-02-0{day}-report-{day}"), &format!("Report {day}"));
        publish(archive);
        assert_same(&store.files(), &site(archive));
    }
    withdraw(archive, "2017-02-05-report-5");
    publish(archive);
    assert_same(&store.files(), &site(archive));
    assert_eq!(moved(&publish(archive)), (0, 0));
}

#[test]
fn one_request_in_ten_to_azure_may_fail() {
    let Some(azurite) = Azurite::start() else { return };
    let proxy = Proxy::start(azurite.address, Mood::OneInTenFails);
    assert_endures(&azurite.store, &Azurite::archive_through(proxy.address, "").patience(300));
}

#[test]
fn one_request_in_ten_to_google_may_fail() {
    let Some(google) = Google::start() else { return };
    let proxy = Proxy::start(google.address(), Mood::OneInTenFails);
    assert_endures(&google.moto, &Google::archive_through(proxy.address, "").patience(300));
}

/// One that is sent in parts, each of them a request.
#[track_caller]
fn assert_takes_a_film(store: &Store, archive: &Archive) {
    let film = vec![7; 65 << 20];
    archive.write("static/film.mp4", &film);
    publish(archive);
    assert!(store.read("film.mp4").is_some_and(|there| there == film));
    assert_eq!(store.headers("film.mp4"), ["video/mp4", "public, max-age=86400", ""]);
    assert_eq!(moved(&archive.run(&["deploy", "--recheck", "--json"]).succeeds()), (0, 0));
}

#[test]
fn a_film_goes_to_azure_in_parts() {
    let Some(azurite) = Azurite::start() else { return };
    assert_takes_a_film(&azurite.store, &azurite.archive(""));
}

#[test]
fn a_film_goes_to_google_in_parts() {
    let Some(google) = Google::start() else { return };
    assert_takes_a_film(&google.moto, &google.archive(""));
}

/// A second deploy gives way to the one that wrote the record first.
#[test]
fn a_record_that_somebody_else_wrote_stops_a_deploy_to_google() {
    let Some(google) = Google::start() else { return };
    let archive = google.archive("");
    archive.build().succeeds();
    archive.run(&["deploy"]).succeeds();
    google.moto.write(crate::little::RECORD, b"damaged");
    let refused = archive.run(&["deploy"]);
    assert!(refused.stderr().contains("is damaged"), "{}", refused.stderr());
    archive.run(&["deploy", "--adopt"]).succeeds();
    assert_eq!(moved(&publish(&archive)), (0, 0));
}

/// The file that the environment names, and the one that Google's program leaves.
#[test]
fn google_s_keys_are_looked_for_in_the_usual_files() {
    let archive = crate::little::little("bucket = \"gs://archive\"");
    archive.build().clean();
    archive.write("home/.config/gcloud/application_default_credentials.json", "{ \"secret");
    let home = archive.path("home").display().to_string();
    let archive = archive.environment("HOME", &home);
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    let said = refused.stderr();
    assert!(said.contains("can't open gs://archive: ") && !said.contains("secret"), "{said}");
    let named = archive.path("no-such-key.json").display().to_string();
    let archive = archive.environment("GOOGLE_APPLICATION_CREDENTIALS", &named);
    let said = archive.run(&["deploy"]).stderr();
    assert!(said.contains("no-such-key.json") && Path::new(&named).is_absolute(), "{said}");
}
