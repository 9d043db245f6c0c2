//! The app as a machine: keys and messages in, effects and state out, a journal of one list.

mod act;
mod coach;
mod crossings;
mod transitions;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{App, Effect, Keymap, Msg, Overlay, Setup, View, VitalState};
use crate::{
    config::{Config, Http, Pane, QueryId, Source, SourceKind, Vital},
    incident::{
        AlertTurn, Cell, Entry, Event, Incident, MitigationState, ObservationState, Status, board::file::BoardFile,
        ranking::RowId,
    },
    signal::{
        Alert, AlertSet, AlertState, Change, ChangeKind, Data, Fault, FaultKind, Labels, Point, Reading, Series,
        Severity, Unit, alert::AlertLinks,
    },
};

fn at(time: &str) -> Timestamp {
    format!("2026-11-22T{time}Z").parse().expect("a time")
}

fn http() -> Http {
    Http {
        url: "http://127.0.0.1:9090".into(),
        auth: Default::default(),
        headers: Vec::new(),
        ca_file: None,
        client_cert: None,
        proxy: None,
    }
}

fn source(name: &str, kind: SourceKind, behind: Option<&str>) -> Source {
    Source {
        name: name.into(),
        kind,
        every: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
        max_bytes: 1 << 20,
        behind: behind.map(str::to_owned),
    }
}

/// Prometheus with an Alertmanager before it, a deploy feed, one vital, one chart.
fn config() -> Config {
    let alertmanager = SourceKind::Alertmanager {
        http: http(),
        receiver: None,
        filters: Vec::new(),
        silenced: true,
        inhibited: false,
    };
    let read = crate::config::Read { shape: crate::config::Shape::Changes, ..Default::default() };
    Config {
        sources: vec![
            source("prom", SourceKind::Prometheus(http()), None),
            source("am", alertmanager, Some("prom")),
            source("deploys", SourceKind::Http { http: http(), post: false, body: None, read }, None),
        ],
        vitals: vec![Vital {
            title: "checkout ok".into(),
            source: "prom".into(),
            query: "ok".into(),
            ok: ">= 0.995".parse().expect("a condition"),
            unit: Unit::PercentUnit,
        }],
        panes: vec![Pane { sources: vec!["prom".into()], query: "errors".into(), ..Pane::titled("Errors") }],
        ..Config::default()
    }
}

/// A cockpit with a journal that is a list.
struct Cockpit {
    app: App,
    log: Vec<Entry>,
    effects: Vec<Effect>,
    /// Records wait here while this is set.
    slow: bool,
    waiting: Vec<Effect>,
}

impl Cockpit {
    fn new() -> Self {
        Self::with(config())
    }

    fn with(config: Config) -> Self {
        let app = App::new(Setup {
            config: Arc::new(config),
            keymap: Keymap::new(&BTreeMap::new()).expect("a keymap"),
            incident: Incident::default(),
            id: "2026-11-22-0300-test".into(),
            author: "alice@host".into(),
            seed: 1,
            now: at("03:10:00"),
            zone: TimeZone::UTC,
            read_only: false,
            generic: Arc::new(BoardFile::generic_causes()),
        });
        let mut cockpit = Self { app, log: Vec::new(), effects: Vec::new(), slow: false, waiting: Vec::new() };
        let effects = cockpit.app.start();
        cockpit.carry_out(effects);
        cockpit
    }

    fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = self.app.update(msg);
        self.carry_out(effects);
        self
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Record(_) if self.slow => self.waiting.push(effect),
                Effect::Record(drafts) => {
                    let now = self.app.now;
                    let entries: Vec<Entry> = drafts
                        .into_iter()
                        .map(|draft| {
                            let seq = self.log.len() as u64 + 1;
                            let entry =
                                Entry { seq, id: draft.id, at: now, by: "alice@host".into(), event: draft.event };
                            self.log.push(entry.clone());
                            entry
                        })
                        .collect();
                    let more = self.app.update(Msg::Recorded(entries));
                    self.carry_out(more);
                }
                other => self.effects.push(other),
            }
        }
    }

    /// Types keys: single letters, or names between angle brackets.
    fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|r| r.split_once('>'));
            let (key, after) = match named {
                Some((name, after)) => (self::key(name), after),
                None => (KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE), &rest[c.len_utf8()..]),
            };
            rest = after;
            self.send(Msg::Key(key));
        }
        self
    }

    fn tick(&mut self, time: &str) -> &mut Self {
        self.send(Msg::Tick(at(time)))
    }

    fn poll(&mut self, query: usize, data: Data) -> &mut Self {
        let reading = Reading { at: self.app.now, data, warnings: Vec::new() };
        let now = self.app.now;
        self.send(Msg::Polled { query: QueryId(query), outcome: Ok(Arc::new(reading)), at: now })
    }

    fn fail(&mut self, query: usize) -> &mut Self {
        let now = self.app.now;
        let fault = Fault::new(FaultKind::Refused, "");
        self.send(Msg::Polled { query: QueryId(query), outcome: Err(fault), at: now })
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.log.iter().map(|entry| kind(&entry.event)).collect()
    }

    fn turns(&self) -> Vec<AlertTurn> {
        let turn = |entry: &Entry| match entry.event {
            Event::AlertTurned { turn, .. } => Some(turn),
            _ => None,
        };
        self.log.iter().filter_map(turn).collect()
    }
}

