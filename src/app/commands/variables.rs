//! Variables of dashboards: which are there, and what is chosen.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    app::{
        App, Effect, Overlay,
        field::Field,
        screen::{
            overlay::{VariablePicker, variables::ALL},
            watch,
        },
        world::{
            dashboards,
            variables::{is_filters, settable},
        },
    },
    base::text,
    dashboard::PlannedPane,
    grafana::{open::OpenDashboard, plan::adhoc::Filter, variable::Variable},
    incident::Event,
    signal::Data,
};

/// Values that are named when what was typed is none of them.
const TOLD: usize = 6;
/// Labels with their values that are offered for filters.
const MOST_PAIRS: usize = 5000;
/// Values that are kept for another day; nobody chooses more of them one by one.
const MOST_KEPT: usize = 1000;

/// The place of the dashboard whose variables are meant: that of the focused pane, else the first that has any.
fn meant(app: &App) -> Option<usize> {
    let of_pane = watch::focused(app).and_then(|pane| Some(pane.origin.as_ref()?.dashboard));
    let has_some = |dashboard: &OpenDashboard| settable(dashboard).next().is_some();
    let with_some =
        app.world.dashboards.open.iter().find(|(_, dashboard)| has_some(dashboard)).map(|(place, _)| *place);
    of_pane.filter(|place| app.world.dashboards.open.get(place).is_some_and(|one| has_some(one))).or(with_some)
}

/// Whether there is a variable to set.
pub(super) fn are_there(app: &App) -> bool {
    meant(app).is_some()
}

/// Opens the list of variables, with what each is set to; of a single one the list of its values.
pub(in crate::app) fn ask(app: &mut App) {
    let known = meant(app).and_then(|place| Some((place, Arc::clone(app.world.dashboards.open.get(&place)?))));
    match known {
        Some((place, dashboard)) => {
            let has_filters = settable(&dashboard).any(|(_, variable)| is_filters(variable));
            let pairs = if has_filters { seen_pairs(app, place) } else { Vec::new() };
            let by_hand = app.world.dashboards.chosen_by_hand(place);
            app.screen.overlay = Some(Overlay::Variables(VariablePicker::new(place, dashboard, pairs, by_hand)));
        }
        None if (0..app.session.config.dashboards.len()).any(|place| app.world.dashboards.is_being_opened(place)) => {
            app.complain("the dashboard is still being opened: its variables are not known yet");
        }
        None => app.complain("no dashboard with variables is open"),
    }
}

/// Labels with their values that the series of a dashboard have now: `pod=web-1`.
fn seen_pairs(app: &App, place: usize) -> Vec<String> {
    let of_it = |pane: &&PlannedPane| pane.origin.as_ref().is_some_and(|origin| origin.dashboard == place);
    let queries = app.world.plan.panes.iter().filter(of_it).flat_map(|pane| &pane.queries);
    let readings = queries.filter_map(|query| app.world.signals.slot(*query)?.good.as_ref());
    let mut pairs = BTreeSet::new();
    for reading in readings {
        let Data::Series(series) = &reading.data else { continue };
        for (name, value) in
            series.iter().flat_map(|series| series.labels.iter()).filter(|(name, _)| *name != "__name__")
        {
            if pairs.len() >= MOST_PAIRS {
                return pairs.into_iter().collect();
            }
            pairs.insert(format!("{name}={value}"));
        }
    }
    pairs.into_iter().collect()
}

/// The list that is open goes on with a dashboard that was opened anew.
pub(in crate::app) fn renew(app: &mut App, place: usize) {
    if let Some(Overlay::Variables(picker)) = &mut app.screen.overlay
        && picker.place == place
        && let Some(dashboard) = app.world.dashboards.open.get(&place)
    {
        picker.renew(Arc::clone(dashboard), app.world.dashboards.chosen_by_hand(place));
    }
}

/// Why Enter does nothing, in words.
pub(in crate::app) fn nothing_fits(picker: &VariablePicker) -> String {
    let typed = picker.field.text();
    match picker.of() {
        Some((name, _)) if picker.is_filters() => {
            format!("{name} takes filters such as pod=web-1; {} is none", typed.trim())
        }
        Some(_) if picker.lines().1 == 0 && typed.trim().is_empty() => "type what it is to be".into(),
        Some((name, _)) => format!("{name} has no value like {}", typed.trim()),
        None => format!("there is no variable like {}", typed.trim()),
    }
}

/// Chooses values for a variable: the dashboard is opened anew with them, and the incident keeps them.
pub(in crate::app) fn choose(
    app: &mut App,
    place: usize,
    name: &str,
    values: Vec<String>,
) -> Result<Vec<Effect>, String> {
    let dashboard = app.world.dashboards.open.get(&place).ok_or("no dashboard is open")?;
    let variable = dashboard.variables().named(name).ok_or_else(|| format!("there is no variable {name} any more"))?;
    let name_of = |value: &String| {
        let known = variable.choices.iter().find(|choice| choice.value == *value);
        text::line(known.map_or(value.as_str(), |choice| &choice.text)).into_owned()
    };
    let shown = match values.as_slice() {
        [all] if all == ALL => "All".to_owned(),
        several => told(several.iter().map(name_of).collect::<Vec<_>>().iter()),
    };
    let (name, title) = (variable.name.clone(), text::line(dashboard.title()).into_owned());
    let followers = dashboard.variables().followers(&name);
    let followers: Vec<&str> = followers.iter().filter(|one| !one.is_hidden).map(|one| one.name.as_str()).collect();
    let asked = if followers.is_empty() { String::new() } else { format!(" · asked again: {}", followers.join(", ")) };
    let said = format!("{}={shown}{asked}", text::line(&name));
    let window = app.world.window;
    let mut effects = vec![app.world.dashboards.choose(place, &name, &values, window)];
    app.say(text::clipped(&said, 200).into_owned());
    if values.len() <= MOST_KEPT {
        let dashboard = dashboards::name_of(&app.session.config, place);
        effects.extend(app.record_quietly(vec![Event::VariableSet {
            dashboard,
            title,
            variable: name,
            values,
            shown,
        }]));
    }
    Ok(effects)
}

