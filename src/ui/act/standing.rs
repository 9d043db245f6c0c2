//! Where the incident stands: the onset and how it is known, the times to detect, acknowledge and stop it, and whether
//! the impact has stopped and the cause is confirmed, which are two facts.

use ratatui::text::Line;

use super::{age, minute};
use crate::{
    app::{Action, Recovery, act::verify, world::recovery},
    incident::{
        HypothesisState, Status,
        report::{Moment, Times},
    },
    ui::{Role, Screen, line::words, sheet::Sheet},
};

pub(super) fn push(screen: Screen<'_>, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let times = Times::of(&app.incident);
    let key = |action| app.session.keymap.key(action);
    let keys = match app.incident.summary.status {
        Status::Bleeding => {
            format!("{} impact has stopped · {} set the onset", key(Action::Stanched), key(Action::Onset))
        }
        Status::Stanched => format!("{} close it · {} bleeding again", key(Action::Closed), key(Action::Bleeding)),
        Status::Closed => format!("{} bleeding again", key(Action::Bleeding)),
    };
    sheet.heading(theme, "Status", keys);
    let line = Line::from(words(theme, Role::Text, format!("  {}", clocks(screen, &times))));
    sheet.push_wrapped(&line, width, 4);
    let (role, impact) = impact(screen, &times);
    let mut line = Line::from(words(theme, role, format!("  {impact}")));
    let confirmed = app.incident.board.hypotheses.iter().find(|row| row.state == HypothesisState::Confirmed);
    line.push_span(match confirmed {
        Some(row) => words(theme, Role::Ok, format!(" · cause confirmed: {} {}", row.label, row.text)),
        None => words(theme, Role::Dim, " · cause not confirmed"),
    });
    sheet.push_wrapped(&line, width, 4);
    if let Some(why) = app.incident.whys.last() {
        let count = app.incident.whys.len();
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let word = if app.incident.summary.status == Status::Bleeding { "parked" } else { "to be answered" };
        let text = format!("  why, {word}: {}{more}", why.text);
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, 4);
    }
}

/// `began 03:05 (checkout ok left its range) · detected 03:06, +1 min · acknowledged 03:08, +3 min`: the time of day and
/// how long after the onset.
fn clocks(screen: Screen<'_>, times: &Times) -> String {
    let after = |moment: &Moment| match &times.onset {
        Some(onset) if moment.at > onset.at => format!(", +{}", age(onset.at, moment.at)),
        _ => String::new(),
    };
    let one = |name: &str, moment: &Option<Moment>, none: &str| match moment {
        Some(moment) => format!("{name} {}{}", minute(screen, moment.at), after(moment)),
        None => format!("{name} {none}"),
    };
    let began = match &times.onset {
        Some(onset) if onset.how.is_empty() => format!("began {}", minute(screen, onset.at)),
        Some(onset) => format!("began {} ({})", minute(screen, onset.at), onset.how),
        None => "no onset yet".into(),
    };
    if times.onset.is_none() {
        return began;
    }
    let mut parts = vec![began];
    match (&times.detected, times.seconds_to_detect) {
        (Some(detected), None) if times.onset.as_ref().is_some_and(|onset| detected.at < onset.at) => {
            parts.push(format!("detected {}, before that", minute(screen, detected.at)));
        }
        // Told by the alert that is taken for the onset: how long nobody knew is not known.
        (Some(_), None) => parts.push("time to detect not known".into()),
        (detected, _) => parts.push(one("detected", detected, "not yet")),
    }
    parts.push(one("acknowledged", &times.acknowledged, "not yet"));
    if times.stanched.is_some() {
        parts.push(one("stopped", &times.stanched, ""));
    }
    parts.join(" · ")
}

fn impact(screen: Screen<'_>, times: &Times) -> (Role, String) {
    let app = screen.app;
    let recovery = recovery::recovery(app.facts(), None);
    let words = verify::recovery_in_words(app.facts(), &recovery);
    let role = match recovery {
        Recovery::Held { .. } => Role::Ok,
        Recovery::Holding { .. } | Recovery::NoVitals => Role::Info,
        Recovery::Hurting(..) | Recovery::Unknown(_) => Role::Warning,
    };
    let bled = app.incident.summary.has_bled();
    if app.incident.summary.status == Status::Bleeding && (times.onset.is_none() || !bled) {
        return (role, format!("no impact seen: {words}"));
    }
    match (&times.stanched, times.seconds_to_mitigate) {
        (Some(stanched), Some(_)) => {
            let took = times.onset.as_ref().map(|onset| format!(" after {}", age(onset.at, stanched.at)));
            (role, format!("impact stopped{}: {words}", took.unwrap_or_default()))
        }
        _ if app.incident.summary.status == Status::Bleeding => (role, format!("impact not stopped: {words}")),
        _ => (role, format!("impact stopped: {words}")),
    }
}
