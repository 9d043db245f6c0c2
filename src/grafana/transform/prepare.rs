//! Brings series into one shape: all in one frame, each in its own, or one value a row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        js,
        json::text,
    },
    CELLS, join,
};

/// Brings series into the shape `format`, one frame where it is not said.
pub fn prepare_time_series(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    match text(options, "format").as_deref() {
        Some("many" | "multi") => frames.into_iter().flat_map(each_alone).collect(),
        Some("long") => {
            let mut room = CELLS;
            frames.into_iter().filter_map(|frame| long(frame, &mut room)).collect()
        }
        _ => join::by_time(frames),
    }
}

/// One frame for each column of values, and for each of the texts of its rows.
fn each_alone(frame: Frame) -> Vec<Frame> {
    let Some(time) = frame.first_of(FieldKind::Time) else { return Vec::new() };
    let texts: Vec<&Field> = frame.fields.iter().filter(|field| field.kind == FieldKind::Text).collect();
    let text = |field: &Field, row: usize| js::cell_or_empty(field.cells.get(row).unwrap_or(&Cell::Null));
    let mut out = Vec::new();
    for value in frame.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number | FieldKind::Boolean)) {
        let made = |time: Field, value: Field| Frame {
            name: frame.name.clone(),
            ref_id: frame.ref_id.clone(),
            fields: vec![time, value],
            kind: frame.kind,
        };
        if texts.is_empty() {
            out.push(made(time.clone(), value.clone()));
            continue;
        }
        let mut order: Vec<(usize, Vec<Cell>, Vec<Cell>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (row, (at, cell)) in time.cells.iter().zip(&value.cells).enumerate() {
            if *at == Cell::Null || *cell == Cell::Null {
                continue;
            }
            let key = texts.iter().map(|field| text(field, row)).collect::<Vec<_>>().join("/");
            let place = *places.entry(key).or_insert_with(|| {
                order.push((row, Vec::new(), Vec::new()));
                order.len() - 1
            });
            if let Some((_, times, cells)) = order.get_mut(place) {
                times.push(at.clone());
                cells.push(cell.clone());
            }
        }
        for (row, times, cells) in order {
            let mut labels = value.labels.clone();
            labels.extend(texts.iter().map(|field| (field.name.clone(), text(field, row))));
            let plain = |field: &Field, cells| Field {
                name: field.name.clone(),
                kind: field.kind,
                config: field.config.clone(),
                cells,
                ..Field::default()
            };
            out.push(made(plain(time, times), Field { labels, ..plain(value, cells) }));
        }
    }
    out
}

/// One row for each time and set of labels; `None` for a frame without times.
fn long(frame: Frame, room: &mut usize) -> Option<Frame> {
    let time_at = frame.fields.iter().position(|field| field.kind == FieldKind::Time)?;
    let time = frame.fields.get(time_at)?;
    let mut factors: BTreeMap<&str, Option<&Field>> = BTreeMap::new();
    let mut values: BTreeMap<&str, FieldKind> = BTreeMap::new();
    let mut sets: BTreeMap<Vec<(&String, &String)>, Vec<&Field>> = BTreeMap::new();
    for (_, field) in frame.fields.iter().enumerate().filter(|(column, _)| *column != time_at) {
        if matches!(field.kind, FieldKind::Text | FieldKind::Boolean) {
            factors.entry(&field.name).or_insert(Some(field));
        } else if *values.entry(&field.name).or_insert(field.kind) == field.kind {
            sets.entry(field.labels.iter().collect()).or_default().push(field);
        }
    }
    let labels: BTreeSet<&String> = sets.keys().flatten().map(|(name, _)| *name).collect();
    for label in labels {
        factors.entry(label).or_insert(None);
    }
    let mut rows: Vec<usize> = (0..frame.len()).collect();
    let at = |row: usize| time.cells.get(row).map_or(f64::NAN, js::as_number);
    js::sort_by(&mut rows, |a, b| at(*a) - at(*b));
    let cell = |field: &Field, row: usize| field.cells.get(row).cloned().unwrap_or_default();
    let made = |name: &str, kind| Field { name: name.to_owned(), kind, ..Field::default() };
    let mut fields = vec![made(&time.name, FieldKind::Time)];
    fields.extend(values.iter().map(|(name, kind)| made(name, *kind)));
    fields.extend(factors.keys().map(|name| made(name, FieldKind::Text)));
    for row in rows {
        for (labels, columns) in &sets {
            *room = room.checked_sub(fields.len())?;
            let value = |name: &&str| columns.iter().rfind(|field| field.name == **name).map(|field| cell(field, row));
            let factor = |(name, field): (&&str, &Option<&Field>)| {
                let label =
                    labels.iter().find(|(label, _)| label == name).map(|(_, value)| Cell::Text(value.as_str().into()));
                label.or_else(|| field.map(|field| cell(field, row))).unwrap_or_default()
            };
            let cells: Vec<Cell> = std::iter::once(cell(time, row))
                .chain(values.keys().map(|name| value(name).unwrap_or_default()))
                .chain(factors.iter().map(factor))
                .collect();
            for (field, cell) in fields.iter_mut().zip(cells) {
                field.cells.push(cell);
            }
        }
    }
    Some(Frame { name: frame.name.clone(), ref_id: frame.ref_id.clone(), fields, kind: frame.kind })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn series_get_one_shape() {
        let id = "prepareTimeSeries";
        check::all(&[
            (id, "series", json!({}), "> Time:t 1000,2000,3000 | a:n 1,2,- | b:n -,5,NaN"),
            (
                id,
                "series",
                json!({"format": "multi"}),
                "A> Time:t 1000,2000,3000 | a:n 1,2,- // B> Time:t 2000,3000 | b:n 5,NaN",
            ),
            (
                id,
                "series",
                json!({"format": "long"}),
                "A> Time:t 1000,2000,3000 | Value:n 1,2,- | pod:s a,a,a // B> Time:t 2000,3000 | Value:n 5,NaN | pod:s b,b",
            ),
            (id, "table", json!({"format": "many"}), ""),
        ]);
    }
}
