//! Panes of Loki's lines: to the next error, marked, counted by a check, and the lines around a moment.

use super::*;
use crate::{
    app::{
        screen::{overlay::Purpose, watch},
        world::rows::cache,
    },
    config::PaneKind,
    dashboard::{Ask, SubscriptionChange},
    signal::{Level, LogLine},
};

const LINES: usize = 1;

/// The usual cockpit, and a Loki of which a pane shows lines. Vitals come first, then this pane, then the chart.
fn cockpit() -> Cockpit {
    let mut config = config();
    let settings = Settings { http: Some(http()), ..Settings::default() };
    config.sources.push(source("loki", "loki", settings, None));
    config.panes.insert(
        0,
        Pane {
            kind: PaneKind::Logs,
            sources: vec!["loki".into()],
            query: "{job=\"shop\"}".into(),
            ..Pane::titled("Shop log")
        },
    );
    let mut cockpit = Cockpit::with(config);
    cockpit.poll(LINES, Data::Logs(lines()));
    let pane = cockpit.app.world.plan.panes[0].id;
    cockpit.app.screen.watch.focus = Some(pane);
    cockpit
}

fn line(time: &str, level: Level, text: &str) -> LogLine {
    let labels = Labels::of([("job", "shop"), ("service", "checkout")]);
    LogLine { at: Some(at(time)), level, labels, text: text.into() }
}

fn lines() -> Vec<LogLine> {
    vec![
        line("03:05:00", Level::Error, "request 17 timed out after 30 ms"),
        line("03:05:01", Level::Info, "all is well"),
        line("03:05:02", Level::Error, "no such host"),
        line("03:05:03", Level::Warn, "slow"),
    ]
}

fn selected(cockpit: &Cockpit) -> String {
    let pane = watch::focused(&cockpit.app).expect("a pane").id;
    match watch::selected(&cockpit.app, pane).expect("a row").what {
        crate::app::world::rows::What::Line(line) => line.text.clone(),
        other => panic!("{other:?}"),
    }
}

/// What was asked last for lines around a moment.
fn around(cockpit: &Cockpit) -> Option<(String, Timestamp)> {
    cockpit.effects.iter().rev().find_map(|effect| match effect {
        Effect::Subscribe(SubscriptionChange::Ask { query, .. }) => match &query.ask {
            Ask::Lines { query, around: Some(at), .. } => Some((query.clone(), *at)),
            _ => None,
        },
        _ => None,
    })
}

fn said(cockpit: &Cockpit) -> &str {
    cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn a_key_goes_from_error_to_error() {
    let mut cockpit = cockpit();
    cockpit.press("e");
    assert_eq!((selected(&cockpit).as_str(), said(&cockpit)), ("request 17 timed out after 30 ms", "error 1 of 2"));
    cockpit.press("e");
    assert_eq!((selected(&cockpit).as_str(), said(&cockpit)), ("no such host", "error 2 of 2"));
    cockpit.press("e");
    assert_eq!(selected(&cockpit), "request 17 timed out after 30 ms", "and from the first again");
    cockpit.press("E");
    assert_eq!(selected(&cockpit), "no such host");
    cockpit.press("/well<enter>e");
    assert_eq!(said(&cockpit), "no line here is an error");
}

#[test]
fn the_error_before_is_the_last_while_the_newest_line_is_followed() {
    let mut cockpit = cockpit();
    cockpit.press("E");
    assert_eq!(selected(&cockpit), "no such host");
}

#[test]
fn what_is_marked_stays_until_it_is_emptied() {
    let mut cockpit = cockpit();
    let pane = cockpit.app.world.plan.panes[0].id;
    cockpit.press("*");
    assert!(
        matches!(&cockpit.app.screen.overlay, Some(Overlay::Prompt(prompt)) if prompt.purpose == Purpose::Highlight)
    );
    cockpit.press("such host<enter>");
    cockpit.press("/timed out<enter>");
    let marked: Vec<&str> = cockpit.app.screen.watch.marked(pane).collect();
    assert_eq!(marked, ["timed", "out", "such host"]);
    cockpit.press("*<ctrl-u><enter>");
    assert_eq!(cockpit.app.screen.watch.marked(pane).collect::<Vec<_>>(), ["timed", "out"]);
}

#[test]
fn a_line_becomes_a_check_that_counts_lines_like_it() {
    let mut cockpit = cockpit();
    cockpit.press("et<enter>");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!(column.text, "“timed out after” is logged");
    let query = column.check.query.as_ref().expect("a query");
    assert_eq!(query.source, "loki");
    assert_eq!(query.query, r#"sum(count_over_time({job="shop"} |= "timed out after" [1m]))"#);
    assert_eq!(query.empty, Some(ObservationState::Absent), "where nothing is logged there is nothing to count");
}

#[test]
fn a_line_that_was_taken_can_be_checked_later() {
    let mut cockpit = cockpit();
    cockpit.press("es2T");
    let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("no question") };
    let expected = r#"loki sum(count_over_time({job="shop"} |= "timed out after" [1m])) present > 0 empty absent"#;
    assert_eq!(prompt.field.text(), expected);
    cockpit.press("<ctrl-u>loki {job=\"shop\"} present > 0<enter>");
    let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("it was taken") };
    let trouble = prompt.trouble.as_deref().unwrap_or_default();
    assert!(
        trouble.contains("that gives log lines, and a check needs a number: sum(count_over_time({job="),
        "{trouble}"
    );
}

