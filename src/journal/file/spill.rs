//! Entries that the journal's own file does not take: spilled to a second journal, shown, and merged.
//!
//! Spilled they have provisional numbers, behind all that the first journal is known to hold. What others write there
//! meanwhile pushes them back; then what the caller was told is no longer the log, and it is told the whole of it.

mod second;

use std::{
    collections::HashSet,
    fs, mem,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

pub use self::second::Place;
use self::second::Second;
use super::{
    Item, Journal, Tail, Warning, disk, encode, line,
    replay::{Known, Part},
};
use crate::{
    incident::{
        Id,
        event::{Draft, Entry},
    },
    journal::JournalError,
};

/// What a second journal holds that the journal does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spilled {
    /// The second journal.
    pub path: PathBuf,
    /// How many entries it holds.
    pub entries: usize,
    /// Why the first did not take them.
    pub why: String,
}

/// The entries in second journals, and where those lie.
#[derive(Debug)]
pub struct Spill {
    place: Place,
    /// What the first journal lacks, in order, with provisional numbers.
    pub entries: Vec<Entry>,
    /// Of those, what the caller knows, and by which numbers.
    told: Vec<(u64, Id)>,
    own: Option<Second>,
    /// What processes that are no more have left.
    left: Vec<PathBuf>,
    why: String,
}

impl Spill {
    /// Takes in what processes that are no more have left, behind what is `known` of the first journal.
    pub fn open(place: Place, known: &Known, warnings: &mut Vec<Warning>) -> Self {
        let why = "stanch ended before the journal took them".to_owned();
        let mut spill = Self { place, entries: Vec::new(), told: Vec::new(), own: None, left: Vec::new(), why };
        // One that came after another may hold what that one held, and may have seen the same.
        let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
        for found in spill.place.found() {
            // Held only while it is looked at: whoever only reads must not keep others from merging it.
            if second::adopt(&found.path).is_none() {
                continue;
            }
            let before = spill.entries.len();
            let lacking = found.entries.into_iter().filter(|entry| {
                let is_new = |key: &str| keys.insert(key.to_owned());
                !known.has(entry) && ids.insert(entry.id) && entry.event.dedup_key().is_none_or(is_new)
            });
            spill.entries.extend(lacking);
            let entries = spill.entries.len() - before;
            if entries > 0 {
                warnings.push(Warning::InSpill { path: shown(&found.path), entries });
            }
            spill.left.push(found.path);
        }
        spill.number_from(known.last_used() + 1);
        spill.told = spill.entries.iter().map(number).collect();
        spill
    }

    /// Whether there is anything to merge.
    pub fn is_waiting(&self) -> bool {
        !self.entries.is_empty()
    }

    fn number_from(&mut self, first: u64) {
        for (seq, entry) in (first..).zip(&mut self.entries) {
            entry.seq = seq;
        }
    }

    /// Writes lines to this process's own second journal.
    fn write(&mut self, lines: &[u8], seq: u64, now: Timestamp) -> Result<(), JournalError> {
        if self.own.as_ref().is_some_and(|own| !own.path.exists()) {
            // Someone tidied up. What was in it is still in memory, and goes to the next one with the rest.
            self.own = None;
        }
        if self.own.is_none() {
            let mut own = self.place.create(seq, now)?;
            let again = encode(&Known::default(), &[], self.entries.iter().map(Item::of));
            if let Err(error) = again.map_err(JournalError::from).and_then(|lines| own.write(&lines)) {
                drop(fs::remove_file(&own.path));
                return Err(error);
            }
            self.own = Some(own);
        }
        self.own.as_mut().map_or(Ok(()), |own| own.write(lines))
    }
}

impl Journal {
    /// Appends entries as [`append`](Self::append) does, and spills them also when another process holds the journal for
    /// too long.
    pub fn record(&mut self, author: &str, drafts: &[Draft], now: Timestamp) -> Result<Tail, JournalError> {
        match self.append(author, drafts, now) {
            Err(error @ JournalError::Busy { .. }) => self.put_in_spill(author, drafts, now, error),
            done => done,
        }
    }

    /// What the first journal has not taken so far, if there is anything.
    pub fn spilled(&self) -> Option<Spilled> {
        let spill = &self.spill;
        let path = spill.own.as_ref().map(|own| &own.path).or(spill.left.first())?;
        let whole = Spilled { path: path.clone(), entries: spill.entries.len(), why: spill.why.clone() };
        spill.is_waiting().then_some(whole)
    }

    /// Puts aside what the first journal did not take for the reason given; that reason again if that fails, too.
    pub(in crate::journal) fn put_in_spill(
        &mut self,
        author: &str,
        drafts: &[Draft],
        now: Timestamp,
        why: JournalError,
    ) -> Result<Tail, JournalError> {
        let drafts = drafts.iter().map(|draft| Item { id: draft.id, at: now, by: author, event: &draft.event });
        let items = self.lost.iter().map(Item::of).chain(drafts);
        let lines = encode(&self.known, &self.spill.entries, items)?;
        if !lines.is_empty() && self.spill.write(&lines, self.known.last_used(), now).is_err() {
            return Err(why);
        }
        self.lost.clear();
        self.spill.why = why.brief();
        // Read back from what was written, like all that is handed out.
        let entries = lines.split(|&byte| byte == b'\n').filter_map(|line| line::decode(line).ok());
        self.spill.entries.extend(entries);
        // As after an append: it is written.
        Ok(self.hand_out().unwrap_or_default())
    }

