//! What comes of text that was accepted.

use super::{
    App, Effect, Overlay, clock,
    field::{Field, MAX_TEXT, parse},
    learn::mitigation_kind,
    overlay::{Candidate, Picker, Prompt, Purpose, picker::Line},
};
use crate::{
    incident::{ActionKind, Cell, Event, MitigationState, ObservationState, Prior, Status, board::CheckSpec},
    signal::scrub,
};

impl App {
    /// Takes a note; `03:05 text` dates it back. What looks like a time and is none is said once; then the note is taken as
    /// it stands.
    pub(super) fn submit_note(&mut self, mut field: Field) -> Vec<Effect> {
        if field.is_blank() {
            return self.forget_draft("note", Vec::new());
        }
        let text = scrub::block(&field.text(), MAX_TEXT).into_owned();
        if field.trouble().is_none()
            && let Some(time) = parse::no_time(&text, self.now, &self.shown_zone())
        {
            field.warn(format!("{time} is no time of day. Mend it, or Ctrl-S again keeps it as text, dated now."));
            self.overlay = Some(Overlay::Note(field));
            return Vec::new();
        }
        let (when, text) = clock::split_backdate(&text, self.now, &self.shown_zone());
        self.say("noted");
        self.forget_draft("note", vec![Event::Noted { text, when }])
    }

    /// Takes a line; when it can not be taken it stays open and says why.
    pub(super) fn submit(&mut self, prompt: Prompt) -> Vec<Effect> {
        let text = scrub::clipped(prompt.field.text().trim(), MAX_TEXT).into_owned();
        if text.is_empty() && !prompt.purpose.may_be_empty() {
            return self.refuse(prompt, "type something, or Esc to leave");
        }
        if self.read_only && prompt.purpose != Purpose::Filter {
            return self.refuse(prompt, "read-only: nothing is written");
        }
        let event = match prompt.purpose.clone() {
            Purpose::Symptom => observed(text, ObservationState::Present),
            Purpose::Sign => observed(text, ObservationState::Untested),
            Purpose::Check(id) => match self.submit_check(id, &text) {
                Ok(event) => event,
                Err(why) => return self.refuse(prompt, &why),
            },
            Purpose::SignOf(of) => match self.submit_sign(&of, &text) {
                Ok(event) => event,
                Err(why) => return self.refuse(prompt, &why),
            },
            Purpose::ParkWhy => {
                self.say(match self.incident.summary.status {
                    Status::Bleeding => "parked until the bleeding has stopped",
                    Status::Stanched | Status::Closed => "kept with the whys, for the review",
                });
                Event::WhyParked { text }
            }
            Purpose::Judge(hypothesis, state) => Event::HypothesisSet { hypothesis, state, reason: text },
            Purpose::Reword(id) => match self.incident.board.hypothesis(id) {
                Some(row) => Event::HypothesisEdited {
                    hypothesis: id,
                    text,
                    prior: row.prior,
                    changed: row.changed,
                    owner: row.owner.clone(),
                },
                None => return Vec::new(),
            },
            Purpose::Assumption(hypothesis) => match text.strip_prefix("all:").map(str::trim) {
                Some("") => return self.refuse(prompt, "say what everything here takes for granted"),
                Some(text) => Event::AssumptionAdded { text: text.to_owned(), hypothesis: None },
                None => Event::AssumptionAdded { text, hypothesis },
            },
            Purpose::SettleNote(observation, state) => {
                let (when, note) = clock::split_backdate(&text, self.now, &self.shown_zone());
                Event::ObservationSet { observation, state, note, when }
            }
            Purpose::Title => Event::Retitled { title: text },
            Purpose::Severity => match parse::severity(&text) {
                Ok(severity) => Event::SeveritySet { severity },
                Err(why) => return self.refuse(prompt, &why),
            },
            Purpose::Onset => match clock::parse(&text, self.now, &self.shown_zone()) {
                Some(when) => Event::OnsetSet { when, basis: "person".into() },
                None => return self.refuse(prompt, "not a time: write 03:05, 2026-11-22 03:05 or 8m ago"),
            },
            Purpose::Mitigation { hypothesis } => {
                let mitigation_kind = mitigation_kind(&text);
                Event::MitigationAdded { mitigation_kind, text, hypothesis, command: None, change: None }
            }
            Purpose::SignAgainst(hypothesis) => {
                let sign = self.draft(observed(text, ObservationState::Untested));
                let (observation, cell) = (sign.id, Cell::Cannot);
                self.board.column = Some(observation);
                let mut drafts = vec![sign, self.draft(Event::CellSet { hypothesis, observation, cell })];
                drafts.extend(self.draft_taken(&prompt.purpose));
                return self.record_drafts(drafts);
            }
            Purpose::Plan(id) => {
                let mut drafts = vec![self.planned(id, &text)];
                drafts.extend(self.draft_taken(&prompt.purpose));
                return self.record_drafts(drafts);
            }
            Purpose::Reject(intent) => {
                let mut effects = self.begun(&intent, MitigationState::Rejected, text);
                let taken: Vec<_> = self.draft_taken(&prompt.purpose).into_iter().collect();
                effects.extend(self.record_drafts(taken));
                return effects;
            }
            Purpose::MitigationNote(mitigation, state) => {
                let mut drafts = self.marked(mitigation, state, text);
                drafts.extend(self.draft_taken(&prompt.purpose));
                if state == MitigationState::Failed {
                    self.offer_evidence(mitigation);
                }
                return self.record_drafts(drafts);
            }
            Purpose::RunCommand { intent, name, .. } => {
                if text != name {
                    return self.refuse(prompt, "that is not its name; nothing was run");
                }
                return self.run_command(&intent, &name);
            }
            Purpose::StatusReason(status) => Event::StatusSet { status, reason: text, when: self.status_since(status) },
            Purpose::Review(question) => return self.submit_review(question, text, prompt),
            Purpose::Why { of, .. } => return self.submit_why(of, &text, &prompt),
            Purpose::WhyWords(why) if self.incident.causes.iter().all(|known| known.id != why) => {
                return self.refuse(prompt, "that answer is gone");
            }
            Purpose::EditAction(action) if self.incident.actions.iter().all(|known| known.id != action) => {
                return self.refuse(prompt, "that action is gone");
            }
            Purpose::WhyWords(why) => Event::WhyReworded { why, text },
            Purpose::EditAction(action) if text.is_empty() => Event::ActionEdited {
                action,
                text,
                owner: String::new(),
                due: String::new(),
                action_kind: ActionKind::default(),
            },
            Purpose::EditAction(action) => match parse::action(&text, self.now, &self.shown_zone()) {
                Ok(Event::ActionAdded { text, owner, due, action_kind }) => {
                    Event::ActionEdited { action, text, owner, due, action_kind }
                }
                Ok(event) => event,
                Err(why) => return self.refuse(prompt, &why),
            },
            Purpose::ActionItem => match parse::action(&text, self.now, &self.shown_zone()) {
                Ok(event) => event,
                Err(why) => return self.refuse(prompt, &why),
            },
            Purpose::Filter => {
                self.watch.filter = text;
                self.left.remove("filter");
                return Vec::new();
            }
            Purpose::LoadBoard => {
                self.left.remove("load");
                return self.load_board(&text);
            }
            Purpose::SaveBoard => {
                self.left.remove("save");
                return self.save_board(&text, false);
            }
        };
        let draft = prompt.purpose.draft_name().unwrap_or_default();
        self.forget_draft(&draft, vec![event])
    }

