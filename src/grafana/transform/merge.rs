//! Merges frames: rows that agree in the columns all frames have become one.

use std::collections::HashMap;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        js, overrides,
    },
    letters,
};

/// How many pairs of rows are compared at most; behind that rows stay as they are.
const COMPARED: usize = 20_000_000;

/// One merged row; `None` where its frame has no such column.
type Row = Vec<Option<Cell>>;

/// Merges frames where all have a column in common.
pub fn merge(frames: Vec<Frame>) -> Vec<Frame> {
    if frames.len() < 2 {
        return frames;
    }
    let data: Vec<&Frame> = frames.iter().filter(|frame| !frame.fields.is_empty()).collect();
    if data.is_empty() {
        return frames.into_iter().take(1).collect();
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    let mut keys = Vec::new();
    for (at, frame) in data.iter().enumerate() {
        for (place, field) in frame.fields.iter().enumerate() {
            let index = *by_name.entry(&field.name).or_insert_with(|| {
                columns.push(Column::like(field, columns.len()));
                columns.len() - 1
            });
            let Some(column) = columns.get_mut(index) else { continue };
            column.places.insert(at, place);
            if at + 1 == data.len() && column.places.len() == data.len() {
                keys.push(index);
            }
        }
    }
    if keys.is_empty() {
        return frames;
    }
    let rows = merged_rows(&data, &columns, &keys);
    let letters = letters(&data.iter().map(|frame| head(frame)).collect::<Vec<_>>());
    let mut fields: Vec<Field> = columns.into_iter().map(|column| column.field).collect();
    for row in rows {
        for (field, cell) in fields.iter_mut().zip(row) {
            let cell = read_as(field.kind, cell.unwrap_or_default());
            field.cells.push(cell);
        }
    }
    vec![Frame { ref_id: Some(format!("merge-{letters}")), fields, ..Frame::default() }]
}

fn head(frame: &Frame) -> Frame {
    Frame { ref_id: frame.ref_id.clone(), ..Frame::default() }
}

/// A merged column, and where it is in each frame.
struct Column {
    field: Field,
    places: HashMap<usize, usize>,
}

impl Column {
    fn like(field: &Field, index: usize) -> Self {
        let mut config = field.config.clone();
        config.display_name = None;
        let name = if field.name.is_empty() { format!("Field {}", index + 1) } else { field.name.clone() };
        let mut field = Field { name, kind: field.kind, config, ..Field::default() };
        if field.kind == FieldKind::Other {
            field.kind = overrides::guessed_kind(&field);
        }
        Self { field, places: HashMap::new() }
    }
}

fn merged_rows(data: &[&Frame], columns: &[Column], keys: &[usize]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    let mut budget = COMPARED;
    for (at, frame) in data.iter().enumerate() {
        let places: Vec<Option<&Field>> =
            columns.iter().map(|column| column.places.get(&at).and_then(|place| frame.fields.get(*place))).collect();
        for row in 0..frame.len() {
            let cells: Row = places
                .iter()
                .map(|field| field.map(|field| field.cells.get(row).cloned().unwrap_or_default()))
                .collect();
            let texts = keys.iter().filter_map(|key| cells.get(*key)?.as_ref());
            let same = by_key.entry(texts.map(js::cell_text).collect()).or_default();
            let mut merged = false;
            for at in same.iter().take(budget) {
                let Some(other) = rows.get_mut(*at) else { continue };
                if fits(other, &cells) {
                    merged = true;
                    for (old, new) in other.iter_mut().zip(&cells).filter(|(_, new)| new.is_some()) {
                        old.clone_from(new);
                    }
                }
            }
            budget = budget.saturating_sub(same.len());
            if !merged {
                same.push(rows.len());
                rows.push(cells);
            }
        }
    }
    rows
}

fn fits(old: &Row, new: &Row) -> bool {
    old.iter().zip(new).all(|pair| match pair {
        (None | Some(Cell::Null), _) | (_, None) => true,
        (Some(old), Some(new)) => old == new,
    })
}

/// A text in a column of another kind, read as that.
pub(super) fn read_as(kind: FieldKind, cell: Cell) -> Cell {
    match (kind, &cell) {
        (FieldKind::Number, Cell::Text(text)) => Cell::Number(js::parse_float(text)),
        (FieldKind::Boolean, Cell::Text(text)) => Cell::Boolean(!text.starts_with(['F', 'f', '0'])),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn rows_that_agree_become_one() {
        check::all(&[
            ("merge", "two", json!({}), "merge-A-B> pod:s a,b,c,b | cpu:n 1,2,-,- | mem:n -,5,6,7"),
            ("merge", "series", json!({}), "merge-A-B> Time:t 1000,2000,3000,2000,3000 | Value:n 1,2,-,5,NaN"),
            ("merge", "table", json!({}), "A> pod:s a,b,a,- | ns:s x,x,y,y | cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40"),
        ]);
    }
}