/// Sets a variable by what was typed behind the name of the action; what cannot be taken stays in the list, with why.
pub(in crate::app) fn set_by_name(app: &mut App, typed: &str) -> Vec<Effect> {
    match set(app, typed) {
        Ok(effects) => effects,
        Err(why) => {
            ask(app);
            if let Some(Overlay::Variables(picker)) = &mut app.screen.overlay {
                picker.field = Field::line(typed);
                picker.search();
                picker.trouble = Some(why);
            }
            Vec::new()
        }
    }
}

/// Sets a variable by what was typed, `pod=web-1`; why it cannot be, in words.
pub(in crate::app) fn set(app: &mut App, typed: &str) -> Result<Vec<Effect>, String> {
    let place = meant(app).ok_or("no dashboard with variables is open")?;
    let dashboard = app.world.dashboards.open.get(&place).ok_or("no dashboard is open")?;
    let (name, value) = typed.split_once(['=', ' ']).unwrap_or((typed, ""));
    let value = value.trim_start_matches([' ', '=']);
    let name = name.trim().trim_start_matches('$');
    let variable = named(dashboard, name)?;
    if is_filters(variable) {
        let set = with_filter(app, place, variable, value.trim())?;
        let name = variable.name.clone();
        return choose(app, place, &name, set);
    }
    let values: Vec<&str> = match variable.is_multi {
        true => value.split(',').map(str::trim).collect(),
        false => vec![value.trim()],
    };
    let values: Vec<String> = values.into_iter().map(|value| chosen(variable, value)).collect::<Result<_, _>>()?;
    let name = variable.name.clone();
    choose(app, place, &name, values)
}

/// The filters that are set, and this one; without words none are.
fn with_filter(app: &App, place: usize, variable: &Variable, typed: &str) -> Result<Vec<String>, String> {
    if typed.is_empty() {
        return Ok(vec![String::new()]);
    }
    if Filter::read(typed).is_none() {
        return Err(format!("{} takes filters such as pod=web-1; {typed} is none", variable.name));
    }
    let by_hand = app.world.dashboards.chosen_by_hand(place);
    let own: Vec<String> = by_hand.into_iter().filter(|(name, _)| *name == variable.name).map(|(_, v)| v).collect();
    let set = if own.is_empty() { variable.chosen().iter().map(|one| one.value.clone()).collect() } else { own };
    let kept = set.into_iter().filter(|value| !value.is_empty() && value != typed);
    Ok(kept.chain([typed.to_owned()]).collect())
}

/// The variable that is meant: of this name, or the only one whose name begins so.
fn named<'d>(dashboard: &'d OpenDashboard, name: &str) -> Result<&'d Variable, String> {
    let lower = name.to_lowercase();
    let all = || settable(dashboard).map(|(_, variable)| variable);
    let exact = all().find(|variable| variable.name.to_lowercase() == lower);
    let mut near = all().filter(|variable| !lower.is_empty() && variable.name.to_lowercase().starts_with(&lower));
    let only = near.next().filter(|_| near.next().is_none());
    exact.or(only).ok_or_else(|| {
        let names: Vec<&str> = all().map(|variable| variable.name.as_str()).collect();
        format!("there is no variable {name}; there are: {}", names.join(", "))
    })
}

/// The value that is meant: as it was typed, or the only one that has that in it.
fn chosen(variable: &Variable, typed: &str) -> Result<String, String> {
    // Where nobody knows what it can be, the person does.
    if variable.kind == "textbox" || is_filters(variable) || variable.error.is_some() {
        return Ok(typed.to_owned());
    }
    if variable.includes_all && typed.eq_ignore_ascii_case("all") {
        return Ok(ALL.into());
    }
    let choices = &variable.choices;
    let exact = choices.iter().find(|choice| choice.value == typed || choice.text == typed);
    let is_it = |word: &str| word.eq_ignore_ascii_case(typed);
    let same = || choices.iter().find(|choice| is_it(&choice.value) || is_it(&choice.text));
    if let Some(choice) = exact.or_else(same) {
        return Ok(choice.value.clone());
    }
    let lower = typed.to_lowercase();
    let has = |word: &str| word.to_lowercase().contains(&lower);
    let near: Vec<_> = choices.iter().filter(|choice| has(&choice.value) || has(&choice.text)).collect();
    match near.as_slice() {
        [only] if !typed.is_empty() => Ok(only.value.clone()),
        [] => Err(format!("{} cannot be {typed}; it can be {}", variable.name, told(choices.iter().map(|c| &c.text)))),
        several => Err(format!("which {}? {}", variable.name, told(several.iter().map(|choice| &choice.text)))),
    }
}

fn told<'a>(all: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = all.len().saturating_sub(TOLD);
    let first: Vec<&str> = all.take(TOLD).map(String::as_str).collect();
    match (first.is_empty(), more) {
        (true, _) => "nothing now".into(),
        (false, 0) => first.join(", "),
        (false, more) => format!("{} and {more} more", first.join(", ")),
    }
}
