//! The shelf: facts about pictures and the files made from them, in `.dateline/img/`.
//!
//! A picture is identified by its stamp, and made files by the picture's bytes and the recipe, so
//! that unchanged pictures are neither opened nor made again. Rendering threads query the shelf in
//! parallel; each answer is computed once. A build drops everything that it did not use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::files::{self, Durability, Stamp};
use crate::content::article::Focus;
use crate::state::StateFolder;

use super::facts::Facts;
use super::recipe::{Key, Made, Problem, Product, THUMBNAIL};
use super::shelf_file::ShelfFile;

/// An answer that one thread computes while others wait.
type Slot<T> = Arc<OnceLock<T>>;

/// The facts of a file, or the error of reading it.
type Looked = Result<(Stamp, Facts), String>;

/// Facts about pictures, and the files made from them.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    root: PathBuf,
    folder: PathBuf,
    /// The time of scanning the sources, in nanoseconds since 1970.
    looked_at: i64,
    making: Making,
    /// The state after the last build.
    known: BTreeMap<String, (Stamp, Facts)>,
    known_made: FxHashMap<Key, Made>,
    is_whole: bool,
    seen: Mutex<BTreeMap<PathBuf, Slot<Looked>>>,
    made: Mutex<FxHashMap<Key, Slot<Made>>>,
    /// The picture of each made file.
    sources: Mutex<FxHashMap<String, (PathBuf, Facts, Product)>>,
    unwritten: Mutex<BTreeSet<(PathBuf, String)>>,
    decoders: Decoders,
}

/// Whether smaller copies of pictures may be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Making {
    /// No: only files made by an earlier build are used.
    #[default]
    Look,
    /// Yes, and kept on the shelf.
    Make,
}

/// A made file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MadeFile {
    /// The path from the shelf's folder.
    pub name: String,
    pub size: (u32, u32),
}

impl Shelf {
    /// The shelf of an archive whose sources were scanned at this time.
    pub(crate) fn open(root: &Path, looked_at: i64, making: Making) -> Shelf {
        let folder = StateFolder::of(root).pictures();
        let ShelfFile { files: known, made, .. } = ShelfFile::read(&folder);
        let there = names_in(&folder);
        let count = made.len();
        let is_there = |(key, made): &(Key, Made)| {
            made.sizes
                .iter()
                .all(|&(width, _)| there.contains(&key.copy(width)) || there.contains(&key.card()))
        };
        let known_made: FxHashMap<Key, Made> = made.into_iter().filter(is_there).collect();
        Shelf {
            root: root.to_owned(),
            is_whole: known_made.len() == count,
            folder,
            looked_at,
            making,
            known,
            known_made,
            ..Shelf::default()
        }
    }

    /// Whether all made files still exist.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The facts of a file; reads it if it has changed.
    pub(crate) fn facts(&self, path: &Path) -> Result<Facts, String> {
        let slot = Arc::clone(lock(&self.seen).entry(path.to_owned()).or_default());
        let found = slot.get_or_init(|| self.look(path).map_err(|error| error.to_string()));
        found.clone().map(|(_, facts)| facts)
    }

    fn look(&self, path: &Path) -> io::Result<(Stamp, Facts)> {
        let stamp = Stamp::of(&fs::metadata(path)?);
        let known = self.known.get(&self.relative(path));
        match known.filter(|(known, _)| *known == stamp) {
            Some(&(_, facts)) => Ok((stamp, facts)),
            None => Ok((stamp, Facts::of_file(path)?)),
        }
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned()
    }

    /// Smaller copies of a picture, widest first, and the reason if there are none.
    pub(crate) fn copies(&self, path: &Path, facts: &Facts) -> (Vec<MadeFile>, Option<Problem>) {
        self.of_copies(path, facts, self.made(path, facts, Product::Copies))
    }

    fn of_copies(
        &self,
        path: &Path,
        facts: &Facts,
        (key, made): (Key, Made),
    ) -> (Vec<MadeFile>, Option<Problem>) {
        let file = |&size: &(u32, u32)| MadeFile { name: key.copy(size.0), size };
        let files: Vec<MadeFile> = made.sizes.iter().map(file).collect();
        self.note_sources(path, facts, Product::Copies, &files);
        (files, made.problem)
    }

    /// The copy for lists.
    pub(crate) fn thumbnail(&self, path: &Path, facts: &Facts) -> Option<MadeFile> {
        let (copies, _) = self.copies(path, facts);
        copies.into_iter().find(|copy| copy.size.0 == THUMBNAIL)
    }

