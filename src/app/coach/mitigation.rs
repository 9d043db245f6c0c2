//! Stopping the bleeding: verify what was done, go back, try what may help, in that order.

use crate::{
    app::{
        Action, Doable, Ordered, Recovery,
        act::{
            intent,
            order::{may_have_done_it, touches, what_to_try},
            verify,
        },
        coach::{Advice, Case, Step, dismissed, only, with},
        world::{bleeding, recovery, vitals, worst_alert},
    },
    base::human_time,
    incident::{ChangeRecord, Mitigation, MitigationState, Status, mitigation_order as order, ranking::RowId},
};

/// Nothing critical has to have fired for so many seconds before alerts alone are taken for an end.
const QUIET: i64 = 300;
/// For so long the coach reminds of a mitigation that was proposed and not begun, in seconds.
const BEGIN_WITHIN: i64 = 120;

/// A mitigation that runs, once there is something to say of it: its vital is back, or its deadline is past.
pub(super) fn verify(case: Case<'_>) -> Option<Advice> {
    let mut said: Vec<Advice> = Vec::new();
    for running in verify::running(case.facts.incident) {
        let vital = case.facts.incident.mitigation(running.id).and_then(|m| m.vital.clone());
        let recovery = verify::recovery_of(case.facts, vital.as_deref());
        let words = verify::recovery_in_words(case.facts, &recovery);
        let name = format!("{} {}", running.label, running.text);
        let late = running.left(case.facts.session.now) <= 0;
        let verify = Step::Verify(running.id);
        said.extend(match recovery {
            Recovery::Held { .. } => {
                let still = verify::still_pages(case.facts).map(|alert| format!(", but {alert}")).unwrap_or_default();
                Some(with(format!("{name}: {words}{still}. Mark it worked?"), verify))
            }
            Recovery::Holding { .. } => Some(only(format!("{name}: {words} before you call it."))),
            // What it is judged by is well; what is not may be another matter.
            Recovery::Hurting(..) if late && verify::own_has_held(case.facts, vital.as_deref()) => {
                let own = vital.unwrap_or_default();
                Some(with(format!("{name}: {own} has held in range, but {words}. Did it work?"), verify))
            }
            Recovery::Hurting(..) if late => {
                Some(with(format!("{name} is past its deadline and {words}: mark it failed?"), Step::Fail(running.id)))
            }
            Recovery::Unknown(_) | Recovery::NoVitals if late => {
                let text = format!("{name} is past its deadline and {words}: look another way. Did it work?");
                Some(with(text, verify))
            }
            _ => None,
        });
    }
    said.into_iter().find(|advice| dismissed::is_news(case, advice))
}

/// A mitigation that runs and shows nothing yet.
pub(super) fn watch(case: Case<'_>) -> Option<Advice> {
    let all = verify::running(case.facts.incident);
    let first = all.into_iter().find(|running| dismissed::is_new(case, &Step::Verify(running.id)))?;
    let words = case.facts.incident.mitigation(first.id).map(|m| verify::running_in_words(case.facts, m));
    let words = words.unwrap_or_default();
    Some(with(format!("{} {} {words}. Did it work?", first.label, first.text), Step::Verify(first.id)))
}

/// Vitals were out of range and have held since.
pub(super) fn healed(case: Case<'_>) -> Option<Advice> {
    let hurt = case.facts.incident.vitals.values().any(|vital| vital.crossings.iter().any(|crossing| !crossing.inside));
    if !hurt {
        return None;
    }
    match recovery::recovery(case.facts, None) {
        Recovery::Held { since } => {
            let age = human_time::age(human_time::seconds_between(since, case.facts.session.now));
            let text = format!("Vitals have held in range for {age}: has the bleeding stopped?");
            Some(with(text, Step::Status(Status::Stanched)))
        }
        // Waiting is the right thing only when something was done, or there is nothing else to look at.
        recovery @ Recovery::Holding { .. } if worked(case) || is_bare(case) => {
            Some(only(format!("{} before you call it stanched.", verify::recovery_in_words(case.facts, &recovery))))
        }
        _ => None,
    }
}

