//! The coach as a table: a state of the incident, the sentence, and whether it has a step. From an empty incident to a
//! closed one, with what may go wrong on the way.

use super::{played::changes, *};
use crate::incident::Question;

/// A state, the words of the sentence, and the name of the step; none to wait.
type Case = (&'static str, fn(&mut Cockpit) -> &mut Cockpit, &'static str, Option<&'static str>);

/// The number that the coach names is the one the strip counts to: of what was looked at.
#[test]
fn the_strip_counts_the_cells_the_coach_counts() {
    let mut cockpit = Cockpit::new();
    cockpit
        .worked_on()
        .press("aone<enter><esc>atwo<enter><esc>")
        .press("sspool full<enter>")
        .press("2tnew pods<enter>");
    cockpit.says("4 cells are not assessed").press("F");
    let Some(Overlay::Fill(fill)) = &cockpit.app.screen.overlay else { panic!("the strip") };
    assert_eq!((fill.place(), fill.cells.len()), ((1, 4), 6));
    cockpit.press("....");
    let Some(Overlay::Fill(fill)) = &cockpit.app.screen.overlay else { panic!("the strip") };
    assert_eq!(fill.place(), (1, 2), "what nobody has looked for comes behind");
}

#[test]
fn from_an_empty_incident_to_a_closed_one() {
    let cases: &[Case] = &[
        ("nothing yet", |c| c, "Waiting for the first answers", None),
        ("calm", |c| c.calm(), "All is calm: nothing fires, the vital is in range", None),
        (
            "one source silent",
            |c| c.healthy(),
            "1 of 3 sources shows nothing wrong; am and deploys have not answered yet.",
            None,
        ),
        (
            "one source lost",
            |c| c.calm().fail(CHANGES).fail(CHANGES),
            "deploys does not answer (refused); the other 2 of 3 sources show nothing wrong.",
            Some("TypeSymptom"),
        ),
        (
            "the server of the vital hangs",
            |c| c.calm().later(60).poll(ALERTS, firing(&[])).poll(CHANGES, changes(&[])),
            "checkout ok is UNKNOWN: its source does not answer.",
            Some("TypeSymptom"),
        ),
        (
            "the vital has no value",
            |c| c.calm().poll(VITAL, Data::Series(Vec::new())),
            "checkout ok is UNKNOWN: its query has no value now.",
            Some("TypeSymptom"),
        ),
        (
            "the query of the vital is wrong",
            |c| c.calm().fails_with(VITAL, Fault::new(FaultKind::BadQuery, "1:7: parse error")).later(60).as_before(),
            "checkout ok is UNKNOWN: its query fails (query refused: 1:7: parse error).",
            Some("TypeSymptom"),
        ),
        ("all lost", |c| c.fail(VITAL).fail(ALERTS).fail(CHANGES), "is UNKNOWN", Some("TypeSymptom")),
        ("vital lost", |c| c.calm().fail(VITAL).fail(VITAL), "checkout ok is UNKNOWN", Some("TypeSymptom")),
        (
            "a filter hides nothing",
            |c| c.calm().poll(ALERTS, firing(&["A"])).press("/zzz<enter>"),
            "A fires",
            Some("Acknowledge"),
        ),
        (
            "hurting",
            |c| c.hurting(),
            "checkout ok 90 % (should be ≥ 99.5 %). Say that you are on it",
            Some("Acknowledge"),
        ),
        ("acknowledged", |c| c.hurting().press(">"), "Take it as the first symptom", Some("TakeVital")),
        (
            "a change before",
            |c| {
                c.calm()
                    .poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")]))
                    .later(30)
                    .as_before()
                    .vital_for(25, 0.9)
                    .press(">>")
            },
            "Roll back checkout v2 (6 min before the onset",
            Some("Undo"),
        ),
        (
            "a schema change before",
            |c| {
                c.calm()
                    .poll(CHANGES, changes(&[("v2", ChangeKind::Schema, "03:04:00")]))
                    .later(30)
                    .as_before()
                    .vital_for(25, 0.9)
                    .press(">>")
            },
            "Add two hypotheses",
            Some("AddHypotheses"),
        ),
        (
            "a source is lost on the way",
            |c| c.worked_on().goes_silent(CHANGES),
            "Nothing has been heard from deploys for 15 s (refused). Look another way",
            Some("Note"),
        ),
        (
            "and said once",
            |c| c.worked_on().goes_silent(CHANGES).press(">seen<ctrl-s>"),
            "Add two hypotheses",
            Some("AddHypotheses"),
        ),
        ("no hypothesis", |c| c.worked_on(), "Add two hypotheses", Some("AddHypotheses")),
        ("one hypothesis", |c| c.worked_on().press("aone<enter><esc>"), "add a rival", Some("AddHypotheses")),
        (
            "cells open",
            |c| c.worked_on().press("aone<enter><esc>atwo<enter><esc>"),
            "Say what A, B expect of s1: checkout ok is 90 %",
            Some("Fill"),
        ),
        (
            "cells open in two columns",
            |c| c.worked_on().press("aone<enter><esc>atwo<enter><esc>").press("sspool full<enter>"),
            "4 cells are not assessed",
            Some("Fill"),
        ),
        (
            "leaders close",
            |c| c.worked_on().press("aone<enter>+").press("atwo<enter>+"),
            "The leaders are close",
            Some("AddSign"),
        ),
        (
            "a sign to look for",
            |c| {
                c.worked_on()
                    .press("aone<enter>+")
                    .press("atwo<enter>+")
                    .press("2tonly new pods<enter>")
                    .expects(0, 1, Cell::Must)
                    .expects(1, 1, Cell::Cannot)
            },
            "Look for s2 only new pods",
            Some("Settle"),
        ),
        (
            "one leads",
            |c| c.worked_on().press("aone<enter>#").press("atwo<enter>!"),
            "Refute B two? s1 is present, against it",
            Some("Refute"),
        ),
        (
            "the row's assumption is broken",
            |c| c.two("#+").press("jigateway is up<enter>P<enter>b<enter><esc>"),
            "Refute B two? It hangs on what is broken, gateway is up.",
            Some("Refute"),
        ),
        (
            "both contradicted",
            |c| c.two("!!"),
            "Nothing on this board holds up: what would explain s1? Add another cause.",
            Some("AddMissing"),
        ),
        (
            "all explained, and contradicted",
            |c| c.two("++").sign("old pods too", ObservationState::Absent, "##"),
            "Nothing on this board holds up: more speaks against every row than for it",
            Some("AddMissing"),
        ),
        (
            "left, it is refuted row by row",
            |c| c.two("!!").leave(1),
            "Refute A one? s1 is present, against it: checkout ok is 90 %",
            Some("Refute"),
        ),
        (
            "nothing holds up, and something is taken for granted",
            |c| c.two("!!").press("2iall: the clock is right<enter>").leave(5),
            "Nothing holds up. All rows take for granted: the clock is right. Is it so?",
            Some("Poke"),
        ),
        (
            "of many contradicted ones only the leader is in the way",
            |c| c.two("#!").more("!!!"),
            "A one leads: what stops the bleeding if it is true?",
            Some("Mitigate"),
        ),
        (
            "and the others when there is nothing better to do",
            |c| c.two("#!").more("!!!").leave(1),
            "Refute B two? s1 is present, against it: checkout ok is 90 %",
            Some("Refute"),
        ),
        (
            "one of two is left",
            |c| c.two("#!").press("2Gxno trace of it<enter>"),
            "Only A one is left, and that the others fell does not prove it: add a rival",
            Some("AddRival"),
        ),
        (
            "a confirmed one needs no rival",
            |c| c.two("#!").press("2Gxno trace of it<enter>ggcyseen in the code<enter>"),
            "A one leads: what stops the bleeding if it is true?",
            Some("Mitigate"),
        ),
        (
            "leads for ten minutes, unverified",
            |c| c.two("#.").lives(605, 0.9),
            "A one leads for 10 min and was not verified: what else could it be? Add a rival.",
            Some("AddRival"),
        ),
        (
            "before ten minutes are over",
            |c| c.two("#.").lives(590, 0.9),
            "A one leads: what stops the bleeding if it is true?",
            Some("Mitigate"),
        ),
        (
            "verified meanwhile",
            |c| {
                c.two("#.")
                    .sign("only new pods", ObservationState::Untested, "#.")
                    .press("2lv")
                    .press("pyes<enter>")
                    .lives(605, 0.9)
            },
            "A one leads: what stops the bleeding if it is true?",
            Some("Mitigate"),
        ),
        (
            "verified by its check",
            |c| c.two("#.").sign("only new pods", ObservationState::Untested, "#.").check_shows("0.97").lives(605, 0.9),
            "A one leads: what stops the bleeding if it is true?",
            Some("Mitigate"),
        ),
        (
            "nothing could prove the leader wrong",
            |c| c.two("#.").press("3mrestart the pods<enter>vd<enter>"),
            "A one leads: what would you see if it were wrong? Add that sign.",
            Some("AddDisproof"),
        ),
        (
            "something could",
            |c| {
                c.two("#.")
                    .sign("only new pods", ObservationState::Absent, "X.")
                    .press("3mrestart the pods<enter>vd<enter>")
            },
            "Did it work?",
            Some("Verify"),
        ),
        (
            "the leader takes something for granted",
            |c| {
                c.two("#.")
                    .press("2ijgateway is up<enter>ikpods share a pool<enter>")
                    .press("3mrestart<enter>vd<enter>")
                    .leave(1)
            },
            "takes for granted: ",
            Some("Poke"),
        ),
        (
            "a check is dear, a thought is not",
            |c| c.two("#.").press("2ipods share a pool<enter>").dear_sign("dump the heap", "#X"),
            "A one takes for granted: pods share a pool. Is it so?",
            Some("Poke"),
        ),
        (
            "the thought was had",
            |c| {
                c.two("#.").press("2ipods share a pool<enter>").dear_sign("dump the heap", "#X").press(">h<enter><esc>")
            },
            "Look for s2 dump the heap: it separates A from B.",
            Some("Settle"),
        ),
        (
            "one row, and a sign that could prove it wrong",
            |c| c.worked_on().press("aone<enter>#").leave(1).sign("only new pods", ObservationState::Untested, "#"),
            "Look for s2 only new pods: it could prove A wrong.",
            Some("Settle"),
        ),
        (
            "everything was offered, nothing written down",
            |c| c.two("#.").leave(2),
            "It still bleeds: what does everyone here take for granted?",
            Some("Assume"),
        ),
        (
            "a mitigation failed for one row",
            |c| c.two("#+").press("3mrestart the pods<enter>vd<enter>").lives(30, 0.9).press("vfno<enter>1"),
            "Refute A one? m1 failed.",
            Some("Refute"),
        ),
        (
            "and what it says of the other is asked",
            |c| c.two("#+").press("3mrestart the pods<enter>vd<enter>").lives(30, 0.9).press("vfno<enter>1").leave(1),
            "1 cell is not assessed",
            Some("Fill"),
        ),
        ("runs, too early", |c| c.treated(30), "m1 runs, 4:30 left. What could cause this?", Some("AddHypotheses")),
        ("runs, comes back", |c| c.treated(30).lives(30, 1.0), "checkout ok in range 25 s, wait for 60 s", None),
        ("runs, held", |c| c.treated(30).lives(75, 1.0), "Mark it worked?", Some("Verify")),
        (
            "runs, past its deadline",
            |c| c.treated(305),
            "is past its deadline and checkout ok is 90 %: mark it failed?",
            Some("Fail"),
        ),
        (
            "past its deadline, blind",
            |c| c.treated(30).later(300),
            "is past its deadline and checkout ok is UNKNOWN",
            Some("Verify"),
        ),
        (
            "worked, not yet held",
            |c| c.treated(30).lives(30, 1.0).press("vwy<enter>"),
            "in range 25 s, wait for 60 s before you call it stanched",
            None,
        ),
        (
            "worked and held",
            |c| c.treated(30).lives(75, 1.0).press("vw<enter>"),
            "Vitals have held in range for 1 min: has the bleeding stopped?",
            Some("Status"),
        ),
        (
            "held, while a page fires",
            |c| c.treated(30).poll(ALERTS, firing(&["A"])).lives(75, 1.0),
            "in range 70 s, wait for 120 s",
            None,
        ),
        ("healed by itself", |c| c.worked_on().lives(75, 1.0), "has the bleeding stopped?", Some("Status")),
        ("stanched", |c| c.stopped(), "Impact stopped. What happened, in two sentences?", Some("Review")),
        (
            "stanched, hurts again",
            |c| c.stopped().lives(10, 0.9),
            "is 90 % again: is it bleeding again?",
            Some("Status"),
        ),
        ("stanched, not known", |c| c.stopped().later(60), "nobody would see it come back", Some("Note")),
        (
            "stanched, one still runs",
            |c| c.stopped().press("3mdrain eu<enter>vd<enter>").lives(20, 1.0),
            "m1 drain eu: checkout ok has held",
            Some("Verify"),
        ),
        ("two answers", |c| c.stopped().answered(2), "Why did it happen?", Some("Why")),
        ("all answers", |c| c.stopped().answered(11), "Add an action", Some("AddAction")),
        (
            "an action",
            |c| c.stopped().answered(11).press("5talert on pool<enter>"),
            "Close it when it is learned from.",
            Some("Status"),
        ),
        ("closed", |c| c.stopped().press("3Cy<enter><enter>"), "Closed.", None),
        (
            "closed, hurts again",
            |c| c.stopped().press("3Cy<enter><enter>").lives(10, 0.9),
            "is it bleeding again?",
            Some("Status"),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, play, words, step) in cases {
        let mut cockpit = Cockpit::new();
        play(&mut cockpit);
        let advice = cockpit.app.advice();
        let shown = advice.step.as_ref().map(|step| format!("{step:?}"));
        let found = shown.as_deref().map(|shown| shown.split(['(', ' ']).next().unwrap_or_default());
        if !advice.text.contains(words) || found != *step {
            wrong.push(format!("{name}: {:?} ({found:?}) should be {words:?} ({step:?})", advice.text));
        }
        let calm = advice.text.contains("calm");
        assert!(
            !calm || cockpit.app.world.signals.answering(cockpit.app.session.now) == (3, 3),
            "{name}: calm is said only when all answer"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Cockpit {
    pub(super) fn stopped(&mut self) -> &mut Self {
        self.worked_on().lives(75, 1.0).press(">y<enter><enter>")
    }

    pub(super) fn answered(&mut self, count: usize) -> &mut Self {
        let all = Question::ALL.into_iter().take(count);
        let mut events: Vec<Event> = all.map(|question| Event::Answered { question, text: "so".into() }).collect();
        if count == Question::ALL.len() {
            events.push(Event::WhyAnswered { parent: None, text: "no review".into(), process: true });
        }
        let effects = self.app.record(events);
        self.carry_out(effects);
        self
    }
}
