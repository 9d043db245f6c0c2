//! Joins frames by a column they share.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        js,
        json::text,
        matcher::Matcher,
        naming::{Names, VALUE},
    },
    CELLS, letters,
    sort::sort_frame,
};

/// Joins by the column `byField`, or by time.
pub fn join_by_field(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    let by = text(options, "byField").filter(|by| !by.is_empty()).map(|by| Matcher::name(&by));
    join(frames, by, text(options, "mode").as_deref().unwrap_or("outer"))
}

/// Joins series by their time, where all call it the same.
pub fn ensure_columns(frames: Vec<Frame>) -> Vec<Frame> {
    let time = |frame: &Frame| frame.first_of(FieldKind::Time).map(|field| field.name.clone());
    match frames.first().and_then(time) {
        Some(name) if frames.iter().all(|frame| time(frame).as_ref() == Some(&name)) => {
            let by = (!name.is_empty()).then(|| Matcher::name(&name));
            join(frames, by, "outer")
        }
        _ => frames,
    }
}

/// One frame of all series by their first times, in their order; no frame where there is none.
pub fn by_time(mut frames: Vec<Frame>) -> Vec<Frame> {
    if let [frame] = frames.as_mut_slice() {
        if let Some(time) = frame.fields.iter().position(|field| field.kind == FieldKind::Time) {
            let field = frame.fields.remove(time);
            let rising = is_likely_rising(&field.cells);
            frame.fields.insert(0, field);
            if !rising {
                sort_frame(frame, 0, false);
            }
        }
        return frames;
    }
    let mut joined = join(frames, Some(Matcher::FirstTime), "outer");
    for frame in &mut joined {
        frame.ref_id = None;
    }
    joined
}

/// The cells of one frame: first those it is joined by.
type Table = Vec<Vec<Cell>>;

fn join(mut frames: Vec<Frame>, by: Option<Matcher>, mode: &str) -> Vec<Frame> {
    if frames.len() < 2 {
        return frames;
    }
    let by = by.or_else(|| frames.first()?.first_of(FieldKind::Time).map(|_| Matcher::FirstTime));
    let ref_id = format!("joinByField-{}", letters(&frames));
    let names = Names::among(&frames);
    let (mut columns, mut tables, mut dropped) = (Vec::new(), Vec::new(), false);
    for (at, frame) in frames.iter_mut().enumerate() {
        let join =
            by.as_ref().and_then(|by| (0..frame.fields.len()).find(|column| by.fits(&names, frame, at, *column)));
        let Some(join) = join else {
            dropped = true;
            continue;
        };
        let mut fields = std::mem::take(&mut frame.fields);
        let mut joined = fields.remove(join);
        let mut table = vec![std::mem::take(&mut joined.cells)];
        if columns.is_empty() {
            columns.push(joined);
        }
        for mut field in fields {
            table.push(std::mem::take(&mut field.cells));
            columns.push(renamed(field, frame.name.as_deref()));
        }
        tables.push(table);
    }
    let cells = match mode {
        _ if tables.is_empty() || (dropped && mode == "inner") => Vec::new(),
        "outerTabular" => by_rows(tables, true),
        "inner" => by_rows(tables, false),
        _ => by_values(tables, &columns),
    };
    let mut cells = cells.into_iter();
    for field in &mut columns {
        field.cells = cells.next().unwrap_or_default();
    }
    vec![Frame { ref_id: Some(ref_id), fields: columns, ..Frame::default() }]
}

/// The name of a frame goes over to its columns.
fn renamed(mut field: Field, frame: Option<&str>) -> Field {
    if let Some(name) = frame.filter(|name| !name.is_empty()) {
        if field.name == VALUE {
            field.name = name.to_owned();
        } else {
            field.labels.entry("name".to_owned()).or_insert_with(|| name.to_owned());
        }
    }
    field.labelled = true;
    field.shown_name = None;
    field
}

/// One row for each row of the one with each row of the other that has the same value; in an outer join also what has none.
fn by_rows(tables: Vec<Table>, outer: bool) -> Table {
    let width: usize = tables.iter().map(Vec::len).sum();
    let head = |table: &Table| table.first().cloned().unwrap_or_default();
    let mut joined = tables.first().map(head).unwrap_or_default();
    let mut steps = Vec::with_capacity(tables.len());
    for right in tables.iter().skip(1) {
        let right = right.first().map_or(&[][..], Vec::as_slice);
        let pairs = pairs(&joined, right, outer, CELLS / width.max(1));
        let cell = |cells: &[Cell], row: Option<usize>| row.and_then(|row| cells.get(row)).cloned();
        joined = pairs.iter().map(|(l, r)| cell(&joined, *l).or_else(|| cell(right, *r)).unwrap_or_default()).collect();
        steps.push(pairs);
    }
    // From the last table to the first it is followed where the rows of the result come from.
    let mut rows: Vec<Option<usize>> = (0..joined.len()).map(Some).collect();
    let mut parts: Vec<Table> = Vec::with_capacity(tables.len());
    for (at, table) in tables.iter().enumerate().rev() {
        let step = at.checked_sub(1).and_then(|at| steps.get(at));
        let of_right = |row: &Option<usize>| step.map_or(*row, |step| step.get((*row)?)?.1);
        let sources: Vec<Option<usize>> = rows.iter().map(of_right).collect();
        let column = |cells: &Vec<Cell>| -> Vec<Cell> {
            sources.iter().map(|row| row.and_then(|row| cells.get(row)).cloned().unwrap_or_default()).collect()
        };
        parts.push(table.iter().skip(1).map(column).collect());
        if let Some(step) = step {
            rows = rows.iter().map(|row| step.get((*row)?)?.0).collect();
        }
    }
    std::iter::once(joined).chain(parts.into_iter().rev().flatten()).collect()
}

