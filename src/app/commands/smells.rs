//! What smells, as a list: jumps to its pane, or takes it as an observation with a check of it.

use jiff::Timestamp;

use crate::{
    app::{
        App, Effect, Overlay, View, clock, evidence, screen::cursor::Cursor, smelling::Found, world::smells::Standing,
    },
    base::text,
    dashboard::Ask,
    incident::{
        Event, ObservationState,
        board::{CheckQuery, CheckSpec, Evidence},
    },
    signal::{Condition, anomaly},
};

/// The longest name of a series in an observation, in bytes.
const MAX_NAME: usize = 120;

/// Lists what smells; where there is nothing to list it says why.
pub(in crate::app) fn open_smells(app: &mut App) {
    match app.world.smells.standing(app.incident.onset()) {
        Standing::Something => app.screen.overlay = Some(Overlay::Smells { cursor: Cursor::default() }),
        standing => app.say(why_none(standing)),
    }
}

/// Why nothing is listed.
pub fn why_none(standing: Standing) -> String {
    match standing {
        Standing::NoOnset => {
            "nobody knows when it began: `:onset` says it, then curves are compared with before".into()
        }
        Standing::Waiting => "no curve has been compared with its past yet".into(),
        Standing::NoPast => "no curve reaches back to before the onset: widen the window".into(),
        Standing::Nothing(1) => "nothing smells: the one curve moves as it did before the onset".into(),
        Standing::Nothing(series) => format!("nothing smells: {series} curves move as they did before the onset"),
        Standing::Something => String::new(),
    }
}

/// Shows the pane of the selected one.
pub(in crate::app) fn jump(app: &mut App, found: &Found) {
    app.show(View::Watch);
    match app.world.plan.pane(found.pane) {
        Some(pane) => app.screen.watch.focus = Some(pane.id),
        None => app.complain("its pane is shown no more"),
    }
}

/// Takes it as an observation that is present, checked by the query of its pane.
pub(in crate::app) fn take_smell(app: &mut App, found: &Found) -> Vec<Effect> {
    let Some(event) = as_symptom(app, found) else {
        app.complain("its pane is shown no more");
        return Vec::new();
    };
    app.record(vec![event])
}

fn as_symptom(app: &App, found: &Found) -> Option<Event> {
    let pane = app.world.plan.pane(found.pane)?;
    let since = Timestamp::from_millisecond(found.smell.since).ok();
    let reason = words(app, found);
    let title = &pane.pane.title;
    let name = text::clipped(&found.series, MAX_NAME);
    let text = if name.is_empty() || *name == **title {
        format!("{title}: {reason}")
    } else {
        format!("{title}, {name}: {reason}")
    };
    let evidence = Evidence { value: format!("{name} {reason}"), ..evidence::evidence_of(app.facts(), pane) };
    let check = CheckSpec { query: check_of(app, found), ..CheckSpec::default() };
    let origin = Some(title.clone());
    Some(Event::ObservationAdded {
        text,
        state: ObservationState::Present,
        origin,
        when: since,
        evidence: Some(Box::new(evidence)),
        check,
    })
}

/// The query of its pane, present while it is more than half way from what was usual to where it went. `None` for a pane whose
/// query no check can ask.
fn check_of(app: &App, found: &Found) -> Option<CheckQuery> {
    let pane = app.world.plan.pane(found.pane)?;
    let query = app.world.plan.query(*pane.queries.get(found.place)?)?;
    let source = app.session.config.source(query.source).filter(|source| !source.kind.has_dashboards())?;
    let asked = match &query.ask {
        Ask::Range(query) | Ask::LiveRange(query) | Ask::Instant(query) => query.clone(),
        _ => return None,
    };
    // A number says nothing of silence.
    if found.smell.what == anomaly::What::Ended {
        return None;
    }
    let (smell, sign) = (&found.smell, if found.smell.is_up { '>' } else { '<' });
    let half = smell.usual + (smell.peak - smell.usual) / 2.0;
    let present: Condition = format!("{sign} {half}").parse().ok()?;
    Some(CheckQuery { source: source.name.clone(), query: asked, present, empty: None })
}

/// Why it smells, and since when: `up 42× its usual spread; worst before 3×; since 14:02`.
pub fn words(app: &App, found: &Found) -> String {
    let since = Timestamp::from_millisecond(found.smell.since);
    let since = since.map(|at| clock::time(at, &app.session.zone, app.session.utc));
    since.map_or_else(|_| found.smell.reason(), |since| format!("{}; since {since}", found.smell.reason()))
}
