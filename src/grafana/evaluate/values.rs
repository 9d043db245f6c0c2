//! What each kind of panel reads off its frames.

use serde_json::Value;

use super::super::{
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
};

/// What a panel shows of frames to which its overrides were applied.
pub(super) fn of(panel: &Panel, mut frames: Vec<Frame>, replace: &dyn Fn(&str) -> String, viewer: Viewer<'_>) -> Shown {
    match panel.kind.as_str() {
        "stat" | "gauge" | "bargauge" | "piechart" => {
            Shown { fields: Some(reduced(panel, &mut frames, replace, viewer)), ..Shown::default() }
        }
        "table" | "logs" | "barchart" => {
            naming::settle_all(&mut frames);
            Shown { table: Some(table(&frames, &panel.options, viewer)), ..Shown::default() }
        }
        "heatmap" => {
            naming::settle_all(&mut frames);
            let fields = frames.iter().flat_map(|frame| &frame.fields);
            let numbers = fields.filter(|field| field.kind == FieldKind::Number);
            let named = numbers.map(|field| ShownField { name: name_of(field), ..ShownField::default() });
            let fields = Some(named.collect());
            Shown { fields, lines: lines(&frames, &series::lines(&frames)), ..Shown::default() }
        }
        "timeseries" | "trend" | "histogram" | "xychart" => {
            naming::settle_all(&mut frames);
            let all = series::lines(&frames);
            let fields = Some(last_values(&frames, &all, viewer));
            Shown { fields, lines: lines(&frames, &all), ..Shown::default() }
        }
        "state-timeline" | "status-history" => {
            naming::settle_all(&mut frames);
            Shown { fields: Some(last_values(&frames, &series::bands(&frames), viewer)), ..Shown::default() }
        }
        other => Shown::without(format!("panels of type {other} are not drawn")),
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
fn lines(frames: &[Frame], all: &[series::Series]) -> Vec<Line> {
    let one = |series: &series::Series| {
        let frame = frames.get(series.frame)?;
        let field = frame.fields.get(series.column)?;
        let times = &frame.first_of(FieldKind::Time)?.cells;
        let points = times.iter().zip(&field.cells);
        let points = points.filter_map(|(time, cell)| Some((time.number()? as i64, cell.number()?))).collect();
        Some(Line { name: name_of(field), labels: field.labels.clone(), points })
    };
    all.iter().filter_map(one).collect()
}

fn shown(name: String, field: &Field, cell: &Cell, viewer: Viewer<'_>) -> ShownField {
    let shown = Display::new(field, viewer).show(cell);
    ShownField { name, value: cell.number(), text: shown.whole(), level: shown.level, part: None }
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
    let mut out = Vec::new();
    for value in values {
        let Some(field) = frames.get(value.frame).and_then(|frame| frame.fields.get(value.column)) else { continue };
        let shown = Display::new(field, viewer).show(&value.cell);
        if is_pie && (field.config.hidden || shown.numeric.is_none_or(f64::is_nan)) {
            continue;
        }
        let text = match mode.as_str() {
            "name" => value.title.clone(),
            "none" => String::new(),
            _ => shown.whole(),
        };
        let part = (panel.kind != "stat" && !is_pie).then_some(shown.part).filter(|part| part.is_finite());
        out.push(ShownField { name: value.title, value: shown.numeric, text, level: shown.level, part });
    }
    out
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
    ShownTable {
        columns: fields.iter().map(|field| name_of(field)).collect(),
        rows: places.rows.iter().map(row).collect(),
    }
}