    /// Takes the marked candidates, or the selected line when none is marked, and opens the fill strip for them.
    pub(super) fn submit_picker(&mut self, picker: Picker) -> Vec<Effect> {
        let known = |at: &usize| picker.candidates.get(*at).cloned();
        let mut chosen: Vec<Candidate> = picker.marked.iter().filter_map(known).collect();
        let typed = scrub::line(picker.field.text().trim()).into_owned();
        match picker.selected() {
            Some(Line::Typed) => chosen.push(typed_candidate(typed)),
            Some(Line::Known(at)) if chosen.is_empty() => chosen.extend(known(&at)),
            _ => {}
        }
        if chosen.is_empty() || self.read_only {
            self.overlay = Some(Overlay::Picker(picker));
            self.complain(if self.read_only { "read-only: nothing is written" } else { "nothing to add" });
            return Vec::new();
        }
        self.board.marked.clear();
        let (mut drafts, rows) = self.adding(&chosen);
        if self.my_draft("hypothesis").is_some() {
            drafts.push(self.draft(Event::DraftKept { field: "hypothesis".into(), text: String::new() }));
        }
        self.awaited.rows = rows;
        self.record_drafts(drafts)
    }

    fn refuse(&mut self, mut prompt: Prompt, why: &str) -> Vec<Effect> {
        prompt.trouble = Some(why.to_owned());
        self.overlay = Some(Overlay::Prompt(prompt));
        Vec::new()
    }

    /// The zone times are shown in, and so typed in.
    pub fn shown_zone(&self) -> jiff::tz::TimeZone {
        if self.utc { jiff::tz::TimeZone::UTC } else { self.zone.clone() }
    }
}

fn observed(text: String, state: ObservationState) -> Event {
    Event::ObservationAdded { text, state, origin: None, when: None, evidence: None, check: CheckSpec::default() }
}

fn typed_candidate(text: String) -> Candidate {
    Candidate {
        text,
        from: "typed",
        about: String::new(),
        prior: Prior::Usual,
        changed: false,
        like: None,
        subject: None,
    }
}
