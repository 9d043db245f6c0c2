//! Checks that run themselves: what they ask, what their answers turn, and what a person hears of it.

use super::*;
use crate::{
    app::{
        screen::board,
        world::{
            bleeding,
            checks::{self, CheckState, CheckView, Showing},
        },
    },
    config::SourceId,
    dashboard::{Ask, SubscriptionChange},
    incident::Observation,
};

impl Cockpit {
    /// A board of two rivals and a sign that tells them apart, which is checked by `check`.
    fn with_check(check: &str) -> Self {
        Self::with_check_in(config(), check)
    }

    fn with_check_in(config: Config, check: &str) -> Self {
        let mut cockpit = Self::with(config);
        cockpit.load(&format!(
            "[[observation]]\nid = \"a\"\ntext = \"5xx\"\n\
             [[observation]]\nid = \"b\"\ntext = \"pool full\"\nstate = \"untested\"\nminutes = 1\n{check}\n\
             [[hypothesis]]\nid = \"x\"\ntext = \"bad deploy\"\ncells = {{ a = \"#\", b = \"-\" }}\n\
             [[hypothesis]]\nid = \"y\"\ntext = \"pool\"\ncells = {{ a = \"+\", b = \"#\" }}\n"
        ));
        let column = cockpit.app.incident.board.observations[1].id;
        cockpit.app.screen.board.column = Some(column);
        cockpit.press("2");
        cockpit.effects.clear();
        cockpit
    }

    /// The check of the newest column shows that it is present.
    pub(super) fn check_shows(&mut self, shown: &str) -> &mut Self {
        let column = self.app.incident.board.observations.last().expect("a column").id;
        let turned = Event::CheckTurned {
            key: shown.into(),
            observation: column,
            run: column,
            state: ObservationState::Present,
            was: None,
            shown: shown.into(),
            times: 0,
            or_longer: false,
            when: self.app.session.now,
        };
        let effects = self.app.record(vec![turned]);
        self.carry_out(effects);
        self
    }

    fn load(&mut self, text: &str) {
        let file = BoardFile::parse(text, "b.toml").expect("a board");
        self.send(Msg::BoardRead { path: "b.toml".into(), outcome: Ok(Arc::new(file)) });
    }

    fn pool() -> Self {
        Self::with_check("check = { source = \"prom\", query = \"pool\", present = \"> 0.8 for 10s\" }")
    }

    fn the_column(&self) -> &Observation {
        &self.app.incident.board.observations[1]
    }

    /// How the column stands: `present cleared 03:11`.
    fn stands(&self) -> String {
        let cleared = self.the_column().cleared.map(|at| at.strftime(" cleared %H:%M:%S").to_string());
        format!("{}{}", self.the_column().state.word(), cleared.unwrap_or_default())
    }

    fn view(&self) -> CheckView {
        checks::check_of(self.app.facts(), self.the_column()).expect("a check")
    }

    fn said(&self) -> String {
        match self.view().state {
            CheckState::Idle => "idle".into(),
            CheckState::Asking => "asking".into(),
            CheckState::Shows(showing) => showing.words(),
        }
    }

    /// The query that was asked for last.
    fn asked(&self) -> usize {
        let asked = |effect: &Effect| match effect {
            Effect::Subscribe(SubscriptionChange::Ask { id, .. }) => Some(id.number()),
            _ => None,
        };
        self.effects.iter().rev().find_map(asked).expect("a query")
    }

    /// So many seconds later, a curve of these values every five seconds up to then.
    fn shows(&mut self, seconds: i64, values: &[f64]) -> &mut Self {
        self.later(seconds);
        let query = self.asked();
        let last = self.app.session.now.as_millisecond();
        let count = values.len() as i64;
        let points = values.iter().enumerate();
        let points = points.map(|(i, v)| Point { t: last - (count - 1 - i as i64) * 5000, v: *v }).collect();
        let series = Series { name: "checkout".into(), labels: Labels::default(), points };
        self.poll(query, Data::Series(vec![series]))
    }

