//! The variables a panel sees: those of the dashboard, and the values it is repeated for, which come first.

use super::super::{
    template::{Bound, Lookup, Selection, percent_encoded},
    time_range::TimeRange,
    variable::Variables,
};

/// The one value that a repeated panel stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// The variable.
    pub name: String,
    /// Its value here.
    pub value: String,
    /// What a person reads for it.
    pub text: String,
    /// Whether several values of it may be chosen.
    pub is_multi: bool,
}

/// What the texts of one panel are filled in with.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Those of the dashboard.
    pub variables: &'a Variables,
    /// The values it is repeated for.
    pub repeat: &'a [Local],
    /// The stretch of time that is shown.
    pub range: TimeRange,
}

impl Lookup for Scope<'_> {
    fn bound(&self, name: &str) -> Option<Bound<'_>> {
        let local = self.repeat.iter().rfind(|local| local.name == name);
        let bound = local.map(|local| Bound {
            name: local.name.as_str().into(),
            selection: Selection::One(local.value.clone()),
            text: local.text.clone(),
            is_multi: local.is_multi,
            query: format!("var-{}={}", local.name, percent_encoded(&local.value)),
        });
        bound.or_else(|| self.variables.bound_over(name, self.range))
    }

    fn range(&self) -> TimeRange {
        self.range
    }

    fn dashboard(&self) -> (&str, &str) {
        self.variables.dashboard()
    }

    fn all_as_query(&self) -> String {
        self.variables.all_as_query()
    }
}
