//! One query, one rectangle.
//!
//! [`draw`] is handed everything it shows, the rows of lists among it, and changes nothing but cells. Ages apart, a pane
//! looks the same until its input changes, so it may be kept in a buffer of its own until [`next_change`];
//! [`reframe`] gives a kept one the frame of a pane that has the keys, or has them no more.

mod alerts;
mod bar_gauge;
mod changes;
mod freshness;
mod gauge;
mod gauge_bar;
mod heatmap;
mod histogram;
mod level;
mod logs;
mod readout;
mod stat;
mod states;
mod table;
mod text;
pub mod timeseries;

use std::{ops::Range, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::{Color, Modifier, Style},
};

pub use super::widget::frame::paste;
use super::{
    Role, Theme, sign,
    spots::Spots,
    widget::{frame::Frame, row},
};
pub use crate::app::world::rows::SlotView;
use crate::{
    app::world::rows::{Filter, Rows, legend::LegendState},
    config::{Pane, PaneKind},
    signal::{Curves, Data, Freshness, Reach, Series, Window, patience},
};

/// Everything one pane needs to be drawn.
#[derive(Clone, Debug)]
pub struct PaneInput<'a> {
    /// The pane as it was configured.
    pub pane: &'a Pane,
    /// The newest answer of each of its queries, in their order.
    pub slots: Vec<SlotView<'a>>,
    /// Whether it has the keys.
    pub focused: bool,
    /// Whether it has the whole screen.
    pub zoomed: bool,
    /// The present, for ages and for the end of a window that is live.
    pub now: Timestamp,
    /// The stretch of time shown.
    pub window: Window,
    /// The zone times are shown in.
    pub tz: TimeZone,
    /// What happened, for the time axis, in order of time.
    pub marks: &'a [Mark],
    /// The time from which users were hurt; `None` while nobody knows.
    pub onset: Option<Timestamp>,
    /// The rows of a list, sorted and filtered; none for what is no list.
    pub rows: Rows<'a>,
    /// The selected row, by its identity.
    pub cursor: Option<&'a str>,
    /// Rows hidden above; in logs, below the view.
    pub scroll: usize,
    /// Alerts of its sources that fire on purpose, all the time, and are missing.
    pub stopped: Vec<&'a str>,
    /// Whether log lines take as many lines as they need.
    pub wrapped: bool,
    /// What is marked in log lines, wherever it stands in them.
    pub marked: Vec<&'a str>,
    /// The words that all occur in each row or series that is shown; empty for all of them.
    pub filter: &'a str,
    /// The stretch of time that is being drawn over it with the mouse, in milliseconds.
    pub dragged: Option<(i64, i64)>,
    /// The time that is looked at in all panes.
    pub time: Option<Timestamp>,
    /// Whether such a time is looked at, and this pane shows what is so now all the same.
    pub is_beside_time: bool,
    /// Which series of a chart are drawn, where a person chose.
    pub legend: Option<&'a LegendState>,
    /// What its queries gave so much earlier, where that is compared.
    pub earlier: Option<(Duration, Vec<SlotView<'a>>)>,
    /// Why the fishiest of its series smells.
    pub smell: Option<String>,
}

/// Something that happened, for the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The time it stands at.
    pub at: Timestamp,
    /// The sign it gets.
    pub kind: MarkKind,
}

/// Ordered by how much it explains: where two marks meet, the greater one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// An alert group began to fire: `▲`.
    AlertStart,
    /// A deploy, a flag flip: `↺`.
    Change,
    /// Users began to be hurt: a line, and the word.
    Onset,
}

/// What a body wants said in the frame line.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The newest value, longest form first.
    value: Vec<Vec<(String, Style)>>,
    /// Whether the body says how long ago its sources were polled.
    tells_age: bool,
    /// Series that are there and hidden.
    hidden: usize,
    /// Times whose age the body says, besides those of rows that always say it.
    ages: Vec<Timestamp>,
}

impl Head {
    fn of(style: Style, forms: impl IntoIterator<Item = String>) -> Self {
        Self { value: forms.into_iter().map(|words| vec![(words, style)]).collect(), ..Self::default() }
    }
}

/// A body that is being drawn.
struct Body<'a, 'b> {
    input: &'b PaneInput<'a>,
    area: Rect,
    /// Columns left free on each side of it.
    air: u16,
    theme: &'b Theme,
    /// Where it is noted what is drawn where.
    spots: Option<&'b Spots>,
}

