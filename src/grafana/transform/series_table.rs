//! A table of series: their labels, and a sparkline in each row.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use super::super::{
    frame::{Cell, Field, FieldKind, Frame},
    js,
    json::{at, text},
    reduce,
};

/// How many times are looked at to see whether they rise.
const LOOKED_AT: usize = 100;

/// The rows of one query.
#[derive(Default)]
struct Table {
    ref_id: Option<String>,
    labels: Vec<Field>,
    by_name: HashMap<String, usize>,
    trends: Vec<Cell>,
}

/// One table for each query, below the frames that are no series.
pub fn time_series_table(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    let mut out = Vec::new();
    let mut tables: Vec<Table> = Vec::new();
    let mut by_letter: HashMap<Option<String>, usize> = HashMap::new();
    for frame in frames {
        if !is_time_series(&frame) {
            out.push(frame);
            continue;
        }
        let index = *by_letter.entry(frame.ref_id.clone()).or_insert_with(|| {
            tables.push(Table { ref_id: frame.ref_id.clone(), ..Table::default() });
            tables.len() - 1
        });
        let own = at(options, frame.ref_id.as_deref().unwrap_or("undefined"));
        if let Some(table) = tables.get_mut(index) {
            table.add(&frame, &text(own, "stat").unwrap_or_else(|| "lastNotNull".to_owned()), text(own, "timeField"));
        }
    }
    out.extend(tables.into_iter().filter(|table| !table.trends.is_empty()).map(Table::frame));
    out
}

impl Table {
    fn add(&mut self, frame: &Frame, calc: &str, time: Option<String>) {
        let time = time.filter(|name| !name.is_empty());
        let time = frame.fields.iter().find(|field| match &time {
            Some(name) => field.name == *name,
            None => field.kind == FieldKind::Time,
        });
        for field in frame.fields.iter().filter(|field| field.kind == FieldKind::Number) {
            let rows = self.trends.len();
            for name in field.labels.keys() {
                self.by_name.entry(name.clone()).or_insert_with(|| {
                    let cells = vec![Cell::Text("".into()); rows];
                    self.labels.push(Field { name: name.clone(), cells, ..Field::default() });
                    self.labels.len() - 1
                });
            }
            for label in &mut self.labels {
                let value = field.labels.get(&label.name).map_or("", String::as_str);
                label.cells.push(Cell::Text(value.into()));
            }
            let value = reduce::reduce(field, calc);
            let value = (value != Cell::Null).then(|| js::as_number(&value));
            let fields = time.into_iter().chain([field]).cloned().collect();
            self.trends.push(Cell::Frame(Arc::new(Frame { fields, ..Frame::default() }), value));
        }
    }

    fn frame(self) -> Frame {
        let letter = self.ref_id.as_ref().filter(|letter| !letter.is_empty());
        let name = letter.map_or_else(|| "Trend".to_owned(), |letter| format!("Trend #{letter}"));
        let trend = Field { name, kind: FieldKind::Frame, cells: self.trends, ..Field::default() };
        let fields = self.labels.into_iter().chain([trend]).collect();
        Frame { ref_id: self.ref_id, fields, ..Frame::default() }
    }
}

/// Whether a frame has numbers, and times that rise.
pub fn is_time_series(frame: &Frame) -> bool {
    frame.first_of(FieldKind::Number).is_some()
        && frame.fields.iter().any(|field| field.kind == FieldKind::Time && rises(&field.cells))
}

fn rises(cells: &[Cell]) -> bool {
    let times: Vec<f64> = cells.iter().take(LOOKED_AT).map(|cell| cell.number().unwrap_or(f64::NAN)).collect();
    times.windows(2).all(|pair| matches!(pair, [before, after] if after > before))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn series_become_rows() {
        check::all(&[
            (
                "timeSeriesTable",
                "series",
                json!({"A": {"stat": "mean"}}),
                "A> pod:s a | Trend #A:f <1.5> // B> pod:s b | Trend #B:f <5>",
            ),
            ("timeSeriesTable", "two", json!({}), "A> pod:s a,b | cpu:n 1,2 // B> pod:s b,c,b | mem:n 5,6,7"),
        ]);
    }
}
