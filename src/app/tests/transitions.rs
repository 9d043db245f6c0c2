//! What counts as a turn of an alert or a source: silences, caps, gaps, restarts, second sources.

use super::*;
use crate::{config::SourceId, incident::timeline};

const PANE: usize = 1;

impl Cockpit {
    /// Another cockpit on the same journal, opened later.
    pub(super) fn reopened(&self, config: Config, time: &str) -> Self {
        let app = App::new(Setup {
            config: Arc::new(config),
            keymap: Keymap::new(&BTreeMap::new()).expect("a keymap"),
            incident: Incident::replay(self.log.clone()),
            id: self.app.session.id.clone(),
            author: "alice@host".into(),
            seed: 2,
            now: at(time),
            zone: TimeZone::UTC,
            read_only: false,
            generic: Arc::new(BoardFile::generic_causes()),
        });
        let mut cockpit = Self { app, log: self.log.clone(), effects: Vec::new(), slow: false, waiting: Vec::new() };
        let effects = cockpit.app.start();
        cockpit.carry_out(effects);
        cockpit
    }

    fn time_out(&mut self, query: usize) -> &mut Self {
        let now = self.app.session.now;
        let fault = Fault::new(FaultKind::TimedOut(Duration::from_secs(5)), "");
        self.send(Msg::Polled { query: QueryId::nth(query), outcome: Err(fault), at: now })
    }

    fn count(&self, kind: &str) -> usize {
        self.kinds().iter().filter(|k| **k == kind).count()
    }

    fn firsts(&self) -> usize {
        self.log.iter().filter(|entry| matches!(entry.event, Event::AlertTurned { first: true, .. })).count()
    }

    fn query_of(&self, pane: &str) -> usize {
        let pane = self.app.world.plan.panes.iter().find(|p| p.pane.title == pane).expect("a pane");
        pane.queries[0].number()
    }
}

/// Alerts of one name, state and start each; grouped under titles that also name the service.
fn alerts(all: &[(&str, AlertState, &str)]) -> AlertSet {
    let alert = |(name, state, since): &(&str, AlertState, &str)| Alert {
        id: (*name).into(),
        labels: Labels::of([("alertname", *name), ("service", "checkout")]),
        summary: "".into(),
        state: *state,
        severity: Severity::Critical,
        starts_at: at(since),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    };
    AlertSet::grouped(all.iter().map(alert).collect(), |alert| {
        let name = alert.labels.get("alertname").unwrap_or_default();
        (alert.labels.to_string().into(), format!("{name} checkout").into())
    })
}

fn fires(name: &str, since: &str) -> Data {
    Data::Alerts(alerts(&[(name, AlertState::Firing, since)]))
}

/// Two panes on one feed of alerts, each with a query of its own.
fn two_views_of_one_feed() -> Config {
    let read = crate::config::Read { shape: crate::config::Shape::Alerts, ..Default::default() };
    let mut config = config();
    let settings = Settings { http: Some(http()), read: Some(read), ..Settings::default() };
    config.sources.push(source("feed", "http", settings, None));
    for query in ["eu", "us"] {
        let pane = Pane { sources: vec!["feed".into()], query: query.into(), ..Pane::titled(query) };
        config.panes.push(Pane { kind: crate::config::PaneKind::Alerts, ..pane });
    }
    config
}

/// An Alertmanager more, and neither stands before the Prometheus.
fn two_alertmanagers() -> Config {
    let mut config = config();
    config.sources[1].behind = None;
    let second = Source { name: "am-us".into(), ..config.sources[1].clone() };
    config.sources.push(second);
    config
}

fn alert_queries(cockpit: &Cockpit) -> [usize; 3] {
    ["am", "am-us", "prom"].map(|name| {
        let source = cockpit.app.session.source_of(name).expect("a source");
        let query = cockpit.app.world.plan.of_source(source).find(|(_, q)| q.ask == crate::dashboard::Ask::Alerts);
        query.expect("a query").0.number()
    })
}

