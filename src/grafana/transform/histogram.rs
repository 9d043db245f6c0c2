//! Counts how many values lie in which bucket.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    super::{
        field_config::FieldConfig,
        frame::{Cell, Field, FieldKind, Frame},
        js,
        json::{at, flag},
        matcher,
    },
    unsettle,
};

/// How many buckets there are about, where their size is not given.
const BUCKETS: f64 = 30.0;

/// Sizes of buckets below ten, as powers of ten are added to them; from a billionth to five billion.
const SIZES: [f64; 5] = [1.0, 2.0, 2.5, 4.0, 5.0];

/// One frame of buckets and counts, of all columns of numbers; no frame where there is none.
pub fn histogram(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    if frames.is_empty() {
        return frames;
    }
    let given = |key| {
        let number = js::parse_float(&js::cell_text(&matcher::cell(at(options, key))));
        (!number.is_nan() && number != 0.0).then_some(number)
    };
    let mut fields: Vec<Field> = Vec::new();
    for field in frames.iter_mut().flat_map(|frame| std::mem::take(&mut frame.fields)) {
        if field.kind == FieldKind::Number {
            fields.push(only_numbers(field));
        }
    }
    if fields.is_empty() {
        return Vec::new();
    }
    let size = given("bucketSize").filter(|size| *size > 0.0).or_else(|| size_for(&fields)).unwrap_or(f64::NAN);
    let offset = given("bucketOffset").unwrap_or(0.0);
    let bucket = |value: f64| rounded(((value - offset) / size).floor() * size + offset);
    let counts: Vec<HashMap<js::Key, f64>> = fields
        .iter()
        .map(|field| {
            let mut counts = HashMap::new();
            for value in field.cells.iter().filter_map(Cell::number) {
                *counts.entry(js::key(&Cell::Number(bucket(value)))).or_default() += 1.0;
            }
            counts
        })
        .collect();
    let mut buckets: Vec<f64> =
        fields.iter().flat_map(|field| &field.cells).filter_map(Cell::number).map(bucket).collect();
    buckets.sort_by(f64::total_cmp);
    buckets.dedup_by_key(|value| (*value + 0.0).to_bits());
    let with_unit = fields.iter().map(|field| &field.config).find(|config| config.unit.is_some());
    let mut config = with_unit.cloned().unwrap_or_default();
    config.decimals = decimals(size).or(config.decimals);
    let mut columns = vec![limits("xMin", &buckets, 0.0, &config), limits("xMax", &buckets, size, &config)];
    for (field, counts) in fields.iter_mut().zip(&counts) {
        let count = |value: &f64| counts.get(&js::key(&Cell::Number(*value))).copied().unwrap_or(0.0);
        field.cells = buckets.iter().map(|value| Cell::Number(count(value))).collect();
        field.config.unit.take_if(|unit| unit != "short");
    }
    if flag(options, "combine") {
        let sum = |row: usize| fields.iter().filter_map(|field| field.cells.get(row)?.number()).sum();
        let cells: Vec<Cell> = (0..buckets.len()).map(|row| Cell::Number(sum(row))).collect();
        fields.truncate(1);
        for field in &mut fields {
            field.cells.clone_from(&cells);
            field.name = "count".to_owned();
            field.shown_name = Some("Count".to_owned());
            field.named_among_many = Some(false);
        }
    }
    columns.append(&mut fields);
    vec![Frame { ref_id: Some("histogram".to_owned()), fields: columns, ..Frame::default() }]
}

/// The numbers of a column; nothing counts as what stands for it, where that is a number.
fn only_numbers(mut field: Field) -> Field {
    let nothing = field.config.no_value.as_deref().map(js::to_number).filter(|number| !number.is_nan());
    match nothing {
        Some(number) => {
            for cell in field.cells.iter_mut().filter(|cell| **cell == Cell::Null) {
                *cell = Cell::Number(number);
            }
        }
        None => field.cells.retain(|cell| cell.number().is_some_and(f64::is_finite)),
    }
    field
}

fn size_for(fields: &[Field]) -> Option<f64> {
    let mut values: Vec<f64> = fields.iter().flat_map(|field| &field.cells).filter_map(Cell::number).collect();
    values.sort_by(f64::total_cmp);
    let steps = values.windows(2).filter_map(|pair| match pair {
        [a, b] if b - a != 0.0 => Some(b - a),
        _ => None,
    });
    let least = if values.len() == 1 { 1.0 } else { steps.fold(f64::INFINITY, f64::min) };
    let wanted = (values.last()? - values.first()?) / BUCKETS;
    (-9..=9).flat_map(sizes).find(|size| wanted < *size && *size >= least)
}

/// The sizes of one power of ten; below ten they are whole from one on.
fn sizes(power: i32) -> impl Iterator<Item = f64> {
    let scaled = SIZES.into_iter().filter(move |size| power != 0 || *size != 2.5);
    scaled.filter_map(move |size| format!("{size}e{power}").parse().ok())
}

fn rounded(value: f64) -> f64 {
    if value.fract() == 0.0 { value } else { (value * 1e9 * (1.0 + f64::EPSILON) + 0.5).floor() / 1e9 }
}

/// The digits behind the point of a size; `None` where there are none.
fn decimals(size: f64) -> Option<i32> {
    let text = js::number_text(size);
    let (_, digits) = text.split_once('.')?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| i32::try_from(digits.len()).ok())?
}

fn limits(name: &str, buckets: &[f64], more: f64, config: &FieldConfig) -> Field {
    let cells = buckets.iter().map(|value| Cell::Number(value + more)).collect();
    let mut field =
        Field { name: name.to_owned(), kind: FieldKind::Number, cells, config: config.clone(), ..Field::default() };
    unsettle(&mut field);
    field
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn values_are_counted_in_buckets() {
        check::all(&[
            (
                "histogram",
                "table",
                json!({"bucketSize": "5"}),
                "histogram> xMin:n 0,10,30,40 | xMax:n 5,15,35,45 | cpu:n 4,0,0,0 | mem:n 0,1,1,1",
            ),
            (
                "histogram",
                "table",
                json!({"combine": true}),
                "histogram> xMin:n 0,2,10,30,40 | xMax:n 2,4,12,32,42 | Count:n 2,2,1,1,1",
            ),
        ]);
    }
}
