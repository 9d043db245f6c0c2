//! What was worked out or drawn before and still holds.
//!
//! A pane is drawn into a buffer of its own and copied until something it shows has changed. The marks on the time axis and
//! what follows from the board are worked out once a version of the incident. Nothing in here is state: an empty cache draws
//! the same screen.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    Theme,
    page::{self, Drawing},
    pane::{self, Mark, MarkKind, PaneInput},
    spots::Spots,
    widget::frame::Frame,
};
use crate::{
    app::{
        App, Version, View,
        commands::smells,
        screen::{
            board::board_row,
            cursor::Cursor,
            watch::{focused, scrolled, selected_row, selected_series},
        },
        smelling::Found,
        world::{
            rows::{self, cache, legend::LegendState},
            signals,
        },
    },
    config::PaneKind,
    dashboard::PaneId,
    incident::{
        Id, Incident,
        next_check::NextCheck,
        ranking::{self, Disagreement, Reason, RowId},
        set_cover::Covers,
    },
    signal::Window,
};

/// Panes drawn, and what was worked out of the incident.
#[derive(Debug, Default)]
pub struct Cache {
    panes: HashMap<PaneId, Kept>,
    theme: Option<Theme>,
    incident: Option<Arc<Known>>,
    /// Why a row of the board has its number, of which version of the incident.
    reasons: Option<(Version, RowId, Vec<Reason>)>,
    /// The panes on the screen; `None` when it shows something else, or nobody knows.
    pub(super) shown: Option<page::Shown>,
    /// The cells that something lies over, of the panes; `None` when nothing does.
    pub(super) over: Option<Rect>,
    /// Panes drawn anew since the start, for tests and measurements.
    pub drawn: u64,
}

/// What follows from one version of the incident.
#[derive(Debug, Default)]
pub(super) struct Known {
    version: Version,
    /// Whether the board of this version was judged: while it is being, nothing that a judgement says is known.
    pub(super) is_judged: bool,
    /// Marks on the time axis.
    marks: Arc<[Mark]>,
    onset: Option<Timestamp>,
    pub(super) covers: Covers,
    pub(super) unexplained: Vec<Id>,
    pub(super) agreed: Vec<Id>,
    pub(super) checks: Vec<NextCheck>,
    pub(super) disagreements: Vec<Disagreement>,
}

/// A pane as it was drawn.
#[derive(Debug)]
struct Kept {
    stamp: Stamp,
    /// The time from which it looks different though nothing has come; `None` for never.
    until: Option<Timestamp>,
    drawn: Drawing,
    buffer: Buffer,
    /// The texts its body has put into the frame line.
    head: pane::Head,
}

/// Everything a pane's looks depend on, but for ages.
#[derive(Clone, Debug, PartialEq)]
struct Stamp {
    area: Rect,
    readings: Vec<signals::Stamp>,
    window: Window,
    focused: bool,
    zoomed: bool,
    wrapped: bool,
    unfolded: bool,
    marked: Option<String>,
    cursor: Option<Cursor>,
    filter: String,
    time: Option<Timestamp>,
    is_beside_time: bool,
    legend: Option<LegendState>,
    /// What is known of so much earlier, where that is compared.
    earlier: Option<(Duration, Vec<signals::Stamp>)>,
    utc: bool,
    marks: Arc<[Mark]>,
    onset: Option<Timestamp>,
    /// The stretch of time that is being drawn over it.
    dragged: Option<(i64, i64)>,
    /// Alerts that fire on purpose and are missing.
    stopped: Vec<String>,
    /// The fishiest of its series.
    smell: Option<Arc<Found>>,
}

impl Cache {
    /// Works out anew what follows from the incident, and lets go of panes drawn in other colours.
    pub(super) fn prepare(&mut self, app: &App, theme: &Theme) {
        if self.theme.as_ref() != Some(theme) {
            self.panes.clear();
            self.theme = Some(theme.clone());
        }
        let (version, is_judged) = (app.version(), app.facts().judgement.is_some());
        if self.incident.as_ref().is_none_or(|known| (known.version, known.is_judged) != (version, is_judged)) {
            let before = self.incident.as_ref().map(|known| known.marks.clone()).unwrap_or_default();
            self.incident = Some(Arc::new(Known::of(app, version, before)));
        }
        if app.screen.view == View::Board
            && let Some(row) = board_row(app)
            && self.reasons.as_ref().is_none_or(|(of, known, _)| (*of, *known) != (version, row))
        {
            self.reasons = Some((version, row, ranking::reasons(&app.incident.board, row)));
        }
    }

