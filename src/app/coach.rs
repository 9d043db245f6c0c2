//! The next best step, in one sentence with its key: a pure function of incident, signals and time.
//!
//! It follows the order a calm person follows: verify what was done; say what hurts; stop the bleeding by going back; else
//! look at what fired first; else make a hypothesis; else try what may help and can be taken back; else say what each row
//! expects and look for the sign that tells them apart; else doubt what leads: a rival, the sign that would prove it
//! wrong, what it takes for granted. What was offered and left is not offered again until something has changed. It
//! proposes, and never blocks.

pub mod after;
pub mod beside_act;
pub mod calm;
pub mod debounce;
pub mod dismissed;
pub mod doubt;
pub mod hypotheses;
pub mod mitigation;
mod smells;
pub mod step;
pub mod storm;
pub mod symptom;

pub use crate::app::coach::{debounce::Offer, dismissed::Dismissed, step::Step};
use crate::{
    app::{Facts, View, act::verify},
    base::human_time,
    incident::Status,
};

/// What the coach remembers from one message to the next.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Coach {
    /// What was offered and left.
    pub(in crate::app) dismissed: Dismissed,
    /// What stands on the screen.
    pub(in crate::app) offer: Offer,
    /// The step that was said and waits to be confirmed.
    pub(in crate::app) asked: Option<Step>,
}

/// What the coach goes by.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What is known.
    pub facts: Facts<'a>,
    /// What was offered before and left.
    pub(in crate::app) dismissed: &'a Dismissed,
    /// What the person looks at: they are not told to go where they are.
    pub(in crate::app) view: View,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// One sentence.
    pub text: String,
    /// What `>` does; `None` when there is nothing to do but wait or read.
    pub step: Option<Step>,
}

/// The next best step.
pub fn advise(case: Case<'_>) -> Advice {
    match case.facts.incident.summary.status {
        Status::Bleeding => bleeding(case),
        Status::Stanched => after::stanched(case),
        Status::Closed => after::closed(case),
    }
}

fn with(text: impl Into<String>, step: Step) -> Advice {
    Advice { text: text.into(), step: Some(step) }
}

fn only(text: impl Into<String>) -> Advice {
    Advice { text: text.into(), step: None }
}

/// What one part of the coach has to say.
type Part = fn(Case<'_>) -> Option<Advice>;

/// Who is asked first. A part is passed over while what it says was offered before and left.
const BLEEDING: [Part; 29] = [
    mitigation::verify,
    mitigation::healed,
    mitigation::quiet,
    calm::calm,
    calm::nothing_is_heard,
    storm::fold,
    symptom::say_what_hurts,
    mitigation::begin,
    mitigation::go_back,
    symptom::see_more,
    smells::look,
    calm::lost,
    doubt::nothing_holds_up,
    mitigation::try_what_likely_helps,
    hypotheses::refute,
    hypotheses::hypothesise,
    mitigation::try_what_may_help_and_goes_back,
    hypotheses::fill,
    doubt::rival,
    doubt::poke_before_what_is_dear,
    hypotheses::settle,
    mitigation::try_what_may_help,
    mitigation::ask_for_a_first_mitigation,
    hypotheses::refute_the_rest,
    doubt::disprove,
    doubt::poke,
    mitigation::watch,
    mitigation::ask_for_a_mitigation,
    doubt::assume,
];

fn bleeding(case: Case<'_>) -> Advice {
    let advice = BLEEDING.iter().find_map(|part| part(case).filter(|advice| dismissed::is_news(case, advice)));
    let advice = advice.unwrap_or_else(|| mitigation::last_word(case));
    beside_what_runs(case, advice)
}

/// What runs stays in sight while something else is done.
fn beside_what_runs(case: Case<'_>, mut advice: Advice) -> Advice {
    let running = verify::running(case.facts.incident);
    let speaks_of_it = |id| matches!(advice.step, Some(Step::Verify(known) | Step::Fail(known)) if known == id);
    if let Some(first) = running.first().filter(|first| !speaks_of_it(first.id) && advice.step.is_some()) {
        let left = first.left(case.facts.session.now);
        if left > 0 {
            let label =
                if running.len() > 1 { format!("{} run", running.len()) } else { format!("{} runs", first.label) };
            advice.text = format!("{label}, {} left. {}", human_time::countdown(left), advice.text);
        }
    }
    advice
}
