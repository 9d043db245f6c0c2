//! The commands that work in every view: notes, symptoms, hypotheses, undo, what is copied.
//!
//! What is moved or opened is in [`movement`](super::movement): there each view has an answer of its own.

use jiff::Timestamp;

use crate::{
    app::{
        ActItem, Action, App, Effect, Facts, Overlay, View, causes, clock,
        commands::{actions_anywhere, copied},
        evidence,
        field::Field,
        screen::{
            act, board, learn, log,
            overlay::{Fill, Palette, Picker, Purpose},
            watch,
        },
    },
    base::text,
    incident::{Event, Id, Incident, Observation, ranking::RowId, timeline},
};

/// Letters of what a notice speaks of: two lines of a small window hold no more.
pub(in crate::app) const WORDS: usize = 100;

pub(in crate::app) fn open_note(app: &mut App) {
    if app.refuses_to_write() {
        return;
    }
    app.screen.overlay = Some(Overlay::Note(Field::block(app.facts().my_draft("note").unwrap_or_default())));
}

pub(in crate::app) fn open_palette(app: &mut App) {
    let mut palette = Palette { field: Field::line(""), found: Vec::new(), cursor: 0 };
    palette.search(&actions_anywhere(app));
    app.screen.overlay = Some(Overlay::Palette(palette));
}

pub(super) fn open_help(app: &mut App) {
    app.screen.overlay = Some(Overlay::Help { scroll: 0 });
}

pub(super) fn ask_filter(app: &mut App) {
    if app.screen.view == View::Watch {
        app.screen.watch.focus = watch::focused(app).map(|pane| pane.id);
    }
    let (of, filter) = (app.screen.view, app.screen.filter_of(app.screen.view).to_owned());
    app.ask_with(Purpose::Filter(of), &filter);
    app.screen.filter_before = filter;
}

pub(super) fn ask_title(app: &mut App) {
    let title = app.incident.summary.title.clone();
    app.ask_with(Purpose::Title, &title);
}

pub(super) fn ask_onset(app: &mut App) {
    if let Some(onset) = app.incident.onset() {
        let time = clock::time(onset, &app.session.zone, app.session.utc);
        app.say(format!("the onset is {time}"));
    }
    app.ask(Purpose::Onset);
}

pub(super) fn switch_zone(app: &mut App) {
    app.session.utc = !app.session.utc;
    app.say(if app.session.utc { "times are UTC" } else { "times are local" });
}

pub(super) fn switch_mouse(app: &mut App) -> Vec<Effect> {
    app.session.mouse = !app.session.mouse;
    app.say(if app.session.mouse {
        "the mouse is taken; with Shift it selects text"
    } else {
        "the mouse is the terminal's"
    });
    vec![Effect::CaptureMouse(app.session.mouse)]
}

pub(super) fn refresh(_: &mut App) -> Vec<Effect> {
    vec![Effect::PollNow, Effect::Redraw]
}

/// Offers hypotheses to add.
pub(in crate::app) fn open_picker(app: &mut App) {
    if app.refuses_to_write() {
        return;
    }
    let typed = app.facts().my_draft("hypothesis").unwrap_or_default().to_owned();
    let mut picker = Picker::new(causes::candidates(app.facts()), &typed);
    picker.mark_again(&app.screen.board.marked);
    app.screen.overlay = Some(Overlay::Picker(picker));
}

/// The selection becomes a symptom; with nothing selected, or outside of the panes, one is typed.
pub(in crate::app) fn take_symptom(app: &mut App) -> Vec<Effect> {
    let taken = if app.screen.view == View::Watch { evidence::selection_as_symptom(app) } else { None };
    match taken {
        Some(event) => record_symptom(app, event),
        None => {
            app.ask(Purpose::Symptom);
            Vec::new()
        }
    }
}

pub(in crate::app) fn record_symptom(app: &mut App, event: Event) -> Vec<Effect> {
    if let Event::ObservationAdded { text, origin, .. } = &event {
        let same = |column: &&Observation| {
            column.text == *text || (origin.is_some() && column.origin == *origin && column.cleared.is_none())
        };
        if let Some(column) = app.incident.board.observations.iter().find(same) {
            let said = format!("already on the board as {}", column.label);
            app.say(said);
            return Vec::new();
        }
        if !app.session.read_only {
            app.say(format!("symptom: {}", text::clipped(text, WORDS)));
        }
    }
    let draft = app.draft(event);
    app.screen.board.column = Some(draft.id);
    app.record_drafts(vec![draft])
}

pub(in crate::app) fn acknowledge(app: &mut App) -> Vec<Effect> {
    app.say("noted: you are on it");
    app.record(vec![Event::Acknowledged { what: String::new() }])
}

pub(in crate::app) fn pin(app: &mut App) -> Vec<Effect> {
    let evidence = match evidence::selection_as_symptom(app) {
        Some(Event::ObservationAdded { evidence: Some(evidence), .. }) if app.screen.view == View::Watch => evidence,
        _ => {
            app.complain("select a pane in Watch to pin its reading");
            return Vec::new();
        }
    };
    app.say(format!("pinned: {} {}", evidence.title, evidence.value));
    app.record(vec![Event::Pinned { evidence: *evidence }])
}

