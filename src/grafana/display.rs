//! From a cell to what is shown of it: the text, and the colour.

use super::{
    color, date_text,
    field_config::FieldConfig,
    frame::{Cell, Field, FieldKind},
    mapped::mapped,
    mapping::MappedTo,
    value_format::{self, Viewer, number, text_number},
};

/// Units that show a number as a moment, besides those that begin with `time:`.
const MOMENTS: [&str; 7] = [
    "dateTimeAsIso",
    "dateTimeAsIsoNoDateIfToday",
    "dateTimeAsUS",
    "dateTimeAsUSNoDateIfToday",
    "dateTimeAsLocal",
    "dateTimeAsLocalNoDateIfToday",
    "dateTimeFromNow",
];

/// A cell as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// What stands before the text, such as a currency; empty for nothing.
    pub prefix: String,
    /// The number or the words.
    pub text: String,
    /// What stands behind the text, with its space; empty for nothing.
    pub suffix: String,
    /// The number behind it; `None` when there is none. May be infinite.
    pub numeric: Option<f64>,
    /// Which part of the field's range that is, for a gauge; may be below 0 and above 1.
    pub part: f64,
    /// Its colour: a name of Grafana's or `#rrggbb`, see [`color::hex`].
    pub color: String,
    /// Its colour if that depends on the value, and says something therefore; else `None`.
    pub level: Option<String>,
}

impl Shown {
    /// The whole text.
    pub fn whole(&self) -> String {
        format!("{}{}{}", self.prefix, self.text, self.suffix)
    }
}

/// What is shown of a cell. For many cells of a field, make a [`Display`] once: it looks through all of them for the range.
pub fn show(cell: &Cell, field: &Field, viewer: Viewer<'_>) -> Shown {
    Display::new(field, viewer).show(cell)
}

/// How the cells of one field are shown.
#[derive(Clone, Debug)]
pub struct Display<'f> {
    field: &'f Field,
    viewer: Viewer<'f>,
    unit: Option<&'f str>,
    /// Whether texts are read as moments.
    moments: bool,
    show_millis: bool,
    /// The least and the greatest value that a part is taken of.
    range: (f64, f64),
}

impl<'f> Display<'f> {
    /// Of a field whose overrides were applied.
    pub fn new(field: &'f Field, viewer: Viewer<'f>) -> Self {
        let configured = field.config.unit.as_deref().filter(|unit| !unit.is_empty());
        let moments = configured.is_some_and(|unit| MOMENTS.contains(&unit) || unit.starts_with("time:"));
        let of_time = field.kind == FieldKind::Time && !moments;
        let unit = match field.kind {
            FieldKind::Time if of_time => Some("dateTimeAsSystem"),
            FieldKind::Boolean => configured.filter(|unit| unit.starts_with("bool")).or(Some("bool")),
            FieldKind::Text => configured.or(Some("string")),
            _ => configured,
        };
        let show_millis = of_time && field.cells.len() > 1 && less_than_a_minute(&field.cells);
        let range = range_of(field);
        Self { field, viewer, unit, moments: moments || of_time, show_millis, range }
    }

    /// The least and the greatest value that a part is taken of.
    pub fn range(&self) -> (f64, f64) {
        self.range
    }

    /// What is shown of one of its cells, or of a value that was reduced from them.
    pub fn show(&self, cell: &Cell) -> Shown {
        let config = &self.field.config;
        let parsed = match cell {
            Cell::Text(text) if self.moments => Cell::Number(date_text::milliseconds(text)),
            Cell::Frame(_, value) => value.map_or(Cell::Null, Cell::Number),
            other => other.clone(),
        };
        let numeric = Some(&parsed).filter(|_| self.unit != Some("string")).and_then(number_of);
        let mapping = mapped(&config.mappings, &parsed).unwrap_or_default();
        let mut shown = Shown { numeric, ..Shown::default() };
        match (&mapping.text, numeric) {
            (Some(text), _) => shown.text.clone_from(text),
            (None, Some(value)) if !matches!(parsed, Cell::Boolean(_)) => {
                let unit = self.unit.or(Some("none"));
                let formatted = value_format::format(unit, value, config.decimals, self.show_millis, self.viewer);
                (shown.prefix, shown.text, shown.suffix) = (formatted.prefix, formatted.text, formatted.suffix);
            }
            (None, _) => {
                shown.text = as_text(&parsed);
                if let Some(none) = config.no_value.as_ref().filter(|_| shown.text.is_empty()) {
                    shown.text.clone_from(none);
                }
            }
        }
        self.colour(&mut shown, mapping);
        shown
    }

