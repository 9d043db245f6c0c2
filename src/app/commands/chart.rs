//! The commands of charts: the time that is looked at in all of them, and which series one shows. Nothing of it is written
//! to the journal.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use crate::{
    app::{
        Action, App,
        screen::{
            cursor::Cursor,
            layout::{Bands, Grid},
            watch::{focused, has_series, legend},
        },
        world::rows::legend::LegendOrder,
    },
    config::PaneKind,
    dashboard::{PaneId, PlannedPane, QueryContext},
};

/// Cells of a chart that are none of its plot: its frame, the air beside it, the numbers.
const BESIDE_PLOT: u16 = 11;

/// Begins to look at one time in all panes, or leaves it. It begins where users began to be hurt, if that is on the
/// charts, else at the newest values.
pub(super) fn look_at_time(app: &mut App) {
    if app.screen.watch.time.take().is_some() {
        return;
    }
    if !app.world.plan.panes.iter().any(|pane| pane.pane.kind == PaneKind::TimeSeries) {
        app.complain("there is no chart to look at a time in");
        return;
    }
    let (start, end) = app.world.window.bounds(app.session.now);
    let onset = app.incident.onset().filter(|onset| (start..=end).contains(onset));
    app.screen.watch.time = Some(onset.unwrap_or_else(|| on_grid(app, end, false)));
}

/// Moves the time by columns of the chart that has the focus, not beyond the window.
pub(super) fn time_step(app: &mut App, by: isize) {
    let Some(at) = app.screen.watch.time else { return };
    let (start, end) = app.world.window.bounds(app.session.now);
    let column = app.world.window.span.as_millis() as f64 / f64::from(columns(app));
    let way = SignedDuration::from_millis((column * by as f64) as i64);
    let to = at.checked_add(way).unwrap_or(if by < 0 { start } else { end });
    // Values are asked for at multiples of the step: there each chart has one.
    let to = on_grid(app, to, by > 0).clamp(start, end);
    app.screen.watch.time = Some(to);
}

/// The multiple of the step beside a time: before it, or after.
fn on_grid(app: &App, at: Timestamp, after: bool) -> Timestamp {
    let step = QueryContext::of(app.world.window).step.cast_signed() * 1000;
    let rest = at.as_millisecond().rem_euclid(step);
    let to = at.as_millisecond() - rest + if after && rest > 0 { step } else { 0 };
    Timestamp::from_millisecond(to).unwrap_or(at)
}

/// About how many columns the plot has that has the focus, else the first one.
fn columns(app: &App) -> u16 {
    let body = Bands::of(app.screen.area()).body;
    let is_chart = |pane: &&PlannedPane| pane.pane.kind == PaneKind::TimeSeries;
    let chart = focused(app).filter(is_chart).or_else(|| app.world.plan.panes.iter().find(is_chart));
    let place = |id: PaneId| -> Option<Rect> {
        let grid = Grid::of(body, &app.world.wishes());
        grid.page(grid.page_of(id)).iter().find(|(pane, _)| *pane == id).map(|(_, area)| *area)
    };
    let area = match chart {
        Some(pane) if !app.screen.watch.zoomed => place(pane.id).unwrap_or(body),
        _ => body,
    };
    area.width.saturating_sub(BESIDE_PLOT).max(10)
}

/// Whether the pane that has the focus fills the view and has a legend with lines to select.
pub(super) fn has_legend(app: &App) -> bool {
    app.screen.watch.zoomed && focused(app).is_some_and(|pane| has_series(app, pane))
}

/// Moves the selection among the lines of the legend.
pub(super) fn legend_step(app: &mut App, by: isize) {
    let Some(pane) = focused(app) else { return };
    let (id, keys) = (pane.id, legend(app, pane).keys());
    let cursor = app.screen.watch.cursors.entry(id).or_default();
    match cursor.key.is_some() {
        true => cursor.step(&keys, by),
        // The first key selects, the one to the end the last line.
        false if by > 0 && by.unsigned_abs() > keys.len() => cursor.put(&keys, keys.len().saturating_sub(1)),
        false => cursor.put(&keys, 0),
    }
}

pub(super) fn hide_series(app: &mut App) {
    let Some((pane, key)) = selected_series(app) else { return };
    app.screen.watch.legends.entry(pane).or_default().toggle(&key);
}

pub(super) fn only_series(app: &mut App) {
    let Some((pane, key)) = selected_series(app) else { return };
    app.screen.watch.legends.entry(pane).or_default().toggle_only(&key);
}

pub(super) fn order_series(app: &mut App) {
    if !has_legend(app) {
        return say_how(app);
    }
    let Some(pane) = focused(app).map(|pane| pane.id) else { return };
    let legend = app.screen.watch.legends.entry(pane).or_default();
    let (order, words) = match legend.order {
        LegendOrder::Now => (LegendOrder::Max, "the maximum"),
        LegendOrder::Max => (LegendOrder::Name, "the name"),
        LegendOrder::Name => (LegendOrder::Now, "the value now"),
    };
    legend.order = order;
    app.say(format!("series in order of {words}"));
}

/// The pane and the series that is selected in it; says what is missing.
fn selected_series(app: &mut App) -> Option<(PaneId, String)> {
    if !has_legend(app) {
        say_how(app);
        return None;
    }
    let pane = focused(app)?;
    let (id, keys) = (pane.id, legend(app, pane).keys());
    let selected = app.screen.watch.cursors.get(&id).and_then(|cursor| cursor.key.clone());
    match selected {
        Some(key) if keys.contains(&key) => Some((id, key)),
        Some(_) => {
            // What took its place was not meant.
            app.screen.watch.cursors.insert(id, Cursor::default());
            app.complain("the selected series has no values here any more: select another one");
            None
        }
        None => {
            let down = app.session.keymap.key(Action::Down);
            app.complain(format!("no series is selected: {down} selects one"));
            None
        }
    }
}

fn say_how(app: &mut App) {
    let open = app.session.keymap.key(Action::Open);
    let words = match focused(app).map(|pane| pane.pane.kind) {
        Some(PaneKind::TimeSeries) if app.screen.watch.zoomed => "this chart has one series".to_owned(),
        Some(PaneKind::TimeSeries) => format!("{open} opens the chart: its series are selected there"),
        _ => "this is for charts: go to one and open it".to_owned(),
    };
    app.complain(words);
}
