//! Data frames as Grafana's HTTP API writes them: the answer of `POST /api/ds/query`, and the frames in it.
//!
//! Columns come apart from what is said of them, and what JSON has no number for (NaN, infinities) comes apart from the
//! columns. What is odd in one frame costs that frame, never the answer; so much is kept and no more.
//!
//! <https://grafana.com/developers/dataplane/>

mod column;

use std::{cell::Cell as Budget, collections::BTreeMap};

use column::{Column, MAX_CELLS};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{
    frame::{Cell, Field, FieldKind, Frame, FrameKind},
    json::{at, flag, list, number, object, text},
};

/// Most frames that are kept of one answer.
const MAX_FRAMES: usize = 5000;
/// Most columns that are kept of one frame.
const MAX_FIELDS: usize = 1000;
/// Most labels that are kept of one column.
const MAX_LABELS: usize = 256;
/// Most words of a data source that are passed on of one query.
const MAX_NOTICES: usize = 5;

/// What came of one query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryResult {
    /// The letter of the query.
    pub ref_id: String,
    /// The frames that could be read.
    pub frames: Vec<Frame>,
    /// Why there are none, or not all of them, in words.
    pub error: Option<String>,
    /// What a person should know about them: words of the data source, and what was left out.
    pub notices: Vec<String>,
}

/// An answer, or what is said in the place of one.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    results: Option<BTreeMap<String, &'a RawValue>>,
    #[serde(default)]
    message: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct ResultJson<'a> {
    #[serde(default)]
    error: Option<Value>,
    #[serde(borrow, default)]
    frames: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct FrameJson<'a> {
    #[serde(default)]
    schema: Value,
    #[serde(borrow, default)]
    data: Option<DataJson<'a>>,
}

#[derive(Deserialize)]
struct DataJson<'a> {
    #[serde(borrow, default)]
    values: Vec<&'a RawValue>,
    #[serde(default)]
    entities: Value,
    #[serde(default)]
    enums: Value,
}

/// Reads an answer: what came of each query, by its letter. An error is what stands in the place of an answer.
pub fn read(body: &str) -> Result<Vec<QueryResult>, String> {
    let envelope: Envelope<'_> =
        serde_json::from_str(body).map_err(|error| format!("this is no answer with data frames: {error}"))?;
    let Some(results) = envelope.results else {
        let said = [&envelope.message, &envelope.error].into_iter().flatten().find_map(Value::as_str);
        return Err(said.map_or_else(|| "this is no answer with data frames".to_owned(), str::to_owned));
    };
    let (cells, frames) = (Budget::new(MAX_CELLS), Budget::new(MAX_FRAMES));
    Ok(results.into_iter().map(|(ref_id, one)| result(ref_id, one, &cells, &frames)).collect())
}

fn result(ref_id: String, written: &RawValue, cells: &Budget<usize>, left: &Budget<usize>) -> QueryResult {
    let mut out = QueryResult { ref_id, ..QueryResult::default() };
    let read: ResultJson<'_> = match serde_json::from_str(written.get()) {
        Ok(read) => read,
        Err(error) => {
            out.error = Some(format!("what came of it cannot be read: {error}"));
            return out;
        }
    };
    out.error = match read.error {
        Some(Value::String(words)) if !words.is_empty() => Some(words),
        Some(Value::Null | Value::String(_)) | None => None,
        Some(other) => Some(other.to_string()),
    };
    let all = read.frames.unwrap_or_default();
    let mut dropped = 0;
    for (nth, one) in all.iter().enumerate() {
        if left.get() == 0 {
            out.notices.push(format!("showing {nth} of {} series", all.len()));
            break;
        }
        left.set(left.get() - 1);
        match frame(one, &out.ref_id, cells) {
            Ok((frame, notices, lost)) => {
                dropped += lost;
                for notice in notices {
                    if out.notices.len() < MAX_NOTICES && !out.notices.contains(&notice) {
                        out.notices.push(notice);
                    }
                }
                out.frames.push(frame);
            }
            Err(why) => {
                out.error.get_or_insert(format!("a frame of it cannot be read: {why}"));
            }
        }
    }
    if dropped > 0 {
        out.notices.push(format!("{dropped} rows are left out: the answer is too large"));
    }
    out
}