#[test]
fn silenced_and_inhibited_are_not_resolved_but_pending_is() {
    for state in [AlertState::Silenced, AlertState::Inhibited] {
        let mut cockpit = Cockpit::new();
        cockpit.poll(ALERTS, fires("A", "03:06:00")).tick("03:12:00");
        cockpit.poll(ALERTS, Data::Alerts(alerts(&[("A", state, "03:06:00")])));
        assert_eq!(cockpit.turns().len(), 1, "{state:?}");
        cockpit.tick("03:20:00").poll(ALERTS, Data::Alerts(AlertSet::default()));
        assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved], "gone after it was {state:?}");
    }
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, fires("A", "03:06:00")).tick("03:12:00");
    cockpit.poll(ALERTS, Data::Alerts(alerts(&[("A", AlertState::Pending, "03:11:00")])));
    assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved]);
}

#[test]
fn a_query_ends_only_what_no_other_query_of_its_source_shows() {
    let mut cockpit = Cockpit::with(two_views_of_one_feed());
    let (eu, us) = (cockpit.query_of("eu"), cockpit.query_of("us"));
    for minute in 11..14 {
        cockpit.tick(&format!("03:{minute}:00")).poll(eu, fires("A", "03:06:00"));
        cockpit.tick(&format!("03:{minute}:30")).poll(us, fires("B", "03:06:00"));
    }
    assert_eq!(cockpit.turns().len(), 2, "{:?}", cockpit.turns());
    // Opened again, the first answer must not end what the second has yet to show.
    let mut again = cockpit.reopened(two_views_of_one_feed(), "03:20:00");
    again.poll(eu, fires("A", "03:06:00")).poll(us, fires("B", "03:06:00"));
    assert_eq!(again.turns().len(), 2, "{:?}", again.turns());
    cockpit.tick("03:15:00").poll(eu, Data::Alerts(AlertSet::default()));
    assert_eq!(cockpit.turns()[2..], [AlertTurn::Resolved]);
}

#[test]
fn nothing_ends_while_a_list_is_cut_off() {
    let mut cockpit = Cockpit::new();
    let both = [("A", AlertState::Firing, "03:06:00"), ("B", AlertState::Firing, "03:06:00")];
    cockpit.poll(ALERTS, Data::Alerts(alerts(&both))).tick("03:12:00");
    cockpit.poll(ALERTS, Data::Alerts(AlertSet { dropped: 9, ..alerts(&both[1..]) }));
    assert_eq!(cockpit.turns().len(), 2);
    cockpit.tick("03:13:00").poll(ALERTS, Data::Alerts(alerts(&both[1..])));
    assert_eq!(cockpit.turns()[2..], [AlertTurn::Resolved]);
}

#[test]
fn one_slow_query_is_not_a_lost_source() {
    let mut cockpit = Cockpit::new();
    let fine = || curve("03:09:00", 5, &[1.0; 13]);
    cockpit.poll(VITAL, fine()).poll(ALERTS, fires("A", "03:06:00"));
    cockpit.poll(PROMETHEUS_ALERTS, Data::Alerts(AlertSet::default()));
    for second in 10..16 {
        cockpit.tick(&format!("03:10:{second}")).time_out(PANE).time_out(PANE).poll(VITAL, fine());
    }
    assert_eq!(cockpit.count("lost"), 0);
    let health = cockpit.app.world.signals.health(SourceId::nth(0), cockpit.app.session.now);
    assert_eq!(health, crate::signal::Health::Live);
    cockpit.poll(ALERTS, Data::Alerts(AlertSet::default()));
    assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved]);
    cockpit.time_out(VITAL).time_out(PROMETHEUS_ALERTS).time_out(PANE);
    assert_eq!(cockpit.count("lost"), 1, "all of them");
}