fn key(name: &str) -> KeyEvent {
    let (code, modifiers) = match name {
        "enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "esc" => (KeyCode::Esc, KeyModifiers::NONE),
        "tab" => (KeyCode::Tab, KeyModifiers::NONE),
        "down" => (KeyCode::Down, KeyModifiers::NONE),
        "alt-up" => (KeyCode::Up, KeyModifiers::ALT),
        "ctrl-s" => (KeyCode::Char('s'), KeyModifiers::CONTROL),
        "ctrl-j" => (KeyCode::Char('j'), KeyModifiers::CONTROL),
        "ctrl-c" => (KeyCode::Char('c'), KeyModifiers::CONTROL),
        "ctrl-r" => (KeyCode::Char('r'), KeyModifiers::CONTROL),
        other => panic!("no key {other}"),
    };
    KeyEvent::new(code, modifiers)
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::WatchStarted { .. } => "watch",
        Event::ObservationAdded { .. } => "observation",
        Event::HypothesisAdded { .. } => "hypothesis",
        Event::CellSet { .. } => "cell",
        Event::Noted { .. } => "note",
        Event::DraftKept { .. } => "draft",
        Event::AlertTurned { .. } => "alert",
        Event::VitalCrossed { .. } => "vital",
        Event::SourceLost { .. } => "lost",
        Event::SourceBack { .. } => "back",
        _ => "other",
    }
}

const VITAL: usize = 0;
const ALERTS: usize = 2;
const PROMETHEUS_ALERTS: usize = 3;
const CHANGES: usize = 4;

fn firing(names: &[&str]) -> Data {
    let alert = |name: &&str| Alert {
        id: (*name).into(),
        labels: Labels::of([("alertname", *name), ("service", "checkout")]),
        summary: format!("{name} on checkout").into(),
        state: AlertState::Firing,
        severity: Severity::Critical,
        starts_at: at("03:06:00"),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
    };
    let named = |alert: &Alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    };
    Data::Alerts(AlertSet::grouped(names.iter().map(alert).collect(), named))
}

fn curve(from: &str, step: i64, values: &[f64]) -> Data {
    let start = at(from).as_millisecond();
    let points = values.iter().enumerate().map(|(i, v)| Point { t: start + i as i64 * step * 1000, v: *v });
    Data::Series(vec![Series { name: "ok".into(), labels: Labels::default(), points: points.collect() }])
}

#[test]
fn the_plan_is_what_the_tests_take_it_for() {
    let cockpit = Cockpit::new();
    let asks: Vec<String> = cockpit.app.plan.queries.iter().map(|q| format!("{} {:?}", q.source, q.ask)).collect();
    assert!(asks[VITAL].contains("LiveRange"), "{asks:?}");
    assert_eq!(asks[ALERTS], "1 Alerts");
    assert_eq!(asks[PROMETHEUS_ALERTS], "0 Alerts");
    assert!(asks[CHANGES].starts_with("2 Fetch"));
}

#[test]
fn from_a_firing_alert_to_two_ranked_hypotheses_in_few_keys() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    // s takes it, a opens the picker twice, a cell. The words typed are set aside: 7 strokes without them.
    cockpit.press("sabad deploy<enter>").press("<esc>adb pool<enter>").press("#");
    let board = &cockpit.app.incident.board;
    assert_eq!(board.observations.len(), 1);
    assert_eq!(board.hypotheses.len(), 2);
    let cells: Vec<_> = board.hypotheses.iter().map(|row| board.cell(row.id, board.observations[0].id)).collect();
    assert_eq!(cells, [Cell::Unassessed, Cell::Must], "the strip asks about the row just added");
}

