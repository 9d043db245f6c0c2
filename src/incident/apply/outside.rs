//! What the cockpit saw by itself changes records: alerts, sources, vitals, changes. Each may be seen by two cockpits.

use crate::incident::{
    AlertRecord, AlertTurnAt, ChangeRecord, Crossing, Entry, Event, Incident, LeftOut, SourceOutage, Stretch,
    WatchdogRecord, onset::tells,
};

impl Incident {
    pub(super) fn observe(&mut self, entry: &Entry) {
        match &entry.event {
            Event::AlertTurned { source, group, title, severity, turn, firing, when, first, links, .. } => {
                // Two sources, or two cockpits, may each have taken theirs for the first; the log decides.
                let first = *first && !self.places.first_is_told();
                let told = AlertTurnAt { at: *when, turn: *turn, firing: *firing };
                let known = self.alert_place(source, group);
                let at = known.unwrap_or(self.alerts.len());
                let before = self.alerts.get(at).and_then(|record| record.turns.last()).map(|told| told.turn);
                let mut tells_no_longer = false;
                match self.alerts.get_mut(at) {
                    Some(record) => {
                        let now = record.severity.min(*severity);
                        tells_no_longer = tells(record.severity) && !tells(now);
                        record.severity = now;
                        record.turns.push(told);
                    }
                    None => self.alerts.push(AlertRecord {
                        source: source.clone(),
                        group: group.clone(),
                        title: title.clone(),
                        severity: *severity,
                        links: links.clone(),
                        first,
                        turns: vec![told],
                    }),
                }
                self.places.turned(&self.alerts, at, before);
                match self.alerts.get(at) {
                    Some(record) if !tells_no_longer => self.first_alerts.take(record, self.summary.opened),
                    _ => self.first_alerts_are_due = true,
                }
                self.clear_alert(title, *when);
            }
            Event::WatchdogTurned { source, group, title, firing, when, .. } => {
                let missing = (!firing).then_some(*when);
                let known = self.places.of_watchdog(source, group);
                match known.and_then(|at| self.watchdogs.get_mut(at)) {
                    Some(known) => (known.missing, known.turned, known.turns) = (missing, *when, known.turns + 1),
                    None => {
                        self.places.watchdog(source, group, self.watchdogs.len());
                        self.watchdogs.push(WatchdogRecord {
                            source: source.clone(),
                            group: group.clone(),
                            title: title.clone(),
                            missing,
                            turned: *when,
                            turns: 1,
                        });
                    }
                }
            }
            Event::LeftOut { source, what, count, since, until, .. } => {
                let (source, what, count, since) = (source.clone(), *what, *count, *since);
                let until = until.map(|until| since.max(until));
                let newest = self.places.of_left_out(&source, what).and_then(|at| self.left_out.get_mut(at));
                match newest.filter(|known| known.until.is_none()) {
                    Some(known) => {
                        (known.count, known.until) =
                            (known.count.max(count), until.map(|until| known.since.max(until)));
                    }
                    None => {
                        self.places.left_out(&source, what, self.left_out.len());
                        self.left_out.push(LeftOut { source, what, count, since, until });
                    }
                }
            }
            Event::SourceLost { source, error, when, .. } => {
                self.places.lost(source, self.outages.len());
                let (source, error) = (source.clone(), error.clone());
                self.outages.push(SourceOutage { source, error, since: *when, until: None });
            }
            Event::SourceBack { source, when, .. } => {
                // Two cockpits may each have written that it was lost; it is back for both.
                for at in self.places.back(source) {
                    if let Some(outage) = self.outages.get_mut(at) {
                        outage.until = Some(outage.since.max(*when));
                    }
                }
            }
            Event::VitalCrossed { vital, value, shown, ok, inside, when, .. } => {
                let record = self.vitals.entry(vital.clone()).or_default();
                record.ok.clone_from(ok);
                let last = record.crossings.last();
                // Two cockpits may write what they saw late; a clock that went back wrote it in order.
                let went_back = |last: &&Crossing| last.inside != *inside && entry.at < last.written;
                let at = last.filter(went_back).map_or(*when, |last| last.at.max(*when));
                let (seq, written) = (entry.seq, entry.at);
                record.crossings.push(Crossing {
                    at,
                    inside: *inside,
                    value: *value,
                    shown: shown.clone(),
                    seq,
                    written,
                });
                self.clear_vital(vital, *inside, at);
            }
            Event::VitalWorsened { vital, since, until, seconds, worst, shown, area, back } => {
                let (until, seconds, worst, area) = (*since.max(until), *seconds, *worst, *area);
                let back = back.map(|back| back.max(until));
                let mut stretch = Stretch { until, seconds, worst, shown: shown.clone(), area, back };
                let stretches = &mut self.vitals.entry(vital.clone()).or_default().stretches;
                // Two cockpits measure the same stretch; the one that saw more of it counts.
                match stretches.get_mut(since) {
                    Some(known) if known.seconds > stretch.seconds => known.back = known.back.max(back),
                    Some(known) => {
                        stretch.back = stretch.back.max(known.back);
                        *known = stretch;
                    }
                    None => drop(stretches.insert(*since, stretch)),
                }
            }
            Event::ChangeSeen { source, change, .. } => {
                self.changes_are_due |= self.changes.front().is_some_and(|newest| newest.change.at > change.at);
                self.rollouts.forget();
                self.changes.push_front(ChangeRecord { source: source.clone(), change: (**change).clone() });
            }
            _ => {}
        }
    }
}
