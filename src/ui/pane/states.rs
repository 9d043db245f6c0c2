//! What state things were in: a line each, with its name, its past and its state of now.
//!
//! ```text
//! ┌ Component up ─────────────────────────────────────── ▲ 1 of 3 ┐
//! │core      ─ up ────────────────────────────────────────── up   │
//! │registry  ─ up ───────────█ down █████████████████████ ▲ down  │
//! │trivy     ─ up ─█─ up ─────────────────────────────────── up   │
//! │          02:46           03:06                  03:16         │
//! │█ down 14 %  ─ up 86 %                                         │
//! └───────────────────────────────────────────────────────────────┘
//! ```

use std::collections::BTreeMap;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Body, Head, timeseries};
use crate::{
    app::world::rows::Filter,
    signal::{Band, Stretch, Tone, unit::percent},
    ui::{
        Role, sign,
        widget::{row, text},
    },
};

/// Signs of states that are neither good nor bad, in the order of their words.
const FILLS: [&str; 3] = ["━", "▒", "░"];

/// How a state is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    fill: &'static str,
    role: Role,
    sign: &'static str,
}

/// How much of the window a state may end before the newest and still be of now: a step or two.
const LATE: i64 = 50;

/// The states that occur, each with its look and how long it lasted, in milliseconds.
struct States<'a>(BTreeMap<(Rank, &'a str), (Look, i64)>);

/// Bad first.
type Rank = u8;

pub(super) fn draw(body: &Body<'_, '_>, bands: &[Band], buf: &mut Buffer) -> Head {
    let filter = Filter::new(body.input.filter);
    let shown: Vec<&Band> = bands.iter().filter(|band| filter.passes([band.name.as_str()])).collect();
    if shown.is_empty() {
        return body.say_no_rows("no states", buf);
    }
    let window = timeseries::bounds(body.input);
    let states = States::of(&shown, window);
    let Rect { width, height, .. } = body.area;
    let axis_lines = u16::from(height >= 4);
    let legend_lines = u16::from(height >= 5);
    let lines = usize::from(height - axis_lines - legend_lines);
    let view = &shown[..shown.len().min(lines)];
    let now: Vec<Option<&Stretch>> = view.iter().map(|band| now(band, &shown, body, window)).collect();
    let said: Vec<String> =
        now.iter().map(|stretch| stretch.map_or_else(String::new, |one| states.said(one))).collect();
    let longest = |words: &mut dyn Iterator<Item = usize>| words.max().unwrap_or_default();
    let room = usize::from(width);
    let name_cells = longest(&mut view.iter().map(|band| text::width(&band.name))).min(room / 3);
    let now_cells = longest(&mut said.iter().map(|words| text::width(words))).min(room / 4);
    let left = if name_cells > 0 { name_cells as u16 + 1 } else { 0 };
    let right = if now_cells > 0 { now_cells as u16 + 1 } else { 0 };
    let plot = Rect { x: body.area.x + left, width: width.saturating_sub(left + right), ..body.area };
    // Where there is room they stand apart, and are broad.
    let each = (lines / view.len().max(1)).clamp(1, 3) as u16;
    let broad = each.saturating_sub(1).max(1);
    for (nth, (band, (stretch, words))) in (0..).zip(view.iter().zip(now.iter().zip(&said))) {
        let line = body.line(nth * each);
        let name = text::clip_middle(&band.name, name_cells);
        row::put(buf, line, line.x, line.y, &name, body.style(Role::Text));
        states.draw_band(body, band, window, Rect { y: line.y, height: broad, ..plot }, buf);
        let style = stretch.map_or_else(Style::new, |stretch| states.style(body, stretch));
        let words = text::right(&text::clip(words, now_cells), right.into());
        row::put(buf, line, plot.right(), line.y, &words, style);
    }
    if axis_lines == 1 {
        let y = body.area.y + (view.len() as u16 * each).min(lines as u16);
        timeseries::draw_axis(body, window, Rect { y, height: 1, ..plot }, buf);
        if legend_lines == 1 && y + 1 < body.area.bottom() {
            states.draw_legend(body, Rect { y: y + 1, height: 1, ..body.area }, buf);
        }
    }
    head(body, &shown, view.len(), window)
}

/// The stretch of now, or of the time that is looked at. What ended before the others is not so now.
fn now<'b>(band: &'b Band, all: &[&Band], body: &Body<'_, '_>, window: (i64, i64)) -> Option<&'b Stretch> {
    let newest = all.iter().filter_map(|band| Some(band.stretches.last()?.until)).max().unwrap_or(i64::MIN);
    let late = (window.1 - window.0) / LATE;
    match body.input.time.map(|time| time.as_millisecond()).filter(|at| (window.0..=window.1).contains(at)) {
        Some(at) => band.stretches.iter().find(|stretch| (stretch.from..stretch.until).contains(&at)),
        None => band.stretches.last().filter(|stretch| stretch.until >= newest.saturating_sub(late)),
    }
}

fn head(body: &Body<'_, '_>, shown: &[&Band], lines: usize, window: (i64, i64)) -> Head {
    let all = shown.len();
    let of = |tone: Tone| {
        let is_so = |band: &&&Band| now(band, shown, body, window).is_some_and(|stretch| stretch.tone == Some(tone));
        shown.iter().filter(is_so).count()
    };
    let (bad, warned) = (of(Tone::Bad), of(Tone::Warning));
    let hidden = (all > lines).then(|| format!("{lines} of {all} shown"));
    let (count, role, sign) = match (bad, warned) {
        (0, 0) => return Head::of(body.style(Role::Dim), hidden),
        (0, warned) => (warned, Role::Warning, sign::WARNING),
        (bad, _) => (bad, Role::Critical, sign::CRITICAL),
    };
    let short = vec![(format!("{sign} {count} of {all}"), body.style(role))];
    let long = hidden.map(|hidden| {
        let more = (format!(" · {hidden}"), body.style(Role::Dim));
        short.iter().cloned().chain([more]).collect()
    });
    Head { value: long.into_iter().chain([short.clone()]).collect(), ..Head::default() }
}

