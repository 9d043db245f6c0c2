//! What the check of a column shows, in the few cells of its head and at length.

use jiff::Timestamp;

use crate::{
    app::{
        Action, App, clock,
        world::{
            checks,
            checks::{CheckState, CheckView, Showing},
        },
    },
    base::human_time,
    incident::Observation,
    ui::{Role, widget::text},
};

/// A mark and a value, with since when where there is room.
pub(super) fn short(app: &App, view: &CheckView, width: usize) -> (String, Role) {
    let showing = match &view.state {
        CheckState::Idle if view.held.is_some() => return ("not run here".into(), Role::Dim),
        CheckState::Idle => return ("not run".into(), Role::Dim),
        CheckState::Asking => return ("asking".into(), Role::Accent),
        CheckState::Shows(showing) => showing,
    };
    if let Showing::Unclear { why, .. } = showing {
        // The word alone would fill a narrow column.
        let lead = if width < 18 { "?" } else { "unclear:" };
        return (format!("{lead} {why}"), Role::Stale);
    }
    let (sign, since) = match showing {
        Showing::Holds { since, .. } => ("●", Some(*since)),
        Showing::NotYet { since, .. } => ("◐", Some(*since)),
        _ => ("○", None),
    };
    let (word, role) = match (view.flaps, view.against, showing) {
        (true, ..) => (" flaps", Role::Warning),
        (_, true, Showing::Holds { .. }) => (" holds, check says", Role::Warning),
        (_, true, _) => (" gone, check says", Role::Warning),
        (.., Showing::Holds { .. }) => ("", Role::Text),
        _ => ("", Role::Dim),
    };
    let whole = format!("{sign}{word} {}", showing.value());
    // Where there is no room the number and its unit are left whole.
    let said = if text::width(&whole) <= width { whole } else { format!("{sign}{word} {}", showing.number()) };
    let age = since
        .map(|since| format!(" {}", human_time::age(human_time::seconds_between(since, app.session.now))))
        .unwrap_or_default();
    if text::width(&said) + text::width(&age) <= width { (said + &age, role) } else { (said, role) }
}

/// What it shows, since when it is watched, and its condition.
pub(super) fn long(app: &App, column: &Observation, view: &CheckView) -> (String, Role) {
    let Some(query) = &column.check.query else { return (String::new(), Role::Dim) };
    let minute = |at: Timestamp| clock::minute(at, &app.session.zone, app.session.utc);
    let key = app.session.keymap.key(Action::Open);
    if let Some(by) = &view.held {
        // What would be asked is somebody else's text: it is shown before it is.
        let who = by.split('@').next().unwrap_or_default();
        let what = format!("{} {}", query.source, query.query);
        return (
            format!("{who} began this check elsewhere; {key} runs it here too: {}", what.trim_end()),
            Role::Accent,
        );
    }
    let showing = match &view.state {
        CheckState::Idle => return (format!("{key} asks {} ({})", query.source, query.present), Role::Dim),
        CheckState::Asking => return (format!("asking {}", query.source), Role::Accent),
        CheckState::Shows(showing) => showing,
    };
    let since = match showing {
        Showing::Holds { since, or_longer: true, .. } => format!(", since {} or longer", minute(*since)),
        Showing::Holds { since, .. } | Showing::NotYet { since, .. } => format!(", since {}", minute(*since)),
        _ => String::new(),
    };
    let watched = checks::check_begun(app.facts(), column).map(|(how, since)| format!(", {how} {}", minute(since)));
    let (lead, role) = match (view.flaps, view.against) {
        (true, _) => ("flaps; now ", Role::Warning),
        (_, true) => ("a person said otherwise; its check: ", Role::Warning),
        _ if matches!(showing, Showing::Unclear { .. }) => ("", Role::Stale),
        _ => ("", Role::Dim),
    };
    let said = format!("{lead}{} ({}){since}{}", showing.words(), query.present, watched.unwrap_or_default());
    (said, role)
}
