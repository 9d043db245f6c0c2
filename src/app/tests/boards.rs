//! Board files that are loaded into the incident and saved from it, with a file system of one answer.

use super::*;
use crate::{
    app::{
        BoardNotSaved,
        screen::{board, overlay::Purpose},
    },
    incident::{HypothesisState, board::file::to_toml},
};

const FILE: &str = "title = \"t\"\n[[observation]]\nid = \"a\"\ntext = \"5xx\"\n[[observation]]\nid = \"b\"\ntext = \"only v2\"\n\
                    state = \"untested\"\n[[hypothesis]]\nid = \"h\"\ntext = \"deploy\"\ncells = { a = \"+\", b = \"#\" }\n";

fn file(text: &str) -> Result<Arc<BoardFile>, String> {
    BoardFile::parse(text, "b.toml").map(Arc::new).map_err(|error| error.to_string())
}

impl Cockpit {
    /// What the runtime would answer.
    fn read(&mut self, text: &str) -> &mut Self {
        self.send(Msg::BoardRead { path: "b.toml".into(), outcome: file(text) })
    }

    fn saved(&mut self, outcome: Result<(), BoardNotSaved>) -> &mut Self {
        self.send(Msg::BoardSaved { path: "b.toml".into(), outcome })
    }

    fn notice(&self) -> &str {
        self.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str())
    }

    fn size(&self) -> (usize, usize) {
        (self.app.incident.board.hypotheses.len(), self.app.incident.board.observations.len())
    }

    /// The field that is open, what stands in it, and what was wrong with that.
    fn field(&self) -> (Purpose, String, Option<String>) {
        match &self.app.screen.overlay {
            Some(Overlay::Prompt(prompt)) => (prompt.purpose.clone(), prompt.field.text(), prompt.trouble.clone()),
            other => panic!("no field: {other:?}"),
        }
    }
}

#[test]
fn both_ways_to_name_a_file_ask_for_it() {
    let expected = [Effect::LoadBoard("some dir/b.toml".into())];
    assert_eq!(Cockpit::new().press(":load some dir/b.toml<enter>").effects, expected);
    assert_eq!(Cockpit::new().press(":load<enter>some dir/b.toml<enter>").effects, expected);
    // A word that only begins like it is looked for among the actions.
    assert_eq!(Cockpit::new().press(":loads b.toml<enter>").effects, []);
}

#[test]
fn a_file_is_recorded_whole_and_once() {
    let mut cockpit = Cockpit::new();
    cockpit.press("s5xx<enter>").tick("03:10:01").read(FILE);
    // The symptom was there; it is not there twice.
    assert_eq!(cockpit.size(), (1, 2));
    assert_eq!(cockpit.notice(), "added 1 hypothesis and 1 observation from b.toml");
    let board = &cockpit.app.incident.board;
    let cells: Vec<_> = board.observations.iter().map(|column| board.cell(board.hypotheses[0].id, column.id)).collect();
    assert_eq!(cells, [Cell::Likely, Cell::Must]);
    let entries = cockpit.log.len();
    cockpit.read(FILE);
    assert_eq!((cockpit.log.len(), cockpit.notice()), (entries, "nothing new: the board has all of b.toml"));
    // What one keystroke brought, one keystroke takes back.
    cockpit.tick("03:10:02").press("u");
    assert_eq!(cockpit.size(), (0, 1));
    cockpit.press("<ctrl-r>");
    assert_eq!(cockpit.size(), (1, 2));
}

#[test]
fn a_second_file_waits_until_the_first_is_on_the_board() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.read(FILE).read(FILE);
    assert_eq!(cockpit.waiting.len(), 1);
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(cockpit.size(), (1, 2));
    assert_eq!(cockpit.notice(), "nothing new: the board has all of b.toml");
}

#[test]
fn a_file_that_comes_while_the_journal_is_in_trouble_is_not_taken() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.read(FILE);
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("nothing to record") };
    cockpit.send(Msg::NotRecorded(drafts, "disk full".into())).read(FILE);
    assert!(cockpit.notice().starts_with("nothing was loaded: "), "{}", cockpit.notice());
    // What was refused is written later, and is there once.
    cockpit.slow = false;
    cockpit.tick("03:10:05");
    assert_eq!(cockpit.size(), (1, 2));
}