    /// The card for other sites.
    pub(crate) fn card(&self, path: &Path, facts: &Facts, focus: Focus) -> Option<MadeFile> {
        let product = Product::Card(focus);
        let (key, made) = self.made(path, facts, product);
        let file = made.sizes.first().map(|&size| MadeFile { name: key.card(), size })?;
        self.note_sources(path, facts, product, std::slice::from_ref(&file));
        Some(file)
    }

    fn note_sources(&self, path: &Path, facts: &Facts, product: Product, files: &[MadeFile]) {
        let mut sources = lock(&self.sources);
        for file in files {
            if !sources.contains_key(&file.name) {
                sources.insert(file.name.clone(), (path.to_owned(), *facts, product));
            }
        }
    }

    fn made(&self, path: &Path, facts: &Facts, product: Product) -> (Key, Made) {
        let key = Key::of(facts, product);
        if !can_be_made(facts) {
            return (key, Made::default());
        }
        let slot = Arc::clone(lock(&self.made).entry(key).or_default());
        let made = slot.get_or_init(|| match self.known_made.get(&key) {
            Some(made) => made.clone(),
            None if self.making == Making::Make => self.make(path, facts, product),
            None => Made::default(),
        });
        (key, made.clone())
    }

    /// The file on the shelf with this name, if a page asked for it or it exists; a lost file is
    /// made again.
    pub(crate) fn stored(&self, name: &str) -> Option<PathBuf> {
        let path = self.folder.join(name);
        if path.is_file() {
            return Some(path);
        }
        let source = lock(&self.sources).get(name).cloned();
        let (from, facts, product) = source?;
        self.make(&from, &facts, product);
        path.is_file().then_some(path)
    }

    /// Whether a page of this build used any made file.
    pub(crate) fn was_asked(&self) -> bool {
        !lock(&self.sources).is_empty()
    }

    /// Whether a page of this build used the file with this name.
    pub(crate) fn was_asked_for(&self, name: &str) -> bool {
        lock(&self.sources).contains_key(name)
    }

    #[cfg(feature = "images")]
    fn make(&self, path: &Path, facts: &Facts, product: Product) -> Made {
        use super::making::{self, Wanted};

        // Release the lock before waiting for another thread's answer.
        let decode = |wanted| {
            let _decoder = self.decoders.take();
            match files::read(path) {
                Ok(bytes) => Some(making::make(&bytes, facts, wanted)),
                Err(error) => {
                    self.unwritten(path, &error);
                    None
                }
            }
        };
        let copies_key = Key::of(facts, Product::Copies);
        let Product::Card(focus) = product else {
            let made = decode(Wanted { copies: true, card: None });
            let made = made.map(|(copies, _)| self.put(&copies, |size| copies_key.copy(size.0)));
            return made.unwrap_or_default();
        };
        // Decode once for both, unless the copies exist.
        let slot = Arc::clone(lock(&self.made).entry(copies_key).or_default());
        let copies = slot.get().is_none() && !self.known_made.contains_key(&copies_key);
        let wanted = Wanted { copies, card: Some(focus) };
        let Some((made_copies, card)) = decode(wanted) else { return Made::default() };
        if copies {
            slot.get_or_init(|| self.put(&made_copies, |size| copies_key.copy(size.0)));
        }
        let key = Key::of(facts, product);
        self.put(&card, |_| key.card())
    }

    /// Without the feature `images` nothing is made.
    #[cfg(not(feature = "images"))]
    #[allow(clippy::unused_self, reason = "the same call as with the feature")]
    fn make(&self, _: &Path, _: &Facts, _: Product) -> Made {
        Made::default()
    }

    #[cfg(feature = "images")]
    fn put(&self, made: &super::making::Files, name: impl Fn((u32, u32)) -> String) -> Made {
        for (size, bytes) in &made.files {
            let path = self.folder.join(name(*size));
            let done = fs::create_dir_all(&self.folder)
                .and_then(|()| files::replace(&path, bytes, Durability::Passing));
            if let Err(error) = done {
                self.unwritten(&path, &error);
                return Made::default();
            }
        }
        made.made()
    }

    fn unwritten(&self, path: &Path, error: &io::Error) {
        lock(&self.unwritten).insert((path.to_owned(), error.to_string()));
    }

    /// Files that could not be read or written, with the reasons.
    pub(crate) fn failures(&self) -> Vec<(PathBuf, String)> {
        lock(&self.unwritten).iter().cloned().collect()
    }

