//! Variables of a dashboard to choose from, and then what one of them is to be: what is chosen now stands first, what is
//! typed narrows the list. Of ten thousand values only those in view are looked at beyond their names.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use super::picker::fuzzy;
use crate::{
    app::{
        field::Field,
        world::variables::{in_words, is_filters, settable},
    },
    base::text,
    grafana::{open::OpenDashboard, plan::adhoc::Filter, variable::Variable},
};

/// Lines among which the selected one is looked for when others have come.
const MOST_LOOKED_AT: usize = 2000;

/// The value that stands for all of them.
pub(in crate::app) const ALL: &str = "$__all";

/// The list while something is chosen.
#[derive(Clone, Debug)]
pub struct VariablePicker {
    /// The place of the dashboard.
    pub place: usize,
    /// What is typed.
    pub field: Field,
    /// The line selected, among those that fit.
    pub cursor: usize,
    /// What was wrong with the last answer.
    pub trouble: Option<String>,
    dashboard: Arc<OpenDashboard>,
    /// The variable whose value is chosen; `None` while the variable itself is.
    of: Option<String>,
    /// All lines, in the order they have while nothing is typed.
    all: Vec<Line>,
    /// Those that fit what is typed, best first.
    found: Vec<Line>,
    /// What was typed when it was last looked for.
    searched: String,
    /// The values that are to be chosen together.
    marked: Vec<String>,
    /// Whether a person has marked any.
    is_marking: bool,
    /// Labels with their values that the panels have shown: what a filter is likely to be.
    pairs: Vec<String>,
    /// What was chosen by hand, also what the dashboard is not opened with yet.
    by_hand: Vec<(String, String)>,
    /// What the variable is set to, or is about to be.
    set: Vec<String>,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    /// A variable, by its place among all of the dashboard.
    Variable(usize),
    /// All values at once.
    All,
    /// A value, by its place among those of the variable.
    Value(usize),
    /// A filter that is set, by its place among them.
    Filter(usize),
    /// A label with a value that was seen, by its place among them.
    Pair(usize),
    /// What is typed.
    Typed,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What it is called.
    pub name: Cow<'a, str>,
    /// More about it: the values a variable has, or why it has none.
    pub about: Cow<'a, str>,
    /// Whether something is wrong with it.
    pub is_trouble: bool,
    /// Whether it is chosen, or marked to be.
    pub is_marked: bool,
}

/// What Enter comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) enum Taken {
    /// The values of this variable are shown.
    Opens(String),
    /// It gets these values.
    Sets(String, Vec<String>),
    /// No line fits.
    Nothing,
}

impl VariablePicker {
    /// The variables of a dashboard; of a single one its values at once.
    ///
    /// `pairs` are labels with their values, `pod=web-1`, that filters can be chosen from.
    pub(in crate::app) fn new(
        place: usize,
        dashboard: Arc<OpenDashboard>,
        pairs: Vec<String>,
        by_hand: Vec<(String, String)>,
    ) -> Self {
        let mut picker = Self {
            place,
            field: Field::line(""),
            cursor: 0,
            trouble: None,
            dashboard,
            of: None,
            all: Vec::new(),
            found: Vec::new(),
            searched: String::new(),
            marked: Vec::new(),
            is_marking: false,
            pairs,
            by_hand,
            set: Vec::new(),
        };
        let first = settable(&picker.dashboard).map(|(_, variable)| variable.name.clone()).next();
        match first.filter(|_| !picker.has_list()) {
            Some(only) => picker.open(&only),
            None => picker.list(),
        }
        picker
    }

    /// The variable whose value is chosen.
    fn variable(&self) -> Option<&Variable> {
        self.of.as_deref().and_then(|name| self.dashboard.variables().named(name))
    }

    /// Its name, and whether several values of it may be chosen; `None` while the variable itself is chosen.
    pub fn of(&self) -> Option<(&str, bool)> {
        self.variable().map(|variable| (variable.name.as_str(), self.marks()))
    }

    /// The title of the dashboard.
    pub fn dashboard(&self) -> &str {
        self.dashboard.title()
    }

    /// Whether there is more than one variable, so that there is a list to go back to.
    pub fn has_list(&self) -> bool {
        settable(&self.dashboard).nth(1).is_some()
    }

    /// Whether it is a list of filters.
    pub(in crate::app) fn is_filters(&self) -> bool {
        self.variable().is_some_and(is_filters)
    }

