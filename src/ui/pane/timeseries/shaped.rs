//! Curves that are drawn as their dashboard has it: stacked, filled, as bars, upside down, on scales of their own.
//!
//! Plain lines do not come here. What stands on others is drawn in the order of its source, so that nothing jumps when one
//! overtakes another; all that has no line of its own lies on top of it, or the sum would not be right.

use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::{
    super::level,
    At, Body, Head, Label, axis, earlier, legend,
    paths::{Path, bars, dots, fill, stroke},
    scale::Span,
    stack,
};
use crate::{
    app::world::rows::legend::{Legend, LegendLine},
    config::{Pane, ThresholdLevel},
    signal::{Look, Point, Stack, Stroke, Unit, unit::percent},
    ui::{
        Role,
        glyphs::Glyphs,
        widget::{braille::Braille, row, text},
    },
};

/// The least width of a body that has room for a second scale beside the plot.
const ROOM_FOR_TWO: u16 = 46;

/// What is drawn in place of plain lines.
pub(super) struct Shaped {
    /// The scales, each with its unit; the first is the one beside which the newest values stand.
    pub(super) spans: Vec<Span>,
    units: Vec<Unit>,
    /// One for each line that is drawn.
    curves: Vec<Curve>,
    /// What lies on the stack and has no line of its own: how many series, and where.
    others: Option<(usize, Path)>,
    /// The newest sum of what is stacked on the first scale; `None` where nothing is.
    total: Option<f64>,
    is_percent: bool,
    /// What was so much earlier, each with its scale.
    earlier: Vec<(usize, Path)>,
}

/// One line, where it is drawn.
struct Curve {
    path: Path,
    span: usize,
    stroke: Stroke,
    is_stacked: bool,
    is_filled: bool,
    /// Where its newest value stands.
    at: f64,
    /// The newest value, as it is said.
    said: f64,
}

impl Shaped {
    /// How the lines are drawn; `None` where all of them are plain. Lines on a stack are put into the order of their source.
    pub(super) fn of(
        body: &Body<'_, '_>,
        all: &Legend<'_>,
        lines: &mut [LegendLine<'_>],
        window: (i64, i64),
    ) -> Option<Self> {
        if lines.iter().all(|line| line.look.is_none()) {
            return None;
        }
        let plain = Look::default();
        let stack_of = |line: &LegendLine<'_>| line.look.map_or(Stack::No, |look| look.stack);
        let is_stacked = lines.iter().any(|line| stack_of(line) != Stack::No);
        if is_stacked {
            lines.sort_by_key(|line| line.place);
        }
        let pane = body.input.pane;
        let scales = Scales::of(lines, pane);
        let drawn = |line: &LegendLine<'_>| lines.iter().position(|other| other.place == line.place);
        let mut paths: Vec<Option<Path>> = lines.iter().map(|_| None).collect();
        let (mut others, mut total) = (None, None);
        for nth in 0..scales.panes.len() {
            for kind in [Stack::Sum, Stack::Percent] {
                let is_member = |line: &&LegendLine<'_>| {
                    line.shown && stack_of(line) == kind && scales.place(line, pane) == Some(nth)
                };
                let mut members: Vec<&LegendLine<'_>> = all.lines.iter().filter(is_member).collect();
                // What has no line of its own comes last, and lies on top.
                members.sort_by_key(|line| (drawn(line).is_none(), line.place));
                if members.is_empty() {
                    continue;
                }
                let curves = members.iter().map(|line| (line.series, line.look.is_some_and(|look| look.is_mirrored)));
                let stacked = stack::of(&curves.collect::<Vec<_>>(), window, kind == Stack::Percent);
                if nth == 0 && kind == Stack::Sum {
                    let is_mirrored = members.iter().any(|line| line.look.is_some_and(|look| look.is_mirrored));
                    total = stack::total(&members, window).filter(|_| !is_mirrored);
                }
                let mut rest: Vec<Path> = Vec::new();
                for (line, path) in members.iter().zip(stacked) {
                    match drawn(line).and_then(|at| paths.get_mut(at)) {
                        Some(place) => *place = Some(path),
                        None => rest.push(path),
                    }
                }
                if nth == 0 && !rest.is_empty() {
                    others = Some((rest.len(), stack::joined(rest)));
                }
            }
        }
        let curve = |(line, path): (&LegendLine<'_>, Option<Path>)| {
            let look = line.look.unwrap_or(&plain);
            let sign = if look.is_mirrored { -1.0 } else { 1.0 };
            let is_stacked = path.is_some();
            let path = path.unwrap_or_else(|| {
                let points = line.series.between(window).iter();
                Path::plain(points.map(|point| Point { t: point.t, v: point.v * sign }).collect(), line.series)
            });
            let (top, base) = path.newest();
            Curve {
                span: scales.place(line, pane).unwrap_or_default(),
                stroke: look.stroke,
                is_filled: look.is_filled,
                is_stacked,
                // In the middle of a band it is seen whose it is.
                at: if is_stacked { f64::midpoint(top, base) } else { top },
                said: match look.stack {
                    Stack::Percent => (top - base).abs(),
                    _ => line.now,
                },
                path,
            }
        };
        let curves: Vec<Curve> = lines.iter().zip(paths).map(curve).collect();
        let was = |(line, curve): (&LegendLine<'_>, &Curve)| {
            let series = earlier::of(body.input, line).filter(|_| !curve.is_stacked)?;
            let sign = if line.look.is_some_and(|look| look.is_mirrored) { -1.0 } else { 1.0 };
            let points = series.between(window).iter().map(|point| Point { t: point.t, v: point.v * sign });
            Some((curve.span, Path::plain(points.collect(), series)))
        };
        let mut before: Vec<(usize, Path)> = lines.iter().zip(&curves).filter_map(was).collect();
        let stacked = curves.iter().find(|curve| curve.is_stacked).map(|curve| curve.span);
        before.extend(stacked.and_then(|span| Some((span, earlier::total(body.input, window)?))));
        let (mut spans, mut units) = (Vec::new(), Vec::new());
        for (nth, scale) in scales.panes.iter().enumerate() {
            let own = || curves.iter().filter(|curve| curve.span == nth);
            let zero = own().any(|curve| curve.is_stacked || curve.stroke == Stroke::Bars).then_some(0.0);
            let above =
                others.iter().filter(|_| nth == 0).flat_map(|(_, path)| path.points.iter().map(|point| point.v));
            let values = own().flat_map(|curve| curve.path.points.iter().map(|point| point.v)).chain(above);
            let were = before.iter().filter(|(span, _)| *span == nth).flat_map(|(_, path)| &path.points);
            let values = values.chain(were.map(|point| point.v));
            let now = own().map(|curve| curve.said).next().unwrap_or(f64::NAN);
            let log = scales.logs.get(nth).copied().flatten().filter(|_| !is_stacked);
            let log = log.and_then(|base| Span::log(values.clone(), base, scale));
            // Where nothing was measured, the first scale says so; a second one must not hide the first.
            let span = log.or_else(|| Span::of(values.chain(zero), now, scale));
            spans.push(span.or_else(|| (nth > 0).then(|| Span::of([0.0, 1.0].into_iter(), f64::NAN, scale))?)?);
            units.push(scale.unit.clone());
        }
        let is_percent = lines.iter().any(|line| stack_of(line) == Stack::Percent);
        Some(Self { spans, units, curves, others, total, is_percent, earlier: before })
    }