    fn checked(&self) -> Vec<(ObservationState, String, usize)> {
        let turned = |entry: &Entry| match &entry.event {
            Event::CheckTurned { state, shown, times, .. } => Some((*state, shown.clone(), *times)),
            _ => None,
        };
        self.log.iter().filter_map(turned).collect()
    }

    pub(super) fn prompt(&self) -> (String, Option<String>) {
        match &self.app.screen.overlay {
            Some(Overlay::Prompt(prompt)) => (prompt.field.text(), prompt.trouble.clone()),
            other => panic!("no line is open: {other:?}"),
        }
    }

    pub(super) fn clear_line(&mut self) -> &mut Self {
        let length = self.prompt().0.chars().count();
        self.press(&"<backspace>".repeat(length))
    }
}

pub(super) const PRESENT: ObservationState = ObservationState::Present;
const ABSENT: ObservationState = ObservationState::Absent;

#[test]
fn enter_asks_now_and_the_answer_re_ranks_and_says_why() {
    let mut cockpit = Cockpit::pool();
    assert_eq!(cockpit.said(), "idle");
    cockpit.press("<enter>");
    let [Effect::Subscribe(SubscriptionChange::Ask { id, query, every: Some(_) })] = cockpit.effects.as_slice() else {
        panic!("{:?}", cockpit.effects)
    };
    assert_eq!((query.source, &query.ask), (SourceId::nth(0), &Ask::LiveRange("pool".into())));
    assert_eq!(Some(*id), cockpit.app.world.plan.queries().last().map(|(id, _)| id), "the plan has it");
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("asking", "untested"));
    let leader = board::board_order(&cockpit.app.incident)[0];

    cockpit.shows(1, &[0.2, 0.97]);
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("0.97, not yet for 10 s", "untested"));
    cockpit.shows(10, &[0.2, 0.97, 0.97, 0.98]);
    assert_eq!(cockpit.stands(), "present");
    assert_eq!(cockpit.the_column().when, at("03:10:01"), "since its condition is met");
    assert_ne!(board::board_order(&cockpit.app.incident)[0], leader);
    assert_eq!(cockpit.app.screen.board.moved_by.as_deref(), Some("s2 is present, 0.98"));
    assert!(cockpit.app.incident.rank_turns.last().is_some_and(|turn| turn.text.contains("s2 pool full is present")));
    assert_eq!(cockpit.checked(), [(PRESENT, "0.98".into(), 0)]);
}

#[test]
fn what_clears_is_dated_and_stays_and_comes_back() {
    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>").shows(1, &[0.9; 4]).shows(5, &[0.9; 4]);
    let ranking = cockpit.app.incident.ranking.clone();
    cockpit.shows(65, &[0.9, 0.9, 0.3, 0.2]);
    assert_eq!(cockpit.stands(), "present cleared 03:11:06");
    assert_eq!(cockpit.app.incident.ranking, ranking, "it stays evidence");
    cockpit.shows(65, &[0.2, 0.9, 0.9, 0.9]);
    assert_eq!(cockpit.stands(), "present");
    assert_eq!(cockpit.checked().len(), 3);
}

#[test]
fn a_persons_word_is_not_flipped_by_the_same_fact() {
    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>").shows(1, &[0.9; 4]).press("va<enter>").press("looked, it is not<enter>");
    assert_eq!(cockpit.stands(), "absent");
    for _ in 0..20 {
        cockpit.shows(10, &[0.9; 4]);
    }
    assert_eq!(cockpit.stands(), "absent");
    assert!(cockpit.view().against, "and it is said that the check says otherwise");
    // It ends, and begins again: that is something new.
    cockpit.shows(65, &[0.9, 0.1]).shows(65, &[0.1, 0.9, 0.9, 0.9]);
    assert_eq!(cockpit.stands(), "present");
    // Run again by a person, it is asked anew.
    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>").shows(1, &[0.9; 4]).press("va<enter>no<enter>").tick("03:12:00");
    cockpit.press("<enter>").shows(1, &[0.9; 4]);
    assert_eq!(cockpit.stands(), "present");
}

