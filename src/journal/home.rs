//! The data folder: which incidents there are, which one is meant when none is named, and how one is begun.
//!
//! Reading takes no lock and writes nothing, so it works on a disk that is full, read-only, or someone else's.
#![expect(clippy::disallowed_methods, reason = "this is where the data folder is read")]

use std::{
    ffi::OsString,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Journal, JournalError, Listing, Warning,
    file::{
        disk,
        replay::{Known, Part},
        spill::Place,
    },
    listing,
    name::{self, Named},
    private,
};
use crate::incident::event::Entry;

/// An unclosed incident is taken up again when its last entry is younger than this.
pub const RESUME_WITHIN: Duration = Duration::from_secs(4 * 60 * 60);

/// Longest part of an id that comes from the title, in bytes.
const LONGEST_SLUG: usize = 40;

/// The folder all journals are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
    /// Folders for second journals, best first.
    second: Vec<PathBuf>,
}

/// A journal as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// The incident's id.
    pub id: String,
    /// Its entries, in order of the log.
    pub entries: Vec<Entry>,
    /// What a person should know about it.
    pub warnings: Vec<Warning>,
}

impl Contents {
    /// Those of the entries that the journal itself lacks: they come last.
    fn lacking(mut self) -> Vec<Entry> {
        let in_second = |warning: &Warning| match warning {
            Warning::InSpill { entries, .. } => *entries,
            _ => 0,
        };
        let count: usize = self.warnings.iter().map(in_second).sum();
        self.entries.split_off(self.entries.len() - count)
    }
}

