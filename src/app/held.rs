//! What each cursor is on as the person at the keys knows it, so that a key never hits what took the place of something
//! that vanished.
//!
//! A list that loses the row under its cursor shows the cursor on another one. The first key that would act on that says
//! what is gone and where the cursor is now, and does nothing else; the next one acts. Whoever made the row go away
//! themself is not asked. Lists of an overlay that stand still while they are open (picker, palette, storm, fill strip)
//! lose no rows and are not held here.

use std::collections::HashMap;

use super::{ActItem, App, Overlay, View, action::Action, rows::Row};
use crate::{
    incident::{Id, ranking::RowId},
    signal::scrub,
};

/// Characters of a name that are said.
const NAME: usize = 60;

/// A list with a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum List {
    Pane(usize),
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

impl App {
    /// Brings up to date what the cursors that are seen are on. `own`: what has just happened was done by the person
    /// here, so what vanished by it is not missed.
    ///
    /// A list is held from when it is first seen, even before its cursor was ever moved: what comes in above must not
    /// slip under a key.
    pub(super) fn hold(&mut self, own: bool) {
        let lists = self.lists_seen();
        for list in &lists {
            self.follow(*list);
            let own = own && self.held.seen.contains(list);
            let now = self.thing_on(*list);
            let gone = match self.held.held.get(list) {
                None => false,
                Some(held) if now.as_ref().is_some_and(|now| now.key == held.thing.key) => false,
                Some(held) => {
                    let chosen = own && (!held.gone || held.now != now);
                    !chosen && !self.is_in(*list, &held.thing.key)
                }
            };
            match (gone, self.held.held.get_mut(list)) {
                (true, Some(held)) => (held.gone, held.now) = (true, now),
                _ => self.hold_now(*list, now),
            }
        }
        if !lists.contains(&List::Assumptions) {
            self.held.held.remove(&List::Assumptions);
        }
        self.held.seen = lists;
    }

    /// An alert that another source tells of now, or in another group, is the same to people: the cursor goes with it.
    fn follow(&mut self, list: List) {
        let List::Pane(at) = list else { return };
        let Some(held) = self.held.held.get(&list).filter(|held| !self.is_in(list, &held.thing.key)) else { return };
        let Some(pane) = self.plan.panes.get(at) else { return };
        let rows = self.rows(pane);
        let same = (0..rows.len()).filter_map(|line| rows.get(line)).find(|row| named(row.name()) == held.thing.name);
        let Some(id) = same.map(|row| row.id) else { return };
        self.watch.cursors.entry(at).or_default().key = Some(id.clone());
        if let Some(held) = self.held.held.get_mut(&list) {
            held.thing.key = id;
        }
    }

    /// Says what has vanished from under the cursors that are seen; false when nothing has.
    pub(super) fn tell_gone(&mut self) -> bool {
        let lists = self.lists_seen();
        self.tell_gone_of(&lists)
    }

    /// The same of these lists.
    pub(super) fn tell_gone_of(&mut self, lists: &[List]) -> bool {
        let mut said = Vec::new();
        for list in lists {
            let Some(held) = self.held.held.get(list).filter(|held| held.gone) else { continue };
            let (was, now) = (held.thing.name.clone(), held.now.clone());
            said.push(match &now {
                Some(now) => format!("{was} is gone; now on {}", now.name),
                None => format!("{was} is gone"),
            });
            self.hold_now(*list, now);
        }
        if !said.is_empty() {
            self.complain(said.join("; "));
        }
        !said.is_empty()
    }

