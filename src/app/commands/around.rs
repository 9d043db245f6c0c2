//! The log lines around a moment: of a chart at the time that is looked at, of an alert, a change, a line, an entry of the
//! timeline. They stand in a pane of their own, which has the screen until it is left. Nothing of it is written to the
//! journal.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    app::{
        Action, App, Effect, View, clock,
        screen::{
            cursor::Cursor,
            layout::Bands,
            log,
            watch::{self, Around, focused},
        },
        world::{
            moment::{self, Moment},
            rows::{What, cache},
        },
    },
    config::{Lines, Pane, PaneKind},
    dashboard::{Ask, PaneId, Query, QueryId, subscriptions::Subscriber},
    incident::Event,
    signal::{Curves, Data, Labels},
};

/// Most lines of it, before and after.
const MOST: u16 = 1000;

/// Shows what was logged two minutes before and after what is selected, by the same service where one is known.
pub(super) fn open(app: &mut App) -> Vec<Effect> {
    let moment = match selected(app) {
        Ok(moment) => moment,
        Err(why) => {
            app.complain(why);
            return Vec::new();
        }
    };
    let Some(asked) = moment::asked(app.facts(), &moment) else {
        app.complain("there is no source of type loki, and no pane of it that says which lines there are");
        return Vec::new();
    };
    let before = app.world.subscriptions.clone();
    let left = match close(app) {
        Some(around) => around,
        None => Around {
            focus: app.screen.watch.focus,
            zoomed: app.screen.watch.zoomed,
            view: app.screen.view,
            time: app.screen.watch.time,
            pane: None,
            at: moment.at,
        },
    };
    let time = clock::time(moment.at, &app.session.zone, app.session.utc);
    let title = format!("Logs around {time} · {}", asked.of);
    let (id, config) = (asked.source, app.session.config.clone());
    let sources = config.source(id).map(|source| source.name.clone()).into_iter().collect();
    let lines = Lines { limit: MOST, ..Lines::default() };
    let pane = Pane { sources, query: asked.query.clone(), kind: PaneKind::Logs, ..Pane::titled(title) };
    let ask = Ask::Lines { query: asked.query, lines, around: Some(moment.at) };
    let plan = Arc::make_mut(&mut app.world.plan);
    let shown = plan.show_apart(pane, Query::new(id, ask));
    if let Some(pane) = plan.pane(shown) {
        app.world.subscriptions.follow_pane(&config, plan, pane);
    }
    app.world.signals.follow(&config, &app.world.plan, &app.world.subscriptions);
    app.show(View::Watch);
    let watch = &mut app.screen.watch;
    // The moment has a line, on which the cursor is: what is looked at in charts is not looked at here.
    (watch.focus, watch.zoomed, watch.time) = (Some(shown), true, None);
    // What came before what is to be seen, each line by itself.
    watch.unfolded.insert(shown);
    watch.around = Some(Around { pane: Some(shown), at: moment.at, ..left });
    let back = app.session.keymap.key(Action::Back);
    app.say(format!("what was logged from two minutes before to two after · {back} goes back"));
    changes(app, &before)
}

/// Leaves it for where it was opened. Nothing where it does not have the screen.
pub(super) fn leave(app: &mut App) -> Option<Vec<Effect>> {
    is_open(app).then_some(())?;
    let before = app.world.subscriptions.clone();
    let left = close(app)?;
    let watch = &mut app.screen.watch;
    watch.focus = left.focus.filter(|focus| app.world.plan.pane(*focus).is_some());
    (watch.zoomed, watch.time) = (left.zoomed && watch.focus.is_some(), left.time);
    app.show(left.view);
    Some(changes(app, &before))
}

/// Whether the lines around a moment have the screen.
pub(super) fn is_open(app: &App) -> bool {
    let pane = app.screen.watch.around.as_ref().and_then(|around| around.pane);
    app.screen.view == View::Watch && pane.is_some() && app.screen.watch.focus == pane
}

