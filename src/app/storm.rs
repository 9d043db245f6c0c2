//! An alert storm on its way to the board: what fires is folded into a few proposals, and one key takes, splits or drops
//! each.
//!
//! A proposal that is taken becomes one observation of one origin, so that fifty alerts move a ranking like one.

use std::{
    collections::{HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
};

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{
    App, Effect, Overlay,
    overlay::{Storm, storm::Done},
    rows::ShownGroup,
};
use crate::{
    config::{PaneKind, QueryId},
    incident::{Draft, Event, Folded, FoldedGroup, Observation, ObservationState, folded::MOST_GROUPS},
    signal::{
        AlertState, Data, Severity,
        storm::{self, Proposal, Seen},
    },
};

/// More groups than this that fire are a storm.
pub const MANY: usize = 6;

/// What is kept of a storm between the times its list is open.
#[derive(Clone, Debug, Default)]
pub struct StormState {
    /// What was dropped, as it was then; once it changes it is proposed again.
    dropped: Vec<u64>,
    /// The list as it was left.
    left: Option<Storm>,
    /// What fires in how many symptoms, when that is many.
    size: Option<Size>,
}

/// How large a storm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Alerts that fire.
    pub alerts: usize,
    /// The groups they are in.
    pub groups: usize,
    /// What they fold into.
    pub proposals: usize,
    /// Tells this storm from one in which anything fires that did not.
    stamp: u64,
}

