//! Where a dashboard and its panels lead to: links with the variables and the stretch of time filled in.
//!
//! By the rules of Grafana: <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/manage-dashboard-links/>,
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/configure-data-links/>.

use serde_json::Value;

use super::{
    field_variables,
    json::{at, flag, list, text},
    model::Panel,
    open::OpenDashboard,
    plan::{Scope, Unit},
    template::{Format, Lookup, interpolate, percent_encoded},
    time_range::TimeRange,
};

/// Most links that are told of one place; nobody chooses among more.
const MOST: usize = 40;
/// The longest address, in bytes: browsers take no longer ones.
const LONGEST: usize = 8000;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is called.
    pub title: String,
    /// Where it leads.
    pub to: LinkTo,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTo {
    /// To an address; one that begins with `/` is below that of the Grafana it comes from.
    Address(String),
    /// To one of the dashboards that have all of these words in title, folder or tags.
    Dashboards(Vec<String>),
}

/// The stretch of time that a link hands on.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The times.
    pub range: TimeRange,
    /// Whether it ends now, whenever that is.
    pub is_live: bool,
}

/// What is selected in a panel, for links that go by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// The name of the series.
    pub series: String,
    /// Its labels.
    pub labels: Vec<(String, String)>,
    /// The value, as it is shown; of a row that of its first cell.
    pub value: String,
    /// The cells of a row, by the names of their columns.
    pub cells: Vec<(String, String)>,
}

/// The links of a panel as it stands on the dashboard: its own, those of what is selected in it, those of the dashboard.
pub fn of(dashboard: &OpenDashboard, unit: Option<usize>, shown: Shown, selected: Option<&Selected>) -> Vec<Link> {
    let variables = dashboard.variables();
    let unit: Option<(&Unit, &Panel)> = unit.and_then(|nth| dashboard.units().nth(nth));
    let repeat = unit.map_or(&[][..], |(unit, _)| unit.repeat.as_slice());
    let scope = Scope { variables, repeat, range: shown.range };
    let mut out = Vec::new();
    if let Some((_, panel)) = unit {
        out.extend(dashboards_of(panel));
        out.extend(panel.links.iter().filter_map(|link| plain(link, &scope, None)));
        let selected = selected.cloned().unwrap_or_default();
        out.extend(data_links(panel, &selected).filter_map(|(link, value)| {
            let selected = Selected { value: value.unwrap_or_else(|| selected.value.clone()), ..selected.clone() };
            plain(link, &scope, Some(&selected))
        }));
    }
    out.extend(dashboard.dashboard().links.iter().filter_map(|link| of_dashboard(link, &scope, shown)));
    let mut known = std::collections::HashSet::new();
    out.retain(|link| known.insert(format!("{:?}", link.to)));
    out.truncate(MOST);
    out
}

/// A panel that lists dashboards leads to them.
fn dashboards_of(panel: &Panel) -> Option<Link> {
    let options = &panel.options;
    let is_search = flag(options, "showSearch") || at(options, "showSearch").is_null();
    if panel.kind != "dashlist" {
        return None;
    }
    let query = text(options, "query").filter(|_| is_search).unwrap_or_default();
    let starred = (flag(options, "showStarred") && !flag(options, "showSearch")).then(|| "starred".to_owned());
    let tags = list(options, "tags").iter().filter_map(Value::as_str).map(str::to_owned);
    let words: Vec<String> = query.split_whitespace().map(str::to_owned).chain(tags).chain(starred).collect();
    Some(Link { title: "the dashboards it lists".into(), to: LinkTo::Dashboards(words) })
}

/// The links of fields, each with the cell that it is about; those of columns by their name.
fn data_links<'p>(panel: &'p Panel, selected: &Selected) -> impl Iterator<Item = (&'p Value, Option<String>)> {
    let defaults = list(at(&panel.field_config, "defaults"), "links").iter().map(|link| (link, None));
    let cells = selected.cells.clone();
    let rules = list(&panel.field_config, "overrides").iter().flat_map(move |rule| {
        let matcher = at(rule, "matcher");
        let column = text(matcher, "options").filter(|_| text(matcher, "id").as_deref() == Some("byName"));
        let cell = column.and_then(|name| cells.iter().find(|(known, _)| *known == name)).map(|(_, cell)| cell.clone());
        let properties = list(rule, "properties").iter();
        let links = properties.filter(|property| text(property, "id").as_deref() == Some("links"));
        links.flat_map(|property| list(property, "value")).map(move |link| (link, cell.clone()))
    });
    defaults.chain(rules)
}

