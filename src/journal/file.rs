//! A journal that is open: append and tail.
//!
//! Nothing on disk is changed except under the lock. Nothing that was read is ever forgotten: all whole lines of the
//! current part are kept in memory as they stood, so that a file someone removes can be written again.
#![expect(clippy::disallowed_methods, reason = "what tailing puts right is stamped with the time")]

pub(super) mod disk;
pub(super) mod line;
pub(super) mod lock;
pub(super) mod replay;
mod restore;
pub(super) mod spill;
mod sync;

use std::{
    collections::HashSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;

pub(super) use self::sync::SyncJob;
use self::{
    disk::Identity,
    line::Header,
    lock::{Guard, Lock, PATIENCE},
    replay::{Known, Part},
    spill::{Place, Spill},
    sync::Unsynced,
};
pub use self::{line::Damage, replay::Warning, spill::Spilled};
use super::{JournalError, author};
use crate::incident::{
    Id, Ids,
    event::{Draft, Entry, Event},
};

/// How many bytes of the last line are read again with what follows; its checksum is among them.
const OVERLAP: usize = 64;

/// How many looks in a row may do without asking whether the log goes on in another part, which is rare.
const GLANCES: u8 = 3;

/// An incident's journal, open for appending and tailing.
#[derive(Debug)]
pub struct Journal {
    id: String,
    folder: PathBuf,
    lock: Lock,
    patience: Duration,
    ids: Ids,
    /// The part that is appended to.
    part: Part,
    file: File,
    identity: Identity,
    writable: bool,
    known: Known,
    /// What the journal held when it was opened.
    loaded: Vec<Entry>,
    /// Read since, not handed out yet.
    fresh: Vec<Entry>,
    /// `fresh` is all of another log: what was handed out before no longer holds.
    rebased: bool,
    /// Entries that only this process has, after the file was replaced; to be written again.
    lost: Vec<Entry>,
    /// What tells of repairs and is not in the log yet.
    untold: Vec<Draft>,
    /// Entries that the file did not take.
    spill: Spill,
    warnings: Vec<Warning>,
    unsynced: Unsynced,
    /// Looks since it was last asked for another part.
    glances: u8,
}

/// What stands in the file behind the whole lines that were read.
#[derive(Debug)]
enum Rest {
    Nothing,
    /// A line without its newline: cut short, or being written right now.
    Torn(Vec<u8>),
    /// The file is gone, is no file any more, or does not begin with what was read from it.
    Lost,
}

/// An entry on its way into the log.
struct Item<'a> {
    id: Id,
    at: Timestamp,
    by: &'a str,
    event: &'a Event,
}

impl<'a> Item<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self { id: entry.id, at: entry.at, by: &entry.by, event: &entry.event }
    }
}

/// What a log has that was not handed out before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tail {
    /// In order of the log, others' entries before one's own.
    pub entries: Vec<Entry>,
    /// What was handed out before no longer holds: `entries` is the whole log, and what was shown must be built anew.
    pub rebased: bool,
}

impl Journal {
    /// Adds entries and returns everything that is new since the last call. Drafts whose id or
    /// [key](crate::incident::Event::dedup_key) the log already has are skipped.
    ///
    /// The tail is rebased when someone put another file in the log's place. What the file does not take is spilled, and is
    /// handed out with a provisional number; when others took that number, the tail is rebased as well.
    ///
    /// On an error nothing was added, and what others added is kept for the next call.
    pub fn append(&mut self, author: &str, drafts: &[Draft], now: Timestamp) -> Result<Tail, JournalError> {
        match self.append_here(self.patience, author, drafts, now) {
            // It is written; what cannot be handed out now, as a part before is out of reach, is with a later call.
            Ok(()) => Ok(self.hand_out().unwrap_or_default()),
            Err(why) if why.is_for_the_spill() => self.put_in_spill(author, drafts, now, why),
            Err(error) => Err(error),
        }
    }

    /// Returns what others added since the last call, as [`append`](Self::append) does.
    pub fn tail(&mut self) -> Result<Tail, JournalError> {
        let lost = matches!(self.glance()?, Rest::Lost);
        if (lost || self.spill.is_waiting()) && self.may_write().is_ok() {
            // Not worth waiting for: whoever holds the lock may be putting it right.
            match self.append_here(Duration::ZERO, &author(None), &[], Timestamp::now()) {
                Ok(()) | Err(JournalError::Busy { .. }) => {}
                // Known, and tried again with the next look.
                Err(error) if self.spill.is_waiting() && error.is_for_the_spill() => {}
                Err(error) => return Err(error),
            }
        }
        self.hand_out()
    }

    /// Begins the journal of a new incident in `folder`, which must be new and empty.
    pub(super) fn create(
        folder: &Path,
        title: &str,
        drill: bool,
        by: &str,
        now: Timestamp,
        spills: &[PathBuf],
    ) -> Result<Self, JournalError> {
        let path = folder.join(super::FILE);
        let event = Event::IncidentOpened { title: title.to_owned(), drill };
        let mut bytes = Vec::new();
        line::encode_header(&mut bytes, &Header::new(&disk::id_of(folder), now, None))?;
        line::encode(&mut bytes, 1, super::ids().next(now), now, by, &event)?;
        let mut file = disk::new_file(&path).map_err(JournalError::io("create", &path))?;
        disk::write_once(&mut file, &path, &bytes, 0)?;
        let mut journal = Self::open(folder, spills)?;
        journal.unsynced.all();
        Ok(journal)
    }