    /// What follows from the incident as it is.
    pub(super) fn known(&self) -> Arc<Known> {
        self.incident.clone().unwrap_or_default()
    }

    /// Why this row has its number, if it is the selected one of the board.
    pub(super) fn reasons_of(&self, row: RowId) -> &[Reason] {
        self.reasons.as_ref().filter(|(_, known, _)| *known == row).map_or(&[], |(.., reasons)| reasons)
    }

    /// Has the whole screen painted next: what it shows is not known, or not what was asked for last.
    pub fn forget_screen(&mut self) {
        self.shown = None;
        self.over = None;
    }

    /// A pane as it was drawn last.
    pub(super) fn pane(&self, id: PaneId) -> Option<&Buffer> {
        self.panes.get(&id).map(|kept| &kept.buffer)
    }

    /// Draws a pane for `area`, unless that was done and still holds. Answers which drawing it is; `None` when there is no
    /// such pane.
    pub(super) fn refresh(&mut self, app: &App, theme: &Theme, id: PaneId, area: Rect) -> Option<Drawing> {
        let planned = app.world.plan.pane(id)?;
        let known = self.known();
        let stamp = Stamp {
            area,
            readings: rows::stamps(app.facts(), planned).collect(),
            window: app.world.window,
            focused: focused(app).is_some_and(|pane| pane.id == id),
            zoomed: app.screen.watch.zoomed,
            wrapped: app.screen.watch.wrapped.contains(&id),
            unfolded: app.screen.watch.unfolded.contains(&id),
            marked: app.screen.watch.marked.get(&id).cloned(),
            cursor: app.screen.watch.cursors.get(&id).cloned(),
            filter: app.screen.watch.filter(id).to_owned(),
            time: app.screen.watch.time.filter(|_| pane::shows_time(planned.pane.kind)),
            is_beside_time: is_beside_time(app, planned.pane.kind),
            legend: app.screen.watch.legends.get(&id).cloned(),
            earlier: rows::earlier_stamps(app.facts(), planned),
            utc: app.session.utc,
            marks: known.marks.clone(),
            onset: known.onset,
            dragged: dragged(app, id),
            stopped: rows::stopped(app.facts(), planned),
            smell: app.world.smells.of_pane(id).cloned(),
        };
        let is_due = |kept: &Kept| kept.until.is_some_and(|until| app.session.now >= until);
        if let Some(kept) = self.panes.get(&id).filter(|kept| kept.stamp == stamp && !is_due(kept)) {
            return Some(kept.drawn);
        }
        let cursor = selected_row(app, id).or_else(|| selected_series(app, planned));
        let input = input(app, id, &known, cursor.as_deref(), &stamp.stopped)?;
        self.drawn += 1;
        let frame = self.drawn;
        let kept = match self.panes.remove(&id) {
            // A body without a selection looks the same with and without the keys.
            Some(mut kept) if !is_due(&kept) && kept.stamp.is_but_for_focus(&stamp) && cursor.is_none() => {
                pane::reframe(&input, &kept.head, &mut kept.buffer, theme);
                Kept { stamp, drawn: Drawing { frame, ..kept.drawn }, ..kept }
            }
            old => {
                let mut buffer = old.map_or_else(Buffer::default, |kept| kept.buffer);
                buffer.resize(area);
                let head = pane::draw(&input, area, &mut buffer, theme);
                let until = pane::next_change(&input, &head);
                Kept { stamp, until, drawn: Drawing { body: frame, frame }, buffer, head }
            }
        };
        let drawn = kept.drawn;
        self.panes.insert(id, kept);
        // Those that are shown no more.
        if self.panes.len() > app.world.plan.panes.len() {
            self.panes.retain(|id, _| app.world.plan.pane(*id).is_some());
        }
        Some(drawn)
    }

