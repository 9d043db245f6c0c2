//! Facts change only when the journal answers: waiting, refusals, undo, replay.

use super::*;

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
fn it_is_done_when_the_journal_has_it_and_not_said_before() {
    let said = |cockpit: &Cockpit| cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone());
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nthe pool is full<ctrl-s>");
    assert_eq!(said(&cockpit), None, "it is not written yet");
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(said(&cockpit).as_deref(), Some("noted"));
    cockpit.slow = true;
    cockpit.tick("03:12:00").press("nand the queue<ctrl-s>");
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("a record") };
    cockpit.send(Msg::NotRecorded(drafts, "no space left".into()));
    assert_eq!(said(&cockpit), None, "it was not written at all");
    // What is said meanwhile by others is said at once, and takes nothing from it.
    cockpit.press("nat last<ctrl-s>");
    cockpit.app.say("a check has an answer");
    cockpit.tick("03:12:04");
    assert_eq!(said(&cockpit).as_deref(), Some("a check has an answer"));
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(said(&cockpit).as_deref(), Some("noted"));
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
    let notice = cockpit.app.screen.notice.as_ref().expect("a notice");
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
    assert_eq!(cockpit.app.outbox.trouble(), Some("no space left"));
    cockpit.slow = false;
    cockpit.tick("03:10:03");
    assert_eq!(cockpit.app.incident.notes[0].text, "keep me");
    assert_eq!(cockpit.app.outbox.trouble(), None);
}

#[test]
fn a_journal_that_was_replaced_does_not_hold_the_keys() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nlost on the way<ctrl-s>");
    let entries = cockpit.log.clone();
    cockpit.send(Msg::Rebased(entries)).press("4");
    assert_eq!(cockpit.app.screen.view, View::Log);
}

#[test]
fn what_was_refused_and_is_in_a_replaced_journal_is_no_trouble_any_more() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nkeep me<ctrl-s>");
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("a record") };
    cockpit.send(Msg::NotRecorded(drafts.clone(), "no space left".into()));
    let seq = cockpit.log.len() as u64 + 1;
    let crate::incident::Draft { id, event } = drafts[0].clone();
    cockpit.log.push(Entry { seq, id, at: at("03:10:00"), by: cockpit.app.session.author.clone(), event });
    let entries = cockpit.log.clone();
    cockpit.send(Msg::Rebased(entries));
    assert_eq!((cockpit.app.outbox.trouble(), cockpit.app.outbox.has_refused()), (None, false));
}

#[test]
fn what_a_machine_observed_is_not_hoarded_when_the_journal_fails() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.poll(ALERTS, firing(&["A"]));
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("a record") };
    cockpit.send(Msg::NotRecorded(drafts, "no space left".into()));
    assert!(!cockpit.app.outbox.has_refused(), "the next poll will tell it again");
}

#[test]
fn what_a_machine_observed_is_not_shown_before_the_journal_has_it() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.poll(ALERTS, firing(&["A"])).press("na note<ctrl-s>").send(Msg::Unconfirmed);
    assert_eq!((cockpit.app.outbox.pending(), cockpit.app.incident.notes.len()), (1, 1), "the note");
    assert!(cockpit.app.incident.alerts.is_empty());
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!((cockpit.app.outbox.pending(), cockpit.app.incident.alerts.len()), (0, 1));
    assert_eq!(cockpit.app.incident.entries(), cockpit.log);
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
fn what_an_incident_holds_no_more_is_written_and_said() {
    let mut cockpit = Cockpit::new();
    let said = |cockpit: &Cockpit| cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone());
    let row = |n| Event::HypothesisAdded {
        text: format!("cause {n}"),
        prior: Default::default(),
        changed: false,
        from: "".into(),
    };
    let most = crate::incident::board::MOST_ROWS;
    let (begun, by) = (cockpit.log.len() as u64, "mallory@elsewhere");
    let entry =
        |n: u64| Entry { seq: begun + n, id: Id::small(n.into()), at: at("03:10:00"), by: by.into(), event: row(n) };
    let entries: Vec<_> = (1..=most as u64).map(entry).collect();
    cockpit.log.extend(entries.clone());
    cockpit.send(Msg::Recorded(entries));
    assert!(!said(&cockpit).is_some_and(|said| said.contains("holds no more")));
    cockpit.press("2aone too many<enter>");
    let expected = "an incident holds no more hypotheses: 1 is in the log only";
    assert_eq!(said(&cockpit).as_deref(), Some(expected));
    assert_eq!(cockpit.app.incident.board.hypotheses.len(), most);
    let last = cockpit.app.incident.entries().last().map(|entry| entry.event.clone());
    assert!(
        matches!(last, Some(Event::HypothesisAdded { text, .. }) if text == "one too many"),
        "nothing typed is lost"
    );
}
