//! Turns of the world around a build: other builds, paths that become something else, sources that
//! vanish under its hands.

use std::fs;
use std::process::Stdio;

use rayon::prelude::*;

use crate::archive::Archive;
use crate::skip;
use crate::story::{Story, names_a_file};
use crate::strace::{self, Call};

const CONFIG: &str = "base_url = \"https://archive.example/\"\ntitle = \"The Archive\"\n";

fn report(slug: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = 2017-01-29\nslug = \"{slug}\"\n+++\nWords.\n")
}

/// The site that a clean build makes of an archive's sources.
fn clean(archive: &Archive) -> crate::archive::Tree {
    let other = Archive::copy(archive);
    for folder in ["public", ".dateline"] {
        fs::remove_dir_all(other.path(folder)).unwrap();
    }
    other.built()
}

#[test]
fn a_file_becomes_a_folder_and_a_file_again() {
    let archive = Archive::new(&[("dateline.toml", CONFIG), ("static/turn", "a file")]);
    archive.built();
    for round in 0..2 {
        fs::remove_file(archive.path("static/turn")).unwrap();
        archive.write("static/turn/in/here.txt", "a folder");
        assert!(archive.built() == clean(&archive), "round {round}: to a folder");
        fs::remove_dir_all(archive.path("static/turn")).unwrap();
        archive.write("static/turn", "a file");
        assert!(archive.built() == clean(&archive), "round {round}: to a file");
    }
}

#[test]
fn a_name_that_only_changes_its_case_is_the_new_one() {
    let archive = Archive::new(&[("dateline.toml", CONFIG), ("content/a.md", &report("a"))]);
    for (from, to) in [("Foo", "foo"), ("foo", "FOO")] {
        archive.write(&format!("static/{from}/x.txt"), "x");
        archive.write(&format!("static/{from}.txt"), "x");
        archive.built();
        fs::rename(archive.path("static").join(from), archive.path("static").join(to)).unwrap();
        fs::remove_file(archive.path(&format!("static/{from}.txt"))).unwrap();
        archive.write(&format!("static/{to}.txt"), "another");
        assert!(archive.built() == clean(&archive), "{from} to {to}");
        for path in [to.to_owned(), format!("{to}.txt")] {
            fs::remove_dir_all(archive.path("static").join(&path))
                .or_else(|_| fs::remove_file(archive.path("static").join(&path)))
                .unwrap();
        }
        archive.built();
    }
}

#[test]
fn of_two_builds_at_once_one_waits_for_another_day() {
    let story = Story::get();
    for _ in 0..8 {
        let archive = story.edited();
        let start =
            || archive.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let builds = [start(), start(), start()];
        let mut done = 0;
        for build in builds {
            let output = build.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => done += 1,
                Some(2) => {
                    let is_told = ["another build is writing", "changed by something else"];
                    assert!(is_told.iter().any(|words| said.contains(words)), "{said}");
                }
                other => panic!("{other:?}: {said}"),
            }
        }
        assert!(done > 0, "nobody published");
        assert!(archive.site() == story.new);
        story.recovers(&archive, "after three builds at once");
    }
}

/// Takes a file away in the middle of a build: strace stops the program at a call and says so.
#[test]
fn a_source_that_vanishes_between_two_looks_stops_the_build() {
    if !strace::works() {
        return;
    }
    let story = Story::get();
    let calls: Vec<Call> = strace::traced(&story.edited());
    let is_source = |call: &&Call| {
        let path = &call.paths[0];
        let file = path.rsplit('/').next().unwrap();
        (path.starts_with("ROOT/content/") || path.starts_with("ROOT/static/"))
            && file.contains('.')
    };
    let looks: Vec<&Call> = calls.iter().filter(is_source).collect();
    assert!(looks.len() > 10);
    looks.par_iter().for_each(|call| {
        let archive = story.edited();
        let before = archive.records();
        // As if it had been there when the folder was read, and is not when it is opened.
        let ended = strace::injected(&archive, call, "error=ENOENT");
        story.judge(&archive, &before, &story.old, &ended, &format!("{call}: vanished"));
    });
}