/// Reads one frame; with it what its data source says about it, and how many rows were left out.
fn frame(written: &RawValue, ref_id: &str, cells: &Budget<usize>) -> Result<(Frame, Vec<String>, usize), String> {
    let json: FrameJson<'_> = serde_json::from_str(written.get()).map_err(|error| error.to_string())?;
    let schema = &json.schema;
    let meta = at(schema, "meta");
    let notices = list(meta, "notices").iter().filter_map(|notice| text(notice, "text")).collect();
    let data = json.data.unwrap_or(DataJson { values: Vec::new(), entities: Value::Null, enums: Value::Null });
    let (mut fields, mut lost) = (Vec::new(), 0);
    for (nth, of) in list(schema, "fields").iter().take(MAX_FIELDS).enumerate() {
        let column = match data.values.get(nth) {
            Some(values) => Column::read(values.get(), cells)?,
            None => Column::default(),
        };
        lost = lost.max(column.dropped);
        let lookup = |all: &Value| all.get(nth).cloned().unwrap_or_default();
        fields.push(field(of, column.cells, &lookup(&data.entities), &lookup(&data.enums)));
    }
    let longest = fields.iter().map(|field| field.cells.len()).max().unwrap_or(0);
    for field in &mut fields {
        let missing = longest - field.cells.len();
        let taken = missing.min(cells.get());
        cells.set(cells.get() - taken);
        field.cells.extend(std::iter::repeat_n(Cell::Null, taken));
    }
    let kind = match at(meta, "type").as_str().unwrap_or_default() {
        kind if kind.starts_with("timeseries-") => FrameKind::TimeSeries,
        kind if kind.starts_with("numeric-") => FrameKind::Numeric,
        "heatmap-rows" => FrameKind::HeatmapRows,
        "table" => FrameKind::Table,
        _ => FrameKind::Plain,
    };
    let frame = Frame {
        name: text(schema, "name").filter(|name| !name.is_empty()),
        ref_id: Some(text(schema, "refId").filter(|own| !own.is_empty()).unwrap_or_else(|| ref_id.to_owned())),
        fields,
        kind,
    };
    Ok((frame, notices, lost))
}

fn field(of: &Value, mut cells: Vec<Cell>, entities: &Value, enums: &Value) -> Field {
    for (key, value) in [("NaN", f64::NAN), ("Inf", f64::INFINITY), ("NegInf", f64::NEG_INFINITY)] {
        for nth in list(entities, key).iter().filter_map(Value::as_u64) {
            if let Some(cell) = usize::try_from(nth).ok().and_then(|nth| cells.get_mut(nth)) {
                *cell = Cell::Number(value);
            }
        }
    }
    let config = at(of, "config");
    // The words of an enumeration stand beside the column, or in what is said of it.
    let own = list(at(at(config, "type"), "enum"), "text");
    let words = enums.as_array().map_or(own, Vec::as_slice);
    let name = text(of, "name").unwrap_or_default();
    let mut kind = match at(of, "type").as_str() {
        Some("time") => FieldKind::Time,
        Some("number") => FieldKind::Number,
        Some("string" | "enum") => FieldKind::Text,
        Some("boolean") => FieldKind::Boolean,
        Some(_) => FieldKind::Other,
        None => guessed(&name, &cells),
    };
    if !words.is_empty() && (enums.is_array() || at(of, "type").as_str() == Some("enum")) {
        kind = FieldKind::Text;
        for cell in &mut cells {
            if let Cell::Number(nth) = cell {
                let word = (*nth >= 0.0).then(|| words.get(*nth as usize)).flatten().and_then(Value::as_str);
                *cell = word.map_or(Cell::Null, |word| Cell::Text(word.into()));
            }
        }
    }
    if kind == FieldKind::Number {
        // Large numbers come as text.
        for cell in &mut cells {
            if let Cell::Text(written) = cell {
                *cell = written.trim().parse().map_or(Cell::Null, Cell::Number);
            }
        }
    }
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let labels: BTreeMap<String, String> =
        object(of, "labels").take(MAX_LABELS).map(|(name, value)| (name.clone(), word(value))).collect();
    let mut field = Field {
        name,
        kind,
        labelled: at(of, "labels").is_object(),
        labels,
        cells,
        config: super::field_config::FieldConfig::read(config),
        ..Field::default()
    };
    field.config.display_name_from_source = text(config, "displayNameFromDS").filter(|name| !name.is_empty());
    field.config.interval = number(at(config, "interval"));
    field.config.hidden |= flag(config, "hidden");
    field
}

