//! Whole lines, for a front end that reads no key by itself: a line answers what is open, else it is the name of a page or
//! of an action, and behind the name what that asks for: `note pool alarms`, `refute B the pool is idle`.
//!
//! Keys are names, too: what the words on the screens call by its key can be typed as it stands there.

mod answer;
mod command;
mod target;

use command::Command;
pub use command::{in_typed_words, offered, words_for};
use jiff::SignedDuration;

use crate::{
    app::{
        Action, App, Effect, Facts, Overlay,
        action::Scope,
        commands::{self, everywhere},
        dialogs, evidence,
        page::Page,
        screen::{
            overlay::{Purpose, Subject},
            type_ahead::Input,
        },
        selections,
        world::rows,
    },
    incident::Event,
};

/// For so long after the last cell another answer is one too many.
const FILLED: SignedDuration = SignedDuration::from_secs(1);

/// Takes a line.
pub(in crate::app) fn take_line(app: &mut App, line: &str) -> Vec<Effect> {
    app.screen.lines_typed += 1;
    let line = line.trim();
    let is_filling = matches!(app.screen.overlay, Some(Overlay::Fill(_)));
    if !is_filling && is_one_too_many(app, line) {
        return Vec::new();
    }
    let effects = match app.screen.overlay.take() {
        Some(overlay) if !answer::is_read_only(&overlay) => answer::to(app, overlay, line),
        // What is only read is left by typing on.
        _ => command(app, line),
    };
    if is_filling && app.screen.overlay.is_none() && answer::is_for_cells(line) {
        app.screen.keys.filled = Some(app.session.now);
    }
    said_once(app, effects)
}

/// Whether a line was meant for a cell although the last one is filled: whoever answers in a row is ahead of what is asked,
/// and the letters of answers are keys of the board. Says so.
fn is_one_too_many(app: &mut App, line: &str) -> bool {
    let now = app.session.now;
    let just_filled = app.screen.keys.filled.take().is_some_and(|at| now.duration_since(at) < FILLED);
    let is = just_filled && app.screen.overlay.is_none() && answer::is_for_cells(line);
    if is {
        app.screen.keys.filled = Some(now);
        app.complain(format!("all cells are filled: `{line}` was one answer too many and did nothing"));
    }
    is
}

/// Does what a line says where nothing is open.
fn command(app: &mut App, line: &str) -> Vec<Effect> {
    if line.is_empty() {
        return Vec::new();
    }
    match command::of(app, line) {
        Some((Command::Page(page), "")) => vec![Effect::Say(page)],
        Some((Command::Page(page), rest)) => about(app, page, rest),
        Some((Command::Do, _)) => {
            commands::coach::ask_to_take(app);
            Vec::new()
        }
        Some((Command::Act(action), rest)) => act(app, action, rest),
        None => {
            app.complain(command::unknown(line));
            Vec::new()
        }
    }
}

/// A page of something: `rank B`, `board s2`.
fn about(app: &mut App, page: Page, rest: &str) -> Vec<Effect> {
    let (targets, _) = target::split(app, rest, target::Needs::Nothing);
    match (targets.row, targets.column) {
        (Some(row), _) => vec![Effect::Say(Page::Row(Some(row)))],
        (None, Some(column)) => vec![Effect::Say(Page::Column(column))],
        (None, None) => vec![Effect::Say(page)],
    }
}

/// Does an action to what is named behind it; what else stands there answers what it asks.
fn act(app: &mut App, action: Action, rest: &str) -> Vec<Effect> {
    if let Scope::In(view) = action.spec().scope {
        app.show(view);
    }
    let (targets, rest) = if target::is_named(action) {
        target::split(app, rest, target::needs(action))
    } else {
        (target::Targets::default(), rest)
    };
    if let Some(missing) = target::missing(app, action, targets) {
        app.complain(missing);
        return Vec::new();
    }
    target::select(app, targets);
    selections::hold(app, false);
    let mut effects = match action {
        Action::Evidence if targets.row.is_none() && targets.column.is_some() => {
            return about(app, Page::Board, &target::label(app, targets));
        }
        // Nobody sees where a cursor is.
        Action::TakeSymptom => take_symptom(app, rest),
        Action::Tab if !rest.is_empty() => {
            let mut effects = commands::tabs::go_to(app, rest);
            effects.push(Effect::Say(Page::Panes));
            return effects;
        }
        action => commands::perform(app, action),
    };
    if rest.is_empty() || action == Action::TakeSymptom {
        return effects;
    }
    if app.screen.overlay.is_some() {
        effects.extend(go_on(app, rest));
    } else if !app.session.read_only && !app.session.quitting {
        app.complain(format!("{} takes no words; `note {rest}` keeps them", action.spec().name));
    }
    effects
}

/// An alert or a vital of that name, with what is known of it; else the words as they stand.
fn take_symptom(app: &mut App, words: &str) -> Vec<Effect> {
    if let Some(event) = known_symptom(app.facts(), words) {
        return everywhere::record_symptom(app, event);
    }
    app.ask(Purpose::Symptom);
    if words.is_empty() || app.screen.overlay.is_none() { Vec::new() } else { take_line(app, words) }
}

fn known_symptom(facts: Facts<'_>, title: &str) -> Option<Event> {
    let mut shown = facts.world.plan.panes.iter().flat_map(|pane| rows::known_alerts(facts, pane));
    if let Some(shown) = shown.find(|shown| shown.group.title.eq_ignore_ascii_case(title)) {
        return Some(evidence::alert_as_symptom(facts, shown.source, shown.group));
    }
    let vital = facts.session.config.vitals.iter().position(|vital| vital.title.eq_ignore_ascii_case(title))?;
    evidence::vital_as_symptom(facts, vital)
}

/// What would lie over a view to be read is said instead.
fn said_once(app: &mut App, mut effects: Vec<Effect>) -> Vec<Effect> {
    let page = match &app.screen.overlay {
        Some(Overlay::Detail { subject: Subject::Row(row), .. }) => Page::Row(*row),
        Some(Overlay::Detail { subject: Subject::Column(column), .. }) => Page::Column(*column),
        Some(Overlay::Help { .. } | Overlay::Palette(_)) => Page::Help,
        _ => return effects,
    };
    app.screen.overlay = None;
    effects.push(Effect::Say(page));
    effects
}

/// Leaves what is open, and does something else.
fn leave_for(app: &mut App, overlay: Overlay, line: &str) -> Vec<Effect> {
    let mut effects = dialogs::leave_overlay(app, overlay);
    effects.extend(command(app, line));
    effects
}

/// The rest of a line answers what was asked by its beginning; behind what its beginning has recorded.
fn go_on(app: &mut App, rest: &str) -> Vec<Effect> {
    if app.outbox.keys_wait() {
        app.screen.keys.waiting.push_front(Input::Rest(rest.to_owned()));
        return Vec::new();
    }
    take_rest(app, rest)
}

/// Takes what stood behind a line. What runs a command is a line of its own: nobody has heard yet what it would be.
pub(in crate::app) fn take_rest(app: &mut App, rest: &str) -> Vec<Effect> {
    match &app.screen.overlay {
        Some(Overlay::Prompt(open)) if matches!(open.purpose, Purpose::RunCommand { .. } | Purpose::Write(_)) => {
            app.complain("nothing was done: its name is typed on a line of its own");
            Vec::new()
        }
        _ => take_line(app, rest),
    }
}