#[test]
fn the_fill_strip_goes_column_by_column_and_a_comma_fills_the_rest() {
    let mut cockpit = Cockpit::new();
    cockpit.press("s5xx<enter>ap<enter><esc>aq<enter><esc>");
    assert_eq!(cockpit.app.view, View::Board);
    cockpit.tick("03:10:01").press("<enter>#,");
    let board = &cockpit.app.incident.board;
    let cells: Vec<_> = board.hypotheses.iter().map(|row| board.cell(row.id, board.observations[0].id)).collect();
    assert_eq!(cells, [Cell::Must, Cell::Neutral]);
    assert!(cockpit.app.overlay.is_none(), "filled");
}

#[test]
fn the_incident_changes_only_when_the_journal_answers_and_keys_wait_for_it() {
    let mut cockpit = Cockpit::new();
    cockpit.press("ss1<enter>");
    cockpit.slow = true;
    cockpit.press("as1 cause<enter>");
    assert!(cockpit.app.incident.board.hypotheses.is_empty(), "not before it is recorded");
    cockpit.press("#");
    assert_eq!(cockpit.waiting.len(), 1, "the key waits");
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    let board = &cockpit.app.incident.board;
    assert_eq!(board.cell(board.hypotheses[0].id, board.observations[0].id), Cell::Must, "and then it counts");
}

#[test]
fn quitting_does_not_wait_and_keeps_what_was_typed() {
    let mut cockpit = Cockpit::new();
    cockpit.press("nthe pool is").press("<ctrl-c>");
    assert_eq!(cockpit.effects, [Effect::Quit]);
    assert!(cockpit.app.is_quitting());
    assert_eq!(cockpit.app.my_draft("note"), Some("the pool is"));
}

#[test]
fn a_note_left_with_esc_comes_back_and_is_gone_once_kept() {
    let mut cockpit = Cockpit::new();
    cockpit.press("nhalf a thought<esc>");
    assert!(cockpit.app.overlay.is_none());
    cockpit.press("n").press(" more<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].text, "half a thought more");
    assert!(cockpit.app.incident.drafts.is_empty());
}

#[test]
fn notes_can_be_backdated() {
    let mut cockpit = Cockpit::new();
    cockpit.press("n03:05 pool alarms<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].at, at("03:05:00"));
    assert_eq!(cockpit.app.incident.notes[0].text, "pool alarms");
}

#[test]
fn a_paste_outside_of_a_field_becomes_a_note() {
    let mut cockpit = Cockpit::new();
    cockpit.send(Msg::Paste("q\x1b[31mline\ntwo".into()));
    let Some(Overlay::Note(field)) = &cockpit.app.overlay else { panic!("a note") };
    assert_eq!(field.text(), "q[31mline\ntwo");
    assert!(!cockpit.app.is_quitting());
}

#[test]
fn a_line_feed_is_enter_and_loses_no_line() {
    let mut cockpit = Cockpit::new();
    cockpit.press("none<ctrl-j>two<ctrl-s>").press("ss1<ctrl-j>").press("ah1<ctrl-j>");
    assert_eq!(cockpit.app.incident.notes[0].text, "one\ntwo");
    assert_eq!(cockpit.app.incident.board.observations.len(), 1);
    assert_eq!(cockpit.app.incident.board.hypotheses.len(), 1);
}

#[test]
fn enter_right_after_esc_is_half_of_an_alt_enter() {
    let mut cockpit = Cockpit::new();
    cockpit.press("1").press("<esc><enter>");
    assert!(!cockpit.app.watch.zoomed);
    cockpit.tick("03:10:01").press("<enter>");
    assert!(cockpit.app.watch.zoomed);
}

#[test]
fn alerts_are_written_down_once_resolved_and_lost_from_sight() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"])).poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.turns(), [AlertTurn::FiringWhenOpened]);
    cockpit.tick("03:12:00").poll(ALERTS, firing(&[]));
    assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved]);
    cockpit.tick("03:14:00").poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.turns()[2..], [AlertTurn::Fired], "it fires again with the same start");
    // The Prometheus behind the Alertmanager stops answering, and the alert vanishes.
    cockpit.fail(VITAL).fail(VITAL).tick("03:15:00").poll(ALERTS, firing(&[]));
    assert_eq!(cockpit.turns()[3..], [AlertTurn::LostSight]);
}

