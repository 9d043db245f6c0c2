//! Rows that become columns, and rows that set the options of other columns.

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, Frame},
        js,
        json::{at, list, text},
        matcher::Matcher,
        naming::Names,
        reduce,
    },
    Outcome,
    config_mapping::{Mapped, Role, config, lay_over, roles, value_mappings},
};

/// How many rows of a frame become columns at most; behind that the rest is left out.
const COLUMNS: usize = 10_000;

/// Each row becomes a column of one value.
pub fn rows_to_fields(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    for frame in &mut frames {
        let roles = roles(frame, list(options, "mappings"), true);
        let column = |wanted: Role| roles.iter().rposition(|mapped| mapped.role == wanted);
        let (Some(name), Some(value)) = (column(Role::Name), column(Role::Value)) else { continue };
        let (Some(names), Some(values)) = (frame.fields.get(name), frame.fields.get(value)) else { continue };
        let rows = names.cells.iter().enumerate().take(COLUMNS);
        let fields = rows.map(|(row, name)| {
            let cell = |field: &Field| field.cells.get(row).cloned().unwrap_or_default();
            let mut labels = names.labels.clone();
            for (field, _) in frame.fields.iter().zip(&roles).filter(|(_, mapped)| mapped.role == Role::Label) {
                if cell(field) != Cell::Null {
                    let shown = field.shown_name.clone().unwrap_or_else(|| field.name.clone());
                    labels.insert(shown, js::cell_text(&cell(field)));
                }
            }
            Field {
                name: js::cell_text(name),
                kind: values.kind,
                labels,
                labelled: true,
                cells: vec![cell(values)],
                config: config(frame.fields.iter().zip(&roles).map(|(field, mapped)| (&mapped.role, cell(field)))),
                ..Field::default()
            }
        });
        let fields = fields.collect();
        *frame = Frame { fields, ..Frame::default() };
    }
    frames
}

/// The columns of the frame `configRefId` set options of columns of the others.
pub fn config_from_data(options: &Value, mut frames: Vec<Frame>) -> Outcome {
    let letter = text(options, "configRefId").unwrap_or_else(|| "config".to_owned());
    let matcher = match at(options, "applyTo") {
        Value::Null => Matcher::of("numeric", &Value::Null)?,
        applied => Matcher::read(applied)?,
    };
    let Some(source) = frames.iter().position(|frame| frame.ref_id.as_ref() == Some(&letter)) else {
        return Some(frames);
    };
    let names = Names::among(&frames);
    let new = frames.get_mut(source).map(|frame| {
        let roles = roles(frame, list(options, "mappings"), false);
        let value =
            |(field, mapped): (&Field, &Mapped)| reduce::reduce(field, mapped.calc.as_deref().unwrap_or("lastNotNull"));
        let cells = frame.fields.iter().zip(&roles).map(value).zip(&roles).map(|(cell, mapped)| (&mapped.role, cell));
        let mut new = config(cells.collect::<Vec<_>>().into_iter());
        if let Some(mappings) = value_mappings(frame, &roles) {
            new.set("mappings", &mappings);
        }
        new
    })?;
    let alone = frames.len() == 1;
    for (at, frame) in frames.iter_mut().enumerate().filter(|(at, _)| alone || *at != source) {
        for column in 0..frame.fields.len() {
            if matcher.fits(&names, frame, at, column)
                && let Some(field) = frame.fields.get_mut(column)
            {
                lay_over(&mut field.config, &new);
            }
        }
        frame.name = None;
    }
    if !alone {
        frames.remove(source);
    }
    Some(frames)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::check, *};

    #[test]
    fn rows_become_columns() {
        let named = json!({"mappings": [
            {"fieldName": "ns", "handlerKey": "field.name"}, {"fieldName": "mem", "handlerKey": "field.value"},
            {"fieldName": "cpu", "handlerKey": "max"}, {"fieldName": "pod", "handlerKey": "__ignore"}
        ]});
        check::all(&[
            ("rowsToFields", "two", json!({}), "> a:n 1 | b:n 2 // > b 1:n 5 | c:n 6 | b 2:n 7"),
            ("rowsToFields", "table", named, "> x 1:n 10 | x 2:n NaN | y 1:n 30 | y 2:n 40"),
            (
                "rowsToFields",
                "series",
                json!({}),
                "A> Time:t 1000,2000,3000 | a:n 1,2,- // B> Time:t 2000,3000 | b:n 5,NaN",
            ),
        ]);
    }

    #[test]
    fn rows_set_options_of_other_columns() {
        let field = |name: &str, kind, cells| Field { name: name.to_owned(), kind, cells, ..Field::default() };
        let (number, text) =
            (super::super::super::frame::FieldKind::Number, super::super::super::frame::FieldKind::Text);
        let fields = vec![
            field("Max", number, vec![Cell::Number(5.0), Cell::Number(9.0)]),
            field("unit", text, vec![Cell::Text("s".into())]),
            field("limit", number, vec![Cell::Number(3.0)]),
        ];
        let source = Frame { ref_id: Some("config".to_owned()), fields, ..Frame::default() };
        let fields = vec![field("a", number, vec![]), field("b", text, vec![])];
        let options = json!({"mappings": [
            {"fieldName": "limit", "handlerKey": "threshold1", "handlerArguments": {"threshold": {"color": "blue"}}},
            {"fieldName": "Max", "handlerKey": "max", "reducerId": "first"},
        ]});
        let frames = vec![Frame { fields, ..Frame::default() }, source];
        let frames = config_from_data(&options, frames).unwrap();
        let shown: Vec<_> = frames
            .iter()
            .flat_map(|frame| &frame.fields)
            .map(|field| (field.config.unit.as_deref(), field.config.max, field.config.thresholds.is_some()))
            .collect();
        assert_eq!(shown, [(Some("s"), Some(5.0), true), (None, None, false)]);
    }
}