#[test]
fn what_nobody_can_tell_settles_nothing() {
    let fails = |cockpit: &mut Cockpit, kind: FaultKind, detail: &str| {
        let (query, now) = (QueryId::nth(cockpit.asked()), cockpit.app.session.now);
        cockpit.send(Msg::Polled { query, outcome: Err(Fault::new(kind, detail)), at: now });
    };
    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>");
    fails(&mut cockpit, FaultKind::TimedOut(Duration::from_secs(5)), "");
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("unclear: prom timed out after 5 s", "untested"));
    fails(&mut cockpit, FaultKind::TimedOut(Duration::from_secs(5)), "");
    assert_eq!(cockpit.stands(), "unclear", "twice in a row");
    cockpit.shows(1, &[0.9; 4]);
    assert_eq!(cockpit.stands(), "present");
    fails(&mut cockpit, FaultKind::Refused, "");
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("unclear: prom refused", "present"));

    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>");
    fails(&mut cockpit, FaultKind::BadQuery, "1:7: parse error");
    assert_eq!(cockpit.stands(), "unclear");
    assert_eq!(cockpit.said(), "unclear: prom query refused: 1:7: parse error");

    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>");
    let query = cockpit.asked();
    cockpit.poll(query, Data::Series(Vec::new()));
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("unclear: no data", "unclear"));
    cockpit.shows(1, &[0.1, f64::NAN]);
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("unclear: no number of now", "unclear"));
    assert_eq!(cockpit.checked().len(), 1, "said once");

    let empty = "check = { source = \"prom\", query = \"pool\", present = \"> 0\", empty = \"absent\" }";
    let mut cockpit = Cockpit::with_check(empty);
    cockpit.press("<enter>");
    let query = cockpit.asked();
    cockpit.poll(query, Data::Series(Vec::new()));
    assert_eq!(cockpit.stands(), "absent");
    cockpit.later(60);
    assert!(cockpit.said().starts_with("unclear: prom is silent since 1 min"), "{}", cockpit.said());
}

#[test]
fn what_flaps_is_told_once_a_minute() {
    let mut cockpit = Cockpit::with_check("check = { source = \"prom\", query = \"pool\", present = \"> 0.8\" }");
    cockpit.press("<enter>");
    for turn in 0..48 {
        cockpit.shows(5, &[0.1, if turn % 2 == 0 { 0.9 } else { 0.2 }]);
    }
    let checked = cockpit.checked();
    assert!((4..=6).contains(&checked.len()), "four minutes: {checked:?}");
    assert!(checked.last().is_some_and(|last| last.2 >= 10), "what was not told is counted: {checked:?}");
    assert!(cockpit.view().flaps);
    assert_eq!(cockpit.the_column().state, PRESENT, "it latches");
}

#[test]
fn a_batch_runs_what_only_reads_and_says_what_was_left_out() {
    let mut cockpit = Cockpit::pool();
    cockpit.load(
        "[[observation]]\nid = \"c\"\ntext = \"dns\"\nstate = \"untested\"\n\
         check = { source = \"prom\", query = \"dns\", present = \"> 0\" }\n\
         [[observation]]\nid = \"d\"\ntext = \"pokes\"\nstate = \"untested\"\nread_only = false\n\
         check = { source = \"prom\", query = \"poke\", present = \"> 0\" }\n\
         [[observation]]\nid = \"e\"\ntext = \"elsewhere\"\nstate = \"untested\"\n\
         check = { source = \"graphite\", query = \"x\", present = \"> 0\" }\n\
         [[observation]]\nid = \"f\"\ntext = \"look\"\nstate = \"untested\"\n\
         [[observation]]\nid = \"g\"\ntext = \"known\"\nstate = \"absent\"\n\
         check = { source = \"prom\", query = \"known\", present = \"> 0\" }\n",
    );
    cockpit.press("b");
    let asks = cockpit
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Subscribe(SubscriptionChange::Ask { .. })))
        .count();
    assert_eq!(asks, 2, "{:?}", cockpit.effects);
    let notice = cockpit.app.screen.notice.as_ref().map(|notice| notice.text.as_str());
    let expected = "2 checks run; left out: s4 (not read-only), s5 (no source graphite), 1 sign without a query";
    assert_eq!(notice, Some(expected));
}

