//! Which line is which, in one line of text.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, scale::Span};
use crate::ui::{
    Role,
    widget::{row, text},
};

/// Signs of lines, so that they can be told apart without colour; the sign also stands at the end of its line.
pub const SIGNS: [&str; 8] = ["■", "◆", "▮", "□", "◇", "▯", "◈", "▣"];

/// Cells a name keeps when all names have to give way, and as many more as it takes to tell them apart.
const LEAST_NAME: usize = 8;

/// Cells a name has at most when values have already given way.
const MOST_NAME: usize = 40;

/// What of the legend is said of one line.
#[derive(Debug)]
pub(super) struct Item {
    /// Its name with all that differs, and with as little as will do.
    pub(super) names: [String; 2],
    /// Its newest value; when it ended, if it has.
    pub(super) value: String,
    /// Whether it has ended.
    pub(super) ended: bool,
}

/// `■ 500 12.3  ◆ 503 0.4  +192 more`: greatest first. Where it is too long the values go first (they stand at the
/// lines), then the middles of names, then names; lines without a name here are counted. At a time that is looked at the
/// values stay and names give way; it takes no more room than without one, so that the plot stays where it is.
#[derive(Debug, Default)]
pub(super) struct Legend {
    items: Vec<Item>,
    /// What the picture alone does not say.
    note: String,
    /// Series that are there, and those of them that are hidden.
    count: (usize, usize),
    fit: Fit,
}

impl Legend {
    pub(super) fn of(
        body: &Body<'_, '_>,
        items: Vec<Item>,
        notes: &[String],
        count: (usize, usize),
        is_at_a_time: bool,
    ) -> Self {
        let (note, width) = (notes.join(" · "), usize::from(body.area.width));
        let shown = count.0 - count.1;
        let fit = match is_at_a_time {
            _ if count.0 == 1 => Fit { rows: 1, ..Fit::default() },
            true => fit_with_values(&items, (shown, &note), width),
            false => {
                let note = if note.is_empty() { 0 } else { (text::width(&note) + 2).min(width / 2) };
                fit(&items, shown, width - note)
            }
        };
        Self { items, note, count, fit }
    }

    /// How many lines it takes.
    pub(super) fn height(&self) -> u16 {
        self.fit.rows as u16
    }

    pub(super) fn draw(&self, body: &Body<'_, '_>, area: Rect, buf: &mut Buffer) {
        let Self { items, note, count, fit } = self;
        let dim = body.style(Role::Dim);
        if area.is_empty() {
            return;
        }
        if count.0 == 1 {
            let name = items.first().filter(|_| super::names_its_line(body)).map_or("", |item| &item.names[0]);
            let gap = if name.is_empty() || note.is_empty() { "" } else { " · " };
            row::line(buf, area, &[(&format!("{name}{gap}{note}"), dim)], &[]);
            return;
        }
        let (mut x, y) = (area.x, area.y);
        for (at, item) in items.iter().enumerate().take(fit.shown) {
            let style = if item.ended { dim } else { body.style(Role::series(at)) };
            x = row::put(buf, area, x, y, SIGNS[at % SIGNS.len()], style);
            let name = text::clip_middle(&item.names[usize::from(!fit.long)], fit.name);
            x = row::put(buf, area, x, y, &format!(" {name}"), dim);
            if fit.values || item.ended {
                x = row::put(buf, area, x, y, &format!(" {}", item.value), style);
            }
            x = row::put(buf, area, x, y, "  ", dim);
        }
        let rest = rest(count.0 - count.1, fit.shown, note);
        row::put(buf, area, x, y, &text::clip(&rest, area.right().saturating_sub(x).into()), dim);
    }
}

/// What stands behind the lines: how many are not named, and the notes.
fn rest(total: usize, shown: usize, note: &str) -> String {
    let hidden = if total > shown { format!("+{} more", total - shown) } else { String::new() };
    let gap = if hidden.is_empty() || note.is_empty() { "" } else { " · " };
    format!("{hidden}{gap}{note}")
}

/// What of a legend fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Fit {
    /// Lines of text; 0 for no legend.
    rows: usize,
    /// Lines that are named; the others are counted.
    shown: usize,
    /// Whether names have all that differs.
    long: bool,
    /// Whether their values are said.
    values: bool,
    /// Cells a name may take.
    name: usize,
}

impl Fit {
    /// A sign, a space, the name, the value.
    fn cells(&self, item: &Item) -> usize {
        let value = if self.values || item.ended { 1 + text::width(&item.value) } else { 0 };
        2 + text::width(&item.names[usize::from(!self.long)]).min(self.name) + value
    }
}

/// How items fit, each with its value; `total` is how many lines there are.
fn fit_with_values(items: &[Item], (total, note): (usize, &str), width: usize) -> Fit {
    for shown in (1..=items.len()).rev() {
        let (least, behind) = (least_name(&items[..shown]), text::width(&rest(total, shown, note)));
        for (long, name) in [(true, usize::MAX), (false, usize::MAX), (false, MOST_NAME), (false, least)] {
            let fit = Fit { rows: 1, shown, long, values: true, name };
            let cells: usize = items.iter().take(shown).map(|item| fit.cells(item) + 2).sum();
            if cells + behind <= width + if behind == 0 { 2 } else { 0 } {
                return fit;
            }
        }
    }
    Fit { rows: 1, shown: items.len().min(1), long: false, values: true, name: LEAST_NAME }
}

fn fit(items: &[Item], total: usize, room: usize) -> Fit {
    // Two cells between items.
    let cells = |fit: &Fit| {
        let sum: usize = items.iter().take(fit.shown).map(|item| 2 + fit.cells(item)).sum();
        let more = if total > fit.shown { format!("+{} more", total - fit.shown).len() + 2 } else { 0 };
        (sum + more).saturating_sub(2)
    };
    for shown in (1..=items.len()).rev() {
        for (long, values) in [(true, true), (true, false), (false, true), (false, false)] {
            let whole = Fit { rows: 1, shown, long, values, name: usize::MAX };
            if cells(&whole) <= room {
                return whole;
            }
        }
        // Of a name most is kept: fewer that can be read say more than many that cannot.
        let longest = items.iter().take(shown).map(|item| text::width(&item.names[1])).max().unwrap_or(0);
        let least = least_name(&items[..shown]).max(longest.min(MOST_NAME) * 3 / 4);
        let mut fit = Fit { rows: 1, shown, long: false, values: false, name: MOST_NAME };
        while cells(&fit) > room && fit.name > least {
            fit.name -= 1;
        }
        if cells(&fit) <= room {
            return fit;
        }
    }
    Fit { rows: 1, shown: items.len().min(1), long: false, values: false, name: room.saturating_sub(2).max(1) }
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
    fn fewer_names_before_names_that_nobody_can_read() {
        let found = fit(&items(&["checkout v2.3.1", "payments v4.8.0", "cart v3.2.2", "search v1.9.0"]), 4, 36);
        assert_eq!((found.shown, found.name), (1, usize::MAX));
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
}