/// Puts the cursor on the line of the moment, in the middle of the view, as soon as there are lines.
pub(in crate::app) fn begin(app: &mut App, query: QueryId) {
    let Some(Around { pane: Some(id), at, .. }) = app.screen.watch.around else { return };
    let pane = app.world.plan.pane(id).filter(|pane| pane.queries.contains(&query));
    let Some(pane) = pane.filter(|_| !app.screen.watch.cursors.contains_key(&id)) else { return };
    let rows = cache::rows(app, pane);
    let is_before =
        |row: &usize| matches!(rows.what(*row), Some(What::Line(line)) if line.at.is_some_and(|of| of <= at));
    if rows.is_empty() {
        return;
    }
    let row = (0..rows.len()).rev().find(is_before).unwrap_or(0);
    let half = usize::from(Bands::of(app.screen.area()).body.height) / 2;
    let mut cursor = Cursor::default();
    cursor.put_row(&rows, row);
    cursor.top = Some(rows.len().saturating_sub(row + half));
    app.screen.watch.cursors.insert(id, cursor);
}

/// Takes the pane away.
fn close(app: &mut App) -> Option<Around> {
    let around = app.screen.watch.around.take()?;
    let pane: PaneId = around.pane?;
    Arc::make_mut(&mut app.world.plan).hide(pane);
    app.world.subscriptions.leave(Subscriber::Pane(pane));
    app.world.signals.follow(&app.session.config, &app.world.plan, &app.world.subscriptions);
    app.screen.watch.forget(pane);
    app.screen.selections.panes.remove(&pane);
    Some(Around { pane: None, ..around })
}

fn changes(app: &App, before: &crate::dashboard::Subscriptions) -> Vec<Effect> {
    app.world.subscriptions.changes_from(before).into_iter().map(Effect::Subscribe).collect()
}

/// The moment that what is selected stands for.
fn selected(app: &App) -> Result<Moment, String> {
    match app.screen.view {
        View::Watch => in_watch(app),
        View::Log => in_log(app),
        View::Board | View::Act | View::Learn => Err("select an alert, a line or an entry of the log first".into()),
    }
}

fn in_watch(app: &App) -> Result<Moment, String> {
    let pane = focused(app).ok_or("there are no panes")?;
    let moment =
        |at: Option<Timestamp>, labels: Labels| Moment { at: at.unwrap_or(app.session.now), labels, service: None };
    if let Some(row) = watch::selected(app, pane.id) {
        match row.what {
            What::Alerts(alerts) => {
                let first = alerts.group.alerts.first().map(|alert| alert.labels.clone());
                let labels =
                    first.map_or_else(|| alerts.group.labels.clone(), |first| alerts.group.labels.with(&first));
                return Ok(moment(Some(alerts.since), labels));
            }
            What::Line(line) => return Ok(moment(app.screen.watch.time.or(line.at), line.labels.clone())),
            What::Change(change) => {
                return Ok(Moment { service: change.service.clone(), ..moment(Some(change.at), Labels::default()) });
            }
            What::Series(_) | What::Cells(_) => {}
        }
    }
    let Some(at) = app.screen.watch.time else {
        let time = app.session.keymap.key(Action::LookAtTime);
        return Err(format!("select an alert or a line, or look at a time in a chart first ({time})"));
    };
    Ok(moment(Some(at), of_curves(app)))
}

/// What the curves of the pane that has the focus have in common; of one that is selected all it has.
fn of_curves(app: &App) -> Labels {
    let Some(pane) = focused(app) else { return Labels::default() };
    let key = watch::selected_series(app, pane);
    let readings = pane.queries.iter().filter_map(|query| app.world.signals.slot(*query)?.good.as_deref());
    let series = readings.flat_map(|reading| match &reading.data {
        Data::Series(series) | Data::Curves(Curves { series, .. }) => series.as_slice(),
        _ => &[],
    });
    let legend = watch::legend(app, pane);
    let chosen = key.and_then(|key| legend.lines.iter().find(|line| line.key() == key));
    let chosen = chosen.map(|line| line.series.labels.clone());
    chosen.unwrap_or_else(|| Labels::common(series.map(|series| &series.labels)))
}

fn in_log(app: &App) -> Result<Moment, String> {
    let all = log::log_items(app);
    let shown = app.screen.log_shown(&all);
    let item = shown.get(app.screen.log.find(&shown)).ok_or("there is no entry to look around")?;
    let entry = app.incident.entries().iter().find(|entry| entry.id == item.entry);
    let (mut labels, mut service) = (Labels::default(), None);
    match entry.map(|entry| &entry.event) {
        Some(Event::ChangeSeen { change, .. }) => service = change.service.clone(),
        Some(Event::AlertTurned { group, .. }) => labels = moment::labels_of_group(app.facts(), group),
        _ => {}
    }
    Ok(Moment { at: item.at, labels, service })
}