/// Where a proposal stands with the board.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// Nothing of it is there.
    New,
    /// It is there.
    Taken(&'a Observation),
    /// It is a part of what is there.
    Within(&'a Observation),
    /// A part of it is there, and will share its origin.
    Holds(&'a Observation),
}

impl App {
    /// How large the storm is, when many groups fire.
    pub fn storm_size(&self) -> Option<Size> {
        self.storm.size
    }

    /// What fires, and what it inhibits; watchdogs aside, each group once.
    fn storm_groups(&self) -> Vec<ShownGroup<'_>> {
        let panes = self.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
        let mut known = HashSet::new();
        let groups = panes.flat_map(|pane| self.known_alerts(pane));
        groups.filter(|shown| known.insert((shown.source, Arc::clone(&shown.group.key)))).collect()
    }

    fn seen(&self) -> Vec<Seen> {
        let mut all = Vec::new();
        for shown in self.storm_groups() {
            let Some(source) = self.config.sources.get(shown.source) else { continue };
            let source: Arc<str> = source.name.as_str().into();
            let alerts = shown.group.alerts.iter().filter(|alert| alert.severity != Severity::None);
            all.extend(alerts.map(|alert| Seen::of(&source, shown.group, alert)));
        }
        all
    }

    /// Keeps count of a storm after a poll of alerts; folds only when something else fires than before.
    pub(super) fn watch_storm(&mut self, query: QueryId) {
        let reading = self.signals.slot(query).and_then(|slot| slot.good.clone());
        if !reading.is_some_and(|reading| matches!(reading.data, Data::Alerts(_))) {
            return;
        }
        let groups = self.storm_groups();
        let fires =
            |shown: &&ShownGroup<'_>| shown.group.state == AlertState::Firing && shown.group.severity != Severity::None;
        let mut hasher = DefaultHasher::new();
        let (mut alerts, mut count) = (0, 0);
        for shown in groups.iter().filter(fires) {
            (shown.source, &shown.group.key, shown.group.counts.firing, shown.group.since).hash(&mut hasher);
            (alerts, count) = (alerts + shown.group.counts.firing, count + 1);
        }
        let stamp = hasher.finish();
        if count <= MANY {
            self.storm.size = None;
        } else if self.storm.size.is_none_or(|size| size.stamp != stamp) {
            let proposals = storm::fold(self.seen()).len();
            self.storm.size = Some(Size { alerts, groups: count, proposals, stamp });
        }
    }

    /// Opens the list: as it was left when nothing else fires since, else folded anew.
    pub(super) fn open_storm(&mut self) {
        let left = self.storm.left.take().filter(|left| self.news_since(left) == (0, 0));
        let storm = left.unwrap_or_else(|| self.fold_storm());
        if storm.proposals.is_empty() {
            let dropped = !self.storm.dropped.is_empty() && !storm.firing.is_empty();
            return self.say(if dropped {
                "all that fires was dropped here"
            } else {
                "nothing fires: nothing to fold"
            });
        }
        self.overlay = Some(Overlay::Storm(storm));
    }

    fn fold_storm(&self) -> Storm {
        let seen = self.seen();
        let firing = seen.iter().filter(|alert| alert.state == AlertState::Firing);
        let firing = firing.map(|alert| (Arc::clone(&alert.source), Arc::clone(&alert.id))).collect();
        let proposals = storm::fold(seen).into_iter().filter(|p| !self.storm.dropped.contains(&stamp(p)));
        let mut proposals: Vec<_> = proposals.map(Arc::new).collect();
        // Of what is equally bad, what a vital out of range speaks of comes first.
        let names = |p: &Proposal| p.alerts.iter().any(|alert| self.names_what_hurts(&alert.labels));
        proposals.sort_by_key(|p| (p.is_rest, p.severity, !names(p)));
        Storm { proposals, firing: Arc::new(firing), ..Storm::default() }
    }

    /// How many alerts fire that did not when the list was made, and how many do no longer.
    pub fn news_since(&self, storm: &Storm) -> (usize, usize) {
        let (mut known, mut new) = (0, 0);
        for shown in self.storm_groups() {
            let Some(source) = self.config.sources.get(shown.source) else { continue };
            let source: Arc<str> = source.name.as_str().into();
            let fires =
                |alert: &&crate::signal::Alert| alert.state == AlertState::Firing && alert.severity != Severity::None;
            for alert in shown.group.alerts.iter().filter(fires) {
                match storm.firing.contains(&(Arc::clone(&source), Arc::clone(&alert.id))) {
                    true => known += 1,
                    false => new += 1,
                }
            }
        }
        (new, storm.firing.len().saturating_sub(known))
    }

    /// Where a proposal stands with the board.
    pub fn standing(&self, proposal: &Proposal) -> Standing<'_> {
        let there = || {
            let columns = self.incident.board.observations.iter();
            columns.filter(|column| column.state == ObservationState::Present && column.cleared.is_none())
        };
        if let Some(column) = there().find(|column| self.is_same(column, proposal)) {
            return Standing::Taken(column);
        }
        if let Some(column) = there().find(|column| self.is_within(proposal, column)) {
            return Standing::Within(column);
        }
        self.held_by(proposal).first().map_or(Standing::New, |column| Standing::Holds(column))
    }

    fn is_same(&self, column: &Observation, proposal: &Proposal) -> bool {
        let folded = self.incident.folded.get(&column.id);
        match folded {
            // What they are of is the same, and most of the groups; that alerts come and go says nothing.
            Some(folded) => {
                let (known, all) = folded.known(groups(proposal));
                folded.of == proposal.of && (2 * known >= all || folded.more > 0)
            }
            None => column.origin.as_deref() == Some(&proposal.of),
        }
    }

    fn is_within(&self, proposal: &Proposal, column: &Observation) -> bool {
        let Some(folded) = self.incident.folded.get(&column.id) else { return false };
        let (known, all) = folded.known(groups(proposal));
        let shares = folded
            .label()
            .is_none_or(|(name, value)| proposal.alerts.iter().all(|alert| alert.labels.get(name) == Some(value)));
        known == all && shares && proposal.began >= folded.began && proposal.alerts.len() <= folded.alerts
    }

    /// Single groups that were taken as symptoms before and belong to a proposal.
    pub fn held_by(&self, proposal: &Proposal) -> Vec<&Observation> {
        let mine = |column: &&Observation| {
            let of_group = |part: &storm::Part| {
                column.origin.as_deref() == Some(&part.title) && 2 * part.firing >= self.firing_in(part)
            };
            column.state == ObservationState::Present
                && column.cleared.is_none()
                && !self.incident.folded.contains_key(&column.id)
                && proposal.parts.iter().any(of_group)
        };
        self.incident.board.observations.iter().filter(mine).collect()
    }

    fn firing_in(&self, part: &storm::Part) -> usize {
        let groups = self.storm_groups();
        let same = |shown: &&ShownGroup<'_>| {
            let source = self.config.sources.get(shown.source);
            shown.group.key == part.group && source.is_some_and(|source| *source.name == *part.source)
        };
        groups.iter().find(same).map_or(0, |shown| shown.group.counts.firing)
    }

    /// A key while the list is open. Letters that mean nothing here do nothing.
    pub(super) fn press_storm(&mut self, mut storm: Storm, key: KeyEvent) -> Vec<Effect> {
        let mut effects = Vec::new();
        match key.code {
            KeyCode::Down | KeyCode::Char('j') => storm.step(1),
            KeyCode::Up | KeyCode::Char('k') => storm.step(-1),
            KeyCode::PageDown => storm.step(5),
            KeyCode::PageUp => storm.step(-5),
            KeyCode::Home => storm.cursor = 0,
            KeyCode::End | KeyCode::Char('G') => storm.step(isize::MAX),
            KeyCode::Enter | KeyCode::Char('s') => effects = self.take_proposal(&mut storm),
            KeyCode::Char('x') => self.split_proposal(&mut storm),
            KeyCode::Char('d') => self.drop_proposal(&mut storm),
            KeyCode::Char('u') => effects = self.undo_in_storm(&mut storm),
            KeyCode::Char('r') => self.fold_anew(&mut storm),
            KeyCode::Char('q') => {
                self.leave_storm(storm);
                return effects;
            }
            _ => {}
        }
        if storm.proposals.is_empty() && storm.dropped() == 0 {
            self.say("nothing fires any more: nothing to fold");
            return effects;
        }
        self.overlay = Some(Overlay::Storm(storm));
        effects
    }

    /// Nothing is lost by leaving: as long as nothing else fires, the list is as it was.
    pub(super) fn leave_storm(&mut self, storm: Storm) {
        self.storm.left = Some(storm);
    }

    fn take_proposal(&mut self, storm: &mut Storm) -> Vec<Effect> {
        let Some(proposal) = storm.selected().cloned() else { return Vec::new() };
        if let Standing::Taken(column) = self.standing(&proposal) {
            let said = format!("already on the board as {}; u takes back what was done last", column.label);
            self.say(said);
            return Vec::new();
        }
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        let drafts = self.proposal_drafts(&proposal);
        self.say(format!("symptom: {}", crate::signal::scrub::clipped(&proposal.text, 60)));
        storm.done.push(Done::Took);
        // The next one that is not on the board, so that the worst few take one key each.
        let left =
            |at: &usize| *at != storm.cursor && !matches!(self.standing(&storm.proposals[*at]), Standing::Taken(_));
        if let Some(next) = (storm.cursor..storm.proposals.len()).find(left) {
            storm.cursor = next;
        }
        self.record_drafts(drafts)
    }

    /// One observation with one origin; what was taken of it before gets the same.
    fn proposal_drafts(&mut self, proposal: &Proposal) -> Vec<Draft> {
        // A part of what is on the board counts with it, not beside it.
        let whole = match self.standing(proposal) {
            Standing::Within(column) => column.origin.clone(),
            _ => None,
        };
        let origin = whole.unwrap_or_else(|| self.free_origin(proposal));
        let held: Vec<_> = self.held_by(proposal).iter().map(|column| column.id).collect();
        let added = self.draft(self.proposal_as_symptom(proposal, &origin));
        let observation = added.id;
        let folded = self.draft(Event::SymptomFolded { observation, folded: folded(proposal) });
        self.board.column = Some(observation);
        let mut drafts = vec![added, folded];
        for observation in held {
            drafts.push(self.draft(Event::OriginSet { observation, origin: Some(origin.clone()) }));
        }
        drafts
    }

    /// The origin is what they are of; when that is spoken for by something else, with when it began.
    fn free_origin(&self, proposal: &Proposal) -> String {
        let mut columns = self.incident.board.observations.iter();
        match columns.any(|column| column.origin.as_deref() == Some(&proposal.of)) {
            true => format!("{} since {}", proposal.of, proposal.began.strftime("%H:%MZ")),
            false => proposal.of.clone(),
        }
    }

    fn split_proposal(&mut self, storm: &mut Storm) {
        let Some(proposal) = storm.selected().cloned() else { return };
        let parts = storm::split(&proposal);
        if parts.len() < 2 {
            return self.say("that is one alert: there is nothing to split");
        }
        storm.done.push(Done::List(storm.proposals.clone(), storm.cursor));
        let at = storm.cursor;
        storm.proposals.splice(at..=at, parts.into_iter().map(Arc::new));
    }

    fn drop_proposal(&mut self, storm: &mut Storm) {
        let Some(proposal) = storm.selected().cloned() else { return };
        if let Standing::Taken(column) = self.standing(&proposal) {
            let said = format!("it is on the board as {}: `u` takes that back", column.label);
            return self.say(said);
        }
        self.storm.dropped.push(stamp(&proposal));
        storm.done.push(Done::Dropped(storm.proposals.clone(), storm.cursor));
        storm.proposals.remove(storm.cursor);
        storm.step(0);
        self.say("dropped until it changes; u brings it back");
    }

    fn undo_in_storm(&mut self, storm: &mut Storm) -> Vec<Effect> {
        match storm.done.pop() {
            Some(Done::Took) => return self.perform(super::Action::Undo),
            Some(Done::List(proposals, cursor)) => (storm.proposals, storm.cursor) = (proposals, cursor),
            Some(Done::Dropped(proposals, cursor)) => {
                self.storm.dropped.pop();
                (storm.proposals, storm.cursor) = (proposals, cursor);
            }
            None => self.say("nothing was done here yet"),
        }
        Vec::new()
    }

    /// The cursor stays with what it was on, as far as that is still proposed.
    fn fold_anew(&mut self, storm: &mut Storm) {
        let on = storm.selected().map(|proposal| proposal.of.clone());
        let line = storm.cursor;
        *storm = self.fold_storm();
        storm.cursor = storm.proposals.iter().position(|p| Some(&p.of) == on.as_ref()).unwrap_or(line);
        storm.step(0);
    }
}

