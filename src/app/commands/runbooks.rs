//! Runbooks in the running cockpit: the one of what is selected or fires is read, its steps are ticked into the timeline,
//! what is wrong with it goes into the review, what it brings goes onto the board.

use std::sync::Arc;

use crate::{
    app::{
        App, Effect, Overlay, View,
        commands::board_file,
        screen::{
            board::selected_observation,
            overlay::{
                RunbookList, RunbookSheet,
                runbook::{Place, RunbookRow},
            },
            watch,
        },
        world::{
            rows::What,
            runbooks::{self, Fitting},
        },
    },
    incident::{Draft, Event, Id, MitigationKind, Question},
    runbook::{self, Alert, Library, Match, Proposed, Section},
    signal::Labels,
};

/// The longest answer of the review that steps are added to, in bytes.
const LONGEST: usize = 8000;

/// Opens the runbook of the selected alert, else of what fires, the worst first; where there is none, the list of all.
pub(super) fn open(app: &mut App) {
    if app.world.runbooks.library.books.is_empty() {
        return app.complain(match app.session.config.runbooks.first() {
            Some(folder) => format!("no runbooks in {}: `stanch runbook check` says why", folder.path.display()),
            None => "no runbooks: name their folder in stanch.toml, as runbooks = [\"DIR\"]".into(),
        });
    }
    let (places, none) = match of_selection(app) {
        Some((places, none)) => (places, Some(none)),
        None => (Vec::new(), None),
    };
    let is_of_selection = !places.is_empty();
    let places = if is_of_selection { places } else { of_what_fires(app) };
    if let (Some(none), false) = (none, is_of_selection) {
        app.hint(none);
        return open_list(app);
    }
    if places.is_empty() {
        return open_list(app);
    }
    show(app, places, 0);
}

/// Opens one of several runbooks.
pub(in crate::app) fn show(app: &mut App, places: Vec<Place>, at: usize) {
    // In Act it is known that it hurts, and what to do about it is looked for.
    let first = Some(Section::Mitigation).filter(|_| app.screen.view == View::Act);
    match RunbookSheet::open(&app.world.runbooks.library, places, at, first, &app.incident.notes) {
        Some(sheet) => app.screen.overlay = Some(Overlay::Runbook(Box::new(sheet))),
        None => app.complain("that runbook is not there any more"),
    }
}

/// Opens the list of all runbooks, those that fit first.
pub(in crate::app) fn open_list(app: &mut App) {
    let library = &app.world.runbooks.library;
    let fitting = of_what_fires(app);
    let row = |place: Place| RunbookRow {
        title: place.title.clone(),
        about: format!("{}: {}", place.alert, place.why),
        place,
    };
    let is_new = |file: &str| fitting.iter().all(|place| place.file != file);
    let others = library.books.iter().filter(|book| is_new(&book.file)).map(|book| RunbookRow {
        title: book.title.clone(),
        about: book.relative.clone(),
        place: Place {
            file: book.file.clone(),
            title: book.title.clone(),
            why: "chosen from the list".into(),
            ..Place::default()
        },
    });
    let rows: Vec<_> = fitting.iter().cloned().map(row).chain(others).collect();
    app.screen.overlay = Some(Overlay::Runbooks(Box::new(RunbookList::of(rows))));
}

/// The runbooks of what is selected, and what is said when there is none; `None` when no alert is selected.
fn of_selection(app: &App) -> Option<(Vec<Place>, String)> {
    let runbooks = &app.world.runbooks;
    match app.screen.view {
        View::Watch => {
            let pane = watch::focused(app)?;
            let What::Alerts(alerts) = watch::selected(app, pane.id)?.what else { return None };
            let group = alerts.group;
            let labels = runbooks::labels_of(group);
            let found = runbooks.of_group(group);
            let none = runbooks::alert_of(group).map_or_else(String::new, |alert| runbooks.library.why_none(alert));
            let place = |one: Match| place(&runbooks.library, &group.title, &labels, one);
            Some((found.into_iter().map(place).collect(), format!("{} has no runbook: {none}", group.title)))
        }
        View::Board => {
            // A symptom that was an alert still has its name.
            let column = app.incident.board.observation(selected_observation(app)?)?;
            let origin = column.origin.as_deref()?;
            let fires = runbooks.fitting().iter().find(|one| one.alert == origin);
            let labels = fires.map_or_else(|| Labels::of([("alertname", origin)]), |one| one.labels.clone());
            let found = runbooks.library.matches(Alert { labels: &labels, address: None });
            let places: Vec<_> = found.into_iter().map(|one| place(&runbooks.library, origin, &labels, one)).collect();
            (!places.is_empty()).then(|| (places, String::new()))
        }
        _ => None,
    }
}

fn of_what_fires(app: &App) -> Vec<Place> {
    let runbooks = &app.world.runbooks;
    let of = |one: &Fitting| place(&runbooks.library, &one.alert, &one.labels, one.found.clone());
    runbooks.fitting().iter().map(of).collect()
}

fn place(library: &Library, alert: &str, labels: &Labels, found: Match) -> Place {
    let book = &library.books[found.book];
    let heading = found.heading.and_then(|at| book.headings.get(at)).filter(|heading| !heading.text.is_empty());
    Place {
        file: book.file.clone(),
        title: book.title.clone(),
        line: heading.map(|heading| heading.line),
        alert: alert.to_owned(),
        labels: labels.clone(),
        why: found.why,
    }
}