    /// The newest sum, where lines stand on each other; the greatest of each scale, where there are several.
    pub(super) fn head(&self, body: &Body<'_, '_>, lines: &[LegendLine<'_>]) -> Option<Head> {
        let strong = body.style(Role::Strong);
        if let Some(total) = self.total.filter(|total| total.is_finite() && lines.len() > 1) {
            let value = self.units.first()?.format(total);
            return Some(Head::of(strong, [format!("together {value}"), value]));
        }
        if self.is_percent {
            let (at, most) = self.curves.iter().enumerate().max_by(|a, b| a.1.said.total_cmp(&b.1.said))?;
            let sign = (format!("{} ", legend::SIGNS[at % legend::SIGNS.len()]), body.style(Role::series(at)));
            let words = (percent(most.said), strong);
            return Some(Head { value: vec![vec![sign, words.clone()], vec![words]], ..Head::default() });
        }
        if self.spans.len() < 2 {
            return None;
        }
        let greatest = |nth: usize| {
            let own = self.curves.iter().enumerate().filter(|(at, curve)| {
                curve.span == nth && lines.get(*at).is_some_and(|line| line.ended.is_none() && line.now.is_finite())
            });
            let (at, curve) = own.max_by(|a, b| a.1.said.total_cmp(&b.1.said))?;
            let sign = (format!("{} ", legend::SIGNS[at % legend::SIGNS.len()]), body.style(Role::series(at)));
            Some([sign, (self.units.get(nth)?.format(curve.said), strong)])
        };
        let parts: Vec<_> = (0..self.spans.len()).filter_map(greatest).collect();
        let forms = (1..=parts.len()).rev().map(|count| {
            let gap = ("  ".to_owned(), strong);
            parts[..count].iter().map(|part| part.to_vec()).collect::<Vec<_>>().join(&gap)
        });
        Some(Head { value: forms.collect(), ..Head::default() })
    }

    /// What the legend says of a line's newest value.
    pub(super) fn said(&self, at: usize) -> String {
        let Some((curve, unit)) = self.curves.get(at).and_then(|curve| Some((curve, self.units.get(curve.span)?)))
        else {
            return String::new();
        };
        match self.spans.get(curve.span) {
            _ if *unit == Unit::Percent && self.is_percent => percent(curve.said),
            // What is tiny beside the others has a step of its own.
            Some(span) if self.spans.len() == 1 && !is_tiny(curve.said, span) => legend::value(curve.said, span),
            _ => unit.format(curve.said),
        }
    }

    /// The numbers beside the plot, the ones that matter most first.
    pub(super) fn labels(&self, body: &Body<'_, '_>, lines: &[LegendLine<'_>], total: usize) -> Vec<Label> {
        let mut labels = Vec::new();
        for (at, (curve, line)) in self.curves.iter().zip(lines).enumerate() {
            if !line.now.is_finite() || line.ended.is_some() || !curve.at.is_finite() {
                continue;
            }
            let (sign, style) = match total {
                1 => ("", body.style(Role::Strong)),
                _ => (legend::SIGNS[at % legend::SIGNS.len()], body.style(Role::series(at))),
            };
            labels.push(Label { value: curve.at, words: format!("{sign}{}", self.said(at)), style, span: curve.span });
        }
        let Some(first) = self.spans.first() else { return labels };
        let dim = body.style(Role::Dim);
        let plain = |value: f64| Label { value, words: first.digits(value), style: dim, span: 0 };
        if !first.flat {
            labels.extend([first.high, first.low].map(plain));
        }
        labels.extend(first.powers().into_iter().map(plain));
        let thresholds = body.input.pane.thresholds.iter().filter(|_| self.spans.len() == 1);
        labels.extend(thresholds.filter(|one| one.level != ThresholdLevel::Ok).map(|threshold| {
            let role = level::role(Some(threshold.level)).unwrap_or(Role::Dim);
            Label { style: body.style(role).remove_modifier(Modifier::BOLD), ..plain(threshold.from) }
        }));
        // What mirrors something has its zero in the middle.
        if first.low < 0.0 && first.high > 0.0 {
            labels.push(plain(0.0));
        }
        labels
    }

    /// What stands below the numbers beside the plot: the unit, and that the scale is not even.
    pub(super) fn caption(&self) -> &str {
        match self.spans.first() {
            Some(span) if span.is_log() => "log",
            Some(span) => span.scale.suffix.trim(),
            None => "",
        }
    }

    /// Cells left of the plot for the second scale; 0 where there is none, or no room.
    pub(super) fn left_gutter(&self, width: u16) -> u16 {
        let Some(second) = self.spans.get(1).filter(|_| width >= ROOM_FOR_TWO) else { return 0 };
        let words = self.ends(second);
        words.iter().map(|words| text::width(words) as u16 + 1).max().unwrap_or_default().min(width / 4)
    }

    fn ends(&self, second: &Span) -> [String; 2] {
        let unit = self.units.get(1).cloned().unwrap_or_default();
        [second.high, second.low].map(|end| unit.format(end))
    }

    /// The ends of the second scale, in the colour of the first line that goes by it.
    pub(super) fn draw_left(&self, body: &Body<'_, '_>, area: Rect, buf: &mut Buffer) {
        let Some(second) = self.spans.get(1).filter(|_| area.width > 0 && area.height > 1) else { return };
        let line = self.curves.iter().position(|curve| curve.span == 1).unwrap_or_default();
        let style = body.style(Role::series(line));
        let width = usize::from(area.width);
        for (y, words) in [area.top(), area.bottom() - 1].into_iter().zip(self.ends(second)) {
            row::put(buf, area, area.x, y, &text::left(&words, width), style);
        }
    }

    pub(super) fn draw(
        &self,
        body: &Body<'_, '_>,
        lines: &[LegendLine<'_>],
        (window, at): ((i64, i64), Option<At>),
        area: Rect,
        buf: &mut Buffer,
    ) {
        let mut raster = Braille::new(area.width, area.height);
        let has_dots = body.theme.glyphs() == Glyphs::Braille;
        let ink = |at: usize| (self.curves.len() - at) as u8;
        if let (Some((_, path)), Some(span), true) = (&self.others, self.spans.first(), has_dots) {
            fill(&mut raster, path, window, span, (None, 0));
        }
        for (at, curve) in self.curves.iter().enumerate() {
            let Some(span) = self.spans.get(curve.span) else { continue };
            if curve.is_stacked && curve.stroke != Stroke::Bars && has_dots {
                fill(&mut raster, &curve.path, window, span, (Some(at), ink(at)));
            } else if curve.is_filled && self.curves.len() == 1 && has_dots {
                fill(&mut raster, &curve.path, window, span, (Some(1), ink(at)));
            }
            match curve.stroke {
                Stroke::Line => stroke(&mut raster, &curve.path, window, span, (false, ink(at))),
                Stroke::Steps => stroke(&mut raster, &curve.path, window, span, (true, ink(at))),
                Stroke::Bars => bars(&mut raster, &curve.path, window, span, ink(at)),
                Stroke::Points => dots(&mut raster, &curve.path, window, span, ink(at)),
            }
        }
        axis::draw_behind(body, window, area, &raster, buf);
        if let [only] = self.spans.as_slice() {
            super::draw_thresholds(body, only, &raster, area, buf);
        }
        if let Some(at) = at {
            at.draw_line(body, window, &raster, area, buf);
        }
        let role = |ink: u8| match self.curves.len().checked_sub(usize::from(ink)) {
            Some(at) if ink > 0 && lines.get(at).is_some_and(|line| line.ended.is_none()) => Role::series(at),
            _ => Role::Dim,
        };
        let mut behind = Braille::new(area.width, area.height);
        for (nth, path) in &self.earlier {
            if let Some(span) = self.spans.get(*nth) {
                stroke(&mut behind, path, window, span, (false, 0));
            }
        }
        // Below an area nothing would be seen of it.
        let is_behind = !self.curves.iter().any(|curve| curve.is_stacked || curve.is_filled);
        if is_behind {
            behind.paint(area, buf, |_| earlier::style(body));
        }
        raster.paint(area, buf, |ink| body.style(role(ink)));
        if !is_behind {
            behind.paint(area, buf, |_| earlier::style(body));
        }
        if !has_dots {
            self.draw_signs(body, window, area, buf);
        }
    }

    /// Without fine dots a band is filled with the sign of its line.
    fn draw_signs(&self, body: &Body<'_, '_>, window: (i64, i64), area: Rect, buf: &mut Buffer) {
        for (at, curve) in self.curves.iter().enumerate().filter(|(_, curve)| curve.is_stacked) {
            let Some(span) = self.spans.get(curve.span) else { continue };
            let sign = legend::SIGNS[at % legend::SIGNS.len()];
            for (column, band) in (0..area.width).zip(curve.path.columns(window, usize::from(area.width))) {
                let Some((top, base)) = band else { continue };
                let row_of = |value: f64| (1.0 - span.part(value)) * f64::from(area.height);
                let (from, to) = (row_of(top.max(base)), row_of(top.min(base)));
                for y in (0..area.height).filter(|y| (from..to).contains(&(f64::from(*y) + 0.5))) {
                    row::put(buf, area, area.x + column, area.y + y, sign, body.style(Role::series(at)));
                }
            }
        }
    }
}

/// Whether a value is so small on a scale that its digits could not be read.
fn is_tiny(value: f64, span: &Span) -> bool {
    let size = (value * span.scale.factor).abs();
    size > 0.0 && size < 1e-3
}

/// The scales of some lines: one for each unit, and one for those that want to be apart.
struct Scales {
    /// The unit and the ends of each, as a pane has them.
    panes: Vec<Pane>,
    logs: Vec<Option<f64>>,
    keys: Vec<(Unit, bool, bool)>,
}

impl Scales {
    fn of(lines: &[LegendLine<'_>], pane: &Pane) -> Self {
        let mut scales = Self { panes: Vec::new(), logs: Vec::new(), keys: Vec::new() };
        // That of the first line that is not apart is the first one.
        let mut order: Vec<&LegendLine<'_>> = lines.iter().collect();
        order.sort_by_key(|line| (line.look.is_some_and(|look| look.is_apart), line.place));
        for line in order {
            if scales.place(line, pane).is_some() {
                continue;
            }
            let is_percent = line.look.is_some_and(|look| look.stack == Stack::Percent);
            let [min, max] = line.look.map(|look| look.ends).unwrap_or_default();
            let (unit, ends) = match is_percent {
                true => (Unit::Percent, [Some(0.0), Some(100.0)]),
                false => (line.unit(pane).clone(), [min, max]),
            };
            scales.keys.push(key(line, pane));
            scales.logs.push(line.look.and_then(|look| look.log));
            let thresholds = if is_percent { Vec::new() } else { pane.thresholds.clone() };
            scales.panes.push(Pane { unit, thresholds, min: ends[0], max: ends[1], ..Pane::titled("") });
        }
        scales
    }

    fn place(&self, line: &LegendLine<'_>, pane: &Pane) -> Option<usize> {
        let key = key(line, pane);
        self.keys.iter().position(|known| *known == key)
    }
}

fn key(line: &LegendLine<'_>, pane: &Pane) -> (Unit, bool, bool) {
    let look = |of: &dyn Fn(&Look) -> bool| line.look.is_some_and(of);
    (line.unit(pane).clone(), look(&|look| look.is_apart), look(&|look| look.stack == Stack::Percent))
}