impl<'a> States<'a> {
    fn of(bands: &[&'a Band], window: (i64, i64)) -> Self {
        let mut all: BTreeMap<(Rank, &'a str), (Look, i64)> = BTreeMap::new();
        for stretch in bands.iter().flat_map(|band| &band.stretches) {
            let lasted = stretch.until.min(window.1).saturating_sub(stretch.from.max(window.0)).max(0);
            let look = Look { fill: FILLS[0], role: Role::Series1, sign: "" };
            all.entry(key(stretch)).or_insert((look, 0)).1 += lasted;
        }
        let mut plain = 0;
        for ((rank, _), (look, _)) in &mut all {
            *look = match rank {
                0 => Look { fill: "█", role: Role::Critical, sign: sign::CRITICAL },
                1 => Look { fill: "▓", role: Role::Warning, sign: sign::WARNING },
                2 => Look { fill: "─", role: Role::Ok, sign: "" },
                _ => {
                    plain += 1;
                    Look { fill: FILLS[(plain - 1) % FILLS.len()], role: Role::series(plain - 1), sign: "" }
                }
            };
        }
        Self(all)
    }

    fn look(&self, stretch: &'a Stretch) -> Option<Look> {
        self.0.get(&key(stretch)).map(|(look, _)| *look)
    }

    /// A state in words, with its sign.
    fn said(&self, stretch: &'a Stretch) -> String {
        match self.look(stretch).map(|look| look.sign) {
            Some("") | None => stretch.state.clone(),
            Some(sign) => format!("{sign} {}", stretch.state),
        }
    }

    fn style(&self, body: &Body<'_, '_>, stretch: &'a Stretch) -> Style {
        match stretch.tone {
            Some(Tone::Good) => body.style(Role::Text),
            _ => self.look(stretch).map_or_else(Style::new, |look| body.style(look.role)),
        }
    }

    fn draw_band(&self, body: &Body<'_, '_>, band: &'a Band, window: (i64, i64), area: Rect, buf: &mut Buffer) {
        let wide = (window.1 - window.0).max(1) as f64;
        let column = |t: i64| {
            let part = (t.clamp(window.0, window.1) - window.0) as f64 / wide;
            (part * f64::from(area.width)).round() as u16
        };
        let mut taken = 0;
        for stretch in band.stretches.iter().filter(|one| one.until >= window.0 && one.from <= window.1) {
            let Some(look) = self.look(stretch) else { continue };
            let (from, mut to) = (column(stretch.from).max(taken), column(stretch.until));
            // What is bad is seen however short it was.
            if to <= from && stretch.tone == Some(Tone::Bad) {
                to = from + 1;
            }
            if from >= area.width || to <= from {
                continue;
            }
            taken = to.min(area.width);
            let cells = usize::from(taken - from);
            let style = body.style(look.role);
            // Lines stay thin: what is broad is to be seen.
            let is_thin = matches!(look.fill, "─" | "━");
            for y in area.top()..if is_thin { area.top() + 1 } else { area.bottom() } {
                row::put(buf, area, area.x + from, y, &look.fill.repeat(cells), style);
            }
            let words = format!(" {} ", stretch.state);
            if text::width(&words) + 2 <= cells {
                row::put(buf, area, area.x + from + 1, area.y, &words, style);
            }
        }
    }

    fn draw_legend(&self, body: &Body<'_, '_>, area: Rect, buf: &mut Buffer) {
        let all: i64 = self.0.values().map(|(_, lasted)| lasted).sum();
        let mut x = area.x;
        for ((_, state), (look, lasted)) in &self.0 {
            let part = *lasted as f64 / all.max(1) as f64 * 100.0;
            let words = format!(" {state} {}  ", percent(part));
            if usize::from(area.right().saturating_sub(x)) < text::width(words.trim_end()) + 1 {
                row::put(buf, area, x, area.y, "…", body.style(Role::Dim));
                return;
            }
            x = row::put(buf, area, x, area.y, look.fill, body.style(look.role));
            x = row::put(buf, area, x, area.y, &words, body.style(Role::Dim));
        }
    }
}

fn key(stretch: &Stretch) -> (Rank, &str) {
    let rank = match stretch.tone {
        Some(Tone::Bad) => 0,
        Some(Tone::Warning) => 1,
        Some(Tone::Good) => 2,
        None => 3,
    };
    (rank, stretch.state.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_states_come_first_and_signs_differ() {
        let stretch = |from, until, state: &str, tone| Stretch { from, until, state: state.into(), tone };
        let band = Band {
            name: "a".into(),
            stretches: vec![
                stretch(-50, 60, "up", Some(Tone::Good)),
                stretch(60, 70, "down", Some(Tone::Bad)),
                stretch(70, 90, "b", None),
                stretch(90, 100, "a", None),
            ],
        };
        let states = States::of(&[&band], (0, 100));
        let told: Vec<_> = states.0.iter().map(|((_, state), (look, lasted))| (*state, look.fill, *lasted)).collect();
        assert_eq!(told, [("down", "█", 10), ("up", "─", 60), ("a", "━", 10), ("b", "▒", 20)]);
    }
}
