//! A cockpit that is given a random night: keys, pastes, sizes, ticks, readings, what others write, a journal that is slow
//! or refuses. After each step what must always hold is checked; see [`Session::check`] and [`Session::ends`].
//!
//! The journal is a list. Everything comes from bytes, four or more a step, so that a failure shrinks to a short string.

use std::{collections::VecDeque, path::Path, sync::Arc};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::{
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    layout::Rect,
};
use stanch::{
    app::{
        App, BoardNotSaved, CommandEnd, Effect, Keymap, Msg, Overlay, Setup, View, act,
        screen::{act::selected_act, board, watch},
        world::rows,
    },
    config::{Config, Shape},
    dashboard::Ask,
    incident::{Draft, Entry, Id, Incident, board::file::BoardFile, ranking::RowId, report},
    signal::{Fault, FaultKind, Reading},
    ui,
    ui::{Cache, Theme},
};

use super::made::Made;

const ME: &str = "alice@host";
/// More steps than this show nothing new, and take long.
const MOST_STEPS: usize = 160;

const CONFIG: &str = r#"
[[source]]
name = "prom"
type = "prometheus"
url = "http://127.0.0.1:9090"
[[source]]
name = "am"
type = "alertmanager"
url = "http://127.0.0.1:9093"
behind = "prom"
[[source]]
name = "deploys"
type = "http"
url = "http://127.0.0.1:9999"
as = "changes"
[[source]]
name = "logs"
type = "http"
url = "http://127.0.0.1:9998"
as = "logs"
[[vital]]
title = "checkout ok"
source = "prom"
query = "ok"
ok = ">= 0.995"
[[pane]]
title = "Errors"
source = "prom"
query = "errors"
[[pane]]
title = "Pool"
source = "prom"
query = "pool"
type = "stat"
[[mitigation]]
name = "rollback"
text = "Roll back checkout"
kind = "rollback"
run = ["true"]
"#;

/// Runs a night that follows from the bytes; panics when something does not hold.
pub fn run(bytes: &[u8]) {
    let mut made = Made::of(bytes);
    let mut session = Session::new(&mut made);
    let mut steps = 0;
    while !made.is_over() && !session.app.session.quitting && steps < MOST_STEPS {
        session.step(&mut made);
        session.check();
        steps += 1;
    }
    session.ends();
}

/// What the cursor of each list is on.
#[derive(Clone, Debug, PartialEq)]
struct Selected {
    row: Option<String>,
    column: Option<Id>,
    panes: Vec<Option<String>>,
    act: Option<String>,
    log: Option<(Id, usize)>,
}

#[derive(Clone)]
struct Session {
    app: App,
    /// The journal.
    log: Vec<Entry>,
    /// When the journal stamps the next entry.
    clock: Timestamp,
    /// Records wait here while the journal is slow.
    slow: bool,
    waiting: VecDeque<Vec<Draft>>,
    /// The journal takes nothing.
    broken: bool,
    quit: bool,
    commands: VecDeque<(Id, Vec<String>)>,
    /// The row or column of the board that vanished from under its cursor since the last key.
    missing: Option<String>,
}

fn start() -> Timestamp {
    Timestamp::from_second(1_795_317_000).expect("a time")
}

fn config() -> Config {
    stanch::config::load::parse(CONFIG, Path::new("stanch.toml")).map(|(config, _)| config).expect("a configuration")
}

impl Session {
    fn new(made: &mut Made<'_>) -> Self {
        let read_only = made.byte() == 255;
        // What an earlier cockpit left.
        let length = made.below(24);
        let mut log = Vec::new();
        for n in 0..length {
            let event = made.event(n);
            let by = made.pick(&[ME, "bob@host"]).to_owned();
            let at = start() + SignedDuration::from_secs(n as i64 - 60);
            log.push(Entry { seq: n as u64 + 1, id: Id::small(n as u128 + 1), at, by, event });
        }
        let app = App::new(Setup {
            config: Arc::new(config()),
            keymap: Keymap::new(&Default::default()).expect("a keymap"),
            incident: Incident::replay(log.clone()),
            id: "2026-11-22-0310-test".into(),
            author: ME.into(),
            seed: 1,
            now: start(),
            zone: TimeZone::UTC,
            read_only,
            generic: Arc::new(BoardFile::generic_causes()),
        });
        let mut session = Self {
            app,
            log,
            clock: start(),
            slow: false,
            waiting: VecDeque::new(),
            broken: false,
            quit: false,
            commands: VecDeque::new(),
            missing: None,
        };
        let effects = session.app.start();
        session.carry_out(effects);
        session
    }

