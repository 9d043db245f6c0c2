//! What comes of a line that was accepted.

use crate::{
    app::{
        App, Effect, Overlay, READ_ONLY,
        act::command_line,
        clock,
        commands::{board_file, checks, incidents, intent, logs, review, silence, status, verify},
        drafts::{answer_taken, record_taken},
        field::{MAX_TEXT, parse},
        screen::{
            Screen,
            overlay::{Prompt, Purpose},
        },
    },
    base::text,
    incident::{ActionKind, Cell, Event, MitigationKind, MitigationState, ObservationState, Status, board::CheckSpec},
};

/// Takes a line; when it can not be taken it stays open and says why.
pub(in crate::app) fn submit(app: &mut App, prompt: Prompt) -> Vec<Effect> {
    let text = text::clipped(prompt.field.text().trim(), MAX_TEXT).into_owned();
    if text.is_empty() && !prompt.purpose.spec().may_be_empty {
        return refuse(app, prompt, "type something, or Esc to leave");
    }
    if app.session.read_only && !prompt.purpose.only_looks() {
        return refuse(app, prompt, READ_ONLY);
    }
    let event = match prompt.purpose.clone() {
        Purpose::Symptom => observed(text, ObservationState::Present),
        Purpose::Sign => observed(text, ObservationState::Untested),
        Purpose::Check(id) => match checks::submit_check(app, id, &text) {
            Ok(event) => event,
            Err(why) => return refuse(app, prompt, &why),
        },
        Purpose::SignOf(of) => match checks::submit_sign(app, &of, &text) {
            Ok(event) => event,
            Err(why) => return refuse(app, prompt, &why),
        },
        Purpose::ParkWhy => {
            app.say(match app.incident.summary.status {
                Status::Bleeding => "parked until the bleeding has stopped",
                Status::Stanched | Status::Closed => "kept with the whys, for the review",
            });
            Event::WhyParked { text }
        }
        Purpose::Judge(hypothesis, state) => Event::HypothesisSet { hypothesis, state, reason: text },
        Purpose::Reword(id) => match app.incident.board.hypothesis(id) {
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
            Some("") => return refuse(app, prompt, "say what everything here takes for granted"),
            Some(text) => Event::AssumptionAdded { text: text.to_owned(), hypothesis: None },
            None => Event::AssumptionAdded { text, hypothesis },
        },
        Purpose::SettleNote(observation, state) => {
            let (when, note) = clock::split_backdate(&text, app.session.now, &app.session.shown_zone());
            Event::ObservationSet { observation, state, note, when }
        }
        Purpose::Title => Event::Retitled { title: text },
        Purpose::Severity => match parse::severity(&text) {
            // Asked on closing and left empty: nobody has said anything.
            Ok(severity) if severity.is_empty() && app.incident.summary.severity.is_none() => {
                let draft = prompt.purpose.spec().kept_under.draft().unwrap_or_default();
                return record_taken(app, &draft, Vec::new());
            }
            Ok(severity) => Event::SeveritySet { severity },
            Err(why) => return refuse(app, prompt, &why),
        },
        Purpose::Onset => match clock::parse(&text, app.session.now, &app.session.shown_zone()) {
            Some(when) => Event::OnsetSet { when, basis: "person".into() },
            None => return refuse(app, prompt, "not a time: write 03:05, 2026-11-22 03:05 or 8m ago"),
        },
        Purpose::Mitigation { hypothesis } => {
            let mitigation_kind = MitigationKind::guess(&text);
            Event::MitigationAdded { mitigation_kind, text, hypothesis, command: None, change: None }
        }
        Purpose::SignAgainst(hypothesis) => {
            let sign = app.draft(observed(text, ObservationState::Untested));
            let (observation, cell) = (sign.id, Cell::Cannot);
            app.screen.board.column = Some(observation);
            let mut drafts = vec![sign, app.draft(Event::CellSet { hypothesis, observation, cell })];
            drafts.extend(answer_taken(app, &prompt.purpose));
            return app.record_drafts(drafts);
        }
        Purpose::Plan(id) => {
            let mut drafts = vec![intent::planned(app, id, &text)];
            drafts.extend(answer_taken(app, &prompt.purpose));
            return app.record_drafts(drafts);
        }
        Purpose::Reject(intent) => {
            let mut drafts = verify::begun(app, &intent, MitigationState::Rejected, text);
            drafts.extend(answer_taken(app, &prompt.purpose));
            return app.record_drafts(drafts);
        }
        Purpose::MitigationNote(mitigation, state) => {
            let mut drafts = verify::marked(app, mitigation, state, text);
            drafts.extend(answer_taken(app, &prompt.purpose));
            if state == MitigationState::Failed {
                verify::offer_evidence(app, mitigation);
            }
            return app.record_drafts(drafts);
        }
        Purpose::RunCommand { intent, name, argv } => {
            if !command_line::is_shown_whole(app.screen.size, &argv) {
                let why = "it is longer than this screen shows: enlarge the terminal, or put it into a script";
                return refuse(app, prompt, why);
            }
            if text != name {
                return refuse(app, prompt, "that is not its name; nothing was run");
            }
            return intent::run_command(app, &intent, &name);
        }
        Purpose::Silence { source, .. } => match silence::understood(app, &prompt.purpose, &source, &text) {
            Ok(write) => return silence::show(app, &text, write),
            Err(why) => return refuse(app, prompt, &why),
        },
        Purpose::Write(write) if !command_line::are_shown_whole(app.screen.size, &write.lines()) => {
            return refuse(app, prompt, "it is longer than this screen shows: enlarge the terminal, or say less");
        }
        Purpose::Write(write) if text != write.name() => {
            return refuse(app, prompt, "that is not its name; nothing was sent");
        }
        Purpose::Write(write) => return silence::send(app, *write),
        Purpose::StatusReason(status) => {
            // Once, when there is time for it: while it bleeds nobody is asked.
            if status == Status::Closed && app.incident.summary.severity.is_none() {
                app.ask(Purpose::Severity);
            }
            Event::StatusSet { status, reason: text, when: status::status_since(app.facts(), status) }
        }
        Purpose::Review(question) => return review::submit_review(app, question, text, prompt),
        Purpose::Why { of, .. } => return review::submit_why(app, of, &text, &prompt),
        Purpose::WhyWords(why) if app.incident.causes.iter().all(|known| known.id != why) => {
            return refuse(app, prompt, "that answer is gone");
        }
        Purpose::EditAction(action) if app.incident.actions.iter().all(|known| known.id != action) => {
            return refuse(app, prompt, "that action is gone");
        }
        Purpose::WhyWords(why) => Event::WhyReworded { why, text },
        Purpose::EditAction(action) if text.is_empty() => Event::ActionEdited {
            action,
            text,
            owner: String::new(),
            due: String::new(),
            action_kind: ActionKind::default(),
        },
        Purpose::EditAction(action) => match parse::action(&text, app.session.now, &app.session.shown_zone()) {
            Ok(Event::ActionAdded { text, owner, due, action_kind }) => {
                Event::ActionEdited { action, text, owner, due, action_kind }
            }
            Ok(event) => event,
            Err(why) => return refuse(app, prompt, &why),
        },
        Purpose::ActionItem => match parse::action(&text, app.session.now, &app.session.shown_zone()) {
            Ok(event) => event,
            Err(why) => return refuse(app, prompt, &why),
        },
        Purpose::Filter(of) => {
            app.screen.set_filter(of, &text);
            drop_aside(&mut app.screen, &prompt);
            return Vec::new();
        }
        Purpose::Highlight => {
            drop_aside(&mut app.screen, &prompt);
            logs::highlight(app, &text);
            return Vec::new();
        }
        Purpose::LoadBoard => {
            drop_aside(&mut app.screen, &prompt);
            return board_file::load_board(app, &text);
        }
        Purpose::SaveBoard => {
            drop_aside(&mut app.screen, &prompt);
            return board_file::save_board(app, &text, false);
        }
        Purpose::NewIncident => {
            drop_aside(&mut app.screen, &prompt);
            return incidents::begin(app, &text);
        }
    };
    let draft = prompt.purpose.spec().kept_under.draft().unwrap_or_default();
    record_taken(app, &draft, vec![event])
}

/// What was left in the field before was taken.
fn drop_aside(screen: &mut Screen, prompt: &Prompt) {
    if let Some(name) = prompt.purpose.spec().kept_under.aside() {
        screen.left.remove(name);
    }
}

fn refuse(app: &mut App, mut prompt: Prompt, why: &str) -> Vec<Effect> {
    prompt.trouble = Some(why.to_owned());
    app.screen.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}

fn observed(text: String, state: ObservationState) -> Event {
    Event::ObservationAdded { text, state, origin: None, when: None, evidence: None, check: CheckSpec::default() }
}