impl Home {
    /// The data folder at `folder`. Touches nothing.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), second: private::runtime_folders() }
    }

    /// The same, with second journals in this folder, which must be this user's alone.
    pub fn with_second_in(self, folder: impl Into<PathBuf>) -> Self {
        Self { second: vec![folder.into()], ..self }
    }

    /// `$STANCH_DATA`, else `stanch` in the platform's folder for data.
    pub fn default_path() -> Result<PathBuf, JournalError> {
        default_path(cfg!(target_os = "macos"), |name| std::env::var_os(name)).ok_or(JournalError::NoDataFolder)
    }

    /// The data folder itself.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// All incidents, newest first. A data folder that is not there yet holds none.
    pub fn incidents(&self) -> Result<Vec<Listing>, JournalError> {
        Ok(self.newest_first()?.collect())
    }

    /// The one that is meant when none is named: the newest that is not closed, else the newest. Ones that cannot be read
    /// are passed over.
    pub fn newest(&self) -> Result<Option<Listing>, JournalError> {
        let mut newest = None;
        for listing in self.newest_first()?.filter(|listing| listing.unreadable.is_none()) {
            if !listing.is_closed() {
                return Ok(Some(listing));
            }
            newest.get_or_insert(listing);
        }
        Ok(newest)
    }

    /// The one a cockpit takes up again: the newest that is not closed, if its last entry is younger than
    /// [`RESUME_WITHIN`]. A drill is never taken up in place of an outage.
    pub fn resumable(&self, now: Timestamp) -> Result<Option<Listing>, JournalError> {
        let open = |listing: &Listing| listing.unreadable.is_none() && !listing.is_closed() && !listing.summary.drill;
        let newest = self.newest_first()?.find(open);
        let age = |last: Timestamp| Duration::try_from(now.duration_since(last)).unwrap_or_default();
        Ok(newest.filter(|listing| listing.last.is_some_and(|last| age(last) < RESUME_WITHIN)))
    }

    /// The id of the incident that a person calls so: a whole id, a part of it that no other has, or `last`, `-1`, `-2` …
    /// for the newest and those before it.
    pub fn named(&self, given: &str) -> Result<String, JournalError> {
        // Without a look at the others: the folder may be large.
        if self.folder_of(given).is_ok() {
            return Ok(given.to_owned());
        }
        let unknown = || JournalError::NotFound { id: given.to_owned(), folder: self.incidents_folder() };
        let mut ids = names(&self.incidents_folder())?;
        ids.retain(|id| self.folder_of(id).is_ok());
        ids.sort_unstable_by(|a, b| b.cmp(a));
        match name::named(given, &ids) {
            Named::Id(id) => Ok(id),
            Named::Older(older) => self.newest_first()?.nth(older).map(|listing| listing.id).ok_or_else(unknown),
            Named::Several(ids) => Err(JournalError::Ambiguous { given: given.to_owned(), ids }),
            Named::Nothing => Err(unknown()),
        }
    }

    /// The id of the incident that a word in front of other words names: a whole id, or one by its time (`0312`), which
    /// hardly any text begins with.
    pub fn named_in_front(&self, word: &str) -> Option<String> {
        let id = self.named(word).ok()?;
        (id == word || name::is_time_of(word, &id)).then_some(id)
    }

    /// Begins an incident. Its id is made of the time and the title; a name that is taken gets `-2`, `-3` ….
    pub fn create(&self, title: &str, drill: bool, author: &str, now: Timestamp) -> Result<Journal, JournalError> {
        let incidents = self.incidents_folder();
        disk::make_folder(&incidents)?;
        let id = format!("{}-{}", now.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d-%H%M"), slug(title));
        let mut folder = incidents.join(&id);
        for n in 2.. {
            match DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    folder = incidents.join(format!("{id}-{n}"))
                }
                Err(error) => return Err(JournalError::io("create", &folder)(error)),
            }
        }
        Journal::create(&folder, title, drill, author, now, &self.second)
    }

    /// Opens an incident for appending and tailing.
    pub fn open(&self, id: &str) -> Result<Journal, JournalError> {
        let journal = Journal::open(&self.folder_of(id)?, &self.second)?;
        journal.check_format()?;
        Ok(journal)
    }

    /// Reads an incident, and behind it what second journals hold that it lacks. Takes no lock, writes nothing, and reads
    /// what it can of a newer format.
    pub fn read(&self, id: &str) -> Result<Contents, JournalError> {
        let folder = self.folder_of(id)?;
        // Before the journal: what is merged meanwhile is then in both, not in neither.
        let second = Place::new(&self.second, &folder).found();
        let mut contents = Contents { id: id.to_owned(), ..Contents::default() };
        let mut known = Known::default();
        for number in 1.. {
            let mut part = Part::new(number);
            let path = folder.join(part.name());
            let take = |bytes: &[u8]| part.read(bytes, &mut known, &mut contents.entries, &mut contents.warnings);
            match disk::in_pieces(&path, take) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && number > 1 => break,
                read => read.map_err(JournalError::io("read", &path))?,
            }
        }
        // Only what lies elsewhere is compared with what is here.
        if second.iter().any(|found| !found.entries.is_empty()) {
            known.note_all(&contents.entries);
        }
        for found in second {
            let (path, before) = (found.path.display().to_string(), contents.entries.len());
            for entry in found.entries {
                if !known.has(&entry) {
                    known.seq = known.last_used() + 1;
                    // Of two processes whose second journals lie there each may have seen the same.
                    known.note(&entry);
                    contents.entries.push(Entry { seq: known.seq, ..entry });
                }
            }
            match contents.entries.len() - before {
                0 => {}
                entries => contents.warnings.push(Warning::InSpill { path, entries }),
            }
        }
        Ok(contents)
    }

    pub(super) fn incidents_folder(&self) -> PathBuf {
        self.folder.join("incidents")
    }

    fn folder_of(&self, id: &str) -> Result<PathBuf, JournalError> {
        let incidents = self.incidents_folder();
        let folder = incidents.join(id);
        // An id is a name, never a way to another folder.
        if is_plain_name(id) && folder.join(super::FILE).exists() {
            return Ok(folder);
        }
        Err(JournalError::NotFound { id: id.to_owned(), folder: incidents })
    }

    /// Reads only as many incidents as are asked for: ids begin with the minute, so only those of one minute need be read
    /// to know their order.
    fn newest_first(&self) -> Result<impl Iterator<Item = Listing>, JournalError> {
        let folder = self.incidents_folder();
        let mut names = names(&folder)?;
        names.sort_unstable_by(|a, b| b.cmp(a));
        let minutes: Vec<Vec<String>> = names.chunk_by(|a, b| minute(a) == minute(b)).map(<[_]>::to_vec).collect();
        let home = self.clone();
        let list = move |id: &String| {
            let folder = folder.join(id);
            // Hardly ever is there one: only then are all lines read, to know what the journal lacks.
            let second = if Place::new(&home.second, &folder).found().is_empty() { None } else { home.read(id).ok() };
            listing::list(id, parts(&folder), &second.map(|contents| contents.lacking()).unwrap_or_default())
        };
        Ok(minutes.into_iter().flat_map(move |names| {
            let mut listings: Vec<_> = names.iter().map(&list).collect();
            listings.sort_by(|a, b| (b.summary.opened, &b.id).cmp(&(a.summary.opened, &a.id)));
            listings
        }))
    }
}

