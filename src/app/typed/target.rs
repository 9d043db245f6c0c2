//! What an action is done to, by its label: `B`, `s2`, `m1`, the name of a command, or a word of a change.

use crate::{
    app::{
        ActItem, Action, App,
        act::{self, act_items},
        action::Target,
        screen::board::{selected_hypothesis, selected_observation},
    },
    incident::{Id, ranking::RowId},
};

/// What was named.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Targets {
    pub(super) row: Option<Id>,
    pub(super) column: Option<Id>,
    /// Its place in the list of what can be done.
    act: Option<usize>,
}

/// What has to be named, where there is more than one of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Row,
    Column,
    Cell,
    Act,
}

pub(super) fn needs(action: Action) -> Needs {
    use Action::{
        CellCannot, CellLikely, CellMust, CellNeutral, CellNext, CellRest, CellUnassessed, CellUnlikely, Coincidence,
        Confirm, Edit, Guard, Origin, RankDown, RankUp, Refute, Reopen, SetCheck, Settle, Verify,
    };
    match action {
        CellMust | CellLikely | CellNeutral | CellUnlikely | CellCannot | CellUnassessed | CellNext => Needs::Cell,
        Refute | Confirm | Reopen | Edit | RankUp | RankDown => Needs::Row,
        Settle | SetCheck | Origin | Coincidence | CellRest => Needs::Column,
        Guard | Verify => Needs::Act,
        _ => Needs::Nothing,
    }
}

/// Whether labels behind the name of an action say what it is done to.
pub(super) fn is_named(action: Action) -> bool {
    action.spec().target != Target::Nothing && action != Action::TakeSymptom
}

/// What the first words name, and the rest; what can be done only where that is asked for. A small `a` in front of other
/// words is no row.
pub(super) fn split<'l>(app: &App, line: &'l str, needs: Needs) -> (Targets, &'l str) {
    let mut targets = Targets::default();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (word, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let board = &app.incident.board;
        let is_column = |word: &str| {
            let mut columns = board.observations.iter();
            columns.find(|column| column.label.eq_ignore_ascii_case(word)).map(|column| column.id)
        };
        let next = behind.split_whitespace().next();
        let is_alone = next.is_none_or(|next| is_column(next).is_some());
        let is_row = |label: &str| label == word || (is_alone && label.eq_ignore_ascii_case(word));
        let row = board.hypotheses.iter().find(|row| is_row(&row.label)).map(|row| row.id);
        match (row, is_column(word), act(app, word).filter(|_| needs == Needs::Act)) {
            (Some(id), ..) if targets.row.is_none() => targets.row = Some(id),
            (_, Some(id), _) if targets.column.is_none() => targets.column = Some(id),
            (.., Some(at)) if targets.act.is_none() => targets.act = Some(at),
            _ => break,
        }
        rest = behind.trim_start();
    }
    (targets, rest)
}

/// Whether a word is the label of a row, a column or a mitigation.
pub(super) fn is_label(app: &App, word: &str) -> bool {
    let (board, is_it) = (&app.incident.board, |label: &String| label.eq_ignore_ascii_case(word));
    board.hypotheses.iter().any(|row| is_it(&row.label))
        || board.observations.iter().any(|column| is_it(&column.label))
        || app.incident.mitigations.iter().any(|mitigation| is_it(&mitigation.label))
}

/// The place of the mitigation of this label, the command of this name, or the newest change that has this word.
fn act(app: &App, word: &str) -> Option<usize> {
    let items = act_items(app.facts());
    let is_it = |item: &ActItem<'_>| match item {
        ActItem::Mitigation(m) => m.label.eq_ignore_ascii_case(word),
        ActItem::Command(at) => app.session.config.commands.get(*at).is_some_and(|command| command.name == word),
        ActItem::Change(record) => {
            word.len() > 1 && record.change.title.split_whitespace().any(|known| known.eq_ignore_ascii_case(word))
        }
    };
    items.iter().position(is_it)
}

/// What has to be named and was not, in words.
pub(super) fn missing(app: &App, action: Action, targets: Targets) -> Option<String> {
    let board = &app.incident.board;
    let row = targets.row.is_some() || board.hypotheses.len() < 2;
    let column = targets.column.is_some() || board.observations.len() < 2;
    let is_named = match needs(action) {
        Needs::Nothing => true,
        Needs::Row => row,
        Needs::Column => column,
        Needs::Cell => row && column,
        Needs::Act => targets.act.is_some() || act::act_items(app.facts()).len() < 2,
    };
    let name = action.spec().name;
    let rows = || board.hypotheses.first().map_or("A", |row| row.label.as_str());
    let columns = || board.observations.first().map_or("s1", |column| column.label.as_str());
    let like = match needs(action) {
        _ if is_named => return None,
        Needs::Nothing | Needs::Row => format!("`{name} {}`", rows()),
        Needs::Column => format!("`{name} {}`", columns()),
        Needs::Cell => format!("`{name} {} {}`", rows(), columns()),
        Needs::Act => format!("`{name} m1`, the name of a command or a word of a change; `act` lists them"),
    };
    Some(format!("say which: {like}"))
}

/// Puts the cursors on what was named.
pub(super) fn select(app: &mut App, targets: Targets) {
    if let Some(row) = targets.row {
        app.screen.board.row = Some(RowId::Named(row));
    }
    if targets.column.is_some() {
        app.screen.board.column = targets.column;
    }
    if let Some(at) = targets.act {
        let keys: Vec<_> = act_items(app.facts()).iter().map(ActItem::key).collect();
        app.screen.act.cursor.put(&keys, at);
    }
}

/// The label of the column, else of the row, that the cursors are on.
pub(super) fn label(app: &App, targets: Targets) -> String {
    let board = &app.incident.board;
    let column = targets.column.or_else(|| selected_observation(app)).and_then(|id| board.observation(id));
    let row = || selected_hypothesis(app).and_then(|id| board.hypothesis(id)).map(|row| row.label.clone());
    column.map(|column| column.label.clone()).or_else(row).unwrap_or_default()
}
