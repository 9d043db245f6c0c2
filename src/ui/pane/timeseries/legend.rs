//! Which line is which, in one line of text.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, Line, scale::Span};
use crate::{
    config::Pane,
    signal::Series,
    ui::{
        Role,
        widget::{row, text},
    },
};

/// Signs of lines, so that they can be told apart without colour; the sign also stands at the end of its line.
pub const SIGNS: [&str; 8] = ["■", "◆", "▮", "□", "◇", "▯", "◈", "▣"];

/// Cells a name keeps when all names have to give way.
const LEAST_NAME: usize = 6;

/// Cells a name has at most when values have already given way.
const MOST_NAME: usize = 40;

/// The name of a series: the pane's template filled in, else what the source calls it, else its labels.
pub fn name(series: &Series, pane: &Pane) -> String {
    let filled = pane.legend.as_ref().map(|template| fill(template, series)).unwrap_or_default();
    if !filled.trim().is_empty() {
        filled
    } else if !series.name.is_empty() {
        series.name.to_string()
    } else {
        series.labels.to_string()
    }
}

/// `{{code}} on {{pod}}` with the labels of a series; a label it does not have leaves nothing.
fn fill(template: &str, series: &Series) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((label, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        out.push_str(series.labels.get(label.trim()).unwrap_or_default());
        rest = after;
    }
    out + rest
}

/// `■ 500 12.3  ◆ 503 0.4  +192 more`: greatest first. Where it is too long the values go first (they stand at the
/// lines), then the ends of names, then names; lines without a name here are counted.
pub(super) fn draw(
    body: &Body<'_, '_>,
    lines: &[Line<'_>],
    (notes, total): (&[String], usize),
    span: &Span,
    area: Rect,
    buf: &mut Buffer,
) {
    let dim = body.style(Role::Dim);
    let width = usize::from(area.width);
    let note = notes.join(" · ");
    let names: Vec<String> = lines.iter().map(|line| name(line.series, body.input.pane)).collect();
    let mut x = area.x;
    if total == 1 {
        let name = if super::names_its_line(body) { names.concat() } else { String::new() };
        let gap = if name.is_empty() || note.is_empty() { "" } else { " · " };
        row::line(buf, area, &[(&format!("{name}{gap}{note}"), dim)], &[]);
        return;
    }
    let values: Vec<String> = lines.iter().map(|line| value(line.now, span)).collect();
    let note_cells = if note.is_empty() { 0 } else { (text::width(&note) + 2).min(width / 2) };
    let fit = fit(&names, &values, total, width - note_cells);
    for (at, (name, value)) in names.iter().zip(&values).enumerate().take(fit.shown) {
        let style = body.style(Role::series(at));
        x = row::put(buf, area, x, area.y, SIGNS[at % SIGNS.len()], style);
        x = row::put(buf, area, x, area.y, &format!(" {}", text::clip_middle(name, fit.name)), dim);
        if fit.values {
            x = row::put(buf, area, x, area.y, &format!(" {value}"), style);
        }
        x = row::put(buf, area, x, area.y, "  ", dim);
    }
    let hidden = if total > fit.shown { format!("+{} more", total - fit.shown) } else { String::new() };
    let gap = if hidden.is_empty() || note.is_empty() { "" } else { " · " };
    let rest = format!("{hidden}{gap}{note}");
    row::put(buf, area, x, area.y, &text::clip(&rest, area.right().saturating_sub(x).into()), dim);
}

/// What of a legend fits.
#[derive(Debug, PartialEq, Eq)]
struct Fit {
    /// How many lines are named.
    shown: usize,
    /// Whether their values are said.
    values: bool,
    /// Cells a name may take.
    name: usize,
}

fn fit(names: &[String], values: &[String], total: usize, room: usize) -> Fit {
    // A sign, a space, the name; two cells between items.
    let cells = |fit: &Fit| {
        let items = names.iter().zip(values).take(fit.shown);
        let sum: usize = items
            .map(|(name, value)| {
                4 + text::width(name).min(fit.name) + if fit.values { 1 + text::width(value) } else { 0 }
            })
            .sum();
        let more = if total > fit.shown { format!("+{} more", total - fit.shown).len() + 2 } else { 0 };
        (sum + more).saturating_sub(2)
    };
    for shown in (1..=names.len()).rev() {
        let full = Fit { shown, values: true, name: usize::MAX };
        if cells(&full) <= room {
            return full;
        }
        let mut fit = Fit { shown, values: false, name: MOST_NAME };
        while cells(&fit) > room && fit.name > LEAST_NAME {
            fit.name -= 1;
        }
        if cells(&fit) <= room {
            return fit;
        }
    }
    Fit { shown: names.len().min(1), values: false, name: room.saturating_sub(2).max(1) }
}

fn value(now: f64, span: &Span) -> String {
    match now {
        _ if now.is_nan() => "NaN".into(),
        f64::INFINITY => "+∞".into(),
        f64::NEG_INFINITY => "−∞".into(),
        _ => span.digits(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Labels;

    #[track_caller]
    fn check(template: Option<&str>, expected: &str) {
        let mut pane = Pane::titled("a");
        pane.legend = template.map(str::to_owned);
        let labels = Labels::of([("code", "500"), ("pod", "checkout-1")]);
        assert_eq!(name(&Series { name: "errors".into(), labels, points: vec![] }, &pane), expected);
    }

    #[track_caller]
    fn check_fit(room: usize, expected: (usize, bool, usize)) {
        let names = ["checkout", "payments", "search", "cart"].map(str::to_owned);
        let values = ["2.85", "1.21", "0.588", "0.098"].map(str::to_owned);
        let found = fit(&names, &values, 4, room);
        assert_eq!((found.shown, found.values, found.name.min(8)), expected);
    }

    #[test]
    fn values_give_way_before_names() {
        check_fit(80, (4, true, 8));
        check_fit(45, (4, false, 8));
        check_fit(36, (4, false, 6));
        check_fit(30, (2, false, 7));
        check_fit(12, (1, false, 8));
    }

    #[test]
    fn names_of_lines() {
        check(None, "errors");
        check(Some("{{code}} on {{ pod }}"), "500 on checkout-1");
        check(Some("{{nope}}"), "errors");
        check(Some("all {{code"), "all {{code");
    }
}
