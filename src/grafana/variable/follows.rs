//! What follows from a variable: which others are asked again when it changes, and whether anything changed at all.

use super::{
    super::{
        data_source::DataSource,
        json::{at, number},
        routes::{Reached, Way},
    },
    Variable, Variables,
};

impl Variables {
    /// The variables that are asked again when this one changes, in their order; itself is none of them.
    pub fn followers(&self, name: &str) -> Vec<&Variable> {
        let mut follows = vec![false; self.all.len()];
        let mut changed = vec![name.to_owned()];
        while let Some(other) = changed.pop() {
            for (variable, follows) in self.all.iter().zip(&mut follows) {
                if !*follows && variable.name != name && variable.names(&other) {
                    *follows = true;
                    changed.push(variable.name.clone());
                }
            }
        }
        self.all.iter().zip(follows).filter(|(_, follows)| *follows).map(|(variable, _)| variable).collect()
    }

    /// What was chosen by hand to be put into each query of a Prometheus: `pod=web-1`. Those of another one mean nothing
    /// there.
    pub fn filters(&self, of: &Reached) -> impl Iterator<Item = &str> {
        let is_of_it = |variable: &&Variable| {
            variable.kind == "adhoc" && {
                let own = self.asked_by(variable);
                let is_same = own.reference == of.reference || (own.way == of.way && matches!(of.way, Way::Direct(_)));
                own.kind == DataSource::Prometheus && is_same
            }
        };
        let chosen = self.all.iter().filter(is_of_it).flat_map(Variable::chosen);
        chosen.map(|choice| choice.value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether what can be chosen depends on the stretch of time that is shown.
    pub fn follow_time(&self) -> bool {
        self.all.iter().any(|variable| variable.kind == "query" && variable.is_asked_on_time())
    }

    /// Whether the others are the same but for the stretch of time: then nothing that is shown is another.
    pub fn is_as(&self, other: &Self) -> bool {
        self.all == other.all
            && self.routes == other.routes
            && self.sources == other.sources
            && self.title == other.title
            && self.uid == other.uid
    }
}

impl Variable {
    /// Whether it is asked again when another stretch of time is shown.
    pub(super) fn is_asked_on_time(&self) -> bool {
        number(at(&self.written, "refresh")) == Some(2.0)
            || at(&self.written, "refresh").as_str() == Some("onTimeRangeChanged")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::super::{model::Dashboard, time_range::TimeRange},
        *,
    };

    fn variables(to: i64) -> Variables {
        let dashboard = Dashboard::of(json!({"title": "t", "schemaVersion": 39, "panels": [], "templating": {"list": [
            {"name": "cluster", "type": "custom", "query": "a,b"},
            {"name": "pod", "type": "query", "query": "label_values(up{namespace=\"$namespace\"}, pod)", "refresh": 2},
            {"name": "namespace", "type": "query", "query": "label_values(up{cluster=\"$cluster\"}, namespace)"},
            {"name": "size", "type": "textbox", "query": "1"}]}}));
        Variables::of(&dashboard.expect("a dashboard"), TimeRange { from: 0, to }, &[])
    }

    #[test]
    fn who_depends_on_who_depends_follows_too() {
        let all = variables(1);
        let names = |of: &str| all.followers(of).iter().map(|one| one.name.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(names("cluster"), "pod namespace");
        assert_eq!(names("namespace"), "pod");
        assert_eq!(names("pod") + &names("size"), "");
    }

    #[test]
    fn another_stretch_of_time_alone_changes_nothing() {
        let (mut one, other) = (variables(1), variables(2));
        assert!(one.follow_time() && one.is_as(&other));
        one.choose("size", &["2".into()]);
        assert!(!one.is_as(&other));
    }
}