/// Draws a pane, frame and all, into `area`.
pub fn draw(input: &PaneInput<'_>, area: Rect, buf: &mut Buffer, theme: &Theme) -> Head {
    draw_noting(input, area, buf, theme, None)
}

/// Draws a pane, and notes what of it can be pointed at.
pub(super) fn draw_noting(
    input: &PaneInput<'_>,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
    spots: Option<&Spots>,
) -> Head {
    let area = area.intersection(buf.area);
    clear(area, buf);
    let inner = Frame::inner(area);
    let air = air(inner);
    let body =
        Body { input, area: Rect { x: inner.x + air, width: inner.width - 2 * air, ..inner }, air, theme, spots };
    let head = if inner.is_empty() { Head::default() } else { draw_body(&body, buf) };
    if freshness::all_old(input) || is_of_another_window(input) {
        fade(inner, buf, theme);
    }
    draw_frame(input, &head, area, buf, theme);
    underlay(area, buf, theme[Role::Background]);
    head
}

/// Draws the frame of a pane anew, around a body that is there and said this. Only where there is a [whole one](Frame::is_whole).
pub fn reframe(input: &PaneInput<'_>, head: &Head, buf: &mut Buffer, theme: &Theme) {
    let area = buf.area;
    let edges = Frame::edges(area);
    edges.iter().for_each(|edge| clear(*edge, buf));
    draw_frame(input, head, area, buf, theme);
    edges.iter().for_each(|edge| underlay(*edge, buf, theme[Role::Background]));
}

fn draw_frame(input: &PaneInput<'_>, head: &Head, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let (line, title) = if input.focused { (Role::Focus, Role::Focus) } else { (Role::Frame, Role::Title) };
    let filter = if input.filter.is_empty() { String::new() } else { format!("/{}", input.filter) };
    let of_now = if is_of_now(input) { "of now" } else { "" };
    let hidden = if head.hidden > 0 { format!("{} hidden", head.hidden) } else { String::new() };
    let against = timeseries::earlier::aside(input, area.width);
    let asides = [of_now, &against, &hidden, &filter];
    let mark = input.smell.iter().flat_map(|why| [format!("fishy: {why}"), "fishy".to_owned()]);
    let aside = asides.into_iter().filter(|aside| !aside.is_empty()).collect::<Vec<_>>().join(" ");
    Frame {
        title: &input.pane.title,
        aside: &aside,
        aside_stays: head.hidden > 0 || !of_now.is_empty() || !against.is_empty(),
        right: freshness::joined(input, head.value.clone(), theme),
        focused: input.focused,
        line_style: theme[line].remove_modifier(Modifier::BOLD),
        title_style: theme[title],
        aside_style: theme[Role::Dim],
        mark: mark.collect(),
        mark_style: theme[Role::Warning],
    }
    .draw(area, buf);
}

/// Said where everything a pane lists came after the time that is looked at.
const ALL_LATER: &str = "all of it later";

/// Whether panes of this kind show where the time is that is looked at.
pub(super) fn shows_time(kind: PaneKind) -> bool {
    matches!(kind, PaneKind::TimeSeries | PaneKind::Logs | PaneKind::Changes)
}

/// Whether panes of this kind show something of now only.
pub(super) fn shows_now(kind: PaneKind) -> bool {
    !shows_time(kind) && kind != PaneKind::Text
}

/// When a pane whose body said this would look different through the passing of time alone, because of an age or a date in
/// it.
pub fn next_change(input: &PaneInput<'_>, head: &Head) -> Option<Timestamp> {
    let slots = input.slots.iter();
    let turns_stale = slots.filter(|slot| slot.freshness == Freshness::Live).filter_map(|slot| {
        let limit = patience(slot.every) + Duration::from_millis(1);
        slot.last_good?.checked_add(limit).ok()
    });
    let ages = freshness::shown_ages(input, head.tells_age).chain(input.rows.ages()).chain(head.ages.iter().copied());
    let ticks = ages.filter_map(|since| {
        let age = crate::base::human_time::between(since, input.now).as_secs();
        let step = match age {
            ..60 => 1,
            60..3600 => 60,
            _ => 3600,
        };
        since.checked_add(Duration::from_secs((age / step + 1) * step)).ok()
    });
    let moves =
        matches!(input.pane.kind, PaneKind::TimeSeries | PaneKind::Stat).then(|| timeseries::next_stride(input));
    turns_stale.chain(ticks).chain(moves.flatten()).filter(|at| *at > input.now).min()
}