/// Where no vital tells: alerts that page have fired and are resolved, as far as their sources, all of them live, say.
pub(super) fn quiet(case: Case<'_>) -> Option<Advice> {
    let since = bleeding::quiet_since(case.facts).filter(|_| case.facts.session.config.vitals.is_empty())?;
    let seconds = human_time::seconds_between(since, case.facts.session.now);
    let age = human_time::age(seconds);
    match seconds {
        QUIET.. => {
            let text = format!(
                "Nothing critical has fired for {age}, as far as live alerts tell; no vital does. Has the bleeding stopped?"
            );
            Some(with(text, Step::Status(Status::Stanched)))
        }
        _ if worked(case) => {
            let needed = human_time::age(QUIET);
            Some(only(format!("Nothing critical fires since {age}: wait for {needed} before you call it stanched.")))
        }
        _ => None,
    }
}

/// Nothing fires and nothing was noted.
fn is_bare(case: Case<'_>) -> bool {
    let board = &case.facts.incident.board;
    worst_alert::worst_known(case.facts).is_none() && board.observations.is_empty() && board.hypotheses.is_empty()
}

fn worked(case: Case<'_>) -> bool {
    case.facts.incident.mitigations.iter().any(|m| m.state == MitigationState::Worked)
}

/// A mitigation that was proposed a moment ago and that nobody has begun.
pub(super) fn begin(case: Case<'_>) -> Option<Advice> {
    let proposed = case.facts.incident.mitigations.last().filter(|m| m.state == MitigationState::Proposed)?;
    let since = proposed.history.last().map_or(0, |turn| human_time::seconds_between(turn.at, case.facts.session.now));
    let text = || format!("{} is proposed: run it, or say that it is being done by hand.", proposed.text);
    (hurts(case) && since < BEGIN_WITHIN).then(|| with(text(), Step::Begin(proposed.id)))
}

/// Whether anything hurts, or did when it was last heard of.
pub(super) fn hurts(case: Case<'_>) -> bool {
    vitals::hurting(case.facts).is_some() || worst_alert::worst_known(case.facts).is_some()
}

/// A revertible change shortly before the onset that touches what hurts, and that nobody has gone back from yet.
pub(super) fn go_back(case: Case<'_>) -> Option<Advice> {
    let onset = case.facts.incident.onset()?;
    let suspects = case.facts.incident.changes.iter().filter(|record| is_suspect(case, record));
    // The change that touches what hurts before the one that is merely near in time.
    let (touches, record) =
        suspects.map(|record| (touches(case.facts, record), record)).max_by_key(|(t, r)| (*t, r.change.at))?;
    if touches < least(case) {
        return None;
    }
    let before = human_time::age(onset.duration_since(record.change.at).as_secs());
    let text = format!("Roll back {} ({before} before the onset; was data written since?).", record.change.title);
    Some(with(text, Step::Undo(record.change.id.clone())))
}

/// How much a change must touch to be gone back from. Beside what runs, and before anything but an alert that pages nobody
/// says that users are hurt, a symptom is not enough: what would have helped could not be told, and nothing bleeds.
fn least(case: Case<'_>) -> u8 {
    let typed = case.facts.incident.board.observations.iter().any(|o| o.evidence.is_none());
    let pages = worst_alert::paging(case.facts).is_some();
    let hurt =
        bleeding::bleeding_since(case.facts).is_some() || pages || typed || case.facts.session.config.vitals.is_empty();
    if hurt && verify::running(case.facts.incident).is_empty() { 1 } else { 2 }
}

fn is_suspect(case: Case<'_>, record: &ChangeRecord) -> bool {
    let command =
        intent::command_that_undoes(case.facts, record).map(|at| case.facts.session.config.commands[at].name.as_str());
    let tried = case.facts.incident.mitigations.iter().any(|m| {
        m.change.as_deref() == Some(record.change.id.as_str()) || (command.is_some() && m.command.as_deref() == command)
    });
    // A change that is gone back on only when nothing was written since is not suggested; a person opens it.
    record.change.kind.is_revertible()
        && !tried
        && may_have_done_it(case.facts, record)
        && dismissed::is_new(case, &Step::Undo(record.change.id.clone()))
}

/// What is more likely to help than not, and can be taken back, is tried before more is looked at.
pub(super) fn try_what_likely_helps(case: Case<'_>) -> Option<Advice> {
    try_next(case, |ordered| ordered.reversible && ordered.belief >= order::LIKELY)
}

/// What may help and can be taken back is tried before it is filled in what every row expects: it stops the bleeding, and
/// what comes of it tells more than a cell.
pub(super) fn try_what_may_help_and_goes_back(case: Case<'_>) -> Option<Advice> {
    try_next(case, |ordered| ordered.reversible && ordered.belief >= order::POSSIBLE)
}

