//! What is said when it is asked for. Where a screen has a sheet of it, the sheet is read.

use super::{counted, entry, question};
use crate::{
    app::{
        Action, Advice, App, Page, VitalState, evidence,
        screen::{overlay::Subject, tabs, watch::focused},
        typed,
        world::{rows, variables, vitals},
    },
    base::human_time,
    incident::{
        rank_text,
        ranking::{OTHER, RowId},
        timeline,
    },
    signal::{AlertState, Health, Severity, storm::thousands},
    ui::{Cache, Screen, Theme, act, header, learn, overlay::detail, sheet::Sheet, strip},
};

/// Alert groups that are said.
const ALERTS: usize = 10;
/// Panes that are said.
const PANES: usize = 100;
/// Lines of the timeline that are said.
const LOG: usize = 20;
/// No line is wrapped: whoever reads it aloud has no edge.
const WIDE: u16 = 4_000;

/// The lines of a page.
pub(super) fn page(app: &App, page: Page) -> Vec<String> {
    match page {
        Page::Watch => watch(app),
        Page::Panes => panes(app),
        Page::Board => board(app),
        Page::Row(id) => on_screen(app, |screen, cache| detail::sheet(screen, Subject::Row(id), WIDE, cache)),
        Page::Column(id) => on_screen(app, |screen, cache| detail::sheet(screen, Subject::Column(id), WIDE, cache)),
        Page::Act => on_screen(app, |screen, _| act::sheet(screen, WIDE)),
        Page::Log => log(app),
        Page::Learn => on_screen(app, |screen, _| learn::sheet(screen, WIDE)),
        Page::Next => next(app),
        Page::Question => question::Question::of(app).map(|asked| asked.lines()).unwrap_or_default(),
        Page::Help => help(app),
    }
}

/// What is said first.
pub(super) fn greeting(app: &App) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(app.screen.notice.as_ref().map(|notice| typed::in_typed_words(app, &notice.text)));
    lines.extend(watch(app));
    lines.extend(next(app));
    lines.push("`do` does the next step, `help` says what else can be typed, `quit` writes the notes and ends".into());
    lines
}

/// The next best step.
pub(super) fn next(app: &App) -> Vec<String> {
    let Advice { text, step } = app.advice();
    let does = if step.is_some() { " `do` does it." } else { "" };
    vec![format!("next: {}{does}", typed::in_typed_words(app, &text))]
}

/// A vital: what it shows, and where that is.
pub(super) fn vital(app: &App, at: usize) -> String {
    let Some(vital) = app.session.config.vitals.get(at) else { return String::new() };
    let (title, range) = (&vital.title, vitals::range_in_words(vital));
    let shown = |value| vital.format(value);
    let partial = if vitals::is_partial(app.facts(), at) { ", partial" } else { "" };
    match vitals::vital(app.facts(), at) {
        VitalState::Inside(value) => format!("{title} is in its range: {}{partial} ({range})", shown(value)),
        VitalState::Outside(value) => format!("{title} is out of its range: {}{partial} ({range})", shown(value)),
        VitalState::Unknown(Some((value, read))) => {
            let age = human_time::age(human_time::seconds_between(read, app.session.now));
            format!("{title} has been UNKNOWN for {age}, it was {}", shown(value))
        }
        VitalState::Unknown(None) if vitals::vital_was_asked(app.facts(), at) => format!("{title} is UNKNOWN"),
        VitalState::Unknown(None) => format!("{title} is not asked yet"),
    }
}

/// Rows in their order, with their bits.
pub(super) fn order(app: &App, rows: &[RowId]) -> String {
    let name = |row: &RowId| {
        let label = match row {
            RowId::Named(id) => app.incident.board.hypothesis(*id).map(|row| format!("{} {}", row.label, row.text)),
            RowId::Other => Some(OTHER.to_owned()),
        };
        let bits = app.incident.ranking.row(*row).map(|row| format!(" {}", row.bits));
        Some(label? + &bits.unwrap_or_default())
    };
    rows.iter().filter_map(name).collect::<Vec<_>>().join(", ")
}

fn watch(app: &App) -> Vec<String> {
    let (status, since) = header::status_words(app);
    let severity = app.incident.summary.severity.as_ref().map(|severity| format!(", {severity}")).unwrap_or_default();
    let since = since.map(|since| format!(" for {since}")).unwrap_or_default();
    let mut lines = vec![format!("{}{severity}: {status}{since}", app.incident.summary.title)];
    if app.session.read_only {
        lines.push("read-only: nothing is written".into());
    }
    lines.extend(strip::not_written(app));
    lines.extend((0..app.session.config.vitals.len()).map(|at| vital(app, at)));
    lines.extend(alerts(app));
    lines.extend(sources(app));
    let dashboards: Vec<String> =
        tabs::tabs(app).into_iter().filter(|tab| tab.dashboard.is_some()).map(|tab| tab.name).collect();
    if !dashboards.is_empty() {
        lines.push(format!(
            "{}: {}; `panes` says what they show",
            counted(dashboards.len(), "dashboard"),
            dashboards.join(", ")
        ));
    }
    lines
}

