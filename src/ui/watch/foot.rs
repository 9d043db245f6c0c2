//! The words in the lowest line of the frames: the time that is looked at, the keys of an open chart, which pane or page
//! is shown.

use jiff::Timestamp;

use crate::app::{
    Action, App, clock, commands,
    screen::watch::{focused, has_series},
    world::variables,
};

/// The forms of the words, longest first. `places` say which pane or page is shown, each shorter than the one before; they
/// may be empty.
pub(super) fn forms(app: &App, places: &[String]) -> Vec<String> {
    let first = match app.screen.watch.time {
        Some(at) => time(app, at),
        None if app.screen.watch.zoomed && focused(app).is_some_and(|pane| has_series(app, pane)) => vec![series(app)],
        None if app.screen.watch.zoomed && commands::can(app, Action::Wrap) => vec![log_lines(app)],
        None => Vec::new(),
    };
    let place = places.last().map_or("", String::as_str);
    let with_place = |words: &String| if place.is_empty() { words.clone() } else { format!("{words} · {place}") };
    first.iter().map(with_place).chain(places.iter().cloned()).collect()
}

/// The place, in front of it the row that the focused pane is in, and what the variables of its dashboard are set to.
pub(super) fn places(app: &App, place: &str) -> Vec<String> {
    let origin = focused(app).and_then(|pane| pane.origin.as_ref());
    let row = origin.and_then(|origin| origin.row.as_deref()).unwrap_or_default();
    let variables = origin.map(|origin| variables::chosen(app.facts(), origin.dashboard)).unwrap_or_default();
    let joined = |parts: &[&str]| parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let first = variables.split(" · ").next().unwrap_or_default();
    let more = if first.len() < variables.len() { format!("{first} · …") } else { String::new() };
    let forms =
        [joined(&[&variables, row, place]), joined(&[&more, row, place]), joined(&[row, place]), place.to_owned()];
    let mut out: Vec<String> = Vec::new();
    for form in forms {
        if out.last() != Some(&form) {
            out.push(form);
        }
    }
    out
}

/// The time that is looked at, how far from the onset that is, and what the keys do.
fn time(app: &App, at: Timestamp) -> Vec<String> {
    let key = |action| app.session.keymap.key(action);
    let mut words = format!("at {}", clock::time(at, &app.session.zone, app.session.utc));
    let (start, end) = app.world.window.bounds(app.session.now);
    let keys = match (start..=end).contains(&at) {
        true => format!("{} {} move", key(Action::Left), key(Action::Right)),
        false => {
            words.push_str(", not on the charts");
            format!("{} {} bring it back", key(Action::Left), key(Action::Right))
        }
    };
    let zoom = format!("{} {} zoom", key(Action::Narrower), key(Action::Wider));
    let dated = match app.incident.onset().map(|onset| clock::from_onset(at, onset)) {
        Some(distance) => format!("{words} · {distance}"),
        None => words.clone(),
    };
    let leave = format!("{} pins · {} leaves", key(Action::Open), key(Action::Back));
    vec![format!("{dated} · {keys} · {zoom} · {leave}"), format!("{dated} · {keys} · {leave}"), dated, words]
}

/// What the keys of an open chart with several series do.
fn series(app: &App) -> String {
    let key = |action| app.session.keymap.key(action);
    format!(
        "{} {} select · {} hides · {} only it · {} order",
        key(Action::Up),
        key(Action::Down),
        key(Action::HideSeries),
        key(Action::OnlySeries),
        key(Action::OrderSeries)
    )
}

/// What the keys of an open pane of logs do.
fn log_lines(app: &App) -> String {
    let key = |action| app.session.keymap.key(action);
    format!(
        "{} the whole line · {} wraps · {} next error · {} marks",
        key(Action::Open),
        key(Action::Wrap),
        key(Action::NextError),
        key(Action::Highlight)
    )
}
