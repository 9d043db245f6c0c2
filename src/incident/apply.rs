//! From an entry of the log to the facts: what each kind of event changes. Cannot fail.

mod board;
mod outside;

use std::collections::HashSet;

use super::{
    ActionItem, ChosenValues, Entry, Event, Id, Incident, Mitigation, MitigationState, Note, Pin, StatusTurn, Watch,
    Why,
    effective::Admitted,
    judgement::Stamp,
    limits::{Limited, MOST_AUTHORS},
    mitigation::{GuardReply, MitigationTurn},
    onset::FirstAlerts,
    ranking,
};

impl Incident {
    /// Takes in an entry of the log, which has it already or gets it next.
    pub(super) fn take(&mut self, entry: &Entry) {
        // Neither a new cockpit nor a note, which may come from a shell, shows that an older cockpit still watches, and
        // what is written after a newer one was closed is no sign of one that was cut off before.
        if !matches!(entry.event, Event::WatchStarted { .. } | Event::Noted { .. })
            && let Some(watch) = self.writers.watch_of(&entry.by).and_then(|at| self.watches.get_mut(at))
            && watch.until.is_none()
        {
            watch.last = watch.last.max(entry.at);
        }
        let admitted = self.effective.admit(entry);
        if admitted == Admitted::Repeat {
            self.writers.wrote(&entry.by, entry.at);
            return;
        }
        if self.first_told.is_none() && matches!(entry.event, Event::AlertTurned { first: true, .. }) {
            self.first_told = Some(entry.id);
        }
        if self.authors.len() < MOST_AUTHORS && !self.authors.contains(&entry.by) {
            self.authors.insert(entry.by.clone());
        }
        if entry.event.touches_board() || matches!(entry.event, Event::Undone { .. } | Event::Redone { .. }) {
            self.stamp = Stamp(Some((entry.seq, entry.id)));
        }
        self.count(&entry.event);
        if admitted == Admitted::Yes {
            self.summary.follow(entry);
            match self.is_full_for(entry) {
                // Where it stands is never left out: what was said before that gives way.
                Some(kind @ Limited::StatusChanges) => {
                    let before = self.status_history.pop().map_or((entry.id, entry.seq), |turn| turn.entry);
                    self.beyond.leave_out(kind, before.0, before.1);
                    self.change(entry);
                }
                Some(kind) => self.beyond.leave_out(kind, entry.id, entry.seq),
                None => {
                    self.change(entry);
                    if entry.event.touches_board() {
                        self.counters.board_changes += 1;
                        self.follow(entry);
                    }
                }
            }
        }
        self.writers.wrote(&entry.by, entry.at);
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::HypothesisAdded { .. } => self.counters.rows += 1,
            Event::ObservationAdded { .. } => self.counters.columns += 1,
            Event::MitigationAdded { .. } => self.counters.mitigations += 1,
            _ => {}
        }
    }

    /// Follows the numbers, which is cheap, and keeps what turned the order. The ranking itself is due when all entries
    /// at hand are in: see [`Incident::judge`].
    fn follow(&mut self, entry: &Entry) {
        self.scores.follow(&entry.event, entry.id, &self.board);
        let next = self.scores.standing();
        self.rank_turns.extend(ranking::Turn::between(&self.standing, &next, &self.board, entry));
        self.lead.follow(&self.standing, &next, entry);
        self.standing = next;
        self.ranking_is_due = true;
    }

    /// Works out what follows from all entries at hand: the ranking, if anything that counts has changed, and what a single
    /// entry leaves in disorder.
    pub(super) fn judge(&mut self) {
        if std::mem::take(&mut self.first_alerts_are_due) {
            self.first_alerts = FirstAlerts::of(&self.alerts, self.summary.opened);
        }
        if std::mem::take(&mut self.changes_are_due) {
            // Stable: of those at one time the one that was told last stays in front.
            self.changes.make_contiguous().sort_by_key(|known| std::cmp::Reverse(known.change.at));
        }
        if std::mem::take(&mut self.ranking_is_due) {
            self.mark_stoppable();
            self.ranking = ranking::rank(&self.board);
        }
    }

    /// A row is stoppable when a mitigation for it is ready and can be undone.
    fn mark_stoppable(&mut self) {
        let ready = |m: &&Mitigation| m.is_reversible() && m.state == MitigationState::Proposed;
        let with: HashSet<_> = self.mitigations.iter().filter(ready).filter_map(|m| m.hypothesis).collect();
        for row in &mut self.board.hypotheses {
            row.stoppable = with.contains(&row.id);
        }
    }

    fn change(&mut self, entry: &Entry) {
        match &entry.event {
            // A storm, and a board being filled, bring by far the most entries; only what is kept of them is copied.
            Event::AlertTurned { .. }
            | Event::WatchdogTurned { .. }
            | Event::LeftOut { .. }
            | Event::SourceLost { .. }
            | Event::SourceBack { .. }
            | Event::VitalCrossed { .. }
            | Event::VitalWorsened { .. }
            | Event::ChangeSeen { .. } => self.observe(entry),
            Event::MitigationAdded { .. }
            | Event::MitigationSet { .. }
            | Event::MitigationPlanned { .. }
            | Event::GuardAnswered { .. } => self.mitigate(entry),
            Event::CheckSet { .. } | Event::CheckStarted { .. } | Event::CheckTurned { .. } => self.run_check(entry),
            event if event.touches_board() => self.change_board(entry),
            _ => self.change_other(entry),
        }
    }

    fn change_other(&mut self, entry: &Entry) {
        let at = entry.event.when().unwrap_or(entry.at);
        match entry.event.clone() {
            Event::WatchStarted { session, .. } => {
                let watch = Watch { session, by: entry.by.clone(), since: entry.at, until: None, last: entry.at };
                self.writers.watches(&watch, self.watches.len());
                self.watches.push(watch);
            }
            Event::WatchStopped { session, .. } => {
                if let Some(watch) = self.writers.watch_in(session).and_then(|at| self.watches.get_mut(at)) {
                    watch.until = Some(watch.since.max(at));
                }
            }
            Event::OnsetSet { when, basis } => self.onset_set = Some((when, basis)),
            Event::StatusSet { status, reason, when } => {
                // Whose clock went back said it after all that they had written before.
                let before = self.writers.last(&entry.by).filter(|_| when.is_none());
                let at = before.map_or(at, |before| at.max(before));
                self.status_history.push(StatusTurn {
                    status,
                    at,
                    by: entry.by.clone(),
                    reason,
                    entry: (entry.id, entry.seq),
                });
            }
            Event::Acknowledged { .. } => {
                self.acknowledged.get_or_insert_with(|| (entry.at, entry.by.clone()));
            }
            Event::Noted { text, .. } => self.notes.push(Note { id: entry.id, at, by: entry.by.clone(), text }),
            Event::WhyParked { text } => self.whys.push(Note { id: entry.id, at, by: entry.by.clone(), text }),
            Event::DraftKept { field, text } if text.is_empty() => {
                self.drafts.remove(&(entry.by.clone(), field));
            }
            Event::DraftKept { field, text } => drop(self.drafts.insert((entry.by.clone(), field), text)),
            Event::VariableSet { dashboard, variable, values, .. } => {
                let by = entry.by.clone();
                self.variables
                    .retain(|known| (&known.by, &known.dashboard, &known.variable) != (&by, &dashboard, &variable));
                self.variables.push(ChosenValues { by, dashboard, variable, values });
            }
            Event::Pinned { evidence } => {
                self.pins.push(Pin { id: entry.id, at, by: entry.by.clone(), evidence });
            }
            Event::SymptomFolded { observation, folded } => {
                if self.folded.len() < Limited::Observations.most() || self.folded.contains_key(&observation) {
                    self.folded.insert(observation, folded);
                }
            }
            Event::Answered { question, text } => {
                if question.is_why() {
                    self.answer_fixed_why(question, why(entry, None, text.clone(), false));
                }
                if text.is_empty() {
                    self.answers.remove(&question);
                } else {
                    self.answers.insert(question, text);
                }
            }
            Event::WhyAnswered { parent, text, process } => self.answer_why(why(entry, parent, text, process)),
            Event::WhyEnded { why: id, process } => {
                if let Some(known) = self.causes.iter_mut().find(|known| known.id == id) {
                    known.process = process;
                }
            }
            Event::WhyReworded { why: id, text } => self.reword_why(id, text),
            Event::ActionEdited { action, text, .. } if text.is_empty() => self.actions.retain(|a| a.id != action),
            Event::ActionEdited { action, text, owner, due, action_kind: kind } => {
                if let Some(known) = self.actions.iter_mut().find(|known| known.id == action) {
                    *known = ActionItem { id: action, text, owner, due, kind };
                }
            }
            Event::ActionAdded { text, owner, due, action_kind: kind } => {
                self.actions.push(ActionItem { id: entry.id, text, owner, due, kind });
            }
            Event::LinkAdded { title, url } => self.links.push((title, url)),
            // Which alerts are old news depends on when it was opened.
            Event::IncidentOpened { .. } => self.first_alerts_are_due = true,
            // What they change is in the summary.
            Event::Retitled { .. } | Event::SeveritySet { .. } => {}
            Event::CommandRan { .. }
            | Event::OperationSent { .. }
            | Event::OperationEnded { .. }
            | Event::Undone { .. }
            | Event::Redone { .. }
            | Event::TailRepaired { .. }
            | Event::Unknown(_) => {}
            _ => self.change_board(entry),
        }
    }

    fn mitigate(&mut self, entry: &Entry) {
        match entry.event.clone() {
            Event::MitigationAdded { text, mitigation_kind, hypothesis, command, change } => {
                let of_change = change.as_ref().and_then(|change| self.change_guards.get(change)).cloned();
                self.mitigations.push(Mitigation {
                    id: entry.id,
                    label: format!("m{}", self.counters.mitigations),
                    text,
                    kind: mitigation_kind,
                    hypothesis,
                    command,
                    change,
                    state: MitigationState::Proposed,
                    history: vec![MitigationTurn {
                        at: entry.at,
                        state: MitigationState::Proposed,
                        note: String::new(),
                    }],
                    by: entry.by.clone(),
                    effect: String::new(),
                    reversible: None,
                    vital: None,
                    minutes: None,
                    guard: of_change.unwrap_or_default(),
                });
            }
            Event::MitigationPlanned { mitigation, effect, reversible, vital, minutes } => {
                if let Some(known) = self.mitigations.iter_mut().find(|m| m.id == mitigation) {
                    (known.effect, known.reversible, known.vital, known.minutes) = (effect, reversible, vital, minutes);
                }
            }
            Event::GuardAnswered { mitigation, change, question, answer, text } => {
                let reply = GuardReply { answer, text };
                if let Some(known) = self.mitigations.iter_mut().find(|m| Some(m.id) == mitigation) {
                    known.guard.insert(question, reply);
                } else if let Some(change) = change {
                    self.change_guards.entry(change).or_default().insert(question, reply);
                }
            }
            Event::MitigationSet { mitigation, state, note, when } => {
                if let Some(known) = self.mitigations.iter_mut().find(|m| m.id == mitigation) {
                    known.state = state;
                    known.history.push(MitigationTurn { at: when.unwrap_or(entry.at), state, note });
                }
            }
            _ => {}
        }
    }
}

fn why(entry: &Entry, parent: Option<Id>, text: String, process: bool) -> Why {
    Why { id: entry.id, parent, text, process, at: entry.at, by: entry.by.clone(), question: None }
}

#[cfg(test)]
mod tests;
