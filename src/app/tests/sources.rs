//! Sources that are lost and come back: each time is told once, by whoever notices first.

use super::*;

/// What an app would write now, without writing it.
fn drafts(effects: Vec<Effect>) -> Vec<Event> {
    let recorded = effects.into_iter().filter_map(|effect| match effect {
        Effect::Record(drafts) => Some(drafts),
        _ => None,
    });
    recorded.flatten().map(|draft| draft.event).collect()
}

fn fine() -> Data {
    Data::Series(Vec::new())
}

impl Cockpit {
    /// What turned at the source, and by what key.
    fn of_source(&self) -> Vec<(&'static str, &str)> {
        let told = self.log.iter().filter(|entry| matches!(kind(&entry.event), "lost" | "back"));
        told.map(|entry| (kind(&entry.event), entry.event.dedup_key().unwrap_or_default())).collect()
    }

    /// What the cockpit beside this one wrote.
    fn takes_in(&mut self, other: &Cockpit, from: usize) -> &mut Self {
        let entries = other.log[from..].to_vec();
        self.log.extend(entries.iter().cloned());
        self.send(Msg::Recorded(entries))
    }
}

#[test]
fn one_that_is_lost_twice_within_a_minute_is_told_twice() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, fine()).tick("03:11:05").fail(VITAL).fail(VITAL);
    cockpit.tick("03:11:15").poll(VITAL, fine());
    cockpit.tick("03:11:25").fail(VITAL).fail(VITAL);
    cockpit.tick("03:11:35").poll(VITAL, fine());
    let told = cockpit.of_source();
    assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), ["lost", "back", "lost", "back"]);
    let keys: std::collections::HashSet<_> = told.iter().map(|told| told.1).collect();
    assert_eq!(keys.len(), 4, "the journal takes each key once: {told:?}");
}

#[test]
fn one_that_comes_and_goes_is_told_so_once() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, fine());
    let at = |minute: usize, second: usize| format!("03:{minute:02}:{second:02}");
    for minute in 11..40 {
        cockpit.tick(&at(minute, 5)).fail(VITAL).fail(VITAL).tick(&at(minute, 30)).poll(VITAL, fine());
    }
    let kinds: Vec<_> = cockpit.of_source().into_iter().map(|told| told.0).collect();
    assert_eq!(kinds, ["lost", "back", "lost", "back", "lost"]);
    let said = cockpit.log.iter().filter_map(|entry| match &entry.event {
        Event::SourceLost { error, .. } => Some(error.ends_with("; it comes and goes")),
        _ => None,
    });
    assert_eq!(said.collect::<Vec<_>>(), [false, false, true]);
    // Once it has answered for a while it is back, since it last began to.
    cockpit.tick(&at(41, 20)).poll(VITAL, fine());
    assert_eq!(cockpit.of_source().len(), 5);
    cockpit.tick(&at(41, 40)).poll(VITAL, fine());
    let mut until = cockpit.app.incident.outages.iter().map(|outage| outage.until.map(|at| at.to_string()));
    assert_eq!(until.next_back(), Some(Some("2026-11-22T03:39:30Z".to_owned())));
}

#[test]
fn a_slow_journal_gets_each_loss_by_a_name_of_its_own() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, fine());
    cockpit.slow = true;
    for time in ["03:11:05", "03:11:25"] {
        cockpit.tick(time).fail(VITAL).fail(VITAL).poll(VITAL, fine());
    }
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    let kinds: Vec<_> = cockpit.of_source().into_iter().map(|told| told.0).collect();
    assert_eq!(kinds, ["lost", "back", "lost", "back"]);
}

#[test]
fn two_cockpits_tell_one_loss_once_however_far_apart_they_notice() {
    let (mut alice, mut bob) = (Cockpit::new(), Cockpit::new());
    for cockpit in [&mut alice, &mut bob] {
        cockpit.poll(VITAL, fine()).tick("03:11:58").fail(VITAL);
    }
    // At once: the same key, of which the journal takes one.
    let now = |cockpit: &mut Cockpit| {
        let (fault, at) = (Fault::new(FaultKind::Refused, ""), cockpit.app.session.now);
        drafts(cockpit.app.update(Msg::Polled { query: QueryId::nth(VITAL), outcome: Err(fault), at }))
    };
    let mut twins = (Cockpit::new(), Cockpit::new());
    for cockpit in [&mut twins.0, &mut twins.1] {
        cockpit.poll(VITAL, fine()).fail(VITAL).tick("03:11:59");
    }
    twins.1.tick("03:12:01");
    let keys = [&mut twins.0, &mut twins.1].map(|cockpit| now(cockpit)[0].dedup_key().map(str::to_owned));
    assert!(keys[0].is_some() && keys[0] == keys[1], "{keys:?}");

    // One after the other, in another minute.
    let from = alice.log.len();
    alice.fail(VITAL);
    assert_eq!(alice.of_source().len(), 1);
    bob.tick("03:12:03").takes_in(&alice, from).fail(VITAL);
    assert_eq!(bob.of_source().len(), 1, "alice has told it");
    let from = alice.log.len();
    alice.tick("03:13:00").poll(VITAL, fine());
    bob.tick("03:13:02").takes_in(&alice, from).poll(VITAL, fine());
    assert_eq!(bob.of_source().len(), 2, "that it is back, too");
    assert!(bob.app.incident.outages.iter().all(|outage| outage.until.is_some()));

    // Bob alone is cut off; alice, who sees it, does not say that it is back for him.
    let from = bob.log.len();
    bob.tick("03:13:20").fail(VITAL).fail(VITAL);
    assert_eq!(bob.of_source().len(), 3);
    alice.tick("03:13:21").takes_in(&bob, from).poll(VITAL, fine());
    assert_eq!(alice.of_source().len(), 3);
    bob.tick("03:13:40").poll(VITAL, fine());
    assert_eq!(bob.of_source().iter().map(|told| told.0).collect::<Vec<_>>(), ["lost", "back", "lost", "back"]);
}