/// A link with all filled in; `None` where it goes by something that is not selected.
fn plain(link: &Value, scope: &Scope<'_>, selected: Option<&Selected>) -> Option<Link> {
    let written = text(link, "url").filter(|url| !url.trim().is_empty())?;
    let address = filled_in(&written, scope, selected, true);
    let name = filled_in(&text(link, "title").unwrap_or_default(), scope, selected, false);
    checked(&address, name)
}

fn filled_in(written: &str, scope: &Scope<'_>, selected: Option<&Selected>, is_address: bool) -> String {
    let encoded = |value: &str| if is_address { percent_encoded(value) } else { value.to_owned() };
    let rest = |text: &str| match is_address {
        true => interpolate(text, scope, Format::Named("percentencode")),
        false => interpolate(text, scope, Format::Text),
    };
    let known = |name: &str, path: &[String]| -> Option<String> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        // They are parts of an address already.
        if is_address && matches!(name, "__url_time_range" | "__all_variables") {
            return Some(interpolate(&format!("${{{name}}}"), scope, Format::Glob));
        }
        let selected = selected?;
        let found = |value: &str| (!value.is_empty()).then(|| encoded(value));
        match (name, path.as_slice()) {
            ("__series", ["name"]) | ("__field", ["name" | "displayName"]) => found(&selected.series),
            ("__field", ["labels", label]) => found(&selected.labels.iter().find(|(name, _)| name == label)?.1),
            ("__value", ["raw" | "text" | "numeric"] | []) => found(&selected.value),
            ("__data", ["fields", column, ..]) => {
                let by_name = selected.cells.iter().find(|(name, _)| name == column);
                let by_place = || selected.cells.get(column.parse::<usize>().ok()?);
                found(&by_name.or_else(by_place)?.1)
            }
            _ => None,
        }
    };
    field_variables::interpolate(&field_variables::with_new_cells(written), &rest, known)
}

fn checked(address: &str, title: String) -> Option<Link> {
    let address = address.trim();
    let waits = ["${__", "$__", "[[__"].iter().any(|name| address.contains(name));
    let is_address = ["http://", "https://", "/"].iter().any(|start| address.starts_with(start));
    if waits || !is_address || address.len() > LONGEST || address.contains(char::is_control) {
        return None;
    }
    let title = if title.trim().is_empty() { address.to_owned() } else { title };
    Some(Link { title, to: LinkTo::Address(address.to_owned()) })
}

