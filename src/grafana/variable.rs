//! Variables: what can be chosen, and what is.
//!
//! Those that ask a data source are asked in rounds, each as soon as all it names are settled: [`Variables::questions`]
//! says what to ask, [`Variables::answer`] takes what came.

mod choices;
mod follows;
mod foreign;
mod hindrance;
mod question;
mod settle;

use std::{collections::BTreeMap, sync::Arc};

pub use choices::Choice;
pub use foreign::found_in;
pub use question::{Answer, AnsweredSeries, Question};
use serde_json::Value;

use super::{
    data_source::{DataSource, DataSources},
    json::{at, each_text, flag, number, text},
    routes::{Reached, Routes, Way},
    template::{self, ALL, Bound, Format, Lookup, Selection},
    time_range::TimeRange,
};

/// Most variables that are read of a dashboard.
const MAX_VARIABLES: usize = 200;

/// Most values that something is repeated for.
const MAX_REPEATS: usize = 2000;

/// All variables of a dashboard, in the order they are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    all: Vec<Variable>,
    sources: DataSources,
    routes: Arc<Routes>,
    /// The stretch of time that is shown.
    pub range: TimeRange,
    title: String,
    uid: String,
}

/// One variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// Its name in texts.
    pub name: String,
    /// What a person reads for it; empty for its name.
    pub label: String,
    /// Its type: `query`, `custom`, `interval`, …
    pub kind: String,
    /// Whether it is not to be shown.
    pub is_hidden: bool,
    /// Whether several values may be chosen.
    pub is_multi: bool,
    /// Whether all may be chosen at once.
    pub includes_all: bool,
    /// What can be chosen, without `All`.
    pub choices: Vec<Choice>,
    /// Why it could not be asked, in words.
    pub error: Option<String>,
    /// Whether who was asked did not answer, so that it may be answered yet.
    pub is_awaited: bool,
    /// What stands for all values, where that is not the list of them.
    all_value: Option<String>,
    /// What is chosen, by value and in words; as many as several may be.
    chosen: Chosen,
    /// As it was written.
    written: Value,
    state: State,
}

#[derive(Clone, Debug, PartialEq)]
enum Chosen {
    One(Choice),
    Many(Vec<Choice>),
}

impl Default for Chosen {
    fn default() -> Self {
        Self::One(Choice::default())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Waiting,
    Asked,
    Settled,
}

impl Variables {
    /// Reads the variables of a dashboard. Those in `given` are set by hand: several values for one name choose several.
    pub fn of(dashboard: &super::model::Dashboard, range: TimeRange, given: &[(String, String)]) -> Self {
        let all = dashboard.variables.iter().filter(|variable| !at(variable, "name").is_null());
        let mut all: Vec<Variable> = all.take(MAX_VARIABLES).map(Variable::of).collect();
        let mut by_name = BTreeMap::<&str, Vec<String>>::new();
        for (name, value) in given {
            by_name.entry(name).or_default().push(value.clone());
        }
        for variable in &mut all {
            if let Some(values) = by_name.get(variable.name.as_str()) {
                variable.choose(values);
            }
        }
        let sources = DataSources::of(&dashboard.variables);
        let (title, uid) = (dashboard.title.clone(), dashboard.uid.clone());
        Self { all, sources, routes: Arc::default(), range, title, uid }
    }

    /// The same, where this is who is asked for what.
    #[must_use]
    pub fn by(self, routes: Routes) -> Self {
        Self { routes: Arc::new(routes), ..self }
    }

    /// Who is asked for what.
    pub fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Finds a data source by a reference as it was written; `kind` is what the dashboard alone makes of it, and its
    /// variables are those of `lookup`.
    pub fn reach(&self, kind: DataSource, reference: &Value, lookup: &dyn Lookup) -> Reached {
        let mut reference = reference.clone();
        each_text(&mut reference, &mut |text| *text = template::interpolate(text, lookup, Format::Glob));
        self.routes.reach(kind, &reference)
    }

    /// The data source that the variable at a place asks.
    pub fn asks(&self, place: usize) -> Option<Reached> {
        Some(self.asked_by(self.all.get(place)?))
    }

    fn asked_by(&self, variable: &Variable) -> Reached {
        let written = at(&variable.written, "datasource");
        let mut reached = self.reach(self.sources.kind(written, &[]), written, self);
        if let (DataSource::Loki, Way::None, Some(source)) = (&reached.kind, reached.way, self.routes.prometheus) {
            // The same address may lead to both.
            reached.way = Way::Direct(source);
        }
        reached
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.all.iter()
    }

