//! Which incidents there are, and what a row says of one.

use super::*;

#[test]
fn a_row_says_as_the_cockpit_whether_anything_hurts() {
    let (data, mut journal) = new("x");
    let sign = draft(Event::ObservationAdded {
        text: "pool full".into(),
        state: ObservationState::Untested,
        origin: None,
        when: None,
        evidence: None,
        check: CheckSpec::default(),
    });
    let turned = Event::CheckTurned {
        key: "check|1|0".into(),
        observation: sign.id,
        run: sign.id,
        state: ObservationState::Present,
        was: None,
        shown: "0.97".into(),
        times: 0,
        or_longer: false,
        when: start(),
    };
    for (drafts, bled) in [(vec![sign], false), (vec![draft(turned)], true)] {
        journal.append(AUTHOR, &drafts, start()).unwrap();
        let home = Home::at(data.path());
        let incident = Incident::replay(home.read(journal.id()).unwrap().entries);
        assert_eq!((home.incidents().unwrap()[0].bled, incident.has_bled()), (bled, bled));
    }
}

#[test]
fn incidents_are_listed_newest_first() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::at(data.path());
    assert_eq!(home.incidents().unwrap(), []);
    assert_eq!(home.newest().unwrap(), None);

    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let close = Event::StatusSet { status: Status::Closed, reason: String::new(), when: None };
    home.create("zebra", false, AUTHOR, at("2026-11-22T03:12:01Z")).unwrap();
    home.create("apple", false, AUTHOR, at("2026-11-22T03:12:30Z")).unwrap();
    let mut closed = home.create("closed", false, AUTHOR, at("2026-11-22T09:00:00Z")).unwrap();
    let severity = Event::SeveritySet { severity: "SEV2".into() };
    closed.append(AUTHOR, &[draft(severity), draft(close.clone())], at("2026-11-22T09:30:00Z")).unwrap();
    fs::create_dir(data.path().join("incidents/2026-11-22-1000-empty")).unwrap();

    let listings = home.incidents().unwrap();
    let names: Vec<_> = listings.iter().map(|listing| listing.title.as_str()).collect();
    assert_eq!(names, ["", "closed", "apple", "zebra"], "those of one minute by their seconds");
    assert!(listings[0].unreadable.is_some());
    assert!(listings[1].is_closed() && listings[1].severity.as_deref() == Some("SEV2") && listings[1].entries == 3);
    assert_eq!(listings[1].last, Some(at("2026-11-22T09:30:00Z")));

    let newest = || home.newest().unwrap().unwrap().title;
    assert_eq!(newest(), "apple", "the newest that is not closed");
    let resumed = |now: &str| home.resumable(at(now)).unwrap().map(|listing| listing.title);
    assert_eq!(resumed("2026-11-22T07:12:29Z").as_deref(), Some("apple"));
    assert_eq!(resumed("2026-11-22T07:12:30Z"), None, "four hours after its last entry");
    for title in ["zebra", "apple"] {
        let mut journal = home.open(&format!("2026-11-22-0312-{title}")).unwrap();
        journal.append(AUTHOR, &[draft(close.clone())], at("2026-11-22T09:00:00Z")).unwrap();
    }
    assert_eq!(newest(), "closed", "all are closed: the newest");
    home.create("exercise", true, AUTHOR, at("2026-11-22T12:00:00Z")).unwrap();
    assert_eq!(resumed("2026-11-22T12:00:01Z"), None, "a drill is not taken up for an outage");
}
