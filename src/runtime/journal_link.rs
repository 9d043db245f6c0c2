//! What writes the journal. A read-only cockpit has one too, which only follows what others write.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use tokio::sync::mpsc::UnboundedSender;

use super::{
    event_loop::Told,
    log_file::{Appends, Log},
    panics::{Place, rehearse},
};
use crate::{
    app::{App, Effect, Msg},
    incident::Draft,
    journal::{
        Journal, Spilled, Warning,
        worker::{Report, Writer},
    },
};

/// How often a read-only cockpit looks for what others wrote.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

/// How long a disk may take for the last of it. Another's lock, and a sync, are given up sooner.
const FINISH_WITHIN: Duration = Duration::from_secs(6);

/// Writes, or follows.
pub struct JournalLink {
    thread: Option<Thread>,
    /// What people and the cockpit itself said that is not in the journal yet, as far as is known.
    pending: Vec<Draft>,
    /// What the log is told.
    appends: Appends,
}

enum Thread {
    /// Appends, syncs and tails.
    Writer(Writer),
    /// Tails. The sender, when dropped, ends the thread.
    Reader(Sender<()>),
}

impl JournalLink {
    /// Starts its thread; what comes of it is told through `sender`.
    pub fn new(journal: Journal, author: String, read_only: bool, sender: UnboundedSender<Told>) -> Self {
        let teller = Teller(sender);
        let tell = move |report| teller.tell(report);
        let thread = if read_only {
            let (stop, stopped) = channel();
            drop(thread::spawn(move || follow(journal, &stopped, tell)));
            Thread::Reader(stop)
        } else {
            Thread::Writer(Writer::spawn(journal, author, tell))
        };
        Self { thread: Some(thread), pending: Vec::new(), appends: Appends::default() }
    }

    /// Says in the log what becomes of the journal.
    pub fn log_to(mut self, log: Log) -> Self {
        self.appends = Appends::new(log);
        self
    }

    /// Appends these.
    pub fn record(&mut self, drafts: Vec<Draft>) {
        let Some(Thread::Writer(writer)) = &self.thread else { return };
        for draft in &drafts {
            // What a machine observed may be in the journal already, from another cockpit; then it does not come back.
            if draft.event.dedup_key().is_none() && self.pending.iter().all(|known| known.id != draft.id) {
                self.pending.push(draft.clone());
            }
        }
        if !drafts.is_empty() {
            self.appends.begin(&drafts);
            writer.record(drafts);
        }
    }

    /// Passes on to the app what the journal's thread says.
    pub fn take(&mut self, app: &mut App, report: Report) -> Vec<Effect> {
        self.appends.end(&report);
        if let Report::Recorded(entries) | Report::Rebased(entries) = &report
            && !self.pending.is_empty()
        {
            self.pending.retain(|draft| entries.iter().all(|entry| entry.id != draft.id));
        }
        take_report(app, report)
    }

    /// What is not in the journal, as far as is known.
    pub fn pending(&self) -> &[Draft] {
        &self.pending
    }

    /// Writes and syncs what is still to be written. A disk that hangs is left to itself: what it did not take is
    /// [`pending`](Self::pending).
    pub fn finish(&mut self) {
        match self.thread.take() {
            Some(Thread::Writer(writer)) => writer.finish_within(FINISH_WITHIN),
            // It has nothing to write, and ends with its next look.
            Some(Thread::Reader(stop)) => drop(stop),
            None => {}
        }
    }
}

/// Tells the loop what the thread says, and its panic: else nothing would be written any more, without a word.
struct Teller(UnboundedSender<Told>);

impl Teller {
    fn tell(&self, report: Report) {
        rehearse(Place::Journal, &report);
        let _ = self.0.send(Told::Journal(report));
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Told::JournalBroke);
        }
    }
}

fn follow(mut journal: Journal, stopped: &Receiver<()>, tell: impl Fn(Report)) {
    let mut failed = false;
    while stopped.recv_timeout(FOLLOW_EVERY) == Err(RecvTimeoutError::Timeout) {
        let followed = journal.follow();
        let failed_before = std::mem::replace(&mut failed, followed.is_err());
        match followed {
            Ok(entries) if entries.is_empty() => {}
            Ok(entries) if entries.first().is_some_and(|entry| entry.seq == 1) => tell(Report::Rebased(entries)),
            Ok(entries) => tell(Report::Recorded(entries)),
            Err(error) if !failed_before => tell(Report::TailFailed(error)),
            Err(_) => {}
        }
    }
}

fn take_report(app: &mut App, report: Report) -> Vec<Effect> {
    match report {
        Report::Recorded(entries) => app.update(Msg::Recorded(entries)),
        Report::Rebased(entries) => app.update(Msg::Rebased(entries)),
        Report::Failed { drafts, error } => app.update(Msg::NotRecorded(drafts, error.brief())),
        Report::Elsewhere(elsewhere) => app.update(Msg::Elsewhere(elsewhere.as_ref().map(in_words))),
        Report::Busy => app.update(Msg::JournalSays("another process holds the journal; waiting for it".into())),
        Report::Synced(_) => app.update(Msg::Synced(None)),
        // Said again with each try; what counts is the first.
        Report::Unsynced { .. } => app.update(Msg::Synced(app.journal.unsynced.or(Some(app.now)))),
        Report::Warned(warnings) => match warnings.first() {
            Some(merged @ Warning::Merged { .. }) => {
                app.greet(&merged.to_string());
                Vec::new()
            }
            Some(warning) => app.update(Msg::JournalSays(warning.to_string())),
            None => Vec::new(),
        },
        Report::TailFailed(error) => app.update(Msg::JournalSays(error.to_string())),
    }
}

