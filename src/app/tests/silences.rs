//! Alerts that are told to nobody for a while.

use super::*;
use crate::{
    app::screen::overlay::{Purpose, write::Write},
    signal::{Operation, Receipt},
};

fn asked(cockpit: &Cockpit) -> (String, Option<String>) {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Prompt(prompt)) => (prompt.field.text(), prompt.trouble.clone()),
        other => panic!("a question, not {other:?}"),
    }
}

fn shown(cockpit: &Cockpit) -> Write {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Prompt(prompt)) => match &prompt.purpose {
            Purpose::Write(write) => (**write).clone(),
            other => panic!("what would be sent, not {other:?}"),
        },
        other => panic!("a question, not {other:?}"),
    }
}

fn writes(cockpit: &Cockpit) -> usize {
    cockpit.effects.iter().filter(|effect| matches!(effect, Effect::Write { .. })).count()
}

fn said(cockpit: &Cockpit) -> String {
    let mut all = cockpit.log.iter().filter(|entry| !matches!(entry.event, Event::DraftKept { .. }));
    let last = all.next_back().expect("an entry");
    crate::incident::timeline::item(last, &cockpit.app.incident).expect("a line").what
}

#[test]
fn what_is_silenced_is_shown_whole_confirmed_by_name_and_recorded_with_what_came_of_it() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors", "PoolFull"])).press("M");
    assert_eq!(asked(&cockpit).0, "alertname=\"CheckoutErrors\", service=\"checkout\" for 2h: ");
    cockpit.press("a fix is on its way<enter>");
    let write = shown(&cockpit);
    let expected = [
        "am is told to silence: alertname=\"CheckoutErrors\", service=\"checkout\"",
        "until 05:10:00Z, as alice@host: a fix is on its way",
        "hits 1 of 2 that fire there now: CheckoutErrors",
    ];
    assert_eq!((write.shown.iter().map(String::as_str).collect::<Vec<_>>(), write.warnings), (expected.into(), vec![]));
    // Another word sends nothing, and neither does leaving; what was typed is still there.
    cockpit.press("yes<enter>");
    assert_eq!(asked(&cockpit).1.as_deref(), Some("that is not its name; nothing was sent"));
    cockpit.press("<esc>").tick("03:10:02").press("M");
    assert_eq!(asked(&cockpit).0, "alertname=\"CheckoutErrors\", service=\"checkout\" for 2h: a fix is on its way");
    assert_eq!(writes(&cockpit), 0);
    cockpit.press("<enter>silence<enter>");
    assert_eq!(writes(&cockpit), 1);
    let Some(Effect::Write { sent, operation, .. }) =
        cockpit.effects.iter().find(|effect| matches!(effect, Effect::Write { .. })).cloned()
    else {
        panic!("it is sent")
    };
    assert_eq!(
        operation,
        Operation::Silence {
            matchers: vec!["alertname=\"CheckoutErrors\"".into(), "service=\"checkout\"".into()],
            until: at("05:10:02"),
            by: "alice@host".into(),
            comment: "a fix is on its way".into(),
        }
    );
    let told =
        "told am to silence {alertname=\"CheckoutErrors\", service=\"checkout\"} until 05:10: a fix is on its way";
    assert_eq!(said(&cockpit), told);
    cockpit.send(Msg::Written { sent, outcome: Ok(Receipt { id: "9d1a".into(), at: at("03:10:03") }) });
    assert_eq!(said(&cockpit), "am has silenced it (9d1a)");
    // The next one begins anew.
    cockpit.tick("03:10:05").press("M");
    assert_eq!(asked(&cockpit).0, "alertname=\"CheckoutErrors\", service=\"checkout\" for 2h: ");
}

#[test]
fn what_was_refused_or_is_not_known_to_be_done_is_said_and_not_sent_again() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"])).press("Mx<enter>silence<enter>");
    let is_sent = |entry: &&Entry| matches!(entry.event, Event::OperationSent { .. });
    let sent = cockpit.log.iter().find(is_sent).expect("an entry").id;
    cockpit.send(Msg::Written { sent, outcome: Err(Fault::new(FaultKind::Status(400), "bad matcher")) });
    assert_eq!(said(&cockpit), "am, told to have it silenced: status 400: bad matcher");
    let unsure = Fault::new(FaultKind::TimedOut(Duration::from_secs(30)), "");
    cockpit.send(Msg::Written { sent, outcome: Err(unsure) });
    assert!(said(&cockpit).ends_with("whether it was done is not known: look there before it is sent again"));
    assert_eq!(writes(&cockpit), 1);
}

#[test]
fn what_hits_nothing_or_everything_is_said_before() {
    let check = |typed: &str, warnings: &[&str]| {
        let mut cockpit = Cockpit::new();
        cockpit.poll(ALERTS, firing(&["CheckoutErrors", "PoolFull"]));
        cockpit.app.ask_with(Purpose::Silence { source: "am".into(), of: String::new() }, typed);
        cockpit.press("<enter>");
        assert_eq!(shown(&cockpit).warnings, warnings);
    };
    check("alertname=\"Other\" for 2h: x", &["nothing that fires now is hit"]);
    check("alertname=~\".*\" for 2h: x", &["that is everything am has firing"]);
    check("alertname=\"PoolFull\" for 48h: x", &["it lasts 48h"]);
    check("alertname=~\"Pool.*\" for 1h: x", &[]);
}

#[test]
fn without_somebody_who_can_be_told_nothing_is_asked() {
    let mut cockpit = Cockpit::new();
    cockpit.app.session.read_only = true;
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"])).press("M");
    assert!(cockpit.app.screen.overlay.is_none());
}
