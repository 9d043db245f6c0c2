//! Variables whose choices only Grafana knows: what any of its data sources answers, and which data sources it has.

use serde_json::{Map, Value};

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        json::{at, each_text, text},
        pattern::Pattern,
        routes::Reached,
        template::Format,
        value_format::number,
    },
    Choice, Variable, Variables,
};

/// Most values that are taken of one answer.
const MAX_VALUES: usize = 100_000;
/// The letter of the query of a variable.
const LETTER: &str = "variable";

/// What a variable asks of a data source whose language is not known here, as Grafana takes it, in JSON; why it cannot, in
/// words.
pub(super) fn of(variable: &Variable, all: &Variables, reached: &Reached) -> Result<Option<String>, String> {
    let query = at(&variable.written, "query");
    let language = reached.language();
    let mut request = match query {
        // As the editors of data sources of today keep it.
        Value::Object(fields) => fields.clone(),
        Value::String(query) if query.trim().is_empty() => return Ok(None),
        Value::String(query) => {
            let fields: &[(&str, Value)] = match (language, reached.type_name()) {
                (Format::Sql, _) => &[("rawSql", query.clone().into()), ("format", "table".into())],
                (Format::Influx, _) => &[("query", query.clone().into()), ("rawQuery", true.into())],
                (_, name) => return Err(format!("how {name} is asked for the values of a variable is not known here")),
            };
            fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect::<Map<_, _>>()
        }
        _ => return Ok(None),
    };
    let mut own = Value::Object(std::mem::take(&mut request));
    each_text(&mut own, &mut |text| *text = all.interpolate(text, language));
    let Value::Object(mut request) = own else { return Ok(None) };
    request.insert("refId".into(), LETTER.into());
    request.insert("datasource".into(), reached.reference.clone());
    request.insert("intervalMs".into(), 60_000.into());
    request.insert("maxDataPoints".into(), 1000.into());
    Ok(Some(Value::Object(request).to_string()))
}

/// The choices in the frames that a data source answered: the columns that are called so, or else all that stands in the
/// columns, without the times.
pub fn found_in(frames: &[Frame]) -> Vec<Choice> {
    let mut out = Vec::new();
    for frame in frames {
        let called = |names: [&str; 2]| frame.fields.iter().find(|field| names.contains(&field.name.as_str()));
        let (texts, values) = (called(["__text", "text"]), called(["__value", "value"]));
        if texts.is_some() || values.is_some() {
            let length = texts.or(values).map_or(0, |field| field.cells.len());
            let cell = |field: Option<&Field>, row: usize| field.and_then(|field| words(field.cells.get(row)?));
            let rows = (0..length.min(MAX_VALUES)).filter_map(|row| {
                let (text, value) = (cell(texts, row), cell(values, row));
                let either = text.clone().or_else(|| value.clone())?;
                Some(Choice { value: value.unwrap_or_else(|| either.clone()), text: text.unwrap_or(either) })
            });
            out.extend(rows);
            continue;
        }
        // Where there are texts, numbers beside them only count.
        let has_text = frame.fields.iter().any(|field| field.kind == FieldKind::Text);
        let counts = |field: &&Field| match field.kind {
            FieldKind::Time | FieldKind::Frame => false,
            FieldKind::Text => true,
            _ => !has_text,
        };
        let cells = frame.fields.iter().filter(counts).flat_map(|field| &field.cells);
        out.extend(cells.filter_map(words).map(Choice::plain).take(MAX_VALUES));
    }
    out.truncate(MAX_VALUES);
    out
}

fn words(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.to_string()),
        Cell::Number(value) => Some(number::plain(*value)),
        Cell::Boolean(yes) => Some(yes.to_string()),
        Cell::Null | Cell::Frame(..) => None,
    }
}

