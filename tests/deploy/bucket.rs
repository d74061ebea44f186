//! Buckets, on a real S3 server, over networks good and bad.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::archive::Archive;
use crate::clouds;
use crate::little::{
    add, assert_keeps_the_sheet_of_open_pages, assert_same, assert_same_but_kept, little, moved,
    publish, site, withdraw,
};
use crate::moto::{Moto, SECRET};
use crate::proxy::{Mood, Proxy};
use crate::reader::{self, Reader};

#[test]
fn a_bucket_holds_the_site_and_the_second_deploy_moves_nothing() {
    let Some(moto) = Moto::start() else { return };
    let proxy = Proxy::start(moto.address, Mood::Slow(Duration::ZERO));
    let archive = Moto::archive(proxy.address, clouds::SETTINGS);
    archive.write("static/أخبار/ملف 1+2%.txt", "Arabic");
    publish(&archive);
    assert_same(&moto.files(), &site(&archive));
    let before = proxy.seen();
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert_eq!(proxy.seen() - before, 1, "the record is read, and that is all");

    clouds::assert_headers(&moto, &archive);

    add(&archive, "2017-01-04-delta", "Delta");
    withdraw(&archive, "2017-01-02-beta");
    let deployed = publish(&archive).json();
    assert_same(&moto.files(), &site(&archive));
    let steps: Vec<&str> = deployed["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(steps[..2], ["withdrawals", "assets"], "{steps:?}");
    assert_eq!(steps.last(), Some(&"deletions"), "{steps:?}");
    let gone = &deployed["steps"][0]["deleted"];
    assert!(gone.as_array().unwrap().contains(&"2017/01/02/beta/picture.png".into()), "{gone}");
}

/// A web server includes them from where they are; a bucket would show them.
#[test]
fn files_for_a_web_server_s_settings_are_no_part_of_a_bucket() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    archive.build_with(&["--host", "nginx"]).succeeds();
    archive.run(&["deploy"]).succeeds();
    let mut expected = site(&archive);
    assert!(expected.remove(".host/nginx.conf").is_some());
    assert_same(&moto.files(), &expected);
    assert_eq!(moved(&archive.run(&["deploy", "--json"]).succeeds()), (0, 0));
}

#[test]
fn what_somebody_changed_in_a_bucket_is_mended_when_asked() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    publish(&archive);
    let page = moto.read("2017/01/01/alpha/index.html").unwrap();
    moto.write("2017/01/01/alpha/index.html", &vec![b'x'; page.len()]);
    moto.delete("404.html");
    moto.write("notes/mine.txt", b"mine");
    assert_eq!(moved(&publish(&archive)), (0, 0), "the record is taken at its word");
    let mended = archive.run(&["deploy", "--recheck", "--json"]).succeeds();
    assert_eq!(moved(&mended), (2, 0));
    assert_eq!(moto.read("notes/mine.txt").unwrap(), b"mine");
    moto.delete("notes/mine.txt");
    assert_same(&moto.files(), &site(&archive));
    assert_eq!(moved(&archive.run(&["deploy", "--recheck", "--json"]).succeeds()), (0, 0));
}

#[test]
fn a_bucket_of_others_is_adopted_when_asked() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    moto.write("index.html", b"of others");
    moto.write("theirs.txt", b"theirs");
    archive.build().clean();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("no record tells which of them Dateline put there"));
    assert_eq!(moto.files().len(), 2);
    archive.run(&["deploy", "--adopt"]).succeeds();
    assert_eq!(moto.read("theirs.txt").unwrap(), b"theirs");
    moto.delete("theirs.txt");
    assert_same(&moto.files(), &site(&archive));
    moto.write(crate::little::RECORD, b"damaged");
    let refused = archive.run(&["deploy"]);
    assert!(refused.stderr().contains("is damaged"), "{}", refused.stderr());
    archive.run(&["deploy", "--adopt"]).succeeds();
    assert_eq!(moved(&publish(&archive)), (0, 0));
}