/// What a pane can show: by its kind, unless something else came.
fn draw_body(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let input = body.input;
    if input.pane.kind == PaneKind::Text {
        return text::draw(body, buf);
    }
    let Some(data) = input.slots.iter().find_map(|slot| Some(&slot.reading?.data)) else {
        row::middle(buf, body.area, &freshness::nothing_yet(input), body.theme[Role::Dim]);
        return Head::default();
    };
    let kind = input.pane.kind;
    match data {
        Data::Series(_) => match kind {
            PaneKind::Stat => stat::draw(body, buf),
            PaneKind::Gauge => gauge::draw(body, buf),
            PaneKind::BarGauge => bar_gauge::draw(body, buf),
            PaneKind::Table => table::draw(body, buf),
            PaneKind::TimeSeries => timeseries::draw(body, buf),
            _ => body.unexpected("numbers", buf),
        },
        Data::Number(_) => match kind {
            PaneKind::Gauge | PaneKind::BarGauge => gauge::draw(body, buf),
            PaneKind::Alerts | PaneKind::Changes | PaneKind::Logs => body.unexpected("a number", buf),
            _ => stat::draw(body, buf),
        },
        Data::Curves(_) => timeseries::draw(body, buf),
        Data::Readouts(_) => readout::draw(body, buf),
        Data::Heatmap(heatmap) => heatmap::draw(body, heatmap, buf),
        Data::Histogram(histogram) => histogram::draw(body, histogram, buf),
        Data::States(bands) => states::draw(body, bands, buf),
        Data::Table(_) => table::draw(body, buf),
        Data::Alerts(_) => alerts::draw(body, buf),
        Data::Changes(_) => changes::draw(body, buf),
        Data::Logs(_) => logs::draw(body, buf),
    }
}

impl<'a> Body<'a, '_> {
    fn style(&self, role: Role) -> Style {
        self.theme[role]
    }

    /// All series of all queries that pass the filter.
    fn series(&self) -> Vec<&'a Series> {
        let all = self.input.slots.iter().filter_map(|slot| match &slot.reading?.data {
            Data::Series(series) | Data::Curves(Curves { series, .. }) => Some(series),
            _ => None,
        });
        let filter = Filter::new(self.input.filter);
        let words = |series: &'a Series| series.labels.iter().map(|(_, value)| value).chain([series.name.as_ref()]);
        all.flatten().filter(|series| filter.passes(words(series))).collect()
    }

    /// How far the series reach, so that those that have ended can be told.
    fn reach(&self) -> Reach {
        let input = self.input;
        let until = input.slots.iter().filter_map(|slot| slot.until).max();
        let series = input.slots.iter().filter_map(|slot| match &slot.reading?.data {
            Data::Series(series) | Data::Curves(Curves { series, .. }) => Some(series),
            _ => None,
        });
        Reach::of(series.flatten(), until.map_or(i64::MIN, Timestamp::as_millisecond))
    }

    /// The end of a series in words, `ended 12:03`; `None` while it goes on.
    fn ended(&self, reach: &Reach, series: &Series) -> Option<String> {
        let at = reach.ended(series).and_then(|at| Timestamp::from_millisecond(at).ok())?;
        Some(timeseries::ended(self, at, timeseries::bounds(self.input)))
    }

    fn number(&self) -> Option<f64> {
        self.input.slots.iter().find_map(|slot| match &slot.reading?.data {
            Data::Number(value) => Some(*value),
            _ => None,
        })
    }

    /// What a source, or a cap, wants said about the readings; remarks only where the pane has the whole screen.
    fn warnings(&self) -> impl Iterator<Item = &'a str> {
        let all = self.input.slots.iter().filter_map(|slot| slot.reading).flat_map(|reading| &reading.warnings);
        all.map(String::as_str).filter(|warning| self.input.zoomed || !freshness::is_remark(warning))
    }

    /// Says why there is nothing to see.
    fn say(&self, words: &str, buf: &mut Buffer) -> Head {
        row::middle(buf, self.area, words, self.style(Role::Dim));
        Head::default()
    }

    /// The same, and how long ago that was heard.
    fn say_as_polled(&self, words: &str, buf: &mut Buffer) -> Head {
        let said = self.say(&format!("{words} · {}", freshness::polled(self.input)), buf);
        Head { tells_age: true, ..said }
    }

    fn unexpected(&self, found: &str, buf: &mut Buffer) -> Head {
        let wanted = match self.input.pane.kind {
            PaneKind::Alerts => "alerts",
            PaneKind::Changes => "changes",
            PaneKind::Logs => "log lines",
            _ => "something else",
        };
        self.say(&format!("expected {wanted}, but {found} came"), buf)
    }

    /// Says in words why no row passes: nothing came, or the filter hides it.
    fn say_no_rows(&self, what: &str, buf: &mut Buffer) -> Head {
        match self.input.filter {
            "" if is_of_now(self.input) => self.say_as_polled(&format!("{what} now"), buf),
            "" => self.say_as_polled(what, buf),
            filter => self.say(&format!("nothing matches /{filter}"), buf),
        }
    }

    /// Notes the rows in view, a line each from this one on.
    fn note_rows(&self, first: u16, height: usize, view: &Range<usize>, of: usize) {
        if let Some(spots) = self.spots {
            let area = Rect { y: self.area.y + first, height: height as u16, ..self.area };
            let air = Rect { x: area.x - self.air, width: area.width + 2 * self.air, ..area };
            spots.note_lines(air, view, of);
        }
    }

    /// The same of rows that take several lines, each given with how many, from the top on.
    fn note_tall_rows(&self, rows: impl Iterator<Item = (usize, u16)>, view: &Range<usize>, of: usize) {
        let Some(spots) = self.spots else { return };
        let air = Rect { x: self.area.x - self.air, width: self.area.width + 2 * self.air, ..self.area };
        spots.note_tall(air, rows, view.start, of.saturating_sub(view.len()));
    }

    /// Marks the last line that is not later than the time that is looked at, where there is air beside it.
    fn mark_time(&self, at: u16, buf: &mut Buffer) {
        if self.air > 0 {
            let line = self.line(at);
            let beside = Rect { x: line.x - self.air, width: self.air, ..line };
            row::put(buf, beside, beside.x, beside.y, sign::TIME, self.style(Role::Focus));
        }
    }

    fn line(&self, at: u16) -> Rect {
        Rect { y: self.area.y + at, height: 1, ..self.area }
    }
}