#[test]
fn one_alert_known_to_two_sources_is_one_entry() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&["A"])).poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.turns().len(), 1);
    assert_eq!(cockpit.app.firing(), (1, 1));
}

#[test]
fn a_source_is_lost_after_two_failures_and_back_with_its_first_answer() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Series(Vec::new())).fail(VITAL);
    assert!(!cockpit.kinds().contains(&"lost"));
    cockpit.fail(VITAL).fail(VITAL).poll(VITAL, Data::Series(Vec::new()));
    let kinds = cockpit.kinds();
    assert_eq!(kinds.iter().filter(|k| **k == "lost").count(), 1);
    assert_eq!(kinds.last(), Some(&"back"));
}

#[test]
fn a_vital_crosses_where_its_curve_did_and_says_what_it_cost() {
    let mut cockpit = Cockpit::new();
    // In range until 03:08, then 90 % for two minutes.
    let mut values = vec![1.0; 24];
    values.extend([0.9; 24]);
    cockpit.poll(VITAL, curve("03:06:05", 5, &values));
    assert_eq!(cockpit.app.vital(0), VitalState::Outside(0.9));
    assert_eq!(cockpit.app.incident.onset(), Some(at("03:08:05")));
    cockpit.tick("03:10:01");
    let stretch = &cockpit.app.incident.vitals["checkout ok"].stretches[&at("03:08:05")];
    assert_eq!((stretch.seconds, stretch.shown.as_str()), (120.0, "90 %"));
    assert!((stretch.area - 0.19).abs() < 1e-9, "9.5 points for two minutes: {}", stretch.area);
}

#[test]
fn a_vital_that_is_stale_failing_or_empty_is_unknown() {
    let mut cockpit = Cockpit::new();
    assert_eq!(cockpit.app.vital(0), VitalState::Unknown(None));
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13]));
    assert_eq!(cockpit.app.vital(0), VitalState::Inside(1.0));
    cockpit.tick("03:10:16");
    assert!(matches!(cockpit.app.vital(0), VitalState::Unknown(Some((1.0, _)))), "stale");
    cockpit.poll(VITAL, Data::Series(Vec::new()));
    assert_eq!(cockpit.app.vital(0), VitalState::Unknown(None), "empty");
    cockpit.poll(VITAL, Data::Number(f64::NAN));
    assert_eq!(cockpit.app.vital(0), VitalState::Unknown(None), "NaN");
}

#[test]
fn the_cursor_stays_on_its_alert_when_the_list_changes() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["B", "C"]));
    let pane = cockpit.app.watch.focus;
    cockpit.press("j");
    let selected = cockpit.app.selected_row(pane);
    cockpit.poll(ALERTS, firing(&["A", "B", "C"]));
    assert_eq!(cockpit.app.selected_row(pane), selected);
    assert!(selected.is_some_and(|key| key.ends_with('C')));
}

#[test]
fn a_text_scrolls_and_stops_at_its_end() {
    let mut config = config();
    let text = "one\ntwo\nthree".to_owned();
    config.panes.insert(0, Pane { kind: crate::config::PaneKind::Text, text, ..Pane::titled("SOP") });
    let mut cockpit = Cockpit::with(config);
    cockpit.app.watch.focus = 0;
    cockpit.press("<enter>jj");
    assert_eq!(cockpit.app.scrolled(0), 2);
    cockpit.press("jk");
    assert_eq!(cockpit.app.scrolled(0), 1);
}

#[test]
fn undo_takes_ones_own_back_unless_another_has_written_there() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>ay<enter>").tick("03:10:01").press("#").tick("03:10:02");
    let cell = |app: &App| {
        let board = &app.incident.board;
        board.cell(board.hypotheses[0].id, board.observations[0].id)
    };
    assert_eq!(cell(&cockpit.app), Cell::Must);
    cockpit.press("u");
    assert_eq!(cell(&cockpit.app), Cell::Unassessed);
    cockpit.press("<ctrl-r>");
    assert_eq!(cell(&cockpit.app), Cell::Must);
    let board = &cockpit.app.incident.board;
    let event = Event::CellSet {
        hypothesis: board.hypotheses[0].id,
        observation: board.observations[0].id,
        cell: Cell::Cannot,
    };
    let seq = cockpit.log.len() as u64 + 1;
    let foreign = Entry { seq, id: crate::incident::Id::small(99), at: at("03:10:00"), by: "bob@host".into(), event };
    cockpit.log.push(foreign.clone());
    cockpit.send(Msg::Recorded(vec![foreign])).press("u");
    assert_eq!(cell(&cockpit.app), Cell::Cannot);
    let notice = cockpit.app.notice.as_ref().expect("a notice");
    assert!(notice.text.contains("bob@host"), "{}", notice.text);
}