#[test]
fn what_is_wrong_with_a_file_stands_beside_its_name() {
    let mut cockpit = Cockpit::new();
    cockpit.press(":load b.toml<enter>").read(&FILE.replace("\"#\"", "\"%\""));
    let (purpose, text, trouble) = cockpit.field();
    assert_eq!((purpose, text.as_str()), (Purpose::LoadBoard, "b.toml"));
    let trouble = trouble.expect("trouble");
    assert!(trouble.starts_with("b.toml:12:24: expected one of `#`, `+`"), "{trouble}");
    assert_eq!((cockpit.size(), cockpit.kinds().len()), ((0, 0), 1), "nothing is half loaded");
    // Something else was opened meanwhile: it stays, and what is wrong is said.
    cockpit.press("<esc>").tick("03:10:01").press("nhalf").read("x");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Note(_))));
    assert!(cockpit.notice().starts_with("b.toml:1:"), "{}", cockpit.notice());
}

#[test]
fn a_board_is_saved_as_a_file_that_ranks_the_same() {
    let mut cockpit = Cockpit::new();
    cockpit.read(FILE).press(":save b.toml<enter>");
    let text = to_toml("", &cockpit.app.incident.board);
    assert_eq!(cockpit.effects, [Effect::SaveBoard { path: "b.toml".into(), text: text.clone(), replace: false }]);
    cockpit.saved(Ok(()));
    assert_eq!(cockpit.notice(), "wrote 1 hypothesis and 2 observations to b.toml");
    let mut other = Cockpit::new();
    other.read(&text);
    assert_eq!(to_toml("", &other.app.incident.board), text);
    let bits = |cockpit: &Cockpit| cockpit.app.incident.ranking.rows.iter().map(|row| row.bits).collect::<Vec<_>>();
    assert_eq!(bits(&other), bits(&cockpit));
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_a_person_says_so() {
    let mut cockpit = Cockpit::new();
    cockpit.read(FILE).press(":save<enter>");
    assert_eq!(cockpit.field().1, "2026-11-22-0300-test.toml", "a name is offered");
    cockpit.press("<enter>").saved(Err(BoardNotSaved::Taken)).press("n<enter>");
    assert_eq!((cockpit.effects.len(), cockpit.app.screen.overlay.is_none()), (1, true));
    cockpit.saved(Err(BoardNotSaved::Taken)).press("y<enter>");
    assert!(
        matches!(&cockpit.effects[1], Effect::SaveBoard { path, replace: true, .. } if path == "b.toml"),
        "{:?}",
        cockpit.effects
    );
    cockpit.saved(Err(BoardNotSaved::Failed("no space".into())));
    assert_eq!(cockpit.field(), (Purpose::SaveBoard, "b.toml".into(), Some("no space".into())));
}

#[test]
fn who_may_not_write_neither_loads_nor_saves() {
    let mut cockpit = Cockpit::new();
    cockpit.app.session.read_only = true;
    cockpit.press(":load b.toml<enter>:save b.toml<enter>:load<enter>:save<enter>").read(FILE);
    assert_eq!(cockpit.effects, []);
    assert_eq!((cockpit.size(), cockpit.notice()), ((0, 0), "read-only: nothing is written"));
}

#[test]
fn a_file_that_comes_when_the_cockpit_ends_is_left() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.read(FILE).read(FILE).press("<ctrl-c>");
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(cockpit.size(), (1, 2));
}

#[test]
fn a_refuted_row_below_what_is_not_on_the_board_can_be_reached_and_opened_again() {
    let mut cockpit = Cockpit::new();
    let rival = "[[hypothesis]]\nid = \"r\"\ntext = \"dns\"\ncells = { a = \"-\" }\n";
    cockpit.read(&format!("{FILE}{rival}")).press("2");
    let state = |cockpit: &Cockpit| cockpit.app.incident.board.hypotheses[0].state;
    cockpit.press("xit was not<enter>");
    assert_eq!(state(&cockpit), HypothesisState::Refuted);
    let order = board::board_order(&cockpit.app.incident);
    assert_eq!(order[1], RowId::Other, "between the rival and the refuted row");
    cockpit.press("ggj");
    assert_eq!(board::board_row(&cockpit.app), Some(RowId::Other), "its reasons are one key away too");
    cockpit.press("e");
    let shown = |cockpit: &Cockpit| match cockpit.app.screen.overlay {
        Some(Overlay::Detail { subject, .. }) => Some(subject),
        _ => None,
    };
    assert_eq!(shown(&cockpit), Some(crate::app::screen::overlay::Subject::Row(None)));
    cockpit.press("<esc>#");
    let notice = cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    assert!(notice.starts_with("this row has no cells"), "{notice}");
    cockpit.press("j");
    assert_eq!(board::board_row(&cockpit.app), Some(order[2]));
    cockpit.press("kk");
    assert_eq!(board::board_row(&cockpit.app), Some(order[0]));
    cockpit.press("Gry").tick("03:30:00");
    assert_eq!(state(&cockpit), HypothesisState::Open);
    cockpit.press("G");
    assert_eq!(board::board_row(&cockpit.app), Some(RowId::Other), "it stands last now");
}
