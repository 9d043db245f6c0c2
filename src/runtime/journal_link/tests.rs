//! The app and its link to a store: a journal in a file, and one that answers when it is told to.

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;
use crate::{
    app::{Keymap, Setup, journal},
    config::Config,
    incident::{
        Event, HypothesisState, Incident, ObservationState, Status,
        board::{CheckSpec, Prior},
        report,
    },
    journal::{Access, Home, Worker, memory::Memory},
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
        app.session.now = Timestamp::UNIX_EPOCH + Duration::from_secs(second as u64 * 5);
        drop(take_news(&mut app, news));
        since.push(app.outbox.unsynced);
    }
    assert_eq!(since, [Some(Timestamp::UNIX_EPOCH), Some(Timestamp::UNIX_EPOCH), None]);
}

#[test]
fn what_is_unwritten_is_known_until_it_is_recorded() {
    let mut session = Session::new();
    session.press("nfirst\u{13}");
    session.overdue();
    session.press("nsecond\u{13}");
    session.memory.refuse();
    session.poll();
    let texts = |session: &Session| -> Vec<String> {
        let text = |draft: &Draft| match &draft.event {
            Event::Noted { text, .. } => text.clone(),
            other => format!("{other:?}"),
        };
        session.app.outbox.unwritten().map(text).collect()
    };
    assert_eq!(texts(&session), ["first", "second"], "refused, and in flight");
    session.settle();
    assert_eq!(texts(&session), Vec::<String>::new());
    assert_eq!(session.notes(), ["first", "second"]);
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
    assert_eq!(app.outbox.spilled.as_deref(), Some(said));
    drop(take_news(&mut app, News::Spilled(None)));
    assert_eq!(app.outbox.spilled, None);
}

/// The app, its link, and a store that answers when it is told to.
struct Session {
    app: App,
    link: JournalLink,
    memory: Memory,
    now: Timestamp,
    others: u128,
}

impl Session {
    fn new() -> Self {
        let memory = Memory::at(Timestamp::UNIX_EPOCH);
        memory.write(Id::small(1), Event::IncidentOpened { title: "db".into(), drill: false });
        let link = JournalLink::new(memory.store());
        let mut session = Self { app: app(), link, memory, now: Timestamp::UNIX_EPOCH, others: 1 };
        let effects = session.app.start();
        session.carry_out(effects);
        session.memory.answer(1);
        session.poll();
        session
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Record(drafts) = effect {
                self.link.record(drafts);
            }
        }
    }

    fn poll(&mut self) {
        loop {
            let (effects, _) = self.link.take(&mut self.app);
            self.carry_out(effects);
            if !self.link.has_more() {
                return;
            }
        }
    }

    /// Types: Enter, Esc and Ctrl-S as the control characters that they are.
    fn press(&mut self, keys: &str) {
        for c in keys.chars() {
            let (code, modifiers) = match c {
                '\n' => (KeyCode::Enter, KeyModifiers::NONE),
                '\u{1b}' => (KeyCode::Esc, KeyModifiers::NONE),
                '\u{13}' => (KeyCode::Char('s'), KeyModifiers::CONTROL),
                c => (KeyCode::Char(c), KeyModifiers::NONE),
            };
            let effects = self.app.update(Msg::Key(KeyEvent::new(code, modifiers)));
            self.carry_out(effects);
        }
    }

    fn later(&mut self, milliseconds: i64) {
        self.now += jiff::SignedDuration::from_millis(milliseconds);
        self.memory.set_time(self.now);
        let effects = self.app.update(Msg::Tick(self.now));
        self.carry_out(effects);
    }

    /// So much later that whatever was submitted should have been answered.
    fn overdue(&mut self) {
        let effects = self.link.tell_overdue(&mut self.app, Instant::now() + Duration::from_secs(1));
        self.carry_out(effects);
    }

    fn other(&mut self) -> Id {
        self.others += 1;
        Id::small(self.others)
    }

    fn notes(&self) -> Vec<&str> {
        self.app.incident.notes.iter().map(|note| note.text.as_str()).collect()
    }

    /// Lets the store answer all there is.
    fn settle(&mut self) {
        for _ in 0..100 {
            self.memory.answer(usize::MAX);
            self.poll();
            if self.memory.waiting() == 0 && !self.app.outbox.has_refused() {
                return;
            }
            // What was refused is submitted again.
            self.later(3000);
        }
        panic!("the store never catches up");
    }

    #[track_caller]
    fn is_what_a_replay_gives(&self) {
        let (live, replayed) = (&self.app.incident, Incident::replay(self.memory.log()));
        assert_eq!(self.app.outbox.pending(), 0);
        assert!(!self.app.outbox.keys_wait());
        assert_eq!(live.entries(), replayed.entries());
        assert_eq!(live.board, replayed.board);
        assert_eq!(live.notes, replayed.notes);
        assert_eq!(live.ranking, replayed.ranking);
        assert_eq!(live.rank_turns, replayed.rank_turns);
        assert_eq!(live.status_history, replayed.status_history);
        assert_eq!(report::markdown(live), report::markdown(&replayed));
        assert_eq!(self.app.outbox.unwritten().count(), 0);
    }
}

