//! A bar a series: name, bar, value.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, Head, alerts, gauge_bar, level};
use crate::{
    app::world::rows::{What, series_names},
    signal::Series,
    ui::{
        Role,
        widget::{list, row, text},
    },
};

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let pane = body.input.pane;
    let all = body.input.rows.shown();
    // A gauge that got several series has no rows to select, but is drawn the same.
    let series: Vec<(&str, &Series)> = match all.as_slice() {
        [] => body.series().into_iter().map(|series| ("", series)).collect(),
        rows => rows
            .iter()
            .filter_map(|row| match row.what {
                What::Series(series) => Some((row.id.as_str(), series)),
                _ => None,
            })
            .collect(),
    };
    let names = series_names::of(&series.iter().map(|(_, series)| *series).collect::<Vec<_>>(), pane).long;
    let named = series.into_iter().zip(names);
    let named: Vec<_> = named.filter_map(|((id, s), name)| Some((id, name, s.last()?.v, s))).collect();
    if named.is_empty() {
        return body.say_no_rows("no series", buf);
    }
    let values: Vec<f64> = named.iter().map(|row| row.2).collect();
    let ends = gauge_bar::ends(body, &values);
    let reach = body.reach();
    let word = |(_, _, value, series): &(&str, String, f64, &Series)| match body.ended(&reach, series) {
        Some(ended) => (body.style(Role::Dim), ended, true),
        None => {
            let level = level::of(&pane.thresholds, *value);
            let words = format!("{}{}", level::sign(level), pane.unit.format(*value));
            (level::row_style(level, body.theme), words, false)
        }
    };
    let words: Vec<_> = named.iter().map(word).collect();
    let width = usize::from(body.area.width);
    let value_cells = words.iter().map(|(_, words, _)| text::width(words)).max().unwrap_or_default().min(width);
    let room = width.saturating_sub(value_cells + 1);
    let longest = named.iter().map(|row| text::width(&row.1)).max().unwrap_or_default();
    let name_cells = longest.min(room / 2);
    let selected = body.input.cursor.and_then(|id| named.iter().position(|row| row.0 == id));
    let view = list::in_view(named.len(), body.area.height.into(), body.input.scroll, selected);
    body.note_rows(0, body.area.height.into(), &view, named.len());
    for (at, index) in (0..).zip(view.clone()) {
        let ((id, name, value, _), (style, words, ended)) = (&named[index], &words[index]);
        let line = body.line(at);
        let shown = text::right(words, value_cells);
        let name = text::left(&text::clip_middle(name, name_cells), name_cells);
        row::line(buf, line, &[(&name, body.style(Role::Text))], &[(&shown, *style)]);
        let bar = room.saturating_sub(name_cells + 1);
        if bar >= 4 && !ended {
            let area = Rect { x: line.x + name_cells as u16 + 1, width: bar as u16, ..line };
            gauge_bar::draw_bar(body, area, *value, ends, buf);
        }
        if !id.is_empty() && body.input.cursor == Some(*id) {
            alerts::select(body, line, buf);
        }
    }
    Head::of(body.style(Role::Dim), list::position(&view, named.len()))
}