#[test]
fn alerts_that_vanish_while_their_own_query_failed_are_lost_from_sight() {
    let fine = || curve("03:09:00", 5, &[1.0; 13]);
    let mut config = config();
    config.sources[1].behind = None;
    let mut cockpit = Cockpit::with(config);
    cockpit.poll(VITAL, fine()).poll(PROMETHEUS_ALERTS, fires("A", "03:06:00"));
    cockpit.time_out(PROMETHEUS_ALERTS).tick("03:20:00").time_out(PROMETHEUS_ALERTS).poll(VITAL, fine());
    cockpit.poll(PROMETHEUS_ALERTS, Data::Alerts(AlertSet::default()));
    assert_eq!(cockpit.turns()[1..], [AlertTurn::LostSight]);
}

#[test]
fn an_outage_of_a_source_goes_on_and_ends_across_a_restart() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Series(Vec::new())).fail(VITAL).fail(VITAL);
    let mut up = cockpit.reopened(config(), "03:20:00");
    up.poll(VITAL, Data::Series(Vec::new()));
    assert_eq!((up.count("lost"), up.count("back")), (1, 1));
    assert_eq!(up.app.incident.outages[0].until, Some(at("03:20:00")));
    let mut down = cockpit.reopened(config(), "03:20:00");
    down.fail(VITAL).fail(VITAL);
    assert_eq!((down.count("lost"), down.count("back")), (1, 0));
    down.tick("03:21:00").poll(VITAL, Data::Series(Vec::new()));
    assert_eq!((down.count("lost"), down.count("back")), (1, 1));
    assert!(down.app.incident.outages.iter().all(|outage| outage.until.is_some()));
}

#[test]
fn two_alertmanagers_are_told_apart_and_prometheus_tells_nothing_twice() {
    let mut cockpit = Cockpit::with(two_alertmanagers());
    let [eu, us, prometheus] = alert_queries(&cockpit);
    let none = || Data::Alerts(AlertSet::default());
    cockpit.poll(eu, fires("X", "03:06:00")).poll(us, fires("X", "03:05:00"));
    assert_eq!(cockpit.turns().len(), 2);
    cockpit.poll(prometheus, fires("X", "03:06:00"));
    assert_eq!(cockpit.turns().len(), 2, "its title there is `X checkout`, its name is the same");
    cockpit.tick("03:15:00").poll(eu, none()).poll(us, none()).poll(prometheus, none());
    assert_eq!(cockpit.turns().len(), 4);
    cockpit.tick("03:17:00").poll(prometheus, fires("X", "03:16:00"));
    assert_eq!(cockpit.turns()[4..], [AlertTurn::Fired], "it fires anew and nobody told");
}

/// Members of a cluster show the very same alert: the same labels, begun at the same moment.
#[test]
fn what_two_members_of_a_cluster_show_is_one_alert() {
    let mut cockpit = Cockpit::with(two_alertmanagers());
    let [one, other, _] = alert_queries(&cockpit);
    let none = || Data::Alerts(AlertSet::default());
    let silenced = || Data::Alerts(alerts(&[("X", AlertState::Silenced, "03:06:00")]));
    cockpit.poll(one, fires("X", "03:06:00")).poll(other, fires("X", "03:06:00"));
    assert_eq!(cockpit.turns(), [AlertTurn::FiringWhenOpened]);
    assert_eq!(crate::app::world::rows::firing(&cockpit.app), (1, 1), "one row");
    cockpit.tick("03:12:00").poll(one, silenced()).poll(other, fires("X", "03:06:00"));
    assert_eq!(crate::app::world::rows::firing(&cockpit.app), (1, 1), "whoever the other one tells is told");
    cockpit.tick("03:13:00").poll(one, none()).poll(other, fires("X", "03:06:00"));
    assert_eq!(cockpit.turns().len(), 1, "one has forgotten it, the other has not");
    cockpit.tick("03:14:00").poll(other, none()).poll(one, none());
    assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved]);
}

