//! What a vital did, however its points came in: too soon, late, twice, with gaps.

use super::*;
use crate::app::world::vitals;

impl Cockpit {
    /// Polls the vital with a number every five seconds, from `from` on.
    fn numbers(&mut self, from: &str, values: &[f64]) -> &mut Self {
        for (i, value) in values.iter().enumerate() {
            let now = at(from) + Duration::from_secs(5 * i as u64);
            self.send(Msg::Tick(now));
            self.poll(VITAL, Data::Number(*value));
        }
        self
    }

    fn crossings(&self) -> Vec<(Timestamp, bool)> {
        let record = self.app.incident.vitals.get("checkout ok");
        record.map(|r| r.crossings.iter().map(|c| (c.at, c.inside)).collect()).unwrap_or_default()
    }
}

#[test]
fn a_crossing_that_came_too_soon_is_told_later_and_with_its_own_time() {
    let mut cockpit = Cockpit::new();
    let values = |parts: &[(usize, f64)]| parts.iter().flat_map(|(n, v)| vec![*v; *n]).collect::<Vec<_>>();
    // Inside, out at :05, in at :25, out at :45 and bleeding on.
    cockpit.numbers("03:10:00", &values(&[(1, 1.0), (4, 0.9), (4, 1.0), (3, 0.9)]));
    assert_eq!(cockpit.crossings(), [(at("03:10:05"), false), (at("03:10:25"), true)]);
    cockpit.numbers("03:11:00", &values(&[(4, 0.9)]));
    assert_eq!(cockpit.crossings()[2..], [(at("03:10:45"), false)]);
    assert_eq!(cockpit.app.incident.onset(), Some(at("03:10:05")));
}

#[test]
fn everything_is_asked_at_once_when_something_begins_to_hurt() {
    let asked = |cockpit: &Cockpit| cockpit.effects.iter().filter(|effect| **effect == Effect::PollNow).count();
    let mut cockpit = Cockpit::new();
    cockpit.numbers("03:10:00", &[1.0, 1.0]);
    assert_eq!(asked(&cockpit), 0);
    cockpit.numbers("03:10:10", &[0.9, 0.9, 0.9]);
    assert_eq!(asked(&cockpit), 1, "a deploy of a moment ago is not known yet");
    cockpit.numbers("03:10:25", &[1.0, 0.9, 1.0, 0.9]);
    assert_eq!(asked(&cockpit), 1, "it flaps");
    cockpit.numbers("03:13:00", &[1.0, 1.0, 0.9, 0.9]);
    assert_eq!(asked(&cockpit), 2);
}

#[test]
fn a_flap_is_in_the_journal_at_once_and_counts_whole() {
    let mut cockpit = Cockpit::new();
    let values = |parts: &[(usize, f64)]| parts.iter().flat_map(|(n, v)| vec![*v; *n]).collect::<Vec<_>>();
    // Out from :05 to :25, out again at :40.
    cockpit.numbers("03:10:00", &values(&[(1, 1.0), (4, 0.9), (3, 1.0), (1, 0.8)]));
    let stretch = |cockpit: &Cockpit| cockpit.app.incident.vitals["checkout ok"].stretches[&at("03:10:40")].clone();
    assert_eq!((stretch(&cockpit).until, stretch(&cockpit).back), (at("03:10:40"), None));
    // And back at :50, long before a minute is over.
    cockpit.numbers("03:10:45", &[0.8, 1.0]);
    assert_eq!(stretch(&cockpit).back, Some(at("03:10:50")));
    assert_eq!(cockpit.crossings(), [(at("03:10:05"), false), (at("03:10:25"), true)]);
    let notes: serde_json::Value =
        serde_json::from_str(&crate::incident::report::json(&cockpit.app.incident)).expect("json");
    let impact = notes.pointer("/summary/impact/0").expect("an impact");
    assert_eq!((impact["times"].as_u64(), impact["seconds_outside"].as_f64()), (Some(2), Some(30.0)));
    assert_eq!((impact["until"].as_str(), impact["worst"].as_str()), (Some("2026-11-22T03:10:50Z"), Some("80 %")));
    let told = crate::incident::timeline::text(&cockpit.app.incident);
    assert_eq!(told.matches("checkout ok left its range again for 10 s: 80 %").count(), 1, "{told}");
}

#[test]
fn a_crossing_seen_while_another_was_being_written_is_not_lost() {
    let mut cockpit = Cockpit::new();
    cockpit.numbers("03:10:00", &[1.0]);
    cockpit.slow = true;
    cockpit.numbers("03:10:05", &[0.9, 0.9, 1.0]);
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    cockpit.numbers("03:10:20", &[1.0]);
    assert_eq!(cockpit.crossings(), [(at("03:10:05"), false), (at("03:10:15"), true)]);
}