    /// The first journal has what was spilled. The second is kept until that is on disk.
    pub(super) fn merged(&mut self) {
        let entries = mem::take(&mut self.spill.entries).len();
        let path = self.spill.own.as_ref().map(|own| &own.path).or(self.spill.left.first());
        if let Some(path) = path.filter(|_| entries > 0) {
            self.warnings.push(Warning::Merged { path: shown(path), entries });
        }
    }

    /// What the first journal holds is on disk: second journals whose entries are all there have served.
    pub(super) fn tidy(&mut self) {
        if self.spill.is_waiting() {
            return;
        }
        if let Some(own) = self.spill.own.take() {
            drop(fs::remove_file(&own.path));
        }
        for path in mem::take(&mut self.spill.left) {
            // Held, so that of two that tidy up one keeps what has to be kept.
            let Some(_held) = second::adopt(&path) else { continue };
            let Some(found) = self.spill.place.found().into_iter().find(|found| found.path == path) else { continue };
            let all = found.entries.iter().all(|entry| self.known.has(entry));
            let kept = all && (found.rest.is_empty() || self.keep("second", &found.rest).is_ok());
            if kept {
                drop(fs::remove_file(&path));
            }
        }
    }

    /// Hands out what the caller does not know yet, and all of the log if what it knows no longer holds.
    pub(super) fn hand_out(&mut self) -> Result<Tail, JournalError> {
        self.spill.entries.retain(|entry| !self.known.has(entry));
        self.spill.number_from(self.known.last_used() + 1);
        let told = &self.spill.told;
        let is_long_enough = told.len() <= self.fresh.len() + self.spill.entries.len();
        let mut both = told.iter().zip(self.fresh.iter().chain(&self.spill.entries));
        let holds = is_long_enough && both.all(|(told, now)| *told == number(now));
        // Read before anything is taken: what is not handed out now is handed out with the next call.
        let whole = if self.rebased || holds { None } else { Some(self.whole()?) };
        let rebased = mem::take(&mut self.rebased) || whole.is_some();
        let fresh = mem::take(&mut self.fresh);
        let mut entries = whole.unwrap_or(fresh);
        entries.extend_from_slice(&self.spill.entries);
        let told = mem::replace(&mut self.spill.told, self.spill.entries.iter().map(number).collect());
        if !rebased {
            entries.drain(..told.len());
        }
        Ok(Tail { entries, rebased })
    }

    /// All that was read of the first journal.
    fn whole(&self) -> Result<Vec<Entry>, JournalError> {
        let (mut known, mut entries, mut said) = (Known::default(), Vec::new(), Vec::new());
        for number in 1..self.part.number {
            let mut part = Part::new(number);
            let path = self.folder.join(part.name());
            let bytes = disk::read_path(&path).map_err(JournalError::io("read", &path))?;
            part.read(&bytes, &mut known, &mut entries, &mut said);
        }
        Part::new(self.part.number).read(&self.part.raw, &mut known, &mut entries, &mut said);
        Ok(entries)
    }
}

fn number(entry: &Entry) -> (u64, Id) {
    (entry.seq, entry.id)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        incident::event::Event,
        journal::{Home, ids},
    };

    #[test]
    fn what_cannot_be_handed_out_as_the_part_before_is_not_there_is_handed_out_later() {
        let data = tempfile::tempdir().expect("a folder");
        let home = Home::at(data.path()).with_second_in(data.path().join("run"));
        let now = Timestamp::UNIX_EPOCH;
        let note = |text: &str| {
            let event = Event::Noted { text: text.into(), when: None };
            [Draft { id: ids().next(now), event }]
        };
        // A damaged line makes the log go on in a second part.
        let first = home.create("x", false, "a", now).expect("a journal").path();
        let mut bytes = fs::read(&first).expect("bytes");
        bytes.extend(b"no line\n");
        fs::write(&first, bytes).expect("written");
        let id = disk::id_of(first.parent().expect("a folder"));
        let mut alice = home.open(&id).expect("a journal");
        alice.append("alice", &note("one"), now).expect("appended");
        assert_ne!(alice.path(), first);

        // A spilled entry of which others take the number, while the first part is out of reach.
        let lock = first.with_file_name("lock");
        fs::remove_file(&lock).expect("removed");
        fs::create_dir(&lock).expect("a folder in the way");
        assert_eq!(alice.append("alice", &note("spilled"), now).expect("spilled").entries.len(), 1);
        fs::remove_dir(&lock).expect("removed");
        let mut bob = home.open(&id).expect("a journal");
        bob.append("bob", &note("of bob"), now).expect("appended");
        let aside = first.with_file_name("aside");
        fs::rename(&first, &aside).expect("moved");
        assert!(alice.tail().is_err());
        // What is written is not refused, though it cannot be handed out.
        assert_eq!(alice.append("alice", &note("behind it"), now).expect("written"), Tail::default());
        fs::rename(&aside, &first).expect("moved back");
        let tail = alice.tail().expect("a tail");
        assert!(tail.rebased, "the number of what was spilled is another");
        assert_eq!(tail.entries, home.read(&id).expect("a journal").entries);
        assert!(
            matches!(&tail.entries.last().expect("an entry").event, Event::Noted { text, .. } if text == "behind it")
        );
        assert_eq!(alice.tail().expect("a tail"), Tail::default());
    }
}
