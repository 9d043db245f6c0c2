//! Variables of dashboards that a person can set, and what they are set to, in words.

use crate::{
    app::Facts,
    base::text,
    dashboard::PanelAsk,
    grafana::{json, open::OpenDashboard, template, variable::Variable},
};

/// Values of a variable that are named beside it.
const NAMED: usize = 3;
/// The longest words for the values of one, in bytes.
const LONGEST: usize = 120;

/// The variables a person can set, each with its place among all.
pub(in crate::app) fn settable(dashboard: &OpenDashboard) -> impl Iterator<Item = (usize, &Variable)> {
    let can_be_set = |variable: &Variable| {
        matches!(variable.kind.as_str(), "query" | "custom" | "interval" | "textbox" | "adhoc")
            && !variable.name.is_empty()
    };
    dashboard.variables().iter().enumerate().filter(move |(_, variable)| can_be_set(variable))
}

/// Whether a variable is a list of filters: labels, and what each must be.
pub(in crate::app) fn is_filters(variable: &Variable) -> bool {
    variable.kind == "adhoc"
}

/// What a variable is set to: a few values, and how many more.
pub(in crate::app) fn in_words(variable: &Variable) -> String {
    if variable.is_all() {
        return "All".into();
    }
    let chosen = variable.chosen();
    let texts: Vec<_> = chosen.iter().take(NAMED).map(|choice| text::line(&choice.text)).collect();
    let words = texts.join(", ");
    match chosen.len().saturating_sub(NAMED) {
        0 if words.is_empty() => "–".into(),
        0 => text::clipped(&words, LONGEST).into_owned(),
        more => format!("{} +{more}", text::clipped(&words, LONGEST)),
    }
}

/// What the variables of a dashboard are set to: `namespace=shop · pod=All`; empty where there are none.
pub fn chosen(facts: Facts<'_>, place: usize) -> String {
    let dashboard = facts.world.dashboards.open.get(&place);
    dashboard.map(|dashboard| pairs(dashboard, |_| true)).unwrap_or_default()
}

/// What those variables are set to that a panel asks with; empty where there are none.
pub(in crate::app) fn of_panel(ask: &PanelAsk) -> String {
    let unit = ask.dashboard.units().nth(ask.unit);
    let Some((unit, panel)) = unit else { return String::new() };
    let written: Vec<String> = panel.targets.iter().filter_map(|target| json::text(target, "expr")).collect();
    let is_repeated = |name: &str| unit.repeat.iter().any(|local| local.name == name);
    let names = |name: &str| written.iter().any(|expr| template::names_in(expr).any(|known| known == name));
    let repeated = unit.repeat.iter().map(|local| format!("{}={}", text::line(&local.name), text::line(&local.text)));
    let others = pairs(&ask.dashboard, |variable| names(&variable.name) && !is_repeated(&variable.name));
    repeated.chain(Some(others).filter(|others| !others.is_empty())).collect::<Vec<_>>().join(" · ")
}

fn pairs(dashboard: &OpenDashboard, wanted: impl Fn(&Variable) -> bool) -> String {
    // No filter is nothing to be said.
    let is_said =
        |variable: &Variable| !is_filters(variable) || variable.chosen().iter().any(|one| !one.value.is_empty());
    let shown = settable(dashboard).filter(|(_, one)| !one.is_hidden && is_said(one) && wanted(one));
    let pairs = shown.map(|(_, variable)| format!("{}={}", text::line(&variable.name), in_words(variable)));
    pairs.collect::<Vec<_>>().join(" · ")
}
