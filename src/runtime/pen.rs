//! What writes the journal. A read-only cockpit has one too, which only follows what others write.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::mpsc::UnboundedSender;

use super::event_loop::Told;
use crate::{
    app::{App, Effect, Msg},
    incident::Draft,
    journal::{
        Journal,
        writer::{Report, Writer},
    },
};

/// How often a read-only cockpit looks for what others wrote.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

/// Writes, or follows.
pub enum Pen {
    /// Appends, syncs and tails.
    Writer(Writer),
    /// Tails. The sender, when dropped, ends the thread.
    Reader(Sender<()>, JoinHandle<()>),
}

impl Pen {
    /// Starts its thread; what comes of it is told through `sender`.
    pub fn new(journal: Journal, author: String, read_only: bool, sender: UnboundedSender<Told>) -> Self {
        let tell = move |report| drop(sender.send(Told::Journal(report)));
        if !read_only {
            return Self::Writer(Writer::spawn(journal, author, tell));
        }
        let (stop, stopped) = channel();
        Self::Reader(stop, thread::spawn(move || follow(journal, &stopped, tell)))
    }

    /// Appends these.
    pub fn record(&self, drafts: Vec<Draft>) {
        if let Self::Writer(writer) = self {
            writer.record(drafts);
        }
    }

    /// Writes and syncs what is still to be written.
    pub fn finish(self) {
        match self {
            Self::Writer(writer) => writer.finish(),
            Self::Reader(stop, thread) => {
                drop(stop);
                let _ = thread.join();
            }
        }
    }
}

fn follow(mut journal: Journal, stopped: &Receiver<()>, tell: impl Fn(Report)) {
    while stopped.recv_timeout(FOLLOW_EVERY) == Err(RecvTimeoutError::Timeout) {
        match journal.follow() {
            Ok(entries) if entries.is_empty() => {}
            Ok(entries) => tell(Report::Recorded(entries)),
            Err(error) => tell(Report::TailFailed(error)),
        }
    }
}

/// Passes on to the app what the journal's thread says; drafts it gives back for good go to `unwritten` too.
pub fn take_report(app: &mut App, report: Report, unwritten: &mut Vec<Draft>) -> Vec<Effect> {
    match report {
        Report::Recorded(entries) => {
            unwritten.retain(|draft| entries.iter().all(|entry| entry.id != draft.id));
            app.update(Msg::Recorded(entries))
        }
        Report::Rebased(entries) => app.update(Msg::Rebased(entries)),
        Report::Failed { drafts, error } => {
            unwritten.extend(drafts.iter().filter(|draft| draft.event.dedup_key().is_none()).cloned());
            app.update(Msg::NotRecorded(drafts, error.to_string()))
        }
        Report::Busy => app.update(Msg::JournalSays("another process holds the journal; waiting for it".into())),
        Report::Synced(_) => app.update(Msg::Synced(None)),
        Report::Unsynced { .. } => app.update(Msg::Synced(Some(app.now))),
        Report::Warned(warnings) => match warnings.first() {
            Some(warning) => app.update(Msg::JournalSays(warning.to_string())),
            None => Vec::new(),
        },
        Report::TailFailed(error) => app.update(Msg::JournalSays(error.to_string())),
    }
}