/// A link of the dashboard itself, with what it takes along.
fn of_dashboard(link: &Value, scope: &Scope<'_>, shown: Shown) -> Option<Link> {
    let title = filled_in(&text(link, "title").unwrap_or_default(), scope, None, false);
    if text(link, "type").as_deref() == Some("dashboards") {
        let tags: Vec<String> = list(link, "tags").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let title = match (title.trim().is_empty(), tags.is_empty()) {
            (false, _) => title,
            (true, true) => "dashboards".to_owned(),
            (true, false) => format!("dashboards tagged {}", tags.join(", ")),
        };
        return Some(Link { title, to: LinkTo::Dashboards(tags) });
    }
    let written = text(link, "url").filter(|url| !url.trim().is_empty())?;
    let mut address = interpolate(&written, scope, Format::Glob);
    let mut add = |parameters: &str| {
        if !parameters.is_empty() {
            let (before, fragment) = match address.split_once('#') {
                Some((before, fragment)) => (before.to_owned(), format!("#{fragment}")),
                None => (address.clone(), String::new()),
            };
            let sign = if before.contains('?') { '&' } else { '?' };
            address = format!("{before}{sign}{parameters}{fragment}");
        }
    };
    if flag(link, "keepTime") {
        let TimeRange { from, to } = shown.range;
        add(&match shown.is_live {
            true => format!("from=now-{}s&to=now", (to - from) / 1000),
            false => format!("from={from}&to={to}"),
        });
    }
    if flag(link, "includeVars") {
        add(&scope.all_as_query());
    }
    checked(&address, title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grafana::{model::Dashboard, variable::Variables};

    const TEXT: &str = r#"{"title": "t", "uid": "me", "schemaVersion": 39, "templating": {"list": [
        {"name": "job", "type": "custom", "query": "a b,c", "current": {"text": "a b", "value": "a b"}, "multi": true}]},
      "links": [
        {"type": "link", "title": "More of $job", "url": "/d/other", "keepTime": true, "includeVars": true},
        {"type": "link", "title": "Docs", "url": "https://docs.example/x#y", "keepTime": true},
        {"type": "dashboards", "title": "", "tags": ["k8s", "prod"], "asDropdown": true},
        {"type": "link", "title": "bad", "url": "javascript:alert(1)"}],
      "panels": [
        {"id": 1, "type": "timeseries", "title": "p", "targets": [{"expr": "up"}],
         "links": [{"title": "Here", "url": "/d/${__dashboard.uid}?${__all_variables}&${__url_time_range}"}],
         "fieldConfig": {"defaults": {"links": [
            {"title": "Pod ${__field.labels.pod}", "url": "/d/pod?var-pod=${__field.labels.pod}&v=${__value.raw}"}]},
           "overrides": [{"matcher": {"id": "byName", "options": "Node"}, "properties": [
            {"id": "links", "value": [{"title": "node", "url": "/d/n?var-node=${__value.text}&x=${__data.fields.Pod}"}]}]}]}},
        {"id": 2, "type": "dashlist", "options": {"showSearch": true, "query": "node", "tags": ["infra"]}}]}"#;

    fn links(unit: Option<usize>, is_live: bool, selected: Option<&Selected>) -> Vec<(String, String)> {
        let dashboard = Dashboard::read(TEXT).expect("a dashboard");
        let range = TimeRange { from: 1_000_000, to: 2_800_000 };
        let variables = Variables::of(&dashboard, range, &[]);
        let dashboard = OpenDashboard::new(dashboard, variables);
        let told = of(&dashboard, unit, Shown { range, is_live }, selected).into_iter();
        told.map(|link| match link.to {
            LinkTo::Address(to) => (link.title, to),
            LinkTo::Dashboards(words) => (link.title, words.join("+")),
        })
        .collect()
    }

    fn expect(found: &[(String, String)], title: &str, to: &str) {
        assert!(found.contains(&(title.to_owned(), to.to_owned())), "{title} {to} is not in {found:#?}");
    }

    #[test]
    fn variables_and_time_are_filled_in() {
        let found = links(Some(0), true, None);
        expect(&found, "Here", "/d/me?var-job=a%20b&from=1000000&to=2800000");
        expect(&found, "More of a b", "/d/other?from=now-1800s&to=now&var-job=a%20b");
        expect(&found, "Docs", "https://docs.example/x?from=now-1800s&to=now#y");
        expect(&found, "dashboards tagged k8s, prod", "k8s+prod");
        assert_eq!(found.len(), 4, "what is no address, and what goes by a selection, is none: {found:#?}");
        expect(&links(None, false, None), "Docs", "https://docs.example/x?from=1000000&to=2800000#y");
    }

    #[test]
    fn what_is_selected_is_handed_on() {
        let labels = vec![("pod".to_owned(), "web 1".to_owned())];
        let series = Selected { series: "web".into(), labels, value: "12 %".into(), cells: Vec::new() };
        expect(&links(Some(0), true, Some(&series)), "Pod web 1", "/d/pod?var-pod=web%201&v=12%20%25");
        let cells = [("Node", "n1"), ("Pod", "a&b")].map(|(name, cell)| (name.to_owned(), cell.to_owned())).into();
        let row = Selected { cells, ..Selected::default() };
        expect(&links(Some(0), true, Some(&row)), "node", "/d/n?var-node=n1&x=a%26b");
    }

    #[test]
    fn a_list_of_dashboards_leads_to_them() {
        expect(&links(Some(1), true, None), "the dashboards it lists", "node+infra");
    }
}