#[test]
fn a_vital_that_came_back_unseen_came_back_when_its_curve_did() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:09:00", 5, &[0.9; 13]));
    let mut again = cockpit.reopened(config(), "03:20:00");
    let mut values = vec![0.9; 60];
    values.extend([1.0; 60]);
    again.poll(VITAL, curve("03:10:05", 5, &values));
    assert_eq!(again.crossings()[1..], [(at("03:15:05"), true)]);
}

#[test]
fn every_stretch_of_an_answer_is_written() {
    let mut cockpit = Cockpit::new();
    let turns = [1.0, 0.9, 1.0, 0.8, 1.0];
    cockpit.poll(VITAL, curve("03:05:00", 5, &turns.map(|v| [v; 12]).concat()));
    let stretches = &cockpit.app.incident.vitals["checkout ok"].stretches;
    let seconds: Vec<f64> = stretches.values().map(|stretch| stretch.seconds).collect();
    assert_eq!(seconds, [60.0, 60.0]);
}

#[test]
fn held_for_a_minute_means_watched_for_a_minute() {
    let mut cockpit = Cockpit::new();
    cockpit.numbers("03:10:00", &[1.0; 13]);
    assert!(held(&cockpit.app));
    cockpit.fail(VITAL).numbers("03:21:00", &[1.0; 3]);
    assert!(!held(&cockpit.app), "blind for ten minutes");
    cockpit.numbers("03:21:15", &[1.0; 12]);
    assert!(held(&cockpit.app));
    cockpit.numbers("03:22:15", &[f64::NAN, 1.0, 1.0]);
    assert!(!held(&cockpit.app), "not known in between");
    // A source that is asked less often than it was meant to be is not blind.
    let mut slow = Cockpit::new();
    for minute in 11..15 {
        for second in [0, 20, 40] {
            slow.tick(&format!("03:{minute}:{second:02}")).poll(VITAL, Data::Number(1.0));
        }
    }
    assert!(held(&slow.app));
}

#[test]
fn a_stretch_seen_again_after_a_restart_costs_once() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("02:40:05", 5, &[0.9; 360])).tick("03:10:01");
    let mut again = cockpit.reopened(config(), "03:15:00");
    again.poll(VITAL, curve("02:45:05", 5, &[0.9; 360])).tick("03:15:01");
    assert_eq!(again.app.incident.vitals["checkout ok"].stretches.len(), 2);
    let notes: serde_json::Value =
        serde_json::from_str(&crate::incident::report::json(&again.app.incident)).expect("json");
    let impact = &notes.pointer("/summary/impact/0").expect("an impact");
    let seconds = impact["seconds_outside"].as_f64().expect("seconds");
    assert!((seconds - 2100.0).abs() <= 5.0, "02:40 to 03:15 is 35 minutes: {seconds}");
    let area = impact["area"].as_f64().expect("an area");
    assert!((area - 35.0 * 0.095).abs() < 0.02, "{area}");
    assert_eq!(impact["times"], 1);
}

#[test]
fn a_stretch_within_one_answer_is_crossed_both_ways() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13]));
    // Nobody asked for two minutes; half a minute of them hurt.
    let values = [[1.0; 6], [0.9; 6], [1.0; 6], [1.0; 6]].concat();
    cockpit.tick("03:12:00").poll(VITAL, curve("03:10:05", 5, &values));
    assert_eq!(cockpit.crossings(), [(at("03:10:35"), false), (at("03:11:05"), true)]);
    cockpit.tick("03:12:05").poll(VITAL, curve("03:10:05", 5, &[values, vec![1.0]].concat()));
    assert_eq!(cockpit.crossings().len(), 2, "once");
    // What was before anyone watched is no part of this.
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:08:00", 5, &[[1.0; 6], [0.9; 6], [1.0; 6], [1.0; 6]].concat()));
    assert_eq!(cockpit.crossings(), []);
}

/// Whether every vital has been live and in its range for a minute.
fn held(app: &App) -> bool {
    (0..app.session.config.vitals.len()).all(|at| {
        let since = app
            .world
            .vitals
            .inside_since(at)
            .filter(|_| matches!(vitals::vital(app.facts(), at), VitalState::Inside(_)));
        since.is_some_and(|since| app.session.now.duration_since(since).as_secs() >= 60)
    })
}
