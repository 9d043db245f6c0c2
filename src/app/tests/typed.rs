//! Whole lines: names and what stands behind them, answers to what is open.

use super::{played::command, *};
use crate::{app::Page, incident::MitigationKind};

impl Cockpit {
    fn line(&mut self, line: &str) -> &mut Self {
        self.send(Msg::Line(line.into()))
    }

    /// The pages that were asked for since.
    fn asked_for(&mut self) -> Vec<Page> {
        let effects = std::mem::take(&mut self.effects);
        effects
            .into_iter()
            .filter_map(|effect| if let Effect::Say(page) = effect { Some(page) } else { None })
            .collect()
    }

    fn told(&self) -> &str {
        self.app.screen.notice.as_ref().map_or("", |notice| &notice.text)
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let board = &self.app.incident.board;
        board.cell(board.hypotheses[row].id, board.observations[column].id)
    }

    /// Two rows and a column, nothing filled.
    fn with_a_board() -> Self {
        let mut cockpit = Self::new();
        cockpit.line("symptom checkout is slow");
        for cause in ["the pool is full", "a bad deploy"] {
            cockpit.line(&format!("hypothesis {cause}")).line("back");
        }
        cockpit.line("back");
        cockpit
    }
}

#[test]
fn words_behind_a_name_answer_what_it_asks() {
    let mut cockpit = Cockpit::with_a_board();
    assert_eq!(cockpit.app.incident.board.observations[0].text, "checkout is slow");
    let texts: Vec<&str> = cockpit.app.incident.board.hypotheses.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts, ["the pool is full", "a bad deploy"]);
    cockpit.line("note 03:05 first customer called");
    let noted = cockpit.log.last().map(|entry| entry.event.clone());
    assert!(
        matches!(noted, Some(Event::Noted { text, when: Some(when) }) if text == "first customer called" && when == at("03:05:00"))
    );
    cockpit.line("severity SEV2").line("title The pool");
    assert_eq!(cockpit.app.incident.summary.severity.as_deref(), Some("SEV2"));
    assert_eq!(cockpit.app.incident.summary.title, "The pool");
    cockpit.line("settle s1 absent it went away");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!((column.state, column.note.as_str()), (ObservationState::Absent, "it went away"));
    cockpit.line("refute B the deploy was rolled back");
    let row = &cockpit.app.incident.board.hypotheses[1];
    assert!(!row.state.is_live() && row.reason.contains("rolled back"), "{row:?}");
}