/// The data sources of a type that Grafana has, for a variable that stands for one; none where it does not say which it has.
pub(super) fn data_sources(written: &Value, all: &Variables) -> Vec<Choice> {
    let kind = match at(written, "query") {
        Value::String(kind) => kind.clone(),
        other => text(other, "query").unwrap_or_default(),
    };
    let regex = text(written, "regex").filter(|regex| !regex.is_empty());
    let pattern = regex.as_deref().map(|regex| Pattern::read(&all.interpolate(regex, Format::Regex)));
    let fits = |name: &str| match &pattern {
        Some(pattern) => pattern.as_ref().is_some_and(|pattern| pattern.is_match(name)),
        None => true,
    };
    let known = all.routes().known.iter().filter(|one| one.kind == kind);
    let (mut choices, mut has_default) = (Vec::new(), false);
    for one in known {
        has_default |= one.is_default;
        if fits(&one.name) {
            choices.push(Choice { value: one.uid.clone(), text: one.name.clone() });
        }
    }
    if has_default && fits("default") {
        choices.push(Choice::plain("default"));
    }
    choices
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::super::{
            data_source::DataSource,
            model::Dashboard,
            routes::{KnownSource, Routes, Way},
            time_range::TimeRange,
        },
        super::{Answer, Question},
        *,
    };

    fn variables(list: Value) -> Variables {
        let known = |uid: &str, name: &str, kind: &str, is_default| KnownSource {
            uid: uid.into(),
            name: name.into(),
            kind: kind.into(),
            is_default,
            scrape: None,
        };
        let known = vec![
            known("a", "Prom EU", "prometheus", false),
            known("b", "Prom US", "prometheus", true),
            known("m", "Orders", "mysql", false),
        ];
        let dashboard = Dashboard::of(json!({"title": "t", "panels": [], "templating": {"list": list}}));
        let routes = Routes {
            prometheus: None,
            grafana: Some(4),
            lokis: Vec::new(),
            said: Vec::new(),
            is_own: false,
            scraped: Vec::new(),
            known,
        };
        let range = TimeRange { from: 0, to: 3_600_000 };
        Variables::of(&dashboard.expect("a dashboard"), range, &[]).by(routes)
    }

    #[test]
    fn a_data_source_is_one_that_grafana_has() {
        let mut all = variables(json!([
            {"name": "ds", "type": "datasource", "query": "prometheus", "current": {"value": "Prom US", "text": "Prom US"}},
            {"name": "eu", "type": "datasource", "query": "prometheus", "regex": "/EU/"},
            {"name": "job", "type": "query", "query": "label_values(job)", "datasource": {"uid": "${ds}"}},
        ]));
        let asked = all.questions();
        assert_eq!(asked.len(), 1);
        let reached = all.asks(2).expect("a data source");
        assert_eq!((reached.way, reached.uid()), (Way::Grafana(4), "b"));
        let values = |name: &str| -> Vec<String> {
            all.named(name).into_iter().flat_map(|one| &one.choices).map(|choice| choice.value.clone()).collect()
        };
        assert_eq!(values("ds"), ["a", "b", "default"]);
        assert_eq!(values("eu"), ["a"]);
        assert_eq!(all.interpolate("${ds:text} $ds $eu", Format::Glob), "Prom US b a");
    }

    #[test]
    fn any_data_source_is_asked_for_the_values_of_a_variable() {
        let mut all = variables(json!([
            {"name": "env", "type": "custom", "query": "it's"},
            {"name": "shop", "type": "query", "datasource": "Orders", "query": "select name from shops where env='$env'"},
            {"name": "zone", "type": "query", "datasource": {"type": "aws", "uid": "x"}, "query": "regions()"},
        ]));
        let asked = all.questions();
        let [(1, DataSource::Other(kind), Question::Frames { request })] = asked.as_slice() else {
            panic!("{asked:?}")
        };
        let request: Value = serde_json::from_str(request).expect("JSON");
        assert_eq!(
            (kind.as_str(), at(&request, "rawSql")),
            ("mysql", &json!("select name from shops where env='it''s'"))
        );
        let error = all.named("zone").and_then(|zone| zone.error.clone()).expect("an error");
        assert!(error.starts_with("how aws is asked"), "{error}");
        let text = |name: &str, cells: &[&str]| Field {
            name: name.into(),
            cells: cells.iter().map(|cell| Cell::Text((*cell).into())).collect(),
            ..Field::default()
        };
        let frame = |fields| Frame { fields, ..Frame::default() };
        all.answer(
            1,
            Ok(Answer::Choices(found_in(&[frame(vec![
                text("__text", &["One", "Two"]),
                text("__value", &["1", "2"]),
            ])]))),
        );
        assert_eq!(all.interpolate("$shop ${shop:text}", Format::Glob), "1 One");
        let count = Field { kind: FieldKind::Number, ..text("n", &["9"]) };
        let plain = found_in(&[frame(vec![text("name", &["a", "b"]), count])]);
        assert_eq!(plain, [Choice::plain("a"), Choice::plain("b")]);
    }
}
