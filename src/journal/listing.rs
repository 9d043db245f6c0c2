//! One row of the list of incidents.
//!
//! Made without reading every line: only what can still change the [`Summary`] is parsed, everything else is skipped by
//! its fixed beginning, so that hundreds of incidents list in a moment. What counts, and for what, is not decided here.

use jiff::Timestamp;

use super::{
    JournalError,
    file::{
        line::{self, Header},
        replay::{Part, whole_lines},
    },
};
use crate::incident::{
    Status, Summary,
    effective::{Admitted, Effective},
    event::Entry,
};

/// An incident, in short.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Its id.
    pub id: String,
    /// What it is called and where it stands.
    pub summary: Summary,
    /// When its last entry was written.
    pub last: Option<Timestamp>,
    /// How many entries it has.
    pub entries: u64,
    /// Why it cannot be read, or not as a whole.
    pub unreadable: Option<String>,
}

impl Listing {
    /// Whether it has been learned from.
    pub fn is_closed(&self) -> bool {
        self.summary.status == Status::Closed
    }
}

/// The row of the incident `id` from the parts of its journal, and what is in second journals only.
pub(super) fn list(id: &str, parts: Result<Vec<(Part, Vec<u8>)>, JournalError>, second: &[Entry]) -> Listing {
    let parts = match parts {
        Ok(parts) => parts,
        Err(error) => return Listing { id: id.to_owned(), unreadable: Some(error.to_string()), ..Listing::default() },
    };
    let (listing, undone) = skim(id, &parts, second, Effective::default());
    // Hardly ever is anything undone: only then is what was read in the belief that nothing is read once more.
    if undone.is_untouched() { listing } else { skim(id, &parts, second, undone).0 }
}

/// The row in the belief that this is undone, and what is undone indeed.
fn skim(id: &str, parts: &[(Part, Vec<u8>)], second: &[Entry], undone: Effective) -> (Listing, Effective) {
    let mut skim = Skim { effective: undone, ..Skim::default() };
    skim.listing.id = id.to_owned();
    for (part, bytes) in parts {
        if let Err(reason) = skim.part(&bytes[..whole_lines(bytes)]) {
            skim.listing.unreadable = Some(format!("{} {reason}", part.name()));
        }
    }
    skim.listing.entries += second.len() as u64;
    skim.listing.last = skim.listing.last.max(second.iter().map(|entry| entry.at).max());
    second.iter().for_each(|entry| skim.take(entry));
    (skim.listing, skim.heard)
}

#[derive(Default)]
struct Skim {
    listing: Listing,
    effective: Effective,
    /// What the log says is undone, as far as it was read.
    heard: Effective,
    /// The last number that was given.
    seq: u64,
}

impl Skim {
    fn part(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let Some(first) = lines.next() else { return Err("is empty".to_owned()) };
        let header = line::decode_header(first).map_err(|damage| damage.to_string());
        if let Ok(Header { after: Some(after), .. }) = &header {
            self.seq = self.seq.max(after.seq);
        }
        let last = lines.filter(|line| self.line(line)).last();
        let last = last.and_then(|line| line::decode(line).ok()).map(|entry| entry.at);
        self.listing.last = self.listing.last.max(last);
        match header? {
            header if Header::is_newer(&header) => {
                Err(format!("is in format {}, newer than this version", header.format))
            }
            _ => Ok(()),
        }
    }

    /// Whether the line is an entry of the log.
    fn line(&mut self, line: &[u8]) -> bool {
        let skipped = |(_, kind): &(u64, &str)| !self.listing.summary.reads(kind) && !is_undoing(kind);
        let (seq, entry) = match beginning(line).filter(skipped) {
            Some((seq, _)) if line::is_whole(line) => (seq, None),
            Some(_) => return false,
            None => match line::decode(line) {
                Ok(entry) => (entry.seq, Some(entry)),
                Err(_) => return false,
            },
        };
        // A number that was given before belongs to another entry.
        if seq <= self.seq {
            return false;
        }
        self.seq = seq;
        self.listing.entries += 1;
        if let Some(entry) = entry {
            self.take(&entry);
        }
        true
    }

    fn take(&mut self, entry: &Entry) {
        self.heard.hear(&entry.event);
        if self.effective.admit(entry) == Admitted::Yes {
            self.listing.summary.follow(entry);
        }
    }
}

fn is_undoing(kind: &str) -> bool {
    matches!(kind, "undone" | "redone")
}

/// The number and the kind of a line's event; `None` for a line that does not begin as the format says and is parsed, to
/// be sure.
fn beginning(line: &[u8]) -> Option<(u64, &str)> {
    let digits = line.strip_prefix(b"{\"seq\":")?.split(|&byte| byte == b',').next()?;
    let seq = str::from_utf8(digits).ok()?.parse().ok()?;
    // The second brace; before it stands the name of the author, who may have one in it.
    let (head, event) = line.split_at_checked(1 + line.get(1..)?.iter().position(|&byte| byte == b'{')?)?;
    let kind = event.strip_prefix(b"{\"kind\":\"").filter(|_| head.ends_with(b",\"event\":"))?;
    Some((seq, str::from_utf8(kind.split(|&byte| byte == b'"').next()?).ok()?))
}