#[test]
fn what_the_store_is_slow_to_confirm_is_pending_and_keys_go_on() {
    let mut session = Session::new();
    session.press("nfirst\u{13}");
    assert_eq!(session.notes(), Vec::<&str>::new(), "a file would have it by now");
    session.press("nsecond\u{13}");
    session.overdue();
    // The second was typed while keys waited; it is behind the first, and no store would have it sooner.
    session.overdue();
    assert_eq!(session.notes(), ["first", "second"]);
    assert_eq!(session.app.outbox.pending(), 2);
    let ids: Vec<Id> = session.app.incident.notes.iter().map(|note| note.id).collect();
    assert!(ids.iter().all(|id| session.app.outbox.is_pending(*id)));
    // What others wrote comes before it, and the first is confirmed.
    let id = session.other();
    session.memory.write(id, Event::Noted { text: "of another".into(), when: None });
    session.memory.answer(1);
    session.poll();
    assert_eq!(session.notes(), ["of another", "first", "second"]);
    assert_eq!(session.app.outbox.pending(), 1);
    let last = session.app.incident.entries().last().expect("an entry");
    assert!(session.app.outbox.is_provisional(last.seq) && !session.app.outbox.is_provisional(last.seq - 1));
    session.settle();
    session.is_what_a_replay_gives();
}

#[test]
fn what_is_pending_and_refused_is_kept_and_submitted_again() {
    let mut session = Session::new();
    session.press("nkeep me\u{13}");
    session.overdue();
    assert_eq!(session.notes(), ["keep me"]);
    session.memory.refuse();
    session.poll();
    assert_eq!(session.notes(), Vec::<&str>::new(), "nobody is to take it for written");
    assert!(session.app.outbox.has_refused() && session.app.outbox.trouble().is_some());
    session.later(3000);
    session.settle();
    assert_eq!(session.notes(), ["keep me"]);
    assert_eq!(session.app.outbox.trouble(), None);
    session.is_what_a_replay_gives();
}

#[test]
fn the_cursor_of_the_log_stays_on_what_is_pending_when_that_gets_another_number() {
    let mut session = Session::new();
    session.press("nfirst\u{13}");
    session.overdue();
    session.press("nsecond\u{13}");
    session.overdue();
    session.press("4k");
    let first = session.app.incident.notes[0].id;
    let selected = |session: &Session| session.app.screen.log.selected.map(|line| line.entry);
    assert_eq!(selected(&session), Some(first));
    let id = session.other();
    session.memory.write(id, Event::Noted { text: "of another".into(), when: None });
    session.poll();
    assert_eq!(session.notes(), ["of another", "first", "second"]);
    assert_eq!(selected(&session), Some(first));
    session.settle();
    assert_eq!(selected(&session), Some(first));
}

#[test]
fn a_refusal_of_something_earlier_lets_no_key_go_before_what_is_waited_for() {
    let mut session = Session::new();
    session.press("nfirst\u{13}");
    session.overdue();
    session.press("nsecond\u{13}nthird\u{13}");
    session.memory.refuse();
    // The news of the second comes with that of the first.
    session.memory.answer(1);
    session.poll();
    session.settle();
    assert_eq!(session.notes(), ["first", "second", "third"]);
    session.is_what_a_replay_gives();
}

#[test]
fn what_is_done_at_the_end_brings_what_was_refused_unheard() {
    let mut session = Session::new();
    session.press("nfirst\u{13}");
    session.overdue();
    session.press("nsecond\u{13}");
    session.memory.refuse();
    let effects = session.app.update(Msg::Terminate);
    session.carry_out(effects);
    session.link.close();
    session.poll();
    journal::hide_pending(&mut session.app);
    assert_eq!(session.notes(), ["first", "second"]);
    assert_eq!(session.app.outbox.unwritten().count(), 0);
    assert_eq!(session.app.incident.entries(), session.memory.log());
}

#[test]
fn what_is_said_of_one_action_is_not_said_of_the_next() {
    let mut session = Session::new();
    session.press("nfirst\u{13}");
    session.overdue();
    // A key that says nothing of what it did.
    session.press("2");
    session.press("ssymptom\n");
    session.settle();
    let said = session.app.screen.notice.as_ref().map(|notice| notice.text.as_str());
    assert_ne!(said, Some("noted"));
    session.is_what_a_replay_gives();
}

#[test]
fn what_is_pending_at_the_end_reaches_the_store_or_is_known_to_be_unwritten() {
    for hangs in [false, true] {
        let mut session = Session::new();
        session.press("nat last\u{13}");
        session.overdue();
        if hangs {
            session.memory.hang();
        }
        let effects = session.app.update(Msg::Terminate);
        session.carry_out(effects);
        session.link.close();
        session.poll();
        journal::hide_pending(&mut session.app);
        assert_eq!(session.notes().len(), usize::from(!hangs));
        let is_note = |draft: &&Draft| matches!(draft.event, Event::Noted { .. });
        assert_eq!(session.app.outbox.unwritten().filter(is_note).count(), usize::from(hangs));
        assert_eq!(session.app.incident.entries(), session.memory.log());
    }
}