    /// Whether a line is the answer as it stands: free text, or a filter that is written out.
    pub(in crate::app) fn takes(&self, line: &str) -> bool {
        self.variable().is_some_and(|variable| {
            variable.kind == "textbox" || (is_filters(variable) && Filter::read(line).is_some())
        })
    }

    /// Whether several values can be marked.
    pub fn marks(&self) -> bool {
        self.variable().is_some_and(|variable| variable.is_multi && !variable.choices.is_empty())
    }

    /// How many values a person has marked; `None` while nobody has marked any.
    pub fn marked(&self) -> Option<usize> {
        self.is_marking.then_some(self.marked.len())
    }

    /// Whether something was typed or marked.
    pub(in crate::app) fn is_worked_in(&self) -> bool {
        self.is_marking || !self.searched.trim().is_empty()
    }

    /// How many lines fit, and how many there are.
    pub fn lines(&self) -> (usize, usize) {
        (self.found.len(), self.all.len())
    }

    /// What should be known besides: which variables follow, or why there are no values.
    pub fn said(&self) -> Option<String> {
        let variable = self.variable()?;
        if is_filters(variable) {
            return Some("`pod=web-1` adds a filter to all queries, also with !=, =~, !~".into());
        }
        if let Some(why) = &variable.error {
            let typed = if variable.choices.is_empty() { "; what you type is taken as it is" } else { "" };
            return Some(format!("its values are not known: {}{typed}", text::clipped(&text::line(why), 200)));
        }
        let names = self.followers();
        match names.is_empty() {
            true => None,
            false => Some(format!("{} asked again", names.join(", "))),
        }
    }

    /// The names of the variables that are asked again when this one changes.
    fn followers(&self) -> Vec<String> {
        let all = self.dashboard.variables();
        let followers = self.of.as_deref().map(|name| all.followers(name)).unwrap_or_default();
        followers.into_iter().filter(|one| !one.is_hidden).map(|one| one.name.clone()).collect()
    }