#[test]
fn what_is_asked_is_answered_line_by_line() {
    let mut cockpit = Cockpit::new();
    cockpit.line("symptom");
    assert_eq!(cockpit.app.incident.board.observations.len(), 0);
    cockpit.line("rank is low").line("hypotheses");
    let first = match &cockpit.app.screen.overlay {
        Some(Overlay::Picker(picker)) => picker.candidates[0].text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(cockpit.app.incident.board.observations[0].text, "rank is low", "in a field all words are text");
    cockpit.line("999");
    assert_eq!((cockpit.told(), cockpit.app.incident.board.hypotheses.len()), ("there is no 999 in the list", 0));
    cockpit.line("1, 2");
    assert_eq!(cockpit.app.incident.board.hypotheses[0].text, first);
    // The cells are asked for as soon as the rows are there; several answers fit in a line.
    cockpit.line("y").line("maybe");
    assert_eq!((cockpit.cell(0, 0), cockpit.cell(1, 0)), (Cell::Likely, Cell::Unassessed));
    assert!(cockpit.told().starts_with("`maybe` is no answer"), "{}", cockpit.told());
    cockpit.line("x").line("must a s1");
    assert_eq!((cockpit.cell(0, 0), cockpit.cell(1, 0)), (Cell::Must, Cell::Cannot));
}

#[test]
fn what_an_action_is_done_to_has_to_be_named() {
    let mut cockpit = Cockpit::with_a_board();
    cockpit.line("refute");
    assert_eq!((cockpit.told(), cockpit.app.screen.overlay.is_none()), ("say which: `refute A`", true));
    cockpit.line("must s1");
    assert_eq!(cockpit.told(), "say which: `must A s1`");
    cockpit.line("assume a balancer is up");
    assert_eq!(cockpit.app.incident.board.assumptions[0].text, "a balancer is up", "a small letter is a word");
    cockpit.line("cannot B s1").line("likely A");
    assert_eq!((cockpit.cell(0, 0), cockpit.cell(1, 0)), (Cell::Likely, Cell::Cannot), "there is one column only");
    cockpit.line("acknowledge it is mine");
    assert_eq!(cockpit.told(), "acknowledge takes no words; `note it is mine` keeps them");
}

#[test]
fn pages_are_asked_for_by_name_and_a_question_stays() {
    let mut cockpit = Cockpit::with_a_board();
    cockpit.line("status").line("RANK").line("2").line("next").line("?");
    assert_eq!(cockpit.asked_for(), [Page::Watch, Page::Board, Page::Board, Page::Next, Page::Help]);
    let row = cockpit.app.incident.board.hypotheses[1].id;
    cockpit.line("rank b").line("evidence B");
    assert_eq!(cockpit.asked_for(), [Page::Row(Some(row)); 2]);
    assert!(cockpit.app.screen.overlay.is_none(), "what is read is not open");
    cockpit.line("settle s1").line("log");
    assert_eq!(cockpit.asked_for(), [Page::Log, Page::Question]);
    cockpit.line("note in between");
    assert!(cockpit.app.screen.overlay.is_none());
    assert!(matches!(&cockpit.log.last().expect("a note").event, Event::Noted { text, .. } if text == "in between"));
    cockpit.line("settle s1").line("perhaps");
    assert_eq!(cockpit.told(), "that is no answer; p, a, u, t are");
    cockpit.line("back");
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.line("frobnicate");
    assert!(cockpit.told().starts_with("there is no `frobnicate`"), "{}", cockpit.told());
    cockpit.line("rollback");
    assert!(cockpit.told().starts_with("there is no `rollback`; `guard` does"), "{}", cockpit.told());
    cockpit.line("quit");
    assert!(cockpit.app.session.quitting);
}

#[test]
fn the_next_step_is_said_before_it_is_done() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"])).line("do");
    let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("nothing is asked") };
    assert!(choice.question.contains("Say that you are on it"), "{}", choice.question);
    cockpit.line("n");
    assert!(cockpit.app.incident.acknowledged.is_none());
    // By the time it is confirmed another step is the next.
    cockpit.line("do");
    cockpit.bob(Event::Acknowledged { what: String::new() });
    cockpit.line("y");
    assert_eq!(cockpit.told(), "the next step has changed meanwhile; nothing was done");
    cockpit.line(">").line("yes");
    assert_eq!(cockpit.app.incident.board.observations.len(), 1);
}

#[test]
fn an_alert_named_is_taken_with_what_is_known_of_it() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["HighErrors"])).line("symptom higherrors").line("symptom it smells");
    let columns = &cockpit.app.incident.board.observations;
    assert!(columns[0].evidence.is_some() && columns[0].origin.is_some(), "{:?}", columns[0]);
    assert_eq!((columns[1].text.as_str(), columns[1].evidence.is_none()), ("it smells", true));
}

#[test]
fn lines_wait_for_the_journal_in_their_order() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.line("note one").line("note two").line("log");
    assert_eq!(cockpit.asked_for(), []);
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    let notes: Vec<String> = cockpit
        .log
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Noted { text, .. } => Some(text.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(notes, ["one", "two"]);
    assert_eq!(cockpit.asked_for(), [Page::Log]);
}

#[test]
fn any_lines_in_any_order_are_taken_and_all_that_comes_of_them_can_be_said() {
    let names = crate::app::action::TABLE.iter().map(|spec| spec.name).filter(|name| !name.starts_with("quit"));
    let others = "a b c A B s1 s2 s9 m1 y n u s p t , . # + - x ? 0 1 2 3 99 back do > rank act log learn watch next help take \
                  split drop undo again rollback v1 SEV2 03:05 pool w f q r 支付 \u{1b}";
    let words: Vec<&str> = names.chain(others.split(' ').filter(|word| *word != "q")).collect();
    let mut random: u64 = 7;
    let mut below = |n: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % n
    };
    for night in 0..12 {
        let (mut cockpit, mut speaker) = (Cockpit::new(), crate::ui::plain::Speaker::default());
        for step in 0..150 {
            let line: Vec<&str> = (0..below(4)).map(|_| words[below(words.len())]).collect();
            cockpit.line(&line.join(" "));
            if step % 10 == night % 10 {
                cockpit
                    .poll(ALERTS, firing(&["A", "B", "C"][..below(4)]))
                    .poll(VITAL, curve("03:09:00", 5, &[0.9; 12]));
            }
            let now = cockpit.app.session.now + jiff::SignedDuration::from_secs(1);
            cockpit.send(Msg::Tick(now));
            cockpit.app.prepare_frame();
            let mut said = speaker.hear(&cockpit.app);
            for page in cockpit.asked_for() {
                said.extend(speaker.page(&cockpit.app, page));
            }
            assert!(said.iter().all(|line| !line.contains(['\n', '\u{1b}', '▸'])), "{line:?}: {said:?}");
        }
        assert!(!cockpit.app.session.quitting, "nothing but its name ends it");
    }
}

