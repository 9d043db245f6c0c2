//! Turns tables: the values of one column become columns, or rows become columns.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        js,
        json::{at, text},
        matcher::{self, Matcher},
        naming::{self, Names},
    },
    CELLS,
};

/// One column for each value of `columnField`, one row for each of `rowField`.
pub fn grouping_to_matrix(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let name = |key: &str, default: &str| {
        text(options, key).filter(|name| !name.is_empty()).unwrap_or_else(|| default.to_owned())
    };
    let names = [("columnField", "Time"), ("rowField", "Time"), ("valueField", "Value")].map(|(key, or)| name(key, or));
    let [frame] = frames.as_mut_slice() else { return frames };
    let known = Names::alone(frame);
    let mut find = |name: &str| {
        let matcher = Matcher::name(name);
        (0..frame.fields.len()).find(|column| matcher.fits(&known, frame, 0, *column))
    };
    let places = names.each_ref().map(|name| find(name));
    let [Some(columns), Some(rows), Some(values)] = places.map(|place| frame.fields.get(place?)) else { return frames };
    let [column_name, row_name, _] = names;
    let made =
        matrix(columns, rows, values, text(options, "emptyValue").as_deref(), format!("{row_name}\\{column_name}"));
    vec![made]
}

fn matrix(columns: &Field, rows: &Field, values: &Field, empty: Option<&str>, corner: String) -> Frame {
    let unique = |field: &Field| {
        let mut seen = HashSet::new();
        field.cells.iter().filter(|cell| seen.insert(js::key(cell))).cloned().collect::<Vec<_>>()
    };
    let (heads, mut sides) = (unique(columns), unique(rows));
    sides.truncate(CELLS / heads.len().max(1));
    let places: HashMap<String, usize> =
        sides.iter().enumerate().map(|(place, cell)| (js::cell_text(cell), place)).collect();
    let mut by_head: HashMap<String, Vec<Cell>> = HashMap::new();
    for (at, value) in values.cells.iter().enumerate() {
        let text = |field: &Field| js::cell_text(field.cells.get(at).unwrap_or(&Cell::Null));
        let column = by_head.entry(text(columns)).or_insert_with(|| vec![Cell::Null; sides.len()]);
        if let Some(cell) = places.get(&text(rows)).and_then(|place| column.get_mut(*place)) {
            cell.clone_from(value);
        }
    }
    let mut config = values.config.clone();
    config.display_name = None;
    let nothing = if values.kind == FieldKind::Frame { Cell::Null } else { special(empty) };
    let side = Field { name: corner, kind: rows.kind, config: rows.config.clone(), cells: sides, ..Field::default() };
    let mut fields = vec![side];
    for head in heads {
        if matches!(head, Cell::Number(_)) {
            config.display_name_from_source = None;
        }
        let cells = by_head.get(&js::cell_text(&head)).into_iter().flatten();
        let cells = cells.map(|cell| if *cell == Cell::Null { nothing.clone() } else { cell.clone() }).collect();
        let config = config.clone();
        fields.push(Field { name: js::cell_or_empty(&head), kind: values.kind, config, cells, ..Field::default() });
    }
    Frame { fields, ..Frame::default() }
}

/// What stands where there is nothing.
fn special(name: Option<&str>) -> Cell {
    match name {
        Some("true") => Cell::Boolean(true),
        Some("false") => Cell::Boolean(false),
        Some("null") => Cell::Null,
        Some("zero") => Cell::Number(0.0),
        _ => Cell::Text("".into()),
    }
}

/// Rows become columns, named by the first column where that is of texts or times.
pub fn transpose(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    naming::settle_all(&mut frames);
    let name = |key: &str, default: &str| {
        text(options, key).filter(|name| !name.is_empty()).unwrap_or_else(|| default.to_owned())
    };
    let (first, rest) = (name("firstFieldName", "Field"), name("restFieldsName", "Value"));
    let empty = at(options, "emptyValue").as_str();
    frames.into_iter().map(|frame| turned(frame, &first, &rest, empty)).collect()
}

fn turned(frame: Frame, first_name: &str, rest_name: &str, empty: Option<&str>) -> Frame {
    let Some(first) = frame.fields.first() else { return frame };
    let headed = matches!(first.kind, FieldKind::Text | FieldKind::Time);
    let body = frame.fields.get(usize::from(headed)..).unwrap_or_default();
    let kinds: HashSet<&str> = body.iter().map(|field| matcher::kind_name(field.kind)).collect();
    let kind = match body.first() {
        Some(field) if kinds.len() == 1 => field.kind,
        _ => FieldKind::Text,
    };
    let shown = |cell: &Cell| if *cell == Cell::Null { special(empty) } else { Cell::Text(js::cell_text(cell).into()) };
    let names = body.iter().map(|field| Cell::Text(field.shown_name.as_ref().unwrap_or(&field.name).as_str().into()));
    let mut fields = vec![Field { name: first_name.to_owned(), cells: names.collect(), ..Field::default() }];
    for (row, head) in first.cells.iter().enumerate().take(CELLS / body.len().max(1)) {
        let cells = body.iter().map(|field| {
            let cell = field.cells.get(row).unwrap_or(&Cell::Null);
            if kind == FieldKind::Text { shown(cell) } else { cell.clone() }
        });
        let label = if headed {
            (first.name.clone(), js::cell_text(&shown(head)))
        } else {
            ("row".to_owned(), (row + 1).to_string())
        };
        fields.push(Field {
            name: rest_name.to_owned(),
            kind,
            labels: [label].into(),
            cells: cells.collect(),
            ..Field::default()
        });
    }
    let ref_id = format!("transpose-{}", frame.ref_id.as_deref().unwrap_or("undefined"));
    Frame { ref_id: Some(ref_id), fields, ..frame }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn tables_are_turned() {
        check::all(&[
            (
                "groupingToMatrix",
                "table",
                json!({"columnField": "ns", "rowField": "pod", "valueField": "cpu", "emptyValue": "zero"}),
                "> pod\\ns:s a,b,- | x:n 1,2,0 | y:n 3.5,0,0",
            ),
            (
                "transpose",
                "table",
                json!({}),
                "transpose-A> Field:s ns,cpu,mem | a:s x,1,10 | b:s x,2,NaN | a:s y,3.5,30 | Value 4:s y,0,40",
            ),
            (
                "transpose",
                "series",
                json!({"firstFieldName": "f", "restFieldsName": "v"}),
                "transpose-A> f:s a | v 1000:n 1 | v 2000:n 2 | v 3000:n - // transpose-B> f:s b | v 2000:n 5 | v 3000:n NaN",
            ),
        ]);
    }
}