#[test]
fn a_dry_run_and_a_wrong_key_change_nothing_and_tell_no_secret() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    archive.build().clean();
    archive.run(&["deploy", "--dry-run"]).succeeds();
    assert!(moto.files().is_empty() && moto.read(crate::little::RECORD).is_none());
    let nowhere = archive.config(
        "[deploy.targets.there]\nbucket = \"s3://no-such-bucket\"\nendpoint = \"http://127.0.0.1:9\"\n",
    );
    nowhere.build().succeeds();
    let nowhere = nowhere
        .environment("AWS_MAX_RETRIES", "0")
        .environment("AWS_RETRY_TIMEOUT", "1s")
        .run(&["deploy"]);
    assert_eq!(nowhere.code(), 2);
    assert!(nowhere.stderr().contains("can't read the record in s3://no-such-bucket"));
    assert!(!nowhere.stderr().contains(SECRET), "{}", nowhere.stderr());
}

#[test]
fn one_request_in_ten_may_fail() {
    let Some(moto) = Moto::start() else { return };
    let proxy = Proxy::start(moto.address, Mood::OneInTenFails);
    let archive = Moto::archive(proxy.address, "").patience(300);
    for day in 4..10 {
        add(&archive, &format!("2017-02-0{day}-report-{day}"), &format!("Report {day}"));
        publish(&archive);
        assert_same(&moto.files(), &site(&archive));
    }
    withdraw(&archive, "2017-02-05-report-5");
    publish(&archive);
    assert_same(&moto.files(), &site(&archive));
    assert!(proxy.seen() > 200, "{} requests", proxy.seen());
}

/// Asking the machine's own address for a key leads nowhere here, and that is said.
#[test]
fn a_bucket_without_credentials_says_so() {
    let archive = little("bucket = \"s3://a\"\nregion = \"us-east-1\"")
        .environment("AWS_CONFIG_FILE", "/dev/null")
        .environment("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .environment("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9/169.254.169.254")
        .environment("AWS_ALLOW_HTTP", "true")
        .environment("AWS_MAX_RETRIES", "0");
    archive.build().clean();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    let said = refused.stderr();
    assert!(said.contains("there are no credentials, neither in"), "{said}");
}

/// Starts a deploy, and kills it when the network has died.
fn killed_after(archive: &Archive, requests: usize, moto: &Moto) {
    let proxy = Proxy::start(moto.address, Mood::Dead(requests));
    let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let through = settings.replace(&moto.address.to_string(), &proxy.address.to_string());
    archive.write("dateline.toml", through);
    let mut deploy = deploying(archive);
    while proxy.seen() <= requests && deploy.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    deploy.kill().unwrap();
    deploy.wait().unwrap();
    archive.write("dateline.toml", settings);
}

fn deploying(archive: &Archive) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("--root")
        .arg(archive.path(""))
        .args(["deploy", "--quiet"])
        .envs([("AWS_ACCESS_KEY_ID", "AKIATESTTESTTEST"), ("AWS_SECRET_ACCESS_KEY", SECRET)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Killed once or twice, at each of many moments, and with other things to do when it goes on.
#[test]
fn the_next_deploy_completes_one_that_was_killed() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "connections = 3");
    for (round, requests) in [1, 2, 3, 7, 12, 20, 28, 33, 40, 60].into_iter().enumerate() {
        add(
            &archive,
            &format!("2018-03-{:02}-report-{round}", round + 1),
            &format!("Report {round}"),
        );
        if round == 4 {
            withdraw(&archive, "2018-03-03-report-2");
        }
        archive.build().succeeds();
        killed_after(&archive, requests, &moto);
        if round % 2 == 1 {
            // What the killed one put for the first time is gone again.
            fs::remove_dir_all(
                archive.path(&format!("content/2018-03-{:02}-report-{round}", round + 1)),
            )
            .unwrap();
            archive.build().succeeds();
            killed_after(&archive, requests / 2, &moto);
        }
        archive.run(&["deploy", "--allow-lost"]).succeeds();
        assert_same(&moto.files(), &site(&archive));
    }
}

#[test]
fn two_deploys_at_once_do_not_mix() {
    let Some(moto) = Moto::start() else { return };
    let proxy = Proxy::start(moto.address, Mood::Slow(Duration::from_millis(30)));
    let one = Moto::archive(proxy.address, "connections = 1");
    publish(&one);
    let other = Moto::archive(proxy.address, "connections = 1");
    add(&one, "2017-01-04-delta", "Delta");
    add(&other, "2017-01-05-epsilon", "Epsilon");
    one.build().succeeds();
    other.build().succeeds();
    let mut first = deploying(&one);
    let before = proxy.seen();
    while proxy.seen() < before + 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = other.run(&["deploy", "--allow-lost", "--json"]);
    let first = first.wait().unwrap();
    assert!(
        first.success() != (second.code() == 0),
        "one of them has to give way: {first}, {}",
        second.stderr()
    );
    for archive in [&one, &other] {
        archive.run(&["deploy", "--allow-lost"]).succeeds();
        assert_same(&moto.files(), &site(archive));
    }
}

#[test]
fn a_reader_who_crawls_a_bucket_meanwhile_finds_no_page_in_pieces() {
    let Some(moto) = Moto::start() else { return };
    let proxy = Proxy::start(moto.address, Mood::Slow(Duration::from_millis(20)));
    let archive = Moto::archive(proxy.address, "connections = 4");
    publish(&archive);
    let reader = Reader::default();
    for change in 0..3 {
        reader::change(&archive, change);
        archive.build().succeeds();
        let withdrawn = reader::withdrawn_pictures(&archive);
        let mut deploy = deploying(&archive);
        let mut crawls = 0;
        while deploy.try_wait().unwrap().is_none() {
            reader.crawl(|path| moto.read(path), &withdrawn);
            crawls += 1;
        }
        assert!(deploy.wait().unwrap().success() && crawls > 0);
        assert_same_but_kept(&moto.files(), &site(&archive));
    }
}

#[test]
fn a_page_that_is_open_keeps_its_style_sheet_in_a_bucket() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    assert_keeps_the_sheet_of_open_pages(&archive, || moto.files());
}

