//! Makes columns or rows of labels.

use std::{collections::HashSet, sync::Arc};

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, Frame},
        js::truthy,
        json::{list, text},
        naming::Names,
    },
    CELLS,
};

/// Each label becomes a column of its own, or each series a small table of its labels.
pub fn labels_to_fields(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let keep: Vec<&str> = list(options, "keepLabels").iter().filter_map(Value::as_str).collect();
    if text(options, "mode").as_deref() == Some("rows") {
        let given = options.get("keepLabels").is_some_and(truthy);
        return to_rows(given.then_some(&keep), frames);
    }
    let keep: HashSet<&str> = keep.into_iter().collect();
    let value_label = text(options, "valueLabel");
    let mut room = CELLS;
    for frame in &mut frames {
        to_columns(frame, &keep, value_label.as_deref(), &mut room);
    }
    frames
}

fn to_columns(frame: &mut Frame, keep: &HashSet<&str>, value_label: Option<&str>, room: &mut usize) {
    let rows = frame.len();
    let mut labels: Vec<(String, Vec<String>)> = Vec::new();
    let mut seen = HashSet::new();
    for field in &mut frame.fields {
        if !field.has_labels() {
            continue;
        }
        field.config.display_name = None;
        field.config.display_name_from_source = None;
        field.labelled = false;
        for (name, value) in std::mem::take(&mut field.labels) {
            if !keep.is_empty() && !keep.contains(name.as_str()) {
                continue;
            }
            if value_label == Some(&name) {
                field.name = value;
            } else if seen.insert((name.clone(), value.clone())) {
                match labels.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, values)) => values.push(value),
                    None => labels.push((name, vec![value])),
                }
            }
        }
    }
    for (name, values) in labels {
        for value in values {
            if *room < rows {
                return;
            }
            *room -= rows;
            let cells = vec![Cell::Text(Arc::from(value)); rows];
            frame.fields.push(Field { name: name.clone(), cells, ..Field::default() });
        }
    }
}

fn to_rows(keep: Option<&Vec<&str>>, mut frames: Vec<Frame>) -> Vec<Frame> {
    let names = Names::among(&frames);
    let mut out = Vec::new();
    for (at, frame) in frames.iter_mut().enumerate() {
        let Frame { ref_id, fields, kind, .. } = frame;
        for (column, field) in fields.iter_mut().enumerate() {
            if !field.has_labels() {
                continue;
            }
            let text = |text: &str| Cell::Text(Arc::from(text));
            let (keys, values): (Vec<Cell>, Vec<Cell>) = match keep {
                Some(keep) => keep
                    .iter()
                    .map(|key| (text(key), field.labels.get(*key).map_or(Cell::Null, |value| text(value))))
                    .unzip(),
                None => field.labels.iter().map(|(key, value)| (text(key), text(value))).unzip(),
            };
            if keys.is_empty() {
                continue;
            }
            let made = |name: &str, cells| Field { name: name.to_owned(), cells, ..Field::default() };
            out.push(Frame {
                name: Some(names.of(at, column, field)),
                ref_id: ref_id.clone(),
                fields: vec![made("label", keys), made("value", values)],
                kind: *kind,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn labels_become_columns_or_rows() {
        check::all(&[
            (
                "labelsToFields",
                "series",
                json!({}),
                "A> Time:t 1000,2000,3000 | Value:n 1,2,- | pod:s a,a,a // B> Time:t 2000,3000 | Value:n 5,NaN | pod:s b,b",
            ),
            (
                "labelsToFields",
                "series",
                json!({"valueLabel": "pod"}),
                "A> Time:t 1000,2000,3000 | a:n 1,2,- // B> Time:t 2000,3000 | b:n 5,NaN",
            ),
            (
                "labelsToFields",
                "series",
                json!({"mode": "rows", "keepLabels": ["pod", "x"]}),
                "A> a label:s pod,x | a value:s a,- // B> b label:s pod,x | b value:s b,-",
            ),
        ]);
    }
}
