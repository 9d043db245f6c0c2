//! The order of a pane's rows without the rows: places in the readings, so that it can be kept while those stand still.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use hashbrown::hash_map::Entry;
use jiff::Timestamp;

use crate::{
    app::world::rows::{
        dedup::better_informed,
        row::{AlertsRow, Filter, SlotView, What, in_order, line_id, series_id},
    },
    config::PaneKind,
    signal::{
        AlertState, Data, Level, Severity,
        log_pattern::{self, Pattern},
    },
};

/// All rows that the readings of a pane give, in the order they are shown, each with a name of its own.
#[derive(Debug, Default)]
pub(super) struct Order {
    places: Vec<Place>,
    /// The places by their names; filled when one is looked for.
    by_id: OnceLock<hashbrown::HashMap<Arc<str>, u32>>,
}

/// Where a row is in the readings.
#[derive(Debug)]
struct Place {
    id: Arc<str>,
    slot: usize,
    item: usize,
    /// Of an alert group: what of it is shown.
    part: Option<Part>,
    /// Of a log line: how bad it is, and what it has in common with those that say the same.
    said: Option<(Level, Pattern)>,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    state: AlertState,
    severity: Severity,
    since: Timestamp,
    count: usize,
}

/// Those of them that are shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    order: Arc<Order>,
    /// Places in the order, which stand in it as they are shown.
    pub(super) shown: Vec<u32>,
    /// Alerts that fire on purpose, folded into one line.
    pub(super) folded: Vec<u32>,
    pub(super) totals: Totals,
    repeats: Option<Repeats>,
}

/// Which of the rows that pass the filter are shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look<'t> {
    /// What was typed as a filter.
    pub(super) typed: &'t str,
    /// Whether the pane has the whole screen.
    pub(super) zoomed: bool,
    /// Whether log lines that say the same each have a row.
    pub(super) unfolded: bool,
}

/// Log lines that say the same, in one row where the last of them stands.
#[derive(Debug)]
struct Repeats {
    /// The places of the lines of each row.
    lines: Vec<Vec<u32>>,
    /// The row of each place in the order; of what is not shown `u32::MAX`.
    rows: Vec<u32>,
}

/// What the alerts that are shown add up to; watchdogs aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Groups that fire.
    pub groups: usize,
    /// Alerts in them.
    pub alerts: usize,
    /// The worst of them.
    pub worst: Option<Severity>,
    /// The largest count in a row, whatever its state.
    pub most: usize,
    /// Log lines, however many rows they have.
    pub lines: usize,
    /// Those of them that are errors.
    pub errors: usize,
}

