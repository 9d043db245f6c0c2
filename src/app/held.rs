//! What each cursor is on as the person at the keys knows it, so that a key never hits what took the place of something
//! that vanished.
//!
//! A list that loses the row under its cursor shows the cursor on another one. The first key that would act on that says
//! what is gone and where the cursor is now, and does nothing else; the next one acts. Whoever made the row go away
//! themself is not asked. Lists of an overlay that stand still while they are open (picker, palette, storm, fill strip)
//! lose no rows and are not held here.

use std::collections::HashMap;

use crate::{
    app::{
        ActItem, App, Overlay, View, act,
        action::Action,
        assumptions, board,
        facts::Facts,
        learn, log,
        screen::Screen,
        watch,
        world::{
            rows,
            rows::{Row, cache},
        },
    },
    config::PaneId,
    incident::{Id, ranking::RowId},
    signal::scrub,
};

/// Characters of a name that are said.
const NAME: usize = 60;

/// A list with a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum List {
    Pane(PaneId),
    Rows,
    Columns,
    Act,
    Log,
    Learn,
    Assumptions,
}

/// Something in a list: what tells it from all others there, and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Thing {
    key: String,
    name: String,
}

/// What a cursor was last put on.
#[derive(Clone, Debug)]
struct Held {
    thing: Thing,
    /// It is there no more, and nobody was told.
    gone: bool,
    /// What the cursor is on.
    now: Option<Thing>,
}

/// What is held in each list that was looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldLists {
    held: HashMap<List, Held>,
    /// The lists that were on the screen with their cursors when this was last brought up to date.
    seen: Vec<List>,
}

/// Brings up to date what the cursors that are seen are on. `own`: what has just happened was done by the person
/// here, so what vanished by it is not missed.
///
/// A list is held from when it is first seen, even before its cursor was ever moved: what comes in above must not
/// slip under a key.
pub(in crate::app) fn hold(app: &mut App, own: bool) {
    let lists = lists_seen(app);
    for list in &lists {
        follow(app, *list);
        let own = own && app.screen.selection.seen.contains(list);
        let now = thing_on(app, *list);
        let gone = match app.screen.selection.held.get(list) {
            None => false,
            Some(held) if now.as_ref().is_some_and(|now| now.key == held.thing.key) => false,
            Some(held) => {
                let chosen = own && (!held.gone || held.now != now);
                !chosen && !is_in(app, *list, &held.thing.key)
            }
        };
        match (gone, app.screen.selection.held.get_mut(list)) {
            (true, Some(held)) => (held.gone, held.now) = (true, now),
            _ => hold_now(app, *list, now),
        }
    }
    if !lists.contains(&List::Assumptions) {
        app.screen.selection.held.remove(&List::Assumptions);
    }
    app.screen.selection.seen = lists;
}

/// An alert that another source tells of now, or in another group, is the same to people: the cursor goes with it.
fn follow(app: &mut App, list: List) {
    let List::Pane(id) = list else { return };
    let Some(held) = app.screen.selection.held.get(&list).filter(|held| !is_in(app, list, &held.thing.key)) else {
        return;
    };
    let Some(pane) = app.world.plan.pane(id) else { return };
    let rows = cache::rows(app, pane);
    let same = (0..rows.len()).filter_map(|line| rows.get(line)).find(|row| named(row.name()) == held.thing.name);
    let Some(key) = same.map(|row| row.id) else { return };
    app.screen.watch.cursors.entry(id).or_default().key = Some(key.clone());
    if let Some(held) = app.screen.selection.held.get_mut(&list) {
        held.thing.key = key;
    }
}

/// Says what has vanished from under the cursors that are seen; false when nothing has.
pub(in crate::app) fn tell_gone(app: &mut App) -> bool {
    let lists = lists_seen(app);
    tell_gone_of(app, &lists)
}

/// The same of these lists.
pub(in crate::app) fn tell_gone_of(app: &mut App, lists: &[List]) -> bool {
    let mut said = Vec::new();
    for list in lists {
        let Some(held) = app.screen.selection.held.get(list).filter(|held| held.gone) else { continue };
        let (was, now) = (held.thing.name.clone(), held.now.clone());
        said.push(match &now {
            Some(now) => format!("{was} is gone; now on {}", now.name),
            None => format!("{was} is gone"),
        });
        hold_now(app, *list, now);
    }
    if !said.is_empty() {
        app.complain(said.join("; "));
    }
    !said.is_empty()
}

impl Screen {
    /// Whether an action does something to what a cursor of this view is on.
    pub(in crate::app) fn acts_on_selection(&self, action: Action) -> bool {
        use Action as A;
        match action {
            A::TakeSymptom | A::SignHere | A::Pin => self.view == View::Watch,
            // Enter shows a pane whole, whatever is selected there.
            A::Open => !matches!(self.view, View::Watch | View::Log),
            A::Copy => true,
            A::CellMust | A::CellLikely | A::CellNeutral | A::CellUnlikely | A::CellCannot | A::CellUnassessed => true,
            A::CellRest | A::CellNext | A::SetCheck | A::Settle | A::Evidence | A::RankUp | A::RankDown => true,
            A::Refute | A::Confirm | A::Reopen | A::Edit | A::Assume | A::Poke | A::Origin | A::Coincidence => true,
            A::Guard | A::Verify => true,
            A::WhyBeside | A::WhyEnds | A::Reword => true,
            _ => false,
        }
    }
}

fn hold_now(app: &mut App, list: List, now: Option<Thing>) {
    let Some(thing) = now else {
        app.screen.selection.held.remove(&list);
        return;
    };
    put_on(app, list);
    app.screen.selection.held.insert(list, Held { thing, gone: false, now: None });
}

