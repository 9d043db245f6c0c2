//! Leaving an incident for another, with a data folder of one answer.

use super::*;
use crate::{
    app::{
        IncidentRow, OtherIncident, READ_ONLY,
        another::{Another, hear_again, on_another, typed_ahead},
        screen::overlay::Purpose,
    },
    dashboard::SubscriptionChange,
};

fn notice(cockpit: &Cockpit) -> &str {
    cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn row(id: &str, status: &'static str) -> IncidentRow {
    IncidentRow { id: id.into(), title: "a title".into(), status, ..IncidentRow::default() }
}

fn another(incident: Incident) -> Another {
    Another { id: "2026-11-22-0311-other".into(), incident, seed: 2, now: at("03:11:00") }
}

#[test]
fn a_new_one_is_asked_for_by_its_title_or_without_one() {
    let new = |title: &str| [Effect::OpenIncident(OtherIncident::New(title.into()))];
    assert_eq!(Cockpit::new().press(":new checkout 5xx<enter>").effects, new("checkout 5xx"));
    assert_eq!(Cockpit::new().press(":new<enter>checkout 5xx<enter>").effects, new("checkout 5xx"));
    assert_eq!(Cockpit::new().press(":new<enter><enter>").effects, new(""));
}

#[test]
fn one_that_is_there_is_named_or_chosen_from_the_list() {
    let named = |name: &str| Effect::OpenIncident(OtherIncident::Named(name.into()));
    assert_eq!(Cockpit::new().press(":switch 0120<enter>").effects, [named("0120")]);
    let mut cockpit = Cockpit::new();
    assert_eq!(cockpit.press(":switch<enter>").effects, [Effect::ListIncidents]);
    let rows = vec![row("2026-11-22-0120-pool", "bleeding"), row("2026-11-21-0312-checkout", "closed")];
    cockpit.press("clo").send(Msg::IncidentsListed(Ok(rows)));
    cockpit.press("<enter>");
    assert_eq!(cockpit.effects.last(), Some(&named("2026-11-21-0312-checkout")), "what was typed before narrows it");
}

#[test]
fn what_cannot_be_opened_is_said_and_changes_nothing() {
    let mut cockpit = Cockpit::new();
    cockpit.press(":switch 9<enter>").send(Msg::IncidentNotOpened("no incident \"9\"".into()));
    assert_eq!((notice(&cockpit), cockpit.app.session.id.as_str()), ("no incident \"9\"", "2026-11-22-0300-test"));
    cockpit.later(1).press(":switch<enter>").send(Msg::IncidentsListed(Err("no right to read it".into())));
    assert!(cockpit.app.screen.overlay.is_none() && notice(&cockpit) == "no right to read it");
    cockpit.press(":switch 2026-11-22-0300-test<enter>");
    assert_eq!(notice(&cockpit), "that is the incident that is open");
}

#[test]
fn an_incident_is_not_left_while_its_journal_takes_nothing() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("nfirst<ctrl-s>");
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("nothing recorded") };
    cockpit.send(Msg::NotRecorded(drafts, "the disk is full".into()));
    assert!(cockpit.press(":new x<enter>").effects.is_empty());
    assert!(notice(&cockpit).starts_with("not left: its journal takes nothing just now (the disk is full)"));
}

#[test]
fn a_simulation_and_a_cockpit_that_only_reads_begin_nothing() {
    let mut drill = Cockpit::new();
    drill.app.incident.summary.drill = true;
    assert!(drill.press(":new x<enter>").press(":switch x<enter>").effects.is_empty());
    let mut reading = Cockpit::new();
    reading.app.session.read_only = true;
    assert!(reading.press(":new x<enter>").effects.is_empty());
    assert_eq!(notice(&reading), READ_ONLY);
    assert_eq!(reading.press(":switch x<enter>").effects.len(), 1);
}

#[test]
fn what_a_source_told_before_it_failed_is_no_fact_of_the_other_incident() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrorRate"]));
    let now = cockpit.app.session.now;
    let fault = Fault::new(FaultKind::TimedOut(Duration::from_secs(5)), "");
    cockpit.send(Msg::Polled { query: QueryId::nth(ALERTS), outcome: Err(fault), at: now });
    let before = cockpit.app.clone();
    let mut app = on_another(&before, another(Incident::default()));
    app.start();
    let effects = hear_again(&mut app, &before);
    let told = effects.iter().any(|effect| {
        matches!(effect, Effect::Record(drafts)
        if drafts.iter().any(|draft| matches!(draft.event, Event::AlertTurned { .. })))
    });
    assert!(!told, "{effects:?}");
    let slot = app.world.signals.slot(QueryId::nth(ALERTS)).expect("a slot");
    assert!(slot.good.is_none() && slot.fault().is_some());
}