/// Of members behind one address not all know it.
#[test]
fn an_alert_that_is_missing_now_and_then_is_told_once() {
    let mut cockpit = Cockpit::new();
    let none = || Data::Alerts(AlertSet::default());
    cockpit.poll(ALERTS, fires("A", "03:06:00"));
    let flaps = |cockpit: &Cockpit| -> Vec<usize> {
        let flap = |entry: &Entry| match entry.event {
            Event::AlertFlapped { times, .. } => Some(times),
            _ => None,
        };
        cockpit.log.iter().filter_map(flap).collect()
    };
    for second in 0..20 {
        let data = if second % 2 == 0 { none() } else { fires("A", "03:06:00") };
        cockpit.tick(&format!("03:10:{:02}", 2 + second * 2)).poll(ALERTS, data);
    }
    let turns = [AlertTurn::FiringWhenOpened, AlertTurn::Resolved, AlertTurn::Fired];
    assert_eq!(cockpit.turns(), turns);
    let record = &cockpit.app.incident.alerts[0];
    assert_eq!(crate::app::world::transitions::missing_for_now(cockpit.app.facts()), None);
    assert_eq!(record.turns[2].at, at("03:10:04"), "back when it was seen, not when it began");
    assert!(record.is_firing());
    // Told that it comes and goes, and after that no more of it.
    cockpit.tick("03:11:10").poll(ALERTS, fires("A", "03:06:00"));
    assert_eq!(flaps(&cockpit), [9]);
    cockpit.tick("03:11:20").poll(ALERTS, none()).tick("03:11:30").poll(ALERTS, fires("A", "03:06:00"));
    assert_eq!((cockpit.turns().len(), flaps(&cockpit).len()), (3, 1));
    // It is there for good.
    cockpit.tick("03:13:00").poll(ALERTS, fires("A", "03:06:00"));
    assert_eq!(flaps(&cockpit), [9, 1]);
    cockpit.tick("03:20:00").poll(ALERTS, none());
    assert_eq!(cockpit.turns()[3..], [AlertTurn::Resolved]);
}

#[test]
fn an_alert_that_was_missing_now_and_then_ends_when_it_stays_away() {
    let mut cockpit = Cockpit::new();
    let none = || Data::Alerts(AlertSet::default());
    cockpit.poll(ALERTS, fires("A", "03:06:00")).tick("03:10:02").poll(ALERTS, none());
    cockpit.tick("03:10:04").poll(ALERTS, fires("A", "03:06:00"));
    cockpit.tick("03:10:06").poll(ALERTS, none()).tick("03:10:40").poll(ALERTS, none());
    assert_eq!(cockpit.turns().len(), 3, "it may come back");
    cockpit.tick("03:11:07").poll(ALERTS, none());
    assert_eq!(cockpit.turns()[3..], [AlertTurn::Resolved]);
    let last = cockpit.app.incident.alerts[0].turns.last().expect("a turn").at;
    assert_eq!(last, at("03:10:06"), "dated when it was first missing");
}

#[test]
fn what_prometheus_told_first_is_not_told_again_by_an_alertmanager() {
    let mut cockpit = Cockpit::with(two_alertmanagers());
    let [eu, _, prometheus] = alert_queries(&cockpit);
    cockpit.poll(prometheus, fires("X", "03:06:00")).poll(eu, fires("X", "03:06:00"));
    assert_eq!(cockpit.turns().len(), 1);
    // Prometheus is a few seconds ahead of it also when the alert ends.
    cockpit.tick("03:15:00").poll(prometheus, Data::Alerts(AlertSet::default()));
    cockpit.tick("03:15:03").poll(eu, fires("X", "03:06:00"));
    assert_eq!(cockpit.turns()[1..], [AlertTurn::Resolved]);
}

