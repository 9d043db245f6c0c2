//! The next best step, in one sentence with its key: a pure function of incident, signals and time.
//!
//! It follows the order a calm person follows: verify what was done; say what hurts; stop the bleeding by going back; else
//! look at what fired first; else make a hypothesis; else look for the sign that tells them apart; else doubt what leads: a
//! rival, the sign that would prove it wrong, what it takes for granted. What was offered and left is not offered again until something has changed. It proposes, and never blocks.

mod after;
mod doubt;
mod memory;
mod offer;
mod reason;
mod sight;
mod step;
mod storm;
mod treat;

pub use memory::Memory;
pub use offer::Offer;
pub(in crate::app) use sight::Sight;
pub use sight::WorstAlert;
pub use step::Step;
pub(in crate::app) use treat::touches;

use super::App;
use crate::{base::human_time, incident::Status};

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// One sentence.
    pub text: String,
    /// What `>` does; `None` when there is nothing to do but wait or read.
    pub step: Option<Step>,
}

/// The next best step.
pub fn advise(app: &App) -> Advice {
    match app.incident.status {
        Status::Bleeding => bleeding(app),
        Status::Stanched => after::stanched(app),
        Status::Closed => after::closed(app),
    }
}

fn with(text: impl Into<String>, step: Step) -> Advice {
    Advice { text: text.into(), step: Some(step) }
}

fn only(text: impl Into<String>) -> Advice {
    Advice { text: text.into(), step: None }
}

/// What one part of the coach has to say.
type Part = fn(&App) -> Option<Advice>;

/// Who is asked first. A part is passed over while what it says was offered before and left.
const BLEEDING: [Part; 25] = [
    treat::verify,
    treat::healed,
    treat::quiet,
    sight::calm,
    sight::nothing_is_heard,
    storm::fold,
    sight::say_what_hurts,
    treat::begin,
    treat::go_back,
    sight::lost,
    doubt::nothing_holds_up,
    treat::try_what_likely_helps,
    reason::refute,
    reason::hypothesise,
    doubt::rival,
    doubt::poke_before_what_is_dear,
    reason::settle,
    treat::try_what_may_help,
    treat::ask_for_a_first_mitigation,
    reason::refute_the_rest,
    doubt::disprove,
    doubt::poke,
    treat::watch,
    treat::ask_for_a_mitigation,
    doubt::assume,
];

fn bleeding(app: &App) -> Advice {
    let advice = BLEEDING.iter().find_map(|part| part(app).filter(|advice| memory::is_news(app, advice)));
    let advice = advice.unwrap_or_else(|| treat::last_word(app));
    beside_what_runs(app, advice)
}

/// What runs stays in sight while something else is done.
fn beside_what_runs(app: &App, mut advice: Advice) -> Advice {
    let running = app.running();
    let speaks_of_it = |id| matches!(advice.step, Some(Step::Verify(known) | Step::Fail(known)) if known == id);
    if let Some(first) = running.first().filter(|first| !speaks_of_it(first.id) && advice.step.is_some()) {
        let left = first.left(app.now);
        if left > 0 {
            let label =
                if running.len() > 1 { format!("{} run", running.len()) } else { format!("{} runs", first.label) };
            advice.text = format!("{label}, {} left. {}", human_time::countdown(left), advice.text);
        }
    }
    advice
}