#[test]
fn what_does_more_than_read_is_asked_about_and_asked_once() {
    let mut cockpit =
        Cockpit::with_check("read_only = false\ncheck = { source = \"prom\", query = \"poke\", present = \"> 0\" }");
    cockpit.press("<enter>");
    assert!(cockpit.effects.is_empty(), "first it is asked about");
    cockpit.press("n<enter>");
    assert!(cockpit.effects.is_empty());
    cockpit.later(1).press("<enter>").press("y<enter>");
    assert!(
        matches!(cockpit.effects.as_slice(), [Effect::Subscribe(SubscriptionChange::Ask { every: None, .. })]),
        "{:?}",
        cockpit.effects
    );
    cockpit.shows(1, &[1.0]).later(600);
    assert_eq!((cockpit.stands().as_str(), cockpit.said().as_str()), ("present", "it holds, 1"), "not stale");
    let begun = checks::check_begun(cockpit.app.facts(), cockpit.the_column()).map(|begun| begun.0);
    assert_eq!(begun, Some("asked once, at"), "and not watched");
}

#[test]
fn a_column_is_given_a_query_in_one_line() {
    let mut cockpit = Cockpit::with_check("");
    cockpit.press("T");
    assert_eq!(cockpit.prompt().0, "prom ");
    cockpit.press("pool present > x<enter>");
    let (text, trouble) = cockpit.prompt();
    assert_eq!(text, "prom pool present > x", "what was typed stands");
    assert!(trouble.is_some_and(|why| why.contains("at character 19") && why.contains("found `x`")));
    // Left and opened again it stands there still.
    cockpit.press("<esc>").later(1).press("T");
    assert_eq!(cockpit.prompt().0, "prom pool present > x");
    cockpit.press("<backspace>0.8 for 10s<enter>");
    assert_eq!(cockpit.the_column().check.query.as_ref().map(ToString::to_string).as_deref(), {
        Some("prom pool present > 0.8 for 10s")
    });
    cockpit.later(1).press("<enter>");
    assert_eq!(cockpit.said(), "asking");
    // Another query is another check, and none is none.
    cockpit.press("T").clear_line().press("am present > 0<enter>");
    assert!(cockpit.prompt().1.is_some_and(|why| why.contains("expected labels")));
    cockpit.clear_line().press("am Pool present > 0<enter>");
    assert_eq!(cockpit.said(), "idle");
    cockpit.press("T").clear_line().press("<enter>");
    assert_eq!(cockpit.the_column().check.query, None);
}

#[test]
fn what_held_all_the_time_that_was_looked_at_may_have_begun_before() {
    let mut config = config();
    config.vitals.clear();
    let mut cockpit = Cockpit::with(config);
    cockpit.load(
        "[[observation]]\nid = \"b\"\ntext = \"pool full\"\nstate = \"untested\"\nminutes = 1\n\
         check = { source = \"prom\", query = \"pool\", present = \"> 0.9 for 10s\" }\n",
    );
    cockpit.press("2<enter>").shows(1, &[0.97; 120]);
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:00:06")));
    assert!(bleeding::bleeds_maybe_longer(cockpit.app.facts()), "it held as far back as was looked");

    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>").shows(1, &[0.2, 0.97, 0.97, 0.97]);
    assert!(!bleeding::bleeds_maybe_longer(cockpit.app.facts()), "it is seen to begin");
}