    /// Whether an action does something to what a cursor of this view is on.
    pub(super) fn acts_on_selection(&self, action: Action) -> bool {
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

    fn hold_now(&mut self, list: List, now: Option<Thing>) {
        let Some(thing) = now else {
            self.held.held.remove(&list);
            return;
        };
        self.put_on(list);
        self.held.held.insert(list, Held { thing, gone: false, now: None });
    }

    /// Puts the cursor of a list on what it is shown on, so that it stays there. One that waits for what is on its way to
    /// the journal is left alone.
    fn put_on(&mut self, list: List) {
        if self.outbox.keys_wait() {
            return;
        }
        match list {
            // Nobody means "something not on this board" until they have gone there.
            List::Rows => {
                let held = |row: &RowId| self.board.row.is_some() || *row != RowId::Other;
                self.board.row = self.board_row().filter(held);
            }
            List::Columns => {
                let wanted = self.board.column.is_some();
                self.board.column = self.selected_observation().filter(|_| wanted);
            }
            List::Act => {
                let keys: Vec<_> = self.act_items().iter().map(ActItem::key).collect();
                self.act.cursor.step(&keys, 0);
            }
            List::Pane(at) => {
                let Some(pane) = self.plan.panes.get(at) else { return };
                let wants = |key: &Option<String>| key.as_ref().is_some_and(|key| !self.is_in(list, key));
                if self.watch.cursors.get(&at).is_some_and(|cursor| wants(&cursor.key)) {
                    let mut cursor = self.watch.cursors.get(&at).cloned().unwrap_or_default();
                    cursor.step_rows(&self.rows(pane), 0);
                    self.watch.cursors.insert(at, cursor);
                }
            }
            List::Log => self.stay_in_log(),
            List::Learn => self.stay_in_learn(),
            List::Assumptions => self.stay_in_assumptions(),
        }
    }

    /// The lists whose cursors are on the screen.
    fn lists_seen(&self) -> Vec<List> {
        let mut lists = match self.view {
            View::Watch => vec![List::Pane(self.watch.focus)],
            View::Board => vec![List::Rows, List::Columns],
            View::Act => vec![List::Act],
            View::Log => vec![List::Log],
            View::Learn => vec![List::Learn],
        };
        if matches!(self.overlay, Some(Overlay::Assumptions { .. })) {
            lists.push(List::Assumptions);
        }
        lists
    }

    /// What the cursor of a list is on. A cursor that follows the newest line is on none.
    fn thing_on(&self, list: List) -> Option<Thing> {
        let thing = |key: String, name: &str| Thing { key, name: named(name) };
        match list {
            List::Pane(at) => {
                // A cursor nobody moved is put on a row as soon as one is worth it; until then rows come and go.
                self.watch.cursors.get(&at).filter(|cursor| cursor.key.is_some())?;
                self.selected(at).map(|row| thing(row.id.to_string(), row.name()))
            }
            List::Rows => match self.board_row()? {
                RowId::Named(id) => {
                    let row = self.incident.board.hypothesis(id)?;
                    Some(thing(row_key(id), &format!("{} {}", row.label, row.text)))
                }
                RowId::Other => self.board.row.map(|_| thing(String::new(), "the row of what nobody has named")),
            },
            List::Columns => {
                let column = self.incident.board.observation(self.selected_observation()?)?;
                Some(thing(column.id.to_string(), &format!("{} {}", column.label, column.text)))
            }
            List::Act => self.selected_act().map(|item| thing(item.key(), self.act_name(item))),
            List::Log => self.log_thing().map(|(key, name)| thing(key, &name)),
            List::Learn => {
                let item = self.selected_learning();
                Some(thing(item.key(), &item.line(self).unwrap_or_else(|| "a new action".into())))
            }
            List::Assumptions => {
                let Some(Overlay::Assumptions { cursor }) = &self.overlay else { return None };
                let known = self.assumptions();
                let known = known.get(self.assumption_line(cursor))?;
                Some(thing(known.id.to_string(), &known.text))
            }
        }
    }

    /// Whether a list has this.
    fn is_in(&self, list: List, key: &str) -> bool {
        let board = &self.incident.board;
        match list {
            List::Pane(at) => self.plan.panes.get(at).is_some_and(|pane| self.has_row(pane, key)),
            List::Rows => key.is_empty() || board.hypotheses.iter().any(|row| row_key(row.id) == key),
            List::Columns => board.observations.iter().any(|column| column.id.to_string() == key),
            List::Act => self.act_items().iter().any(|item| item.key() == key),
            List::Log => self.has_log_line(key),
            List::Learn => self.learn_items().iter().any(|item| item.key() == key),
            List::Assumptions => board.assumptions.iter().any(|known| known.id.to_string() == key),
        }
    }

    fn act_name<'a>(&'a self, item: ActItem<'a>) -> &'a str {
        match item {
            ActItem::Mitigation(m) => &m.text,
            ActItem::Command(at) => self.config.commands.get(at).map_or("", |command| &command.name),
            ActItem::Change(record) => &record.change.title,
        }
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
        use super::rows::What;
        match &self.what {
            What::Alerts(alerts) => &alerts.group.title,
            What::Change(change) => &change.title,
            What::Line(line) => &line.text,
            What::Series(series) => &series.name,
            What::Cells(cells) => cells.first().map_or("", String::as_str),
        }
    }
}
