//! Between the app and the store that keeps the incident's log: what the app wants recorded goes there, what the store says
//! comes back as messages. Knows how long an answer took and what has none yet; decides nothing about the incident.

use std::time::Duration;

use super::log_file::{Appends, Log};
use crate::{
    app::{App, Effect, Msg},
    incident::Draft,
    journal::{News, Spilled, Store, Warning},
};

/// How long a disk may take for the last of it. Another's lock, and a sync, are given up sooner.
const CLOSE_WITHIN: Duration = Duration::from_secs(6);

/// The app's side of a store.
pub struct JournalLink {
    store: Box<dyn Store>,
    /// What people and the cockpit itself said that is not in the log yet, as far as is known.
    unwritten: Vec<Draft>,
    /// What the log file is told.
    appends: Appends,
}

impl JournalLink {
    /// Links the app to this store.
    pub fn new(store: impl Store + 'static) -> Self {
        Self { store: Box::new(store), unwritten: Vec::new(), appends: Appends::default() }
    }

    /// Says in the log file what becomes of the journal.
    pub fn log_to(mut self, log: Log) -> Self {
        self.appends = Appends::new(log);
        self
    }

    /// Submits these.
    pub fn record(&mut self, drafts: Vec<Draft>) {
        for draft in &drafts {
            // What a machine observed may be in the journal already, from another cockpit; then it does not come back.
            if draft.event.dedup_key().is_none() && self.unwritten.iter().all(|known| known.id != draft.id) {
                self.unwritten.push(draft.clone());
            }
        }
        if !drafts.is_empty() {
            self.appends.begin(self.store.submit(drafts));
        }
    }

    /// Passes on to the app what the store has to say. Whether the store has broken, and will say nothing more.
    pub fn take(&mut self, app: &mut App) -> (Vec<Effect>, bool) {
        let (mut effects, mut broken) = (Vec::new(), false);
        for news in self.store.poll() {
            self.appends.end(&news);
            if let News::Appended { entries, .. } | News::Rebased { entries, .. } = &news
                && !self.unwritten.is_empty()
            {
                self.unwritten.retain(|draft| entries.iter().all(|entry| entry.id != draft.id));
            }
            broken |= matches!(news, News::Broken);
            effects.extend(take_news(app, news));
        }
        (effects, broken)
    }

    /// What is not in the log, as far as is known.
    pub fn unwritten(&self) -> &[Draft] {
        &self.unwritten
    }

    /// Has what was submitted written and synced. A disk that hangs is left to itself: what it did not take is
    /// [`unwritten`](Self::unwritten).
    pub fn close(&mut self) {
        self.store.close(CLOSE_WITHIN);
    }
}

fn take_news(app: &mut App, news: News) -> Vec<Effect> {
    match news {
        News::Appended { entries, .. } => app.update(Msg::Recorded(entries)),
        News::Rebased { entries, .. } => app.update(Msg::Rebased(entries)),
        News::Refused { drafts, error, .. } => app.update(Msg::NotRecorded(drafts, error.brief())),
        News::Spilled(spilled) => app.update(Msg::Elsewhere(spilled.as_ref().map(in_words))),
        News::Stalled(stall) => app.update(Msg::JournalSays(stall.to_string())),
        News::Durable(_) => app.update(Msg::Synced(None)),
        // Said again with each try; what counts is the first.
        News::NotDurable { .. } => app.update(Msg::Synced(app.journal.unsynced.or(Some(app.now)))),
        News::Warned(warnings) => match warnings.first() {
            Some(merged @ Warning::Merged { .. }) => {
                app.greet(&merged.to_string());
                Vec::new()
            }
            Some(warning) => app.update(Msg::JournalSays(warning.to_string())),
            None => Vec::new(),
        },
        News::Unreadable(error) => app.update(Msg::JournalSays(error.to_string())),
        News::Broken => Vec::new(),
    }
}

/// What is in the spill, for the banner: what can be cut off comes last.
fn in_words(elsewhere: &Spilled) -> String {
    let Spilled { path, entries, why } = elsewhere;
    let entries = if *entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    format!("journal not written: {why} · {entries} kept in {}", path.display())
}

#[cfg(test)]
pub(super) mod tests {
    use std::{sync::Arc, time::Duration};

    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::{
        app::{Keymap, Setup},
        config::Config,
        incident::{Event, Incident},
        journal::{Access, Home, Worker},
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

    /// A link to a journal in a file.
    fn file_link(folder: &std::path::Path) -> (JournalLink, Home, String) {
        let home = Home::at(folder).with_second_in(folder.join("run"));
        let journal = home.create("db", false, "me@here", Timestamp::UNIX_EPOCH).expect("a journal");
        let id = journal.id().to_owned();
        let access = Access::Write { author: "me@here".into() };
        (JournalLink::new(Worker::spawn(journal, access, || {})), home, id)
    }

    #[test]
    fn since_when_it_is_not_on_disk_is_the_first_time() {
        let mut app = app();
        let mut since = Vec::new();
        for (second, news) in
            [News::NotDurable { since: 1 }, News::NotDurable { since: 1 }, News::Durable(9)].into_iter().enumerate()
        {
            app.now = Timestamp::UNIX_EPOCH + Duration::from_secs(second as u64 * 5);
            drop(take_news(&mut app, news));
            since.push(app.journal.unsynced);
        }
        assert_eq!(since, [Some(Timestamp::UNIX_EPOCH), Some(Timestamp::UNIX_EPOCH), None]);
    }

    #[test]
    fn what_is_unwritten_is_known_until_it_is_recorded() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut link, ..) = file_link(folder.path());
        link.record(vec![note(1)]);
        link.record(vec![note(2), note(1)]);
        assert_eq!(link.unwritten(), [note(1), note(2)]);
        link.close();
        let mut app = app();
        drop(link.take(&mut app));
        assert_eq!(link.unwritten(), []);
        assert!(!app.incident.notes.is_empty());
    }

    #[test]
    fn a_panic_of_the_loop_does_not_keep_what_was_recorded_from_the_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut link, home, id) = file_link(folder.path());
        let panicking = std::thread::spawn(move || {
            (1..=100).for_each(|n| link.record(vec![note(n)]));
            panic!("in the middle of it");
        });
        assert!(panicking.join().is_err());
        assert_eq!(home.read(&id).expect("a journal").entries.len(), 101);
    }

    #[test]
    fn what_is_spilled_is_said_until_it_is_merged() {
        let mut app = app();
        let spilled = Spilled { path: "/run/x.jsonl".into(), entries: 2, why: "it is read-only".into() };
        drop(take_news(&mut app, News::Spilled(Some(spilled))));
        let said = "journal not written: it is read-only · 2 entries kept in /run/x.jsonl";
        assert_eq!(app.journal.elsewhere.as_deref(), Some(said));
        drop(take_news(&mut app, News::Spilled(None)));
        assert_eq!(app.journal.elsewhere, None);
    }
}