#[test]
fn the_lines_around_a_line_are_those_of_its_service() {
    let mut cockpit = cockpit();
    let (panes, focus) = (cockpit.app.world.plan.panes.len(), cockpit.app.screen.watch.focus);
    cockpit.press("eL");
    assert_eq!(around(&cockpit), Some((r#"{job="shop"} | service="checkout""#.into(), at("03:05:00"))));
    let pane = watch::focused(&cockpit.app).expect("a pane");
    assert_eq!((pane.pane.title.as_str(), cockpit.app.screen.watch.zoomed), ("Logs around 03:05:00Z · checkout", true));
    assert_eq!(cockpit.app.world.plan.panes.len(), panes + 1);
    let query = pane.queries[0].number();
    cockpit.poll(
        query,
        Data::Logs(vec![
            line("03:04:59", Level::Info, "before"),
            lines()[0].clone(),
            line("03:05:09", Level::Info, "after"),
        ]),
    );
    assert_eq!(selected(&cockpit), "request 17 timed out after 30 ms", "the cursor is on the moment");
    cockpit.press("<enter>");
    assert!(matches!(&cockpit.app.screen.overlay, Some(Overlay::LogLine(_))), "and Enter opens the line");
    cockpit.press("<esc>").tick("03:10:02").press("<esc>");
    assert_eq!((cockpit.app.world.plan.panes.len(), cockpit.app.screen.watch.focus), (panes, focus));
    assert!(!cockpit.app.screen.watch.zoomed && cockpit.app.screen.watch.time.is_none());
    let stopped = cockpit.effects.iter().rev().find_map(|effect| match effect {
        Effect::Subscribe(SubscriptionChange::Stop(id)) => Some(*id),
        _ => None,
    });
    assert!(stopped.is_some_and(|id| cockpit.app.world.plan.query(id).is_none()), "it is asked no more");
}

#[test]
fn the_lines_around_an_alert_are_those_of_the_service_of_that_name() {
    let mut cockpit = cockpit();
    let query = cockpit.app.world.plan.queries().find(|(_, query)| query.ask == Ask::Alerts).expect("alerts").0;
    cockpit.poll(query.number(), firing(&["Errors"]));
    let alerts =
        cockpit.app.world.plan.panes.iter().find(|pane| pane.pane.kind == PaneKind::Alerts).expect("a pane").id;
    cockpit.app.screen.watch.focus = Some(alerts);
    cockpit.press("L");
    assert_eq!(around(&cockpit), Some((r#"{job="shop"} | service="checkout""#.into(), at("03:06:00"))));
    // Around another moment while they are open: it takes their place, and leads back all the same.
    let shown = cockpit.app.world.plan.panes.iter().find(|pane| pane.pane.title.starts_with("Logs around"));
    let query = shown.expect("it").queries[0].number();
    cockpit.poll(query, Data::Logs(lines()));
    cockpit.press("eL");
    let open = cockpit.app.world.plan.panes.iter().filter(|pane| pane.pane.title.starts_with("Logs around")).count();
    assert_eq!(open, 1);
    cockpit.press("<esc>");
    assert_eq!(cockpit.app.screen.watch.focus, Some(alerts));
}

#[test]
fn the_lines_around_the_time_of_a_chart() {
    let mut cockpit = cockpit();
    let chart = cockpit.app.world.plan.panes[1].id;
    cockpit.app.screen.watch.focus = Some(chart);
    cockpit.press("L");
    assert!(said(&cockpit).starts_with("select an alert or a line, or look at a time in a chart first (c)"));
    cockpit.press("cL");
    let (query, _) = around(&cockpit).expect("asked");
    assert_eq!(query, r#"{job="shop"}"#, "no label says whose: those of the pane of lines");
    cockpit.press("<esc>");
    assert!(cockpit.app.screen.watch.time.is_some(), "the time is looked at as before");
}

#[test]
fn the_lines_around_an_entry_of_the_timeline() {
    let mut cockpit = cockpit();
    let change = Change {
        id: "1".into(),
        kind: ChangeKind::Deploy,
        title: "payments".into(),
        service: Some("payments".into()),
        version: None,
        at: at("03:00:00"),
        who: None,
        undo: None,
        url: None,
    };
    let source = "deploys".to_owned();
    cockpit.bob(Event::ChangeSeen { key: "deploys/1".into(), source, change: Box::new(change) });
    cockpit.press("4<home>");
    while !cockpit.app.screen.log_shown(&crate::app::screen::log::log_items(&cockpit.app)).is_empty()
        && cockpit.app.screen.log.selected.is_none()
    {
        cockpit.press("<up>");
    }
    cockpit.press("L");
    assert_eq!(around(&cockpit), Some((r#"{job="shop"} |= "payments""#.into(), at("03:00:00"))));
    assert_eq!(cockpit.app.screen.view, View::Watch);
    let pane = watch::focused(&cockpit.app).expect("a pane");
    assert!(cache::rows(&cockpit.app, pane).is_empty() && pane.pane.title.ends_with("lines with payments"));
    cockpit.press("<esc>");
    assert_eq!(cockpit.app.screen.view, View::Log);
}

#[test]
fn a_pane_of_lines_is_told_in_a_sentence() {
    let mut cockpit = cockpit();
    let told = |cockpit: &Cockpit| crate::app::evidence::in_a_sentence(&cockpit.app, &cockpit.app.world.plan.panes[0]);
    assert_eq!(told(&cockpit), "4 lines, 2 errors; the last: slow");
    cockpit.poll(LINES, Data::Logs(lines()[..1].to_vec()));
    assert_eq!(told(&cockpit), "1 line, 1 error; the last: request 17 timed out after 30 ms");
}