#[test]
fn undo_stops_it_and_a_cockpit_that_resumes_goes_on() {
    let mut cockpit = Cockpit::pool();
    cockpit.later(1).press("<enter>").shows(1, &[0.9; 4]);
    let query = cockpit.asked();
    let setup = Setup {
        config: cockpit.app.session.config.clone(),
        keymap: cockpit.app.session.keymap.clone(),
        incident: cockpit.app.incident.clone(),
        id: cockpit.app.session.id.clone(),
        author: "bob@host".into(),
        seed: 2,
        now: cockpit.app.session.now,
        zone: TimeZone::UTC,
        read_only: false,
        generic: Arc::default(),
    };
    let mut other = App::new(setup);
    assert!(
        other.world.plan.queries().any(|(_, query)| query.ask == Ask::LiveRange("pool".into())),
        "asked from the start"
    );
    // Both see the same turn: one key.
    let mut turned = Vec::new();
    let now = at("03:12:00");
    let series = Series {
        name: "checkout".into(),
        labels: Labels::default(),
        points: vec![Point { t: now.as_millisecond(), v: 0.1 }],
    };
    let reading = Arc::new(Reading { at: now, data: Data::Series(vec![series]), warnings: Vec::new() });
    for app in [&mut other, &mut cockpit.app] {
        drop(app.update(Msg::Tick(now)));
        let effects = app.update(Msg::Polled { query: QueryId::nth(query), outcome: Ok(reading.clone()), at: now });
        for effect in effects {
            let Effect::Record(drafts) = effect else { continue };
            let keys = drafts.iter().filter_map(|draft| match &draft.event {
                Event::CheckTurned { key, state: ABSENT, .. } => Some(key.clone()),
                _ => None,
            });
            turned.extend(keys);
        }
    }
    assert!(turned.len() == 2 && turned[0] == turned[1], "{turned:?}");

    cockpit.press("u");
    assert!(
        matches!(cockpit.effects.last(), Some(Effect::Subscribe(SubscriptionChange::Stop(id))) if id.number() == query),
        "{:?}",
        cockpit.effects
    );
    assert_eq!((cockpit.said().as_str(), cockpit.stands().as_str()), ("idle", "present"), "what was seen was seen");
    cockpit.press("<ctrl-r>");
    assert!(
        matches!(cockpit.effects.last(), Some(Effect::Subscribe(SubscriptionChange::Ask { .. }))),
        "{:?}",
        cockpit.effects
    );
}

#[test]
fn the_coach_runs_what_has_a_query_and_asks_for_what_has_none() {
    let mut cockpit = Cockpit::pool();
    cockpit.calm().says("Run s2 pool full").press(">");
    assert!(
        matches!(cockpit.effects.as_slice(), [Effect::Subscribe(SubscriptionChange::Ask { .. })]),
        "{:?}",
        cockpit.effects
    );
    assert!(cockpit.app.screen.overlay.is_none());
    let text = cockpit.app.advice().text;
    assert!(!text.contains("s2 pool full"), "it answers by itself: {text}");
    let mut cockpit = Cockpit::with_check("");
    cockpit.calm().says("Look for s2 pool full").press(">");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Choice(_))));
}

#[test]
fn enter_elsewhere_does_what_it_did() {
    let mut cockpit = Cockpit::with_check("");
    cockpit.press("<enter>");
    assert!(
        matches!(cockpit.app.screen.overlay, Some(Overlay::Choice(_))),
        "an untested column without a query is settled"
    );
    let mut cockpit = Cockpit::pool();
    let (row, column) = (cockpit.app.incident.board.hypotheses[0].id, cockpit.the_column().id);
    let events = vec![Event::CellSet { hypothesis: row, observation: column, cell: Cell::Unassessed }];
    let effects = cockpit.app.record(events);
    cockpit.carry_out(effects);
    cockpit.press("F");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Fill(_))), "the strip has a key of its own");
    cockpit.press("<esc>").later(1).press("e");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Detail { .. })));
}