    /// Notes what of a pane can be pointed at, as it would be drawn now.
    pub(super) fn note(&self, app: &App, theme: &Theme, (id, area): (PaneId, Rect), spots: &Spots) {
        let Some(planned) = app.world.plan.pane(id) else { return };
        let (known, cursor, stopped) = (self.known(), selected_row(app, id), rows::stopped(app.facts(), planned));
        if let Some(input) = input(app, id, &known, cursor.as_deref(), &stopped) {
            pane::draw_noting(&input, area, &mut Buffer::empty(area), theme, Some(spots));
        }
    }
}

/// The stretch of time that is being drawn over a pane, in milliseconds.
fn dragged(app: &App, id: PaneId) -> Option<(i64, i64)> {
    app.screen.pointer.drag.filter(|drag| drag.pane == id)?.span()
}

/// Whether a pane of this kind shows what is so now while a time is looked at.
fn is_beside_time(app: &App, kind: PaneKind) -> bool {
    app.screen.watch.time.is_some() && pane::shows_now(kind)
}

/// Everything a pane is drawn from, if there is such a pane.
fn input<'a>(
    app: &'a App,
    id: PaneId,
    known: &'a Known,
    cursor: Option<&'a str>,
    stopped: &'a [String],
) -> Option<PaneInput<'a>> {
    let planned = app.world.plan.pane(id)?;
    Some(PaneInput {
        pane: &planned.pane,
        slots: rows::slots(app.facts(), planned),
        focused: focused(app).is_some_and(|pane| pane.id == id),
        zoomed: app.screen.watch.zoomed,
        now: app.session.now,
        window: app.world.window,
        tz: app.session.shown_zone(),
        marks: &known.marks,
        onset: known.onset,
        rows: cache::rows(app, planned),
        cursor,
        scroll: scrolled(app, id),
        stopped: stopped.iter().map(String::as_str).collect(),
        wrapped: app.screen.watch.wrapped.contains(&id),
        marked: app.screen.watch.marked(id).collect(),
        filter: app.screen.watch.filter(id),
        dragged: dragged(app, id),
        time: app.screen.watch.time.filter(|_| pane::shows_time(planned.pane.kind)),
        is_beside_time: is_beside_time(app, planned.pane.kind),
        legend: app.screen.watch.legends.get(&id),
        earlier: rows::earlier_slots(app.facts(), planned),
        smell: app.world.smells.of_pane(id).map(|found| smells::words(app, found)),
    })
}

impl Stamp {
    /// Whether nothing but the focus differs, in an area with room for a whole frame.
    fn is_but_for_focus(&self, other: &Self) -> bool {
        Frame::is_whole(self.area) && *self == Self { focused: self.focused, ..other.clone() }
    }
}

impl Known {
    fn of(app: &App, version: Version, before: Arc<[Mark]>) -> Self {
        let (incident, judgement) = (&app.incident, app.facts().judgement);
        let (is_judged, judged) = (judgement.is_some(), judgement.cloned().unwrap_or_default());
        let marks = marks(incident);
        Self {
            version,
            is_judged,
            marks: if *before == *marks { before } else { marks.into() },
            onset: incident.onset(),
            covers: judged.covers,
            unexplained: judged.unexplained,
            agreed: judged.agreed,
            checks: judged.checks,
            disagreements: ranking::disagreements(&incident.ranking, &incident.board),
        }
    }
}

/// Changes, the first firing of each alert group, and the onset, in order of time.
fn marks(incident: &Incident) -> Vec<Mark> {
    let change = |at| Mark { at, kind: MarkKind::Change };
    let changes = incident.changes.iter().map(|record| change(record.change.at));
    let fired = incident.alerts.iter().filter_map(|record| {
        let fired = record.turns.iter().find(|told| told.turn.is_firing());
        fired.map(|told| Mark { at: told.at, kind: MarkKind::AlertStart })
    });
    let onset = incident.onset().map(|at| Mark { at, kind: MarkKind::Onset });
    let mut marks: Vec<Mark> = changes.chain(fired).chain(onset).collect();
    marks.sort_by_key(|mark| (mark.at, mark.kind));
    marks.dedup();
    marks
}
