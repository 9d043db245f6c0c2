//! Groups rows by columns and calculates over each group.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    super::{
        frame::{Cell, Field, Frame},
        js,
        json::{at, list},
        matcher::Matcher,
        naming::{self, Names},
        reduce,
    },
    Outcome, map,
};

/// Groups rows by the columns whose operation is `groupby`.
pub fn group_by(options: &Value, mut frames: Vec<Frame>) -> Outcome {
    let nothing = Map::new();
    let fields = map(options, "fields").unwrap_or(&nothing);
    let by: Vec<&String> =
        fields.iter().filter(|(_, how)| at(how, "operation") == "groupby").map(|(name, _)| name).collect();
    if by.is_empty() {
        return Some(frames);
    }
    let matcher = Matcher::of("byNames", &json!({ "names": by }))?;
    let names = Names::among(&frames);
    let mut out = Vec::new();
    for (at, frame) in frames.iter_mut().enumerate() {
        let by: Vec<usize> =
            (0..frame.fields.len()).filter(|column| matcher.fits(&names, frame, at, *column)).collect();
        if !by.is_empty() {
            out.push(grouped(frame, &by, fields));
        }
    }
    Some(out)
}

fn grouped(frame: &mut Frame, by: &[usize], options: &Map<String, Value>) -> Frame {
    let groups = groups(frame, by);
    let mut columns: HashMap<String, Vec<usize>> = HashMap::new();
    let mut names = Vec::with_capacity(frame.fields.len());
    for (column, field) in frame.fields.iter_mut().enumerate() {
        // Without a row no group was ever asked for names.
        let name = naming::settle_bare(field);
        columns.entry(name.clone()).or_default().push(column);
        names.push(name);
    }
    // Columns of one name are one: of each row come the cells of all of them.
    let cells = |name: &str, rows: &[usize]| -> Vec<Cell> {
        let columns = columns.get(name).map_or(&[][..], Vec::as_slice);
        let fields = || columns.iter().filter_map(|column| frame.fields.get(*column));
        rows.iter().flat_map(|row| fields().map(|field| field.cells.get(*row).cloned().unwrap_or_default())).collect()
    };
    let mut fields = Vec::new();
    for (field, name) in by.iter().filter_map(|column| Some((frame.fields.get(*column)?, names.get(*column)?))) {
        let first = |rows: &Vec<usize>| cells(name, rows.get(..1).unwrap_or_default()).into_iter().next();
        fields.push(Field {
            name: field.name.clone(),
            kind: field.kind,
            config: field.config.clone(),
            cells: groups.iter().map(|rows| first(rows).unwrap_or_default()).collect(),
            ..Field::default()
        });
    }
    for (field, name) in frame.fields.iter().zip(&names) {
        let Some(how) = options.get(name).filter(|how| !how.is_null()).or_else(|| options.get(&field.name)) else {
            continue;
        };
        let calcs: Vec<&str> = list(how, "aggregations").iter().filter_map(Value::as_str).collect();
        let wanted = match at(how, "operation").as_str() {
            Some("aggregate") => !calcs.is_empty(),
            Some("groupby") => calcs == ["count"],
            _ => false,
        };
        if !wanted {
            continue;
        }
        let first = columns.get(name).and_then(|columns| frame.fields.get(*columns.first()?)).unwrap_or(field);
        let mut made: Vec<Field> = calcs
            .iter()
            .map(|calc| Field {
                name: format!("{name} ({calc})"),
                kind: reduce::kind(calc, field.kind),
                ..Field::default()
            })
            .collect();
        for rows in &groups {
            let cells = cells(name, rows);
            for (made, calc) in made.iter_mut().zip(&calcs) {
                made.cells.push(reduce::reduce_cells(first.kind, &cells, calc));
            }
        }
        fields.append(&mut made);
    }
    Frame { ref_id: frame.ref_id.clone(), fields, ..Frame::default() }
}

/// The rows of each group, in the order of their first.
fn groups(frame: &Frame, by: &[usize]) -> Vec<Vec<usize>> {
    let by: Vec<&Field> = by.iter().filter_map(|column| frame.fields.get(*column)).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in 0..frame.len() {
        let texts = by.iter().map(|field| js::cell_or_empty(field.cells.get(row).unwrap_or(&Cell::Null)));
        let place = *places.entry(texts.collect::<Vec<_>>().join(",")).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.push(row);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn rows_are_grouped() {
        check::all(&[
            (
                "groupBy",
                "table",
                json!({"fields": {"pod": {"operation": "groupby", "aggregations": []}, "cpu": {"operation": "aggregate", "aggregations": ["sum", "uniqueValues"]}}}),
                "A> pod:s a,b,- | cpu (sum):n 4.5,2,0 | cpu (uniqueValues):n 1, 3.5,2,0",
            ),
            (
                "groupBy",
                "two",
                json!({"fields": {"pod": {"operation": "groupby", "aggregations": ["count"]}}}),
                "A> pod:s a,b | pod (count):n 1,1 // B> pod:s b,c | pod (count):n 2,1",
            ),
        ]);
    }
}
