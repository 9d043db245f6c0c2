//! Facts about the incident, as they stand in the journal.
//!
//! An [`Event`] is in the past tense, holds absolute values (never "one more") and is enough, together with all entries
//! before it, to rebuild the incident. Its JSON is a contract: kinds and fields may be added, never renamed. Kinds this
//! version does not know are kept and ignored.

mod about;
mod alert_entry;
mod entry;
mod terms;

pub use entry::{Draft, Entry};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
pub use terms::{AlertTurn, Observed, Status};

use super::{
    Folded, Id,
    board::{AssumptionState, Cell, CheckSpec, Evidence, HypothesisState, ObservationState, Prior},
    float,
    folded::is_zero,
    learning::{ActionKind, Question},
    mitigation::{GuardAnswer, GuardQuestion, MitigationKind, MitigationState},
};
use crate::signal::{Change, Operation, Severity, alert::AlertLinks};

/// A fact about the incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    // The incident itself.
    /// The first entry of every journal.
    IncidentOpened {
        /// What it is called.
        title: String,
        /// Whether it is an exercise: a demo or a drill.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        drill: bool,
    },
    /// A cockpit began to watch.
    WatchStarted {
        /// Tells one cockpit from another on the same host.
        session: Id,
        /// Whether it has vitals: where they say whether users are hurt, alerts alone do not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        vitals: bool,
    },
    /// A cockpit stopped watching.
    WatchStopped {
        /// The session that ended.
        session: Id,
        /// When it last polled, if that was earlier than this entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Timestamp>,
    },
    /// The title was changed.
    Retitled {
        /// The new title.
        title: String,
    },
    /// The severity was set: `SEV1`.
    SeveritySet {
        /// The team's own word.
        severity: String,
    },
    /// When it began, as far as is known.
    OnsetSet {
        /// The onset.
        when: Timestamp,
        /// How that is known: `first alert`, `vital`, `person`.
        basis: String,
    },
    /// A person decided on the status.
    StatusSet {
        /// The new status.
        status: Status,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// When it became so, if earlier than this entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Timestamp>,
    },
    /// Someone said: I am on it.
    Acknowledged {
        /// What was acknowledged, in words; empty for the incident as a whole.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        what: String,
    },

    // What people write.
    /// A note.
    Noted {
        /// Its text; may have several lines.
        text: String,
        /// When it happened, if not when it was written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Timestamp>,
    },
    /// A "why" put aside until the bleeding has stopped.
    WhyParked {
        /// The question.
        text: String,
    },
    /// A field was left open: its text, so that it can be taken up again. Empty text drops the draft.
    DraftKept {
        /// Which field.
        field: String,
        /// What stood in it.
        text: String,
    },
    /// A variable of a dashboard was set by hand. Whoever did it finds it so when the incident is opened again.
    VariableSet {
        /// The dashboard, by the name of its file.
        dashboard: String,
        /// What people call the dashboard.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
        /// The name of the variable.
        variable: String,
        /// Its values; Grafana's own word for all of them.
        values: Vec<String>,
        /// Its values in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        shown: String,
    },
    /// A reading was kept with its numbers.
    Pinned {
        /// What was seen and where.
        evidence: Evidence,
    },

    // What was observed by machine; each carries a key, so that two cockpits do not write it twice.
    /// Something happened to a group of alerts.
    AlertTurned {
        /// Source, group, start and turn; see [`Event::dedup_key`].
        key: String,
        /// The source it was seen at.
        source: String,
        /// The group's key at that source.
        group: String,
        /// What people call the group.
        title: String,
        /// How bad.
        severity: Severity,
        /// What happened.
        turn: AlertTurn,
        /// How many alerts of the group fire after this.
        firing: usize,
        /// When the first of them began, or when it ended.
        when: Timestamp,
        /// Whether no alert fired before this one in this incident.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        first: bool,
        /// Where it leads to.
        #[serde(default)]
        links: AlertLinks,
    },
    /// A group of alerts fired again, and ended, too soon after it had fired to be told each time.
    AlertFlapped {
        /// See [`Event::dedup_key`].
        key: String,
        /// The source it was seen at.
        source: String,
        /// The group's key at that source.
        group: String,
        /// What people call the group.
        title: String,
        /// How often.
        times: usize,
        /// When that was first seen.
        since: Timestamp,
        /// When it was last seen.
        until: Timestamp,
    },
    /// An alert that fires on purpose, all the time, is missing, or fires again.
    WatchdogTurned {
        /// See [`Event::dedup_key`].
        key: String,
        /// The source it was seen at.
        source: String,
        /// The group's key at that source.
        group: String,
        /// What people call it.
        title: String,
        /// Whether it fires after this.
        firing: bool,
        /// Since when.
        when: Timestamp,
    },
    /// More was seen at a source than is written one by one. Of one stretch the newest counts.
    LeftOut {
        /// See [`Event::dedup_key`].
        key: String,
        /// The source it was seen at.
        source: String,
        /// What is left out.
        what: Observed,
        /// How many, since then.
        count: usize,
        /// When the first of them was seen.
        since: Timestamp,
        /// When all that is seen was written again; `None` while it is not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// A source stopped answering.
    SourceLost {
        /// See [`Event::dedup_key`].
        key: String,
        /// Its name.
        source: String,
        /// Why, in words.
        error: String,
        /// Since when.
        when: Timestamp,
    },
    /// A source answers again.
    SourceBack {
        /// See [`Event::dedup_key`].
        key: String,
        /// Its name.
        source: String,
        /// Since when it had been gone.
        lost: Timestamp,
        /// Since when it is back.
        when: Timestamp,
    },
    /// A vital went out of its range or came back.
    VitalCrossed {
        /// See [`Event::dedup_key`].
        key: String,
        /// Its title.
        vital: String,
        /// The value then.
        #[serde(with = "float")]
        value: f64,
        /// The value with its unit.
        shown: String,
        /// Its range in words: `>= 99.5 %`.
        ok: String,
        /// Whether it is within its range after this.
        inside: bool,
        /// When it crossed, as measured.
        when: Timestamp,
    },
    /// What a vital has cost so far, while it is outside its range or as it comes back; the newest one counts.
    VitalWorsened {
        /// Its title.
        vital: String,
        /// When this stretch outside the range began.
        since: Timestamp,
        /// Until when it was measured.
        until: Timestamp,
        /// Seconds of it that were really measured outside the range; gaps do not count.
        #[serde(deserialize_with = "float::seconds")]
        seconds: f64,
        /// The worst value.
        #[serde(with = "float")]
        worst: f64,
        /// The worst value with its unit.
        shown: String,
        /// Distance from the range times minutes, in the vital's unit.
        #[serde(with = "float")]
        area: f64,
        /// When it came back; `None` while it is outside, and where an older version wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back: Option<Timestamp>,
    },
    /// A change was seen.
    ChangeSeen {
        /// See [`Event::dedup_key`].
        key: String,
        /// The source it was seen at.
        source: String,
        /// The change.
        change: Box<Change>,
    },

    // The board.
    /// A column was added.
    ObservationAdded {
        /// What was, or could be, seen.
        text: String,
        /// What is known of it.
        state: ObservationState,
        /// Where it comes from; those with the same origin count once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<String>,
        /// When it began, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Timestamp>,
        /// What was seen, with numbers, query and link.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Box<Evidence>>,
        /// How it is settled.
        #[serde(default)]
        check: CheckSpec,
    },
    /// What an observation stands for: many alerts that were folded into it. The newest one counts.
    SymptomFolded {
        /// The column, by the entry that added it.
        observation: Id,
        /// The alerts behind it.
        folded: Folded,
    },
    /// An observation was settled, or taken back.
    ObservationSet {
        /// The column, by the entry that added it.
        observation: Id,
        /// What is known now.
        state: ObservationState,
        /// What was seen, in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        /// When it became so, if earlier than this entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Timestamp>,
    },
    /// A present observation is no longer to be seen. It stays present as evidence, and is dated.
    ObservationCleared {
        /// The column, by the entry that added it.
        observation: Id,
        /// When; `None` when it is back.
        when: Option<Timestamp>,
    },
    /// A column was given another check: a query, or none.
    CheckSet {
        /// The column, by the entry that added it.
        observation: Id,
        /// How it is settled now.
        check: CheckSpec,
    },
    /// A person ran the check of a column; from then on it is watched, by every cockpit on the incident.
    CheckStarted {
        /// The column, by the entry that added it.
        observation: Id,
    },
    /// What a check shows has turned, or is known for the first time.
    CheckTurned {
        /// See [`Event::dedup_key`].
        key: String,
        /// Of which column.
        observation: Id,
        /// The entry that began to run it.
        run: Id,
        /// What it shows: present when its condition holds, absent when it does not, unclear when nobody can tell.
        state: ObservationState,
        /// What it showed before; `None` for the first answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<ObservationState>,
        /// The value with its unit and series, or why nobody can tell.
        shown: String,
        /// How often it turned there and back since the turn before this one, too soon to be told.
        #[serde(default, skip_serializing_if = "is_zero")]
        times: usize,
        /// It has been so for as long as was looked, and maybe longer.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        or_longer: bool,
        /// Since when it has been so.
        when: Timestamp,
    },
    /// The text of an observation was changed.
    ObservationReworded {
        /// The column, by the entry that added it.
        observation: Id,
        /// The new text.
        text: String,
    },
    /// Observations were said to come from one place, or not.
    OriginSet {
        /// The column, by the entry that added it.
        observation: Id,
        /// Its origin; `None` for its own.
        origin: Option<String>,
    },
    /// An observation was flagged as a coincidence: kept, exported, not counted. Or the flag was taken off.
    CoincidenceSet {
        /// The column, by the entry that added it.
        observation: Id,
        /// Whether it is one.
        coincidence: bool,
    },
    /// A row was added.
    HypothesisAdded {
        /// What could be the cause.
        text: String,
        /// How common such a cause is.
        #[serde(default)]
        prior: Prior,
        /// Whether something of it changed shortly before the onset.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        changed: bool,
        /// What it was made from: `change`, `generic`, `runbook`, `typed`.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        from: String,
    },
    /// The text, prior or owner of a hypothesis was changed.
    HypothesisEdited {
        /// The row, by the entry that added it.
        hypothesis: Id,
        /// Its text.
        text: String,
        /// How common such a cause is.
        prior: Prior,
        /// Whether something of it changed shortly before the onset.
        changed: bool,
        /// Who looks after it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
    },
    /// A person decided where a hypothesis stands.
    HypothesisSet {
        /// The row, by the entry that added it.
        hypothesis: Id,
        /// Where it stands.
        state: HypothesisState,
        /// Why; for a refuted one, what refuted it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// What a hypothesis expects of an observation.
    CellSet {
        /// The row.
        hypothesis: Id,
        /// The column.
        observation: Id,
        /// The expectation.
        cell: Cell,
    },
    /// A person put the rows in an order of their own; an empty one goes back to the order of evidence.
    RankedByHand {
        /// Best first.
        order: Vec<Id>,
    },
    /// Something taken for granted.
    AssumptionAdded {
        /// What is taken for granted.
        text: String,
        /// Whose, or the incident's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hypothesis: Option<Id>,
    },
    /// An assumption was poked.
    AssumptionSet {
        /// The assumption, by the entry that added it.
        assumption: Id,
        /// What came of it.
        state: AssumptionState,
    },

    // Stopping the bleeding.
    /// Something that may stop the bleeding.
    MitigationAdded {
        /// What would be done.
        text: String,
        /// What kind of action.
        mitigation_kind: MitigationKind,
        /// The hypothesis it would help with, if one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hypothesis: Option<Id>,
        /// The command's name in the configuration, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        command: Option<String>,
        /// The change it undoes, if one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<String>,
    },
    /// Where a mitigation stands.
    MitigationSet {
        /// The mitigation, by the entry that proposed it.
        mitigation: Id,
        /// Where it stands.
        state: MitigationState,
        /// What was seen, in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        /// When it became so, if earlier than this entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Timestamp>,
    },
    /// What a mitigation is expected to do, and how that will be seen; absolute values, the newest count.
    MitigationPlanned {
        /// The mitigation, by the entry that proposed it.
        mitigation: Id,
        /// What is expected, in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        effect: String,
        /// Whether it can be taken back; `None` as its kind usually can.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reversible: Option<bool>,
        /// The title of the vital it is judged by; `None` for all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vital: Option<String>,
        /// Minutes after its start within which it should show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<u32>,
    },
    /// A question of the rollback guard was answered or skipped; the newest answer counts.
    GuardAnswered {
        /// The mitigation that was asked about, if it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mitigation: Option<Id>,
        /// The id of the change that was asked about, if it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<String>,
        /// The question.
        question: GuardQuestion,
        /// The answer.
        answer: GuardAnswer,
        /// More of it in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// A configured command was run.
    CommandRan {
        /// For which mitigation, if one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mitigation: Option<Id>,
        /// Its words.
        argv: Vec<String>,
        /// Its exit code; `None` when it was stopped or could not be started.
        exit: Option<i32>,
        /// The end of what it printed.
        output: String,
        /// How long it ran, in seconds.
        #[serde(deserialize_with = "float::seconds")]
        seconds: f64,
    },
    /// A source was told to change something.
    OperationSent {
        /// The name of the source.
        source: String,
        /// What it was told.
        operation: Operation,
    },
    /// What came of that.
    OperationEnded {
        /// The entry that says what it was told.
        sent: Id,
        /// How the source calls what it made of it; empty when it has no name for it, or did not do it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        made: String,
        /// Why it was not done, or why nobody knows; empty when it was done.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        trouble: String,
    },

    // Afterwards.
    /// A question of the review was answered; an empty answer takes it back.
    Answered {
        /// The question of the review that it answers.
        question: Question,
        /// The answer.
        text: String,
    },
    /// Something to be done so that next week pages less.
    ActionAdded {
        /// What is to be done.
        text: String,
        /// Who will do it; empty while nobody is named.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        owner: String,
        /// By when, in the team's own words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        due: String,
        /// What it is for.
        #[serde(default)]
        action_kind: ActionKind,
    },
    /// A why was answered: "Why did it happen?", one that had been put aside, or an earlier answer asked why again.
    WhyAnswered {
        /// The why put aside or the answer that it answers; `None` for "Why did it happen?".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Id>,
        /// The answer.
        text: String,
        /// Whether the branch ends with it, because it names a process.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        process: bool,
    },
    /// A branch of the whys was said to end, or not.
    WhyEnded {
        /// The answer it ends with.
        why: Id,
        /// Whether that names a process.
        process: bool,
    },
    /// The words of an answer to a why were changed; without any it is taken back, and what stood below it moves up.
    WhyReworded {
        /// The answer, by the entry that gave it.
        why: Id,
        /// The new words.
        text: String,
    },
    /// An action was changed; without words it is taken back.
    ActionEdited {
        /// The action, by the entry that added it.
        action: Id,
        /// What is to be done.
        text: String,
        /// Who will do it; empty while nobody is named.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        owner: String,
        /// By when.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        due: String,
        /// What it is for.
        #[serde(default)]
        action_kind: ActionKind,
    },
    /// A link worth keeping.
    LinkAdded {
        /// What it shows.
        title: String,
        /// Where it leads to.
        url: String,
    },

    // About the log itself.
    /// An entry was undone by its author. Its effect is gone as if it had never been applied; it stays in the log.
    Undone {
        /// The entry that is gone.
        entry: Id,
    },
    /// An entry that had been undone holds again.
    Redone {
        /// The entry that holds again.
        entry: Id,
    },
    /// The journal was repaired: a torn last line was cut off and kept beside the file.
    TailRepaired {
        /// How many bytes.
        bytes: u64,
        /// The file that keeps them.
        kept: String,
    },
    /// Written by a newer version; kept as it is and ignored.
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_snake_case_and_round_trip() {
        let event = Event::CellSet { hypothesis: Id::small(1), observation: Id::small(2), cell: Cell::Must };
        let json = serde_json::to_string(&event).expect("json");
        assert!(json.starts_with(r##"{"kind":"cell_set","##) && json.ends_with(r##""cell":"#"}"##), "{json}");
        assert_eq!(serde_json::from_str::<Event>(&json).expect("an event"), event);
    }

    #[test]
    fn unknown_kinds_are_kept() {
        let json = r#"{"kind":"paged_a_robot","who":"r2"}"#;
        let event: Event = serde_json::from_str(json).expect("an event");
        assert!(matches!(event, Event::Unknown(_)));
        assert_eq!(serde_json::to_string(&event).expect("json"), json);
    }
}
