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

/// `■ 500 12.3  ◆ 503 0.4  +192 more`: as many lines as fit, greatest first; what is left out is counted.
pub(super) fn draw(
    body: &Body<'_, '_>,
    lines: &[Line<'_>],
    notes: &[String],
    span: &Span,
    area: Rect,
    buf: &mut Buffer,
) {
    let dim = body.style(Role::Dim);
    let note = notes.join(" · ");
    let room = usize::from(area.width).saturating_sub(if note.is_empty() { 0 } else { text::width(&note) + 2 });
    let items: Vec<(String, String)> =
        lines.iter().map(|line| (name(line.series, body.input.pane), value(line.now, span))).collect();
    let wanted: usize = items.iter().map(|(name, value)| text::width(name) + text::width(value) + 5).sum();
    let fixed: usize = items.iter().map(|(_, value)| text::width(value) + 5).sum();
    let longest = match wanted > room {
        true => (room.saturating_sub(fixed) / items.len().max(1)).max(LEAST_NAME),
        false => usize::MAX,
    };
    let several = lines.len() > 1;
    let mut used = 0;
    let mut x = area.x;
    for (at, (name, value)) in items.iter().enumerate() {
        let name = text::clip(name, longest);
        let sign = if several { SIGNS[at % SIGNS.len()] } else { "" };
        let value = if several { value.as_str() } else { "" };
        let cells = text::width(&name) + text::width(value) + if several { 5 } else { 2 };
        if used + cells > room + 2 && at > 0 {
            break;
        }
        used += cells;
        let style = body.style(Role::series(at));
        for (words, style) in [(sign, style), (if several { " " } else { "" }, style), (&name, dim), (" ", dim), (value, style)] {
            x = row::put(buf, area, x, area.y, words, style);
        }
        x = row::put(buf, area, x, area.y, "  ", dim);
    }
    let left = area.right().saturating_sub(x);
    row::put(buf, area, x, area.y, &text::clip(&note, left.into()), dim);
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

    #[test]
    fn names_of_lines() {
        check(None, "errors");
        check(Some("{{code}} on {{ pod }}"), "500 on checkout-1");
        check(Some("{{nope}}"), "errors");
        check(Some("all {{code"), "all {{code");
    }
}