/// What stands somewhere, and how it got there.
type Thing = (&'static str, fn(&Archive));

#[test]
fn what_stands_where_something_else_must_be_is_named() {
    let things: [Thing; 4] = [
        ("a file for the output", |archive| archive.write("public", "mine")),
        ("a file for the state", |archive| archive.write(".dateline", "mine")),
        ("a folder for the config", |archive| {
            fs::remove_file(archive.path("dateline.toml")).unwrap();
            fs::create_dir(archive.path("dateline.toml")).unwrap();
        }),
        ("a folder for the lock", |archive| {
            archive.built();
            for state in fs::read_dir(archive.path(".dateline")).unwrap() {
                let lock = state.unwrap().path().join("lock");
                if lock.exists() {
                    fs::remove_file(&lock).unwrap();
                    fs::create_dir(&lock).unwrap();
                }
            }
        }),
    ];
    for (what, put) in things {
        let archive = Archive::new(&[("dateline.toml", CONFIG), ("content/a.md", &report("a"))]);
        put(&archive);
        let ended = archive.build();
        assert_eq!(ended.code, Some(2), "{what}: {}", ended.stderr);
        names_a_file(&archive, &ended.stderr, what);
    }
}

/// Whoever is not root may not write where the permissions forbid it.
#[test]
fn an_output_that_may_not_be_written_is_named() {
    let story = Story::get();
    let archive = story.edited();
    let chown = |owner: &str| {
        let home = archive.root().parent().unwrap();
        skip::basic("chown").args(["-R", owner]).arg(home).output().unwrap().status.success()
    };
    let starter = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    if !skip::needs("setpriv")
        || !chown("65534:65534")
        || !skip::may("run as somebody else", archive.command_in(&starter).arg("--help"))
    {
        println!("skipped: only root can make another user");
        return;
    }
    let modes = |mode: &str, folder: &str| {
        let path = archive.path(folder);
        assert!(skip::basic("chmod").args(["-R", mode]).arg(path).status().unwrap().success());
    };
    for folder in ["public", ".dateline", "."] {
        let before = archive.records();
        modes("a-w", folder);
        let ended = archive.command_in(&starter).output().unwrap().into();
        modes("u+w", folder);
        story.judge(&archive, &before, &archive.site(), &ended, folder);
    }
}

/// What a commit may not do it does not begin, wherever in the site the refusal is.
#[test]
fn a_folder_that_may_not_be_changed_leaves_the_whole_old_site_and_the_next_build_works() {
    let page = |title: &str| format!("+++\ntitle = \"{title}\"\n+++\nWords of {title}.\n");
    for refused in ["chmod 555", "chmod 500", "chown 12345", "chattr +i", "chattr +i page"] {
        let archive = Archive::new(&[("dateline.toml", CONFIG)]);
        for day in 1..=3 {
            archive.write(&format!("content/2017-01-0{day}-a.md"), page("Old"));
        }
        let old = archive.built();
        let home = archive.root().parent().unwrap().display().to_string();
        let folder = archive.path("public/2017/01/02/old");
        let place = if refused.ends_with("page") { folder.join("index.html") } else { folder };
        let place = place.display().to_string();
        let (undo, user) = match refused {
            "chmod 555" | "chmod 500" => (["chmod", "755", &place], true),
            "chown 12345" => (["chown", "65534", &place], true),
            _ => (["chattr", "-i", &place], false),
        };
        let words: Vec<&str> = refused.split(' ').take(2).chain([&*place]).collect();
        let may = |what: &[&str]| {
            skip::program(what[0])
                .is_some_and(|mut program| skip::may(refused, program.args(&what[1..])))
        };
        if user && (!skip::needs("setpriv") || !may(&["chown", "-R", "65534:65534", &home])) {
            continue;
        }
        if refused.starts_with("chown") && !may(&["chmod", "755", &place]) || !may(&words) {
            continue;
        }
        for day in 1..=3 {
            archive.write(
                &format!("content/2017-01-0{day}-a.md"),
                page("Old").replace("Words", "More"),
            );
        }
        let starter = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        let ended: crate::archive::Ended = if user {
            archive.command_in(&starter).output().unwrap().into()
        } else {
            archive.build()
        };
        let left = archive.site();
        assert!(may(&undo));
        assert_eq!(ended.code, Some(2), "{refused}: {}", ended.stderr);
        assert!(ended.stderr.contains("2017/01/02/old"), "{refused}: {}", ended.stderr);
        assert!(left == old, "{refused}: the old site is not whole");
        assert!(archive.built() == clean(&archive), "{refused}: the next build");
    }
}
