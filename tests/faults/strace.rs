//! The system calls of a build, from strace; and a build in which one of them fails or kills.
//!
//! A call is found again by its name, the first path it names, and how many of that name and path
//! came before it in its thread, as strace counts. Where two threads open a file to read, each for the
//! first time, only the first of the two can be found again, and the other is left out.

use std::collections::{HashMap, HashSet};
use std::fs;

use crate::archive::{Archive, Ended};
use crate::skip;

/// Calls that change files, or make changes last.
const CALLS: &str = "openat,open,creat,write,pwrite64,rename,renameat,renameat2,unlink,unlinkat,\
    mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,copy_file_range,sendfile,ftruncate,fsync,\
    fdatasync,syncfs,utimensat";

/// What the place of the archive is written as, so that calls of one copy are found in another.
const ROOT: &str = "ROOT";

/// A system call on a file of the archive.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The paths that it names, by themselves or by a descriptor.
    pub(crate) paths: Vec<String>,
    /// All its arguments as strace writes them.
    pub(crate) arguments: String,
    /// Its result as strace writes it.
    pub(crate) result: String,
    /// The thread that made it.
    thread: u32,
    /// How many calls of the same thread, name and first path came before it.
    earlier: usize,
}

impl Call {
    /// Whether it changes a file, or makes a change last.
    pub(crate) fn is_mutating(&self) -> bool {
        !self.name.starts_with("open") || self.arguments.contains("O_CREAT")
    }

    /// Whether it puts a file from the stage in its place in the site.
    pub(crate) fn moves_into_site(&self) -> bool {
        self.name == "rename"
            && self.paths[1].starts_with("ROOT/public/")
            && self.paths[0].contains("-stage/.")
    }

    pub(crate) fn succeeded(&self) -> bool {
        !self.result.starts_with('-')
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {} #{}", self.name, self.paths.join(" "), self.earlier + 1)
    }
}

/// Whether builds can be traced here.
pub(crate) fn works() -> bool {
    skip::needs("strace")
        && skip::may("trace a program", skip::basic("strace").args(["-o", "/dev/null", "true"]))
}

/// Builds, and tells the calls on files of the archive in their order.
pub(crate) fn traced(archive: &Archive) -> Vec<Call> {
    let log = archive.root().with_file_name("trace");
    let expression = format!("trace={CALLS}");
    let log_path = log.to_str().unwrap();
    let starter = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", log_path, "-e", &expression];
    let ended: Ended = archive.command_in(&starter).output().unwrap().into();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    parse(&fs::read_to_string(log).unwrap(), archive.root().to_str().unwrap())
}

/// Builds with one call made to go wrong: `fault` as strace writes it, `error=EIO` or
/// `signal=SIGKILL`. Fails where that call did not come.
#[track_caller]
pub(crate) fn injected(archive: &Archive, call: &Call, fault: &str) -> Ended {
    let log = archive.root().with_file_name("trace");
    let path = call.paths[0].replacen(ROOT, archive.root().to_str().unwrap(), 1);
    let (trace, inject) = (
        format!("trace={}", call.name),
        format!("inject={}:{fault}:when={}", call.name, call.earlier + 1),
    );
    let log_path = log.to_str().unwrap();
    let starter = ["strace", "-f", "-qq", "-o", log_path, "-P", &path, "-e", &trace, "-e", &inject];
    let ended: Ended = archive.command_in(&starter).output().unwrap().into();
    let said = fs::read_to_string(log).unwrap();
    let came = said.contains("(INJECTED)") || ended.signal.is_some();
    assert!(came, "{call} did not come again: {said}{}", ended.stderr);
    ended
}

fn parse(log: &str, root: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // Calls of a thread that another thread's call came between.
    let mut unfinished: Vec<(&str, usize)> = Vec::new();
    for line in log.lines() {
        let Some((thread, text)) = line.split_once(' ') else { continue };
        let text = text.trim_start();
        if text.starts_with("<...") {
            let at = unfinished.iter().position(|(known, _)| *known == thread);
            let result = text.rsplit_once("= ").map_or("", |(_, result)| result);
            if let Some(at) = at {
                let (_, call) = unfinished.swap_remove(at);
                result.clone_into(&mut calls[call].result);
            }
            continue;
        }
        let Some((name, rest)) = text.split_once('(') else { continue };
        let is_whole = !rest.ends_with("<unfinished ...>");
        let (arguments, result) = rest.rsplit_once(" = ").unwrap_or((rest, ""));
        if !is_whole {
            unfinished.push((thread, calls.len()));
        }
        calls.push(Call {
            name: name.to_owned(),
            paths: paths(arguments, root),
            arguments: arguments.trim_end().to_owned(),
            result: result.to_owned(),
            thread: thread.parse().unwrap(),
            earlier: 0,
        });
    }
    calls.retain(|call| call.paths.first().is_some_and(|path| path.starts_with(ROOT)));
    number(&mut calls);
    calls
}

/// Numbers the calls as strace counts them, and leaves out those that it can't tell from earlier ones.
fn number(calls: &mut Vec<Call>) {
    let (mut counts, mut seen) = (HashMap::new(), HashSet::new());
    calls.retain_mut(|call| {
        let (name, path) = (call.name.clone(), call.paths[0].clone());
        let count = counts.entry((call.thread, name.clone(), path.clone())).or_insert(0);
        call.earlier = *count;
        *count += 1;
        let is_first = seen.insert((name, path, call.earlier));
        assert!(is_first || !call.is_mutating(), "{call} comes from two threads");
        is_first
    });
}

/// The paths that arguments name: in quotes, or in angle brackets behind a descriptor.
fn paths(arguments: &str, root: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = arguments;
    while let Some(start) = rest.find(['"', '<']) {
        let end = if rest[start..].starts_with('"') { '"' } else { '>' };
        let Some(length) = rest[start + 1..].find(end) else { break };
        let path = &rest[start + 1..start + 1 + length];
        // `AT_FDCWD</somewhere>` says nothing: all our paths are absolute.
        if !path.is_empty() && !rest[..start].ends_with("AT_FDCWD") {
            paths.push(path.replacen(root, ROOT, 1));
        }
        rest = &rest[start + 2 + length..];
    }
    paths
}
