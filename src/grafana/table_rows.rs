//! What a table shows: which of the frames, its columns but those that are hidden, and the order of its rows.

use serde_json::Value;

use super::{
    collate,
    frame::{Cell, Field, FieldKind, Frame},
    js, json,
};

/// Columns and rows of a table, as places in a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRows {
    /// Which frame is shown.
    pub frame: usize,
    /// Its columns from left to right.
    pub columns: Vec<usize>,
    /// Its rows from top to bottom.
    pub rows: Vec<usize>,
}

/// The table of a panel with the options `frameIndex` and `sortBy`; `None` where there is no column at all.
pub fn table_rows(frames: &[Frame], options: &Value) -> Option<TableRows> {
    frames.iter().any(|frame| !frame.fields.is_empty()).then_some(())?;
    let wanted = json::at(options, "frameIndex").as_u64().and_then(|index| usize::try_from(index).ok());
    let at = wanted.filter(|index| *index < frames.len()).unwrap_or(0);
    let frame = frames.get(at)?;
    let columns = frame.fields.iter().enumerate().filter(|(_, field)| !field.config.hidden);
    Some(TableRows { frame: at, columns: columns.map(|(column, _)| column).collect(), rows: sorted(frame, options) })
}

fn sorted(frame: &Frame, options: &Value) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..frame.len()).collect();
    let name = |field: &Field| field.shown_name.clone().unwrap_or_else(|| field.name.clone());
    let orders: Vec<Order<'_>> = json::list(options, "sortBy")
        .iter()
        .filter_map(|sort| {
            let wanted = json::at(sort, "displayName").as_str()?;
            let field = frame.fields.iter().find(|field| name(field) == wanted)?;
            Some(Order::by(field, json::flag(sort, "desc")))
        })
        .collect();
    if !orders.is_empty() {
        js::sort_by(&mut rows, |a, b| {
            orders
                .iter()
                .map(|order| order.compare(*a, *b))
                .find(|order| *order != 0.0 && !order.is_nan())
                .unwrap_or(0.0)
        });
    }
    rows
}

/// The order of rows by one column.
struct Order<'f> {
    field: &'f Field,
    keys: Vec<collate::Key>,
    sign: f64,
}

impl<'f> Order<'f> {
    fn by(field: &'f Field, falling: bool) -> Self {
        let texts = field.cells.iter().filter(|_| matches!(field.kind, FieldKind::Text | FieldKind::Other));
        let keys = texts.map(|cell| collate::Key::of(&js::cell_or_empty(cell))).collect();
        Self { field, keys, sign: if falling { -1.0 } else { 1.0 } }
    }

    /// Above zero where the row `a` belongs behind `b`.
    fn compare(&self, a: usize, b: usize) -> f64 {
        let cell = |row: usize| self.field.cells.get(row).unwrap_or(&Cell::Null);
        let order = match self.field.kind {
            FieldKind::Text | FieldKind::Other => f64::from(self.keys.get(a).cmp(&self.keys.get(b)) as i8),
            FieldKind::Frame => reduced(cell(a)) - reduced(cell(b)),
            FieldKind::Time | FieldKind::Number | FieldKind::Boolean => match (cell(a), cell(b)) {
                (a, b) if a == b => 0.0,
                (Cell::Null, _) => -1.0,
                (_, Cell::Null) => 1.0,
                (a, b) => js::as_number(a) - js::as_number(b),
            },
        };
        self.sign * order
    }
}

fn reduced(cell: &Cell) -> f64 {
    match cell {
        Cell::Frame(_, value) => value.unwrap_or(0.0),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_ordered_by_what_the_options_name() {
        let field = |name: &str, kind, cells| Field { name: name.to_owned(), kind, cells, ..Field::default() };
        let texts = ["pod-10", "pod-9", "pod-10", "b"].map(|text| Cell::Text(text.into())).to_vec();
        let numbers = vec![Cell::Number(2.0), Cell::Null, Cell::Number(10.0), Cell::Number(1.0)];
        let mut hidden = field("h", FieldKind::Number, numbers.clone());
        hidden.config.hidden = true;
        let fields = vec![field("t", FieldKind::Text, texts), hidden, field("n", FieldKind::Number, numbers)];
        let frames = [Frame { fields, ..Frame::default() }];
        for (options, rows) in [
            (json!({}), [0, 1, 2, 3]),
            (json!({"sortBy": [{"displayName": "n", "desc": true}]}), [2, 0, 3, 1]),
            (
                json!({"sortBy": [{"displayName": "t"}, {"displayName": "n", "desc": true}], "frameIndex": 7}),
                [3, 1, 2, 0],
            ),
        ] {
            let table = table_rows(&frames, &options).unwrap();
            assert_eq!((table.columns, table.rows), (vec![0, 2], rows.to_vec()));
        }
        assert_eq!(table_rows(&[], &json!({})), None);
    }
}
