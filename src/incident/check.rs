//! Checks that run: who began one, what it has shown, and what that does to its column.
//!
//! What a check shows is written down when it turns, not at each poll, and these rules say what a turn does:
//!
//! - It settles an untested or unclear column, and turns an absent one present.
//! - **Present latches**: when the check no longer holds, the column is dated as cleared and stays present; when it holds
//!   again, the date goes. It never takes a present back.
//! - That nobody can tell (an empty answer, a query that fails) makes an untested column unclear, and nothing else.
//! - **A person's word stands** until the check shows something that began after it was said: whoever said absent has
//!   judged what was to be seen then. Running the check again asks it anew.

use jiff::Timestamp;

use super::{Entry, Event, Id, Incident, Observation, ObservationState, auto_clear::date};

/// Turns kept of one run, the newest.
const KEPT: usize = 64;
/// A check that turned more often than this within [`FLAPPING_WITHIN`] flaps.
const FLAPPING: usize = 3;
/// The stretch of time that turns are counted in, in seconds.
const FLAPPING_WITHIN: i64 = 600;

/// A check that a person began to run.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckRun {
    /// The entry that began it.
    pub run: Id,
    /// The time from which it is watched.
    pub since: Timestamp,
    /// Who began it.
    pub by: String,
    /// What it has shown, oldest first; the newest few dozen.
    pub turns: Vec<CheckTurn>,
    /// How often it has turned, those no longer kept included.
    pub count: usize,
    /// The time at which its newest turn was written; `None` before the first.
    pub told: Option<Timestamp>,
    /// When a person last settled the column since it began.
    pub said: Option<Timestamp>,
    /// The latest time from which it has been so, where it may have been for longer than was looked.
    pub at_latest: Option<Timestamp>,
}

/// What a check showed from some time on.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckTurn {
    /// The time from which it showed that.
    pub at: Timestamp,
    /// Present where its condition held, absent where it did not, unclear where nobody could tell.
    pub state: ObservationState,
    /// The value with its unit and series, or why nobody could tell.
    pub shown: String,
}

impl CheckRun {
    /// Its newest turn; `None` while it has shown nothing.
    pub fn last(&self) -> Option<&CheckTurn> {
        self.turns.last()
    }

    /// Whether it has shown one thing and then the other.
    pub fn has_turned(&self) -> bool {
        self.turns.iter().filter(|turn| turn.state.is_settled()).count() > 1
    }

    /// Whether it turned so often lately that none of it should be believed.
    pub fn flaps(&self, now: Timestamp) -> bool {
        let lately =
            |turn: &&CheckTurn| now.duration_since(turn.at).as_secs() < FLAPPING_WITHIN && turn.state.is_settled();
        self.turns.iter().rev().take_while(lately).count() > FLAPPING
    }
}

impl Incident {
    pub(super) fn run_check(&mut self, entry: &Entry) {
        match &entry.event {
            Event::CheckSet { observation, check } => {
                if let Some(column) = self.board.observation_mut(*observation) {
                    column.check = check.clone();
                    // Another query has not been asked yet.
                    self.checks.remove(observation);
                }
            }
            Event::CheckStarted { observation } if self.board.has_query(*observation) => {
                let (run, since, by) = (entry.id, entry.at, entry.by.clone());
                let (turns, count) = (Vec::new(), 0);
                let run = CheckRun { run, since, by, turns, count, told: None, said: None, at_latest: None };
                self.checks.insert(*observation, run);
            }
            Event::CheckTurned { observation, run, state, shown, or_longer, when, .. } => {
                let known = self.checks.get_mut(observation).filter(|known| known.run == *run);
                let overruled = is_overruled(*when, known.as_ref().and_then(|known| known.said));
                if let Some(known) = known {
                    known.turns.push(CheckTurn { at: *when, state: *state, shown: shown.clone() });
                    known.turns.drain(..known.turns.len().saturating_sub(KEPT));
                    known.count += 1;
                    known.told = Some(entry.at);
                    known.at_latest = or_longer.then_some(*when);
                }
                if let Some(column) = self.board.observation_mut(*observation).filter(|_| !overruled) {
                    turn(column, *state, shown, *when);
                }
            }
            _ => {}
        }
    }

    /// A person has settled a column.
    pub(super) fn said_of(&mut self, observation: Id, at: Timestamp) {
        if let Some(run) = self.checks.get_mut(&observation) {
            run.said = Some(at);
        }
    }
}