#[test]
fn live_is_what_a_replay_gives() {
    let mut cockpit = Cockpit::new();
    cockpit
        .poll(ALERTS, firing(&["A", "B"]))
        .press("saq<enter>#")
        .press("ar<enter>")
        .press("+")
        .press("unnote<ctrl-s>");
    let replayed = Incident::replay(cockpit.log.clone());
    assert_eq!(replayed.board, cockpit.app.incident.board);
    assert_eq!(replayed.alerts, cockpit.app.incident.alerts);
    assert_eq!(replayed.notes, cockpit.app.incident.notes);
    assert_eq!(replayed.rank_turns, cockpit.app.incident.rank_turns);
}

#[test]
fn what_could_not_be_written_is_tried_again() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nkeep me<ctrl-s>");
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("a record") };
    cockpit.send(Msg::NotRecorded(drafts, "no space left".into()));
    assert_eq!(cockpit.app.journal.trouble.as_deref(), Some("no space left"));
    cockpit.slow = false;
    cockpit.tick("03:10:03");
    assert_eq!(cockpit.app.incident.notes[0].text, "keep me");
    assert_eq!(cockpit.app.journal.trouble, None);
}

#[test]
fn a_note_typed_while_the_journal_is_slow_survives_quitting() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("ss1<enter>");
    cockpit.press("nunder way").press("<ctrl-c>");
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(cockpit.app.my_draft("note"), Some("under way"));
}

#[test]
fn a_journal_that_was_replaced_does_not_hold_the_keys() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nlost on the way<ctrl-s>");
    let entries = cockpit.log.clone();
    cockpit.send(Msg::Rebased(entries)).press("4");
    assert_eq!(cockpit.app.view, View::Log);
}

#[test]
fn what_a_machine_observed_is_not_hoarded_when_the_journal_fails() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.poll(ALERTS, firing(&["A"]));
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("a record") };
    cockpit.send(Msg::NotRecorded(drafts, "no space left".into()));
    assert!(cockpit.app.journal.refused.is_empty(), "the next poll will tell it again");
}

#[test]
fn what_was_refused_is_written_before_what_is_new() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nfirst<ctrl-s>");
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("a record") };
    cockpit.send(Msg::NotRecorded(drafts, "no space left".into()));
    cockpit.slow = false;
    cockpit.press("nsecond<ctrl-s>");
    let notes: Vec<_> = cockpit.app.incident.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, ["first", "second"]);
}

#[test]
fn a_draft_is_its_authors_own() {
    let mut cockpit = Cockpit::new();
    let event = Event::DraftKept { field: "note".into(), text: "bob's half thought".into() };
    let id = crate::incident::Id::small(7);
    let foreign = Entry { seq: 2, id, at: at("03:10:00"), by: "bob@host".into(), event };
    cockpit.send(Msg::Recorded(vec![foreign])).press("nmine<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].text, "mine");
    assert_eq!(cockpit.app.incident.drafts.len(), 1, "bob's stays");
}

#[test]
fn what_was_left_in_a_question_stands_there_again() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aq<enter><esc>2xnot it, because<esc>").tick("03:10:05").press("x").press(" of y<enter>");
    let row = &cockpit.app.incident.board.hypotheses[0];
    assert_eq!(row.reason, "not it, because of y");
}

#[test]
fn a_read_only_cockpit_opens_no_fields() {
    let mut cockpit = Cockpit::new();
    cockpit.app.read_only = true;
    cockpit.press("n");
    assert!(cockpit.app.overlay.is_none());
    cockpit.send(Msg::Paste("text".into()));
    assert!(cockpit.app.overlay.is_none());
    cockpit.press("/x<enter>");
    assert_eq!(cockpit.app.watch.filter, "x");
}

#[test]
fn undo_takes_back_a_whole_keystroke() {
    let mut cockpit = Cockpit::new();
    cockpit.press("adns<down><enter><esc>");
    let columns = cockpit.app.incident.board.observations.len();
    assert!(columns > 0, "the cause brought its signs");
    cockpit.tick("03:10:05").press("u");
    assert!(cockpit.app.incident.board.hypotheses.is_empty() && cockpit.app.incident.board.observations.is_empty());
    cockpit.press("<ctrl-r>");
    assert_eq!(cockpit.app.incident.board.observations.len(), columns);
}

