//! Alerts are told to nobody for a while: what is proposed, what it would hit now, and what came of it.
//!
//! Nothing is sent before a person has read all of it and typed its name; that it is sent is recorded first.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    app::{
        App, Effect, clock,
        drafts::{draft_kept, taken_back},
        screen::{
            overlay::{Purpose, write::Write},
            watch,
        },
        world::{rows::What, runbooks::labels_of, transitions::alert_sets},
    },
    base::{human_time, text},
    config::{Source, SourceId},
    incident::{Event, Id},
    signal::{Alert, AlertGroup, AlertState, Fault, FaultKind, Labels, Matchers, Operation, Receipt, WriteKind},
};

/// Labels that say what an alert is about, and so which others are like it; the rest says how bad it is, or who is told.
const TELLING: [&str; 8] = ["alertname", "service", "job", "app", "namespace", "cluster", "region", "instance"];

/// For how long, unless something else is typed.
const USUAL: Duration = Duration::from_secs(2 * 3600);

/// A silence longer than this outlives most who remember it.
const LONG: Duration = Duration::from_secs(24 * 3600);

/// Names of groups and of receivers that are written out.
const MOST_NAMES: usize = 6;

/// Whether there is a source that silences alerts.
pub(super) fn can_be_told(app: &App) -> bool {
    told(app).next().is_some()
}

/// The sources that silence alerts.
fn told(app: &App) -> impl Iterator<Item = (SourceId, &Source)> {
    let takes = |source: &Source| source.kind.writes.contains(&WriteKind::Silence);
    app.session.config.sources_by_id().filter(move |(_, source)| takes(source))
}

/// Asks which alerts, for how long and why; the selected ones are proposed.
pub(super) fn ask(app: &mut App) {
    let selected = watch::focused(app).and_then(|pane| watch::selected(app, pane.id));
    let alerts = selected.and_then(|row| match row.what {
        What::Alerts(alerts) => Some(alerts.group),
        _ => None,
    });
    // One alert may be told of by several: by the one that silences it, if that is among them.
    let tells = |(id, _): &(SourceId, &Source)| {
        let of_group = |group: &AlertGroup| {
            alert_sets(app.facts(), *id).flat_map(|set| &set.groups).any(|one| std::ptr::eq(one, group))
        };
        alerts.is_some_and(of_group)
    };
    let Some((_, source)) = told(app).find(tells).or_else(|| told(app).next()) else {
        return app.complain("no source here silences alerts: one of type \"alertmanager\" does");
    };
    let source = source.name.clone();
    let of = alerts.map(|group| matchers_of(&labels_of(group))).unwrap_or_default();
    let proposed = if of.is_empty() { String::new() } else { format!("{of} for {}: ", human_time::written(USUAL)) };
    app.ask_with(Purpose::Silence { source, of }, &proposed);
}

/// The labels by which alerts like these are told from others, as matchers.
fn matchers_of(labels: &Labels) -> String {
    let chosen = TELLING.iter().filter_map(|name| Some((*name, labels.get(name)?)));
    let shown = Labels::of(chosen).to_string();
    shown.trim_start_matches('{').trim_end_matches('}').to_owned()
}

/// What was typed, as it would be sent and with what it hits now; else what is wrong with it.
pub(in crate::app) fn understood(app: &App, purpose: &Purpose, source: &str, typed: &str) -> Result<Write, String> {
    let draft = purpose.spec().kept_under.draft().unwrap_or_default();
    let (matchers, lasts, why) = parts(typed)?;
    let (id, source) = app.session.config.source_named(source).ok_or("that source is gone")?;
    let now = app.session.now;
    let until = now.checked_add(lasts).map_err(|_| "that is too long".to_owned())?;
    let title = &app.incident.summary.title;
    let comment = if why.is_empty() { format!("stanch: {title}") } else { why };
    let each: Vec<String> = matchers.each().map(ToString::to_string).collect();
    let firing = || {
        let groups = alert_sets(app.facts(), id).flat_map(|set| &set.groups);
        groups
            .flat_map(|group| group.alerts.iter().map(move |alert| (group, alert)))
            .filter(|(_, alert)| alert.state == AlertState::Firing)
    };
    let hit: Vec<_> = firing().filter(|(_, alert)| matchers.match_labels(&alert.labels)).collect();
    let names: BTreeSet<&str> = hit.iter().map(|(group, _)| &*group.title).collect();
    let all = firing().count();
    let mut warnings = Vec::new();
    match hit.len() {
        0 => warnings.push("nothing that fires now is hit".to_owned()),
        hits if hits == all && all > 1 => warnings.push(format!("that is everything {} has firing", source.name)),
        _ => {}
    }
    let told: BTreeSet<&str> = hit.iter().flat_map(|(_, alert)| receivers(alert)).collect();
    if told.len() > 1 {
        warnings.push(format!("it keeps quiet what is told to {}", some_of(&told)));
    }
    if lasts > LONG {
        warnings.push(format!("it lasts {}", human_time::written(lasts)));
    }
    let until_shown = clock::dated(until, now, &app.session.zone, app.session.utc);
    let mut shown = vec![
        format!("{} is told to silence: {}", source.name, each.join(", ")),
        format!("until {until_shown}, as {}: {comment}", app.session.author),
    ];
    if !hit.is_empty() {
        shown.push(format!("hits {} of {all} that fire there now: {}", hit.len(), some_of(&names)));
    }
    let by = app.session.author.clone();
    let operation = Operation::Silence { matchers: each, until, by, comment };
    Ok(Write { source: id, source_name: source.name.clone(), operation, shown, draft, warnings })
}

