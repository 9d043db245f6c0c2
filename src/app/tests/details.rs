//! What Enter opens of a line of a list.

use super::*;
use crate::{
    app::screen::overlay::{FactSheet, fact_sheet::Fact},
    config::PaneKind,
};

fn opened(cockpit: &Cockpit) -> &FactSheet {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Facts(sheet)) => sheet,
        other => panic!("{other:?}"),
    }
}

fn fact<'s>(sheet: &'s FactSheet, name: &str) -> Option<&'s Fact> {
    sheet.facts.iter().find(|(known, _)| known == name).map(|(_, fact)| fact)
}

fn words(text: &str) -> Fact {
    Fact::Words(text.into())
}

/// The pane of this kind has the focus.
fn on(kind: PaneKind, cockpit: &mut Cockpit) {
    let pane = cockpit.app.world.plan.panes.iter().find(|pane| pane.pane.kind == kind).expect("a pane");
    cockpit.app.screen.watch.focus = Some(pane.id);
}

fn deploys() -> Data {
    let change = |version: &str, time: &str, who: Option<&str>| Change {
        id: version.into(),
        kind: ChangeKind::Deploy,
        title: "checkout".into(),
        service: Some("checkout".into()),
        version: Some(version.into()),
        at: at(time),
        who: who.map(str::to_owned),
        undo: who.map(|_| "ship checkout v1".to_owned()),
        url: who.map(|_| "https://ci.example/7".to_owned()),
    };
    Data::Changes(vec![change("v2", "03:04:00", None), change("v3", "03:05:00", Some("bob"))])
}

#[test]
fn a_change_is_opened_with_who_did_it_and_the_way_back() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(CHANGES, deploys());
    on(PaneKind::Changes, &mut cockpit);
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.watch.zoomed && cockpit.app.screen.overlay.is_none(), "the pane comes first");
    cockpit.press("<enter>");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.name.as_str(), fact(sheet, "kind")), ("checkout v3", Some(&words("deploy"))));
    assert_eq!(fact(sheet, "done"), Some(&Fact::At(at("03:05:00"))));
    assert_eq!(fact(sheet, "by"), Some(&words("bob")));
    assert_eq!(fact(sheet, "way back"), Some(&words("ship checkout v1")));
    assert_eq!(fact(sheet, "address"), Some(&Fact::Address("https://ci.example/7".into())));
    assert_eq!(fact(sheet, "source"), Some(&words("deploys")));
    assert_eq!(crate::app::screen::addresses::shown(&cockpit.app), ["https://ci.example/7"]);
    cockpit.press("y");
    let copied = cockpit.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    let copied = copied.expect("copied");
    assert!(copied.starts_with("checkout v3\nkind: deploy\n") && copied.contains("\nby: bob\n"), "{copied}");
    assert_eq!(opened(&cockpit).name, "checkout v3", "and it stays open");
    // Where the cursor was put, the pane is not in between.
    cockpit.press("<esc>").tick("03:10:01").press("<esc>").tick("03:10:02").press("j<enter>");
    let sheet = opened(&cockpit);
    assert!(!cockpit.app.screen.watch.zoomed);
    assert_eq!((sheet.name.as_str(), fact(sheet, "by")), ("checkout v2", Some(&Fact::Unsaid)));
    assert_eq!((fact(sheet, "way back"), fact(sheet, "address")), (Some(&Fact::Unsaid), None));
}

#[test]
fn a_second_enter_opens_an_alert_group_and_esc_leads_back_to_the_list() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A", "B"]));
    on(PaneKind::Alerts, &mut cockpit);
    cockpit.press("<enter>").press("<enter>");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.name.as_str(), fact(sheet, "summary")), ("A", Some(&words("A on checkout"))));
    assert_eq!(fact(sheet, "firing"), Some(&words("1 alert")));
    assert_eq!(fact(sheet, "service"), Some(&words("checkout")));
    assert_eq!(sheet.more[0].1.len(), 1);
    cockpit.press("<esc>").tick("03:10:01");
    assert!(cockpit.app.screen.watch.zoomed && cockpit.app.screen.overlay.is_none());
    // Without a row there is nothing to open: all panes are shown again.
    cockpit.poll(ALERTS, firing(&[])).poll(PROMETHEUS_ALERTS, firing(&[])).press("<enter>");
    assert!(!cockpit.app.screen.watch.zoomed && cockpit.app.screen.overlay.is_none());
}

#[test]
fn an_entry_of_the_timeline_is_opened_whole() {
    let mut cockpit = Cockpit::new();
    cockpit.press("npool<ctrl-j>  is full<enter>").tick("03:10:01").press("4<enter>");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.place.as_str(), sheet.name.as_str()), ("Log", "pool\n  is full"));
    let by = fact(sheet, "written by");
    assert_eq!((fact(sheet, "kind"), by), (Some(&words("note")), Some(&words("alice@host"))));
    assert_eq!((fact(sheet, "time"), fact(sheet, "written at")), (Some(&Fact::At(at("03:10:00"))), None));
    cockpit.press("<esc>").tick("03:10:02").press("1").poll(CHANGES, deploys()).press("4/bob<enter>");
    cockpit.tick("03:10:03").press("<enter>");
    let sheet = opened(&cockpit);
    let told = ["by", "way back", "written by"].map(|name| fact(sheet, name).cloned());
    assert_eq!(told, ["bob", "ship checkout v1", "the cockpit of alice@host"].map(|said| Some(words(said))));
    assert_eq!(fact(sheet, "written at"), Some(&Fact::At(at("03:10:02"))));
}