    fn send(&mut self, msg: Msg) {
        let effects = self.app.update(msg);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Record(drafts) => {
                    assert!(!self.app.session.read_only, "read-only, and yet: {drafts:?}");
                    if self.slow { self.waiting.push_back(drafts) } else { self.append(drafts) }
                }
                Effect::Quit => self.quit = true,
                Effect::RunCommand { mitigation, argv, .. } => self.commands.push_back((mitigation, argv)),
                Effect::OpenEditor(text) => self.send(Msg::Edited(Ok(format!("{text}, edited")))),
                Effect::Compute(task) => self.send(Msg::Computed(task.run())),
                Effect::LoadBoard(path) => {
                    let outcome = Ok(Arc::new(BoardFile::generic_causes()));
                    self.send(Msg::BoardRead { path, outcome });
                }
                Effect::SaveBoard { path, replace, .. } => {
                    let outcome = if replace { Ok(()) } else { Err(BoardNotSaved::Taken) };
                    self.send(Msg::BoardSaved { path, outcome });
                }
                _ => {}
            }
        }
    }

    /// Appends as the journal does: known ids and keys are skipped, all of one append bear one time.
    fn append(&mut self, drafts: Vec<Draft>) {
        if self.broken {
            return self.send(Msg::NotRecorded(drafts, "the disk is full".into()));
        }
        let ids: Vec<Id> = drafts.iter().map(|draft| draft.id).collect();
        let entries = self.entries(drafts, ME);
        let known: Vec<Id> = ids.into_iter().filter(|id| entries.iter().all(|entry| entry.id != *id)).collect();
        self.send(Msg::Recorded(entries));
        if !known.is_empty() {
            self.send(Msg::Confirmed(known));
        }
    }

    fn entries(&mut self, drafts: Vec<Draft>, by: &str) -> Vec<Entry> {
        self.clock = self.clock.max(self.app.session.now) + SignedDuration::from_millis(1);
        let mut added = Vec::new();
        for draft in drafts {
            let key = draft.event.dedup_key();
            let known = |entry: &Entry| entry.id == draft.id || key.is_some() && entry.event.dedup_key() == key;
            if self.log.iter().any(known) {
                continue;
            }
            let seq = self.log.len() as u64 + 1;
            let entry = Entry { seq, id: draft.id, at: self.clock, by: by.into(), event: draft.event };
            self.log.push(entry.clone());
            added.push(entry);
        }
        added
    }

    /// Lets the journal catch up.
    fn settle(&mut self) {
        (self.slow, self.broken) = (false, false);
        for _ in 0..600 {
            match self.waiting.pop_front() {
                Some(drafts) => self.append(drafts),
                None if !self.app.outbox.has_refused() => return,
                // What was refused is tried again.
                None => self.later(3),
            }
        }
        panic!("the journal never catches up");
    }

    fn later(&mut self, seconds: i64) {
        let now = self.app.session.now.checked_add(SignedDuration::from_secs(seconds)).expect("a time");
        self.send(Msg::Tick(now));
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        let missing = self.missing.take().filter(|missing| self.would_hit(missing, code, modifiers));
        let before = missing.map(|missing| (missing, facts(&self.app.incident)));
        self.send(Msg::Key(KeyEvent::new(code, modifiers)));
        if let Some((missing, before)) = before {
            assert_eq!(facts(&self.app.incident), before, "{missing} is gone, and {code:?} hits what took its place");
        }
    }

    /// Whether a key acts on a row or a column of the board, and the one it was meant for is there no more.
    fn would_hit(&self, missing: &str, code: KeyCode, modifiers: KeyModifiers) -> bool {
        let app = &self.app;
        let acts = matches!(code, KeyCode::Char(c) if "#+.-!~xcvr, ".contains(c)) && modifiers.is_empty();
        let free = app.screen.overlay.is_none() && !app.outbox.keys_wait() && app.screen.view == View::Board;
        let back = board::board_order(&app.incident).iter().any(|row| format!("{row:?}") == missing)
            || app.incident.board.observations.iter().any(|column| format!("column {}", column.id) == missing);
        acts && free && !back
    }

    fn step(&mut self, made: &mut Made<'_>) {
        match made.byte() {
            0..=119 => self.press_any(made),
            120..=139 => self.key(KeyCode::Enter),
            140..=149 => self.key(KeyCode::Esc),
            150..=164 => {
                let text = made.text();
                text.chars().for_each(|c| self.press(KeyCode::Char(c), KeyModifiers::NONE));
            }
            165..=170 => {
                let text = made.text();
                self.send(Msg::Paste(text));
            }
            171..=178 => {
                let size = (u16::from(made.byte()), u16::from(made.byte()) / 3);
                self.quietly(Msg::Resized(size.0.max(1), size.1.max(1)));
            }
            179..=196 => {
                let seconds = if made.yes() { 1 } else { i64::from(made.byte()) };
                let now = self.app.session.now.checked_add(SignedDuration::from_secs(seconds)).expect("a time");
                self.quietly(Msg::Tick(now));
            }
            197..=222 => self.poll(made),
            223..=238 => self.other_writer(made),
            239..=241 => self.slow = !self.slow,
            242 => self.broken = !self.broken,
            243..=244 => self.settle(),
            245 => {
                let Some((mitigation, argv)) = self.commands.pop_front() else { return };
                let exit = made.yes().then_some(0);
                self.quietly(Msg::CommandEnded(CommandEnd {
                    mitigation,
                    argv,
                    exit,
                    output: made.text(),
                    seconds: 1.0,
                }));
            }
            // Nobody waits any longer; what was submitted is pending.
            246 if self.slow => self.send(Msg::Unconfirmed),
            246 => self.quietly(Msg::JournalSays("something".into())),
            247 => self.quietly(Msg::Synced(Some(start()))),
            248 => self.quietly(Msg::Spilled(Some("in a second journal".into()))),
            249 if self.waiting.is_empty() && !self.app.outbox.has_refused() => {
                let log = self.log.clone();
                self.quietly(Msg::Rebased(log));
            }
            250..=252 => self.undo_undoes(made),
            _ => self.way_out(),
        }
    }

    fn press_any(&mut self, made: &mut Made<'_>) {
        const PLAIN: &str = "12345123452222sstaaeemvxcoE~#+.-!,?>jkhljkhlnnuuwApyzrSCRPiIbfFgGt/:[]{}0= q";
        match made.byte() {
            byte @ 0..=199 => {
                let keys: Vec<char> = PLAIN.chars().collect();
                self.key(KeyCode::Char(keys[usize::from(byte) % keys.len()]));
            }
            200..=215 => self.key(made.pick(&[KeyCode::Up, KeyCode::Down, KeyCode::Left, KeyCode::Right])),
            216..=223 => self.key(made.pick(&[KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown])),
            224..=231 => self.key(made.pick(&[KeyCode::Tab, KeyCode::BackTab, KeyCode::Backspace, KeyCode::Delete])),
            232..=239 => self.press(made.pick(&[KeyCode::Up, KeyCode::Down]), KeyModifiers::ALT),
            _ => {
                let letter = made.pick(&['s', 'd', 'e', 'r', 'l', 'u', 'j', 'z', 'k', 'w', 'a']);
                self.press(KeyCode::Char(letter), KeyModifiers::CONTROL);
            }
        }
    }

    /// A key; what it did to typed text is looked at.
    fn key(&mut self, code: KeyCode) {
        let typed =
            self.app.screen.overlay.as_ref().and_then(Overlay::draft).filter(|(_, text)| !text.trim().is_empty());
        let (waits, length) = (self.app.outbox.keys_wait(), self.log.len());
        self.press(code, KeyModifiers::NONE);
        let Some((field, text)) = typed.filter(|_| !waits && !self.slow && !self.broken) else { return };
        let leaves = self.app.screen.overlay.as_ref().and_then(Overlay::draft).is_none_or(|(now, _)| now != field);
        if !leaves || !matches!(code, KeyCode::Esc | KeyCode::Enter) {
            return;
        }
        let kept = self.draft(&field).is_some_and(|kept| kept == tidy(&text));
        let written = self.log.len() > length && code == KeyCode::Enter;
        assert!(
            kept || written || self.app.session.read_only,
            "{code:?} lost {text:?} of {field:?}: {:?}",
            self.draft(&field)
        );
    }

    fn draft(&self, field: &str) -> Option<String> {
        self.app.incident.drafts.get(&(ME.to_owned(), field.to_owned())).map(|text| tidy(text))
    }

    /// Something that is not a key: it moves no cursor off what it is on, and changes nothing that is being typed.
    fn quietly(&mut self, msg: Msg) {
        let (before, typed) = (self.selected(), self.typed());
        let has_waiting = self.app.outbox.keys_wait();
        let what = format!("{msg:?}");
        self.send(msg);
        // Keys that waited for the journal are pressed now; they may do anything.
        if has_waiting && !self.app.outbox.keys_wait() {
            return;
        }
        assert_eq!(typed, self.typed(), "{what} changed what is typed");
        let after = self.selected();
        let there = self.there();
        let stays = |was: &Option<String>, now: &Option<String>, list: &[String]| {
            was.as_ref().is_none_or(|was| !list.contains(was) || now.as_ref() == Some(was))
        };
        assert!(stays(&before.row, &after.row, &there.0), "{what}\nrow {before:?} -> {after:?}");
        let row = before.row.as_ref().filter(|row| self.app.screen.view == View::Board && !there.0.contains(row));
        let on_board = |id: &Id| self.app.incident.board.observation(*id).is_some();
        let column = before.column.filter(|id| self.app.screen.view == View::Board && !on_board(id));
        self.missing = row.cloned().or(column.map(|id| format!("column {id}"))).or(self.missing.take());
        let column = before.column.filter(|id| self.app.incident.board.observation(*id).is_some());
        assert!(column.is_none() || column == after.column, "{what}\ncolumn {before:?} -> {after:?}");
        for (at, was) in before.panes.iter().enumerate() {
            assert!(stays(was, &after.panes[at], &there.1[at]), "{what}\npane {at} {before:?} -> {after:?}");
        }
        assert!(stays(&before.act, &after.act, &there.2), "{what}\nact {before:?} -> {after:?}");
        assert_eq!(before.log, after.log, "{what}");
    }

    fn typed(&self) -> Option<String> {
        self.app.screen.overlay.as_ref().and_then(|overlay| match overlay {
            Overlay::Note(field) => Some(field.text()),
            Overlay::Prompt(prompt) => Some(prompt.field.text()),
            Overlay::Picker(picker) => Some(picker.field.text()),
            Overlay::Palette(palette) => Some(palette.field.text()),
            _ => None,
        })
    }

    fn selected(&self) -> Selected {
        let app = &self.app;
        let held =
            |row: &RowId| app.screen.board.row.is_some() || app.screen.view == View::Board && *row != RowId::Other;
        Selected {
            // Before it was ever looked at, a list has no cursor.
            row: board::board_row(app).filter(held).map(|row| format!("{row:?}")),
            column: board::selected_observation(app),
            // Where its row is gone it stands by its line, and goes back to the row once that is there again.
            panes: (app.world.plan.panes.iter())
                .map(|pane| {
                    let key = app.screen.watch.cursors.get(&pane.id)?.key.as_ref()?;
                    watch::selected_row(app, pane.id).filter(|row| row == key)
                })
                .collect(),
            act: selected_act(app)
                .map(|item| item.key())
                .filter(|_| app.screen.view == View::Act || app.screen.act.cursor.key.is_some()),
            log: app.screen.log.selected.map(|line| (line.entry, line.nth)),
        }
    }

    /// What each list holds: rows of the board, of each pane, of Act.
    fn there(&self) -> (Vec<String>, Vec<Vec<String>>, Vec<String>) {
        let app = &self.app;
        (
            board::board_order(&app.incident).iter().map(|row| format!("{row:?}")).collect(),
            app.world.plan.panes.iter().map(|pane| rows::row_keys(app, pane)).collect(),
            act::act_items(app.facts()).iter().map(|item| item.key()).collect(),
        )
    }

    fn poll(&mut self, made: &mut Made<'_>) {
        let at = made.below(self.app.world.plan.queries().count());
        let Some((id, query)) = self.app.world.plan.queries().nth(at) else { return };
        let shape = match &query.ask {
            Ask::Alerts => 1,
            Ask::Fetch { read, .. } => match read.shape {
                Shape::Changes => 2,
                Shape::Logs => 3,
                Shape::Number => 4,
                Shape::Table => 5,
                Shape::Alerts => 1,
            },
            _ => 0,
        };
        let now = self.app.session.now;
        let outcome = match made.byte() {
            0..=40 => Err(Fault::new(FaultKind::Refused, made.text())),
            _ => Ok(Arc::new(Reading { at: now, data: made.data(shape), warnings: vec![made.text()] })),
        };
        self.quietly(Msg::Polled { query: id, outcome, at: now });
    }

    fn other_writer(&mut self, made: &mut Made<'_>) {
        let mut event = made.event(self.log.len());
        // It names what is there, rather than the small ids of a made-up journal.
        if made.yes() && !self.log.is_empty() {
            let text = serde_json::to_string(&event).expect("JSON");
            let mut known = text.clone();
            for n in 0..self.log.len() + 2 {
                let id = self.log[made.below(self.log.len())].id;
                known = known.replace(&format!("\"{}\"", Id::small(n as u128)), &format!("\"{id}\""));
            }
            event = serde_json::from_str(&known).expect("an event");
        }
        let id = Id::small((1 << 90) + self.log.len() as u128);
        let by = made.pick(&["bob@host", "bob@host", "carol@host"]);
        let entries = self.entries(vec![Draft { id, event }], by);
        self.quietly(Msg::Recorded(entries));
    }

    /// What holds after every step.
    fn check(&mut self) {
        self.draw(self.app.screen.size);
        let mut size = (1 + (self.log.len() as u16 * 7) % 40, 1 + (self.log.len() as u16 * 3) % 12);
        std::mem::swap(&mut size, &mut self.app.screen.size);
        self.draw(self.app.screen.size);
        self.app.screen.size = size;
    }

    fn draw(&self, size: (u16, u16)) -> Buffer {
        let area = Rect::new(0, 0, size.0, size.1);
        let mut buffer = Buffer::empty(area);
        ui::draw_into(&mut buffer, area, &self.app, &Theme::default(), &mut Cache::default());
        for cell in buffer.content() {
            assert!(!cell.symbol().contains(|c: char| c.is_control()), "{:?}", cell.symbol());
        }
        buffer
    }

    /// Out of anything by a few keys, and by one.
    fn way_out(&self) {
        let mut at_once = self.clone();
        at_once.press(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert!(at_once.quit, "Ctrl-C does not quit: {:?}", self.app.screen.overlay);
        if let Some((field, text)) = self.app.screen.overlay.as_ref().and_then(Overlay::draft)
            && !self.app.session.read_only
            && !self.app.outbox.keys_wait()
            // What no journal takes at the very end is for the runtime to put aside.
            && !self.broken
        {
            at_once.settle_after_quit();
            let kept = at_once.app.incident.drafts.get(&(ME.to_owned(), field.clone())).map(|text| tidy(text));
            assert_eq!(kept.unwrap_or_default(), tidy(&text), "Ctrl-C lost what stands in {field:?}");
        }
        let mut step_by_step = self.clone();
        step_by_step.settle();
        for _ in 0..6 {
            step_by_step.later(2);
            step_by_step.key(KeyCode::Esc);
            step_by_step.settle();
        }
        step_by_step.later(2);
        step_by_step.key(KeyCode::Char('q'));
        assert!(step_by_step.quit, "six Esc and q do not quit: {:?}", step_by_step.app.screen.overlay);
    }

    fn settle_after_quit(&mut self) {
        (self.slow, self.broken) = (false, false);
        while let Some(drafts) = self.waiting.pop_front() {
            self.append(drafts);
        }
    }

    /// One thing is done to the incident, and taken back: the facts are what they were.
    fn undo_undoes(&self, made: &mut Made<'_>) {
        if self.app.session.read_only {
            return;
        }
        let mut session = self.clone();
        session.settle();
        for _ in 0..6 {
            session.later(2);
            session.key(KeyCode::Esc);
            session.settle();
        }
        session.later(2);
        let (before, length) = (facts(&session.app.incident), session.log.len());
        const DOINGS: [&str; 22] = [
            "2#",
            "2!",
            "2.",
            "2 ",
            "2,",
            "2~",
            "2o\n",
            "2jl+",
            "2=y",
            "2xbecause\n",
            "2csure\n",
            "2vp\n",
            "2vano\n",
            "2irests\n",
            "2Ebetter words\n",
            "2tonly new pods\n",
            "sspool\n",
            "3mrestart it\n",
            "3S\n",
            "A",
            "wwhy no canary\n",
            "5jj\nbecause\n",
        ];
        for c in made.pick(&DOINGS).chars() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            session.press(code, KeyModifiers::NONE);
            if session.log.len() > length {
                break;
            }
        }
        let added = session.log[length..].iter();
        let undoable = added.clone().filter(|entry| entry.event.is_undoable()).count();
        if undoable == 0 || session.app.session.quitting {
            return;
        }
        let kinds = added.map(|entry| entry.event.clone()).collect::<Vec<_>>();
        for _ in 0..6 {
            session.later(2);
            session.key(KeyCode::Esc);
        }
        session.later(2);
        let mine = |session: &Self| session.app.incident.last_undoable(ME);
        let group = mine(&session);
        let is_of_this = group.iter().all(|id| session.log[length..].iter().any(|entry| entry.id == *id));
        if group.is_empty() || !is_of_this {
            return;
        }
        session.key(KeyCode::Char('u'));
        assert!(
            session.log.len() > length + kinds.len(),
            "u does nothing after {kinds:?}: {:?}",
            session.app.screen.notice
        );
        assert_eq!(facts(&session.app.incident), before, "after {kinds:?} and u");
    }

    /// The end of the night: what is on the screen is what a replay of the journal shows.
    fn ends(mut self) {
        self.settle_after_quit();
        if !self.app.session.quitting {
            self.settle();
            self.way_out();
        }
        let replayed = Incident::replay(self.log.clone());
        assert_eq!(facts(&self.app.incident), facts(&replayed));
        assert_eq!(report::markdown(&self.app.incident), report::markdown(&replayed));
        assert_eq!(report::json(&self.app.incident), report::json(&replayed));
        let mut other = self.clone();
        other.app.incident = replayed;
        for view in View::ALL {
            (self.app.screen.view, other.app.screen.view) = (view, view);
            assert_eq!(self.draw(self.app.screen.size), other.draw(other.app.screen.size), "{view:?}");
        }
        for size in [(1, 1), (2, 3), (80, 24), (200, 60)] {
            self.app.screen.size = size;
            self.draw(size);
        }
    }
}