    /// The variable of a name.
    pub fn named(&self, name: &str) -> Option<&Variable> {
        self.all.iter().find(|variable| variable.name == name)
    }

    /// What references to data sources mean.
    pub fn sources(&self) -> &DataSources {
        &self.sources
    }

    /// Chooses values by hand. What depends on the variable is asked anew.
    pub fn choose(&mut self, name: &str, values: &[String]) {
        let Some(variable) = self.all.iter_mut().find(|variable| variable.name == name) else { return };
        variable.choose(values);
        let mut changed = vec![name.to_owned()];
        while let Some(changed_name) = changed.pop() {
            for variable in self.all.iter_mut().filter(|v| v.state == State::Settled && v.names(&changed_name)) {
                (variable.state, variable.error) = (State::Waiting, None);
                changed.push(variable.name.clone());
            }
        }
    }

    /// Sets another stretch of time; variables that ask for what there was in it are asked anew.
    pub fn set_range(&mut self, range: TimeRange) {
        self.range = range;
        for variable in &mut self.all {
            if variable.is_asked_on_time() || variable.kind == "interval" {
                (variable.state, variable.error) = (State::Waiting, None);
            }
        }
    }

    /// What is to be asked now; each with the place of the variable it is for. Nothing when all are settled, or wait for
    /// what was asked.
    pub fn questions(&mut self) -> Vec<(usize, DataSource, Question)> {
        let mut out = Vec::new();
        loop {
            let is_ready = |variable: &Variable| variable.state == State::Waiting && !self.waits_for_others(variable);
            let mut ready = self.all.iter().position(is_ready);
            if ready.is_none() && self.all.iter().all(|variable| variable.state != State::Asked) {
                // They wait for each other: one has to begin.
                ready = self.all.iter().position(|variable| variable.state == State::Waiting);
                if let Some(variable) = ready.and_then(|place| self.all.get_mut(place)) {
                    variable.error = Some("its query depends on itself".into());
                }
            }
            let Some(place) = ready else { break };
            if let Some((source, question)) = self.begin(place) {
                out.push((place, source, question));
            }
        }
        out
    }

    fn waits_for_others(&self, variable: &Variable) -> bool {
        let others = self.all.iter().filter(|other| other.name != variable.name && other.state != State::Settled);
        others.into_iter().any(|other| variable.names(&other.name))
    }

    /// Settles a variable that asks nothing; what another asks.
    fn begin(&mut self, place: usize) -> Option<(DataSource, Question)> {
        let variable = self.all.get(place)?;
        let asked = match variable.kind.as_str() {
            "query" => Some(question::of(variable, self)),
            _ => None,
        };
        let settled = match &asked {
            Some(Ok(question)) => {
                if let Some(variable) = self.all.get_mut(place) {
                    variable.state = State::Asked;
                }
                return Some(question.clone());
            }
            Some(Err(why)) => settle::asked(variable, self, Err(why.clone())),
            None => settle::alone(variable, self),
        };
        self.put(place, settled);
        None
    }

    /// Who was asked for the variable at a place does not answer.
    pub fn unanswered(&mut self, place: usize, why: String) {
        self.answer(place, Err(why));
        if let Some(variable) = self.all.get_mut(place) {
            variable.is_awaited = true;
        }
    }

    /// Takes the answer for the variable at a place.
    pub fn answer(&mut self, place: usize, answer: Result<Answer, String>) {
        let Some(variable) = self.all.get(place) else { return };
        let settled = settle::asked(variable, self, answer);
        self.put(place, settled);
    }

    fn put(&mut self, place: usize, settled: settle::Settled) {
        let Some(variable) = self.all.get_mut(place) else { return };
        variable.choices = settled.choices;
        variable.chosen = settled.chosen;
        variable.error = settled.error.or_else(|| variable.error.take());
        variable.is_awaited = false;
        variable.state = State::Settled;
    }

    /// The variable of a name as a text sees it, where another stretch of time is shown.
    pub fn bound_over(&self, name: &str, range: TimeRange) -> Option<Bound<'_>> {
        self.named(name).filter(|variable| variable.has_value()).map(|variable| variable.bound(range))
    }

    /// A text with the values of these variables.
    pub fn interpolate(&self, text: &str, format: Format<'_>) -> String {
        template::interpolate(text, self, format)
    }
}

impl Lookup for Variables {
    fn bound(&self, name: &str) -> Option<Bound<'_>> {
        self.bound_over(name, self.range)
    }

    fn range(&self) -> TimeRange {
        self.range
    }

    fn dashboard(&self) -> (&str, &str) {
        (&self.title, &self.uid)
    }

    fn all_as_query(&self) -> String {
        let parts = self.all.iter().filter(|variable| variable.has_value()).map(Variable::as_query);
        parts.collect::<Vec<_>>().join("&")
    }
}

