//! Does the step that the coach line names, by the commands a person would have found on their own.
//!
//! Which step that is, and whether it has just changed, is the coach's to say; nothing is decided here.

use crate::{
    app::{
        Advice, App, Effect, Overlay, Step, View,
        act::intent::intent_of,
        coach,
        commands::{
            act, assumptions, board, checks, everywhere, guard, intent, judge, learn, smells, status, storm, verify,
        },
        evidence,
        screen::overlay::{Choice, Fill, Purpose, choice::Then},
        world::{checks::would_run, rows},
    },
    incident::ranking::RowId,
};

/// Said where there is no step to do.
const NOTHING: &str = "nothing to do but watch";

/// Passes over what the coach line says, until something that it is about has changed.
pub(in crate::app) fn not_now(app: &mut App) {
    let Some(advice) = seen_advice(app) else { return };
    let Some(step) = advice.step else { return app.say("there is no step to put off") };
    let topic = coach::dismissed::topic(app.case(), &step);
    app.coach.dismissed.take_up(topic);
    app.coach.dismissed.close();
    app.say("not now: it comes back when something about it changes");
}

/// What the coach says, once it has stood on the screen long enough to be read.
fn seen_advice(app: &mut App) -> Option<Advice> {
    let advice = coach::advise(app.case());
    if app.coach.offer.has_just_changed(&advice, app.session.now) {
        app.coach.offer.refused();
        app.screen.keys.refused(app.session.now);
        app.say("the next step has just changed: read it, then press again");
        return None;
    }
    Some(advice)
}

/// Does what the coach line says.
pub(in crate::app) fn take_advice(app: &mut App) -> Vec<Effect> {
    let Some(advice) = seen_advice(app) else { return Vec::new() };
    match advice.step {
        Some(step) => take(app, step),
        None => {
            app.say(NOTHING);
            Vec::new()
        }
    }
}

/// Says the next step, to be done when that is confirmed: nobody is asked to trust what they have not read.
pub(in crate::app) fn ask_to_take(app: &mut App) {
    let advice = coach::advise(app.case());
    if advice.step.is_none() {
        return app.say(NOTHING);
    }
    app.coach.asked = advice.step;
    let choice = Choice::new(advice.text).titled("The next step").or('y', "yes, do it", Then::NextStep).or(
        'n',
        "no, leave it",
        Then::Nothing,
    );
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// Does the step that was said and confirmed, unless another one has become the next meanwhile.
pub(in crate::app) fn take_confirmed(app: &mut App) -> Vec<Effect> {
    let asked = app.coach.asked.take();
    if let Some(step) = asked.filter(|asked| coach::advise(app.case()).step.as_ref() == Some(asked)) {
        return take(app, step);
    }
    app.complain("the next step has changed meanwhile; nothing was done");
    Vec::new()
}

fn take(app: &mut App, step: Step) -> Vec<Effect> {
    let topic = coach::dismissed::topic(app.case(), &step);
    app.coach.dismissed.take_up(topic);
    match step {
        Step::Acknowledge => return everywhere::acknowledge(app),
        Step::TakeAlert(pane, key) => {
            let facts = app.facts();
            let shown = app.world.plan.pane(pane).into_iter().flat_map(|pane| rows::known_alerts(facts, pane));
            let event = { shown }
                .find(|shown| shown.key() == key)
                .map(|shown| evidence::alert_as_symptom(facts, shown.source, shown.group));
            return event.map(|event| everywhere::record_symptom(app, event)).unwrap_or_default();
        }
        Step::TakeVital(at) => {
            return evidence::vital_as_symptom(app.facts(), at)
                .map(|event| everywhere::record_symptom(app, event))
                .unwrap_or_default();
        }
        Step::Fold => storm::open_storm(app),
        Step::LookAtSmells => smells::open_smells(app),
        Step::TypeSymptom => app.ask(Purpose::Symptom),
        Step::Undo(change) => {
            app.show(View::Act);
            act::propose_undoing(app, &change);
        }
        Step::Run(at) => {
            app.show(View::Act);
            if let Some(intent) = intent::intent_to_run(app, at, None) {
                guard::begin(app, intent);
            }
        }
        Step::Begin(id) => {
            app.show(View::Act);
            if let Some(intent) = intent_of(&app.incident, id) {
                guard::begin(app, intent);
            }
        }
        Step::Verify(id) => verify::ask_about(app, id),
        Step::Fail(id) => verify::ask_failed(app, id),
        Step::Confirm(id) => {
            app.show(View::Board);
            app.screen.board.row = Some(RowId::Named(id));
            judge::ask_confirm(app);
        }
        Step::Note(_) => everywhere::open_note(app),
        Step::AddAction => {
            app.show(View::Learn);
            app.ask(Purpose::ActionItem);
        }
        Step::AddHypotheses | Step::AddRival(_) | Step::AddMissing => everywhere::open_picker(app),
        Step::Fill => {
            app.show(View::Board);
            app.screen.overlay = Fill::of(&app.incident.board, &[]).map(Overlay::Fill);
        }
        Step::AddSign => app.ask(Purpose::Sign),
        Step::AddDisproof(id) => app.ask(Purpose::SignAgainst(id)),
        Step::Poke(id) => {
            app.show(View::Board);
            assumptions::ask_to_poke(app, id);
        }
        Step::Assume => app.ask(Purpose::Assumption(None)),
        Step::Settle(id) => {
            app.show(View::Board);
            app.screen.board.column = Some(id);
            if would_run(app.facts(), id)
                && let Some(effects) = checks::run_check(app, id)
            {
                return effects;
            }
            board::ask_to_settle(app);
        }
        Step::Refute(id) => {
            app.show(View::Board);
            app.screen.board.row = Some(RowId::Named(id));
            judge::ask_refute(app);
        }
        Step::Status(status) => status::ask_status(app, status),
        Step::Review(question) => {
            app.show(View::Learn);
            app.ask(Purpose::Review(question));
        }
        Step::Why(of) => {
            app.show(View::Learn);
            learn::ask_why(app, of);
        }
        Step::Mitigate(hypothesis) => {
            app.show(View::Act);
            app.ask(Purpose::Mitigation { hypothesis });
        }
    }
    Vec::new()
}