/// What is in the second journal, for the banner: what can be cut off comes last.
fn in_words(elsewhere: &Spilled) -> String {
    let Spilled { path, entries, why } = elsewhere;
    let entries = if *entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    format!("journal not written: {why} · {entries} kept in {}", path.display())
}

#[cfg(test)]
pub(super) mod tests {
    use std::{sync::Arc, time::Duration};

    use jiff::{Timestamp, tz::TimeZone};
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::{
        app::{Keymap, Setup},
        config::Config,
        incident::{Event, Incident},
        journal::Home,
    };

    /// A cockpit that watches nothing.
    pub fn app() -> App {
        let config = Config::default();
        App::new(Setup {
            keymap: Keymap::new(&config.keys).expect("its own keys"),
            config: Arc::new(config),
            incident: Incident::default(),
            id: "an-incident".into(),
            author: "me@here".into(),
            seed: 7,
            now: Timestamp::UNIX_EPOCH,
            zone: TimeZone::UTC,
            read_only: false,
            generic: Arc::default(),
        })
    }

    fn note(n: u128) -> Draft {
        Draft { id: crate::incident::Id::small(n), event: Event::Noted { text: n.to_string(), when: None } }
    }

    #[test]
    fn since_when_it_is_not_on_disk_is_the_first_time() {
        let mut app = app();
        let mut since = Vec::new();
        for (second, report) in
            [Report::Unsynced { since: 1 }, Report::Unsynced { since: 1 }, Report::Synced(9)].into_iter().enumerate()
        {
            app.now = Timestamp::UNIX_EPOCH + Duration::from_secs(second as u64 * 5);
            drop(take_report(&mut app, report));
            since.push(app.journal.unsynced);
        }
        assert_eq!(since, [Some(Timestamp::UNIX_EPOCH), Some(Timestamp::UNIX_EPOCH), None]);
    }

    #[test]
    fn what_is_pending_is_known_until_it_is_recorded() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Home::at(folder.path()).create("db", false, "me@here", Timestamp::UNIX_EPOCH).expect("a journal");
        let (sender, mut inbox) = unbounded_channel();
        let mut link = JournalLink::new(journal, "me@here".into(), false, sender);
        link.record(vec![note(1)]);
        link.record(vec![note(2), note(1)]);
        assert_eq!(link.pending(), [note(1), note(2)]);
        link.finish();
        let mut app = app();
        while let Ok(Told::Journal(report)) = inbox.try_recv() {
            drop(link.take(&mut app, report));
        }
        assert_eq!(link.pending(), []);
        assert!(!app.incident.notes.is_empty());
    }

    #[test]
    fn a_panic_of_the_loop_does_not_keep_what_was_recorded_from_the_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(folder.path()).with_second_in(folder.path().join("run"));
        let journal = home.create("db", false, "me@here", Timestamp::UNIX_EPOCH).expect("a journal");
        let id = journal.id().to_owned();
        let (sender, _inbox) = unbounded_channel();
        let mut link = JournalLink::new(journal, "me@here".into(), false, sender);
        let panicking = thread::spawn(move || {
            (1..=100).for_each(|n| link.record(vec![note(n)]));
            panic!("in the middle of it");
        });
        assert!(panicking.join().is_err());
        assert_eq!(home.read(&id).expect("a journal").entries.len(), 101);
    }

    #[test]
    fn what_is_elsewhere_is_said_until_it_is_merged() {
        let mut app = app();
        let elsewhere = Spilled { path: "/run/x.jsonl".into(), entries: 2, why: "it is read-only".into() };
        drop(take_report(&mut app, Report::Elsewhere(Some(elsewhere))));
        let said = "journal not written: it is read-only · 2 entries kept in /run/x.jsonl";
        assert_eq!(app.journal.elsewhere.as_deref(), Some(said));
        drop(take_report(&mut app, Report::Elsewhere(None)));
        assert_eq!(app.journal.elsewhere, None);
    }

    #[test]
    fn a_panic_of_the_thread_is_told() {
        let (sender, mut inbox) = unbounded_channel();
        let ends = |panics: bool, sender| {
            let teller = Teller(sender);
            let thread = thread::spawn(move || {
                teller.tell(Report::Busy);
                assert!(!panics, "on purpose");
            });
            thread.join().is_err()
        };
        assert!(!ends(false, sender.clone()) && ends(true, sender));
        let mut told = Vec::new();
        while let Ok(one) = inbox.try_recv() {
            told.push(matches!(one, Told::JournalBroke));
        }
        assert_eq!(told, [false, false, true]);
    }
}
