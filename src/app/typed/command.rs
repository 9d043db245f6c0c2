//! From the first word of a line to what it means.

use super::target;
use crate::app::{
    Action, App, View,
    action::{MOVES, Scope, TABLE, VIEWS, synonyms},
    commands,
    keymap::typed_name,
    page::Page,
};

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Page(Page),
    /// The next step, once that is confirmed.
    Do,
    Act(Action),
}

/// Actions that only a screen has anything of, besides moves, views and all that belongs to Watch.
const OF_A_SCREEN: [Action; 8] = [
    Action::Coach,
    Action::Open,
    Action::Filter,
    Action::Palette,
    Action::Help,
    Action::Pin,
    Action::Copy,
    Action::Mouse,
];

/// Actions of Watch that decide what is asked, and so what is said.
const OF_DASHBOARDS: [Action; 2] = [Action::Variable, Action::Tab];

fn is_of_a_screen(action: Action) -> bool {
    let is_moving = MOVES.iter().chain(&VIEWS).chain(&OF_A_SCREEN).any(|known| *known == action);
    let is_of_watch = action.spec().scope == Scope::In(View::Watch) && !OF_DASHBOARDS.contains(&action);
    is_moving || is_of_watch
}

/// Singulars of what an action adds several of.
const ALSO: [(&str, Action); 2] = [("hypothesis", Action::AddHypotheses), ("ack", Action::Acknowledge)];

/// What a line asks for, and what stands behind the word that says so.
pub(super) fn of<'l>(app: &App, line: &'l str) -> Option<(Command, &'l str)> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let lower = word.to_lowercase();
    let known = Page::named(&lower).map(Command::Page);
    let known = known.or_else(|| (lower == "do").then_some(Command::Do));
    let known = known.or_else(|| action(app, word, &lower, rest));
    known.map(|command| (command, rest.trim()))
}

/// The action of this name or key; the keys of the view that was last acted in win over those of others. A key in front of
/// words is the first of them, as in `A customer called`.
fn action(app: &App, word: &str, lower: &str, rest: &str) -> Option<Command> {
    let named = TABLE.iter().map(|spec| spec.action).find(|action| action.spec().name == lower);
    let also = || ALSO.iter().find(|(known, _)| *known == lower).map(|(_, action)| *action);
    let has_key = |action: &Action| app.session.keymap.keys_of(*action).iter().any(|key| key == word);
    let is_key = rest.split_whitespace().all(|word| target::is_label(app, word));
    let here = || app.screen.actions_here().into_iter().chain(TABLE.iter().map(|spec| spec.action)).find(has_key);
    match named.or_else(also).or_else(|| here().filter(|_| is_key))? {
        Action::Coach => Some(Command::Do),
        action => (!is_of_a_screen(action)).then_some(Command::Act(action)),
    }
}

/// Whether a line begins with the whole name of an action.
pub(super) fn is_named(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default().to_lowercase();
    let is_action = TABLE.iter().any(|spec| spec.name == word && !is_of_a_screen(spec.action));
    is_action || word == "do" || ALSO.iter().any(|(known, _)| *known == word)
}

/// What is said of a line whose first word means nothing.
pub(super) fn unknown(line: &str) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    let meant = synonyms::meant_by(&word.to_lowercase()).find(|action| !is_of_a_screen(*action));
    match meant {
        Some(action) => format!("there is no `{word}`; `{}` does: {}", action.spec().name, action.spec().doc),
        None => format!("there is no `{word}`; `help` says what can be typed, `note {line}` writes it down"),
    }
}

/// A text of the screens with what is typed in the place of keys: `S` in Act becomes `stanched`, `:new` becomes `new`.
pub fn in_typed_words(app: &App, text: &str) -> String {
    let mut said = Vec::new();
    let mut is_name = false;
    for (nth, piece) in text.split('`').enumerate() {
        // Where a key works does not matter to a name.
        let where_it_works = || View::ALL.iter().find_map(|view| piece.strip_prefix(&format!(" in {}", view.name())));
        let name = typed_for(app, piece).filter(|_| nth % 2 == 1);
        said.push(match name {
            Some(name) => name,
            None if nth % 2 == 1 => piece.strip_prefix(':').unwrap_or(piece),
            None => where_it_works().filter(|_| is_name).unwrap_or(piece),
        });
        is_name = name.is_some();
    }
    said.join("`")
}

/// What is typed for the action of a key; the view that was last acted in goes first.
fn typed_for(app: &App, key: &str) -> Option<&'static str> {
    let has_key = |action: &Action| app.session.keymap.keys_of(*action).iter().any(|known| known == key);
    let all = app.screen.actions_here().into_iter().chain(TABLE.iter().map(|spec| spec.action));
    typed_name(all.filter(|action| *action == Action::Coach || !is_of_a_screen(*action)).find(has_key)?)
}

/// The actions a line can ask for and that would do something now.
pub fn offered(app: &App) -> Vec<Action> {
    let all = TABLE.iter().map(|spec| spec.action).filter(|action| !is_of_a_screen(*action));
    all.filter(|action| commands::can(app, *action)).collect()
}

/// What can stand behind the name of an action: `B`, `B s2`, `m1`, words.
pub fn words_for(action: Action) -> &'static str {
    use super::target::{Needs, needs};
    match needs(action) {
        Needs::Nothing => "",
        Needs::Row => " ROW",
        Needs::Column => " COLUMN",
        Needs::Cell => " ROW COLUMN",
        Needs::Act => " MITIGATION",
    }
}
