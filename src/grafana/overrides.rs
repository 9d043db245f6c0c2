//! Overrides: the options of a panel, and the rules that change them for some columns, applied to what was answered.

use serde_json::{Value, json};

use super::{
    field_config::FieldConfig,
    field_variables::{interpolate, of_field},
    frame::{Cell, Field, FieldKind, Frame},
    js,
    json::{at, list, text},
    matcher::Matcher,
    naming::{self, Names},
    reduce,
    threshold::Thresholds,
};

/// The least and the greatest number of all columns; `None` where there is none.
type Extent = (Option<f64>, Option<f64>);

/// Applies a panel's `fieldConfig`: each column gets its options, its range, its index for a palette and its name.
///
/// `color_mode` is that of the type of panel, where it has one of its own (`palette-classic` for time series), and
/// `replace` fills in the variables of the dashboard.
pub fn apply_field_overrides(
    mut frames: Vec<Frame>,
    field_config: &Value,
    color_mode: Option<&str>,
    replace: &dyn Fn(&str) -> String,
) -> Vec<Frame> {
    let defaults = with_defaults(at(field_config, "defaults"), color_mode);
    let rules = rules(field_config);
    let names = Names::among(&frames);
    let mut everything: Option<Extent> = None;
    let all = extent(&frames);
    let mut series = 0;
    for (at, frame) in frames.iter_mut().enumerate() {
        for column in 0..frame.fields.len() {
            let title = |frame: &mut Frame, text: &str| {
                let shown =
                    interpolate(text, replace, |name, path| of_field(&names, frame, (at, column), (name, path)));
                set_title(frame, column, Some(shown));
            };
            let Some(field) = frame.fields.get_mut(column) else { continue };
            let kind = field.kind;
            field.config.fill(&defaults, kind);
            if field.config.display_name.is_none() {
                field.shown_name = None;
                if let Some(text) = &defaults.display_name {
                    title(frame, text);
                }
            }
            for rule in &rules {
                if !rule.matcher.fits(&names, frame, at, column) {
                    continue;
                }
                for (id, value) in &rule.properties {
                    if *id == "displayName" {
                        let Some(field) = frame.fields.get_mut(column) else { continue };
                        field.shown_name = None;
                        let mut given = FieldConfig::default();
                        given.set(id, value);
                        match given.display_name {
                            Some(text) => title(frame, &text),
                            None => field.config.display_name = None,
                        }
                    } else if let Some(field) = frame.fields.get_mut(column) {
                        field.config.set(id, value);
                    }
                }
            }
            let Some(field) = frame.fields.get_mut(column) else { continue };
            field.range = range(field, &mut everything, all);
            field.series_index = Some(series);
            if kind == FieldKind::Other {
                field.kind = guessed_kind(field);
            }
            series += usize::from(field.kind != FieldKind::Time);
            field.shown_name = None;
        }
    }
    naming::settle_all(&mut frames);
    frames
}

fn set_title(frame: &mut Frame, column: usize, title: Option<String>) {
    if let Some(field) = frame.fields.get_mut(column) {
        field.config.display_name = title;
    }
}

/// The options of a panel, with those every panel has where it says nothing.
pub fn with_defaults(defaults: &Value, color_mode: Option<&str>) -> FieldConfig {
    let mut config = FieldConfig::read(defaults);
    let written = at(defaults, "thresholds");
    if at(written, "steps").as_array().is_none() {
        config.thresholds = Thresholds::read(&json!({
            "mode": text(written, "mode").unwrap_or_else(|| "absolute".to_owned()),
            "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}],
        }));
    }
    if config.color_mode.is_none() && !defaults.get("color").is_some_and(Value::is_null) {
        config.color_mode = color_mode.map(str::to_owned);
    }
    config
}

/// One rule: what it sets, in order, of the columns that fit.
struct Rule<'v> {
    matcher: Matcher,
    properties: Vec<(&'v str, &'v Value)>,
}

fn rules(field_config: &Value) -> Vec<Rule<'_>> {
    list(field_config, "overrides")
        .iter()
        .filter(|rule| text(at(rule, "matcher"), "scope").is_none_or(|scope| scope == "series"))
        .filter_map(|rule| {
            let properties = list(rule, "properties").iter();
            let properties = properties.filter_map(|one| Some((at(one, "id").as_str()?, at(one, "value"))));
            Some(Rule { matcher: Matcher::read(at(rule, "matcher"))?, properties: properties.collect() })
        })
        .collect()
}

fn extent(frames: &[Frame]) -> Extent {
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    let fields = frames.iter().flat_map(|frame| &frame.fields).filter(|field| field.kind == FieldKind::Number);
    for value in fields.flat_map(|field| &field.cells).filter(|cell| **cell != Cell::Null).map(js::as_number) {
        // A comparison with NaN fails, so it changes neither.
        if min > value {
            min = value;
        }
        if max < value {
            max = value;
        }
    }
    ((min != f64::INFINITY).then_some(min), (max != f64::NEG_INFINITY).then_some(max))
}

