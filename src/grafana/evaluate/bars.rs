//! The bars of a bar chart and of a histogram.

use std::collections::HashMap;

use serde_json::json;

use super::super::{
    display::Display,
    frame::{Field, FieldKind, Frame},
    json::{at, text},
    model::Panel,
    shown::{Count, ShownField},
    transform,
    value_format::Viewer,
};

/// Most bars that are kept.
const MAX_BARS: usize = 500;
/// About so many cells are looked at: more are no chart.
const MAX_CELLS: usize = 20_000;

fn name_of(field: &Field) -> String {
    field.shown_name.clone().unwrap_or_else(|| field.name.clone())
}

/// The bars of a bar chart, those of one place behind each other: each with its place, and with the name of its column
/// where there are several.
pub(super) fn of_chart(panel: &Panel, frames: &[Frame], viewer: Viewer<'_>) -> Vec<ShownField> {
    let wanted = text(&panel.options, "xField");
    let numbers = |frame: &Frame| frame.fields.iter().filter(|field| is_bar(field)).count();
    let are_several = frames.iter().map(numbers).sum::<usize>() > 1;
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut bars: Vec<(usize, ShownField)> = Vec::new();
    for frame in frames {
        let named = || frame.fields.iter().find(|field| Some(name_of(field)) == wanted);
        let x = named().or_else(|| frame.first_of(FieldKind::Text)).or_else(|| frame.first_of(FieldKind::Time));
        let words = x.map(|field| (field, Display::new(field, viewer)));
        for field in frame.fields.iter().filter(|field| is_bar(field) && x.is_none_or(|x| !std::ptr::eq(*field, x))) {
            let display = Display::new(field, viewer);
            if bars.len() > MAX_CELLS {
                break;
            }
            for (row, cell) in field.cells.iter().enumerate().take(MAX_BARS) {
                let place = words.as_ref().and_then(|(x, display)| Some(display.show(x.cells.get(row)?).whole()));
                let place = place.unwrap_or_default();
                let next = places.len();
                let nth = *places.entry(place.clone()).or_insert(next);
                let shown = display.show(cell);
                let Some(value) = shown.numeric.filter(|value| value.is_finite()) else { continue };
                let name = match (place.is_empty(), are_several) {
                    (true, _) => name_of(field),
                    (false, true) => format!("{place} · {}", name_of(field)),
                    (false, false) => place,
                };
                let (text, level) = (shown.whole(), shown.level);
                bars.push((nth, ShownField { name, value: Some(value), text, level, ..ShownField::default() }));
            }
        }
    }
    bars.sort_by_key(|(place, _)| *place);
    bars.truncate(MAX_BARS);
    let most = bars.iter().filter_map(|(_, bar)| bar.value).map(f64::abs).fold(0.0, f64::max);
    let with_part = |(_, bar): (usize, ShownField)| {
        let part = bar.value.map(|value| if most > 0.0 { value.abs() / most } else { 0.0 });
        ShownField { part, ..bar }
    };
    bars.into_iter().map(with_part).collect()
}

fn is_bar(field: &Field) -> bool {
    field.kind == FieldKind::Number && !field.config.hidden
}

/// The buckets of a histogram: those that are there, or those of all values.
pub(super) fn of_histogram(panel: &Panel, frames: Vec<Frame>, viewer: Viewer<'_>) -> Vec<Count> {
    let has_buckets = |frame: &Frame| frame.fields.iter().any(|field| field.name == "xMin");
    let frames = match frames.iter().any(has_buckets) {
        true => frames,
        false => {
            let option = |key: &str| at(&panel.options, key).clone();
            let options =
                json!({"bucketSize": option("bucketSize"), "bucketOffset": option("bucketOffset"), "combine": true});
            transform::transform(&[json!({"id": "histogram", "options": options})], frames).0
        }
    };
    let Some(frame) = frames.iter().find(|frame| has_buckets(frame)) else { return Vec::new() };
    let column = |name: &str| frame.fields.iter().find(|field| field.name == name);
    let (Some(from), Some(to)) = (column("xMin"), column("xMax")) else { return Vec::new() };
    let counts: Vec<&Field> =
        frame.fields.iter().filter(|field| is_bar(field) && !matches!(field.name.as_str(), "xMin" | "xMax")).collect();
    let (words_from, words_to) = (Display::new(from, viewer), Display::new(to, viewer));
    let bucket = |row: usize| {
        let count = counts.iter().filter_map(|field| field.cells.get(row)?.number()).filter(|count| count.is_finite());
        let words = |field: &Field, display: &Display<'_>| field.cells.get(row).map(|cell| display.show(cell).whole());
        Some(Count { from: words(from, &words_from)?, to: words(to, &words_to)?, count: count.sum() })
    };
    (0..frame.len().min(MAX_BARS)).filter_map(bucket).collect()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::Value;

    use super::{super::super::frame::Cell, *};

    const VIEWER: Viewer<'static> = Viewer { zone: &TimeZone::UTC, now: 0.0 };

    fn field(name: &str, kind: FieldKind, cells: Vec<Cell>) -> Field {
        Field { name: name.to_owned(), kind, cells, ..Field::default() }
    }

    fn numbers(values: &[f64]) -> Vec<Cell> {
        values.iter().map(|value| Cell::Number(*value)).collect()
    }

    fn table(columns: &[(&str, &[f64])]) -> Frame {
        let hosts = ["a", "b"].map(|host| Cell::Text(host.into())).to_vec();
        let columns = columns.iter().map(|(name, values)| field(name, FieldKind::Number, numbers(values)));
        let fields = std::iter::once(field("host", FieldKind::Text, hosts)).chain(columns).collect();
        Frame { fields, ..Frame::default() }
    }

    fn bars(options: Value, frame: Frame) -> Vec<(String, String, f64)> {
        let panel = Panel { options, ..Panel::default() };
        let bars = of_chart(&panel, &[frame], VIEWER).into_iter();
        bars.map(|bar| (bar.name, bar.text, bar.part.unwrap_or(f64::NAN))).collect()
    }

    #[test]
    fn each_place_has_its_bars() {
        let bar = |name: &str, text: &str, part| (name.to_owned(), text.to_owned(), part);
        assert_eq!(bars(json!({}), table(&[("n", &[1.0, 4.0])])), [bar("a", "1", 0.25), bar("b", "4", 1.0)]);
        let several = table(&[("used", &[1.0, f64::NAN]), ("free", &[2.0, -8.0])]);
        assert_eq!(
            bars(json!({"xField": "host"}), several),
            [bar("a · used", "1", 0.125), bar("a · free", "2", 0.25), bar("b · free", "-8", 1.0)]
        );
    }

    #[test]
    fn values_are_counted() {
        let panel = Panel { options: json!({"bucketSize": 5}), ..Panel::default() };
        let frame = Frame {
            fields: vec![field("v", FieldKind::Number, numbers(&[1.0, 2.0, 7.0, f64::NAN]))],
            ..Frame::default()
        };
        let found: Vec<_> =
            of_histogram(&panel, vec![frame], VIEWER).into_iter().map(|one| (one.from, one.to, one.count)).collect();
        assert_eq!(found, [("0".to_owned(), "5".to_owned(), 2.0), ("5".to_owned(), "10".to_owned(), 1.0)]);
        assert!(of_histogram(&panel, Vec::new(), VIEWER).is_empty());
    }
}
