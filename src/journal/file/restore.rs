//! Puts a journal right that is not as it should be: torn, damaged, cut short, gone or replaced.
//!
//! All of it happens under the lock, and nothing is thrown away: what is cut off or cannot be trusted is kept beside the
//! file first.

use std::{fs, io, io::Write};

use jiff::Timestamp;

use super::{
    Journal, Rest, Warning, disk,
    line::{self, After, Header},
    replay::{Part, whole_lines},
};
use crate::{incident::event::Event, journal::JournalError};

impl Journal {
    /// Reads what is new and makes the file ready to be appended to. Returns events that tell of it.
    pub(super) fn put_right(&mut self, now: Timestamp) -> Result<Vec<Event>, JournalError> {
        let mut told = Vec::new();
        let mut rest = self.look()?;
        if matches!(rest, Rest::Lost) {
            self.restore()?;
            rest = self.look()?;
        }
        self.may_write()?;
        match rest {
            Rest::Nothing => {}
            Rest::Torn(torn) => told.push(self.repair(&torn)?),
            // Removed again before it could be read again.
            Rest::Lost => return Err(JournalError::io("read", &self.path())(io::ErrorKind::NotFound.into())),
        }
        if !self.part.damaged.is_empty() {
            self.link(now)?;
        }
        if self.part.raw.is_empty() {
            self.begin_again(now)?;
        }
        if self.known.last_used() == 0 && self.lost.is_empty() {
            told.insert(0, Event::IncidentOpened { title: self.id.clone(), drill: false });
        }
        Ok(told)
    }

    /// Cuts off a line that lacks its end, after keeping it beside the file.
    fn repair(&mut self, torn: &[u8]) -> Result<Event, JournalError> {
        let kept = self.keep("torn", torn)?;
        let path = self.path();
        self.file.set_len(self.part.raw.len() as u64).map_err(JournalError::io("cut", &path))?;
        let bytes = torn.len() as u64;
        self.warnings.push(Warning::TailRepaired { bytes, kept: kept.clone() });
        Ok(Event::TailRepaired { bytes, kept })
    }

    /// Leaves a part with damaged lines as it is and goes on in a new one.
    fn link(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let damaged: Vec<_> = self.part.damaged.iter().flat_map(|at| &self.part.raw[at.clone()]).copied().collect();
        let kept = self.keep("damaged", &damaged)?;
        let from = self.part.name();
        let next = Part::new(self.part.number + 1);
        // Whole or not there at all: other writers find the next part by its name.
        disk::put(&self.folder, &next.name(), &self.header(&next, now)?)?;
        self.unsynced.name();
        self.warnings.push(Warning::Linked { from, kept, to: next.name() });
        self.look().map(drop)
    }

    /// Writes the header of a part that lost even that.
    fn begin_again(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let header = self.header(&self.part, now)?;
        self.write(&header)
    }

    fn header(&self, part: &Part, now: Timestamp) -> Result<Vec<u8>, JournalError> {
        let before = part.number.checked_sub(1).filter(|&number| number > 0).map(Part::new);
        let after = before.map(|before| After { file: before.name(), seq: self.known.last_used() });
        let mut bytes = Vec::new();
        line::encode_header(&mut bytes, &Header::new(&self.id, now, after))?;
        Ok(bytes)
    }

    /// Puts the file right that is gone or is not what it was.
    fn restore(&mut self) -> Result<(), JournalError> {
        let path = self.path();
        let on_disk = match disk::read_path(&path) {
            Ok(on_disk) => on_disk,
            // What is no file holds nothing, and gives way to the file.
            Err(_) if disk::is_no_file(&path) => Vec::new(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(JournalError::io("read", &path)(error)),
        };
        let (whole, torn) = on_disk.split_at(whole_lines(&on_disk));
        let Some(gone) = self.part.raw.strip_prefix(whole) else { return self.rebase() };
        if !gone.starts_with(torn) {
            self.keep("torn", torn)?;
        }
        disk::put(&self.folder, &self.part.name(), &self.part.raw)?;
        self.unsynced.all();
        self.warnings.push(Warning::Rewritten { file: self.part.name() });
        Ok(())
    }

    /// Someone put another file in the journal's place: that file counts, and what it lacks is added to it.
    pub(super) fn rebase(&mut self) -> Result<(), JournalError> {
        let mut other = Self::open(&self.folder, &[])?;
        let ours = self.part.raw.split(|&byte| byte == b'\n').filter_map(|line| line::decode(line).ok());
        self.lost.extend(ours);
        self.lost.retain(|entry| !other.known.ids.contains(&entry.id));
        self.warnings.push(Warning::Rebased { file: self.part.name(), added: self.lost.len() });
        self.warnings.append(&mut other.warnings);
        (self.fresh, self.rebased) = (other.loaded, true);
        (self.part, self.known) = (other.part, other.known);
        (self.file, self.identity, self.writable) = (other.file, other.identity, other.writable);
        self.unsynced.all();
        Ok(())
    }

    /// Keeps bytes beside the file, under a name that is free; returns the name.
    pub(super) fn keep(&self, what: &str, bytes: &[u8]) -> Result<String, JournalError> {
        let mut name = format!("{}.{what}", self.part.name());
        let mut n = 1;
        loop {
            let path = self.folder.join(&name);
            match disk::new_file(&path) {
                Ok(mut file) => {
                    let written = file.write_all(bytes).map(|()| name).map_err(JournalError::io("write", &path));
                    // On a full disk it is tried again and again.
                    return written.inspect_err(|_| drop(fs::remove_file(&path)));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    n += 1;
                    name = format!("{}.{what}-{n}", self.part.name());
                }
                Err(error) => return Err(JournalError::io("create", &path)(error)),
            }
        }
    }
}
