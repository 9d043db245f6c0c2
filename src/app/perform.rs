//! What each action does, first those that work everywhere, then those of the view.

use super::{
    App, Effect, Overlay, View,
    action::{Action, Scope, TABLE},
    field::Field,
    overlay::{Fill, Palette, Picker, Purpose},
};
use crate::{
    app::{
        act, board, boards, causes, coach::step, drafts, evidence, facts::Facts, input, learn, lists, log, possible,
        screen::Screen, selections, watch, world::storm,
    },
    incident::{Event, ranking::RowId},
};

impl Screen {
    /// The actions that apply in this view, in the order of the table; those of the view come first.
    pub fn actions_here(&self) -> Vec<Action> {
        let of = |scope: Scope| TABLE.iter().filter(move |spec| spec.scope == scope).map(|spec| spec.action);
        of(Scope::In(self.view)).chain(of(Scope::Everywhere)).collect()
    }
}

/// Those that would do something, and below them those of the other views, for the palette.
pub(in crate::app) fn actions_anywhere(app: &App) -> Vec<Action> {
    let here = app.screen.actions_here();
    let others = TABLE.iter().map(|spec| spec.action).filter(|action| !here.contains(action)).collect::<Vec<_>>();
    let possible = here.into_iter().filter(|action| possible::can(app, *action));
    possible.chain(others.into_iter().filter(|action| possible::can(app, *action))).collect()
}

/// Does an action of any view; one of another view is done there.
pub(in crate::app) fn perform_anywhere(app: &mut App, action: Action) -> Vec<Effect> {
    if let Scope::In(view) = action.spec().scope {
        app.show(view);
        selections::hold(app, false);
    }
    perform(app, action)
}

/// Does an action, unless what it would be done to is there no more: that is said first.
pub(in crate::app) fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    if app.screen.acts_on_selection(action) && selections::tell_gone(app) {
        // What was typed behind it was meant for what is gone, too.
        input::refused(app);
        return Vec::new();
    }
    perform_now(app, action)
}

pub(in crate::app) fn perform_now(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Watch => app.show(View::Watch),
        Action::Board => app.show(View::Board),
        Action::Act => app.show(View::Act),
        Action::Log => app.show(View::Log),
        Action::Learn => app.show(View::Learn),
        Action::Coach => return step::take_advice(app),
        Action::Note => open_note(app),
        Action::TakeSymptom => return take_symptom(app),
        Action::AddHypotheses => open_picker(app),
        Action::FoldStorm => storm::open_storm(app),
        Action::Acknowledge => return acknowledge(app),
        Action::ParkWhy => app.ask(Purpose::ParkWhy),
        Action::Filter => {
            let (of, filter) = (app.screen.view, app.screen.filter_of(app.screen.view).clone());
            app.ask_with(Purpose::Filter(of), &filter);
        }
        Action::Palette => open_palette(app),
        Action::Help => app.screen.overlay = Some(Overlay::Help { scroll: 0 }),
        Action::Pin => return pin(app),
        Action::Copy => return copy(app),
        Action::Undo => return undo(app),
        Action::Redo => return redo(app),
        Action::Refresh => return vec![Effect::PollNow, Effect::Redraw],
        Action::Zone => {
            app.session.utc = !app.session.utc;
            app.say(if app.session.utc { "times are UTC" } else { "times are local" });
        }
        Action::Title => {
            let title = app.incident.summary.title.clone();
            app.ask_with(Purpose::Title, &title);
        }
        Action::Severity => app.ask(Purpose::Severity),
        Action::Onset => {
            if let Some(onset) = app.incident.onset() {
                let time = super::clock::time(onset, &app.session.zone, app.session.utc);
                app.say(format!("the onset is {time}"));
            }
            app.ask(Purpose::Onset);
        }
        Action::Load => app.ask(Purpose::LoadBoard),
        Action::Save => boards::ask_where_to_save(app),
        Action::Quit | Action::QuitNow => return app.quit(),
        _ => return perform_in_view(app, action),
    }
    Vec::new()
}

