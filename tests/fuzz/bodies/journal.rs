//! A journal's folder whose file is any bytes: it opens, what can be read is read, and what is added is there afterwards.
#![allow(clippy::disallowed_methods, reason = "files are what this is about")]

use std::{fs, os::unix::fs::DirBuilderExt, path::Path};

use jiff::Timestamp;
use stanch::{
    incident::{Draft, Entry, Event, Id, Incident, report},
    journal::{Home, JournalError},
};

const ID: &str = "2026-11-22-0310-fuzz";

/// The bytes are the file.
pub fn file(bytes: &[u8]) {
    let data = folder();
    let path = data.path().join("incidents").join(ID);
    fs::create_dir_all(&path).expect("a folder");
    fs::write(path.join("journal.jsonl"), bytes).expect("a file");
    opens(data.path(), bytes);
}

/// The bytes are lines without their seals: what no mutation finds by itself is put on here.
pub fn lines(bytes: &[u8]) {
    let mut sealed = Vec::with_capacity(bytes.len() * 2);
    let has_header = bytes.starts_with(b"{\"format\"");
    let header: &[&[u8]] =
        if has_header { &[] } else { &[b"{\"format\":\"1.0\",\"incident\":\"x\",\"writer\":\"w\"}"] };
    for line in header.iter().copied().chain(bytes.split(|byte| *byte == b'\n')) {
        match line.strip_suffix(b"}") {
            Some(body) => {
                sealed.extend_from_slice(body);
                sealed.extend_from_slice(format!(",\"crc\":\"{:08x}\"}}", crc32c::crc32c(body)).as_bytes());
            }
            None => sealed.extend_from_slice(line),
        }
        sealed.push(b'\n');
    }
    file(&sealed);
}

/// A folder in memory where there is one: nothing here is about the disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

fn opens(data: &Path, bytes: &[u8]) {
    let second = data.join("second");
    fs::DirBuilder::new().mode(0o700).create(&second).expect("a folder");
    let home = Home::at(data).with_second_in(&second);
    let read = home.read(ID).expect("reading never fails");
    let is_ordered = |entries: &[Entry]| entries.is_sorted_by(|a, b| a.seq < b.seq);
    assert!(is_ordered(&read.entries));
    let mut journal = match home.open(ID) {
        Ok(journal) => journal,
        Err(JournalError::NewerFormat { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let mut entries = journal.take_entries();
    let begins = |entries: &[Entry]| entries.get(..read.entries.len()) == Some(&read.entries[..]);
    assert!(begins(&entries), "opened, it lacks what was read: {:?} {entries:?}", read.entries);
    let incident = Incident::replay(entries.clone());
    let notes = report::markdown(&incident);
    assert!(!notes.is_empty());
    // What is added is there, behind all that was there.
    let note = Draft { id: Id::small(u128::MAX - 7), event: Event::Noted { text: "still here".into(), when: None } };
    let known = entries.iter().any(|entry| entry.id == note.id);
    match journal.append("alice@host", std::slice::from_ref(&note), Timestamp::UNIX_EPOCH) {
        Ok(added) => entries.extend(added.entries),
        Err(error) => panic!("{error}"),
    }
    assert!(known || entries.last().is_some_and(|entry| entry.id == note.id), "{entries:?}");
    assert!(is_ordered(&entries), "{entries:?}");
    drop(journal);
    let again = home.read(ID).expect("reading never fails");
    assert_eq!(again.entries, entries, "read after an append");
    let mut reopened = home.open(ID).expect("it opened before");
    assert_eq!(reopened.take_entries(), entries, "opened after an append");
    drop(reopened);
    // Not one byte is lost: it stands in a part, or in what was set aside.
    let kept: Vec<Vec<u8>> = files(&data.join("incidents").join(ID));
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| line.len() > 3) {
        let is_there = kept.iter().any(|file| memchr(file, line));
        assert!(is_there, "{:?} is gone", String::from_utf8_lossy(line));
    }
    assert_eq!(home.incidents().expect("a list").len(), 1);
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.filter_map(|entry| fs::read(entry.ok()?.path()).ok()).collect()
}

fn memchr(file: &[u8], line: &[u8]) -> bool {
    file.len() >= line.len() && file.windows(line.len()).any(|window| window == line)
}
