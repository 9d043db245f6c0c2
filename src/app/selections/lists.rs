//! Each list whose rows come and go by themselves: its keys, what its things are called, and how its cursor is kept.

use std::borrow::Cow;

use crate::{
    app::{
        ActItem, App, Overlay, act, assumptions,
        screen::{
            act::{act_step, selected_act},
            board,
            cursor::Cursor,
            learn, log,
            selection::{Named, Selection, Selections},
            watch,
        },
        selections::List,
        world::rows::{self, Row, What, cache},
    },
    base::text,
    config::PaneKind,
    dashboard::{PaneId, PlannedPane, QueryId},
    incident::{Id, ranking::RowId},
    signal::{AlertState, Freshness},
};

/// Characters of a name that are said.
const NAME: usize = 60;

/// The rows of a pane of Watch.
pub(in crate::app) struct PaneRows(pub PaneId);

/// The rows of the board.
pub(in crate::app) struct BoardRows;

/// The columns of the board.
pub(in crate::app) struct Columns;

/// The mitigations, commands and changes of Act.
pub(in crate::app) struct ActRows;

/// The lines of Log.
pub(in crate::app) struct LogLines;

/// The lines of Learn.
pub(in crate::app) struct Review;

/// The assumptions that lie over a view.
pub(in crate::app) struct Assumptions;

impl List for PaneRows {
    type Key = String;

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<String>> {
        all.panes.entry(self.0).or_default()
    }

    fn on(&self, app: &App) -> Option<Named<String>> {
        // A cursor nobody moved is put on a row as soon as one is worth it; until then rows come and go.
        app.screen.watch.cursors.get(&self.0).filter(|cursor| cursor.key.is_some())?;
        watch::selected(app, self.0).map(|row| named(row.id.clone(), row.name()))
    }

    fn has(&self, app: &App, key: &String) -> bool {
        app.world.plan.pane(self.0).is_some_and(|pane| rows::has_row(app, pane, key))
    }

    fn stay(&self, app: &mut App) {
        let Some(pane) = app.world.plan.pane(self.0) else { return };
        let Some(cursor) = app.screen.watch.cursors.get(&self.0) else { return };
        if cursor.key.as_ref().is_some_and(|key| !self.has(app, key)) {
            let mut cursor = cursor.clone();
            cursor.step_rows(&cache::rows(app, pane), 0);
            app.screen.watch.cursors.insert(self.0, cursor);
        } else if pane.pane.kind == PaneKind::Logs
            && let Some(newest) = watch::selected_row(app, self.0)
            && cursor.key.as_ref() != Some(&newest)
        {
            // Of lines that say the same the newest is kept longest.
            app.screen.watch.cursors.entry(self.0).or_default().key = Some(newest);
        }
    }

    /// An alert that another source tells of now, or in another group, is the same to people.
    fn follow(&self, app: &mut App, was: &Named<String>) -> Option<String> {
        if self.has(app, &was.key) {
            return None;
        }
        // A look through tens of thousands of rows is not for every key.
        let made = cache::made(app, self.0);
        if made.is_some() && app.screen.selections.sought.get(&self.0).copied() == made {
            return None;
        }
        let rows = cache::rows(app, app.world.plan.pane(self.0)?);
        let is_it = |line: &usize| rows.what(*line).is_some_and(|what| is_called(what.name(), &was.name));
        let same = (0..rows.len()).find(is_it).and_then(|line| rows.id(line));
        let Some(key) = same.map(str::to_owned) else {
            app.screen.selections.sought.extend(made.map(|made| (self.0, made)));
            return None;
        };
        app.screen.watch.cursors.entry(self.0).or_default().key = Some(key.clone());
        Some(key)
    }
}

/// With so many rows above it a cursor that nobody moved goes back to the first: in a storm what came first is the last of
/// a hundred rows, and the worst would be out of sight.
const FEW_ABOVE: usize = 5;

/// Puts the cursor of each list that a query feeds on its first row as soon as it has one, so that a worse alert that
/// comes in above does not slip under it. Alerts that do not fire are not worth holding on to.
pub(in crate::app) fn begin(app: &mut App, query: QueryId) {
    let plan = app.world.plan.clone();
    let shows = |pane: &&PlannedPane| pane.queries.contains(&query) && pane.pane.kind != PaneKind::Logs;
    for pane in plan.panes.iter().filter(shows) {
        let cursor = app.screen.watch.cursors.get(&pane.id);
        let is_new = cursor.is_none_or(|cursor| cursor.key.is_none());
        let unmoved = cursor.filter(|cursor| cursor.top.is_none()).and_then(|cursor| cursor.key.as_ref());
        let unmoved = unmoved.filter(|key| app.screen.watch.placed.get(&pane.id) == Some(key));
        if !is_new && unmoved.is_none() {
            continue;
        }
        // Before all have answered it is not known what is silenced.
        let all_answered = rows::slots(app.facts(), pane).iter().all(|slot| slot.freshness != Freshness::Never);
        let rows = cache::rows(app, pane);
        if !is_new && unmoved.and_then(|key| rows.line(key)).is_none_or(|line| line <= FEW_ABOVE) {
            continue;
        }
        let worth = all_answered
            && match rows.get(0).map(|row| row.what) {
                Some(What::Alerts(alerts)) => alerts.state == AlertState::Firing,
                _ => true,
            };
        if let Some(first) = rows.id(0).filter(|_| worth && rows.is_list()).map(str::to_owned) {
            app.screen.watch.placed.insert(pane.id, first.clone());
            app.screen.watch.cursors.insert(pane.id, Cursor { key: Some(first), ..Cursor::default() });
            if let Some(Some(held)) = app.screen.selections.panes.get_mut(&pane.id).filter(|_| !is_new) {
                held.pushed_down(app.session.now);
            }
        }
    }
}