    /// Opens the journal in `folder` and reads it, and what was left for it in the folders for second journals. Takes no
    /// lock and changes nothing: repairs and what is to be merged wait for the first append.
    pub(super) fn open(folder: &Path, spills: &[PathBuf]) -> Result<Self, JournalError> {
        let (mut known, mut loaded, mut warnings) = (Known::default(), Vec::new(), Vec::new());
        let mut part = Part::new(1);
        let (file, identity, writable) = loop {
            let path = folder.join(part.name());
            let (file, writable) = disk::open_either(&path)?;
            let (identity, bytes) = disk::read_all(&file).map_err(JournalError::io("read", &path))?;
            part.feed_file(bytes, &mut known, &mut loaded, &mut warnings);
            let next = Part::new(part.number + 1);
            if !folder.join(next.name()).exists() {
                break (file, identity, writable);
            }
            part = next;
        };
        let spill = Spill::open(Place::new(spills, folder), &known, &mut warnings);
        loaded.extend_from_slice(&spill.entries);
        Ok(Self {
            id: disk::id_of(folder),
            folder: folder.to_owned(),
            lock: Lock::new(folder),
            patience: PATIENCE,
            ids: super::ids(),
            part,
            file,
            identity,
            writable,
            known,
            loaded,
            fresh: Vec::new(),
            rebased: false,
            lost: Vec::new(),
            untold: Vec::new(),
            spill,
            warnings,
            unsynced: Unsynced::default(),
            glances: 0,
        })
    }

    /// Returns what others wrote since the last call, without ever changing anything on disk; for those who only read.
    /// A file that is gone is an error, one that was put in its place is the log from then on.
    pub fn follow(&mut self) -> Result<Tail, JournalError> {
        if matches!(self.glance()?, Rest::Lost) {
            self.rebase()?;
            self.lost.clear();
        }
        self.hand_out()
    }