/// What a column is that nobody says it of, by its first cell.
fn guessed(name: &str, cells: &[Cell]) -> FieldKind {
    let lower = name.to_ascii_lowercase();
    match cells.iter().find(|cell| **cell != Cell::Null) {
        Some(Cell::Number(_)) if lower == "time" || lower.ends_with("date") => FieldKind::Time,
        Some(Cell::Number(_)) => FieldKind::Number,
        Some(Cell::Boolean(_)) => FieldKind::Boolean,
        Some(Cell::Text(_)) => FieldKind::Text,
        _ => FieldKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::frame::FieldKind::{Boolean, Number, Other, Text},
        *,
    };

    fn one(result: &Value) -> QueryResult {
        let body = json!({"results": {"A": result}}).to_string();
        read(&body).expect("an answer").remove(0)
    }

    #[test]
    fn a_series_with_what_json_cannot_say() {
        let result = one(&json!({"status": 200, "frames": [{
            "schema": {"name": "cpu", "refId": "A",
                "meta": {"type": "timeseries-multi", "notices": [{"severity": "warning", "text": "slow"}]},
                "fields": [
                    {"name": "Time", "type": "time", "typeInfo": {"frame": "time.Time"}, "config": {"interval": 15000}},
                    {"name": "Value", "type": "number", "labels": {"host": "a"},
                     "config": {"displayNameFromDS": "host a", "unit": "bytes", "decimals": 1}}]},
            "data": {"values": [[1000, 2000, 3000, 4000], [1.5, null, null, null]],
                "entities": [null, {"NaN": [1], "Inf": [2], "NegInf": [3, 99]}], "nanos": [null, null]}}]}));
        assert_eq!((result.error, result.notices), (None, vec!["slow".to_owned()]));
        let [frame] = result.frames.as_slice() else { panic!("one frame") };
        assert_eq!((frame.name.as_deref(), frame.kind), (Some("cpu"), FrameKind::TimeSeries));
        let [time, value] = frame.fields.as_slice() else { panic!("two fields") };
        assert_eq!((time.kind, time.config.interval, time.labelled), (FieldKind::Time, Some(15_000.0), false));
        assert_eq!(time.cells[3], Cell::Number(4000.0));
        let numbers: Vec<f64> = value.cells.iter().filter_map(Cell::number).collect();
        assert!(numbers[0] == 1.5 && numbers[1].is_nan() && numbers[2] == f64::INFINITY);
        assert_eq!(numbers[3], f64::NEG_INFINITY);
        assert_eq!(value.labels.get("host").map(String::as_str), Some("a"));
        assert_eq!(value.config.display_name_from_source.as_deref(), Some("host a"));
        assert_eq!((value.config.unit.as_deref(), value.config.decimals), (Some("bytes"), Some(1)));
    }

    #[test]
    fn a_table_of_all_kinds() {
        let result = one(&json!({"frames": [{
            "schema": {"fields": [
                {"name": "who", "type": "string"}, {"name": "ok", "type": "boolean"}, {"name": "n"},
                {"name": "state", "type": "enum", "config": {"type": {"enum": {"text": ["down", "up"]}}}},
                {"name": "labels", "type": "other"}, {"name": "big", "type": "number"}]},
            "data": {"values": [["a", "b"], [true, null], [1], [1, 0], [{"x": "y"}, null], ["9007199254740993", "no"]]}}]}));
        let fields = &result.frames[0].fields;
        let kinds: Vec<FieldKind> = fields.iter().map(|field| field.kind).collect();
        assert_eq!(kinds, [Text, Boolean, Number, Text, Other, Number]);
        assert_eq!(fields[1].cells, [Cell::Boolean(true), Cell::Null]);
        assert_eq!(fields[2].cells, [Cell::Number(1.0), Cell::Null], "as long as the others");
        assert_eq!(fields[3].cells, [Cell::Text("up".into()), Cell::Text("down".into())]);
        assert_eq!(fields[4].cells[0], Cell::Text(r#"{"x":"y"}"#.into()));
        assert_eq!(fields[5].cells, [Cell::Number(9_007_199_254_740_992.0), Cell::Null]);
        assert_eq!(result.frames[0].ref_id.as_deref(), Some("A"));
    }

    #[test]
    fn what_fails_is_said_where_it_fails() {
        let body = json!({"results": {
            "A": {"error": "no such table", "status": 400, "frames": []},
            "B": {"frames": [5, {"schema": {"fields": [{"name": "v"}]}, "data": {"values": [[1]]}}]},
            "C": "odd",
            "D": {"frames": null},
        }})
        .to_string();
        let results = read(&body).expect("an answer");
        let said: Vec<(&str, usize, bool)> =
            results.iter().map(|one| (one.ref_id.as_str(), one.frames.len(), one.error.is_some())).collect();
        assert_eq!(said, [("A", 0, true), ("B", 1, true), ("C", 0, true), ("D", 0, false)]);
        assert_eq!(results[0].error.as_deref(), Some("no such table"));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert_eq!(read(r#"{"message":"Query data error"}"#).expect_err("none"), "Query data error");
        assert_eq!(read("{}").expect_err("none"), "this is no answer with data frames");
        assert!(read("{\"results\": {").expect_err("none").starts_with("this is no answer with data frames: EOF"));
    }

    #[test]
    fn no_answer_takes_all_the_memory() {
        let many = vec!["1"; MAX_CELLS + 10].join(",");
        let frame = format!(r#"{{"schema":{{"fields":[{{"name":"v"}}]}},"data":{{"values":[[{many}]]}}}}"#);
        let body = format!(r#"{{"results":{{"A":{{"frames":[{frame},{frame}]}}}}}}"#);
        let result = read(&body).expect("an answer").remove(0);
        let cells: usize = result.frames.iter().map(Frame::len).sum();
        assert_eq!(cells, MAX_CELLS);
        let said = format!("{} rows are left out: the answer is too large", MAX_CELLS + 20);
        assert_eq!(result.notices, [said]);
    }
}
