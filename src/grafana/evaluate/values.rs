//! What each kind of panel reads off its frames.

use serde_json::Value;

use super::{
    super::{
        display::Display,
        field_display::{self, Context, ReduceOptions},
        field_variables::Part,
        frame::{Cell, Field, FieldKind, Frame},
        json::{at, text},
        model::Panel,
        naming, series,
        shown::{Line, Shown, ShownField, ShownTable},
        table_rows,
        value_format::Viewer,
    },
    bands, bars, gauge, heat, line_style,
};

/// What a panel shows of frames to which its overrides were applied.
pub(super) fn of(panel: &Panel, mut frames: Vec<Frame>, replace: &dyn Fn(&str) -> String, viewer: Viewer<'_>) -> Shown {
    match panel.kind.as_str() {
        "stat" | "gauge" | "bargauge" | "piechart" => {
            Shown { fields: Some(reduced(panel, &mut frames, replace, viewer)), ..Shown::default() }
        }
        "table" | "logs" | "barchart" => {
            if panel.kind == "logs" {
                frames.iter_mut().for_each(lines_alone);
            }
            naming::settle_all(&mut frames);
            let bars = (panel.kind == "barchart").then(|| bars::of_chart(panel, &frames, viewer));
            Shown { table: Some(table(&frames, &panel.options, viewer)), bars, ..Shown::default() }
        }
        "heatmap" => {
            naming::settle_all(&mut frames);
            let fields = frames.iter().flat_map(|frame| &frame.fields);
            let numbers = fields.filter(|field| field.kind == FieldKind::Number);
            let named = numbers.map(|field| ShownField { name: name_of(field), ..ShownField::default() });
            let fields = Some(named.collect());
            Shown { fields, heat: Some(heat::of(panel, &frames, viewer)), ..Shown::default() }
        }
        "histogram" => {
            naming::settle_all(&mut frames);
            let fields = Some(last_values(&frames, &series::lines(&frames), viewer));
            Shown { fields, counts: Some(bars::of_histogram(panel, frames, viewer)), ..Shown::default() }
        }
        "timeseries" | "trend" | "xychart" => {
            naming::settle_all(&mut frames);
            let all = series::lines(&frames);
            let fields = Some(last_values(&frames, &all, viewer));
            Shown { fields, lines: lines(panel, &frames, &all), ..Shown::default() }
        }
        "state-timeline" | "status-history" => {
            naming::settle_all(&mut frames);
            let all = series::bands(&frames);
            let fields = Some(last_values(&frames, &all, viewer));
            Shown { fields, bands: Some(bands::of(panel, &frames, &all, viewer)), ..Shown::default() }
        }
        other => Shown::without(format!("panels of type {other} are not drawn")),
    }
}

/// Of log lines, the times and the lines: their labels and what only tells them apart stand beside them in every frame.
fn lines_alone(frame: &mut Frame) {
    let is_line = |field: &Field| matches!(field.name.as_str(), "Line" | "body");
    if frame.fields.iter().any(is_line) {
        frame
            .fields
            .retain(|field| is_line(field) || matches!(field.kind, FieldKind::Time) || field.name == "severity");
    }
}

fn name_of(field: &Field) -> String {
    field.shown_name.clone().unwrap_or_else(|| field.name.clone())
}

fn last_values(frames: &[Frame], all: &[series::Series], viewer: Viewer<'_>) -> Vec<ShownField> {
    let one = |series: &series::Series| {
        let field = frames.get(series.frame)?.fields.get(series.column)?;
        Some(shown(name_of(field), field, &series.last, viewer))
    };
    all.iter().filter_map(one).collect()
}

/// The points of curves, which go by the first times of their frame.
fn lines(panel: &Panel, frames: &[Frame], all: &[series::Series]) -> Vec<Line> {
    let one = |series: &series::Series| {
        let frame = frames.get(series.frame)?;
        let field = frame.fields.get(series.column)?;
        let points = points(frame, field)?;
        let style = line_style::of(panel, field);
        Some(Line { name: name_of(field), labels: field.labels.clone(), points, style })
    };
    all.iter().filter_map(one).collect()
}

/// The numbers of a column with their times; `None` where there are none.
fn points(frame: &Frame, field: &Field) -> Option<Vec<(i64, f64)>> {
    let times = &frame.first_of(FieldKind::Time)?.cells;
    let points = times.iter().zip(&field.cells);
    Some(points.filter_map(|(time, cell)| Some((time.number()? as i64, cell.number()?))).collect())
}

fn shown(name: String, field: &Field, cell: &Cell, viewer: Viewer<'_>) -> ShownField {
    let shown = Display::new(field, viewer).show(cell);
    ShownField { name, value: cell.number(), text: shown.whole(), level: shown.level, ..ShownField::default() }
}