/// A name that no bucket takes is told before anything is touched; other targets take it.
#[test]
fn a_file_whose_name_no_bucket_takes_stops_a_deploy_before_it_touches_anything() {
    let Some(moto) = Moto::start() else { return };
    for name in ["tab\there.txt", "delete\u{7f}.txt"] {
        let archive = Moto::archive(moto.address, "");
        archive.write(&format!("static/{name}"), "odd");
        archive.build().succeeds();
        let refused = archive.run(&["deploy"]);
        assert_eq!(refused.code(), 1);
        let said = refused.stderr();
        assert!(said.contains(&format!("can't take the file {name:?}")), "{said}");
        assert!(moto.files().is_empty() && moto.read(crate::little::RECORD).is_none());
    }
}

/// Names that the store's client can't read are somebody else's, and in nobody's way.
#[test]
fn odd_names_of_others_in_a_bucket_stop_neither_adopting_nor_rechecking() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    archive.build().succeeds();
    moto.put_odd("old//x.html");
    let refused = archive.run(&["deploy"]);
    assert!(refused.stderr().contains("no record tells which of them"), "{}", refused.stderr());
    archive.run(&["deploy", "--adopt"]).succeeds();
    moto.delete("404.html");
    let page = moto.read("2017/01/01/alpha/index.html").unwrap();
    moto.write("2017/01/01/alpha/index.html", &vec![b'x'; page.len()]);
    let mended = archive.run(&["deploy", "--recheck", "--json"]).succeeds();
    assert_eq!(moved(&mended), (2, 0));
    assert_eq!(moto.read("2017/01/01/alpha/index.html").unwrap(), page);
    assert_eq!(moved(&archive.run(&["deploy", "--recheck", "--json"]).succeeds()), (0, 0));
}

