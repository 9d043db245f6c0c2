//! From the bytes of a journal's parts to its entries, and what was wrong with them.
//!
//! Pure: bytes are fed in as they come, whole lines are taken, and what follows the last newline is left to the caller.
//! A line that cannot be trusted is never guessed at; it is named, and reading goes on behind it.

use std::{
    fmt,
    panic::resume_unwind,
    thread::{Builder, ScopedJoinHandle},
};

use hashbrown::HashSet;
use memchr::{memchr, memchr_iter, memrchr};

use super::line::{self, Damage, Header};
use crate::incident::{DedupKeys, Id, event::Entry};

/// So many bytes are decoded at a time: what is decoded and not taken in yet takes several times as much.
const AT_A_TIME: usize = 8 << 20;

/// From how many bytes on lines are decoded on several threads.
const WORTH_THREADS: usize = 256 * 1024;

/// More than these save little.
const MOST_THREADS: usize = 4;

/// Something a person should know about a journal that was read or written all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A line ends as it should but cannot be trusted. It was left where it is and is not part of the incident.
    Damaged {
        /// The part it stands in.
        file: String,
        /// Its line there, from 1.
        line: u64,
        /// The reason why it cannot be trusted.
        damage: Damage,
    },
    /// Damaged lines were copied aside, and the log goes on in another part.
    Linked {
        /// The part with the damage.
        from: String,
        /// The copy of the damaged lines.
        kept: String,
        /// The part the log goes on in.
        to: String,
    },
    /// Whole lines are missing.
    Gap {
        /// The part.
        file: String,
        /// The first number that is missing.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A line was cut short by a crash: cut off, kept beside the file, and recorded in the log.
    TailRepaired {
        /// The length of what was cut off.
        bytes: u64,
        /// The file that keeps them.
        kept: String,
    },
    /// The file was gone, cut short or no file any more while it was open; it was written again from memory.
    Rewritten {
        /// The file.
        file: String,
    },
    /// Another file was put in the journal's place; what only this process knew was added to it.
    Rebased {
        /// The file.
        file: String,
        /// The number of entries that were added.
        added: usize,
    },
    /// Entries are in a second journal and not in the first yet.
    InSpill {
        /// The second journal.
        path: String,
        /// The number of entries.
        entries: usize,
    },
    /// Entries of a second journal are in the first now.
    Merged {
        /// The second journal.
        path: String,
        /// The number of entries.
        entries: usize,
    },
    /// The journal is in a newer format; what this version understands of it was read.
    NewerFormat {
        /// The part.
        file: String,
        /// Its format.
        found: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { file, line, damage } => write!(f, "line {line} of {file} {damage}; it is left out"),
            Self::Linked { from, kept, to } => {
                write!(f, "{from} is damaged: the lines are copied to {kept}, the journal goes on in {to}")
            }
            Self::Gap { file, from, to } if from == to => write!(f, "entry {from} is missing from {file}"),
            Self::Gap { file, from, to } => write!(f, "entries {from} to {to} are missing from {file}"),
            Self::TailRepaired { bytes, kept } => {
                write!(f, "the last line was cut short by a crash: its {bytes} bytes are kept in {kept}")
            }
            Self::Rewritten { file } => {
                write!(f, "{file} was gone, cut short or no file any more; it was written again from memory")
            }
            Self::Rebased { file, added } => {
                write!(f, "{file} was replaced by another file; {added} entries were added to it")
            }
            Self::InSpill { path, entries } => {
                write!(f, "the journal lacks {}; it gets them when it is written next: {path}", counted(*entries))
            }
            Self::Merged { path, entries } => {
                write!(f, "the journal is written again, and got {} from {path}", counted(*entries))
            }
            Self::NewerFormat { file, found } => {
                write!(f, "{file} is in format {found}, newer than this version knows; it may not show everything")
            }
        }
    }
}

fn counted(entries: usize) -> String {
    if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") }
}

/// What the log holds so far, over all its parts.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The last number given, as far as can be trusted.
    pub seq: u64,
    /// Entries there.
    pub ids: HashSet<Id>,
    /// Keys there.
    pub keys: DedupKeys,
    /// Lines since `seq` that cannot be trusted; each may have used up a number.
    uncertain: u64,
}

impl Known {
    /// The last number that may have been given.
    pub fn last_used(&self) -> u64 {
        self.seq + self.uncertain
    }

    /// Takes in entries.
    pub fn note_all(&mut self, entries: &[Entry]) {
        self.ids.reserve(entries.len());
        entries.iter().for_each(|entry| self.note(entry));
    }

    /// Takes in an entry.
    pub fn note(&mut self, entry: &Entry) {
        self.ids.insert(entry.id);
        if let Some(key) = entry.event.dedup_key() {
            self.keys.insert(key);
        }
    }

    /// Whether the entry is there, or the same observation by another.
    pub fn has(&self, entry: &Entry) -> bool {
        self.ids.contains(&entry.id) || entry.event.dedup_key().is_some_and(|key| self.keys.contains(key))
    }
}