fn reduced(
    panel: &Panel,
    frames: &mut [Frame],
    replace: &dyn Fn(&str) -> String,
    viewer: Viewer<'_>,
) -> Vec<ShownField> {
    let mut options = ReduceOptions::read(at(&panel.options, "reduceOptions"));
    if at(&panel.options, "reduceOptions").is_object() && !at(at(&panel.options, "reduceOptions"), "calcs").is_array() {
        options.calcs = Vec::new();
    }
    let show = |field: &Field, cell: &Cell, part| {
        let shown = Display::new(field, viewer).show(cell);
        match part {
            Part::Whole => shown.whole(),
            Part::Text => shown.text,
        }
    };
    let context = Context { field_config: &panel.field_config, replace, show: &show };
    let values = field_display::field_display_values(frames, &options, &context);
    if values.is_empty() {
        let field = field_display::field_of_nothing(&panel.field_config);
        let text = field.config.no_value.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| "No data".into());
        return vec![ShownField { text, ..ShownField::default() }];
    }
    let mode = text(&panel.options, "textMode").unwrap_or_default();
    let is_pie = panel.kind == "piechart";
    let has_past = panel.kind == "stat" && text(&panel.options, "graphMode").is_none_or(|mode| mode != "none");
    let mut out = Vec::new();
    for value in values {
        let Some(frame) = frames.get(value.frame) else { continue };
        let Some(field) = frame.fields.get(value.column) else { continue };
        let display = Display::new(field, viewer);
        let shown = display.show(&value.cell);
        if is_pie && (field.config.hidden || shown.numeric.is_none_or(f64::is_nan)) {
            continue;
        }
        let text = match mode.as_str() {
            "name" => value.title.clone(),
            "none" => String::new(),
            _ => shown.whole(),
        };
        let is_gauge = panel.kind != "stat" && !is_pie;
        out.push(ShownField {
            name: value.title,
            value: shown.numeric,
            text,
            level: shown.level,
            part: is_gauge.then_some(shown.part).filter(|part| part.is_finite()),
            scale: if is_gauge { gauge::scale(field, &display) } else { None },
            past: match has_past && value.row.is_none() {
                // One point has no past.
                true => points(frame, field).filter(|points| points.len() > 1).unwrap_or_default(),
                false => Vec::new(),
            },
            share: None,
        });
    }
    if is_pie {
        share_out(&mut out);
    }
    out
}

/// Which part of the whole each slice of a pie is.
fn share_out(slices: &mut [ShownField]) {
    let size = |slice: &ShownField| slice.value.filter(|value| value.is_finite()).map_or(0.0, |value| value.max(0.0));
    let whole: f64 = slices.iter().map(size).sum();
    for slice in slices.iter_mut().filter(|_| whole > 0.0) {
        slice.share = Some(size(slice) / whole);
    }
}

/// Whether the colour of a column's cells is to be seen.
fn is_coloured(field: &Field) -> bool {
    let custom = |key: &str| field.config.custom.get(key).unwrap_or(&Value::Null);
    let kind = text(custom("cellOptions"), "type").or_else(|| custom("displayMode").as_str().map(str::to_owned));
    kind.is_some_and(|kind| kind.starts_with("color-") || kind.contains("gauge"))
}

fn table(frames: &[Frame], options: &Value, viewer: Viewer<'_>) -> ShownTable {
    let Some(places) = table_rows::table_rows(frames, options) else { return ShownTable::default() };
    let Some(frame) = frames.get(places.frame) else { return ShownTable::default() };
    let fields: Vec<&Field> = places.columns.iter().filter_map(|column| frame.fields.get(*column)).collect();
    let displays: Vec<Display<'_>> = fields.iter().map(|field| Display::new(field, viewer)).collect();
    let row = |row: &usize| {
        let cells = fields.iter().zip(&displays);
        cells
            .map(|(field, display)| field.cells.get(*row).map_or_else(String::new, |cell| display.show(cell).whole()))
            .collect()
    };
    let coloured: Vec<bool> = fields.iter().map(|field| is_coloured(field)).collect();
    let level = |row: usize, place: usize, column: usize| {
        let (field, display) = (fields.get(column)?, displays.get(column)?);
        Some((place, column, display.show(field.cells.get(row)?).level?))
    };
    let levels = places.rows.iter().enumerate().flat_map(|(place, row)| {
        let columns = coloured.iter().enumerate().filter(|(_, coloured)| **coloured);
        columns.filter_map(move |(column, _)| level(*row, place, column))
    });
    ShownTable {
        levels: levels.collect(),
        columns: fields.iter().map(|field| name_of(field)).collect(),
        rows: places.rows.iter().map(row).collect(),
    }
}