fn default_path(macos: bool, env: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("STANCH_DATA") {
        return Some(folder);
    }
    // The XDG specification says to ignore a path that is not absolute.
    let xdg = set("XDG_DATA_HOME").filter(|path| path.is_absolute() && !macos);
    let below_home = if macos { "Library/Application Support" } else { ".local/share" };
    Some(xdg.or_else(|| Some(set("HOME")?.join(below_home)))?.join("stanch"))
}

/// The parts of the journal in `folder`, unread, with their bytes.
pub(super) fn parts(folder: &Path) -> Result<Vec<(Part, Vec<u8>)>, JournalError> {
    let mut parts = Vec::new();
    for number in 1.. {
        let part = Part::new(number);
        let path = folder.join(part.name());
        match disk::read_path(&path) {
            Ok(bytes) => parts.push((part, bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && number > 1 => break,
            Err(error) => return Err(JournalError::io("read", &path)(error)),
        }
    }
    Ok(parts)
}

pub(super) fn names(folder: &Path) -> Result<Vec<String>, JournalError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(JournalError::io("list", folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(JournalError::io("list", folder))?;
        let name = entry.file_name().into_string().ok().filter(|name| is_plain_name(name));
        names.extend(name.filter(|_| entry.file_type().is_ok_and(|kind| !kind.is_file())));
    }
    Ok(names)
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\0'])
}

/// `2026-11-22-0312`
fn minute(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

/// A title as a part of a file name: `Checkout: 5xx!` becomes `checkout-5xx`.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + 1 + word.len() > LONGEST_SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word[..word.len().min(LONGEST_SLUG)].to_ascii_lowercase());
    }
    if slug.is_empty() { "incident".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: &str) {
        assert_eq!(slug(title), expected);
    }

    #[test]
    fn titles_become_file_names() {
        check("checkout 5xx", "checkout-5xx");
        check("  Checkout: 5xx, p99 > 1 s! ", "checkout-5xx-p99-1-s");
        check("../../etc/passwd", "etc-passwd");
        check("платежи стоят", "incident");
        check("", "incident");
        check(&"word ".repeat(40), "word-word-word-word-word-word-word-word");
        check(&"x".repeat(400), &"x".repeat(40));
    }

    #[track_caller]
    fn check_path(macos: bool, env: &[(&str, &str)], expected: Option<&str>) {
        let get = |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        assert_eq!(default_path(macos, get), expected.map(PathBuf::from), "{env:?}");
    }

    #[test]
    fn the_data_folder_is_where_the_platform_wants_it() {
        let (home, xdg) = (("HOME", "/home/a"), ("XDG_DATA_HOME", "/data"));
        check_path(false, &[home, xdg, ("STANCH_DATA", "/incidents")], Some("/incidents"));
        check_path(false, &[home, xdg, ("STANCH_DATA", "")], Some("/data/stanch"));
        check_path(false, &[home, ("XDG_DATA_HOME", "not/absolute")], Some("/home/a/.local/share/stanch"));
        check_path(true, &[home, xdg], Some("/home/a/Library/Application Support/stanch"));
        check_path(false, &[xdg], Some("/data/stanch"));
        check_path(false, &[], None);
    }
}