fn lost(n: u128) -> Draft {
    let (key, source, error) = (format!("lost|prom|{n}"), "prom".to_owned(), String::new());
    Draft { id: Id::small((1 << 80) + n), event: Event::SourceLost { key, source, error, when: Timestamp::UNIX_EPOCH } }
}

#[test]
fn a_storm_comes_in_slices_and_in_order_and_a_persons_draft_is_not_behind_all_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut link, home, id) = file_link(folder.path());
    let storm: Vec<Draft> = (0..2000).map(lost).collect();
    // Held so that all of it waits.
    let lock = folder.path().join("incidents").join(&id).join("lock");
    let lock = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(lock).expect("a file");
    lock.lock().expect("locked");
    link.record(storm.clone());
    link.record(vec![note(1)]);
    lock.unlock().expect("unlocked");
    link.close();
    let mut app = app();
    let mut slices = Vec::new();
    // A busy machine may take longer for the last of it than the end waits.
    for _ in 0..10_000 {
        if slices.iter().sum::<usize>() == 2001 {
            break;
        }
        let before = app.incident.entries().len();
        drop(link.take(&mut app));
        slices.push(app.incident.entries().len() - before);
        if !link.has_more() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    assert!(slices.iter().all(|slice| *slice <= 501) && slices.iter().sum::<usize>() == 2001, "{slices:?}");
    let log = home.read(&id).expect("a journal").entries;
    let place = |id: Id| log.iter().position(|entry| entry.id == id).expect("it is in the log");
    assert!(storm.iter().map(|draft| place(draft.id)).is_sorted());
    assert!(place(note(1).id) < place(storm[1999].id), "behind what had begun at the most");
    assert_eq!(app.incident.entries(), &log[1..], "the first was there before");
}

/// What may happen between a person, the app and a store.
#[derive(Clone, Debug)]
enum Step {
    Press(&'static str),
    Later(i64),
    Overdue,
    Other(u8),
    Answer(usize),
    Refuse,
    Rebase(usize),
    Stall,
    Poll,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keys = prop::sample::select(vec![
        "ssymptom\n",
        "acause\n",
        "#",
        "+",
        "x",
        "u",
        "nnote\u{13}",
        "2",
        "1",
        "4",
        "j",
        "k",
        "l",
        "\u{1b}",
        "nhalf",
        "\n",
    ]);
    let step = prop_oneof![
        6 => keys.prop_map(Step::Press),
        2 => (1..4000_i64).prop_map(Step::Later),
        3 => Just(Step::Overdue),
        2 => (0..6_u8).prop_map(Step::Other),
        2 => (1..4_usize).prop_map(Step::Answer),
        1 => Just(Step::Refuse),
        1 => (0..5_usize).prop_map(Step::Rebase),
        1 => Just(Step::Stall),
        3 => Just(Step::Poll),
    ];
    prop::collection::vec(step, 1..80)
}

fn by_another(what: u8, app: &App) -> Event {
    let row = app.incident.board.hypotheses.first().map(|row| row.id);
    match (what, row) {
        (0, _) => Event::ObservationAdded {
            text: "seen".into(),
            state: ObservationState::Present,
            origin: None,
            when: None,
            evidence: None,
            check: CheckSpec::default(),
        },
        (1, _) => {
            Event::HypothesisAdded { text: "it".into(), prior: Prior::Usual, changed: false, from: String::new() }
        }
        (2, Some(hypothesis)) => {
            Event::HypothesisSet { hypothesis, state: HypothesisState::Refuted, reason: String::new() }
        }
        (3, _) => Event::StatusSet { status: Status::Stanched, reason: String::new(), when: None },
        (4, _) => Event::SeveritySet { severity: "SEV2".into() },
        _ => Event::Noted { text: "of another".into(), when: None },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn once_all_is_confirmed_live_is_what_a_replay_gives(steps in steps()) {
        let mut session = Session::new();
        for step in steps {
            match step {
                Step::Press(keys) => session.press(keys),
                Step::Later(milliseconds) => session.later(milliseconds),
                Step::Overdue => {
                    session.overdue();
                    session.overdue();
                }
                Step::Other(what) => {
                    let (id, event) = (session.other(), by_another(what, &session.app));
                    session.memory.write(id, event);
                }
                Step::Answer(count) => session.memory.answer(count),
                Step::Refuse => session.memory.refuse(),
                Step::Rebase(back) => {
                    let id = session.other();
                    session.memory.rebase(back, id, Event::Noted { text: "before".into(), when: None });
                }
                Step::Stall => session.memory.stall(),
                Step::Poll => session.poll(),
            }
            let numbers = session.app.incident.entries().iter().map(|entry| entry.seq);
            prop_assert!(numbers.eq(1..=session.app.incident.entries().len() as u64), "one number after the other");
        }
        session.settle();
        session.is_what_a_replay_gives();
        let log = session.memory.log();
        let own = log.iter().filter(|entry| entry.by == "me@here" && !entry.event.is_observed());
        prop_assert!(own.map(|entry| entry.id).is_sorted(), "in the order in which it was done");
    }
}
