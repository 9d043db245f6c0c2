//! Folders of runbooks, as they are on disk: which files are in them, and which have changed since they were read.
//!
//! A folder is read whole, with those in it. What leads out of it is not followed, nor anything twice; of what is too much
//! the first is read. Each of these is said, and the rest goes on.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{
    config::RunbookFolder,
    files,
    runbook::{Folder, LONGEST, Library, Remark, Runbook},
};

/// Files that are read at most.
const MOST_FILES: usize = 10_000;

/// All that is kept of them, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// How deep folders are gone into.
const DEEPEST: usize = 32;

/// Names of folders above that count when an address is compared with a file.
const MOST_ABOVE: usize = 4;

/// Endings of Markdown files.
const ENDINGS: [&str; 5] = ["md", "markdown", "mdown", "mkd", "mdx"];

/// Reads folders, and keeps what it has read: a file that is as it was is not read again.
#[derive(Default)]
pub struct Shelf {
    known: HashMap<PathBuf, (Stamp, Arc<Runbook>)>,
    trouble: Vec<(String, Remark)>,
    /// Whether the last reading found something else than the one before.
    pub has_changed: bool,
}

/// What a file's content is told by.
type Stamp = (Option<SystemTime>, u64);

/// What is gathered on one way through all folders.
#[derive(Default)]
struct Walk {
    books: Vec<Arc<Runbook>>,
    trouble: Vec<(String, Remark)>,
    bytes: usize,
    /// What is full: said once.
    full: bool,
    seen: HashSet<PathBuf>,
}

/// A folder that is being gone through.
struct Root {
    nth: usize,
    real: PathBuf,
    above: Vec<String>,
}

/// How often it is looked whether a file has changed.
const EVERY: Duration = Duration::from_secs(5);

/// Reads folders now, and again when something in them has changed, until nobody wants to be told any more.
pub async fn follow(folders: Vec<RunbookFolder>, tell: impl Fn(Arc<Library>) -> bool) {
    let folders = Arc::new(folders);
    let (mut shelf, mut is_first) = (Shelf::default(), true);
    loop {
        let folders = Arc::clone(&folders);
        let read = tokio::task::spawn_blocking(move || {
            let library = shelf.read(&folders);
            (shelf, library)
        });
        let Ok((read, library)) = read.await else { return };
        shelf = read;
        if (shelf.has_changed || is_first) && !tell(Arc::new(library)) {
            return;
        }
        is_first = false;
        tokio::time::sleep(EVERY).await;
    }
}

/// Reads folders once.
pub fn read(folders: &[RunbookFolder]) -> Library {
    Shelf::default().read(folders)
}

impl Shelf {
    /// Reads what is new or has changed.
    pub fn read(&mut self, folders: &[RunbookFolder]) -> Library {
        let mut walk = Walk::default();
        let mut kept = HashMap::with_capacity(self.known.len());
        for (nth, folder) in folders.iter().enumerate() {
            let shown = folder.path.display().to_string();
            match folder.path.canonicalize() {
                Ok(real) if real.is_dir() => {
                    let names = real.components().rev().take(MOST_ABOVE);
                    let mut above: Vec<String> =
                        names.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect();
                    above.reverse();
                    let root = Root { nth, real, above };
                    self.folder(&root, &folder.path, "", 0, &mut walk, &mut kept);
                }
                Ok(_) => walk.say(&shown, "expected a folder of runbooks, found a file"),
                Err(error) => walk.say(&shown, &format!("cannot read the folder of runbooks: {}", in_words(&error))),
            }
        }
        let is_known =
            |(path, (stamp, _)): (&PathBuf, &(Stamp, _))| self.known.get(path).is_some_and(|(known, _)| known == stamp);
        self.has_changed = kept.len() != self.known.len() || !kept.iter().all(is_known) || walk.trouble != self.trouble;
        self.known = kept;
        self.trouble.clone_from(&walk.trouble);
        let folders = folders
            .iter()
            .map(|folder| Folder { path: folder.path.display().to_string(), address: folder.url.clone() })
            .collect();
        Library::new(folders, walk.books, walk.trouble)
    }