/// Whether what a check shows since `when` is what a person judged who settled its column after the check began.
pub(super) fn is_overruled(when: Timestamp, said: Option<Timestamp>) -> bool {
    said.is_some_and(|said| when <= said)
}

/// The state of a column in that state once its check shows this; `None` where it stays as it is.
pub(super) fn settled(state: ObservationState, shows: ObservationState) -> Option<ObservationState> {
    use ObservationState::{Absent, Present, Unclear, Untested};
    match (state, shows) {
        (Untested | Unclear | Absent, Present) | (Untested | Unclear, Absent) | (Untested, Unclear) => Some(shows),
        (Present, _) | (Absent, Absent) | (_, Unclear | Untested) => None,
    }
}

/// What a turn does to its column.
fn turn(column: &mut Observation, shows: ObservationState, shown: &str, when: Timestamp) {
    use ObservationState::{Absent, Present};
    if let Some(state) = settled(column.state, shows) {
        column.state = state;
        column.note = shown.to_owned();
        column.when = when;
        column.cleared = None;
    } else if column.state == Present && matches!(shows, Present | Absent) {
        date(column, shows == Absent, when);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        incident::{
            Cell,
            board::{CheckSpec, file::BoardFile},
            event::Draft,
            fixture,
        },
        signal::Condition,
    };

    const COLUMN: Id = Id::small(1);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1000 + second).expect("a time")
    }

    fn checked() -> CheckSpec {
        let present: Condition = "> 0.5 for 1m".parse().expect("a condition");
        let query =
            crate::incident::board::CheckQuery { source: "prom".into(), query: "pool".into(), present, empty: None };
        CheckSpec { query: Some(query), ..CheckSpec::default() }
    }

    /// A column in a state and what happens to it, a second apart: `run`, what the check shows (`+` `-` `?`, `+<3` for
    /// what began three seconds before), what a person says (`absent`), `undo run`. How it ends: its state, `cleared 3`.
    #[track_caller]
    fn check(begins: ObservationState, story: &str, expected: &str) {
        let added = Event::ObservationAdded {
            text: "pool".into(),
            state: begins,
            origin: None,
            when: None,
            evidence: None,
            check: checked(),
        };
        let mut log = vec![(0, added)];
        let (mut run, mut second, mut count) = (Id::small(99), 0, 0);
        for word in story.split_whitespace() {
            second += 1;
            let id = Id::small(log.len() as u128 + 1);
            let (word, back) = word.split_once('<').map_or((word, 0), |(word, back)| (word, back.parse().expect("n")));
            let shows = |state| Event::CheckTurned {
                key: format!("{count} {second}"),
                observation: COLUMN,
                run,
                state,
                was: None,
                shown: "0.7".into(),
                times: 0,
                or_longer: false,
                when: at(second - back),
            };
            let says = |state| Event::ObservationSet { observation: COLUMN, state, note: String::new(), when: None };
            let event = match word {
                "run" => {
                    run = id;
                    Event::CheckStarted { observation: COLUMN }
                }
                "undo" => Event::Undone { entry: run },
                "+" => shows(ObservationState::Present),
                "-" => shows(ObservationState::Absent),
                "?" => shows(ObservationState::Unclear),
                "present" => says(ObservationState::Present),
                "absent" => says(ObservationState::Absent),
                "untested" => says(ObservationState::Untested),
                other => panic!("no {other}"),
            };
            count += 1;
            log.push((second, event));
        }
        let entries = log.into_iter().enumerate().map(|(n, (second, event))| Entry {
            seq: n as u64 + 1,
            id: Id::small(n as u128 + 1),
            at: at(second),
            by: "alice".into(),
            event,
        });
        let entries: Vec<Entry> = entries.collect();
        let mut live = Incident::default();
        entries.iter().cloned().for_each(|entry| live.apply(entry));
        let replayed = Incident::replay(entries);
        assert_eq!((&live.board, &live.checks), (&replayed.board, &replayed.checks), "live equals replayed");
        assert_eq!(live.ranking, crate::incident::ranking::rank(&live.board), "what follows is up to date");
        let column = &live.board.observations[0];
        let cleared = column.cleared.map(|when| format!(" cleared {}", when.as_second() - 1000)).unwrap_or_default();
        assert_eq!(format!("{}{cleared}", column.state.word()), expected, "{story}");
    }

    #[test]
    fn a_turn_settles_what_is_open() {
        use ObservationState::{Absent, Unclear, Untested};
        check(Untested, "run +", "present");
        check(Untested, "run -", "absent");
        check(Untested, "run ?", "unclear");
        check(Untested, "run ? -", "absent");
        check(Unclear, "run +", "present");
        check(Absent, "run +", "present");
    }

    #[test]
    fn present_latches() {
        use ObservationState::{Present, Untested};
        check(Untested, "run + -", "present cleared 3");
        check(Untested, "run + - -", "present cleared 3");
        check(Untested, "run + - +", "present");
        check(Untested, "run + - + -", "present cleared 5");
        check(Untested, "run + ?", "present");
        check(Present, "run -", "present cleared 2");
        check(Present, "run - ?", "present cleared 2");
    }

    #[test]
    fn a_persons_word_stands_until_something_new() {
        use ObservationState::Untested;
        check(Untested, "run + absent", "absent");
        check(Untested, "run + absent +<2", "absent"); // it began before it was said
        check(Untested, "run + absent +<1", "absent"); // in the same second
        check(Untested, "run + absent - +", "present"); // it ended, and began again
        check(Untested, "run + untested ?<3", "untested");
        check(Untested, "run + absent run +<4", "present"); // asked anew
        check(Untested, "run - present", "present");
        check(Untested, "run - present -<2", "present");
        check(Untested, "run + undo", "present"); // what was seen was seen
        check(Untested, "run + undo -", "present cleared 4");
    }

    #[test]
    fn a_turn_re_ranks_and_says_why() {
        let file = "[[observation]]\nid = \"a\"\ntext = \"5xx\"\n[[observation]]\nid = \"b\"\ntext = \"pool\"\n\
                    state = \"untested\"\n[[hypothesis]]\nid = \"x\"\ntext = \"deploy\"\ncells = { a = \"#\", b = \"-\" }\n\
                    [[hypothesis]]\nid = \"y\"\ntext = \"pool\"\ncells = { a = \"+\", b = \"#\" }\n";
        let file = BoardFile::parse(file, "b.toml").expect("a board");
        let mut drafts = file.drafts(&mut crate::incident::Ids::new(1), at(0));
        let column = drafts[1].id;
        let mut add = |n: u128, event| drafts.push(Draft { id: Id::small(n), event });
        add(91, Event::CheckSet { observation: column, check: checked() });
        add(92, Event::CheckStarted { observation: column });
        let turned = Event::CheckTurned {
            key: "k".into(),
            observation: column,
            run: Id::small(92),
            state: ObservationState::Present,
            was: None,
            shown: "0.97".into(),
            times: 0,
            or_longer: false,
            when: at(9),
        };
        add(93, turned.clone());
        add(94, turned); // a second cockpit saw it too
        let entries = drafts.into_iter().enumerate().map(|(n, draft)| Entry {
            seq: n as u64 + 1,
            id: draft.id,
            at: at(10),
            by: "alice".into(),
            event: draft.event,
        });
        let incident = Incident::replay(entries);
        let [.., turn] = incident.rank_turns.as_slice() else { panic!("a turn") };
        assert!(turn.text.starts_with("B pool leads") && turn.text.ends_with("s2 pool is present (0.97)"), "{turn:?}");
        assert_eq!(incident.checks[&column].count, 1);
        assert_eq!(incident.board.cell(incident.board.hypotheses[1].id, column), Cell::Must);
    }

    #[test]
    fn another_query_has_not_been_asked_yet() {
        let added = Event::ObservationAdded {
            text: "pool".into(),
            state: ObservationState::Untested,
            origin: None,
            when: None,
            evidence: None,
            check: checked(),
        };
        let set = |check| Event::CheckSet { observation: COLUMN, check };
        let run = || Event::CheckStarted { observation: COLUMN };
        let is_run = |events| fixture::at_once("alice", events).checks.contains_key(&COLUMN);
        assert!(is_run(vec![added.clone(), run()]));
        assert!(!is_run(vec![added.clone(), run(), set(checked())]));
        assert!(!is_run(vec![added.clone(), set(CheckSpec::default()), run()]), "there is nothing to ask");
        assert!(is_run(vec![added, run(), set(checked()), run()]));
    }

    #[test]
    fn what_turns_again_and_again_flaps() {
        let turn = |second| CheckTurn { at: at(second), state: ObservationState::Present, shown: String::new() };
        let mut run = CheckRun {
            run: COLUMN,
            since: at(0),
            by: String::new(),
            turns: [0, 60, 120].map(turn).into(),
            count: 3,
            told: None,
            said: None,
            at_latest: None,
        };
        assert!(!run.flaps(at(130)));
        run.turns.push(turn(180));
        assert!(run.flaps(at(190)));
        assert!(!run.flaps(at(700)), "that is over");
    }
}
