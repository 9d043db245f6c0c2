//! What stat, gauge, bar gauge and pie panels show: one value of each column, or each value of the columns.

use serde_json::Value;

use super::{
    field_variables::{Part, Show, interpolate, of_field, of_row, with_new_cells},
    frame::{Cell, Field, FieldKind, Frame},
    json,
    matcher::Matcher,
    naming::Names,
    overrides, reduce,
};

/// As many as Grafana shows of single values where the panel says nothing.
const LIMIT: usize = 25;

/// The option `reduceOptions` of a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReduceOptions {
    /// The calculations; `last` where there is none.
    pub calcs: Vec<String>,
    /// Whether single values are shown rather than calculations.
    pub values: bool,
    /// A pattern over the names of the columns; empty for those of numbers.
    pub fields: String,
    /// How many single values are shown at most.
    pub limit: usize,
}

impl ReduceOptions {
    /// Reads `reduceOptions`; the calculation is `lastNotNull` where the panel does not name any.
    pub fn read(options: &Value) -> Self {
        let calcs = json::at(options, "calcs").as_array();
        let named = calcs.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        let limit = json::number(json::at(options, "limit")).filter(|limit| *limit != 0.0);
        Self {
            calcs: if calcs.is_some() { named.collect() } else { vec!["lastNotNull".to_owned()] },
            values: json::flag(options, "values"),
            fields: json::text(options, "fields").unwrap_or_default(),
            // At least one is shown before the limit is looked at.
            limit: limit.map_or(LIMIT, |limit| limit.max(1.0).ceil() as usize),
        }
    }
}

/// One value of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldValue {
    /// Which frame it is of.
    pub frame: usize,
    /// Which column of it, whose options and range count.
    pub column: usize,
    /// Which row, where it is a single value.
    pub row: Option<usize>,
    /// What it is called.
    pub title: String,
    /// The value.
    pub cell: Cell,
    /// Which of the values it is, for the colour of a palette.
    pub series_index: usize,
    /// The colour an override gives to this very title.
    pub color: Option<String>,
}

/// What the functions here need to know of the panel and the dashboard.
pub struct Context<'c> {
    /// The panel's `fieldConfig`.
    pub field_config: &'c Value,
    /// Fills in the variables of the dashboard.
    pub replace: &'c dyn Fn(&str) -> String,
    /// Writes a cell.
    pub show: &'c Show<'c>,
}

/// The values a panel shows of frames to which the overrides were applied; none where there is no data.
pub fn field_display_values(frames: &mut [Frame], options: &ReduceOptions, context: &Context<'_>) -> Vec<FieldValue> {
    let matcher = if options.fields.is_empty() {
        Matcher::of("numeric", &Value::Null)
    } else {
        Matcher::of("byRegexp", &Value::String(options.fields.clone()))
    };
    let Some(matcher) = matcher else { return Vec::new() };
    let names = Names::among(frames);
    let mut values = Vec::new();
    for (at, frame) in frames.iter_mut().enumerate() {
        for column in 0..frame.fields.len() {
            if !matcher.fits(&names, frame, at, column) {
                continue;
            }
            if options.values {
                let rows = frame.fields.get(column).map_or(0, |field| field.cells.len());
                for row in 0..rows {
                    let value = row_value(&names, frame, (at, column, row), values.len(), context);
                    values.extend(value);
                    if values.len() >= options.limit {
                        return values;
                    }
                }
            } else {
                let last = ["last".to_owned()];
                let calcs = if options.calcs.is_empty() { &last[..] } else { &options.calcs };
                values.extend(calcs.iter().filter_map(|calc| calc_value(&names, frame, (at, column), calc, context)));
            }
        }
    }
    values
}

/// The field whose text for nothing stands in for values where there are none; where that is empty, "No data" does.
pub fn field_of_nothing(field_config: &Value) -> Field {
    let config = overrides::with_defaults(json::at(field_config, "defaults"), None);
    Field { kind: FieldKind::Other, config, ..Field::default() }
}

fn calc_value(
    names: &Names,
    frame: &mut Frame,
    (at, column): (usize, usize),
    calc: &str,
    context: &Context<'_>,
) -> Option<FieldValue> {
    let field = frame.fields.get_mut(column)?;
    let cell = reduce::reduce(field, calc);
    let series_index = field.series_index.unwrap_or_default();
    let title = match field.config.display_name.clone().filter(|name| !name.is_empty()) {
        Some(name) => interpolate(&name, context.replace, |name, path| match name {
            "__calc" if path.is_empty() => Some(calc.to_owned()),
            _ => of_field(names, frame, (at, column), (name, path)),
        }),
        None => names.of(at, column, field),
    };
    Some(FieldValue { frame: at, column, row: None, title, cell, series_index, color: None })
}

