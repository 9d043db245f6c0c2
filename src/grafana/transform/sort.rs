//! Orders the rows of frames.

use std::sync::Arc;

use serde_json::Value;

use super::super::{
    collate,
    frame::{Cell, Field, FieldKind, Frame},
    js,
    json::{at, flag, list, text},
    naming::Names,
};

/// Orders rows by the first of `sort`.
pub fn sort_by(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let Some(sort) = list(options, "sort").first() else { return frames };
    for frame in &mut frames {
        let column = match at(sort, "index").as_u64() {
            Some(index) => usize::try_from(index).ok(),
            None => text(sort, "field").and_then(|wanted| {
                let names = Names::alone(frame);
                frame.fields.iter_mut().enumerate().position(|(at, field)| names.settle(0, at, field) == wanted)
            }),
        };
        if let Some(column) = column {
            sort_frame(frame, column, flag(sort, "desc"));
        }
    }
    frames
}

/// Orders the rows of a frame by one of its columns.
pub fn sort_frame(frame: &mut Frame, column: usize, falling: bool) {
    let rows = frame.len();
    let Some(field) = frame.fields.get(column) else { return };
    let order = rows_by(field, rows, falling);
    for field in &mut frame.fields {
        let cells = order.iter().take(field.cells.len()).map(|row| field.cells.get(*row).cloned().unwrap_or_default());
        field.cells = cells.collect();
    }
}

/// The rows in the order of a column.
fn rows_by(field: &Field, rows: usize, falling: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    let sign = if falling { -1.0 } else { 1.0 };
    let cell = |row: usize| field.cells.get(row).unwrap_or(&Cell::Null);
    let numbers = matches!(field.cells.first(), Some(Cell::Number(_)));
    match field.kind {
        FieldKind::Text => {
            let keys: Vec<Option<collate::Key>> = (0..rows).map(|row| text_key(cell(row))).collect();
            let key = |row: usize| keys.get(row).and_then(Option::as_ref);
            js::sort_by(&mut order, |a, b| {
                let order = match (key(*a), key(*b)) {
                    (Some(a), Some(b)) => f64::from(a.cmp(b) as i8),
                    (a, b) => missing_last(a.is_some(), b.is_some()),
                };
                sign * order
            });
        }
        FieldKind::Number => js::sort_by(&mut order, |a, b| sign * (js::as_number(cell(*a)) - js::as_number(cell(*b)))),
        FieldKind::Time if numbers => {
            js::sort_by(&mut order, |a, b| sign * (js::as_number(cell(*a)) - js::as_number(cell(*b))));
        }
        FieldKind::Time | FieldKind::Boolean => js::sort_by(&mut order, |a, b| {
            let (a, b) = (js::as_number(cell(*a)), js::as_number(cell(*b)));
            let both = field.kind == FieldKind::Time && a != 0.0 && b != 0.0;
            sign * if both { a - b } else { missing_last(a != 0.0, b != 0.0) }
        }),
        FieldKind::Frame | FieldKind::Other if falling => order.reverse(),
        FieldKind::Frame | FieldKind::Other => {}
    }
    order
}

fn text_key(cell: &Cell) -> Option<collate::Key> {
    let text: Arc<str> = match cell {
        Cell::Text(text) => text.clone(),
        Cell::Null => return None,
        other => js::cell_text(other).into(),
    };
    (!text.is_empty()).then(|| collate::Key::by_signs(&text))
}

/// What is not there goes behind.
fn missing_last(a: bool, b: bool) -> f64 {
    f64::from(u8::from(b)) - f64::from(u8::from(a))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn rows_are_ordered() {
        check::all(&[
            (
                "sortBy",
                "table",
                json!({"sort": [{"field": "mem", "desc": true}]}),
                "A> pod:s a,b,-,a | ns:s x,x,y,y | cpu:n 1,2,0,3.5 | mem:n 10,NaN,40,30",
            ),
            (
                "sortBy",
                "table",
                json!({"sort": [{"field": "pod"}]}),
                "A> pod:s a,a,b,- | ns:s x,y,x,y | cpu:n 1,3.5,2,0 | mem:n 10,30,NaN,40",
            ),
            (
                "sortBy",
                "table",
                json!({"sort": [{"field": "none"}]}),
                "A> pod:s a,b,a,- | ns:s x,x,y,y | cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40",
            ),
        ]);
    }
}