fn perform_in_view(app: &mut App, action: Action) -> Vec<Effect> {
    match app.screen.view {
        View::Watch => watch::watch_action(app, action),
        View::Board => board::board_action(app, action),
        View::Act => act::act_action(app, action),
        View::Log => {
            log::log_action(app, action);
            Vec::new()
        }
        View::Learn => learn::learn_action(app, action),
    }
}

pub(in crate::app) fn open_note(app: &mut App) {
    if app.session.read_only {
        return app.complain("read-only: nothing is written");
    }
    app.screen.overlay = Some(Overlay::Note(Field::block(drafts::my_draft(app.facts(), "note").unwrap_or_default())));
}

fn open_palette(app: &mut App) {
    app.screen.overlay = Some(Overlay::Palette(Palette { field: Field::line(""), found: Vec::new(), cursor: 0 }));
    lists::search_palette(app);
}

/// Offers hypotheses to add.
pub(in crate::app) fn open_picker(app: &mut App) {
    if app.session.read_only {
        return app.complain("read-only: nothing is written");
    }
    let typed = drafts::my_draft(app.facts(), "hypothesis").unwrap_or_default().to_owned();
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
        let same = |column: &&crate::incident::Observation| {
            column.text == *text || (origin.is_some() && column.origin == *origin && column.cleared.is_none())
        };
        if let Some(column) = app.incident.board.observations.iter().find(same) {
            let said = format!("already on the board as {}", column.label);
            app.say(said);
            return Vec::new();
        }
        if !app.session.read_only {
            app.say(format!("symptom: {}", crate::signal::scrub::clipped(text, 40)));
        }
    }
    let draft = app.draft(event);
    app.screen.board.column = Some(draft.id);
    app.record_drafts(vec![draft])
}

fn acknowledge(app: &mut App) -> Vec<Effect> {
    app.say("noted: you are on it");
    app.record(vec![Event::Acknowledged { what: String::new() }])
}

fn pin(app: &mut App) -> Vec<Effect> {
    let evidence = match evidence::selection_as_symptom(app) {
        Some(Event::ObservationAdded { evidence: Some(evidence), .. }) if app.screen.view == View::Watch => evidence,
        _ => {
            app.complain("select a pane in Watch to pin its reading");
            return Vec::new();
        }
    };
    app.say(format!("pinned: {} {}", evidence.title, evidence.value));
    app.record(vec![Event::Pinned { evidence }])
}

fn copy(app: &mut App) -> Vec<Effect> {
    let text = match app.screen.view {
        View::Watch => evidence::selection_as_symptom(app).map(|event| match event {
            Event::ObservationAdded { text, .. } => text,
            _ => String::new(),
        }),
        View::Board => {
            let row = board::selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id));
            let row = row.map(|row| format!("{} {}", row.label, row.text));
            let parts: Vec<String> = row.into_iter().chain(column_line(app)).collect();
            Some(parts.join(" · "))
        }
        View::Act => act::selected_act(app).map(|item| match item {
            super::ActItem::Mitigation(m) => m.text.clone(),
            super::ActItem::Command(at) => app.session.config.commands[at].argv.join(" "),
            super::ActItem::Change(record) => record.change.title.clone(),
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
fn undo(app: &mut App) -> Vec<Effect> {
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
    app.say(format!("undone; {redo} brings it back"));
    app.record(group.into_iter().map(|entry| Event::Undone { entry }).collect())
}

fn redo(app: &mut App) -> Vec<Effect> {
    let group = app.incident.last_undone(&app.session.author);
    if group.is_empty() {
        app.say("nothing to redo");
        return Vec::new();
    }
    app.record(group.into_iter().map(|entry| Event::Redone { entry }).collect())
}

/// Someone else who has since written to what an entry of ours added or changed.
fn written_since(facts: Facts<'_>, id: crate::incident::Id) -> Option<String> {
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