#[test]
fn every_source_has_its_own_first_look() {
    let mut cockpit = Cockpit::with(two_alertmanagers());
    let [eu, us, _] = alert_queries(&cockpit);
    cockpit.poll(eu, fires("A", "03:06:00")).poll(us, fires("B", "03:05:00"));
    assert_eq!(cockpit.turns(), [AlertTurn::FiringWhenOpened; 2]);
    assert_eq!(cockpit.firsts(), 1);
    cockpit.tick("03:12:00").poll(us, fires("C", "03:11:00"));
    assert_eq!(cockpit.turns()[2..3], [AlertTurn::Fired]);
    // Looked at for the first time late: what began after the cockpit was opened fired under its eyes.
    let mut late = Cockpit::with(two_alertmanagers());
    late.tick("03:15:00").poll(eu, fires("A", "03:12:00"));
    assert_eq!(late.turns(), [AlertTurn::Fired]);
}

#[test]
fn an_alert_that_was_silenced_did_not_begin_when_it_was_first_heard() {
    let mut cockpit = Cockpit::new();
    let poll = |cockpit: &mut Cockpit, time: &str, state, since| {
        cockpit.tick(time).poll(ALERTS, Data::Alerts(alerts(&[("A", state, since)])));
    };
    poll(&mut cockpit, "03:10:00", AlertState::Silenced, "02:00:00");
    poll(&mut cockpit, "03:12:00", AlertState::Inhibited, "02:00:00");
    assert_eq!(cockpit.turns(), []);
    poll(&mut cockpit, "03:14:00", AlertState::Firing, "02:00:00");
    assert_eq!(cockpit.turns(), [AlertTurn::Unmuted]);
    assert!(cockpit.app.incident.alerts[0].first, "the first to be heard");
    let said = timeline::items(&cockpit.app.incident).into_iter().next_back().expect("a line");
    assert_eq!(said.what, "A checkout fires (crit), no longer silenced or inhibited");
    assert_eq!(said.at, at("03:14:00"), "not at the start of an alert nobody could hear");
    // Ended and begun anew while nobody muted it: that is firing.
    cockpit.tick("03:16:00").poll(ALERTS, Data::Alerts(AlertSet::default()));
    poll(&mut cockpit, "03:20:00", AlertState::Firing, "03:19:00");
    assert_eq!(cockpit.turns(), [AlertTurn::Unmuted, AlertTurn::Resolved, AlertTurn::Fired]);
}

#[test]
fn only_one_alert_is_the_first() {
    let mut cockpit = Cockpit::with(two_alertmanagers());
    let [eu, us, _] = alert_queries(&cockpit);
    cockpit.slow = true;
    cockpit.poll(eu, fires("A", "03:06:00")).poll(us, fires("B", "03:05:00"));
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(cockpit.firsts(), 1);
    // Two cockpits may both have claimed it; the first in the log is right.
    let mut log = cockpit.log.clone();
    for entry in &mut log {
        if let Event::AlertTurned { first, .. } = &mut entry.event {
            *first = true;
        }
    }
    let firsts: Vec<bool> = Incident::replay(log).alerts.iter().map(|alert| alert.first).collect();
    assert_eq!(firsts, [true, false]);
}

#[test]
fn a_fact_on_its_way_to_the_journal_is_not_sent_again() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.poll(ALERTS, fires("A", "03:06:00")).tick("03:10:05").poll(ALERTS, fires("A", "03:06:00"));
    assert_eq!(cockpit.waiting.len(), 1);
}