#[test]
fn sources_tell_the_other_incident_what_they_told_this_one() {
    let mut cockpit = Cockpit::new();
    cockpit
        .poll(VITAL, Data::Number(0.9))
        .poll(ALERTS, firing(&["CheckoutErrorRate"]))
        .press("}")
        .press("z")
        .press(":mouse<enter>");
    assert!(!cockpit.app.session.mouse);
    let before = cockpit.app.clone();
    let mut app = on_another(&before, another(Incident::default()));
    assert_eq!((app.world.window, app.session.utc), (before.world.window, before.session.utc));
    assert_eq!(app.session.mouse, before.session.mouse, "the terminal has it, or has it not");
    let mut effects = app.start();
    effects.extend(hear_again(&mut app, &before));
    let recorded = effects.iter().filter_map(|effect| match effect {
        Effect::Record(drafts) => Some(drafts),
        _ => None,
    });
    let fires = recorded.flatten().filter(|draft| matches!(&draft.event, Event::AlertTurned { .. })).count();
    assert!(fires > 0, "what fires is recorded there, too");
    for pane in &before.world.plan.panes {
        for query in &pane.queries {
            let reading = |app: &App| app.world.signals.slot(*query).and_then(|slot| slot.good.clone());
            assert_eq!(reading(&app).is_some(), reading(&before).is_some(), "{query:?}");
        }
    }
}

#[test]
fn an_answer_to_a_check_of_one_incident_is_none_of_another() {
    let mut cockpit = Cockpit::new();
    let queries = cockpit.app.world.plan.queries().count();
    cockpit.press("2tpool full<enter>").tick("03:12:00").press("T<ctrl-u>prom pool present > 0.5<enter>");
    cockpit.tick("03:12:10").press("<enter>");
    let asked = cockpit.app.world.plan.queries().count();
    assert!(asked > queries, "a check asks a query of its own");
    let app = on_another(&cockpit.app, another(Incident::default()));
    assert_eq!(app.world.plan.queries().count(), asked, "its name is not given to another query");
    let changes = app.world.subscriptions.changes_from(&cockpit.app.world.subscriptions);
    assert!(matches!(changes[..], [SubscriptionChange::Stop(_)]), "nobody asks it any more: {changes:?}");
}

#[test]
fn the_title_of_a_new_one_is_kept_when_its_field_is_left() {
    let mut cockpit = Cockpit::new();
    cockpit.press(":new<enter>half a ti<esc>").tick("03:10:01").press(":new<enter>");
    let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("no field") };
    assert_eq!((&prompt.purpose, prompt.field.text().as_str()), (&Purpose::NewIncident, "half a ti"));
}

#[test]
fn what_is_typed_behind_the_wish_for_another_incident_waits_for_it() {
    let mut cockpit = Cockpit::new();
    cockpit.press(":new it<enter>nsecond<ctrl-s>");
    assert!(cockpit.app.screen.overlay.is_none() && !cockpit.kinds().contains(&"note"), "{:?}", cockpit.kinds());
    // The other one takes it.
    let ahead = typed_ahead(&mut cockpit.app);
    let mut other = Cockpit::new();
    let effects = other.app.type_on(ahead);
    other.carry_out(effects);
    assert!(other.kinds().contains(&"note"), "{:?}", other.kinds());
    // Where it takes a while they still wait, and that is said; where it takes too long they go on, in order.
    cockpit.press(":new it<enter>nfirst");
    cockpit.tick("03:10:01").press("<ctrl-s>").tick("03:10:02");
    assert!(cockpit.app.screen.overlay.is_none() && !cockpit.kinds().contains(&"note"), "{:?}", cockpit.kinds());
    assert!(cockpit.app.screen.notice.as_ref().is_some_and(|said| said.text.contains("waits for it")));
    cockpit.tick("03:10:11");
    assert!(cockpit.kinds().contains(&"note"), "{:?}", cockpit.kinds());
    // Nobody who types nothing for it sits before dead keys.
    cockpit.later(5).press(":new it<enter>").later(1).press("2");
    assert_eq!(cockpit.app.screen.view, View::Board);
    cockpit.press("1");
    // Where it comes to nothing that is said, and what was meant for it commands nothing.
    cockpit.later(5).press(":new it<enter>2").send(Msg::IncidentNotOpened("the disk is full".into()));
    assert_eq!(cockpit.app.screen.view, View::Watch);
    assert!(cockpit.app.screen.notice.as_ref().is_some_and(|said| said.text.contains("the disk is full")));
}