#[test]
fn what_only_a_screen_shows_is_no_command() {
    let mut cockpit = Cockpit::new();
    for name in ["wrap", "fold-lines", "time", "hide-series", "mouse", "narrower", "down", "filter"] {
        let before = format!("{:?}", cockpit.app.screen.watch);
        assert!(cockpit.line(name).told().contains(name), "{name}: {}", cockpit.told());
        assert_eq!(format!("{:?}", cockpit.app.screen.watch), before, "{name}");
        assert!(cockpit.app.session.mouse, "{name}");
    }
}

/// A cockpit with a command that rolls back.
fn with_a_command() -> Cockpit {
    let mut config = config();
    config.commands.push(command("rollback-checkout", "Roll back checkout", MitigationKind::Rollback));
    Cockpit::with(config)
}

#[test]
fn what_stands_behind_a_line_runs_no_command() {
    let runs = |cockpit: &Cockpit| cockpit.effects.iter().any(|effect| matches!(effect, Effect::RunCommand { .. }));
    let mut cockpit = with_a_command();
    for line in ["guard rollback-checkout", "y", "n", "u", "y"] {
        cockpit.line(line);
    }
    cockpit.line("back").line("verify m1 x rollback-checkout");
    assert!(!runs(&cockpit), "{:?}", cockpit.app.screen.overlay);
    assert!(cockpit.told().contains("nothing was done"), "{}", cockpit.told());
    cockpit.line("rollback-checkout");
    assert!(runs(&cockpit), "{:?}", cockpit.app.screen.overlay);
}

#[test]
fn words_are_an_answer_to_the_guard_whatever_they_begin_with() {
    let mut cockpit = with_a_command();
    cockpit.line("guard rollback-checkout");
    for words in ["new pods before 14:00", "verify it", "undo it"] {
        assert!(matches!(cockpit.line(words).app.screen.overlay, Some(Overlay::Guard(_))), "{words}");
    }
    let guards = format!("{:?}", cockpit.app.incident);
    assert!(["new pods before 14:00", "verify it", "undo it"].iter().all(|words| guards.contains(words)), "{guards}");
}

#[test]
fn a_key_in_front_of_words_is_the_first_of_them() {
    let mut cockpit = Cockpit::with_a_board();
    let entries = cockpit.app.incident.entries().len();
    for line in ["A customer called", "a pool is exhausted"] {
        assert!(cockpit.line(line).told().contains("there is no"), "{line}: {}", cockpit.told());
    }
    cockpit.line("fill").line("no customer called");
    assert_eq!(cockpit.app.incident.entries().len(), entries, "nothing was recorded");
}

#[test]
fn answers_beyond_the_last_cell_are_no_commands() {
    let mut cockpit = Cockpit::with_a_board();
    cockpit.line("fill").line("y y");
    assert!(cockpit.app.screen.overlay.is_none());
    let before = cockpit.log.len();
    for surplus in ["n", "y", "+", "n n"] {
        cockpit.line(surplus);
        assert!(cockpit.told().starts_with(&format!("all cells are filled: `{surplus}`")), "{}", cockpit.told());
        assert!(cockpit.app.screen.overlay.is_none());
    }
    assert_eq!(cockpit.log.len(), before);
    cockpit.later(2).line("n");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Note(_))), "later it is a command again");
}

#[test]
fn keys_in_sentences_become_what_is_typed() {
    let cockpit = Cockpit::new();
    for (text, expected) in [
        (
            "Nothing fires: `S` in Act says that the impact has stopped.",
            "Nothing fires: `stanched` says that the impact has stopped.",
        ),
        ("`>` folds them; `q` writes the notes", "`do` folds them; `quit` writes the notes"),
        ("begin a new incident (`:new TITLE`)", "begin a new incident (`new TITLE`)"),
        ("the path is `/tmp/x` in Act", "the path is `/tmp/x` in Act"),
        ("no keys at all", "no keys at all"),
    ] {
        let said = crate::app::typed::in_typed_words(&cockpit.app, text);
        assert_eq!(said, expected);
    }
}