    fn folder(
        &self,
        root: &Root,
        path: &Path,
        relative: &str,
        depth: usize,
        walk: &mut Walk,
        kept: &mut HashMap<PathBuf, (Stamp, Arc<Runbook>)>,
    ) {
        let shown = path.display().to_string();
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return walk.say(&shown, &format!("cannot read the folder: {}", in_words(&error))),
        };
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            let is_markdown = path.extension().and_then(|ending| ending.to_str()).is_some_and(is_markdown);
            // What is hidden is a tool's, and what is neither a folder nor Markdown is somebody else's.
            if name.starts_with('.') || (kind.is_file() && !is_markdown) {
                continue;
            }
            let inside = if relative.is_empty() { name } else { format!("{relative}/{name}") };
            let is_folder = if kind.is_symlink() {
                match path.canonicalize() {
                    Ok(real) if !real.starts_with(&root.real) => {
                        walk.say(
                            &path.display().to_string(),
                            "it is a link that leads out of the folder; it is not read",
                        );
                        continue;
                    }
                    Ok(real) if real.is_dir() => {
                        // What a link leads to inside is read where it is.
                        let why =
                            "it is a link to a folder that is read already, or to one it is in; it is not followed";
                        walk.say(&path.display().to_string(), why);
                        continue;
                    }
                    Ok(_) if !is_markdown => continue,
                    Ok(_) => false,
                    Err(error) => {
                        walk.say(
                            &path.display().to_string(),
                            &format!("it is a link that leads nowhere: {}", in_words(&error)),
                        );
                        continue;
                    }
                }
            } else {
                kind.is_dir()
            };
            match is_folder {
                true if depth < DEEPEST => self.folder(root, &path, &inside, depth + 1, walk, kept),
                true => walk.say(
                    &path.display().to_string(),
                    &format!("it is more than {DEEPEST} folders deep; it is not read"),
                ),
                false => self.file(root, &path, &inside, walk, kept),
            }
        }
    }

    fn file(
        &self,
        root: &Root,
        path: &Path,
        relative: &str,
        walk: &mut Walk,
        kept: &mut HashMap<PathBuf, (Stamp, Arc<Runbook>)>,
    ) {
        let shown = path.display().to_string();
        if walk.is_full(&shown) || !walk.seen.insert(path.to_owned()) {
            return;
        }
        let stamp = fs::metadata(path).map(|data| (data.modified().ok(), data.len())).unwrap_or_default();
        let known = self
            .known
            .get(path)
            .filter(|(known, book)| *known == stamp && stamp.0.is_some() && book.folder == root.nth);
        let book = match known {
            Some((_, book)) => Arc::clone(book),
            None => match text(path) {
                Ok((text, remark)) => {
                    let above: Vec<&str> = root.above.iter().map(String::as_str).collect();
                    let mut book = Runbook::read(&shown, relative, &above, root.nth, &text);
                    book.remarks.extend(remark);
                    Arc::new(book)
                }
                Err(why) => return walk.say(&shown, &why),
            },
        };
        walk.bytes += book.text.len();
        kept.insert(path.to_owned(), (stamp, Arc::clone(&book)));
        walk.books.push(book);
    }
}

impl Walk {
    fn say(&mut self, path: &str, text: &str) {
        self.trouble.push((path.to_owned(), Remark { line: None, text: text.to_owned() }));
    }

    fn is_full(&mut self, path: &str) -> bool {
        if !self.full && (self.books.len() >= MOST_FILES || self.bytes >= MOST_BYTES) {
            self.full = true;
            let most = MOST_BYTES >> 20;
            self.say(
                path,
                &format!("there are more than {MOST_FILES} runbooks or {most} MiB of them; from here on none is read"),
            );
        }
        self.full
    }
}