#[test]
fn a_reader_sees_what_checks_show_and_writes_nothing() {
    let mut cockpit = Cockpit::pool();
    cockpit.press("<enter>");
    cockpit.app.session.read_only = true;
    let before = cockpit.log.len();
    cockpit.shows(1, &[0.9; 4]);
    assert!(matches!(cockpit.view().state, CheckState::Shows(Showing::Holds { .. })));
    cockpit.press("b").press("<enter>");
    assert_eq!(cockpit.log.len(), before);
    assert_eq!(cockpit.stands(), "untested");
}

#[test]
fn what_does_more_than_read_is_asked_only_by_who_was_asked_about_it() {
    let mut cockpit =
        Cockpit::with_check("read_only = false\ncheck = { source = \"prom\", query = \"poke\", present = \"> 0\" }");
    let setup = |app: &App, now| Setup {
        config: app.session.config.clone(),
        keymap: app.session.keymap.clone(),
        incident: app.incident.clone(),
        id: app.session.id.clone(),
        author: app.session.author.clone(),
        seed: 2,
        now,
        zone: TimeZone::UTC,
        read_only: false,
        generic: Arc::default(),
    };
    // The same person has another terminal open.
    let mut other = App::new(setup(&cockpit.app, at("03:10:00")));
    cockpit.later(5).press("<enter>").press("y<enter>");
    let is_ask = |effect: &&Effect| matches!(effect, Effect::Subscribe(SubscriptionChange::Ask { .. }));
    assert_eq!(cockpit.effects.iter().filter(is_ask).count(), 1);
    let started = cockpit.log.iter().filter(|entry| matches!(entry.event, Event::CheckStarted { .. })).cloned();
    let effects = other.update(Msg::Recorded(started.collect()));
    assert_eq!(effects.iter().filter(is_ask).count(), 0, "it was asked there: {effects:?}");
    // A clock that was set back does not make it new for a cockpit that resumes.
    let resumed = App::new(setup(&cockpit.app, at("03:00:00")));
    assert!(resumed.world.plan.queries().all(|(_, query)| query.ask != Ask::LiveRange("poke".into())));
    // Nor does undoing and redoing.
    cockpit.press("u<ctrl-r>");
    assert_eq!(cockpit.effects.iter().filter(is_ask).count(), 1, "{:?}", cockpit.effects);
}

#[test]
fn another_query_is_another_question() {
    let mut cockpit = Cockpit::pool();
    cockpit.press("T").clear_line().press("prom disk present > 0.8<enter>").later(1).press("<enter>");
    let asked = cockpit.asked();
    // What gave it that query is taken back, while it runs.
    let set = cockpit.log.iter().rfind(|entry| matches!(entry.event, Event::CheckSet { .. })).map(|entry| entry.id);
    let undone = vec![Event::Undone { entry: set.expect("a query was given") }];
    let effects = cockpit.app.record(undone);
    cockpit.carry_out(effects);
    let stops =
        |effect: &&Effect| matches!(effect, Effect::Subscribe(SubscriptionChange::Stop(id)) if id.number() == asked);
    assert_eq!(cockpit.effects.iter().filter(stops).count(), 1, "{:?}", cockpit.effects);
    cockpit.poll(asked, curve("03:10:00", 5, &[0.9; 4]));
    assert_eq!(cockpit.stands(), "untested", "the disk says nothing of the pool");
    let id = cockpit.asked();
    assert_eq!(cockpit.app.world.plan.query(QueryId::nth(id)).expect("it").ask, Ask::LiveRange("pool".into()));
}