fn groups(proposal: &Proposal) -> impl Iterator<Item = (&str, &str)> {
    proposal.parts.iter().filter(|part| part.firing > 0).map(|part| (&*part.source, &*part.group))
}

/// What a proposal is: it is another one when a group joins it or it gets worse.
fn stamp(proposal: &Proposal) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut groups: Vec<_> = groups(proposal).collect();
    groups.sort_unstable();
    (&proposal.of, proposal.severity, groups).hash(&mut hasher);
    if let ([alert], true) = (proposal.alerts.as_slice(), proposal.parts.len() == 1) {
        alert.id.hash(&mut hasher);
    }
    hasher.finish()
}

/// What the symptom stands for, bounded.
fn folded(proposal: &Proposal) -> Folded {
    let group = |part: &storm::Part| FoldedGroup {
        source: part.source.to_string(),
        group: part.group.to_string(),
        title: part.title.to_string(),
        firing: part.firing,
    };
    let firing = || proposal.parts.iter().filter(|part| part.firing > 0);
    Folded {
        of: proposal.of.clone(),
        why: proposal.why.clone(),
        alerts: proposal.alerts.len(),
        inhibited: proposal.inhibited.len(),
        began: proposal.began,
        groups: firing().take(MOST_GROUPS).map(group).collect(),
        more: firing().count().saturating_sub(MOST_GROUPS),
    }
}