impl Order {
    pub(super) fn of(kind: PaneKind, slots: &[SlotView<'_>]) -> Self {
        let mut rows: Vec<(Place, What<'_>)> = Vec::new();
        for at in 0..slots.len() {
            add_slot(&mut rows, kind, slots, at);
        }
        // Sources sort their alerts: what comes from one is in order, most often.
        if !rows.is_sorted_by(|(_, a), (_, b)| in_order(a, b).is_le()) {
            rows.sort_by(|(_, a), (_, b)| in_order(a, b));
        }
        let mut order = Self { places: rows.into_iter().map(|(place, _)| place).collect(), by_id: Default::default() };
        // A source of alerts names each of its groups once.
        let mut read = slots.iter().filter_map(|slot| slot.reading);
        let (first, more) = (read.next(), read.next().is_some());
        if more || first.is_some_and(|reading| !matches!(reading.data, Data::Alerts(_))) {
            order.name(slots);
        }
        order
    }

    /// The place of what has this name.
    fn place(&self, id: &str) -> Option<u32> {
        let by_id = || (0..).zip(&self.places).map(|(at, place)| (Arc::clone(&place.id), at)).collect();
        self.by_id.get_or_init(by_id).get(id).copied()
    }

    /// Puts the source behind names that occur twice, and a number where that is not enough.
    fn name(&mut self, slots: &[SlotView<'_>]) {
        let mut by_id = hashbrown::HashMap::<Arc<str>, u32>::with_capacity(self.places.len());
        let mut twice = HashMap::<Arc<str>, Vec<usize>>::new();
        for (at, place) in self.places.iter().enumerate() {
            match by_id.entry(Arc::clone(&place.id)) {
                Entry::Vacant(free) => drop(free.insert(at as u32)),
                Entry::Occupied(first) => {
                    twice.entry(Arc::clone(&place.id)).or_insert_with(|| vec![*first.get() as usize]).push(at);
                }
            }
        }
        let mut taken = HashMap::<String, usize>::new();
        for (id, places) in twice {
            by_id.remove(&id);
            for at in places {
                let named = format!("{id} @{}", slots[self.places[at].slot].source);
                let n = taken.entry(named.clone()).or_default();
                *n += 1;
                let named: Arc<str> = if *n > 1 { format!("{named} #{n}").into() } else { named.into() };
                self.places[at].id = Arc::clone(&named);
                by_id.insert(named, at as u32);
            }
        }
        self.by_id = OnceLock::from(by_id);
    }

    fn id(&self, at: u32) -> &Arc<str> {
        &self.places[at as usize].id
    }

    /// What stands at a place; nothing when the readings are not those the order was made from.
    fn what<'a>(&self, at: u32, slots: &[SlotView<'a>]) -> Option<(usize, What<'a>)> {
        let place = self.places.get(at as usize)?;
        let reading = slots.get(place.slot)?.reading?;
        let what = match (&reading.data, place.part) {
            (Data::Alerts(set), Some(Part { state, severity, since, count })) => {
                What::Alerts(AlertsRow { group: set.groups.get(place.item)?, state, severity, since, count })
            }
            (Data::Changes(changes), _) => What::Change(changes.get(place.item)?),
            (Data::Logs(lines), _) => What::Line(lines.get(place.item)?),
            (Data::Table(table), _) => What::Cells(table.rows.get(place.item)?),
            (Data::Series(series), _) => What::Series(series.get(place.item)?),
            _ => return None,
        };
        Some((place.slot, what))
    }
}

impl Shown {
    /// Those that pass the filter; watchdogs are among them only when the pane is zoomed or a filter asks for them. Log
    /// lines that say the same are folded.
    pub(super) fn of(order: Arc<Order>, slots: &[SlotView<'_>], look: Look<'_>) -> Self {
        let Look { typed, zoomed, unfolded } = look;
        let (filter, whole) = (Filter::new(typed), zoomed || !typed.is_empty());
        let mut kept = Self { shown: Vec::with_capacity(order.places.len()), ..Self::default() };
        for (at, place) in (0..).zip(&order.places) {
            if !typed.is_empty() && !order.what(at, slots).is_some_and(|(_, what)| what.passes(&filter)) {
                continue;
            }
            match place.part {
                Some(part) if !whole && part.severity == Severity::None => kept.folded.push(at),
                part => {
                    kept.shown.push(at);
                    part.into_iter().for_each(|part| kept.totals.add(part));
                }
            }
        }
        kept.fold(&order, unfolded);
        Self { order, ..kept }
    }

    /// Counts the log lines, and folds those that say the same.
    fn fold(&mut self, order: &Order, unfolded: bool) {
        let said: Vec<(Level, Pattern)> = self.shown.iter().filter_map(|at| order.places[*at as usize].said).collect();
        self.totals.lines = said.len();
        self.totals.errors = said.iter().filter(|(level, _)| *level == Level::Error).count();
        // Rows of another kind among them would not be where their lines are.
        if unfolded || said.len() < self.shown.len() {
            return;
        }
        let mut lines = log_pattern::fold(said.into_iter().map(|(_, pattern)| pattern));
        if lines.len() == self.shown.len() {
            return;
        }
        let mut rows = vec![u32::MAX; order.places.len()];
        for (row, lines) in (0..).zip(&mut lines) {
            for line in lines {
                *line = self.shown[*line as usize];
                rows[*line as usize] = row;
            }
        }
        self.shown = lines.iter().filter_map(|lines| lines.last().copied()).collect();
        self.totals.most = lines.iter().map(Vec::len).max().unwrap_or_default();
        self.repeats = Some(Repeats { lines, rows });
    }

    pub(super) fn order(&self) -> Arc<Order> {
        Arc::clone(&self.order)
    }

    /// The line of what this names.
    pub(super) fn line(&self, id: &str) -> Option<usize> {
        let place = self.order.place(id)?;
        match &self.repeats {
            Some(repeats) => repeats.rows.get(place as usize).filter(|row| **row != u32::MAX).map(|row| *row as usize),
            None => self.shown.binary_search(&place).ok(),
        }
    }

    /// The places that are folded into a line, the last of them the one it shows.
    pub(super) fn places(&self, line: usize) -> &[u32] {
        match &self.repeats {
            Some(repeats) => repeats.lines.get(line).map_or(&[], Vec::as_slice),
            None => self.shown.get(line).map_or(&[], std::slice::from_ref),
        }
    }

    pub(super) fn id(&self, line: usize) -> Option<&Arc<str>> {
        self.shown.get(line).map(|at| self.order.id(*at))
    }

    pub(super) fn what<'a>(&self, at: u32, slots: &[SlotView<'a>]) -> Option<(usize, What<'a>)> {
        self.order.what(at, slots)
    }
}