    fn colour(&self, shown: &mut Shown, mapped: MappedTo) {
        let value = shown.numeric.unwrap_or(f64::NEG_INFINITY);
        let (least, greatest) = self.range;
        let part = if value == f64::NEG_INFINITY { 0.0 } else { (value - least) / (greatest - least) };
        shown.part = if part.is_nan() { 0.0 } else { part };
        let (color, by_value) = if self.field.kind == FieldKind::Boolean {
            shown.part = f64::from(u8::from(value != 0.0));
            of_boolean(value != 0.0, &self.field.config)
        } else {
            of_number(value, shown.part, self.field)
        };
        shown.level = mapped.color.clone().or_else(|| by_value.then(|| color.clone()));
        shown.color = mapped.color.unwrap_or(color);
    }
}

/// The colour of yes or no, and whether it says which.
fn of_boolean(yes: bool, config: &FieldConfig) -> (String, bool) {
    let mode = config.color_mode.as_deref().unwrap_or("thresholds");
    match color::of_part(mode, f64::from(u8::from(yes))) {
        Some(color) => (color, true),
        None => (if yes { "green" } else { "red" }.to_owned(), mode == "thresholds" || !config.mappings.is_empty()),
    }
}

/// The colour of a number, and whether it depends on it.
fn of_number(value: f64, part: f64, field: &Field) -> (String, bool) {
    let config = &field.config;
    let mode = config.color_mode.as_deref().unwrap_or("thresholds");
    if let Some(color) = color::of_part(mode, part) {
        return (color, true);
    }
    let name = field.shown_name.as_ref().unwrap_or(&field.name);
    if let Some(color) = color::of_series(mode, field.series_index.unwrap_or(0), name, config.fixed_color.as_deref()) {
        return (color, false);
    }
    let reached = config.thresholds.as_ref().map_or(color::FALLBACK, |steps| steps.color_of(value, part));
    (reached.to_owned(), mode == "thresholds")
}

/// The number that a cell is; `None` for what is no number.
fn number_of(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Text(text) if text.is_empty() => None,
        Cell::Text(text) => Some(text_number::whole(text)),
        other => other.number(),
    }
    .filter(|number| !number.is_nan())
}

/// A cell without a unit.
fn as_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.to_string(),
        Cell::Boolean(yes) => yes.to_string(),
        Cell::Number(value) if *value == 0.0 && value.is_sign_negative() => "-0".to_owned(),
        Cell::Number(value) => number::plain(*value),
        Cell::Null | Cell::Frame(..) => String::new(),
    }
}

/// Whether the first and the last time are so close that milliseconds matter.
fn less_than_a_minute(times: &[Cell]) -> bool {
    let seconds = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(text)) => (date_text::milliseconds(text) / 1000.0).floor(),
        Some(cell) => cell.number().unwrap_or(0.0) / 1000.0,
        None => 0.0,
    };
    (seconds(times.last()) - seconds(times.first())).abs() < 60.0
}

