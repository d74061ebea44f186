//! The order of rooms holds: a room uses only those that ARCHITECTURE.md lists above it, and no two
//! files of the program need each other.
//!
//! Reads the sources as text: every path that begins with `crate` or `super`, in `use` lines and
//! elsewhere. A module and what lies below it are one idea and may need each other.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Where a module lies: `["base", "date"]`.
type Module = Vec<String>;

/// Which modules each module uses.
type Uses = BTreeMap<Module, BTreeSet<Module>>;

#[test]
fn a_room_uses_only_rooms_above_it() {
    let order = rooms_in_order();
    let place = |module: &Module| order.iter().position(|room| *room == module[0]);
    let mut wrong = Vec::new();
    for (module, used) in uses(&sources()) {
        let own = place(&module).unwrap_or_else(|| panic!("{} is not listed", module[0]));
        wrong.extend(
            used.iter()
                .filter(|other| place(other).is_none_or(|place| place > own))
                .map(|other| format!("{} uses {}", module.join("::"), other.join("::"))),
        );
    }
    assert!(wrong.is_empty(), "against ARCHITECTURE.md's list:\n{}", wrong.join("\n"));
}

#[test]
fn every_listed_room_is_there_once() {
    let order = rooms_in_order();
    let listed: BTreeSet<&String> = order.iter().collect();
    assert_eq!(listed.len(), order.len(), "listed twice");
    let sources = sources();
    let there: BTreeSet<&String> = sources.keys().filter_map(|module| module.first()).collect();
    assert_eq!(listed, there);
}

#[test]
fn no_two_files_need_each_other() {
    let uses = uses(&sources());
    let mut circles = BTreeSet::new();
    for start in uses.keys() {
        let from_start = reached(&uses, start);
        let circle: Vec<String> = from_start
            .into_iter()
            .filter(|&other| other != start && reached(&uses, other).contains(start))
            .map(|other| other.join("::"))
            .collect();
        if !circle.is_empty() {
            circles.insert(format!("{} and {}", start.join("::"), circle.join(", ")));
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn paths_are_read_as_the_compiler_reads_them() {
    let text = "use crate::a::{self, b::{C, D as E}, f::*};\nfn g() { super::h::i(); }\n\
                // crate::no::comment\nmod tests { use super::*; }";
    let module: Module = vec!["x".to_owned(), "y".to_owned()];
    let text = without_comments(text);
    let read: Vec<String> = paths(&module, &text).iter().map(|path| path.join("::")).collect();
    assert_eq!(read, ["a", "a::b::C", "a::b::D", "a::f::*", "x::h::i", "x::y::*"]);
}

/// The rooms of ARCHITECTURE.md's table, from the top.
fn rooms_in_order() -> Vec<String> {
    let page = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let (_, table) = page.split_once("\n## Rooms\n").expect("ARCHITECTURE.md lists the rooms");
    let rows = table.lines().skip_while(|line| !line.starts_with("| `")).map_while(|line| {
        let (room, _) = line.strip_prefix("| `")?.split_once('`')?;
        Some(room.trim_end_matches('/').to_owned())
    });
    rows.collect()
}

/// Each module's text without comments; the two files above all rooms are left out.
fn sources() -> BTreeMap<Module, String> {
    let mut sources = BTreeMap::new();
    for entry in WalkDir::new("src") {
        let entry = entry.unwrap();
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let module = module_of(path);
        if module != ["lib"] && module != ["main"] {
            sources.insert(module, without_comments(&fs::read_to_string(path).unwrap()));
        }
    }
    sources
}

fn module_of(path: &Path) -> Module {
    let path = path.strip_prefix("src").unwrap().with_extension("");
    let parts = path.iter().map(|part| part.to_str().unwrap().to_owned());
    let module: Module = parts.collect();
    assert_ne!(module.last().unwrap(), "mod", "{}: name it for its module", path.display());
    module
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What each module uses of others, but for the modules above it and those below.
fn uses(sources: &BTreeMap<Module, String>) -> Uses {
    let used_by = |module: &Module, text: &str| {
        let owners = paths(module, text).into_iter().filter_map(|path| owner(sources, path));
        owners.filter(|other| !other.starts_with(module) && !module.starts_with(other)).collect()
    };
    sources.iter().map(|(module, text)| (module.clone(), used_by(module, text))).collect()
}

/// The module that a path leads into.
fn owner(sources: &BTreeMap<Module, String>, mut path: Module) -> Option<Module> {
    while !path.is_empty() {
        if sources.contains_key(&path) {
            return Some(path);
        }
        path.pop();
    }
    None
}

/// Every path of the program's own that a module's text names, from the top of the program.
fn paths(module: &Module, text: &str) -> Vec<Module> {
    let tests = text.find("mod tests {").unwrap_or(text.len());
    let mut paths = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in text.match_indices(root) {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' || before == ':' {
                continue;
            }
            let mut base = module.clone();
            if at > tests {
                base.push("tests".to_owned());
            }
            if root == "crate::" {
                base.clear();
            } else {
                base.pop();
            }
            read_path(&base, &text[at + root.len()..], &mut paths);
        }
    }
    paths
}

/// Reads one path, or a group of them in braces, and returns what follows it.
fn read_path<'a>(base: &Module, text: &'a str, paths: &mut Vec<Module>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut group) = text.strip_prefix('{') {
        loop {
            group = read_path(base, group, paths).trim_start();
            match group.strip_prefix(',') {
                Some(next) if !next.trim_start().starts_with('}') => group = next,
                other => return other.unwrap_or(group).trim_start().trim_start_matches('}'),
            }
        }
    }
    let is_name = |character: char| character.is_alphanumeric() || "_*".contains(character);
    let end = text.find(|character| !is_name(character)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let mut path = base.clone();
    match name {
        "super" => drop(path.pop()),
        "self" | "" => {}
        name => path.push(name.to_owned()),
    }
    if let Some(rest) = rest.strip_prefix("::") {
        return read_path(&path, rest, paths);
    }
    paths.push(path);
    rest.strip_prefix(" as ").map_or(rest, |rest| rest.trim_start_matches(is_name))
}

/// All modules that a module needs, however far away.
fn reached<'a>(uses: &'a Uses, start: &Module) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = uses.get(start).into_iter().flatten().collect();
    while let Some(module) = open.pop() {
        if reached.insert(module) {
            open.extend(uses.get(module).into_iter().flatten());
        }
    }
    reached
}
