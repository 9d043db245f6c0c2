//! Charts against what they were an hour, a day, a week before.

use super::*;
use crate::{
    app::world::{comparison, rows},
    dashboard::{Ask, SubscriptionChange},
};

/// What is asked of earlier, and how often, in seconds: `errors 3600 168`.
fn asked(effects: &[Effect]) -> Vec<String> {
    let asks = effects.iter().filter_map(|effect| match effect {
        Effect::Subscribe(SubscriptionChange::Ask { query, every, .. }) => match &query.ask {
            Ask::Earlier { of, ago } => {
                let Ask::Range(text) = &**of else { return Some(format!("{of:?}")) };
                Some(format!("{text} {} {}", ago.as_secs(), every.unwrap_or_default().as_secs()))
            }
            _ => None,
        },
        _ => None,
    });
    asks.collect()
}

/// The query under which the past of the chart comes.
fn earlier(cockpit: &Cockpit) -> QueryId {
    let pane = &cockpit.app.world.plan.panes[0];
    cockpit.app.world.comparison.of(pane.queries[0]).expect("it is compared")
}

#[test]
fn a_key_goes_further_back_and_then_to_no_comparison() {
    let mut cockpit = Cockpit::new();
    cockpit.press("1");
    let mut seen = Vec::new();
    for _ in 0..4 {
        cockpit.effects.clear();
        cockpit.later(1).press("b");
        seen.extend(asked(&cockpit.effects));
        seen.push(cockpit.app.world.comparison.ago.map_or("none".into(), comparison::in_words));
    }
    // Half an hour is shown: an eighth of it lies ahead, and three quarters of that are used up before it is asked again.
    let expected = ["errors 3600 168", "1 h", "errors 86400 168", "1 d", "errors 604800 168", "1 w", "none"];
    assert_eq!(seen, expected);
    let stops = cockpit.effects.iter().filter(|one| matches!(one, Effect::Subscribe(SubscriptionChange::Stop(_))));
    assert_eq!(stops.count(), 1, "the past is asked for no more");
}

#[test]
fn the_past_is_asked_once_and_anew_at_another_pace_for_another_window() {
    let mut cockpit = Cockpit::new();
    cockpit.later(1).press("b");
    cockpit.effects.clear();
    for _ in 0..5 {
        cockpit.later(10).poll(1, curve("03:00:00", 5, &[1.0, 2.0]));
    }
    assert_eq!(asked(&cockpit.effects), Vec::<String>::new());
    let every = |cockpit: &Cockpit| cockpit.app.world.signals.every(earlier(cockpit)).as_secs();
    assert_eq!(every(&cockpit), 168);
    cockpit.press("}");
    assert_eq!(every(&cockpit), 337, "an hour is shown");
    cockpit.press("[");
    assert_eq!(every(&cockpit), 6 * 3600, "what stands still is known once");
}

#[test]
fn what_comes_of_it_is_beside_the_chart_and_says_nothing_of_its_source() {
    let mut cockpit = Cockpit::new();
    cockpit.later(1).press(":compare yesterday<enter>");
    assert_eq!(cockpit.app.world.comparison.ago, Some(Duration::from_secs(86_400)));
    let id = earlier(&cockpit);
    cockpit.poll(id.number(), curve("03:00:00", 5, &[7.0]));
    let pane = &cockpit.app.world.plan.panes[0];
    let (ago, slots) = rows::earlier_slots(cockpit.app.facts(), pane).expect("it is compared");
    let Some(Data::Series(series)) = slots[0].reading.map(|reading| &reading.data) else { panic!("series") };
    assert_eq!((ago.as_secs(), series[0].points[0].v), (86_400, 7.0));
    assert!(!cockpit.app.world.subscriptions.is_standing(id), "nobody is blind where the past is not known");
    // It is a chart of its own no more than it is evidence.
    assert!(cockpit.app.world.plan.panes.iter().all(|pane| !pane.queries.contains(&id)));
}

#[test]
fn what_is_no_length_of_time_is_said() {
    let mut cockpit = Cockpit::new();
    cockpit.later(1).press(":compare soon<enter>");
    let said = cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str());
    assert!(said.starts_with("soon is no length of time"), "{said}");
    assert_eq!(cockpit.app.world.comparison.ago, None);
}
