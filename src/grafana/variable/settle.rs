//! What a variable is set to, once what it can be set to is known: what was saved, if it is still among the choices.

use serde_json::Value;

use super::{
    super::{
        interval,
        json::{at, list, number, text},
        pattern::Pattern,
        template::{ALL, Format},
        time_range::TimeRange,
    },
    Chosen, Variable, Variables,
    choices::{self, Choice},
    foreign,
    question::{self, Answer},
};

/// Most filters that are read.
const MAX_FILTERS: usize = 50;

/// What an interval is set to that follows the stretch of time.
pub(super) const AUTO: &str = "$__auto";

/// A variable's choices and what is chosen of them.
pub(super) struct Settled {
    pub(super) choices: Vec<Choice>,
    pub(super) chosen: Chosen,
    pub(super) error: Option<String>,
}

/// What a dashboard was saved with.
pub(super) fn saved(written: &Value) -> Chosen {
    let word = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let current = at(written, "current");
    let (values, texts) = (at(current, "value"), at(current, "text"));
    let kind = at(written, "type").as_str().unwrap_or_default();
    match (kind, values) {
        ("textbox", _) => {
            let own = list(current, "value").first().unwrap_or(values);
            let own = word(own);
            let value = if own.is_empty() { text(written, "query").unwrap_or_default() } else { own };
            Chosen::One(Choice::plain(value))
        }
        ("constant", _) => {
            Chosen::One(Choice::plain(text(written, "query").unwrap_or_else(|| word(at(current, "value")))))
        }
        ("interval", _) => Chosen::One(saved_interval(written)),
        ("adhoc", _) => saved_filters(written),
        (_, Value::Array(values)) => {
            let texts = texts.as_array();
            let text =
                |nth: usize, value: &Value| texts.and_then(|texts| texts.get(nth)).map_or_else(|| word(value), word);
            Chosen::Many(
                values
                    .iter()
                    .enumerate()
                    .map(|(nth, value)| Choice { value: word(value), text: text(nth, value) })
                    .collect(),
            )
        }
        _ => Chosen::One(Choice { value: word(values), text: word(texts) }),
    }
}

/// The filters a dashboard was saved with, each as a person would type it.
fn saved_filters(written: &Value) -> Chosen {
    let several = |filter: &Value| {
        let values = list(filter, "values").iter().filter_map(Value::as_str).map(fancy_regex::escape);
        values.collect::<Vec<_>>().join("|")
    };
    let filter = |filter: &Value| {
        let (key, value) = (text(filter, "key")?, text(filter, "value").unwrap_or_default());
        Some(match at(filter, "operator").as_str().unwrap_or("=") {
            "=|" => format!("{key}=~{}", several(filter)),
            "!=|" => format!("{key}!~{}", several(filter)),
            operator @ ("=" | "!=" | "=~" | "!~") => format!("{key}{operator}{value}"),
            _ => return None,
        })
    };
    let all = list(written, "baseFilters").iter().chain(list(written, "filters")).take(MAX_FILTERS);
    let all: Vec<Choice> = all.filter_map(filter).map(Choice::plain).collect();
    if all.is_empty() { Chosen::default() } else { Chosen::Many(all) }
}

/// The lengths an interval offers.
fn lengths(written: &Value) -> Vec<String> {
    const USUAL: &str = "1m,10m,30m,1h,6h,12h,1d,7d,14d,30d";
    let query = text(written, "query").filter(|query| !query.is_empty()).unwrap_or_else(|| USUAL.into());
    let words = query.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let mut out: Vec<String> = Vec::new();
    for word in words.filter(|word| !word.is_empty() && !word.starts_with("__auto_interval_")) {
        if !out.iter().any(|known| known == word) {
            out.push(word.to_owned());
        }
    }
    out
}

fn saved_interval(written: &Value) -> Choice {
    let current = at(at(written, "current"), "value");
    let current = current.as_str().or_else(|| current.get(0).and_then(Value::as_str)).unwrap_or_default();
    let lengths = lengths(written);
    let first = || lengths.first().cloned().unwrap_or_default();
    if current.starts_with("$__auto") {
        return Choice { value: AUTO.into(), text: "Auto".into() };
    }
    Choice::plain(if lengths.iter().any(|length| length == current) { current.to_owned() } else { first() })
}

/// The length that `auto` comes to for a stretch of time.
pub(super) fn auto(written: &Value, range: TimeRange) -> String {
    let count = number(at(written, "auto_count")).filter(|count| *count >= 1.0).unwrap_or(30.0);
    let least = text(written, "auto_min").and_then(|least| interval::parse(&least)).unwrap_or(10_000.0);
    interval::whole(interval::of_panel(range.length() as f64, count, least))
}

/// Settles a variable that asks nobody.
pub(super) fn alone(variable: &Variable, all: &Variables) -> Settled {
    let written = &variable.written;
    let keep = |choices: Vec<Choice>| Settled { choices, chosen: variable.chosen.clone(), error: None };
    match variable.kind.as_str() {
        "custom" => {
            let choices = custom(written, all);
            if choices.is_empty() {
                return keep(choices);
            }
            validated(variable, choices, None)
        }
        "interval" => keep(lengths(written).into_iter().map(Choice::plain).collect()),
        "datasource" => {
            let kind = all.sources.kind(&format!("${}", variable.name).into(), &[]);
            let known = foreign::data_sources(written, all);
            let choices = if known.is_empty() { vec![Choice::plain(kind.name())] } else { known };
            validated(variable, choices, None)
        }
        "switch" => {
            let choices = list(written, "options").iter().filter_map(|one| text(one, "value")).map(Choice::plain);
            keep(choices.collect())
        }
        "query" | "textbox" | "constant" | "adhoc" | "groupby" => keep(Vec::new()),
        other => Settled { error: Some(format!("variables of type {other} are not known")), ..keep(Vec::new()) },
    }
}