#[test]
fn what_is_counted_while_something_is_out_of_sight_is_no_less() {
    let mut cockpit =
        Cockpit::with_check("check = { source = \"am\", query = \"service=\\\"checkout\\\"\", present = \"> 1\" }");
    cockpit.press("<enter>").poll(ALERTS, firing(&["A", "B"]));
    assert_eq!(cockpit.stands(), "present");
    cockpit.fail(VITAL).fail(VITAL).tick("03:15:00").poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.stands(), "present", "{}", cockpit.said());
    assert!(cockpit.said().starts_with("unclear"), "{}", cockpit.said());
    // What was not seen then says nothing of when it ended.
    cockpit.healthy().tick("03:20:00").healthy().poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.stands(), "present cleared 03:20:00");
}

#[test]
fn a_pane_is_asked_as_often_as_before_when_no_check_hurries_it() {
    let (often, seldom) = (Duration::from_secs(5), Duration::from_secs(60));
    let mut config = config();
    let kind = crate::config::PaneKind::Alerts;
    config.panes.push(Pane { sources: vec!["am".into()], kind, every: Some(seldom), ..Pane::titled("Alerts") });
    let check = "check = { source = \"am\", query = \"service=\\\"checkout\\\"\", present = \"> 1\" }";
    let mut cockpit = Cockpit::with_check_in(config, check);
    let every = |cockpit: &Cockpit, id: usize| {
        (
            cockpit.app.world.subscriptions.every(QueryId::nth(id)).expect("asked"),
            cockpit.app.world.signals.every(QueryId::nth(id)),
        )
    };
    cockpit.press("<enter>");
    let id = cockpit.asked();
    assert_eq!(cockpit.app.world.plan.query(QueryId::nth(id)).expect("it").ask, Ask::Alerts);
    assert_eq!(every(&cockpit, id), (often, often));
    cockpit.press("u");
    assert!(
        matches!(cockpit.effects.last(), Some(Effect::Subscribe(SubscriptionChange::Interval { id: left, .. })) if left.number() == id),
        "{:?}",
        cockpit.effects
    );
    assert_eq!(every(&cockpit, id), (seldom, seldom));
}

/// A cockpit whose second column is checked by `check`, and a run of it that `by` began elsewhere.
fn begun_elsewhere(config: Config, check: &str, by: &str) -> Cockpit {
    let mut cockpit = Cockpit::with_check_in(config, check);
    let (run, observation) = (Id::small(77), cockpit.the_column().id);
    let seq = cockpit.log.len() as u64 + 1;
    let event = Event::CheckStarted { observation };
    let entry = Entry { seq, id: run, at: cockpit.app.session.now, by: by.into(), event };
    cockpit.log.push(entry.clone());
    cockpit.send(Msg::Recorded(vec![entry]));
    cockpit
}

fn asks(cockpit: &Cockpit) -> Vec<Ask> {
    let ask = |effect: &Effect| match effect {
        Effect::Subscribe(change) => change.query().map(|query| query.ask.clone()),
        _ => None,
    };
    cockpit.effects.iter().filter_map(ask).collect()
}

const FEED: &str = "check = { source = \"deploys\", query = \"admin/delete?id=1\", present = \"> 0\" }";

