//! Reduces columns to single values: one row for each column, or one row for each frame.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        json::{at, flag, list, text},
        matcher::Matcher,
        naming::Names,
        overrides, reduce as calculations,
    },
    Outcome, letters, unsettle,
};

/// Reduces columns by `reducers`, the greatest value where none is named.
pub fn reduce(options: &Value, mut frames: Vec<Frame>) -> Outcome {
    let named: Vec<&str> = match at(options, "reducers") {
        Value::Null => vec!["max"],
        _ => list(options, "reducers").iter().filter_map(Value::as_str).collect(),
    };
    if named.is_empty() {
        return Some(frames);
    }
    let calcs: Vec<&str> = named.into_iter().filter_map(calculations::id).collect();
    let to_fields = text(options, "mode").as_deref() == Some("reduceFields");
    let matcher = match at(options, "fields") {
        Value::Null => None,
        fields => Some(Matcher::read(fields)?),
    };
    let with_time = to_fields && flag(options, "includeTimeField");
    let names = Names::among(&frames);
    let mut wanted = Vec::with_capacity(frames.len());
    for (at, frame) in frames.iter_mut().enumerate() {
        let fits = (0..frame.fields.len()).filter(|column| match &matcher {
            Some(matcher) => matcher.fits(&names, frame, at, *column),
            None => with_time || frame.fields.get(*column).is_some_and(|field| field.kind != FieldKind::Time),
        });
        wanted.push(fits.collect::<Vec<usize>>());
    }
    if to_fields {
        return Some(frames.iter().zip(wanted).filter_map(|(frame, wanted)| one_row(frame, &wanted, &calcs)).collect());
    }
    Some(to_rows(frames, &wanted, &calcs, flag(options, "labelsToFields"), &names))
}

/// One row, with a column for each column and calculation.
fn one_row(frame: &Frame, wanted: &[usize], calcs: &[&str]) -> Option<Frame> {
    let mut fields = Vec::new();
    for field in wanted.iter().filter_map(|column| frame.fields.get(*column)) {
        for calc in calcs {
            let kind = match *calc {
                "allValues" | "uniqueValues" => FieldKind::Other,
                "first" | "firstNotNull" | "last" | "lastNotNull" => field.kind,
                _ => FieldKind::Number,
            };
            let mut made = Field {
                name: field.name.clone(),
                kind,
                labels: field.labels.clone(),
                labelled: true,
                cells: vec![calculations::reduce(field, calc)],
                config: field.config.clone(),
                ..Field::default()
            };
            unsettle(&mut made);
            if calcs.len() > 1 {
                made.labels.insert("reducer".to_owned(), calculations::name(calc).unwrap_or_default());
            }
            fields.push(made);
        }
    }
    let frame = Frame { name: frame.name.clone(), ref_id: frame.ref_id.clone(), kind: frame.kind, fields };
    (!frame.fields.is_empty()).then_some(frame)
}

/// One row for each column, with a column for each calculation.
fn to_rows(
    mut frames: Vec<Frame>,
    wanted: &[Vec<usize>],
    calcs: &[&str],
    labels_to_fields: bool,
    names: &Names,
) -> Vec<Frame> {
    let ref_id = format!("reduce-{}", letters(&frames));
    let mut seen = HashSet::new();
    let all = frames.iter().flat_map(|frame| &frame.fields).flat_map(|field| field.labels.keys());
    let labels: Vec<String> = all.filter(|name| labels_to_fields && seen.insert(*name)).cloned().collect();
    let mut merged: Option<Frame> = None;
    for (at, (frame, wanted)) in frames.iter_mut().zip(wanted).enumerate() {
        let text = |name: &str| Field { name: name.to_owned(), ..Field::default() };
        let mut fields = vec![text("Field")];
        fields.extend(labels.iter().map(|name| text(name)));
        fields.extend(calcs.iter().map(|calc| text(&calculations::name(calc).unwrap_or_default())));
        for column in wanted {
            let Some(field) = frame.fields.get_mut(*column) else { continue };
            let name = if labels_to_fields { field.name.clone() } else { names.of(at, *column, field) };
            let own =
                std::iter::once(Cell::Text(name.into()))
                    .chain(labels.iter().map(|name| {
                        field.labels.get(name).map_or(Cell::Null, |value| Cell::Text(value.as_str().into()))
                    }))
                    .chain(calcs.iter().map(|calc| value(field, calc)));
            for (made, cell) in fields.iter_mut().zip(own.collect::<Vec<_>>()) {
                made.cells.push(cell);
            }
        }
        for (made, calc) in fields.iter_mut().skip(1 + labels.len()).zip(calcs) {
            let listed = matches!(*calc, "allValues" | "uniqueValues");
            made.kind = if listed { FieldKind::Other } else { overrides::guessed_kind(made) };
        }
        match &mut merged {
            None => {
                let kind = frame.kind;
                merged = Some(Frame { name: None, ref_id: Some(ref_id.clone()), fields, kind });
            }
            Some(base) => append(base, &fields),
        }
    }
    merged.into_iter().collect()
}

/// A result; what a calculation says of nothing but nulls is not a number, of no cells at all it is nothing.
fn value(field: &Field, calc: &str) -> Cell {
    let percentile = calc.strip_prefix('p').is_some_and(|digits| digits.parse::<u8>().is_ok());
    match calculations::reduce(field, calc) {
        Cell::Null if !field.cells.is_empty() && !percentile => Cell::Number(f64::NAN),
        cell => cell,
    }
}

fn append(base: &mut Frame, fields: &[Field]) {
    for (at, own) in base.fields.iter_mut().enumerate() {
        for (place, field) in fields.iter().enumerate() {
            if (at == 0 && place == 0) || (own.kind == field.kind && own.name == field.name) {
                own.cells.extend(field.cells.iter().cloned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn columns_are_reduced() {
        check::all(&[
            (
                "reduce",
                "series",
                json!({"reducers": ["mean", "count"]}),
                "reduce-A-B> Field:s a,b | Mean:n 1.5,5 | Count:n 2,2",
            ),
            (
                "reduce",
                "series",
                json!({"reducers": ["last"], "labelsToFields": true}),
                "reduce-A-B> Field:s Value,Value | pod:s a,b | Last:n NaN,NaN",
            ),
            (
                "reduce",
                "table",
                json!({"reducers": ["max", "first"], "mode": "reduceFields"}),
                "A> pod Max:n - | pod First:s a | ns Max:n - | ns First:s x | cpu Max:n 3.5 | cpu First:n 1 | mem Max:n 40 | mem First:n 10",
            ),
        ]);
    }
}