/// The files have changed: what is read is read anew, at the same place.
pub(in crate::app) fn renewed(app: &mut App, library: Arc<Library>) {
    app.world.runbooks.renew(library);
    if let Some(Overlay::Runbook(sheet)) = &app.screen.overlay {
        let library = &app.world.runbooks.library;
        let now = library.place(&sheet.place().file).map(|at| &library.books[at]);
        match now {
            Some(book) if book.text == sheet.book.text => {}
            Some(_) => {
                if let Some(sheet) = sheet.renewed(library, &app.incident.notes) {
                    app.screen.overlay = Some(Overlay::Runbook(Box::new(sheet)));
                    app.say("the file has changed: this is how it is now");
                }
            }
            None => app.complain("the file is gone: this is how it was"),
        }
    }
}

/// Puts the selected step into the timeline as done, and goes on to the next one.
pub(in crate::app) fn tick(app: &mut App, sheet: &mut RunbookSheet) -> Vec<Effect> {
    if !sheet.block().is_some_and(runbook::Block::is_step) {
        app.hint("select a step: headings are not ticked");
        return Vec::new();
    }
    if sheet.done.contains(&sheet.cursor) {
        app.hint("it is ticked already; undo takes the note of it back");
        return Vec::new();
    }
    let text = sheet.note_of(sheet.cursor);
    let effects = app.record(vec![Event::Noted { text, when: None }]);
    if !effects.is_empty() {
        sheet.done.insert(sheet.cursor);
        sheet.step(1);
        app.say("ticked: it stands in the timeline");
    }
    effects
}

/// Keeps for the review that the selected step is wrong, or that something is missing there.
pub(in crate::app) fn find_fault(app: &mut App, sheet: &RunbookSheet) -> Vec<Effect> {
    if sheet.block().is_none() {
        return Vec::new();
    }
    let fault = sheet.fault_of(sheet.cursor);
    let question = Question::SopChange;
    let known = app.incident.answers.get(&question).cloned().unwrap_or_default();
    if known.contains(&fault) {
        app.hint("the review has it already");
        return Vec::new();
    }
    let text = if known.is_empty() { fault } else { format!("{known}; {fault}") };
    if text.len() > LONGEST {
        app.complain("the review has no room for more steps: write a note instead");
        return Vec::new();
    }
    let effects = app.record(vec![Event::Answered { question, text }]);
    if !effects.is_empty() {
        app.say("kept for the review of the runbook, which Learn has");
    }
    effects
}

/// Puts what the runbook brings onto the board: its hypotheses with their signs.
pub(in crate::app) fn take_board(app: &mut App, sheet: &RunbookSheet) -> Vec<Effect> {
    let (mut files, mut wrong) = (Vec::new(), None);
    for board in runbook::boards(&sheet.book) {
        match board {
            Ok(brought) => files.push(brought.filled(&sheet.place().labels)),
            Err(error) => wrong = wrong.or(error.0.into_iter().next()),
        }
    }
    if let Some(wrong) = wrong {
        app.complain(wrong.to_string());
        return Vec::new();
    }
    if files.is_empty() {
        app.hint("it brings nothing for the board: a fenced block that says `stanch` would");
        return Vec::new();
    }
    if app.refuses_to_write() {
        return Vec::new();
    }
    let mitigations: Vec<Proposed> = files.iter().flat_map(|brought| brought.mitigations.clone()).collect();
    let file = runbook::merged(files.into_iter().map(|brought| brought.file));
    let mut effects = board_file::take_board(app, &sheet.book.title, &file);
    let added: Vec<(String, Id)> = effects.iter().flat_map(rows_added).collect();
    effects.extend(propose(app, mitigations, &added));
    effects
}

/// The rows that are on their way to the journal, by their words.
fn rows_added(effect: &Effect) -> Vec<(String, Id)> {
    let Effect::Record(drafts) = effect else { return Vec::new() };
    let row = |draft: &Draft| match &draft.event {
        Event::HypothesisAdded { text, .. } => Some((text.clone(), draft.id)),
        _ => None,
    };
    drafts.iter().filter_map(row).collect()
}

/// Proposes what may stop the bleeding, unless it is proposed already; each for the row of its hypothesis.
fn propose(app: &mut App, mitigations: Vec<Proposed>, added: &[(String, Id)]) -> Vec<Effect> {
    let is_new = |one: &Proposed| app.incident.mitigations.iter().all(|known| known.text != one.text);
    let row = |words: &String| {
        let there = app.incident.board.hypotheses.iter().map(|row| (&row.text, row.id));
        let mut rows = there.chain(added.iter().map(|(text, id)| (text, *id)));
        rows.find(|(text, _)| text.eq_ignore_ascii_case(words)).map(|(_, id)| id)
    };
    let event = |one: Proposed| Event::MitigationAdded {
        mitigation_kind: MitigationKind::guess(&one.text),
        hypothesis: one.hypothesis.as_ref().and_then(row),
        text: one.text,
        command: None,
        change: None,
    };
    let events: Vec<Event> = mitigations.into_iter().filter(is_new).map(event).collect();
    if events.is_empty() {
        return Vec::new();
    }
    app.record(events)
}

/// Proposes the selected step as what may stop the bleeding.
pub(in crate::app) fn propose_step(app: &mut App, sheet: &RunbookSheet) -> Vec<Effect> {
    if !sheet.block().is_some_and(runbook::Block::is_step) {
        app.hint("select a step: a heading stops no bleeding");
        return Vec::new();
    }
    let text = sheet.quoted(sheet.cursor);
    let effects = propose(app, vec![Proposed { text, hypothesis: None }], &[]);
    if effects.is_empty() {
        app.hint("it is proposed already; Act has it");
    } else {
        app.say("proposed: Act has it");
    }
    effects
}

/// What is copied of the selected block: code as it is, of a table its cells.
pub(in crate::app) fn copied(sheet: &RunbookSheet) -> Option<String> {
    sheet.block().map(|_| sheet.document.whole(sheet.cursor))
}
