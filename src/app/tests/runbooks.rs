//! Runbooks: which opens, what is ticked, copied, found wrong and taken onto the board.

use super::*;
use crate::{
    app::screen::overlay::{RunbookList, RunbookSheet},
    incident::Question,
    runbook::{Folder, Library, Runbook},
};

const PAYMENTS: &str = "---\nalerts: [PaymentsDown]\n---\n# Payments\n\n## Diagnosis\n\n1. Look at $SERVICE\n2. Count pods\n\n   ```sh\n   \
                        kubectl get pods -l app=$SERVICE\n   ```\n\n## Mitigation\n\n- Fail over\n";

const ERRORS: &str = "# CheckoutErrors\n\nSome words.\n\n```stanch\n[[observation]]\nid = \"full\"\ntext = \"the pool is full\"\nstate = \"untested\"\n\
                      [[hypothesis]]\nid = \"a\"\ntext = \"pool of checkout exhausted\"\nprior = \"common\"\ncells = { full = \"#\" }\n\
                      [[mitigation]]\ntext = \"restart the pods\"\nfor = \"a\"\n```\n";

fn library(files: &[(&str, &str)]) -> Arc<Library> {
    let book = |(path, text): &(&str, &str)| Arc::new(Runbook::read(&format!("ops/{path}"), path, &["ops"], 0, text));
    let folder = Folder { path: "ops".into(), address: None };
    Arc::new(Library::new(vec![folder], files.iter().map(book).collect(), vec![]))
}

/// A cockpit with runbooks, in which these fire.
fn firing_here(alerts: &[&str]) -> Cockpit {
    let mut cockpit = Cockpit::new();
    let files = [("payments.md", PAYMENTS), ("errors.md", ERRORS), ("other.md", "# Other\n")];
    cockpit.send(Msg::Runbooks(library(&files)));
    cockpit.poll(ALERTS, firing(alerts));
    cockpit
}

#[track_caller]
fn opened(cockpit: &Cockpit) -> &RunbookSheet {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Runbook(sheet)) => sheet,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn listed(cockpit: &Cockpit) -> &RunbookList {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Runbooks(list)) => list,
        other => panic!("{other:?}"),
    }
}

fn said(cockpit: &Cockpit) -> &str {
    cockpit.app.screen.notice.as_ref().map_or("", |notice| &notice.text)
}

fn notes(cockpit: &Cockpit) -> Vec<&str> {
    cockpit.app.incident.notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn the_runbook_of_the_selected_alert_opens_with_its_labels_filled_in() {
    let mut cockpit = firing_here(&["PaymentsDown", "Unknown"]);
    cockpit.press("B");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.book.file.as_str(), sheet.places.len()), ("ops/payments.md", 1));
    assert_eq!(sheet.place().why, "its front matter names PaymentsDown");
    assert_eq!(sheet.document.blocks[2].text(), "Look at checkout");
    // An alert that has none says so, and all are listed.
    cockpit.press("<esc><down>B");
    let titles: Vec<&str> = listed(&cockpit).found().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["Payments", "CheckoutErrors", "Other"], "what fits something that fires comes first");
    assert_eq!(said(&cockpit), "Unknown has no runbook: it has no runbook_url, and no file is called Unknown");
    cockpit.press("oth<enter>");
    assert_eq!(opened(&cockpit).book.title, "Other");
}

#[test]
fn a_symptom_that_was_an_alert_has_its_runbook() {
    let mut cockpit = firing_here(&["PaymentsDown"]);
    cockpit.press("s2B");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.book.title.as_str(), sheet.document.blocks[2].text().as_str()), ("Payments", "Look at checkout"));
}

#[test]
fn in_act_what_fires_comes_first_and_what_to_do_is_in_view() {
    let mut cockpit = firing_here(&["CheckoutErrors", "PaymentsDown"]);
    let fitting = |cockpit: &Cockpit| {
        let titles = cockpit.app.world.runbooks.fitting().iter().map(|one| one.alert.clone());
        titles.collect::<Vec<_>>()
    };
    assert_eq!(fitting(&cockpit), ["CheckoutErrors", "PaymentsDown"]);
    cockpit.press("3B<tab>");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.at, sheet.heading().as_deref()), (1, Some("Mitigation")));
    cockpit.press("<tab>");
    assert_eq!(opened(&cockpit).book.title, "CheckoutErrors");
    cockpit.press("<esc>").poll(ALERTS, firing(&["PaymentsDown"]));
    assert_eq!(fitting(&cockpit), ["PaymentsDown"]);
}