/// Keeps what the chart that has the focus shows at the time that is looked at.
pub(super) fn pin_time(app: &mut App, at: Timestamp) -> Vec<Effect> {
    let Some(evidence) = evidence::at_time(app, at) else {
        app.complain("go to a chart to pin what it shows at this time");
        return Vec::new();
    };
    app.say(format!("pinned: {}: {}", evidence.title, text::clipped(&evidence.value, WORDS)));
    app.record(vec![Event::Pinned { evidence }])
}

pub(in crate::app) fn copy(app: &mut App) -> Vec<Effect> {
    let text = match app.screen.view {
        View::Watch => copied::of_watch(app),
        View::Board => {
            let row = board::selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id));
            let row = row.map(|row| format!("{} {}", row.label, row.text));
            let parts: Vec<String> = row.into_iter().chain(column_line(app)).collect();
            Some(parts.join(" · "))
        }
        View::Act => act::selected_act(app).map(|item| match item {
            ActItem::Mitigation(m) => m.text.clone(),
            ActItem::Command(at) => app.session.config.commands[at].argv.join(" "),
            ActItem::Change(record) => record.change.title.clone(),
        }),
        View::Log => log::selected_log_line(app),
        View::Learn => learn::selected_learning(app).line(app),
    };
    match text.filter(|text| !text.is_empty()) {
        Some(text) => {
            app.say("copied, if the terminal takes OSC 52");
            vec![Effect::Copy(text)]
        }
        None => {
            app.complain("nothing selected to copy");
            Vec::new()
        }
    }
}

/// The column the cursor was put on, with its state and what was seen there.
fn column_line(app: &App) -> Option<String> {
    let column = app.screen.board.column.and_then(|id| app.incident.board.observation(id))?;
    let note = if column.note.trim().is_empty() { String::new() } else { format!(" ({})", column.note) };
    let line = format!("{} {}: {}{note}", column.label, column.text, column.state.word());
    Some(line.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}

/// Takes back what the last keystroke of this author recorded: all entries of one append belong together.
pub(in crate::app) fn undo(app: &mut App) -> Vec<Effect> {
    let group = app.incident.last_undoable(&app.session.author);
    if group.is_empty() {
        app.say("nothing of yours to undo");
        return Vec::new();
    }
    if let Some(other) = group.iter().find_map(|id| written_since(app.facts(), *id)) {
        app.complain(format!("not undone: {other} has written there since"));
        return Vec::new();
    }
    let redo = app.session.keymap.key(Action::Redo);
    let what = in_words(&app.incident, &group);
    app.say(format!("undone: {what}; {redo} brings it back"));
    app.record(group.into_iter().map(|entry| Event::Undone { entry }).collect())
}

pub(in crate::app) fn redo(app: &mut App) -> Vec<Effect> {
    let group = app.incident.last_undone(&app.session.author);
    if group.is_empty() {
        app.say("nothing to redo");
        return Vec::new();
    }
    let what = in_words(&app.incident, &group);
    app.say(format!("done again: {what}"));
    app.record(group.into_iter().map(|entry| Event::Redone { entry }).collect())
}

/// What one keystroke recorded, in the words of the timeline; of several entries the first one that says most.
fn in_words(incident: &Incident, group: &[Id]) -> String {
    let of_group: Vec<_> = incident.entries().iter().filter(|entry| group.contains(&entry.id)).collect();
    let cells = of_group.iter().filter(|entry| matches!(entry.event, Event::CellSet { .. })).count();
    let said = of_group.iter().filter(|entry| !matches!(entry.event, Event::CellSet { .. }));
    let mut said = said.filter_map(|entry| timeline::item(entry, incident)).map(|item| item.what);
    match said.next() {
        Some(what) => text::clipped(&what, WORDS).into_owned(),
        None if cells > 1 => format!("{cells} cells"),
        None => {
            let first = of_group.iter().find_map(|entry| timeline::item(entry, incident));
            first.map_or_else(|| "the last entry".to_owned(), |item| text::clipped(&item.what, WORDS).into_owned())
        }
    }
}

/// Someone else who has since written to what an entry of ours added or changed.
fn written_since(facts: Facts<'_>, id: Id) -> Option<String> {
    let entries = facts.incident.entries();
    let at = entries.iter().position(|entry| entry.id == id)?;
    let ours = &entries[at].event;
    let foreign = entries[at + 1..].iter().filter(|e| e.by != facts.session.author && !facts.incident.is_undone(e.id));
    let mut touching = foreign.filter(|e| e.event.concerns(id) || e.event.overwrites(ours));
    touching.next().map(|entry| entry.by.clone())
}

/// Opens the fill strip for rows just added, once the journal has them.
pub(in crate::app) fn open_fill(app: &mut App) {
    if app.screen.awaited.rows.is_empty()
        || app.screen.awaited.rows.iter().any(|id| app.incident.board.hypothesis(*id).is_none())
    {
        return;
    }
    let rows = &std::mem::take(&mut app.screen.awaited.rows);
    app.screen.board.row = rows.first().copied().map(RowId::Named);
    if app.screen.overlay.is_some() {
        return;
    }
    if let Some(fill) = Fill::of(&app.incident.board, rows) {
        app.show(View::Board);
        app.screen.overlay = Some(Overlay::Fill(fill));
    }
}