/// Text as a draft keeps it.
fn tidy(text: &str) -> String {
    stanch::base::text::block(text.trim(), usize::MAX).trim().to_owned()
}

/// Everything an incident says, but for what is about the log itself.
fn facts(incident: &Incident) -> String {
    let stanch::incident::Summary { title, severity, status, .. } = &incident.summary;
    let Incident { status_history, board, ranking, alerts, changes, vitals, outages, .. } = incident;
    let Incident { mitigations, change_guards, notes, whys, causes, pins, folded, answers, actions, links, .. } =
        incident;
    let Incident { onset_set, acknowledged, checks, .. } = incident;
    let checks: std::collections::BTreeMap<_, _> = checks.iter().collect();
    let board =
        stanch::incident::board::file::to_toml("", board) + &format!("{:?}{:?}", board.observations, board.hypotheses);
    format!(
        "{title:?} {severity:?} {status:?} {status_history:?}\n{board}\n{:?}\n{alerts:?} {changes:?} {vitals:?} {outages:?}\n\
         {mitigations:?} {change_guards:?}\n{notes:?} {whys:?} {causes:?} {pins:?} {folded:?} {answers:?} {actions:?} \
         {links:?} {onset_set:?} {acknowledged:?} {checks:?}",
        ranking.rows
    )
}