fn receivers(alert: &Alert) -> impl Iterator<Item = &str> {
    alert.receivers.iter().map(|receiver| &**receiver)
}

/// `a, b and 3 more`
fn some_of(names: &BTreeSet<&str>) -> String {
    let shown: Vec<&str> = names.iter().copied().take(MOST_NAMES).collect();
    let more = names.len() - shown.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", shown.join(", "))
}

/// `service="cart" for 2h: a fix is on its way`: which alerts, for how long, and why.
fn parts(typed: &str) -> Result<(Matchers, Duration, String), String> {
    const EXPECTED: &str = "write `LABEL=\"VALUE\" for 2h: why`";
    let at = outside_quotes(typed, " for ").ok_or_else(|| format!("how long? {EXPECTED}"))?;
    let (which, rest) = (&typed[..at], &typed[at + " for ".len()..]);
    let (lasts, why) = rest.split_once(':').unwrap_or((rest, ""));
    let matchers = which.parse().map_err(|error| format!("{error}; {EXPECTED}"))?;
    let lasts = human_time::parse(lasts.trim()).filter(|lasts| !lasts.is_zero());
    let lasts = lasts.ok_or_else(|| format!("how long? 30m, 2h or 1d; {EXPECTED}"))?;
    Ok((matchers, lasts, why.trim().to_owned()))
}

/// Where some words stand first that are in no quoted value.
fn outside_quotes(text: &str, words: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_quoted,
            '"' => is_quoted = !is_quoted,
            _ if !is_quoted && text[at..].starts_with(words) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Keeps what was typed while it is shown what that means: who leaves there comes back to it.
pub(in crate::app) fn show(app: &mut App, typed: &str, write: Write) -> Vec<Effect> {
    let kept = app.draft(draft_kept(write.draft.clone(), typed));
    app.ask(Purpose::Write(Box::new(write)));
    app.record_drafts(vec![kept])
}

/// Its name was typed.
pub(in crate::app) fn send(app: &mut App, write: Write) -> Vec<Effect> {
    let Write { source, source_name, operation, draft, .. } = write;
    let sent = app.draft(Event::OperationSent { source: source_name, operation: operation.clone() });
    let id = sent.id;
    let mut drafts = vec![sent];
    drafts.extend(taken_back(app, &draft));
    let mut effects = app.record_drafts(drafts);
    effects.push(Effect::Write { sent: id, source, operation });
    effects
}

/// A source has answered, or has not.
pub(in crate::app) fn written(app: &mut App, sent: Id, outcome: Result<Receipt, Fault>) -> Vec<Effect> {
    let (made, trouble) = match outcome {
        Ok(receipt) => {
            app.say("silenced; it is in the log");
            (receipt.id, String::new())
        }
        Err(fault) => {
            let trouble = in_words(&fault);
            let what = if is_unsure(&fault) { "not known whether it is silenced" } else { "not silenced" };
            app.complain(format!("{what}: {}", text::clipped(&trouble, 200)));
            (String::new(), trouble)
        }
    };
    let mut effects = app.record_quietly(vec![Event::OperationEnded { sent, made, trouble }]);
    // What it is silent about now is known to the source alone.
    effects.push(Effect::PollNow);
    effects
}

/// Whether it may have been done all the same: it was sent, and what came back does not say that it was not.
fn is_unsure(fault: &Fault) -> bool {
    use FaultKind::*;
    match fault.kind {
        Resolve | Refused | Tls | Unauthorized | Forbidden | NotFound | TooManyRequests(_) | BadQuery | Secret => false,
        Status(code) => code >= 500,
        _ => true,
    }
}

/// Why it was not done; of what may have been done all the same, that this is not known.
fn in_words(fault: &Fault) -> String {
    match is_unsure(fault) {
        true => format!("{fault}; whether it was done is not known: look there before it is sent again"),
        false => fault.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<(&str, u64, &str), &str>) {
        let read = parts(typed).map(|(matchers, lasts, why)| {
            let each: Vec<String> = matchers.each().map(ToString::to_string).collect();
            (each.join(", "), lasts.as_secs(), why)
        });
        match expected {
            Ok((matchers, lasts, why)) => assert_eq!(read, Ok((matchers.to_owned(), lasts, why.to_owned()))),
            Err(words) => assert!(read.clone().is_err_and(|why| why.contains(words)), "{read:?}"),
        }
    }

    #[test]
    fn which_for_how_long_and_why() {
        check("alertname=\"A\" for 2h: a fix: soon", Ok(("alertname=\"A\"", 7200, "a fix: soon")));
        check("a=\"waits for 2h\", b!~\"x.*\" for 30m", Ok(("a=\"waits for 2h\", b!~\"x.*\"", 1800, "")));
        check("HighErrors for 1h 30m:x", Ok(("alertname=\"HighErrors\"", 5400, "x")));
        check("alertname=\"A\"", Err("how long?"));
        check("alertname=\"A\" for ever: x", Err("30m, 2h or 1d"));
        check("alertname=\"A\" for 0s: x", Err("30m, 2h or 1d"));
        check("alertname=A for 2h: x", Err("expected labels such as"));
        check("pod=~\"(\" for 2h: x", Err("broken pattern"));
        check(" for 2h: x", Err("expected labels such as"));
    }
}
