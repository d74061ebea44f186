//! Little archives in folders of their own, and what the real program makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::page::Page;

/// All hosts, by their names.
pub(crate) const HOSTS: [&str; 8] = [
    "github-pages",
    "gitlab-pages",
    "netlify",
    "cloudflare-pages",
    "s3",
    "apache",
    "nginx",
    "caddy",
];

/// No build may take longer: a guard against hangs, not a measure of speed.
const PATIENCE: Duration = Duration::from_mins(1);

/// An archive to be built: `Archive::new().article("putin.md", "…").build()`.
pub(crate) struct Archive {
    root: Rc<TempDir>,
    environment: Vec<(String, String)>,
    patience: Duration,
}

impl Archive {
    /// An empty archive at `https://archive.example/`.
    pub(crate) fn new() -> Archive {
        let archive = Archive {
            root: Rc::new(TempDir::new().unwrap()),
            environment: Vec::new(),
            patience: PATIENCE,
        };
        archive.config("title = \"The Archive\"\n")
    }

    /// The archive that this repository holds as an example, copied.
    pub(crate) fn demo() -> Archive {
        let archive = Archive::new();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::copy(repository.join("dateline.toml"), archive.path("dateline.toml")).unwrap();
        for folder in ["content", "links", "static", "terms"] {
            archive.adopt(folder, &repository.join(folder));
        }
        archive
    }

    /// The config; an address is put before it unless it names one.
    pub(crate) fn config(self, toml: &str) -> Archive {
        let address = "base_url = \"https://archive.example/\"\n";
        let address = if toml.contains("base_url") { "" } else { address };
        self.write("dateline.toml", format!("{address}{toml}"));
        self
    }

    /// A file under `content/`.
    pub(crate) fn article(self, path: &str, text: &str) -> Archive {
        self.write(&format!("content/{path}"), text);
        self
    }

    /// Any file.
    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Archive {
        self.write(path, bytes);
        self
    }

    /// A variable of the environment that the program runs in.
    pub(crate) fn environment(mut self, name: &str, value: &str) -> Archive {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// For archives of thousands of reports.
    pub(crate) fn patience(mut self, seconds: u64) -> Archive {
        self.patience = Duration::from_secs(seconds);
        self
    }

    /// Copies a folder of files into a folder of the archive.
    pub(crate) fn adopt(&self, folder: &str, from: &Path) {
        for (path, bytes) in tree(from) {
            self.write(&format!("{folder}/{path}"), bytes);
        }
    }

    /// Writes a file between two builds.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Removes a file between two builds.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Every file of the archive's folder: content, site and state.
    pub(crate) fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        tree(self.root.path())
    }

    /// A file's place on this machine.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Runs `dateline build`.
    pub(crate) fn build(&self) -> Built {
        self.build_with(&[])
    }

    /// Runs `dateline build` with arguments for this once.
    pub(crate) fn build_with(&self, arguments: &[&str]) -> Built {
        let mut all = vec!["build"];
        all.extend(arguments);
        self.run(&all)
    }

    /// Runs any command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Built {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dateline"));
        command.arg("--root").arg(self.root.path()).args(arguments).timeout(self.patience);
        command.current_dir(self.root.path());
        for variable in ["EDITOR", "VISUAL", "SOURCE_DATE_EPOCH"] {
            command.env_remove(variable);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let stderr = text(output.stderr);
        let code = output.status.code();
        Built {
            root: Rc::clone(&self.root),
            output: self.path("public"),
            code: code.unwrap_or_else(|| panic!("the program was killed or hung: {stderr}")),
            stdout: text(output.stdout),
            stderr,
        }
    }
}

/// What the program said and wrote.
pub(crate) struct Built {
    /// The archive's folder, which lives as long as anyone looks at it.
    root: Rc<TempDir>,
    output: PathBuf,
    code: i32,
    stdout: String,
    stderr: String,
}

impl Built {
    /// The same, having made sure that all went well and nothing was said.
    #[track_caller]
    pub(crate) fn clean(self) -> Built {
        assert_eq!(self.code, 0, "{}", self.stderr);
        assert_eq!(self.stderr, "", "a clean build says nothing");
        self
    }

    /// The same, having made sure that it was published.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Built {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    pub(crate) fn code(&self) -> i32 {
        self.code
    }

    pub(crate) fn stdout(&self) -> &str {
        &self.stdout
    }

    /// What was said, with the archive's folder written `ROOT`.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.replace(&self.root.path().display().to_string(), "ROOT").trim_end().to_owned()
    }

    /// The one object that `--json` prints.
    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// The page at an address, such as `/2017/01/29/title/`.
    #[track_caller]
    pub(crate) fn page(&self, address: &str) -> Page {
        Page::read(&self.file(&file_of(address)))
    }

    /// A file of the site as text.
    #[track_caller]
    pub(crate) fn file(&self, path: &str) -> String {
        fs::read_to_string(self.output.join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.stderr))
    }

    /// Whether there is a page or a file at an address.
    pub(crate) fn has(&self, address: &str) -> bool {
        self.output.join(file_of(address)).is_file()
    }

    /// Every file of the site.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.output)
    }

    /// Where the site is.
    pub(crate) fn output(&self) -> &Path {
        &self.output
    }
}

/// The file that a host answers with: `/a/` is `a/index.html`.
pub(crate) fn file_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.into() }
}

fn is_gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

/// Every file below a folder by its path in it, with `/`.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = match entry {
            Ok(entry) => entry,
            // A preview builds meanwhile.
            Err(error) if error.io_error().is_some_and(is_gone) => continue,
            Err(error) => panic!("{error}"),
        };
        if !entry.file_type().is_dir() {
            let path = entry.path().strip_prefix(folder).unwrap();
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            files.insert(parts.join("/"), fs::read(entry.path()).unwrap_or_default());
        }
    }
    files
}