#[test]
fn steps_are_ticked_into_the_timeline_and_stay_so() {
    let mut cockpit = firing_here(&["PaymentsDown"]);
    cockpit.press("B ");
    assert_eq!(said(&cockpit), "select a step: headings are not ticked");
    cockpit.press("<down><down> ");
    assert_eq!(notes(&cockpit), ["done: Look at checkout (Payments)"]);
    assert_eq!(opened(&cockpit).cursor, 3, "the next step is selected");
    assert_eq!(said(&cockpit), "ticked: it stands in the timeline");
    cockpit.press("<up> ");
    assert_eq!(notes(&cockpit).len(), 1, "once");
    cockpit.press("<esc>B");
    assert_eq!(opened(&cockpit).done.iter().copied().collect::<Vec<_>>(), [2]);
    // Code is copied as it is.
    cockpit.press("<down><down><down><down>y");
    let copied = cockpit.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(copied, Some("kubectl get pods -l app=checkout"));
}

#[test]
fn what_is_wrong_goes_into_the_review_with_the_step_quoted() {
    let mut cockpit = firing_here(&["PaymentsDown"]);
    cockpit.press("B<down><down>w<down>ww");
    let answer = cockpit.app.incident.answers.get(&Question::SopChange).map(String::as_str);
    assert_eq!(
        answer,
        Some(
            "payments.md:8: wrong or missing here: “Look at checkout”; payments.md:9: wrong or missing here: “Count pods”"
        )
    );
    assert_eq!(said(&cockpit), "the review has it already");
}

#[test]
fn what_a_runbook_brings_is_taken_onto_the_board_or_picked() {
    let mut cockpit = firing_here(&["CheckoutErrors"]);
    cockpit.press("Bt");
    let board = &cockpit.app.incident.board;
    assert_eq!((board.hypotheses.len(), board.observations.len()), (1, 1));
    assert_eq!(
        (board.hypotheses[0].text.as_str(), board.hypotheses[0].from.as_str()),
        ("pool of checkout exhausted", "runbook")
    );
    assert_eq!(board.cell(board.hypotheses[0].id, board.observations[0].id), Cell::Must);
    let mitigation = &cockpit.app.incident.mitigations[0];
    assert_eq!(mitigation.text, "restart the pods");
    assert_eq!(mitigation.hypothesis, Some(board.hypotheses[0].id));
    cockpit.press("t");
    assert_eq!(cockpit.app.incident.board.hypotheses.len(), 1, "once");
    assert_eq!(cockpit.app.incident.mitigations.len(), 1, "once");
    cockpit.press("<down>m");
    assert_eq!(cockpit.app.incident.mitigations[1].text, "Some words.");
    // The picker offers it by its words.
    let mut cockpit = firing_here(&["CheckoutErrors"]);
    cockpit.press("apool of<tab><enter>");
    let board = &cockpit.app.incident.board;
    assert_eq!((board.hypotheses.len(), board.observations.len()), (1, 1));
    assert_eq!(board.observations[0].text, "the pool is full");
    // One that brings nothing says so.
    let mut cockpit = firing_here(&["PaymentsDown"]);
    cockpit.press("Bt");
    assert!(said(&cockpit).starts_with("it brings nothing for the board"), "{}", said(&cockpit));
}

#[test]
fn a_file_that_changes_is_read_again_in_place() {
    let mut cockpit = firing_here(&["PaymentsDown"]);
    cockpit.press("B<end>");
    assert_eq!(opened(&cockpit).block().map(|block| block.text()).as_deref(), Some("Fail over"));
    let changed = PAYMENTS.replace("Fail over", "Fail over to the second region");
    cockpit.send(Msg::Runbooks(library(&[("payments.md", &changed)])));
    let block = opened(&cockpit).block().map(|block| block.text());
    assert_eq!(block.as_deref(), Some("Fail over to the second region"));
    cockpit.send(Msg::Runbooks(library(&[("other.md", "# Other\n")])));
    assert_eq!(said(&cockpit), "the file is gone: this is how it was");
    opened(&cockpit);
    assert!(cockpit.app.world.runbooks.fitting().is_empty());
}

#[test]
fn without_runbooks_the_key_says_how_to_have_some() {
    let mut cockpit = Cockpit::new();
    cockpit.press("B");
    assert!(said(&cockpit).contains("runbooks = [\"DIR\"]"), "{}", said(&cockpit));
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.send(Msg::Runbooks(library(&[("empty.md", "")])));
    cockpit.poll(ALERTS, firing(&["empty"])).press("B<down>yw <pagedown>[]");
    assert!(opened(&cockpit).block().is_none(), "an empty file harms nobody");
}