fn is_markdown(ending: &str) -> bool {
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// As much of a file as is read, and what is wrong with it.
fn text(path: &Path) -> Result<(String, Option<Remark>), String> {
    let cannot = |error: std::io::Error| format!("cannot read it: {}", in_words(&error));
    let file = files::open(path).map_err(|why| format!("cannot read it: {why}"))?;
    let mut bytes = Vec::new();
    // One more than is kept, so that it is known to be longer.
    file.take(LONGEST as u64 + 4).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.contains(&0) {
        return Err("it is no text; it is not read".into());
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (line, is_cut) = {
                let bytes = error.as_bytes();
                let line = bytes[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                // A letter may be cut in two at the end of what is read.
                (line, bytes.len() > LONGEST && error.utf8_error().valid_up_to() + 4 > bytes.len())
            };
            let remark = Remark { line: Some(line), text: "it is no text in UTF-8; save it as UTF-8".into() };
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(remark).filter(|_| !is_cut))
        }
    })
}

fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".into(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test makes its own files")]

    use std::os::unix::fs::symlink;

    use super::*;
    use crate::{runbook::Alert, signal::Labels};

    fn folder(path: &Path) -> Vec<RunbookFolder> {
        vec![RunbookFolder { path: path.into(), url: None }]
    }

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn names(library: &Library) -> Vec<&str> {
        library.books.iter().map(|book| book.relative.as_str()).collect()
    }

    fn told(library: &Library, root: &Path) -> Vec<String> {
        let root = root.display().to_string();
        library.remarks().map(|remark| remark.replace(&root, "R")).collect()
    }

    #[test]
    fn a_folder_is_read_with_those_in_it() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path();
        for file in ["b.md", "a/c.markdown", "a/b/README.MD", ".git/x.md", "notes.txt"] {
            write(root, file, "# X\n");
        }
        let library = read(&folder(root));
        assert_eq!(names(&library), ["a/b/README.MD", "a/c.markdown", "b.md"]);
        assert_eq!(library.books[2].file, root.join("b.md").display().to_string());
        assert_eq!(told(&library, root), Vec::<String>::new());
    }

    #[test]
    fn what_leads_out_or_round_is_not_followed_and_said() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path().join("books");
        write(&root, "a/x.md", "# X\n");
        write(place.path(), "secret.md", "# Secret\n");
        symlink("../secret.md", root.join("out.md")).expect("a link");
        symlink("/etc", root.join("etc")).expect("a link");
        symlink("..", root.join("a/loop")).expect("a link");
        symlink("gone", root.join("dead.md")).expect("a link");
        symlink("a/x.md", root.join("same.md")).expect("a link");
        let library = read(&folder(&root));
        assert_eq!(names(&library), ["a/x.md", "same.md"]);
        assert_eq!(
            told(&library, &root),
            [
                "R/a/loop: it is a link to a folder that is read already, or to one it is in; it is not followed",
                "R/dead.md: it is a link that leads nowhere: it does not exist",
                "R/etc: it is a link that leads out of the folder; it is not read",
                "R/out.md: it is a link that leads out of the folder; it is not read",
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_and_the_rest_goes_on() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path();
        write(root, "big.md", &"# Big\né text\n".repeat(800_000));
        fs::write(root.join("latin.md"), b"# A\ncaf\xe9\n").expect("written");
        fs::write(root.join("binary.md"), b"\0\x01").expect("written");
        write(root, "ok.md", "---\nalerts: [A\n---\n# Ok\n");
        let pipe = root.join("pipe.md");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("it runs").success());
        let mut folders = folder(root);
        folders.extend(folder(&root.join("gone")));
        folders.extend(folder(&root.join("ok.md")));
        let library = read(&folders);
        assert_eq!(names(&library), ["big.md", "latin.md", "ok.md"]);
        assert_eq!(
            told(&library, root),
            [
                "R/binary.md: it is no text; it is not read",
                "R/pipe.md: cannot read it: it is a pipe or a device; expected an ordinary file",
                "R/gone: cannot read the folder of runbooks: it does not exist",
                "R/ok.md: expected a folder of runbooks, found a file",
                "R/big.md: it is longer than 256 KiB; the rest is not read",
                "R/latin.md:2: it is no text in UTF-8; save it as UTF-8",
                "R/ok.md:2: expected `]` at the end of the list behind `alerts`",
            ]
        );
    }

    /// What ships is held to what it says: it reads, it is found, and each of its hypotheses can be told from the others.
    #[test]
    fn the_runbooks_that_ship_are_whole() {
        use crate::{
            incident::{Cell, ObservationState, ranking::rank},
            runbook::{Section, boards, dead_links},
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/runbooks");
        let library = read(&folder(&root));
        assert_eq!(told(&library, &root), Vec::<String>::new());
        let books: Vec<_> = library.books.iter().filter(|book| book.relative != "README.md").collect();
        assert_eq!(books.len(), 12);
        for book in books {
            let file = &book.relative;
            for section in [Section::Meaning, Section::Impact, Section::Diagnosis, Section::Mitigation] {
                assert!(book.section(section).is_some(), "{file} has no {}", section.word());
            }
            assert!(
                book.section(Section::Verification).is_some() && book.section(Section::Escalation).is_some(),
                "{file}"
            );
            assert_eq!(dead_links(&library, book, &|_| false), [], "{file}");
            assert!(book.names_alerts() && book.reviewed.is_some() && book.has_board(), "{file}");
            for board in boards(book) {
                let brought = board.unwrap_or_else(|error| panic!("{error}"));
                assert!(!brought.mitigations.is_empty(), "{file} brings nothing that stops it");
                let board = brought.file.board;
                assert!(board.hypotheses.len() >= 3, "{file}: nothing to tell it from");
                for row in &board.hypotheses {
                    // It leads when exactly what it says must or may be there is there.
                    let mut seen = board.clone();
                    for column in &mut seen.observations {
                        column.state = match board.cell(row.id, column.id) {
                            Cell::Must | Cell::Likely => ObservationState::Present,
                            Cell::Unlikely | Cell::Cannot => ObservationState::Absent,
                            Cell::Neutral | Cell::Unassessed => ObservationState::Unclear,
                        };
                    }
                    let ranking = rank(&seen);
                    assert_eq!(ranking.named().next().expect("a row").0, row.id, "{file}: {}", row.text);
                }
            }
        }
        let best = |name: &str| {
            let labels = Labels::of([("alertname", name)]);
            let found = library.matches(Alert { labels: &labels, address: None });
            found.first().map(|one| library.books[one.book].relative.clone())
        };
        assert_eq!(best("DiskFull").as_deref(), Some("disk-full.md"));
        assert_eq!(best("KubeAPIErrorBudgetBurn").as_deref(), Some("bad-deploy.md"));
        assert_eq!(best("NobodyKnows"), None);
    }

    #[test]
    fn only_what_has_changed_is_read_again() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path();
        write(root, "a.md", "# A\n");
        write(root, "b.md", "# B\n");
        let mut shelf = Shelf::default();
        let first = shelf.read(&folder(root));
        write(root, "b.md", "# Better\n");
        fs::remove_file(root.join("a.md")).expect("removed");
        write(root, "c.md", "# C\n");
        let second = shelf.read(&folder(root));
        let titles: Vec<&str> = second.books.iter().map(|book| book.title.as_str()).collect();
        assert_eq!(titles, ["Better", "C"]);
        assert!(first.books.len() == 2 && shelf.has_changed);
        let third = shelf.read(&folder(root));
        assert!(Arc::ptr_eq(&second.books[0], &third.books[0]), "what is as it was is kept");
        assert!(!shelf.has_changed);
        let labels = Labels::of([("alertname", "B")]);
        assert_eq!(third.matches(Alert { labels: &labels, address: None })[0].book, 0);
    }
}
