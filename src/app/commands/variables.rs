//! Variables of dashboards: which are there, and what is chosen.

use crate::{
    app::{
        App, Effect, Overlay,
        field::Field,
        screen::{overlay::Purpose, watch},
    },
    base::text,
    grafana::{open::OpenDashboard, variable::Variable},
};

/// Values that are named when what was typed is none of them.
const TOLD: usize = 6;
/// Longest list of variables in the question, in characters.
const LONGEST: usize = 240;

/// The place of the dashboard whose variables are meant: that of the focused pane, else the first that has any.
fn meant(app: &App) -> Option<usize> {
    let of_pane = watch::focused(app).and_then(|pane| Some(pane.origin.as_ref()?.dashboard));
    let has_some = |dashboard: &OpenDashboard| shown(dashboard).next().is_some();
    let with_some =
        app.world.dashboards.open.iter().find(|(_, dashboard)| has_some(dashboard)).map(|(place, _)| *place);
    of_pane.filter(|place| app.world.dashboards.open.get(place).is_some_and(|one| has_some(one))).or(with_some)
}

fn shown(dashboard: &OpenDashboard) -> impl Iterator<Item = &Variable> {
    let can_be_set =
        |variable: &&Variable| matches!(variable.kind.as_str(), "query" | "custom" | "interval" | "textbox");
    dashboard.variables().iter().filter(can_be_set)
}

/// Whether there is a variable to set.
pub(super) fn are_there(app: &App) -> bool {
    meant(app).is_some()
}

/// Asks for the value of a variable.
pub(in crate::app) fn ask(app: &mut App) {
    let Some(dashboard) = meant(app).and_then(|place| app.world.dashboards.open.get(&place)) else {
        return app.complain("no dashboard with variables is open");
    };
    let mut known = String::new();
    for variable in shown(dashboard) {
        let one = text::line(&format!("{}={}", variable.name, words(variable))).into_owned();
        let between = if known.is_empty() { "" } else { " · " };
        if known.chars().count() + one.chars().count() > LONGEST {
            known.push_str(" · …");
            break;
        }
        known = known + between + &one;
    }
    app.ask(Purpose::Variable { known });
}

fn words(variable: &Variable) -> String {
    let texts: Vec<&str> = variable.chosen().iter().map(|choice| choice.text.as_str()).collect();
    texts.join(",")
}

/// Sets a variable by what was typed behind the name of the action; what cannot be taken stays in a field, with why.
pub(in crate::app) fn set_by_name(app: &mut App, typed: &str) -> Vec<Effect> {
    match set(app, typed) {
        Ok(effects) => effects,
        Err(why) => {
            ask(app);
            if let Some(Overlay::Prompt(prompt)) = &mut app.screen.overlay {
                prompt.field = Field::line(typed);
                prompt.trouble = Some(why);
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
    let values: Vec<&str> = match variable.is_multi {
        true => value.split(',').map(str::trim).collect(),
        false => vec![value.trim()],
    };
    let values: Vec<String> = values.into_iter().map(|value| chosen(variable, value)).collect::<Result<_, _>>()?;
    let name = variable.name.clone();
    Ok(vec![app.world.dashboards.choose(place, &name, values)])
}

/// The variable that is meant: of this name, or the only one whose name begins so.
fn named<'d>(dashboard: &'d OpenDashboard, name: &str) -> Result<&'d Variable, String> {
    let lower = name.to_lowercase();
    let exact = shown(dashboard).find(|variable| variable.name.to_lowercase() == lower);
    let mut near =
        shown(dashboard).filter(|variable| !lower.is_empty() && variable.name.to_lowercase().starts_with(&lower));
    let only = near.next().filter(|_| near.next().is_none());
    exact.or(only).ok_or_else(|| {
        let names: Vec<&str> = shown(dashboard).map(|variable| variable.name.as_str()).collect();
        format!("there is no variable {name}; there are: {}", names.join(", "))
    })
}

/// The value that is meant: as it was typed, or the only one that has that in it.
fn chosen(variable: &Variable, typed: &str) -> Result<String, String> {
    // Where nobody knows what it can be, the person does.
    if variable.kind == "textbox" || variable.error.is_some() {
        return Ok(typed.to_owned());
    }
    if variable.includes_all && typed.eq_ignore_ascii_case("all") {
        return Ok("All".into());
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
