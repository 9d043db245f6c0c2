//! Live is replayed: whatever happens to a file, what was shown is what it holds.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Append(usize, Vec<Event>),
    Tail(usize),
    Reopen(usize),
    Tear(Vec<u8>),
}

fn events() -> impl Strategy<Value = Event> {
    let text = "\\PC{0,12}|[\\x00-\\x7f]{0,6}";
    let status = prop_oneof![Just(Status::Bleeding), Just(Status::Stanched), Just(Status::Closed)];
    prop_oneof![
        4 => text.prop_map(|text| Event::Noted { text, when: None }),
        1 => text.prop_map(|title| Event::Retitled { title }),
        1 => "(SEV[1-3])?".prop_map(|severity| Event::SeveritySet { severity }),
        2 => (status, text).prop_map(|(status, reason)| Event::StatusSet { status, reason, when: None }),
        2 => "[ab]{1,2}".prop_map(|key| fired(&key).event),
        1 => any::<f64>().prop_map(|area| Event::VitalWorsened {
            vital: "ok".into(), since: start(), until: start(), seconds: area, worst: area, shown: String::new(), area, back: None,
        }),
        1 => any::<f64>().prop_map(|value| Event::VitalCrossed {
            key: value.to_string(), vital: "ok".into(), value, shown: String::new(), ok: String::new(), inside: true, when: start(),
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..2usize, prop::collection::vec(events(), 0..4)).prop_map(|(who, events)| Step::Append(who, events)),
        2 => (0..2usize).prop_map(Step::Tail),
        1 => (0..2usize).prop_map(Step::Reopen),
        1 => "[^\n]{1,20}".prop_map(|torn| Step::Tear(torn.into_bytes())),
    ];
    prop::collection::vec(step, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_was_shown_live_is_what_a_replay_shows(steps in steps(), undo in any::<bool>()) {
        let (data, first) = new("x");
        let (home, id, path) = (Home::at(data.path()), first.id().to_owned(), first.path());
        let mut journals = [first, home.open(&id).unwrap()];
        let mut live = journals.each_mut().map(Journal::take_entries);
        for step in steps {
            match step {
                Step::Append(who, events) => {
                    let mut drafts: Vec<_> = events.into_iter().map(draft).collect();
                    if undo && let Some(entry) = live[who].last() {
                        drafts.push(draft(Event::Undone { entry: entry.id }));
                    }
                    live[who].extend(journals[who].append(["alice", "bob"][who], &drafts, start()).unwrap().entries);
                }
                Step::Tail(who) => live[who].extend(journals[who].tail().unwrap().entries),
                Step::Reopen(who) => {
                    journals[who] = home.open(&id).unwrap();
                    live[who] = journals[who].take_entries();
                }
                Step::Tear(torn) => append_raw_bytes(&path, &torn),
            }
        }
        let log = home.read(&id).unwrap();
        prop_assert_eq!(&log.warnings, &[]);
        prop_assert!(log.entries.iter().map(|entry| entry.seq).eq(1..=log.entries.len() as u64));
        for (journal, mut live) in journals.iter_mut().zip(live) {
            live.extend(journal.tail().unwrap().entries);
            prop_assert_eq!(&live, &log.entries);
        }
        let listing = &home.incidents().unwrap()[0];
        let incident = Incident::replay(log.entries.clone());
        prop_assert_eq!(&listing.summary.title, &incident.summary.title);
        prop_assert_eq!(listing.summary.status, incident.summary.status);
        prop_assert_eq!(&listing.summary.severity, &incident.summary.severity);
        prop_assert_eq!(listing.summary.opened, incident.summary.opened);
        prop_assert_eq!(listing.entries, incident.version());
        prop_assert_eq!(listing.last, log.entries.last().map(|entry| entry.at));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn two_writers_whose_file_is_taken_away_lose_no_note(steps in prop::collection::vec((0..2usize, 0..8u8), 1..24)) {
        let (data, first) = new("x");
        let (home, id, path) = (Home::at(data.path()), first.id().to_owned(), first.path());
        let mut journals = [first, home.open(&id).unwrap()];
        let mut live = journals.each_mut().map(Journal::take_entries);
        let mut written = Vec::new();
        for (n, (who, what)) in steps.into_iter().enumerate() {
            match what {
                0 => drop(fs::remove_file(&path)),
                1 if path.exists() => cut(&path, path.metadata().unwrap().len().min(400)),
                2 | 3 => see(&mut live[who], journals[who].tail().unwrap()),
                _ => {
                    written.push(n.to_string());
                    let tail = journals[who].append("a", &[note(&n.to_string())], start()).unwrap();
                    see(&mut live[who], tail);
                }
            }
        }
        // Whoever has to add what only it knows is seen by the other in the next round.
        for who in [0, 1, 0, 1] {
            see(&mut live[who], journals[who].tail().unwrap());
        }
        let log = home.read(&id).unwrap();
        prop_assert_eq!(&log.warnings, &[]);
        prop_assert!(log.entries.iter().map(|entry| entry.seq).eq(1..=log.entries.len() as u64));
        let mut notes = texts(&log.entries);
        notes.sort_by_key(|note| note.parse::<usize>().unwrap());
        prop_assert_eq!(notes, written);
        prop_assert_eq!(&live[0], &log.entries);
        prop_assert_eq!(&live[1], &log.entries);
    }
}
