//! Runs checks, gives a column one, and takes what is on the screen as a sign with one.
//!
//! Nothing is asked from here: that a check runs is an entry, and what is asked follows from the entries.

use crate::{
    app::{
        Action, App, Effect, Overlay, evidence,
        screen::{
            board,
            overlay::{Choice, Purpose, choice::Then},
            watch,
        },
        world::{
            checks::{
                SignOf, follow_checks, held_by, line,
                run::{is_askable, only_reads, why_not_run},
                suggest,
            },
            rows::What,
        },
    },
    base::text,
    incident::{
        Event, Id, ObservationState,
        board::{CheckQuery, CheckSpec},
    },
};

/// Runs the check of a column now; from then on it is watched. One that does more than read is asked about first, one that
/// was begun elsewhere and is held runs here too. `None` when the column has no query.
pub(in crate::app) fn run_check(app: &mut App, id: Id) -> Option<Vec<Effect>> {
    let column = app.incident.board.observation(id)?;
    let query = column.check.query.as_ref()?;
    if let Some(why) = why_not_run(app.facts(), column) {
        let said = format!("{}: {why}", column.label);
        app.complain(said);
        return Some(Vec::new());
    }
    if held_by(app.facts(), column).is_some() {
        let said = format!("{}: asking {} here too", column.label, query.source);
        app.say(said);
        return Some(run_here_too(app, &[id]));
    }
    let start = vec![Event::CheckStarted { observation: id }];
    if !only_reads(&app.session.config, column) {
        let knowing = match column.check.read_only {
            true => format!("It posts to {}, which may do more than read.", query.source),
            false => "It is said to do more than read.".to_owned(),
        };
        let choice = Choice::new(format!("{} {}: run its check once?", column.label, column.text))
            .titled(format!("Run {}", column.label))
            .telling(text::line(&query.to_string()).into_owned())
            .knowing(knowing)
            .or('y', "yes, once; it is not repeated", Then::Record(start))
            .or('n', "no", Then::Nothing);
        app.screen.overlay = Some(Overlay::Choice(choice));
        return Some(Vec::new());
    }
    if !app.session.read_only {
        let said = format!("{}: asking {}", column.label, query.source);
        app.say(said);
    }
    Some(app.record(start))
}

/// What was begun elsewhere is asked here from now on. Nothing is written: it runs already.
fn run_here_too(app: &mut App, columns: &[Id]) -> Vec<Effect> {
    for id in columns {
        let query = app.incident.board.observation(*id).and_then(|column| column.check.query.as_ref());
        if let Some((run, query)) = app.incident.checks.get(id).zip(query) {
            app.world.checks.allow(run.run, query);
        }
    }
    follow_checks(app)
}

