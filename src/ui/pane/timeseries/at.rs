//! The time that is looked at: a line through the plot, and what each series was then.

use jiff::Timestamp;
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::{Body, Head, PaneInput, axis, earlier, ended, legend, level};
use crate::{
    app::world::rows::legend::LegendLine,
    signal::Point,
    ui::{
        Role, sign,
        widget::{braille::Braille, row},
    },
};

/// What stands where a series has no value at the time.
const NOTHING: &str = "–";

/// A time within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(Timestamp);

impl At {
    /// The time that is looked at; `None` when none is, or it is not within the window (milliseconds).
    pub(super) fn of(input: &PaneInput<'_>, window: (i64, i64)) -> Option<Self> {
        let within = |at: &Timestamp| (window.0..=window.1).contains(&at.as_millisecond());
        input.time.filter(within).map(Self)
    }

    /// Its column in a plot of this width.
    pub(super) fn column(self, window: (i64, i64), width: u16) -> Option<usize> {
        axis::column(self.0, window, width)
    }

    /// `03:06:10`, with the day where the window is long.
    pub(super) fn clock(self, body: &Body<'_, '_>, window: (i64, i64)) -> String {
        let format = if window.1 - window.0 > 86_400_000 { "%a %H:%M:%S" } else { "%H:%M:%S" };
        self.0.to_zoned(body.input.tz.clone()).strftime(format).to_string()
    }

    /// What a series was then, with its unit; `–` where it has no value, also because it had ended.
    pub(super) fn value(self, body: &Body<'_, '_>, line: &LegendLine<'_>, window: (i64, i64)) -> String {
        match (self.point(line), line.ended) {
            (Some(point), _) => {
                let was = earlier::was(body, line, self.0.as_millisecond()).map(|was| format!(", {was}"));
                in_words(body, line, point.v) + &was.unwrap_or_default()
            }
            (None, Some(at)) if at < self.0 => ended(body, at, window),
            (None, _) => NOTHING.into(),
        }
    }

    fn point(self, line: &LegendLine<'_>) -> Option<Point> {
        line.series.near(self.0.as_millisecond())
    }

    /// The value then, or the greatest of several, with the time, which goes last.
    pub(super) fn head(self, body: &Body<'_, '_>, lines: &[LegendLine<'_>], total: usize) -> Head {
        let dim = body.style(Role::Dim);
        let clock = self.0.to_zoned(body.input.tz.clone()).strftime("%H:%M:%S").to_string();
        let time = |words: String| vec![(words, dim)];
        let known = lines.iter().enumerate().filter_map(|(at, line)| Some((at, self.point(line)?.v)));
        let known = known.filter(|(_, value)| !value.is_nan());
        let greatest = known.reduce(|greatest, other| if other.1 > greatest.1 { other } else { greatest });
        let Some((at, value)) = greatest else {
            let nothing = [format!("at {clock}  {NOTHING}"), format!("{clock} {NOTHING}"), clock];
            return Head { value: nothing.map(time).into(), ..Head::default() };
        };
        let level = level::of(&body.input.pane.thresholds, value);
        let (sign, style) = match (level::sign(level), total) {
            ("", 1) => (String::new(), level::style(level, body.theme)),
            ("", _) => (format!("{} ", legend::SIGNS[at % legend::SIGNS.len()]), body.style(Role::series(at))),
            (sign, _) => (sign.to_owned(), level::style(level, body.theme)),
        };
        let said = vec![(sign, style), (in_words(body, &lines[at], value), level::style(level, body.theme))];
        let was = earlier::was(body, &lines[at], self.0.as_millisecond());
        let compared = was.map(|was| [time(format!("at {clock}  ")), said.clone(), time(format!(" · {was}"))].concat());
        let mut value: Vec<_> = compared.into_iter().collect();
        value.extend([
            [time(format!("at {clock}  ")), said.clone()].concat(),
            [time(format!("{clock}  ")), said.clone()].concat(),
            [time(format!("{clock} ")), said[1..].to_vec()].concat(),
            time(clock),
        ]);
        Head { value, ..Head::default() }
    }

    /// The line, behind all that is drawn.
    pub(super) fn draw_line(
        self,
        body: &Body<'_, '_>,
        window: (i64, i64),
        raster: &Braille,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let Some(x) = self.column(window, area.width) else { return };
        let style = body.style(Role::Focus).remove_modifier(Modifier::BOLD);
        for y in (0..area.height).filter(|y| !raster.is_set(x as u16, *y)) {
            row::put(buf, area, area.x + x as u16, area.y + y, sign::TIME, style);
        }
    }
}

fn in_words(body: &Body<'_, '_>, line: &LegendLine<'_>, value: f64) -> String {
    if value.is_nan() { "NaN".into() } else { line.unit(body.input.pane).format(value) }
}