/// Whether a pane shows what is so now while the charts show an earlier stretch of time, or one time is looked at in them.
fn is_of_now(input: &PaneInput<'_>) -> bool {
    input.is_beside_time || (!input.window.is_live() && input.slots.iter().any(|slot| !slot.follows))
}

/// Whether what is shown was reckoned over the stretch of time that was shown before, and its numbers do not say so; a
/// curve does, by its axis.
fn is_of_another_window(input: &PaneInput<'_>) -> bool {
    let is_before = |slot: &SlotView<'_>| slot.follows && slot.reading.is_some() && slot.until.is_none();
    input.pane.kind != PaneKind::TimeSeries && !input.slots.is_empty() && input.slots.iter().all(is_before)
}

/// Columns left free on both sides, where there is enough room.
fn air(area: Rect) -> u16 {
    u16::from(area.width >= 28)
}

/// Empties the cells of an area.
pub(super) fn clear(area: Rect, buf: &mut Buffer) {
    cells(area, buf).for_each(Cell::reset);
}

/// Old data stays, in one quiet colour.
fn fade(area: Rect, buf: &mut Buffer, theme: &Theme) {
    let style = theme[Role::Stale];
    let style = Style { fg: style.fg, ..style.remove_modifier(Modifier::BOLD) };
    cells(area, buf).for_each(|cell| {
        cell.set_style(style);
    });
}

/// Puts the background under every cell that has none of its own.
pub(super) fn underlay(area: Rect, buf: &mut Buffer, style: Style) {
    let (fg, bg) = (style.fg.unwrap_or(Color::Reset), style.bg.unwrap_or(Color::Reset));
    for cell in cells(area, buf) {
        if cell.bg == Color::Reset {
            cell.bg = bg;
        }
        if cell.fg == Color::Reset {
            cell.fg = fg;
        }
    }
}

/// The cells of an area, as far as it lies in the buffer. Where each is found is reckoned once a row.
fn cells(area: Rect, buf: &mut Buffer) -> impl Iterator<Item = &mut Cell> {
    let (all, area) = (buf.area, area.intersection(buf.area));
    let area = if area.is_empty() { Rect { width: 0, height: 0, ..all } } else { area };
    let (left, right) = (usize::from(area.x - all.x), usize::from(area.right() - all.x));
    let rows = buf.content.chunks_exact_mut(usize::from(all.width).max(1));
    rows.skip(usize::from(area.y - all.y)).take(area.height.into()).flat_map(move |row| &mut row[left..right])
}