fn row_value(
    names: &Names,
    frame: &mut Frame,
    (at, column, row): (usize, usize, usize),
    series_index: usize,
    context: &Context<'_>,
) -> Option<FieldValue> {
    let field = frame.fields.get(column)?;
    let cell = field.cells.get(row).cloned().unwrap_or_default();
    let title = match field.config.display_name.clone().filter(|name| !name.is_empty()) {
        Some(name) => interpolate(&with_new_cells(&name), context.replace, |name, path| {
            of_row(frame, column, row, context.show, (name, path))
                .or_else(|| of_field(names, frame, (at, column), (name, path)))
        }),
        None => row_name(frame, column, row, context.show),
    };
    let color = color_of_title(&title, context.field_config);
    Some(FieldValue { frame: at, column, row: Some(row), title, cell, series_index, color })
}

/// The texts of a row; the name of the column too where there are several of numbers, or no text.
fn row_name(frame: &Frame, column: usize, row: usize, show: &Show<'_>) -> String {
    let others = || frame.fields.iter().enumerate().filter(|(other, _)| *other != column).map(|(_, field)| field);
    let texts = others().filter(|field| field.kind == FieldKind::Text).map(|field| {
        let cell = field.cells.get(row).filter(|cell| **cell != Cell::Null).cloned();
        show(field, &cell.unwrap_or_else(|| Cell::Text("".into())), Part::Text)
    });
    let mut parts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    if parts.is_empty() || others().any(|field| field.kind == FieldKind::Number) {
        let names = Names::alone(frame);
        parts.extend(frame.fields.get(column).map(|field| names.of(0, column, &mut named(field))));
    }
    parts.join(" ")
}

/// A field as far as its name goes by it.
fn named(field: &Field) -> Field {
    Field {
        name: field.name.clone(),
        kind: field.kind,
        labels: field.labels.clone(),
        labelled: field.labelled,
        config: field.config.clone(),
        shown_name: field.shown_name.clone(),
        named_among_many: field.named_among_many,
        ..Field::default()
    }
}

fn color_of_title(title: &str, field_config: &Value) -> Option<String> {
    let rules = json::list(field_config, "overrides").iter().filter(|rule| {
        let matcher = json::at(rule, "matcher");
        json::at(matcher, "id") == "byName" && json::at(matcher, "options") == title
    });
    let mut properties = rules.flat_map(|rule| json::list(rule, "properties"));
    let color =
        properties.find(|property| json::at(property, "id") == "color" && json::at(property, "value").is_object())?;
    json::text(json::at(color, "value"), "fixedColor")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::js, *};

    fn frames() -> Vec<Frame> {
        let field = |name: &str, kind, cells| Field { name: name.to_owned(), kind, cells, ..Field::default() };
        let numbers = |values: [f64; 2]| values.map(Cell::Number).to_vec();
        let fields = vec![
            field("pod", FieldKind::Text, vec![Cell::Text("a".into()), Cell::Null]),
            field("cpu", FieldKind::Number, numbers([1.0, 2.0])),
            field("mem", FieldKind::Number, numbers([3.0, f64::NAN])),
        ];
        vec![Frame { fields, ..Frame::default() }]
    }

    fn values(options: &Value, config: &Value) -> Vec<(String, String)> {
        let mut frames = overrides::apply_field_overrides(frames(), config, None, &str::to_owned);
        let show = |_: &Field, cell: &Cell, _: Part| js::cell_or_empty(cell);
        let context = Context { field_config: config, replace: &str::to_owned, show: &show };
        let values = field_display_values(&mut frames, &ReduceOptions::read(options), &context);
        values.into_iter().map(|value| (value.title, js::cell_text(&value.cell))).collect()
    }

    #[test]
    fn values_and_their_titles() {
        let named = json!({"defaults": {"displayName": "${__field.name} ${__calc}"}});
        let cell = json!({"defaults": {"displayName": "$__cell_0 of ${__cell_1}"}});
        for (options, config, expected) in [
            (json!({}), &json!({}), vec![("cpu", "2"), ("mem", "3")]),
            (json!({"calcs": [], "fields": "/^m/"}), &json!({}), vec![("mem", "NaN")]),
            (json!({"calcs": ["max", "min"], "fields": "/cpu/"}), &named, vec![("cpu max", "2"), ("cpu min", "1")]),
            (json!({"values": true, "limit": 3}), &json!({}), vec![("a cpu", "1"), ("cpu", "2"), ("a mem", "3")]),
            (json!({"values": true, "limit": 2}), &cell, vec![("a of 1", "1"), (" of 2", "2")]),
            (json!({"fields": "none"}), &json!({}), vec![]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(values(&options, config), expected);
        }
    }
}