/// What each pane shows of the dashboard that is looked at, or of the team's own; each row is named.
fn panes(app: &App) -> Vec<String> {
    let Some(focus) = focused(app) else { return vec!["there are no panes".into()] };
    let place = focus.origin.as_ref().map(|origin| origin.dashboard);
    let mut lines = Vec::new();
    if let Some(tab) = tabs::tabs(app).iter().find(|tab| tab.is_shown) {
        let variables = place.map(|place| variables::chosen(app.facts(), place)).unwrap_or_default();
        let with = if variables.is_empty() { String::new() } else { format!(", with {variables}") };
        let name = if place.is_some() { tab.name.as_str() } else { "the team's own panes" };
        lines.push(format!("{name}{with}"));
    }
    let of_it = app.world.plan.panes.iter().filter(|pane| pane.origin.as_ref().map(|origin| origin.dashboard) == place);
    let (mut row, mut said) = (None, 0);
    let all = of_it.clone().count();
    for pane in of_it.take(PANES) {
        let own = pane.origin.as_ref().and_then(|origin| origin.row.as_deref()).filter(|row| !row.is_empty());
        if own != row {
            lines.extend(own.map(|own| format!("row {own}")));
            row = own;
        }
        lines.push(format!("{}: {}", pane.pane.title, evidence::in_a_sentence(app, pane)));
        said += 1;
    }
    if all > said {
        lines.push(format!("and {} more", all - said));
    }
    lines
}

/// What fires, worst first.
fn alerts(app: &App) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let shown = app.world.plan.panes.iter().flat_map(|pane| rows::shown_alerts(app, pane));
    let firing =
        shown.filter(|shown| shown.group.state == AlertState::Firing && shown.group.severity != Severity::None);
    let (alerts, groups) = rows::firing(app);
    let mut lines = vec![match (alerts, groups) {
        (0, _) => "no alert fires".to_owned(),
        (1, _) => "1 alert fires".to_owned(),
        (alerts, groups) => format!("{} alerts fire, in {}", thousands(alerts), counted(groups, "group")),
    }];
    for shown in firing {
        let key = shown.key();
        if seen.contains(&key) {
            continue;
        }
        if seen.len() == ALERTS {
            lines.push(format!("and {} more", groups.saturating_sub(ALERTS)));
            break;
        }
        seen.push(key);
        let (group, now) = (shown.group, app.session.now);
        let age = human_time::age(human_time::seconds_between(group.since, now));
        let times = if group.counts.firing > 1 { format!(" ×{}", group.counts.firing) } else { String::new() };
        let silent = shown.silent_since.map_or("", |_| ", its source is silent");
        lines.push(format!("{}{times}, {}, for {age}{silent}", group.title, group.severity.word()));
    }
    lines
}

fn sources(app: &App) -> Vec<String> {
    let (up, all) = app.world.signals.answering(app.session.now);
    let silent = app.world.signals.healths(app.session.now).filter(|(_, health)| *health != Health::Live);
    let names: Vec<&str> =
        silent.filter_map(|(id, _)| app.session.config.source(id)).map(|source| source.name.as_str()).collect();
    match (up, all) {
        (_, 0) => vec!["no sources".into()],
        (up, all) if up == all => vec![format!("{} answer", counted(all, "source"))],
        (up, all) => vec![format!("{up} of {} answer; not {}", counted(all, "source"), names.join(", "))],
    }
}

/// What was seen, then each row with its reasons.
fn board(app: &App) -> Vec<String> {
    let board = &app.incident.board;
    if board.observations.is_empty() && board.hypotheses.is_empty() {
        return vec!["nothing is on the board: `symptom` adds what is seen, `hypothesis` what could cause it".into()];
    }
    let seen = board.observations.iter().map(|column| {
        let note = if column.note.trim().is_empty() { String::new() } else { format!(" ({})", column.note) };
        format!("{} {}: {}{note}", column.label, column.text, column.state.word())
    });
    seen.chain(rank_text::text(board).lines().map(str::to_owned)).collect()
}

fn log(app: &App) -> Vec<String> {
    let items = timeline::shown(&app.incident, &app.session.shown_zone());
    let last = items.iter().skip(items.len().saturating_sub(LOG));
    last.map(|item| entry(app, item)).collect()
}

/// Pages, then actions, each by its name.
fn help(app: &App) -> Vec<String> {
    let pages = Page::NAMED.iter().map(|(_, names, does)| format!("`{}`: {does}", names[0]));
    let action = |action: Action| {
        let does = typed::in_typed_words(app, action.spec().doc);
        format!("`{}{}`: {does}", action.spec().name, typed::words_for(action))
    };
    let mut lines: Vec<String> = pages.collect();
    lines.push("`do`: the next step, said first and done after y".into());
    lines.extend(typed::offered(app).into_iter().map(action));
    lines.push("words behind a name answer what it asks: `note pool alarms`, `refute B the pool is idle`".into());
    lines.push(
        "`rank B` says why a row has its number, `rank s2` what is known of a column; `back` leaves a question".into(),
    );
    lines
}

/// The lines of a sheet that a screen has.
fn on_screen(app: &App, sheet: impl for<'a> FnOnce(Screen<'a>, &Cache) -> Sheet<'a>) -> Vec<String> {
    let (theme, advice) = (Theme::mono(), app.advice());
    let mut cache = Cache::default();
    cache.prepare(app, &theme);
    sheet(Screen { app, theme: &theme, advice: &advice, spots: None }, &cache).texts().collect()
}