/// Which row of the one belongs to which of the other.
fn pairs(left: &[Cell], right: &[Cell], outer: bool, most: usize) -> Vec<(Option<usize>, Option<usize>)> {
    let right_keys: Vec<String> = right.iter().map(js::cell_text).collect();
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut order = Vec::new();
    for (row, key) in right_keys.iter().enumerate() {
        let rows = places.entry(key).or_default();
        if rows.is_empty() {
            order.push(key.as_str());
        }
        rows.push(row);
    }
    let (mut rows, mut alone, mut matched) = (Vec::new(), Vec::new(), HashSet::new());
    for (row, cell) in left.iter().enumerate() {
        let key = js::cell_text(cell);
        match places.get(key.as_str()).filter(|_| *cell != Cell::Null) {
            Some(others) => {
                let room = most.saturating_sub(rows.len());
                rows.extend(others.iter().take(room).map(|other| (Some(row), Some(*other))));
                // Grafana looks for the text of a number and finds it only where it was a text.
                if matches!(cell, Cell::Text(_)) {
                    matched.insert(key);
                }
            }
            None => alone.push((Some(row), None)),
        }
    }
    if outer {
        rows.extend(alone);
        js::object_order(&mut order);
        let unmatched = order.iter().filter(|key| !matched.contains(**key)).filter_map(|key| places.get(key));
        rows.extend(unmatched.flatten().map(|row| (None, Some(*row))));
        rows.truncate(most);
    }
    rows
}

/// One row for each value of the columns that are joined, in their order.
fn by_values(tables: Vec<Table>, columns: &[Field]) -> Table {
    let heads = || tables.iter().map(|table| table.first().map_or(&[][..], Vec::as_slice));
    let first: Vec<Cell> = heads().next().unwrap_or_default().to_vec();
    if heads().skip(1).all(|head| head == first.as_slice()) {
        let rising = is_likely_rising(&first);
        let cells = std::iter::once(first).chain(tables.into_iter().flat_map(|table| table.into_iter().skip(1)));
        let fields = cells.map(|cells| Field { kind: FieldKind::Number, cells, ..Field::default() }).collect();
        let mut frame = Frame { fields, ..Frame::default() };
        if !rising {
            sort_frame(&mut frame, 0, false);
        }
        return frame.fields.into_iter().map(|field| field.cells).collect();
    }
    let mut seen = HashSet::new();
    let mut values: Vec<Cell> = heads().flatten().filter(|cell| seen.insert(js::key(cell))).cloned().collect();
    js::sort_by(&mut values, |a, b| js::as_number(a) - js::as_number(b));
    let width = columns.len().max(1);
    values.truncate(CELLS / width);
    let places: HashMap<js::Key, usize> =
        values.iter().enumerate().map(|(place, cell)| (js::key(cell), place)).collect();
    let rows = values.len();
    let mut out = vec![values];
    let mut columns = columns.iter().skip(1);
    for table in tables {
        let mut table = table.into_iter();
        let head: Vec<Option<usize>> =
            table.next().unwrap_or_default().iter().map(|cell| places.get(&js::key(cell)).copied()).collect();
        for column in table {
            let spans =
                columns.next().is_some_and(|field| field.config.custom.get("spanNulls") == Some(&Value::Bool(true)));
            let mut cells = vec![Cell::Null; rows];
            for (place, cell) in head.iter().zip(column) {
                let target = place.and_then(|place| cells.get_mut(place));
                if let Some(target) = target.filter(|_| !(spans && cell == Cell::Null)) {
                    *target = cell;
                }
            }
            out.push(cells);
        }
    }
    out
}

/// Whether a sample of the values strictly rises.
fn is_likely_rising(cells: &[Cell]) -> bool {
    let is_there = |cell: &Cell| *cell != Cell::Null;
    let (Some(first), Some(last)) = (cells.iter().position(is_there), cells.iter().rposition(is_there)) else {
        return true;
    };
    let stride = ((last - first + 1) / 50).max(1);
    let mut sample = cells.get(first..=last).unwrap_or_default().iter().step_by(stride);
    let Some(mut before) = sample.next() else { return true };
    for cell in sample.filter(|cell| is_there(cell)) {
        let not_above = match (cell, before) {
            (Cell::Text(cell), Cell::Text(before)) => cell <= before,
            _ => js::as_number(cell) <= js::as_number(before),
        };
        if not_above {
            return false;
        }
        before = cell;
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn frames_are_joined() {
        check::all(&[
            (
                "joinByField",
                "series",
                json!({"byField": "Time"}),
                "joinByField-A-B> Time:t 1000,2000,3000 | a:n 1,2,- | b:n -,5,NaN",
            ),
            (
                "joinByField",
                "two",
                json!({"byField": "pod"}),
                "joinByField-A-B> pod:s a,b,c | cpu:n 1,2,- | mem:n -,7,6",
            ),
            (
                "joinByField",
                "two",
                json!({"byField": "pod", "mode": "inner"}),
                "joinByField-A-B> pod:s b,b | cpu:n 2,2 | mem:n 5,7",
            ),
            (
                "seriesToColumns",
                "two",
                json!({"byField": "pod", "mode": "outerTabular"}),
                "joinByField-A-B> pod:s b,b,a,c | cpu:n 2,2,1,- | mem:n 5,7,-,6",
            ),
            ("ensureColumns", "series", json!({}), "joinByField-A-B> Time:t 1000,2000,3000 | a:n 1,2,- | b:n -,5,NaN"),
        ]);
    }
}