impl Variable {
    fn of(written: &Value) -> Self {
        let kind = text(written, "type").unwrap_or_default();
        let is_multi = flag(written, "multi");
        Self {
            name: text(written, "name").unwrap_or_default(),
            label: text(written, "label").unwrap_or_default(),
            is_hidden: number(at(written, "hide")) == Some(2.0) || at(written, "hide").as_str() == Some("hideVariable"),
            is_multi,
            includes_all: flag(written, "includeAll"),
            all_value: text(written, "allValue").filter(|value| !value.is_empty()),
            chosen: settle::saved(written),
            kind,
            written: written.clone(),
            ..Self::default()
        }
    }

    /// Whether it has values that texts can name; ad hoc filters have none.
    fn has_value(&self) -> bool {
        !matches!(self.kind.as_str(), "adhoc" | "groupby" | "system" | "snapshot")
    }

    fn choose(&mut self, values: &[String]) {
        let choice = |value: &String| match value.as_str() {
            "All" | "$__all" if self.includes_all => Choice { value: ALL.into(), text: "All".into() },
            value if self.all_value.as_deref() == Some(value) => Choice { value: ALL.into(), text: "All".into() },
            value => {
                let known = self.choices.iter().find(|choice| choice.value == value || choice.text == value);
                Choice { value: value.into(), text: known.map_or(value, |known| known.text.as_str()).into() }
            }
        };
        let mut chosen: Vec<Choice> = values.iter().map(choice).collect();
        // The last word counts: all, or just what was chosen.
        if chosen.last().is_some_and(|last| last.value == ALL) {
            chosen = chosen.split_off(chosen.len() - 1);
        } else if chosen.len() > 1 {
            chosen.retain(|choice| choice.value != ALL);
        }
        self.chosen = match (self.is_multi || chosen.len() > 1, chosen.pop()) {
            (true, last) => Chosen::Many(chosen.into_iter().chain(last).collect()),
            (false, last) => Chosen::One(last.unwrap_or_default()),
        };
    }

    /// Whether its query, pattern or data source names another.
    fn names(&self, other: &str) -> bool {
        fn in_value(value: &Value, other: &str) -> bool {
            match value {
                Value::String(text) => template::names_in(text).any(|name| name == other),
                Value::Array(all) => all.iter().any(|value| in_value(value, other)),
                Value::Object(fields) => fields.values().any(|value| in_value(value, other)),
                _ => false,
            }
        }
        ["query", "regex", "datasource"].iter().any(|key| in_value(at(&self.written, key), other))
    }

    /// Whether all values are chosen.
    pub fn is_all(&self) -> bool {
        self.chosen().first().is_some_and(|choice| choice.value == ALL)
    }

    /// What is chosen.
    pub fn chosen(&self) -> &[Choice] {
        match &self.chosen {
            Chosen::One(choice) => std::slice::from_ref(choice),
            Chosen::Many(choices) => choices,
        }
    }

    /// Each value that a panel or row is repeated for, up to a number; one that is empty where there is none.
    pub fn each(&self) -> Vec<Choice> {
        let all = if self.is_all() { &self.choices } else { self.chosen() };
        match all.is_empty() {
            true => vec![Choice { value: String::new(), text: if self.is_all() { "All" } else { "None" }.into() }],
            false => all.iter().take(MAX_REPEATS).cloned().collect(),
        }
    }