/// Readers who save a file that the curator compressed want it as it is.
#[test]
fn what_the_curator_compressed_is_a_file_of_its_own_type() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, clouds::SETTINGS);
    archive.write("static/data.csv", "a,b\n".repeat(1_000));
    archive.write("static/own.csv", "a,b\n".repeat(1_000));
    archive.write("static/own.csv.gz", b"\x1f\x8b of the curator's own");
    archive.write("static/pkg.tar", "tar");
    archive.write("static/pkg.tar.gz", b"\x1f\x8b of the curator's own");
    publish(&archive);
    let age = "public, max-age=86400";
    assert_eq!(moto.headers("data.csv.gz"), ["text/csv; charset=utf-8", age, "gzip"]);
    assert_eq!(moto.headers("own.csv.br"), ["text/csv; charset=utf-8", age, "br"]);
    assert_eq!(moto.headers("own.csv.gz"), ["application/gzip", age, ""]);
    assert_eq!(moto.headers("pkg.tar.gz"), ["application/gzip", age, ""]);
    // A build that keeps the copies keeps that.
    add(&archive, "2017-01-04-delta", "Delta");
    let put = publish(&archive).json()["steps"].to_string();
    assert!(!put.contains("csv"), "{put}");
    archive.remove("static/own.csv.gz");
    publish(&archive);
    assert_eq!(moto.headers("own.csv.gz"), ["text/csv; charset=utf-8", age, "gzip"]);
}

#[test]
fn a_folder_of_a_bucket_is_where_readers_ask_for_it() {
    let Some(moto) = Moto::start() else { return };
    for folder in ["ünï", "a b", "100%25/x"] {
        let archive = Moto::archive(moto.address, "");
        let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
        let settings = settings.replace("archive/news", &format!("archive/news/{folder}"));
        archive.write("dateline.toml", settings);
        publish(&archive);
        let page = format!("{}/404.html", folder.replace("%25", "%"));
        assert_eq!(moto.read(&page), site(&archive).remove("404.html"), "{folder}");
        assert_eq!(moved(&publish(&archive)), (0, 0));
    }
}

/// For how long a file may be kept is said with the file: another setting is put with it again.
#[test]
fn other_headers_go_out_with_the_files_that_they_belong_to() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "pages_max_age = 60");
    publish(&archive);
    let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    archive.write("dateline.toml", settings.replace("= 60", "= 7"));
    let (put, deleted) = moved(&publish(&archive));
    let pages = site(&archive).keys().filter(|path| path.ends_with(".html")).count() as u64;
    assert!(put >= pages && put < site(&archive).len() as u64 && deleted == 0, "{put} put");
    assert_eq!(moto.headers("index.html")[1], "public, max-age=7");
    assert_eq!(moto.headers("2017/01/01/alpha/picture.png")[1], "public, max-age=86400");
    assert_eq!(moved(&publish(&archive)), (0, 0));
}

/// The record of an earlier version tells of no headers: it is read all the same, and mended when asked.
#[test]
fn a_record_without_headers_is_read() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    publish(&archive);
    moto.rewrite_record(|record| {
        for file in record["files"].as_array_mut().unwrap() {
            file.as_object_mut().unwrap().remove("headers");
        }
    });
    assert_eq!(moved(&publish(&archive)), (0, 0));
    let mended = moved(&archive.run(&["deploy", "--recheck", "--json"]).succeeds());
    assert_eq!(mended, (site(&archive).len() as u64, 0));
    assert_eq!(moved(&archive.run(&["deploy", "--recheck", "--json"]).succeeds()), (0, 0));
}

#[test]
fn a_record_of_a_later_version_is_told_as_that() {
    let Some(moto) = Moto::start() else { return };
    let archive = Moto::archive(moto.address, "");
    publish(&archive);
    moto.rewrite_record(|record| record["version"] = 99.into());
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    let said = refused.stderr();
    assert!(said.contains("is by a later version of Dateline"), "{said}");
    assert!(said.contains("deploy with that version") && !said.contains("--adopt"), "{said}");
}