/// Runs all checks of untested columns that only read; says what was left out.
pub(in crate::app) fn run_all_checks(app: &mut App) -> Vec<Effect> {
    let untested = app.incident.board.observations.iter().filter(|o| o.state == ObservationState::Untested);
    let (mut run, mut here_too, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let mut without = 0;
    for column in untested {
        match why_not_run(app.facts(), column) {
            _ if column.check.query.is_none() => without += 1,
            Some(why) => left.push(format!("{} ({why})", column.label)),
            None if !only_reads(&app.session.config, column) => left.push(format!("{} (not read-only)", column.label)),
            None if held_by(app.facts(), column).is_some() => here_too.push(column.id),
            None => run.push(column.id),
        }
    }
    let runs = match run.len() + here_too.len() {
        0 => "no check to run".to_owned(),
        1 => "1 check runs".to_owned(),
        n => format!("{n} checks run"),
    };
    let without = match without {
        0 => None,
        1 => Some("1 sign without a query".to_owned()),
        n => Some(format!("{n} signs without a query")),
    };
    left.extend(without);
    let left = if left.is_empty() { String::new() } else { format!("; left out: {}", left.join(", ")) };
    if run.is_empty() && here_too.is_empty() {
        app.complain(format!("{runs}{left}"));
        return Vec::new();
    }
    if !app.session.read_only {
        app.say(format!("{runs}{left}"));
    }
    let mut effects = run_here_too(app, &here_too);
    effects.extend(app.record(run.into_iter().map(|observation| Event::CheckStarted { observation }).collect()));
    effects
}

/// Asks for the query of the selected column, in one line.
pub(in crate::app) fn ask_for_check(app: &mut App) {
    let Some(column) = board::selected_observation(app).and_then(|id| app.incident.board.observation(id)) else {
        return app.complain(board::no_column(app));
    };
    if app.session.config.sources.is_empty() {
        let settle = app.session.keymap.quoted(Action::Settle);
        return app.complain(format!("there is no source to ask; {settle} settles what a person has looked at"));
    }
    let (id, text) = (column.id, suggest::suggested_check(app.facts(), column));
    app.ask_with(Purpose::Check(id), &text);
}

/// Takes the line: a check, or with nothing in it that people look again.
pub(in crate::app) fn submit_check(app: &mut App, id: Id, text: &str) -> Result<Event, String> {
    let column = app.incident.board.observation(id).ok_or("that column is gone")?;
    let (minutes, read_only, label) = (column.check.minutes, column.check.read_only, column.label.clone());
    if text.is_empty() {
        if column.check.query.is_none() {
            return Err("type something, or Esc to leave".into());
        }
        app.say(format!("{label}: people look at it again"));
        return Ok(Event::CheckSet { observation: id, check: CheckSpec { query: None, minutes, read_only } });
    }
    let names: Vec<&str> = app.session.config.sources.iter().map(|source| source.name.as_str()).collect();
    let query = line::check(text, &names)?;
    is_askable(app.facts(), &query)?;
    // What a query settles costs no more than a look at its answer.
    let minutes = if column.check.query.is_none() { minutes.min(1.0) } else { minutes };
    let run = app.session.keymap.key(Action::Open);
    app.say(format!("{label} has a query: {run} runs it"));
    Ok(Event::CheckSet { observation: id, check: CheckSpec { query: Some(query), minutes, read_only } })
}

/// The pane or alert selected in Watch becomes a sign with a check: asks for its words and condition.
pub(in crate::app) fn ask_for_sign_here(app: &mut App) {
    let alert = watch::focused(app)
        .and_then(|pane| watch::selected(app, pane.id))
        .is_some_and(|row| matches!(row.what, What::Alerts(_)));
    match evidence::suggested_sign(app) {
        None if alert => {
            app.ask(Purpose::Sign);
            app.say("this alert has no labels to ask for: the sign is looked for by hand");
        }
        Some((of, text)) => app.ask_with(Purpose::SignOf(Box::new(of)), &text),
        None => app.ask(Purpose::Sign),
    }
}

/// Takes the words and condition of a sign.
pub(in crate::app) fn submit_sign(app: &mut App, of: &SignOf, text: &str) -> Result<Event, String> {
    let (text, present, empty) = line::sign(text)?;
    let SignOf { source, query, origin, empty: standard, .. } = of.clone();
    let query = CheckQuery { source, query, present, empty: empty.or(standard) };
    is_askable(app.facts(), &query)?;
    // What was selected when it was asked about, if that is still there.
    let evidence = match evidence::selection_as_symptom(app) {
        Some(Event::ObservationAdded { evidence, .. }) => evidence.filter(|seen| Some(&seen.title) == origin.as_ref()),
        _ => None,
    };
    let (board, key) = (app.session.keymap.key(Action::Board), app.session.keymap.key(Action::RunAll));
    app.say(format!("sign with a check: {board} then {key} runs it"));
    Ok(Event::ObservationAdded {
        text,
        state: ObservationState::Untested,
        origin,
        when: None,
        evidence,
        check: CheckSpec { query: Some(query), minutes: 1.0, read_only: true },
    })
}