/// One file of a journal, as far as it was read.
#[derive(Clone, Debug)]
pub struct Part {
    /// 1 for `journal.jsonl`, 2 for `journal-2.jsonl` ….
    pub number: u32,
    /// All whole lines, byte for byte, so that the file can be written again.
    pub raw: Vec<u8>,
    /// Its header, if that can be trusted.
    pub header: Option<Header>,
    /// Where in `raw` the damaged lines are.
    pub damaged: Vec<std::ops::Range<usize>>,
    lines: u64,
}

impl Part {
    /// An unread part.
    pub fn new(number: u32) -> Self {
        Self { number, raw: Vec::new(), header: None, damaged: Vec::new(), lines: 0 }
    }

    /// Its file.
    pub fn name(&self) -> String {
        match self.number {
            1 => crate::journal::FILE.to_owned(),
            n => format!("journal-{n}.jsonl"),
        }
    }

    /// Its format, where only a newer version may append.
    pub fn newer_format(&self) -> Option<&str> {
        self.header.as_ref().filter(|header| header.is_newer()).map(|header| header.format.as_str())
    }

    /// Takes the whole lines at the start of `bytes` and returns how many bytes they are.
    pub fn feed(&mut self, bytes: &[u8], known: &mut Known, out: &mut Vec<Entry>, warn: &mut Vec<Warning>) -> usize {
        let before = out.len();
        let whole = self.read(bytes, known, out, warn);
        self.raw.extend_from_slice(&bytes[..whole]);
        known.note_all(&out[before..]);
        whole
    }

    /// Takes all whole lines of the file, which is not read yet.
    pub fn feed_file(&mut self, bytes: Vec<u8>, known: &mut Known, out: &mut Vec<Entry>, warn: &mut Vec<Warning>) {
        let before = out.len();
        let whole = self.read(&bytes, known, out, warn);
        self.raw = bytes;
        self.raw.truncate(whole);
        known.note_all(&out[before..]);
    }

    /// Takes the whole lines at the start of `bytes`, keeps none of them, and returns how many bytes they are. Of what is
    /// known only the numbers follow.
    pub fn read(&mut self, bytes: &[u8], known: &mut Known, out: &mut Vec<Entry>, warn: &mut Vec<Warning>) -> usize {
        let whole = whole_lines(bytes);
        let (mut rest, mut end) = (&bytes[..whole], self.raw.len());
        out.reserve(memchr_iter(b'\n', rest).count());
        while !rest.is_empty() {
            let (some, later) = rest.split_at(some_lines(rest));
            rest = later;
            let lines = lines_of(some);
            for (line, decoded) in lines.iter().zip(decode_all(&lines, some.len()).into_iter().flatten()) {
                let start = end;
                end += line.len();
                self.lines += 1;
                let taken =
                    if self.lines == 1 { self.begin(line, known, warn) } else { self.take(decoded, known, out, warn) };
                if let Err(damage) = taken {
                    self.damaged.push(start..end);
                    warn.push(Warning::Damaged { file: self.name(), line: self.lines, damage });
                }
            }
        }
        whole
    }

    fn begin(&mut self, line: &[u8], known: &mut Known, warn: &mut Vec<Warning>) -> Result<(), Damage> {
        let header = line::decode_header(without_newline(line))?;
        if let Some(after) = &header.after {
            // Numbers that a damaged line may have had are not given again.
            known.seq = known.seq.max(after.seq);
            known.uncertain = 0;
        }
        if header.is_newer() {
            warn.push(Warning::NewerFormat { file: self.name(), found: header.format.clone() });
        }
        self.header = Some(header);
        Ok(())
    }

    fn take(
        &mut self,
        decoded: Result<Entry, Damage>,
        known: &mut Known,
        out: &mut Vec<Entry>,
        warn: &mut Vec<Warning>,
    ) -> Result<(), Damage> {
        let entry = decoded.inspect_err(|_| known.uncertain += 1)?;
        if entry.seq <= known.seq {
            return Err(Damage::OutOfOrder { found: entry.seq, last: known.seq });
        }
        if known.uncertain == 0 && entry.seq > known.seq + 1 {
            warn.push(Warning::Gap { file: self.name(), from: known.seq + 1, to: entry.seq - 1 });
        }
        known.seq = entry.seq;
        known.uncertain = 0;
        out.push(entry);
        Ok(())
    }
}

type Decoded = Result<Entry, Damage>;

