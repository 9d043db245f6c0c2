//! Which line is which, in one line of text.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, scale::Span};
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

/// Cells a name keeps when all names have to give way, and as many more as it takes to tell them apart.
const LEAST_NAME: usize = 8;

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

/// What of the legend is said of one line.
pub(super) struct Item {
    /// Its name with all that differs, and with as little as will do.
    pub(super) names: [String; 2],
    /// Its newest value; when it ended, if it has.
    pub(super) value: String,
    /// Whether it has ended.
    pub(super) ended: bool,
}

/// `■ 500 12.3  ◆ 503 0.4  +192 more`: greatest first. Where it is too long the values go first (they stand at the
/// lines), then the middles of names, then names; lines without a name here are counted.
pub(super) fn draw(
    body: &Body<'_, '_>,
    items: &[Item],
    (notes, total): (&[String], usize),
    area: Rect,
    buf: &mut Buffer,
) {
    let dim = body.style(Role::Dim);
    let width = usize::from(area.width);
    let note = notes.join(" · ");
    let mut x = area.x;
    if total == 1 {
        let name = items.first().filter(|_| super::names_its_line(body)).map_or("", |item| &item.names[0]);
        let gap = if name.is_empty() || note.is_empty() { "" } else { " · " };
        row::line(buf, area, &[(&format!("{name}{gap}{note}"), dim)], &[]);
        return;
    }
    let note_cells = if note.is_empty() { 0 } else { (text::width(&note) + 2).min(width / 2) };
    let fit = fit(items, total, width - note_cells);
    for (at, item) in items.iter().enumerate().take(fit.shown) {
        let style = if item.ended { dim } else { body.style(Role::series(at)) };
        x = row::put(buf, area, x, area.y, SIGNS[at % SIGNS.len()], style);
        let name = text::clip_middle(&item.names[usize::from(!fit.long)], fit.name);
        x = row::put(buf, area, x, area.y, &format!(" {name}"), dim);
        if fit.values || item.ended {
            x = row::put(buf, area, x, area.y, &format!(" {}", item.value), style);
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
    /// Lines that are named; the others are counted.
    shown: usize,
    /// Whether names have all that differs.
    long: bool,
    /// Whether their values are said.
    values: bool,
    /// Cells a name may take.
    name: usize,
}

fn fit(items: &[Item], total: usize, room: usize) -> Fit {
    // A sign, a space, the name; two cells between items.
    let cells = |fit: &Fit| {
        let item = |item: &Item| {
            let value = if fit.values || item.ended { 1 + text::width(&item.value) } else { 0 };
            4 + text::width(&item.names[usize::from(!fit.long)]).min(fit.name) + value
        };
        let sum: usize = items.iter().take(fit.shown).map(item).sum();
        let more = if total > fit.shown { format!("+{} more", total - fit.shown).len() + 2 } else { 0 };
        (sum + more).saturating_sub(2)
    };
    for shown in (1..=items.len()).rev() {
        for (long, values) in [(true, true), (true, false), (false, true), (false, false)] {
            let whole = Fit { shown, long, values, name: usize::MAX };
            if cells(&whole) <= room {
                return whole;
            }
        }
        let least = least_name(&items[..shown]);
        let mut fit = Fit { shown, long: false, values: false, name: MOST_NAME };
        while cells(&fit) > room && fit.name > least {
            fit.name -= 1;
        }
        if cells(&fit) <= room {
            return fit;
        }
    }
    Fit { shown: items.len().min(1), long: false, values: false, name: room.saturating_sub(2).max(1) }
}

/// Cells in which names, cut in the middle, still differ.
fn least_name(items: &[Item]) -> usize {
    let differ = |cells: &usize| {
        let mut names: Vec<_> = items.iter().map(|item| text::clip_middle(&item.names[1], *cells)).collect();
        names.sort_unstable();
        names.windows(2).all(|pair| pair[0] != pair[1])
    };
    (LEAST_NAME..MOST_NAME).find(differ).unwrap_or(LEAST_NAME)
}

pub(super) fn value(now: f64, span: &Span) -> String {
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

    fn items(names: &[&str]) -> Vec<Item> {
        let values = ["2.85", "1.21", "0.588", "0.098"];
        let item = |(name, value): (&&str, &str)| Item {
            names: [format!("v1 {name}"), (*name).to_owned()],
            value: value.to_owned(),
            ended: false,
        };
        names.iter().zip(values).map(item).collect()
    }

    #[track_caller]
    fn check_fit(room: usize, expected: (usize, bool, bool, usize)) {
        let found = fit(&items(&["checkout-2", "payments", "search", "cart"]), 4, room);
        assert_eq!((found.shown, found.long, found.values, found.name.min(10)), expected);
    }

    #[test]
    fn values_give_way_before_names() {
        check_fit(90, (4, true, true, 10));
        check_fit(60, (4, true, false, 10));
        check_fit(44, (4, false, false, 10));
        check_fit(41, (4, false, false, 9));
        check_fit(31, (2, false, false, 8));
        check_fit(12, (1, false, false, 10));
    }

    #[test]
    fn names_that_are_cut_still_differ() {
        check_least(&["checkout", "payments"], LEAST_NAME);
        check_least(&["checkout-v2.3.1-abc", "checkout-v2.3.2-abc", "cart"], 12);
        check_least(&["the same", "the same"], LEAST_NAME);
    }

    #[track_caller]
    fn check_least(names: &[&str], expected: usize) {
        assert_eq!(least_name(&items(names)), expected);
    }

    #[test]
    fn names_of_lines() {
        check(None, "errors");
        check(Some("{{code}} on {{ pod }}"), "500 on checkout-1");
        check(Some("{{nope}}"), "errors");
        check(Some("all {{code"), "all {{code");
    }
}
