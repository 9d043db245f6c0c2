//! The legend of a chart that fills the view: a line for each series, of which one is selected.
//!
//! ```text
//!   12 series by now · 8 drawn · 3 hidden        now        max
//! › ■ checkout-2                          12.3 req/s 45.1 req/s
//!   ◆ checkout-1                           0.4 req/s  0.6 req/s
//!     cart                                 0.1 req/s  0.2 req/s  hidden
//! ```

use ratatui::{buffer::Buffer, layout::Rect};

use super::{At, Body, ended, legend::SIGNS};
use crate::{
    app::world::rows::{
        legend::{Legend, LegendLine, LegendOrder, MAX_LINES},
        series_names,
    },
    ui::{
        Role,
        pane::alerts,
        widget::{list, row, text},
    },
};

/// The least height of a body in which there is room for it.
const LEAST: u16 = 12;
/// Cells of a value, at least.
const VALUE: usize = 10;

/// How many lines it takes; none unless the chart fills the view and has several series.
pub(super) fn height(body: &Body<'_, '_>, legend: &Legend<'_>) -> u16 {
    let is_alone = legend.lines.len() < 2 && body.input.filter.is_empty();
    if !body.input.zoomed || is_alone || body.area.height < LEAST {
        return 0;
    }
    // Beside a line of words, as many series as leave the plot two thirds.
    let most = body.area.height / 3 - 1;
    1 + u16::try_from(legend.lines.len()).unwrap_or(u16::MAX).min(most)
}

/// What is said of one series.
struct Said {
    name: String,
    values: [String; 2],
    /// Why it has no line of its own; empty where it has.
    state: &'static str,
}

pub(super) fn draw(
    body: &Body<'_, '_>,
    legend: &Legend<'_>,
    (drawn, order): (&[LegendLine<'_>], LegendOrder),
    (at, window): (Option<At>, (i64, i64)),
    area: Rect,
    buf: &mut Buffer,
) {
    let dim = body.style(Role::Dim);
    let rows = usize::from(area.height - 1);
    let selected = body.input.cursor.and_then(|key| legend.lines.iter().position(|line| line.key() == key));
    let view = list::in_view(legend.lines.len(), rows, 0, selected);
    let names = series_names::of(&legend.all, body.input.pane).long;
    let said: Vec<Said> = legend.lines[view.clone()]
        .iter()
        .map(|line| Said {
            name: names[line.place].clone(),
            values: values(body, line, (at, window)),
            state: match line.shown {
                false => "hidden",
                true if drawn.iter().any(|other| other.place == line.place) => "",
                true => "not drawn",
            },
        })
        .collect();
    let headings = [at.map_or_else(|| "now".to_owned(), |at| at.clock(body, window)), "max".to_owned()];
    let told = told(legend, drawn.len(), order, list::position(&view, legend.lines.len()));
    let cells = |at: usize| {
        let widest = said.iter().map(|said| text::width(&said.values[at])).max().unwrap_or_default();
        widest.max(text::width(&headings[at])).max(VALUE) + 2
    };
    let (now, max) = (cells(0), cells(1));
    let widest = said.iter().map(|said| text::width(&said.name) + 2).max().unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(now + max);
    let name = widest.max(text::width(&told)).min(room);
    let line = |at: usize| Rect { y: area.y + at as u16, height: 1, ..area };
    let columns = |words: &[String; 2]| format!("{}{}", text::right(&words[0], now), text::right(&words[1], max));
    let heading = format!("{}{}", text::left(&told, name), columns(&headings));
    row::line(buf, line(0), &[(&heading, dim)], &[]);
    for (at, (entry, said)) in (1..).zip(legend.lines[view].iter().zip(&said)) {
        let place = drawn.iter().position(|other| other.place == entry.place);
        let (sign, style) = match place {
            Some(place) if entry.ended.is_none() => (SIGNS[place % SIGNS.len()], body.style(Role::series(place))),
            Some(place) => (SIGNS[place % SIGNS.len()], dim),
            None => (" ", dim),
        };
        let name_style = if place.is_some() { body.style(Role::Text) } else { dim };
        let words = text::left(&text::clip_middle(&said.name, name.saturating_sub(2)), name.saturating_sub(2));
        let state = if said.state.is_empty() { String::new() } else { format!("  {}", said.state) };
        let parts = [
            (sign, style),
            (" ", dim),
            (words.as_str(), name_style),
            (&text::right(&said.values[0], now), style),
            (&text::right(&said.values[1], max), dim),
            (&state, dim),
        ];
        row::line(buf, line(at), &parts, &[]);
        if body.input.cursor.is_some_and(|key| entry.key() == key) {
            alerts::select(body, line(at), buf);
        }
    }
}

/// Now, or at the time that is looked at; and the greatest in the window.
fn values(body: &Body<'_, '_>, line: &LegendLine<'_>, (at, window): (Option<At>, (i64, i64))) -> [String; 2] {
    let unit = line.unit(body.input.pane);
    let words = |value: f64| if value.is_nan() { "NaN".to_owned() } else { unit.format(value) };
    let now = match (at, line.ended) {
        (Some(at), _) => at.value(body, line, window),
        (None, Some(at)) => ended(body, at, window),
        (None, None) => words(line.now),
    };
    [now, words(line.max(window))]
}

/// `12 series by now · 8 drawn · 3 hidden`.
fn told(legend: &Legend<'_>, drawn: usize, order: LegendOrder, position: Option<String>) -> String {
    let by = match order {
        LegendOrder::Now => "now",
        LegendOrder::Max => "maximum",
        LegendOrder::Name => "name",
    };
    let (all, hidden) = (legend.lines.len(), legend.hidden());
    let drawn = (all - hidden > MAX_LINES).then(|| format!("{drawn} drawn"));
    let hidden = (hidden > 0).then(|| format!("{hidden} hidden"));
    let whole = [Some(format!("{all} series by {by}")), drawn, hidden, position.map(|at| format!("lines {at}"))];
    whole.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