/// `a,b`, `text : value`, or JSON; a comma after a backslash belongs to the value.
fn custom(written: &Value, all: &Variables) -> Vec<Choice> {
    let query = text(written, "query").unwrap_or_default();
    if at(written, "valuesFormat").as_str() == Some("json") {
        let word = |value: &Value| match value {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        let parsed: Value = serde_json::from_str(&query).unwrap_or_default();
        let one = |choice: &Value| {
            let value = choice.get("value").map(word)?;
            Some(Choice { text: choice.get("text").map_or_else(|| value.clone(), word), value })
        };
        return parsed.as_array().into_iter().flatten().filter_map(one).collect();
    }
    let query = all.interpolate(&query, Format::Glob);
    let mut parts = vec![String::new()];
    let mut chars = query.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next_if_eq(&',').is_some() => parts.last_mut().into_iter().for_each(|part| part.push(',')),
            ',' => parts.push(String::new()),
            c => parts.last_mut().into_iter().for_each(|part| part.push(c)),
        }
    }
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts
        .map(|part| match part.trim_start().rsplit_once(" : ") {
            Some((text, value)) if !text.trim().is_empty() && !value.trim().is_empty() => {
                Choice { text: text.trim().to_owned(), value: value.trim().to_owned() }
            }
            _ => Choice::plain(part.trim()),
        })
        .collect()
}

/// Settles a variable by what its data source answered.
pub(super) fn asked(variable: &Variable, all: &Variables, answer: Result<Answer, String>) -> Settled {
    let written = &variable.written;
    let answer = match answer {
        Ok(answer) => answer,
        // What was saved is the best there is.
        Err(why) => {
            return Settled { choices: Vec::new(), chosen: variable.chosen.clone(), error: Some(why) };
        }
    };
    let question = question::of(variable, all).ok().map(|(_, question)| question);
    let found = question::choices(question.as_ref(), answer);
    let regex = text(written, "regex").filter(|regex| !regex.is_empty());
    let regex = regex.map(|regex| all.interpolate(&regex, Format::Regex));
    let pattern = regex.as_deref().map(Pattern::read);
    if let (Some(None), Some(regex)) = (&pattern, &regex) {
        let error = Some(format!("its pattern {regex} is not a regular expression"));
        return Settled { choices: Vec::new(), chosen: variable.chosen.clone(), error };
    }
    let on_text = at(written, "regexApplyTo").as_str() == Some("text");
    let sort = number(at(written, "sort")).map_or(0, |sort| sort as u64);
    let (mut choices, slow) = choices::found(found, pattern.flatten().as_ref(), on_text, sort);
    let fixed: Vec<Choice> = list(written, "staticOptions")
        .iter()
        .filter_map(|one| {
            Some(Choice { value: text(one, "value")?, text: text(one, "text").or_else(|| text(one, "value"))? })
        })
        .collect();
    if !fixed.is_empty() {
        choices.retain(|choice| fixed.iter().all(|fixed| fixed.value != choice.value));
        match at(written, "staticOptionsOrder").as_str() {
            Some("after") => choices.extend(fixed),
            _ => drop(choices.splice(0..0, fixed)),
        }
    }
    validated(variable, choices, slow)
}

/// What is chosen, if it still can be; or else what a variable begins with.
fn validated(variable: &Variable, choices: Vec<Choice>, error: Option<String>) -> Settled {
    let all = || Choice { value: ALL.into(), text: "All".into() };
    let many = |choice: Choice| if variable.is_multi { Chosen::Many(vec![choice]) } else { Chosen::One(choice) };
    let begins = || match choices.first() {
        _ if variable.includes_all => many(all()),
        Some(first) => many(first.clone()),
        None if variable.is_multi => Chosen::Many(Vec::new()),
        None => Chosen::One(Choice::default()),
    };
    let chosen = if choices.is_empty() {
        begins()
    } else if variable.is_all() {
        match (variable.includes_all, choices.first()) {
            (false, Some(first)) => many(first.clone()),
            _ => Chosen::One(all()),
        }
    } else if variable.is_multi {
        let still = variable.chosen().iter().filter_map(|chosen| choices.iter().find(|c| c.value == chosen.value));
        let still: Vec<Choice> = still.cloned().collect();
        if still.is_empty() { begins() } else { Chosen::Many(still) }
    } else {
        let by_value = |chosen: &Choice| choices.iter().find(|choice| choice.value == chosen.value);
        let by_text = |chosen: &Choice| choices.iter().rfind(|choice| choice.text == chosen.text);
        let found = match &variable.chosen {
            Chosen::One(chosen) => by_value(chosen).or_else(|| by_text(chosen)),
            // A list where one is wanted is nothing that can be chosen.
            Chosen::Many(_) => None,
        };
        found.cloned().map_or_else(begins, Chosen::One)
    };
    Settled { choices, chosen, error }
}