#[test]
fn what_fires_again_within_a_minute_is_counted() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&[]));
    let seen = |cockpit: &Cockpit| -> Vec<(String, usize)> {
        let flap = |entry: &Entry| match &entry.event {
            Event::AlertFlapped { title, times, .. } => Some((title.clone(), *times)),
            _ => None,
        };
        cockpit.log.iter().filter_map(flap).collect()
    };
    let fired_at = |cockpit: &mut Cockpit, seconds: i64, names: &[&str]| {
        let now = at("03:12:00") + Duration::from_secs(seconds as u64);
        let Data::Alerts(mut set) = firing(names) else { panic!("alerts") };
        set.groups.iter_mut().for_each(|group| group.since = now);
        cockpit.send(Msg::Tick(now)).poll(ALERTS, Data::Alerts(set));
    };
    // Told twice, because the last word must be true; then counted.
    for (seconds, names) in [(0, &["A"][..]), (10, &[]), (20, &["A"]), (25, &["A"]), (30, &[]), (40, &["A"]), (50, &[])]
    {
        fired_at(&mut cockpit, seconds, names);
    }
    assert_eq!(cockpit.turns(), [AlertTurn::Fired, AlertTurn::Resolved, AlertTurn::Fired]);
    fired_at(&mut cockpit, 75, &["A"]);
    assert_eq!(seen(&cockpit), []);
    fired_at(&mut cockpit, 85, &["A"]);
    assert_eq!(seen(&cockpit), [("A".to_owned(), 2)]);
    assert_eq!(cockpit.turns().len(), 3);
    assert!(cockpit.app.incident.alerts[0].is_firing(), "as it does");
    fired_at(&mut cockpit, 95, &[]);
    fired_at(&mut cockpit, 160, &[]);
    assert_eq!(cockpit.turns()[3..], [AlertTurn::Resolved]);
    assert_eq!(seen(&cockpit).len(), 1, "what is told is not counted");
    let text = crate::incident::timeline::text(&cockpit.app.incident);
    assert!(text.contains("fired and ended 2 more times until 03:13"), "{text}");
}

#[test]
fn of_two_first_alerts_the_log_takes_the_first() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&[])).tick("03:11:00").poll(ALERTS, firing(&["A"]));
    // Another cockpit, which had not read this yet, took its own for the first.
    let mut event = cockpit.log.last().expect("an alert").event.clone();
    if let Event::AlertTurned { key, group, title, .. } = &mut event {
        (*key, *group, *title) = ("another".into(), "B".into(), "B".into());
    }
    let seq = cockpit.log.len() as u64 + 1;
    let id = crate::incident::Id::small(99);
    cockpit.send(Msg::Recorded(vec![Entry { seq, id, at: at("03:11:00"), by: "bob@host".into(), event }]));
    let text = crate::incident::timeline::text(&cockpit.app.incident);
    assert_eq!(text.matches("the first alert").count(), 1, "{text}");
}

#[test]
fn more_than_anyone_reads_is_counted_and_its_end_is_told() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&[]));
    let names: Vec<String> = (0..1_500).map(|n| format!("A{n:04}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    cockpit.tick("03:11:00").poll(ALERTS, firing(&all)).tick("03:11:10").poll(ALERTS, firing(&all));
    let says = |cockpit: &Cockpit, what: &str| {
        let text = timeline::text(&cockpit.app.incident);
        assert!(text.contains(what), "{}", text.lines().filter(|line| line.contains("written")).collect::<String>());
    };
    assert_eq!(cockpit.turns().len(), 1_000);
    says(&cockpit, "has more groups of alerts than are written one by one; 500 left out so far");
    cockpit.tick("03:12:10").poll(ALERTS, firing(&[]));
    let ended = cockpit.turns().iter().filter(|turn| **turn == AlertTurn::Resolved).count();
    assert_eq!(ended, 1_000, "whatever was told to fire is told to have ended");
    says(&cockpit, "are written again; 500 were left out");
    assert!(cockpit.app.incident.alerts.iter().all(|record| !record.is_firing()));
}

#[test]
fn a_journal_that_loses_what_it_was_given_is_offered_it_again_for_nothing() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&[]));
    let names: Vec<String> = (0..900).map(|n| format!("A{n:04}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    cockpit.slow = true;
    for time in ["03:11:00", "03:12:00", "03:13:00"] {
        cockpit.tick(time).poll(ALERTS, firing(&all));
        cockpit.waiting.clear();
    }
    cockpit.slow = false;
    cockpit.tick("03:14:00").poll(ALERTS, firing(&all));
    assert_eq!((cockpit.turns().len(), cockpit.app.incident.left_out.len()), (900, 0));
}