#[test]
fn a_command_runs_only_when_its_name_is_typed() {
    let mut config = config();
    config.commands.push(crate::config::Command {
        name: "rollback-checkout".into(),
        text: "Roll back checkout".into(),
        kind: crate::incident::MitigationKind::Rollback,
        argv: vec!["kubectl".into(), "rollout".into(), "undo".into()],
        timeout: Duration::from_secs(30),
    });
    let mut cockpit = Cockpit::with(config);
    cockpit.press("3<enter>,wrong<enter>");
    assert!(cockpit.effects.is_empty());
    cockpit.press("<esc>").tick("03:10:02");
    assert!(cockpit.app.incident.mitigations.is_empty(), "looking at it proposes nothing");
    cockpit.press("<enter>,").press("rollback-checkout<enter>");
    assert!(matches!(cockpit.effects.as_slice(), [Effect::RunCommand { .. }]), "{:?}", cockpit.effects);
    assert_eq!(cockpit.app.incident.mitigations[0].state, MitigationState::Running);
}

#[test]
fn status_keys_ask_and_the_answer_is_another_key() {
    let mut cockpit = Cockpit::new();
    cockpit.press("3SSS");
    assert_eq!(cockpit.app.incident.status, Status::Bleeding);
    cockpit.press("y<enter>");
    assert_eq!(cockpit.app.incident.status, Status::Stanched);
}

#[test]
fn rows_are_ranked_by_hand_and_go_back() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aone<enter><esc>atwo<enter><esc>");
    let two = cockpit.app.incident.board.hypotheses[1].id;
    cockpit.app.board.row = Some(two);
    cockpit.press("K");
    assert_eq!(cockpit.app.board_order()[0], RowId::Named(two));
    cockpit.press("=y");
    assert!(cockpit.app.incident.board.hand_order.is_empty());
}

#[test]
fn signs_are_settled_by_a_person() {
    let mut cockpit = Cockpit::new();
    cockpit.press("2tonly new pods fail<enter>v").press("aseen on old pods too<enter>");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!(column.state, ObservationState::Absent);
    assert_eq!(column.note, "seen on old pods too");
}

#[test]
fn the_coach_says_one_step_after_the_other() {
    let mut cockpit = Cockpit::new();
    let says = |cockpit: &Cockpit, words: &str| {
        let text = cockpit.app.advice().text;
        assert!(text.contains(words), "{text:?} should say {words:?}");
    };
    says(&cockpit, "Waiting for the first answers");
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13])).poll(ALERTS, firing(&[]));
    says(&cockpit, "2 of 3 sources show nothing; deploys has not answered yet");
    cockpit.poll(CHANGES, Data::Changes(Vec::new()));
    says(&cockpit, "All is calm");
    let change = Change {
        id: "d1".into(),
        kind: ChangeKind::Deploy,
        title: "checkout v2.3.1".into(),
        service: Some("checkout".into()),
        version: None,
        at: at("03:00:00"),
        who: None,
        undo: None,
        url: None,
    };
    cockpit.poll(CHANGES, Data::Changes(vec![change]));
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    says(&cockpit, "Say that you are on it");
    cockpit.press(">");
    says(&cockpit, "Take CheckoutErrors as the first symptom");
    cockpit.press(">");
    says(&cockpit, "Roll back checkout v2.3.1 (6 min before the onset");
    cockpit.press(">,p");
    assert_eq!(cockpit.app.incident.mitigations[0].text, "Roll back checkout v2.3.1");
    says(&cockpit, "is proposed: run it");
    cockpit.tick("03:13:00");
    cockpit.poll(VITAL, curve("03:12:00", 5, &[1.0; 13])).poll(ALERTS, firing(&["CheckoutErrors"]));
    says(&cockpit, "Add two hypotheses");
    cockpit.press(">typed<enter><esc>");
    says(&cockpit, "add a rival");
    cockpit.press(">other<enter><esc>");
    says(&cockpit, "not assessed");
}

#[test]
fn a_vital_behind_a_dead_source_is_said_to_be_unknown() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13])).fail(VITAL).fail(VITAL);
    let text = cockpit.app.advice().text;
    assert!(text.contains("checkout ok is UNKNOWN"), "{text}");
}
