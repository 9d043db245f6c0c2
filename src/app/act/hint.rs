//! What would most likely be answered to the guard's questions, from what the feeds and vitals show.

use crate::{
    app::{
        App, Facts,
        act::{Intent, intent},
        clock,
        field::Field,
        world::vitals,
    },
    base::human_time,
    incident::{ChangeRecord, GuardQuestion, mitigation::VERIFY_WITHIN, rollouts::LastGood},
    signal::ChangeKind,
};

/// What is known that bears on a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuardHint {
    /// In words; empty when there is nothing to suggest.
    pub text: String,
    /// Whether it speaks against going back.
    pub warns: bool,
}

/// What would most likely be answered, or what to know before one answers.
pub fn guard_hint(facts: Facts<'_>, intent: &Intent, question: GuardQuestion) -> GuardHint {
    let record = intent.change.as_deref().and_then(|id| facts.incident.change_record(id));
    let text = match question {
        GuardQuestion::LastGood => last_good(facts, record),
        GuardQuestion::ChangedSince | GuardQuestion::WrittenSince => return seen_since(facts, record),
        GuardQuestion::Tested => String::new(),
        GuardQuestion::Proof => {
            let hurting = vitals::hurting(facts).map(|(vital, _)| vital);
            let signal = match hurting.or(facts.session.config.vitals.first()) {
                Some(vital) => format!("{} {}", vital.title, vitals::range_in_words(vital)),
                None => "the symptoms end".into(),
            };
            let undo = match record {
                Some(record) if record.change.kind == ChangeKind::Flag => {
                    format!("flip {} again", record.change.title)
                }
                Some(record) => format!("deploy {} again", record.change.title),
                None => "the same way back".into(),
            };
            format!("{signal} within {VERIFY_WITHIN} min; undo: {undo}")
        }
    };
    GuardHint { text, warns: false }
}

/// Of what came before a change: the one that ran for long enough and was not taken back, else the time before it.
fn last_good(facts: Facts<'_>, record: Option<&ChangeRecord>) -> String {
    let minute = |at| clock::minute(at, &facts.session.zone, facts.session.utc);
    let Some(record) = record else {
        return facts.incident.onset().map(|onset| format!("before {}", minute(onset))).unwrap_or_default();
    };
    match facts.incident.last_good_before(record) {
        LastGood::Ran(before, ran) => format!("{}, which ran for {}", before.change.title, human_time::age(ran)),
        LastGood::Before(doubtful) => format!("before {} at {}", doubtful.change.title, minute(doubtful.change.at)),
    }
}

/// What speaks against going back on a change at all, in words; `None` when nothing does.
pub fn caution(facts: Facts<'_>, intent: &Intent) -> Option<String> {
    let record = facts.incident.change_record(intent.change.as_deref()?)?;
    let title = &record.change.title;
    let minute = |at| clock::minute(at, &facts.session.zone, facts.session.utc);
    if facts.incident.is_rollback(record) {
        return Some(match facts.incident.rolled_back_from(record) {
            Some(from) => format!("{title} is a rollback of {}: going back on it brings that back", from.change.title),
            None => format!("{title} is a rollback: going back on it brings back what was taken back"),
        });
    }
    let next = facts.incident.replaced_by(record)?;
    Some(format!("{title} does not run any more: {} took its place at {}", next.change.title, minute(next.change.at)))
}

/// What the feeds show of data, schemas, flags and configuration since a change.
fn seen_since(facts: Facts<'_>, record: Option<&ChangeRecord>) -> GuardHint {
    let Some(since) = record.map(|record| record.change.at).or(facts.incident.onset()) else {
        return GuardHint::default();
    };
    let minute = |at| clock::minute(at, &facts.session.zone, facts.session.utc);
    let tells = |kind| !matches!(kind, ChangeKind::Deploy | ChangeKind::Scale | ChangeKind::Rollback);
    let seen = facts.incident.changes.iter().filter(|r| {
        r.change.at >= since && tells(r.change.kind) && record.is_none_or(|own| own.change.id != r.change.id)
    });
    let seen: Vec<String> =
        seen.map(|r| format!("{} {} {}", minute(r.change.at), r.change.kind.word(), r.change.title)).collect();
    let text = match seen.is_empty() {
        true => format!("none seen since {}; only the feeds were asked", minute(since)),
        false => format!("seen since: {}", seen.join(", ")),
    };
    GuardHint { text, warns: !seen.is_empty() }
}

/// The name under which the words of an answer are kept while they are being typed.
pub(in crate::app) fn guard_field(intent: &Intent, question: GuardQuestion) -> String {
    format!("guard {} {}", intent.name(), question.name())
}

/// A field for the words of an answer: what was left in it, else what would most likely be answered.
pub(in crate::app) fn field_for(app: &App, intent: &Intent, question: GuardQuestion) -> Field {
    let kept = app.facts().my_draft(&guard_field(intent, question)).map(str::to_owned);
    let known = || {
        intent::guard_of(&app.incident, intent)
            .get(&question)
            .map(|reply| reply.text.clone())
            .filter(|text| !text.is_empty())
    };
    let suggested = || match question {
        GuardQuestion::LastGood | GuardQuestion::Proof => guard_hint(app.facts(), intent, question).text,
        _ => String::new(),
    };
    Field::line(&kept.or_else(known).unwrap_or_else(suggested))
}