impl List for BoardRows {
    type Key = RowId;

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<RowId>> {
        &mut all.rows
    }

    fn on(&self, app: &App) -> Option<Named<RowId>> {
        let key = board::board_row(app)?;
        match key {
            RowId::Named(id) => {
                let row = app.incident.board.hypothesis(id)?;
                Some(named(key, &format!("{} {}", row.label, row.text)))
            }
            // Nobody means this one until they have gone there.
            RowId::Other => app.screen.board.row.map(|_| named(key, "the row of what nobody has named")),
        }
    }

    fn has(&self, app: &App, key: &RowId) -> bool {
        match key {
            RowId::Named(id) => app.incident.board.hypotheses.iter().any(|row| row.id == *id),
            RowId::Other => true,
        }
    }

    fn stay(&self, app: &mut App) {
        let held = |row: &RowId| app.screen.board.row.is_some() || *row != RowId::Other;
        app.screen.board.row = board::board_row(app).filter(held);
    }
}

impl List for Columns {
    type Key = Id;

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<Id>> {
        &mut all.columns
    }

    fn on(&self, app: &App) -> Option<Named<Id>> {
        let column = app.incident.board.observation(board::selected_observation(app)?)?;
        Some(named(column.id, &format!("{} {}", column.label, column.text)))
    }

    fn has(&self, app: &App, key: &Id) -> bool {
        app.incident.board.observations.iter().any(|column| column.id == *key)
    }

    fn stay(&self, app: &mut App) {
        let wanted = app.screen.board.column.is_some();
        app.screen.board.column = board::selected_observation(app).filter(|_| wanted);
    }
}

impl List for ActRows {
    type Key = String;

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<String>> {
        &mut all.act
    }

    fn on(&self, app: &App) -> Option<Named<String>> {
        let item = selected_act(app)?;
        let name = match item {
            ActItem::Mitigation(m) => m.text.as_str(),
            ActItem::Command(at) => app.session.config.commands.get(at).map_or("", |command| &command.name),
            ActItem::Change(record) => &record.change.title,
        };
        Some(named(item.key(), name))
    }

    fn has(&self, app: &App, key: &String) -> bool {
        act::act_items(app.facts()).iter().any(|item| item.key() == *key)
    }

    fn stay(&self, app: &mut App) {
        act_step(app, 0);
    }
}

impl List for LogLines {
    type Key = (Id, usize);

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<(Id, usize)>> {
        &mut all.log
    }

    fn on(&self, app: &App) -> Option<Named<(Id, usize)>> {
        log::log_thing(app).map(|(key, name)| named(key, &name))
    }

    fn has(&self, app: &App, key: &(Id, usize)) -> bool {
        log::has_log_line(app, *key)
    }

    fn stay(&self, app: &mut App) {
        log::stay_in_log(app);
    }
}

impl List for Review {
    type Key = String;

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<String>> {
        &mut all.learn
    }

    fn on(&self, app: &App) -> Option<Named<String>> {
        let item = learn::selected_learning(app);
        Some(named(item.key(), &item.line(app).unwrap_or_else(|| "a new action".into())))
    }

    fn has(&self, app: &App, key: &String) -> bool {
        learn::learn_items(&app.incident).iter().any(|item| item.key() == *key)
    }

    fn stay(&self, app: &mut App) {
        learn::stay_in_learn(app);
    }
}

impl List for Assumptions {
    type Key = Id;

    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<Id>> {
        &mut all.assumptions
    }

    fn on(&self, app: &App) -> Option<Named<Id>> {
        let Some(Overlay::Assumptions { cursor }) = &app.screen.overlay else { return None };
        let known = assumptions::assumptions(&app.incident);
        let known = known.get(assumptions::assumption_line(&app.incident, cursor))?;
        Some(named(known.id, &known.text))
    }

    fn has(&self, app: &App, key: &Id) -> bool {
        app.incident.board.assumptions.iter().any(|known| known.id == *key)
    }

    fn stay(&self, app: &mut App) {
        assumptions::stay_in_assumptions(app);
    }
}

fn named<K>(key: K, name: &str) -> Named<K> {
    Named { key, name: short(name).into_owned() }
}

fn short(name: &str) -> Cow<'_, str> {
    text::clipped(name.lines().next().unwrap_or_default().trim(), NAME)
}

/// Whether a name is this one when it is said. Most differ in their first letters, which is seen at once.
fn is_called(name: &str, said: &str) -> bool {
    let name = name.trim_start();
    let begins = said.trim_end_matches('…').bytes().zip(name.bytes()).take(8).all(|(a, b)| a == b);
    begins && short(name) == said
}

impl Row<'_> {
    /// What people call it.
    fn name(&self) -> &str {
        self.what.name()
    }
}

impl What<'_> {
    /// What people call it.
    fn name(&self) -> &str {
        match self {
            What::Alerts(alerts) => &alerts.group.title,
            What::Change(change) => &change.title,
            What::Line(line) => &line.text,
            What::Series(series) => &series.name,
            What::Cells(cells) => cells.first().map_or("", String::as_str),
        }
    }
}