#[test]
fn what_others_began_is_asked_of_other_kinds_of_sources_only_when_a_person_says_so() {
    // Whoever writes the entry says who it is by.
    for by in ["mallory@host", "alice@host"] {
        let mut cockpit = begun_elsewhere(config(), FEED, by);
        assert_eq!(asks(&cockpit), [], "no key was pressed");
        assert_eq!(cockpit.view().held.as_deref(), Some(by));
        cockpit.tick("03:12:00");
        assert_eq!(asks(&cockpit), []);
        let before = cockpit.log.len();
        cockpit.press("<enter>");
        assert_eq!(asks(&cockpit).len(), 1, "{:?}", cockpit.effects);
        assert_eq!((cockpit.view().held, cockpit.said().as_str()), (None, "asking"));
        assert_eq!(cockpit.log.len(), before, "it runs already");
        let mut cockpit = begun_elsewhere(config(), FEED, by);
        cockpit.press("b");
        assert_eq!(asks(&cockpit).len(), 1);
    }
    let prom = "check = { source = \"prom\", query = \"pool\", present = \"> 0.8\" }";
    let cockpit = begun_elsewhere(config(), prom, "bob@host");
    assert_eq!(asks(&cockpit), [Ask::LiveRange("pool".into())], "what can but be read is asked as ever");
}

#[test]
fn what_a_person_began_here_is_asked_and_another_query_in_its_place_is_not() {
    let mut cockpit = Cockpit::with_check(FEED);
    cockpit.press("<enter>");
    assert_eq!(asks(&cockpit).len(), 1);
    cockpit.press("u<ctrl-r>");
    assert_eq!(asks(&cockpit).len(), 2, "it is still theirs");

    // While the key is on its way to the log, somebody else writes another query.
    let mut cockpit = Cockpit::with_check(FEED);
    let observation = cockpit.the_column().id;
    cockpit.slow = true;
    cockpit.press("<enter>");
    let mut check = cockpit.the_column().check.clone();
    check.query.as_mut().expect("a query").query = "admin/drop".into();
    let seq = cockpit.log.len() as u64 + 1;
    let set = Event::CheckSet { observation, check };
    let entry = Entry { seq, id: Id::small(78), at: cockpit.app.session.now, by: "mallory@host".into(), event: set };
    cockpit.log.push(entry.clone());
    cockpit.send(Msg::Recorded(vec![entry]));
    cockpit.slow = false;
    for effect in std::mem::take(&mut cockpit.waiting) {
        cockpit.carry_out(vec![effect]);
    }
    let dropped = |ask: &Ask| matches!(ask, Ask::Fetch { path, .. } if path == "admin/drop");
    assert!(!asks(&cockpit).iter().any(dropped), "{:?}", cockpit.effects);
    assert!(cockpit.app.incident.checks.contains_key(&observation), "it stands in the log");
    assert!(cockpit.view().held.is_some());
}

#[test]
fn a_path_that_leads_elsewhere_is_not_asked() {
    let mut cockpit = Cockpit::with_check(
        "check = { source = \"deploys\", query = \"../../../echo/admin/delete?id=1\", present = \"> 0\" }",
    );
    for keys in ["<enter>", "b"] {
        cockpit.press(keys);
        assert_eq!(asks(&cockpit), []);
        let said = cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
        assert!(said.contains("the path leads out of the source's address"), "{said}");
        cockpit.later(1);
    }
}

#[test]
fn a_post_to_a_path_of_a_check_does_more_than_read_whatever_its_file_says() {
    let mut config = config();
    config.sources[2].settings.own.insert("method", crate::config::Setting::Text("POST".into()));
    let mut cockpit = Cockpit::with_check_in(config.clone(), FEED);
    cockpit.press("b");
    assert_eq!(asks(&cockpit), []);
    let mut cockpit = Cockpit::with_check_in(config.clone(), FEED);
    cockpit.press("<enter>");
    assert_eq!(asks(&cockpit), [], "first it is asked about");
    cockpit.press("y<enter>");
    let [Effect::Subscribe(SubscriptionChange::Ask { every: None, .. })] = cockpit.effects.as_slice() else {
        panic!("{:?}", cockpit.effects)
    };
    // What the configuration itself posts is watched as it is in a pane.
    let own = "check = { source = \"deploys\", query = \"\", present = \"> 0\" }";
    let mut cockpit = Cockpit::with_check_in(config, own);
    cockpit.press("<enter>");
    assert_eq!(asks(&cockpit).len(), 1);
}