    /// Keeps the facts of published files and the made files that this build used; drops the rest.
    /// If that fails, the next build repeats it.
    pub(crate) fn keep_only(
        &self,
        used: &BTreeSet<String>,
        published: &FxHashSet<&Path>,
    ) -> io::Result<()> {
        self.write(published, |name| used.contains(name))?;
        for name in names_in(&self.folder) {
            if is_made(&name) && !used.contains(&name) {
                files::remove_if_there(&self.folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Keeps the facts of published files, and all made files.
    pub(crate) fn keep_all(&self, published: &FxHashSet<&Path>) -> io::Result<()> {
        self.write(published, |_| true)
    }

    fn write(
        &self,
        published: &FxHashSet<&Path>,
        is_kept: impl Fn(&str) -> bool,
    ) -> io::Result<()> {
        let mut files = self.known.clone();
        // Drop other facts: their paths may be those of withdrawn files.
        files.retain(|path, _| published.contains(&*self.root.join(path)));
        for (path, slot) in lock(&self.seen).iter() {
            let Some(Ok((stamp, facts))) = slot.get() else { continue };
            let path = self.relative(path);
            if stamp.is_older_than(self.looked_at) {
                files.insert(path, (*stamp, *facts));
            } else {
                // The file may change again without a new stamp.
                files.remove(&path);
            }
        }
        let mut made = self.known_made.clone();
        for (key, slot) in lock(&self.made).iter() {
            made.extend(slot.get().map(|made| (*key, made.clone())));
        }
        made.retain(|key, made| {
            let is_used =
                |&(width, _): &(u32, u32)| is_kept(&key.copy(width)) || is_kept(&key.card());
            made.sizes.iter().any(is_used) || (made.sizes.is_empty() && is_asked(&self.made, *key))
        });
        if files.is_empty() && made.is_empty() && !self.folder.exists() {
            return Ok(());
        }
        ShelfFile::new(files, made.into_iter().collect()).write(&self.folder)
    }
}

/// Deletes facts and made files of pictures in a folder of the archive, and of pictures that no
/// longer exist. Files made of pictures that also exist elsewhere stay.
pub(crate) fn forget(root: &Path, folder: Option<&str>) -> io::Result<()> {
    let shelf = StateFolder::of(root).pictures();
    let ShelfFile { files: mut known, made, .. } = ShelfFile::read(&shelf);
    known.retain(|path, _| {
        let is_below = folder.is_some_and(|folder| path.starts_with(folder));
        !is_below && root.join(path).is_file()
    });
    // The picture of a card is unknown: delete all cards; the next build makes those it needs.
    let keys: FxHashSet<Key> =
        known.values().map(|(_, facts)| Key::of(facts, Product::Copies)).collect();
    let made: Vec<(Key, Made)> = made.into_iter().filter(|(key, _)| keys.contains(key)).collect();
    let kept: FxHashSet<String> = made
        .iter()
        .flat_map(|(key, made)| made.sizes.iter().map(|size| key.copy(size.0)))
        .collect();
    for name in names_in(&shelf) {
        if name != super::shelf_file::NAME && !kept.contains(&name) {
            files::remove_if_there(&shelf.join(name))?;
        }
    }
    if shelf.exists() { ShelfFile::new(known, made).write(&shelf) } else { Ok(()) }
}

fn is_asked(made: &Mutex<FxHashMap<Key, Slot<Made>>>, key: Key) -> bool {
    lock(made).contains_key(&key)
}

/// Whether files can be made of a picture.
fn can_be_made(facts: &Facts) -> bool {
    cfg!(feature = "images") && facts.orientation > 0 && facts.size.is_some() && !facts.is_damaged
}

fn is_made(name: &str) -> bool {
    name.ends_with(".webp") || name.ends_with(".jpg")
}

fn names_in(folder: &Path) -> FxHashSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of pictures decoded in parallel: each needs much memory.
const DECODED_AT_ONCE: usize = 2;

/// Limits the number of pictures decoded in parallel.
#[derive(Debug, Default)]
struct Decoders {
    busy: Mutex<usize>,
    freed: Condvar,
}

/// A permit to decode a picture.
struct Decoder<'a>(&'a Decoders);

impl Decoders {
    fn take(&self) -> Decoder<'_> {
        let busy = lock(&self.busy);
        let wait = self.freed.wait_while(busy, |busy| *busy >= DECODED_AT_ONCE);
        *wait.unwrap_or_else(PoisonError::into_inner) += 1;
        Decoder(self)
    }
}

impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        *lock(&self.0.busy) -= 1;
        self.0.freed.notify_one();
    }
}

impl fmt::Debug for Decoder<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Decoder")
    }
}