/// The range of a field; what nobody knows counts as 0.
fn range(field: &Field, everything: &mut Option<Extent>, all: Extent) -> Option<(f64, f64)> {
    let config = &field.config;
    if let (Some(min), Some(max)) = (config.min, config.max) {
        everything.get_or_insert((Some(min), Some(max)));
        return Some((min, max));
    }
    if field.kind != FieldKind::Number {
        return None;
    }
    let (min, max) = if !config.own_range {
        *everything.get_or_insert(all)
    } else if field.cells.is_empty() {
        (Some(0.0), Some(100.0))
    } else {
        (reduce::reduce(field, "min").number(), reduce::reduce(field, "max").number())
    };
    Some((config.min.or(min).unwrap_or(0.0), config.max.or(max).unwrap_or(0.0)))
}

/// What a field of no kind holds, by its name or its first value.
pub(super) fn guessed_kind(field: &Field) -> FieldKind {
    if field.name.eq_ignore_ascii_case("date") || field.name.eq_ignore_ascii_case("time") {
        return FieldKind::Time;
    }
    match field.cells.iter().find(|cell| **cell != Cell::Null) {
        Some(Cell::Number(_)) => FieldKind::Number,
        Some(Cell::Boolean(_)) => FieldKind::Boolean,
        Some(Cell::Text(text)) => match text.as_ref() {
            "true" | "TRUE" | "True" | "false" | "FALSE" | "False" => FieldKind::Boolean,
            text if is_number_text(text) => FieldKind::Number,
            _ => FieldKind::Text,
        },
        Some(Cell::Frame(..) | Cell::Null) | None => FieldKind::Other,
    }
}

fn is_number_text(text: &str) -> bool {
    let text = text.trim();
    let plain =
        !text.is_empty() && !text.starts_with('+') && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    text.eq_ignore_ascii_case("nan") || (plain && text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Vec<Frame> {
        let numbers = |values: &[f64]| values.iter().map(|value| Cell::Number(*value)).collect();
        let field = |name: &str, kind, cells| Field { name: name.to_owned(), kind, cells, ..Field::default() };
        let mut labelled = field("Value", FieldKind::Number, numbers(&[1.0, 5.0]));
        labelled.labels.insert("pod".to_owned(), "a".to_owned());
        let fields = vec![
            field("Time", FieldKind::Time, numbers(&[0.0, 1.0])),
            labelled,
            field("b", FieldKind::Number, numbers(&[-2.0, f64::NAN])),
        ];
        vec![Frame { ref_id: Some("A".to_owned()), fields, ..Frame::default() }]
    }

    fn applied(config: &Value) -> Vec<Field> {
        let frames = apply_field_overrides(frames(), config, Some("palette-classic"), &str::to_owned);
        frames.into_iter().flat_map(|frame| frame.fields).collect()
    }

    #[test]
    fn defaults_and_rules_settle_names_ranges_and_colours() {
        let config = json!({
            "defaults": {"unit": "s", "displayName": "pod ${__field.labels.pod}"},
            "overrides": [
                {"matcher": {"id": "byName", "options": "pod a"}, "properties": [{"id": "displayName", "value": "A"}]},
                {"matcher": {"id": "byName", "options": "A"}, "properties": [{"id": "unit", "value": "ms"}]},
                {"matcher": {"id": "byRegexp", "options": "/^b|d$/"}, "properties": [{"id": "max", "value": 9}]},
                {"matcher": {"id": "unheard-of", "options": ""}, "properties": [{"id": "unit", "value": "x"}]},
            ],
        });
        let fields = applied(&config);
        let names: Vec<_> = fields.iter().filter_map(|field| field.shown_name.clone()).collect();
        assert_eq!(names, ["pod ", "A", "pod "]);
        let units: Vec<_> = fields.iter().filter_map(|field| field.config.unit.clone()).collect();
        assert_eq!(units, ["s", "ms", "s"]);
        assert_eq!(
            fields.iter().map(|field| field.range).collect::<Vec<_>>(),
            [None, Some((-2.0, 5.0)), Some((-2.0, 5.0))]
        );
        assert_eq!(fields.iter().map(|field| field.series_index).collect::<Vec<_>>(), [Some(0), Some(0), Some(1)]);
        assert!(fields.iter().all(|field| field.config.color_mode.as_deref() == Some("palette-classic")));
    }

    #[test]
    fn the_first_range_that_is_given_whole_counts_for_all() {
        let config = json!({"overrides": [
            {"matcher": {"id": "byType", "options": "time"}, "properties": [{"id": "min", "value": 3}, {"id": "max", "value": 4}]},
            {"matcher": {"id": "byValue", "options": {"reducer": "max", "op": "gt", "value": 4}},
             "properties": [{"id": "fieldMinMax", "value": true}]},
        ]});
        let ranges: Vec<_> = applied(&config).iter().map(|field| field.range).collect();
        assert_eq!(ranges, [Some((3.0, 4.0)), Some((1.0, 5.0)), Some((3.0, 4.0))]);
    }
}