/// The range that was settled, else the one that was asked for, else that of the numbers; 0 to 100 of none.
fn range_of(field: &Field) -> (f64, f64) {
    if let Some(range) = field.range {
        return range;
    }
    if field.kind != FieldKind::Number {
        return (0.0, 100.0);
    }
    if let (Some(min), Some(max)) = (field.config.min, field.config.max) {
        return (min, max);
    }
    if field.cells.is_empty() {
        return (0.0, 100.0);
    }
    let numbers = || field.cells.iter().filter_map(Cell::number);
    let least = numbers().fold(f64::MAX, |least, number| if number < least { number } else { least });
    let greatest = numbers().fold(f64::MIN, |greatest, number| if number > greatest { number } else { greatest });
    // Without any number an end is nothing, which counts as zero.
    let known = |end: f64, none: f64| if end == none { 0.0 } else { end };
    let least = field.config.min.unwrap_or_else(|| known(least, f64::MAX));
    let greatest = field.config.max.unwrap_or_else(|| known(greatest, f64::MIN));
    (least, greatest)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::grafana::{mapping::ValueMapping, threshold::Thresholds};

    const VIEWER: Viewer<'static> = Viewer { zone: &TimeZone::UTC, now: 1_763_000_000_000.0 };

    fn field(kind: FieldKind, unit: Option<&str>) -> Field {
        let mappings = json!([
            {"type": "value", "options": {"0": {"text": "down", "color": "red"}, "7": {"color": "blue"}}},
            {"type": "special", "options": {"match": "nan", "result": {"text": "unknown"}}},
        ]);
        let steps = json!({"mode": "percentage", "steps": [
            {"value": null, "color": "green"}, {"value": 50, "color": "semi-dark-red"}
        ]});
        let config = FieldConfig {
            unit: unit.map(str::to_owned),
            no_value: Some("N/A".to_owned()),
            mappings: ValueMapping::read_all(&mappings),
            thresholds: Thresholds::read(&steps),
            ..FieldConfig::default()
        };
        Field { kind, config, range: Some((0.0, 20.0)), ..Field::default() }
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn what_is_shown_is_what_grafana_shows() {
        use FieldKind::{Boolean, Number, Text, Time};
        for (kind, unit, cell, whole, level) in [
            (Number, Some("s"), Cell::Number(9.0), "9 s", "green"),
            (Number, Some("s"), Cell::Number(90.0), "1.50 mins", "semi-dark-red"),
            (Number, None, Cell::Number(7.0), "7", "blue"),
            (Number, Some("bytes"), Cell::Number(0.0), "down", "red"),
            (Number, Some("bytes"), Cell::Null, "N/A", "green"),
            (Number, Some("bytes"), Cell::Number(f64::NAN), "unknown", "green"),
            (Number, Some("bytes"), Cell::Number(f64::INFINITY), "∞", "semi-dark-red"),
            (Number, Some("bytes"), text("2048"), "2 KiB", "semi-dark-red"),
            (Number, Some("string"), Cell::Number(1e21), "1e+21", "green"),
            (Number, Some("bool"), Cell::Number(3.0), "True", "green"),
            (Text, None, text("12"), "12", "green"),
            (Text, None, text(""), "N/A", "green"),
            (Text, Some("short"), text("1200"), "1.20 K", "semi-dark-red"),
            (Text, Some("time:HH:mm"), text("2026-01-31T12:30+02:00"), "10:30", "semi-dark-red"),
            (Text, Some("time:HH:mm"), text("noon"), "unknown", "green"),
            (Boolean, Some("s"), Cell::Boolean(true), "true", "green"),
            (Boolean, Some("s"), Cell::Boolean(false), "false", "red"),
            (Time, Some("s"), Cell::Number(1e12), "2001-09-09 01:46:40", "semi-dark-red"),
            (Time, Some("dateTimeFromNow"), Cell::Number(VIEWER.now), "a few seconds ago", "semi-dark-red"),
        ] {
            let field = field(kind, unit);
            let shown = show(&cell, &field, VIEWER);
            assert_eq!((shown.whole().as_str(), shown.level.as_deref()), (whole, Some(level)), "{unit:?} {cell:?}");
        }
    }

    #[test]
    fn a_colour_that_is_always_the_same_is_no_level() {
        let mut field = field(FieldKind::Number, None);
        field.config.color_mode = Some("fixed".to_owned());
        field.config.fixed_color = Some("purple".to_owned());
        for (value, color, level) in [(1.0, "purple", None), (7.0, "blue", Some("blue"))] {
            let shown = show(&Cell::Number(value), &field, VIEWER);
            assert_eq!((shown.color.as_str(), shown.level.as_deref()), (color, level));
        }
        field.config.color_mode = Some("continuous-GrYlRd".to_owned());
        assert_eq!(show(&Cell::Number(10.0), &field, VIEWER).level.as_deref(), Some("#e2c03d"));
    }

    #[test]
    fn times_close_together_have_milliseconds() {
        let times = |last: f64| Field {
            kind: FieldKind::Time,
            cells: vec![Cell::Number(0.0), Cell::Number(last)],
            ..Field::default()
        };
        assert_eq!(show(&Cell::Number(1.0), &times(59_999.0), VIEWER).text, "1970-01-01 00:00:00.001");
        assert_eq!(show(&Cell::Number(1.0), &times(60_000.0), VIEWER).text, "1970-01-01 00:00:00");
    }
}