/// Puts the cursor of a list on what it is shown on, so that it stays there. One that waits for what is on its way to
/// the journal is left alone.
fn put_on(app: &mut App, list: List) {
    if app.outbox.keys_wait() {
        return;
    }
    match list {
        // Nobody means "something not on this board" until they have gone there.
        List::Rows => {
            let held = |row: &RowId| app.screen.board.row.is_some() || *row != RowId::Other;
            app.screen.board.row = board::board_row(app).filter(held);
        }
        List::Columns => {
            let wanted = app.screen.board.column.is_some();
            app.screen.board.column = board::selected_observation(app).filter(|_| wanted);
        }
        List::Act => {
            let keys: Vec<_> = act::act_items(app.facts()).iter().map(ActItem::key).collect();
            app.screen.act.cursor.step(&keys, 0);
        }
        List::Pane(id) => {
            let Some(pane) = app.world.plan.pane(id) else { return };
            let wants = |key: &Option<String>| key.as_ref().is_some_and(|key| !is_in(app, list, key));
            if app.screen.watch.cursors.get(&id).is_some_and(|cursor| wants(&cursor.key)) {
                let mut cursor = app.screen.watch.cursors.get(&id).cloned().unwrap_or_default();
                cursor.step_rows(&cache::rows(app, pane), 0);
                app.screen.watch.cursors.insert(id, cursor);
            }
        }
        List::Log => log::stay_in_log(app),
        List::Learn => learn::stay_in_learn(app),
        List::Assumptions => assumptions::stay_in_assumptions(app),
    }
}

/// The lists whose cursors are on the screen.
fn lists_seen(app: &App) -> Vec<List> {
    let mut lists = match app.screen.view {
        View::Watch => watch::focused(app).map(|pane| List::Pane(pane.id)).into_iter().collect(),
        View::Board => vec![List::Rows, List::Columns],
        View::Act => vec![List::Act],
        View::Log => vec![List::Log],
        View::Learn => vec![List::Learn],
    };
    if matches!(app.screen.overlay, Some(Overlay::Assumptions { .. })) {
        lists.push(List::Assumptions);
    }
    lists
}

/// What the cursor of a list is on. A cursor that follows the newest line is on none.
fn thing_on(app: &App, list: List) -> Option<Thing> {
    let thing = |key: String, name: &str| Thing { key, name: named(name) };
    match list {
        List::Pane(id) => {
            // A cursor nobody moved is put on a row as soon as one is worth it; until then rows come and go.
            app.screen.watch.cursors.get(&id).filter(|cursor| cursor.key.is_some())?;
            watch::selected(app, id).map(|row| thing(row.id.to_string(), row.name()))
        }
        List::Rows => match board::board_row(app)? {
            RowId::Named(id) => {
                let row = app.incident.board.hypothesis(id)?;
                Some(thing(row_key(id), &format!("{} {}", row.label, row.text)))
            }
            RowId::Other => app.screen.board.row.map(|_| thing(String::new(), "the row of what nobody has named")),
        },
        List::Columns => {
            let column = app.incident.board.observation(board::selected_observation(app)?)?;
            Some(thing(column.id.to_string(), &format!("{} {}", column.label, column.text)))
        }
        List::Act => act::selected_act(app).map(|item| thing(item.key(), act_name(app.facts(), item))),
        List::Log => log::log_thing(app).map(|(key, name)| thing(key, &name)),
        List::Learn => {
            let item = learn::selected_learning(app);
            Some(thing(item.key(), &item.line(app).unwrap_or_else(|| "a new action".into())))
        }
        List::Assumptions => {
            let Some(Overlay::Assumptions { cursor }) = &app.screen.overlay else { return None };
            let known = assumptions::assumptions(&app.incident);
            let known = known.get(assumptions::assumption_line(&app.incident, cursor))?;
            Some(thing(known.id.to_string(), &known.text))
        }
    }
}

/// Whether a list has this.
fn is_in(app: &App, list: List, key: &str) -> bool {
    let board = &app.incident.board;
    match list {
        List::Pane(id) => app.world.plan.pane(id).is_some_and(|pane| rows::has_row(app, pane, key)),
        List::Rows => key.is_empty() || board.hypotheses.iter().any(|row| row_key(row.id) == key),
        List::Columns => board.observations.iter().any(|column| column.id.to_string() == key),
        List::Act => act::act_items(app.facts()).iter().any(|item| item.key() == key),
        List::Log => log::has_log_line(app, key),
        List::Learn => learn::learn_items(&app.incident).iter().any(|item| item.key() == key),
        List::Assumptions => board.assumptions.iter().any(|known| known.id.to_string() == key),
    }
}

fn act_name<'a>(facts: Facts<'a>, item: ActItem<'a>) -> &'a str {
    match item {
        ActItem::Mitigation(m) => &m.text,
        ActItem::Command(at) => facts.session.config.commands.get(at).map_or("", |command| &command.name),
        ActItem::Change(record) => &record.change.title,
    }
}

fn row_key(id: Id) -> String {
    id.to_string()
}

fn named(name: &str) -> String {
    scrub::clipped(name.lines().next().unwrap_or_default().trim(), NAME).into_owned()
}

impl Row<'_> {
    /// What people call it.
    fn name(&self) -> &str {
        use crate::app::world::rows::What;
        match &self.what {
            What::Alerts(alerts) => &alerts.group.title,
            What::Change(change) => &change.title,
            What::Line(line) => &line.text,
            What::Series(series) => &series.name,
            What::Cells(cells) => cells.first().map_or("", String::as_str),
        }
    }
}