    /// What a line that fits says.
    pub fn entry(&self, nth: usize) -> Option<Entry<'_>> {
        let entry = |name, about| Entry { name, about, is_trouble: false, is_marked: false };
        Some(match self.found.get(nth)? {
            Line::Variable(at) => {
                let variable = self.dashboard.variables().iter().nth(*at)?;
                let about = match &variable.error {
                    Some(why) => format!("{} · not asked: {}", in_words(variable), text::line(why)),
                    None => in_words(variable),
                };
                Entry { is_trouble: variable.error.is_some(), ..entry(text::line(&variable.name), about.into()) }
            }
            Line::All => {
                let about = format!("{} values", self.variable()?.choices.len());
                Entry { is_marked: self.is_marked(ALL), ..entry("All".into(), about.into()) }
            }
            Line::Value(at) => {
                let choice = self.variable()?.choices.get(*at)?;
                let about = if choice.text == choice.value { "".into() } else { text::line(&choice.value) };
                Entry { is_marked: self.is_marked(&choice.value), ..entry(text::line(&choice.text), about) }
            }
            Line::Filter(at) => {
                let name = text::line(self.set.get(*at)?);
                Entry { is_marked: true, ..entry(name, "Enter takes it off".into()) }
            }
            Line::Pair(at) => entry(text::line(self.pairs.get(*at)?), "seen".into()),
            Line::Typed => entry(self.field.text().into(), "as typed".into()),
        })
    }

    fn is_marked(&self, value: &str) -> bool {
        self.marked.iter().any(|marked| marked == value)
    }

    /// Shows the list of variables.
    pub(in crate::app) fn list(&mut self) {
        let before = self.of.take();
        self.field = Field::line("");
        (self.marked, self.is_marking, self.trouble) = (Vec::new(), false, None);
        self.all = settable(&self.dashboard).map(|(at, _)| Line::Variable(at)).collect();
        self.search();
        let at = before.and_then(|name| settable(&self.dashboard).position(|(_, variable)| variable.name == name));
        self.cursor = at.unwrap_or(0);
    }

    /// Shows the values of a variable.
    pub(in crate::app) fn open(&mut self, name: &str) {
        self.of = Some(name.to_owned());
        (self.is_marking, self.trouble) = (false, None);
        self.begin();
        let typed = self.variable().filter(|variable| variable.kind == "textbox");
        let typed = typed.and_then(|variable| variable.chosen().first()).map(|choice| choice.text.clone());
        self.field = Field::line(typed.as_deref().unwrap_or_default());
        self.search();
    }

    /// Puts the lines together: what is chosen, all, the others.
    fn begin(&mut self) {
        self.set = self.set();
        let Some(variable) = self.variable() else { return };
        if is_filters(variable) {
            let set = &self.set;
            let is_set = |pair: &String| set.contains(pair);
            let pairs = (0..self.pairs.len()).filter(|at| !is_set(&self.pairs[*at])).map(Line::Pair);
            let lines = (0..set.len()).map(Line::Filter).chain(pairs).collect();
            (self.all, self.marked) = (lines, Vec::new());
            return;
        }
        let chosen = self.set.clone();
        let is_chosen: HashSet<&str> = chosen.iter().map(String::as_str).collect();
        let values = (0..variable.choices.len()).map(Line::Value);
        let is_first = |line: &Line| match line {
            Line::Value(at) => is_chosen.contains(variable.choices[*at].value.as_str()),
            _ => false,
        };
        let (first, others): (Vec<Line>, Vec<Line>) = values.partition(is_first);
        let all = (variable.includes_all && !variable.choices.is_empty()).then_some(Line::All);
        let lines = match variable.is_all() {
            true => all.into_iter().chain(first).chain(others).collect(),
            false => first.into_iter().chain(all).chain(others).collect(),
        };
        (self.all, self.marked) = (lines, chosen);
    }

    /// Looks again for what fits what is typed.
    pub(in crate::app) fn search(&mut self) {
        let typed = self.field.text();
        let typed = typed.trim();
        // More letters fit fewer lines, where none of them is a sign of its own.
        let is_plain = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
        let narrows = !self.searched.is_empty() && typed.starts_with(&self.searched) && typed.chars().all(is_plain);
        let mut pool = if narrows { std::mem::take(&mut self.found) } else { self.all.clone() };
        if narrows {
            pool.retain(|line| *line != Line::Typed);
        }
        let found: Vec<Line> = match typed.is_empty() {
            true => pool,
            false => {
                let variable = self.variable();
                let places = fuzzy(typed, pool.iter().map(|line| self.words(variable, *line)));
                places.into_iter().filter_map(|at| pool.get(at).copied()).collect()
            }
        };
        self.found = found;
        // Where nobody knows what it can be, the person does.
        let is_free = self.variable().is_some_and(|variable| match variable.kind.as_str() {
            "textbox" => true,
            _ if is_filters(variable) => Filter::read(typed).is_some(),
            _ => variable.choices.is_empty() && !typed.is_empty(),
        });
        match is_free && self.is_filters() {
            // Whoever writes one out means it as it stands.
            true => self.found.insert(0, Line::Typed),
            false => self.found.extend(is_free.then_some(Line::Typed)),
        }
        self.searched = typed.to_owned();
        self.cursor = 0;
    }

    /// What is looked for in a line.
    fn words<'a>(&'a self, variable: Option<&'a Variable>, line: Line) -> &'a str {
        match line {
            Line::Variable(at) => self.dashboard.variables().iter().nth(at).map_or("", |one| one.name.as_str()),
            Line::All => "All",
            Line::Value(at) => {
                let choice = variable.and_then(|variable| variable.choices.get(at));
                choice.map_or("", |choice| choice.text.as_str())
            }
            Line::Filter(at) => self.set.get(at).map_or("", String::as_str),
            Line::Pair(at) => self.pairs.get(at).map_or("", String::as_str),
            Line::Typed => "",
        }
    }

    /// Marks the selected value, or takes the mark off: all of them leave no other. What was typed has done its work.
    pub(in crate::app) fn mark(&mut self) {
        let value = match self.found.get(self.cursor) {
            Some(Line::All) => ALL.to_owned(),
            Some(Line::Value(at)) => match self.variable().and_then(|variable| variable.choices.get(*at)) {
                Some(choice) => choice.value.clone(),
                None => return,
            },
            _ => return,
        };
        self.is_marking = true;
        match self.marked.iter().position(|marked| *marked == value) {
            Some(at) => drop(self.marked.remove(at)),
            None if value == ALL => self.marked = vec![value],
            None => {
                self.marked.retain(|marked| marked != ALL);
                self.marked.push(value);
            }
        }
        if self.field.is_blank() {
            self.step(1);
        } else {
            self.field = Field::line("");
            self.search();
        }
    }

    /// Moves the selection by so many lines.
    pub(in crate::app) fn step(&mut self, by: isize) {
        self.point(self.cursor.saturating_add_signed(by));
    }

    /// Selects a line, or the last one.
    pub(in crate::app) fn point(&mut self, line: usize) {
        self.cursor = line.min(self.found.len().saturating_sub(1));
    }

    /// What Enter comes to: the marked values, where a person has marked any; else the selected line.
    pub(in crate::app) fn taken(&self) -> Taken {
        let sets = |values| match &self.of {
            Some(name) => Taken::Sets(name.clone(), values),
            None => Taken::Nothing,
        };
        if self.is_marking && !self.marked.is_empty() && self.searched.is_empty() {
            return sets(self.marked.clone());
        }
        match self.found.get(self.cursor) {
            Some(Line::Variable(at)) => match self.dashboard.variables().iter().nth(*at) {
                Some(variable) => Taken::Opens(variable.name.clone()),
                None => Taken::Nothing,
            },
            Some(Line::All) => sets(vec![ALL.to_owned()]),
            Some(Line::Value(at)) => match self.variable().and_then(|variable| variable.choices.get(*at)) {
                Some(choice) => sets(self.with_marked(&choice.value)),
                None => Taken::Nothing,
            },
            Some(Line::Filter(at)) => sets(self.filters(Some(*at), None)),
            Some(Line::Pair(at)) => sets(self.filters(None, self.pairs.get(*at).cloned())),
            Some(Line::Typed) if self.is_filters() => {
                sets(self.filters(None, Some(self.field.text().trim().to_owned())))
            }
            Some(Line::Typed) => sets(vec![self.field.text().trim().to_owned()]),
            None => Taken::Nothing,
        }
    }

    /// The filters that are set, without one of them, with another; an empty one where there would be none.
    fn filters(&self, without: Option<usize>, with: Option<String>) -> Vec<String> {
        let kept = self.set.iter().cloned().enumerate().filter(|(at, _)| Some(*at) != without);
        let mut all: Vec<String> = kept.map(|(_, value)| value).collect();
        all.extend(with.filter(|with| !all.contains(with)).into_iter().collect::<Vec<_>>());
        if all.is_empty() { vec![String::new()] } else { all }
    }

    /// What the variable is set to, or is about to be: an answer with what was chosen last may be on its way.
    fn set(&self) -> Vec<String> {
        let Some(variable) = self.variable() else { return Vec::new() };
        let by_hand = self.by_hand.iter().filter(|(name, _)| *name == variable.name).map(|(_, value)| value.clone());
        let by_hand: Vec<String> = by_hand.collect();
        let all: Vec<String> = match (by_hand.is_empty(), variable.is_all()) {
            (false, _) => by_hand,
            (true, true) => vec![ALL.to_owned()],
            (true, false) => variable.chosen().iter().map(|choice| choice.value.clone()).collect(),
        };
        all.into_iter().filter(|value| !value.is_empty()).collect()
    }

    /// A value, together with those that a person has marked before.
    fn with_marked(&self, value: &str) -> Vec<String> {
        let marked = self.marked.iter().filter(|marked| self.is_marking && *marked != ALL && *marked != value);
        marked.cloned().chain([value.to_owned()]).collect()
    }

    /// Goes on with the dashboard as it was opened anew: what was typed and marked stays.
    pub(in crate::app) fn renew(&mut self, dashboard: Arc<OpenDashboard>, by_hand: Vec<(String, String)>) {
        let (cursor, selected) = (self.cursor, self.entry(self.cursor).map(|entry| entry.name.into_owned()));
        let marked = std::mem::take(&mut self.marked);
        (self.dashboard, self.by_hand) = (dashboard, by_hand);
        match self.variable().is_some() {
            true => self.begin(),
            false => {
                self.of = None;
                self.all = settable(&self.dashboard).map(|(at, _)| Line::Variable(at)).collect();
            }
        }
        if self.is_marking {
            self.marked = marked;
        }
        self.searched.clear();
        self.search();
        // Lines may have changed places: the selection stays on its own.
        let is_it =
            |nth: &usize| selected.is_some() && self.entry(*nth).map(|entry| entry.name.into_owned()) == selected;
        let place = (0..self.found.len().min(MOST_LOOKED_AT)).find(is_it);
        self.point(place.unwrap_or(cursor));
    }
}
