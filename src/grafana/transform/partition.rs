//! Splits a frame by the values of some columns.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::{
    super::{
        frame::{Cell, Field, Frame},
        js,
        json::{at, flag, list, text},
        matcher::Matcher,
        naming::{self, Names},
    },
    Outcome,
};

/// How many frames come out at most; behind that the rest is left out.
const FRAMES: usize = 10_000;

/// One frame for each value of the columns `fields` of the first frame.
pub fn partition_by_values(options: &Value, frames: Vec<Frame>) -> Outcome {
    if list(options, "fields").is_empty() || frames.is_empty() {
        return Some(frames);
    }
    let matcher = Matcher::of("byNames", &json!({ "names": at(options, "fields") }))?;
    let mut frame = frames.into_iter().next()?;
    // A name of its own would be that of all parts: it stands in for the name in the data while they are named.
    let mut own_names: HashMap<String, String> = HashMap::new();
    for field in &mut frame.fields {
        let config = &mut field.config;
        if let Some(name) = config.display_name_from_source.take().or_else(|| config.display_name.clone()) {
            config.display_name = None;
            field.shown_name = None;
            own_names.insert(name.clone(), std::mem::replace(&mut field.name, name));
        }
    }
    let names = Names::alone(&frame);
    let keys: Vec<usize> =
        (0..frame.fields.len()).filter(|column| matcher.fits(&names, &mut frame, 0, *column)).collect();
    let mut parts = if keys.is_empty() { vec![frame] } else { parts(&frame, &keys, options) };
    naming::settle_all(&mut parts);
    for field in parts.iter_mut().flat_map(|part| &mut part.fields) {
        if let Some(name) = own_names.get(&field.name) {
            field.name.clone_from(name);
            field.config.display_name.clone_from(&field.shown_name);
        }
    }
    Some(parts)
}

fn parts(frame: &Frame, keys: &[usize], options: &Value) -> Vec<Frame> {
    let naming = at(options, "naming");
    let as_labels = at(naming, "asLabels") != false;
    let keep = flag(options, "keepFields");
    let keys: Vec<&Field> = keys.iter().filter_map(|column| frame.fields.get(*column)).collect();
    let part = |rows: Vec<usize>| {
        let values: Vec<(&str, &Cell)> = keys
            .iter()
            .map(|field| {
                (field.name.as_str(), rows.first().and_then(|row| field.cells.get(*row)).unwrap_or(&Cell::Null))
            })
            .collect();
        let fields = frame.fields.iter().filter(|field| keep || !keys.iter().any(|key| key.name == field.name));
        let fields = fields.map(|field| {
            let mut labels: BTreeMap<String, String> = field.labels.clone();
            if as_labels {
                labels.extend(values.iter().map(|(name, value)| ((*name).to_owned(), js::cell_text(value))));
            }
            Field {
                name: field.name.clone(),
                kind: field.kind,
                labels,
                labelled: true,
                cells: rows.iter().map(|row| field.cells.get(*row).cloned().unwrap_or_default()).collect(),
                config: field.config.clone(),
                ..Field::default()
            }
        });
        let name = if as_labels { frame.name.clone() } else { Some(part_name(frame, naming, &values)) };
        Frame { name, fields: fields.collect(), kind: frame.kind, ..Frame::default() }
    };
    groups(&keys, (0..frame.len()).collect()).into_iter().take(FRAMES).map(part).collect()
}

fn part_name(frame: &Frame, naming: &Value, values: &[(&str, &Cell)]) -> String {
    let between = text(naming, "separator1").unwrap_or_else(|| "=".to_owned());
    let behind = text(naming, "separator2").unwrap_or_else(|| " ".to_owned());
    let with_names = flag(naming, "withNames");
    let parts = values.iter().map(|(name, value)| {
        if with_names { format!("{name}{between}{}", js::cell_text(value)) } else { js::cell_or_empty(value) }
    });
    let name = parts.collect::<Vec<_>>().join(&behind);
    match frame.name.as_ref().filter(|own| flag(naming, "append") && !own.is_empty()) {
        Some(own) => format!("{own} {name}"),
        None => name,
    }
}

/// Rows by the first column, those again by the second, and so on.
fn groups(keys: &[&Field], rows: Vec<usize>) -> Vec<Vec<usize>> {
    let Some((first, rest)) = keys.split_first() else { return vec![rows] };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut places: HashMap<js::Key, usize> = HashMap::new();
    for row in rows {
        let place = *places.entry(js::key(first.cells.get(row).unwrap_or(&Cell::Null))).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.push(row);
        }
    }
    groups.into_iter().flat_map(|rows| self::groups(rest, rows)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn a_frame_is_split_by_values() {
        let id = "partitionByValues";
        check::all(&[
            (
                id,
                "table",
                json!({"fields": ["ns"]}),
                "> pod x:s a,b | cpu x:n 1,2 | mem x:n 10,NaN // > pod y:s a,- | cpu y:n 3.5,0 | mem y:n 30,40",
            ),
            (
                id,
                "two",
                json!({"fields": ["pod"], "naming": {"asLabels": false, "withNames": true}}),
                "> pod=a cpu:n 1 // > pod=b cpu:n 2",
            ),
            (
                id,
                "two",
                json!({"fields": ["pod"], "keepFields": true}),
                "> pod a:s a | cpu a:n 1 // > pod b:s b | cpu b:n 2",
            ),
            (id, "two", json!({}), "A> pod:s a,b | cpu:n 1,2 // B> pod:s b,c,b | mem:n 5,6,7"),
        ]);
    }
}