    fn bound(&self, range: TimeRange) -> Bound<'_> {
        let texts: Vec<&str> = self.chosen().iter().map(|choice| choice.text.as_str()).collect();
        let text = if self.is_all() { "All".to_owned() } else { texts.join(" + ") };
        if let Some(length) = self.interval(range) {
            let selection = Selection::One(length.clone());
            return Bound {
                name: self.name.as_str().into(),
                selection,
                text: length,
                is_multi: false,
                query: self.as_query(),
            };
        }
        // One more than a query takes: it says so then.
        let values = |all: &[Choice]| all.iter().take(hindrance::MAX_VALUES + 1).map(|one| one.value.clone()).collect();
        let selection = match (&self.chosen, &self.all_value) {
            (_, Some(all)) if self.is_all() => Selection::Custom(all.clone()),
            _ if self.is_all() => Selection::Many(values(&self.choices)),
            (Chosen::One(choice), _) => Selection::One(choice.value.clone()),
            (Chosen::Many(choices), _) => Selection::Many(values(choices)),
        };
        let is_multi = self.is_multi || self.includes_all;
        Bound { name: self.name.as_str().into(), selection, text, is_multi, query: self.as_query() }
    }

    /// Its value as `$__interval`-like text: what an interval of `auto` comes to.
    pub fn interval(&self, range: TimeRange) -> Option<String> {
        let is_auto = self.chosen().first().is_some_and(|choice| choice.value == settle::AUTO);
        is_auto.then(|| settle::auto(&self.written, range))
    }

    fn as_query(&self) -> String {
        let pair = |choice: &Choice| format!("var-{}={}", self.name, template::percent_encoded(&choice.value));
        self.chosen().iter().map(pair).collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::grafana::model::Dashboard;

    fn variables(list: Value, given: &[(&str, &str)]) -> Variables {
        let dashboard = Dashboard::of(json!({"title": "t", "panels": [], "schemaVersion": 39,
            "templating": {"list": list}}));
        let given: Vec<_> = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Variables::of(&dashboard.expect("a dashboard"), TimeRange { from: 0, to: 3_600_000 }, &given)
    }

    fn names(all: &[&str]) -> Result<Answer, String> {
        Ok(Answer::Names(all.iter().map(|name| (*name).to_owned()).collect()))
    }

    #[test]
    fn who_depends_on_another_is_asked_after_it() {
        let mut all = variables(
            json!([
                {"name": "pod", "type": "query", "query": "label_values(up{job=\"$job\"}, pod)", "multi": true,
                 "includeAll": true, "current": {"value": ["$__all"], "text": ["All"]}},
                {"name": "job", "type": "query", "query": {"query": "label_values(up, job)"},
                 "current": {"value": "gone", "text": "gone"}},
            ]),
            &[],
        );
        let asked = all.questions();
        let up = Question::LabelValues { label: "job".into(), selector: Some("up".into()) };
        assert_eq!(asked, [(1, DataSource::Prometheus, up)]);
        assert_eq!(all.questions(), []);
        all.answer(1, names(&["a.b", "c"]));
        let pods = Question::LabelValues { label: "pod".into(), selector: Some("up{job=\"a.b\"}".into()) };
        assert_eq!(all.questions(), [(0, DataSource::Prometheus, pods)]);
        all.answer(0, names(&["x", "y"]));
        assert_eq!(all.questions(), []);
        assert_eq!(all.interpolate("$job ${pod:regex} ${pod:text}", Format::Glob), "a.b (x|y) All");
        all.choose("job", &["c".into()]);
        assert_eq!(all.questions().len(), 1, "the pods of the other job");
    }

    #[test]
    fn what_depends_on_itself_is_said() {
        let mut all = variables(
            json!([
                {"name": "a", "type": "query", "query": "label_values(up{b=\"$b\"}, a)"},
                {"name": "b", "type": "query", "query": "label_values(up{a=\"$a\"}, b)"},
            ]),
            &[],
        );
        assert_eq!(all.questions().len(), 1);
        all.answer(0, names(&["1"]));
        assert_eq!(all.questions().len(), 1);
        all.answer(1, names(&["2"]));
        assert_eq!(all.questions(), []);
        let error = all.named("a").and_then(|variable| variable.error.as_deref());
        assert_eq!(error, Some("its query depends on itself"));
    }

    #[test]
    fn what_is_set_by_hand_counts() {
        let list = json!([{"name": "env", "type": "custom", "query": "prod,Staging : stage\\,1", "multi": true,
            "includeAll": true, "allValue": ".*", "current": {"value": "prod", "text": "prod"}}]);
        let text = |given: &[(&str, &str)]| {
            let mut all = variables(list.clone(), given);
            assert_eq!(all.questions(), []);
            all.interpolate("${env:csv}", Format::Glob)
        };
        assert_eq!(text(&[]), "prod");
        assert_eq!(text(&[("env", "All")]), ".*");
        assert_eq!(text(&[("env", "prod"), ("env", "stage,1")]), "prod,stage,1");
        assert_eq!(text(&[("env", "none of them")]), ".*", "All is what a variable that has it begins with");
    }

    #[test]
    fn the_others() {
        let mut all = variables(
            json!([
                {"name": "i", "type": "interval", "query": "1m,5m", "auto": true, "auto_count": 60, "auto_min": "10s",
                 "current": {"value": "$__auto_interval_i", "text": "auto"}},
                {"name": "t", "type": "textbox", "query": "x"},
                {"name": "c", "type": "constant", "query": "k"},
                {"name": "f", "type": "adhoc"},
            ]),
            &[],
        );
        assert_eq!(all.questions(), []);
        assert_eq!(all.interpolate("$i $t $c $f", Format::Glob), "1m x k $f");
    }
}