    /// The incident's id: the name of its folder.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The file that is appended to.
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.part.name())
    }

    /// What it held when it was opened.
    pub fn entries(&self) -> &[Entry] {
        &self.loaded
    }

    /// Gives away what it held when it was opened; [`entries`](Self::entries) is empty afterwards.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.loaded)
    }

    /// What a person should know about it and has not been told yet.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// Whether this version knows the format well enough to append.
    pub(super) fn check_format(&self) -> Result<(), JournalError> {
        match self.part.newer_format() {
            Some(found) => Err(JournalError::NewerFormat { path: self.path(), found: found.to_owned() }),
            None => Ok(()),
        }
    }

    /// Whether the log holds this entry, in a spill or where it belongs.
    pub(super) fn has(&self, id: Id) -> bool {
        self.known.ids.contains(&id) || self.spill.entries.iter().any(|entry| entry.id == id)
    }

    /// How long an append waits for the lock.
    pub(super) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    fn may_write(&mut self) -> Result<(), JournalError> {
        self.check_format()?;
        let path = self.path();
        // It may have become writable since.
        if !self.writable
            && let Ok((file, true)) = disk::open_either(&path)
            && file.metadata().is_ok_and(|meta| disk::identity(&meta) == self.identity)
        {
            (self.file, self.writable) = (file, true);
        }
        if self.writable { Ok(()) } else { Err(JournalError::ReadOnly { path }) }
    }

    fn acquire(&mut self, patience: Duration) -> Result<Guard, JournalError> {
        if !self.folder.exists() {
            disk::make_folder(&self.folder)?;
        }
        self.lock.acquire(patience)
    }

    /// Appends to the file, and with it all that it lacks.
    fn append_here(
        &mut self,
        patience: Duration,
        author: &str,
        drafts: &[Draft],
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.may_write()?;
        let _until_the_end = self.acquire(patience)?;
        for event in self.put_right(now)? {
            self.untold.push(Draft { id: self.ids.next(now), event });
        }
        let drafts = self.untold.iter().chain(drafts).map(|d| Item { id: d.id, at: now, by: author, event: &d.event });
        let lacking = self.lost.iter().chain(&self.spill.entries).map(Item::of);
        let bytes = encode(&self.known, &[], lacking.chain(drafts))?;
        self.write(&bytes)?;
        self.lost.clear();
        self.untold.clear();
        self.merged();
        Ok(())
    }

    /// Like [`look`](Self::look), and mostly one `stat`, because it is done twice a second for hours. Whoever is to write
    /// must look: it could be in a part that is no longer the last one.
    fn glance(&mut self) -> Result<Rest, JournalError> {
        let read = self.part.raw.len() as u64;
        let is_still = |meta: fs::Metadata| disk::identity(&meta) == self.identity && meta.len() == read;
        if self.glances < GLANCES && fs::metadata(self.path()).is_ok_and(is_still) {
            self.glances += 1;
            return Ok(Rest::Nothing);
        }
        self.glances = 0;
        self.look()
    }

    /// Reads what is new. Never changes anything on disk.
    fn look(&mut self) -> Result<Rest, JournalError> {
        loop {
            let path = self.path();
            let meta = match fs::metadata(&path) {
                Ok(meta) if meta.is_file() => meta,
                Ok(_) => return Ok(Rest::Lost),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Rest::Lost),
                Err(error) => return Err(JournalError::io("look at", &path)(error)),
            };
            let read = self.part.raw.len() as u64;
            let new = if disk::identity(&meta) != self.identity {
                let (file, writable) = match disk::open_either(&path) {
                    Err(JournalError::NotFound { .. }) => return Ok(Rest::Lost),
                    opened => opened?,
                };
                let (identity, bytes) = disk::read_all(&file).map_err(JournalError::io("read", &path))?;
                let Some(new) = bytes.strip_prefix(self.part.raw.as_slice()) else { return Ok(Rest::Lost) };
                (self.file, self.identity, self.writable) = (file, identity, writable);
                new.to_vec()
            } else if meta.len() < read {
                return Ok(Rest::Lost);
            } else if meta.len() > read {
                // With the end of the last line read, whose checksum tells whether the file was cut and then grew again.
                let overlap = self.part.raw.len().saturating_sub(OVERLAP);
                let bytes = disk::read_from(&self.file, overlap as u64).map_err(JournalError::io("read", &path))?;
                let Some(new) = bytes.strip_prefix(&self.part.raw[overlap..]) else { return Ok(Rest::Lost) };
                new.to_vec()
            } else {
                Vec::new()
            };
            let taken = self.part.feed(&new, &mut self.known, &mut self.fresh, &mut self.warnings);
            if taken < new.len() {
                return Ok(Rest::Torn(new[taken..].to_vec()));
            }
            if !self.advance()? {
                return Ok(Rest::Nothing);
            }
        }
    }

    /// Goes on to the next part, if there is one.
    fn advance(&mut self) -> Result<bool, JournalError> {
        let next = Part::new(self.part.number + 1);
        let path = self.folder.join(next.name());
        let (file, writable) = match disk::open_either(&path) {
            Err(JournalError::NotFound { .. }) => return Ok(false),
            opened => opened?,
        };
        let meta = file.metadata().map_err(JournalError::io("look at", &path))?;
        let before = std::mem::replace(&mut self.file, file);
        self.unsynced.leave(before);
        (self.part, self.identity, self.writable) = (next, disk::identity(&meta), writable);
        Ok(true)
    }

    /// Writes whole lines at the end of the file, in one go, and takes them in as if they had been read.
    fn write(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let path = self.path();
        disk::write_once(&mut self.file, &path, bytes, self.part.raw.len() as u64)?;
        self.unsynced.from(self.known.last_used() + 1);
        self.part.feed(bytes, &mut self.known, &mut self.fresh, &mut self.warnings);
        Ok(())
    }
}

/// The lines of those items that neither the file nor the spill has yet, numbered on.
fn encode<'a>(
    known: &Known,
    spilled: &'a [Entry],
    items: impl Iterator<Item = Item<'a>>,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    let mut seq = known.last_used() + spilled.len() as u64;
    let mut ids: HashSet<_> = spilled.iter().map(|entry| entry.id).collect();
    let mut keys: HashSet<_> = spilled.iter().filter_map(|entry| entry.event.dedup_key()).collect();
    for Item { id, at, by, event } in items {
        let key = event.dedup_key();
        if known.ids.contains(&id) || !ids.insert(id) {
            continue;
        }
        if key.is_some_and(|key| known.keys.contains(key) || !keys.insert(key)) {
            continue;
        }
        seq += 1;
        line::encode(&mut bytes, seq, id, at, by, event)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Home;

    #[test]
    fn without_locks_one_writes_and_the_others_follow_until_it_ends() {
        let data = tempfile::tempdir().expect("a folder");
        let home = Home::at(data.path()).with_second_in(data.path().join("run"));
        let now = Timestamp::UNIX_EPOCH;
        let note = |text: &str| {
            let event = Event::Noted { text: text.into(), when: None };
            [Draft { id: crate::journal::ids().next(now), event }]
        };
        let mut first = home.create("x", false, "a", now).expect("a journal");
        let mut second = home.open(first.id()).expect("a journal");
        for journal in [&mut first, &mut second] {
            journal.lock = Lock::without_locks(&journal.folder);
        }
        let one = first.append("a", &note("one"), now).expect("it is the first");
        let error = second.append("b", &note("two"), now).expect_err("another owns it");
        assert!(
            matches!(&error, JournalError::Owned { owner, .. } if owner.ends_with(&std::process::id().to_string()))
        );
        assert_eq!(second.spilled(), None, "who may only read writes nothing anywhere");
        assert_eq!(second.tail().expect("it may be read"), one);
        drop(first);
        assert_eq!(second.append("b", &note("two"), now).expect("nobody owns it").entries.len(), 1);
    }
}