/// What may help is tried before waiting.
pub(super) fn try_what_may_help(case: Case<'_>) -> Option<Advice> {
    try_next(case, |ordered| ordered.belief >= order::POSSIBLE)
}

/// One thing at a time: while something runs, its effect is awaited.
fn try_next(case: Case<'_>, worth: impl Fn(&Ordered) -> bool) -> Option<Advice> {
    if !hurts(case) || !verify::running(case.facts.incident).is_empty() {
        return None;
    }
    what_to_try(case.facts).into_iter().filter(worth).find_map(|ordered| {
        let (text, step) = match ordered.what {
            Doable::Mitigation(id) => {
                let m = case.facts.incident.mitigation(id)?;
                (format!("{} {}", m.label, m.text), Step::Begin(id))
            }
            Doable::Command(at) => (case.facts.session.config.commands.get(at)?.text.clone(), Step::Run(at)),
        };
        // What was left as a rollback is not offered again as a command, until the board speaks for it.
        let left = |at: usize| {
            let undone = case
                .facts
                .incident
                .changes
                .iter()
                .find(|record| intent::command_that_undoes(case.facts, record) == Some(at));
            undone.is_some_and(|record| !dismissed::is_new(case, &Step::Undo(record.change.id.clone())))
        };
        if matches!(ordered.what, Doable::Command(at) if left(at)) && ordered.belief < order::LIKELY {
            return None;
        }
        dismissed::is_new(case, &step).then(|| with(format!("Try: {text} ({}).", ordered.why), step))
    })
}

/// As [`ask_for_a_mitigation`], but only while nothing runs: asked before the leader is doubted, since what could be done
/// comes first.
pub(super) fn ask_for_a_first_mitigation(case: Case<'_>) -> Option<Advice> {
    verify::running(case.facts.incident).is_empty().then(|| ask_for_a_mitigation(case)).flatten()
}

/// Nothing known would help: what would, if the leader were true?
pub(super) fn ask_for_a_mitigation(case: Case<'_>) -> Option<Advice> {
    let board = &case.facts.incident.board;
    let leader = case.facts.incident.ranking.rows.iter().find_map(|row| match row.id {
        RowId::Named(id) => board.hypothesis(id).filter(|row| row.state.is_live()),
        RowId::Other => None,
    });
    let Some(row) = leader else {
        return Some(with("No row holds up: add another hypothesis.", Step::AddHypotheses));
    };
    // Someone has answered that already; whether to begin on it is another question.
    let waits = |m: &Mitigation| {
        m.hypothesis == Some(row.id) && matches!(m.state, MitigationState::Proposed | MitigationState::Running)
    };
    if case.facts.incident.mitigations.iter().any(waits) {
        return None;
    }
    let text = format!("{} {} leads: what stops the bleeding if it is true?", row.label, row.text);
    hurts(case).then(|| with(text, Step::Mitigate(Some(row.id))))
}

/// The advice where everything else was offered and left: what is waited for.
pub(super) fn last_word(case: Case<'_>) -> Advice {
    // Something that nobody believes in is still more than waiting, and is not called more than that.
    if let Some(mut advice) = try_next(case, |_| true) {
        advice.text.insert_str(0, "Nothing better is known. ");
        return advice;
    }
    let recovery = recovery::recovery(case.facts, None);
    let words = verify::recovery_in_words(case.facts, &recovery);
    match recovery {
        Recovery::NoVitals if worked(case) && !hurts(case) => {
            let stanched = case.facts.session.keymap.quoted_with_view(Action::Stanched);
            only(format!("Nothing fires, and no vital tells: {stanched} says that the impact has stopped."))
        }
        Recovery::Hurting(..) => only(format!("{words}: watch it, and note what you see.")),
        Recovery::Unknown(_) => only(format!("{words}: look at it another way, and note what you see.")),
        _ if hurts(case) => {
            let alert = worst_alert::worst_known(case.facts)
                .map(|alert| alert.words_with("still fires", case.facts.session.now));
            let alert = alert.unwrap_or_else(|| "An alert still fires".into());
            only(format!("{alert}: watch it, and note what you see."))
        }
        _ => only(format!("{}; nothing is to be done now but to watch.", capital(&words))),
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