/// Decodes lines, in runs; many of them on several threads, because a long journal must still open at once.
fn decode_all(lines: &[&[u8]], bytes: usize) -> Vec<Vec<Decoded>> {
    let decode = |lines: &[&[u8]]| lines.iter().map(|line| line::decode(without_newline(line))).collect::<Vec<_>>();
    // How many threads there may be is read from half a dozen files: too dear for whoever looks twice a second.
    if bytes < WORTH_THREADS {
        return vec![decode(lines)];
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let chunks = lines.chunks(lines.len().div_ceil(threads));
    std::thread::scope(|scope| {
        // Where no thread can be had, it is done here.
        let begin = |chunk| Builder::new().spawn_scoped(scope, move || decode(chunk)).map_err(|_| chunk);
        let begun: Vec<_> = chunks.map(begin).collect();
        let joined = |thread: ScopedJoinHandle<'_, _>| thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        begun.into_iter().map(|one| one.map_or_else(decode, joined)).collect()
    })
}

/// How many bytes at the start of whole lines are read at a time; whole lines, too.
fn some_lines(lines: &[u8]) -> usize {
    let after = lines.get(AT_A_TIME..).and_then(|later| memchr(b'\n', later));
    after.map_or(lines.len(), |newline| AT_A_TIME + newline + 1)
}

/// Each line, with its newline.
fn lines_of(lines: &[u8]) -> Vec<&[u8]> {
    let mut from = 0;
    let line = |newline| &lines[std::mem::replace(&mut from, newline + 1)..=newline];
    memchr_iter(b'\n', lines).map(line).collect()
}

fn without_newline(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

/// How many of `bytes` are whole lines.
pub fn whole_lines(bytes: &[u8]) -> usize {
    memrchr(b'\n', bytes).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::incident::event::Event;

    fn part_of(seqs: &[u64]) -> Vec<u8> {
        let mut out = Vec::new();
        line::encode_header(&mut out, &Header::new("x", Timestamp::UNIX_EPOCH, None)).expect("a header");
        for &seq in seqs {
            let event = Event::Noted { text: format!("note {seq}"), when: None };
            line::encode(&mut out, seq, Id::small(seq.into()), Timestamp::UNIX_EPOCH, "a", &event).expect("a line");
        }
        out
    }

    fn read(bytes: &[u8]) -> (Vec<u64>, Vec<String>, u64) {
        let (mut known, mut out, mut warn) = (Known::default(), Vec::new(), Vec::new());
        Part::new(1).feed(bytes, &mut known, &mut out, &mut warn);
        (out.iter().map(|e| e.seq).collect(), warn.iter().map(Warning::to_string).collect(), known.last_used())
    }

    #[track_caller]
    fn check(bytes: &[u8], seqs: &[u64], warnings: &[&str], last_used: u64) {
        let (found, warned, last) = read(bytes);
        assert_eq!((found.as_slice(), last), (seqs, last_used), "{warned:?}");
        assert_eq!(warned.len(), warnings.len(), "{warned:?}");
        for (warned, expected) in warned.iter().zip(warnings) {
            assert!(warned.contains(expected), "{warned:?} should say {expected:?}");
        }
    }

    #[test]
    fn whole_journals_read_without_a_word() {
        check(&part_of(&[1, 2, 3]), &[1, 2, 3], &[], 3);
        check(&[], &[], &[], 0);
    }

    #[test]
    fn a_torn_tail_is_left_alone() {
        let bytes = part_of(&[1, 2]);
        check(&bytes[..bytes.len() - 1], &[1], &[], 1);
    }

    #[test]
    fn damage_is_named_and_read_past() {
        let mut bytes = part_of(&[1, 2, 3]);
        let at = bytes.windows(6).position(|w| w == b"note 2").expect("the note");
        bytes[at] = b'N';
        check(&bytes, &[1, 3], &["line 3 of journal.jsonl does not match its checksum"], 3);
        let tail = part_of(&[1]).len();
        check(&[&bytes[..tail], b"\0\0\0\n"].concat(), &[1], &["line 3 of journal.jsonl has no checksum"], 2);
    }

    #[test]
    fn a_long_journal_reads_as_a_short_one_does() {
        let seqs: Vec<u64> = (1..=3000).collect();
        let mut bytes = part_of(&seqs);
        assert!(bytes.len() > WORTH_THREADS);
        check(&bytes, &seqs, &[], 3000);
        let at = bytes.windows(9).position(|w| w == b"note 2000").expect("the note");
        bytes[at] = b'N';
        let left: Vec<u64> = seqs.into_iter().filter(|&seq| seq != 2000).collect();
        check(&bytes, &left, &["line 2001 of journal.jsonl does not match"], 3000);
    }

    #[test]
    fn missing_and_repeated_numbers_are_named() {
        check(&part_of(&[1, 4]), &[1, 4], &["entries 2 to 3 are missing"], 4);
        check(&part_of(&[1, 2, 2]), &[1, 2], &["has number 2, which is not above 2"], 2);
    }

    #[test]
    fn any_flipped_bit_of_a_journal_is_noticed() {
        let good = part_of(&[1, 2, 3]);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            // A flip of the last newline leaves a torn tail, which is for the caller to see.
            let (seqs, warned, _) = read(&bad);
            assert!(!warned.is_empty() || whole_lines(&bad) < bad.len(), "bit {bit}: {seqs:?}");
        }
    }
}