impl Totals {
    fn add(&mut self, part: Part) {
        self.most = self.most.max(part.count);
        if part.state == AlertState::Firing && part.severity != Severity::None {
            self.groups += 1;
            self.alerts += part.count;
            self.worst = Some(self.worst.map_or(part.severity, |worst| worst.min(part.severity)));
        }
    }
}

/// Adds what a slot gives.
fn add_slot<'a>(rows: &mut Vec<(Place, What<'a>)>, kind: PaneKind, slots: &[SlotView<'a>], slot: usize) {
    let Some((view, reading)) = slots.get(slot).and_then(|view| Some((view, view.reading?))) else { return };
    let place = |item: usize, id: Arc<str>| Place { id, slot, item, part: None, said: None };
    match &reading.data {
        Data::Alerts(set) => {
            let better = better_informed(slots, view);
            rows.reserve(set.groups.len());
            rows.extend(set.groups.iter().enumerate().filter_map(|(at, group)| {
                let alerts = better.part_left(group)?;
                let AlertsRow { state, severity, since, count, .. } = alerts;
                let part = Some(Part { state, severity, since, count });
                Some((Place { part, ..place(at, Arc::clone(&group.key)) }, What::Alerts(alerts)))
            }));
        }
        Data::Changes(changes) => {
            let changes = changes.iter().enumerate();
            rows.extend(changes.map(|(at, change)| (place(at, change.id.as_str().into()), What::Change(change))));
        }
        Data::Logs(lines) => {
            let lines = lines.iter().enumerate();
            rows.extend(lines.map(|(at, line)| {
                let said = Some((line.level, Pattern::of(line)));
                (Place { said, ..place(at, line_id(line).into()) }, What::Line(line))
            }));
        }
        Data::Table(table) => {
            let words = |cells: &[String]| -> Vec<String> {
                let named = cells.iter().zip(&table.columns).filter(|(_, column)| !column.numeric);
                named.map(|(cell, _)| cell.clone()).collect()
            };
            let cells = table.rows.iter().enumerate();
            rows.extend(cells.map(|(at, cells)| (place(at, words(cells).join(" · ").into()), What::Cells(cells))));
        }
        Data::Series(series) if matches!(kind, PaneKind::Table | PaneKind::BarGauge) => {
            let series = series.iter().enumerate();
            rows.extend(series.map(|(at, s)| (place(at, series_id(s).into()), What::Series(s))));
        }
        Data::Series(_) | Data::Curves(_) | Data::Number(_) | Data::Readouts(_) => {}
        Data::Heatmap(_) | Data::Histogram(_) | Data::States(_) => {}
    }
}
