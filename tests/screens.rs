//! Whole screens, drawn from a scripted outage into a test backend; and that any size, any overlay draws.

#[path = "screens/patches.rs"]
mod patches;
#[path = "screens/pointer.rs"]
mod pointer;
#[path = "screens/runbooks.rs"]
mod runbooks;
#[path = "screens/script.rs"]
mod script;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ratatui::{
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
};
use script::{Stage, at};
use stanch::{
    app::{Msg, Notice, NoticeKind, View},
    incident::{Cell, Event, MitigationKind, MitigationState, ObservationState, Prior, board::CheckSpec},
    signal::{Alert, AlertSet, AlertState, Data, Labels, Point, Reading, Series, Severity, alert::AlertLinks},
    ui::{Role, Theme},
};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (160, 45);

/// Plays the outage, then `then`, and keeps pictures of what is on the screen at both sizes.
#[track_caller]
fn check(name: &str, then: impl Fn(&mut Stage)) {
    for size in [SMALL, LARGE] {
        let mut stage = Stage::new(size);
        stage.play();
        then(&mut stage);
        let buffer = stage.draw();
        assert_eq!(buffer, fresh(&mut stage), "an empty cache draws the same screen");
        insta::assert_debug_snapshot!(format!("{name}_{}x{}", size.0, size.1), buffer);
    }
}

/// The same screen without anything kept from before.
fn fresh(stage: &mut Stage) -> Buffer {
    stage.cache = Default::default();
    stage.draw()
}

/// The words on the screen, line by line.
fn lines(buffer: &Buffer) -> Vec<String> {
    let line = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..buffer.area.height).map(line).collect()
}

fn words(stage: &mut Stage) -> String {
    lines(&stage.draw()).join("\n")
}

#[test]
fn watch() {
    check("watch", |stage| stage.keys("1"));
}

#[test]
fn board() {
    check("board", |stage| stage.keys("2"));
}

#[test]
fn act() {
    check("act", |stage| {
        stage.mitigate();
        stage.tick("03:18:24");
        stage.poll(None);
        stage.keys("3");
    });
}

#[test]
fn guard() {
    check("guard", |stage| stage.keys("3 enter y"));
}

#[test]
fn log() {
    check("log", |stage| stage.keys("4"));
}

#[test]
fn learn() {
    check("learn", |stage| stage.keys("5"));
}

#[test]
fn the_end_of_a_row_of_questions_is_told_whole() {
    for size in [SMALL, LARGE] {
        let mut stage = Stage::new(size);
        stage.play();
        stage.keys("w");
        stage.text("why did the canary not catch this?");
        stage.keys("enter 5 down down enter");
        stage.text("no review of pool settings");
        stage.keys("enter");
        let said = words(&mut stage);
        assert!(said.contains("That names a process: the branch ends there."), "{said}");
    }
}

#[test]
fn whys() {
    check("whys", |stage| {
        stage.keys("w");
        stage.text("why did the canary not catch this?");
        stage.keys("enter 5 down down");
        for (keys, text) in [
            ("enter", "the pool was half as large as the traffic needs, which nobody saw before the evening peak came"),
            ("enter", "the size is typed by hand"),
            ("enter", "no review of pool settings"),
        ] {
            // The next one is asked at once.
            if text.starts_with("the pool") {
                stage.keys(keys);
            }
            stage.text(text);
            stage.keys("enter");
        }
        stage.keys("esc");
        stage.tick("03:17:00");
        stage.keys("b");
        stage.text("alice forgot the second file");
        stage.keys("enter esc");
        stage.tick("03:17:10");
    });
}

#[test]
fn fill_strip() {
    check("fill", |stage| {
        stage.keys("2 a");
        stage.text("cache stampede");
        stage.keys("enter + .");
    });
}

#[test]
fn picker() {
    check("picker", |stage| {
        stage.keys("2 a");
        stage.text("dep");
    });
}

/// Three services fall ill at once: many groups with a few alerts each, seen by the Alertmanager.
fn fall_ill(stage: &mut Stage) {
    let (plan, config, now) = (stage.app.world.plan.clone(), stage.app.session.config.clone(), stage.app.session.now);
    let is_am = |of| config.source(of).is_some_and(|source| source.kind.name == "alertmanager");
    let Some((query, _)) = plan.queries().find(|(_, query)| is_am(query.source)) else { panic!("no such query") };
    let reading = Reading { at: now, data: Data::Alerts(many(now)), warnings: Vec::new() };
    stage.send(Msg::Polled { query, outcome: Ok(Arc::new(reading)), at: now });
}

/// Alerts of three services on a few pods each, and what was there before.
fn many(now: Timestamp) -> AlertSet {
    let mut all: Vec<Alert> = script::alerts(now).groups.into_iter().flat_map(|group| group.alerts).collect();
    for (service, rules, pods, fired) in
        [("payments", 14, 12, "03:13:00"), ("search", 8, 5, "03:14:10"), ("mail", 3, 2, "03:15:00")]
    {
        for (rule, pod) in (0..rules).flat_map(|rule| (0..pods).map(move |pod| (rule, pod))) {
            let (name, pod) = (format!("Rule{rule:02}"), format!("{service}-{pod}"));
            all.push(Alert {
                id: format!("{name}{pod}").into(),
                labels: Labels::of([("alertname", name.as_str()), ("service", service), ("pod", &pod)]),
                summary: "".into(),
                state: if rule == 13 { AlertState::Inhibited } else { AlertState::Firing },
                severity: [Severity::Critical, Severity::Warning, Severity::Info][rule % 3],
                starts_at: at(fired) + SignedDuration::from_secs(7 * rule as i64),
                receivers: Arc::new(["oncall".into()]),
                links: AlertLinks::default(),
                inhibited_by: if rule == 13 { Arc::new([format!("Rule00{pod}").into()]) } else { Arc::new([]) },
                muted_for: Arc::new([]),
            });
        }
    }
    AlertSet::grouped(all, |alert| {
        let title = ["alertname", "service"].map(|name| alert.labels.get(name).unwrap_or_default()).join(" ");
        (title.as_str().into(), title.as_str().into())
    })
}

#[test]
fn storm() {
    check("storm", |stage| {
        fall_ill(stage);
        stage.keys("2 f s j");
    });
}

#[test]
fn a_storm_is_listed_at_any_size() {
    for size in [(80, 24), (60, 12), (40, 8), (20, 4), (1, 1)] {
        let mut stage = Stage::new(size);
        stage.play();
        fall_ill(&mut stage);
        stage.keys("f x j x");
        let shown = words(&mut stage);
        assert!(size.0 < 40 || shown.contains("›"), "{shown}");
    }
}

#[test]
fn reasons() {
    check("reasons", |stage| stage.keys("2 e"));
}

#[test]
fn a_source_is_lost() {
    check("lost", |stage| {
        stage.keys("1");
        for time in ["03:16:40", "03:16:50", "03:17:06"] {
            stage.tick(time);
            stage.poll(Some("prom"));
        }
    });
}

#[test]
fn status_vital_and_clock_survive_at_80_columns() {
    let mut stage = Stage::new(SMALL);
    stage.play();
    stage.mitigate();
    stage.keys("1 [");
    let first = lines(&stage.draw())[0].clone();
    for wanted in ["● BLEEDING", "✗ ", "92", "◀ NOT LIVE", "03:16:24Z"] {
        assert!(first.contains(wanted), "{wanted} is not in: {first}");
    }
}

#[test]
fn two_vitals_and_what_is_being_done_are_the_last_to_go() {
    let mut stage = Stage::of_two_vitals(LARGE);
    stage.play();
    stage.mitigate();
    stage.app.session.read_only = true;
    let mut seen = [false; 3];
    for width in (34..=160).rev() {
        stage.send(Msg::Resized(width, 24));
        let first = lines(&stage.draw())[0].clone();
        let vitals = first.matches("✗ ").count();
        let others = ["READ-ONLY", "03:16:24Z", "▶ m1"].map(|other| first.contains(other));
        assert!(vitals == 2 || others == [false; 3], "{width} wide: {first}");
        assert!(others[2] || !(others[0] || others[1]), "{width} wide: {first}");
        seen = [0, 1, 2].map(|at| seen[at] || others[at]);
        if width == 80 {
            assert!(vitals == 2 && first.contains("▶ m1") && first.contains("● BLEEDING 0"), "{first}");
        }
    }
    assert_eq!(seen, [true; 3], "where there is room all of them are there");
}

#[test]
fn a_vital_that_has_not_moved_is_a_line_and_no_zero() {
    let mut stage = Stage::new(LARGE);
    stage.steady(0.999);
    stage.tick("03:12:01");
    let first = lines(&stage.draw())[0].clone();
    assert!(first.contains(&format!("99.9 % {}", "─".repeat(8))), "{first}");
    stage.play();
    let first = lines(&stage.draw())[0].clone();
    assert!(!first.contains('─') && first.contains('▁'), "one that falls is drawn by its height: {first}");
}

#[test]
fn alerts_that_fire_while_the_vital_is_in_range_are_loud() {
    let mut stage = Stage::new(LARGE);
    stage.steady(0.999);
    let status = |stage: &mut Stage, said: &str| {
        let buffer = stage.draw();
        let first = lines(&buffer)[0].clone();
        let at = first.find(said).unwrap_or_else(|| panic!("{said} is not in: {first}"));
        buffer[(first[..at].chars().count() as u16, 0)].fg
    };
    let theme = Theme::default();
    assert_eq!(Some(status(&mut stage, "○ watching  ")), theme[Role::Dim].fg);
    let pane = stage.app.world.plan.panes.iter().find(|pane| pane.pane.title == "Alerts").expect("the alerts");
    let query = pane.queries[0];
    stage.tick("03:12:20");
    stage.answers(query, Data::Alerts(script::alerts(stage.app.session.now)));
    stage.steady(0.999);
    assert_eq!(Some(status(&mut stage, "○ watching, alerts firing")), theme[Role::Critical].fg);
    stage.send(Msg::Resized(24, 24));
    assert_eq!(Some(status(&mut stage, "○ alerts firing")), theme[Role::Critical].fg);
}

#[test]
fn what_no_row_explains_is_not_nothing_to_explain() {
    let mut stage = Stage::new(LARGE);
    stage.keys("2 a");
    stage.text("dns");
    stage.keys("enter esc");
    assert!(words(&mut stage).contains("(nothing to explain)"));
    stage.keys("s");
    stage.text("5xx at checkout");
    stage.keys("enter");
    stage.column(0);
    stage.row("dns");
    stage.keys(".");
    let shown = words(&mut stage);
    assert!(shown.contains("(no row explains it)") && !shown.contains("(nothing to explain)"), "{shown}");
}

#[test]
fn enter_shows_all_that_is_known_of_a_line() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    let changes = stage.app.world.plan.panes.iter().find(|pane| pane.pane.title == "Changes").map(|pane| pane.id);
    stage.app.screen.watch.focus = changes;
    stage.keys("1 j enter");
    let shown = words(&mut stage);
    for said in ["checkout v2.3.1", "by               carol", "way back         deploy checkout v2.3.0"] {
        assert!(shown.contains(said), "{said} is not in\n{shown}");
    }
    assert!(
        shown.contains("done             2026-11-22 03:06:00.000Z · 10 min ago, 2 min 30 s before the onset"),
        "{shown}"
    );
    stage.keys("4 esc 4 enter");
    assert!(words(&mut stage).contains("y copies all of it"));
}

#[test]
fn panned_back_all_that_is_of_now_says_so() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    assert!(!words(&mut stage).contains("of now"));
    stage.keys("1 [");
    let shown = words(&mut stage);
    assert!(shown.contains("◀ NOT LIVE: charts of "), "{shown}");
    for title in ["Alerts", "Changes", "Checkout log"] {
        assert!(shown.contains(&format!("{title}  of now")), "{title} in {shown}");
    }
    // In a narrow window a title gives way before these words.
    let mut narrow = Stage::new(SMALL);
    narrow.play();
    narrow.keys("1 [");
    let narrow = words(&mut narrow);
    assert!(narrow.contains("of now"), "{narrow}");
    for title in ["Checkout errors", "p99 latency"] {
        assert!(!shown.contains(&format!("{title}  of now")), "{title} in {shown}");
    }
}

#[test]
fn what_was_begun_and_left_is_seen_from_every_view() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    let head = |stage: &mut Stage| lines(&stage.draw())[0].clone();
    stage.keys("n");
    stage.text("the pool is fu");
    stage.keys("esc");
    for view in ["1", "2", "3", "4", "5"] {
        stage.keys(view);
        let first = head(&mut stage);
        assert!(first.contains("note not saved"), "{first}");
    }
    stage.keys("n");
    stage.text("ll");
    stage.keys("enter");
    let first = head(&mut stage);
    assert!(!first.contains("not saved"), "{first}");
}

#[test]
fn the_end_of_a_part_is_read_from_its_first_line() {
    let mut stage = Stage::new(SMALL);
    stage.play();
    let said =
        "That was why, as far as it was told. Another cause is added beside it, and the branch can be opened again.";
    stage.app.screen.overlay =
        Some(stanch::app::Overlay::Choice(stanch::app::screen::overlay::Choice::end("Whys", said)));
    let shown = words(&mut stage);
    assert!(shown.contains("That was why, as far as it was told."), "{shown}");
}

#[test]
fn with_a_long_name_a_step_still_says_what_its_key_does_and_where_help_is() {
    for size in [(120, 40), (160, 45), (200, 60)] {
        let mut stage = Stage::new(size);
        stage.play();
        let name = "the connection pool of the payments database is exhausted because of a leak in the new retry loop";
        stage.record(
            "alice@host",
            Event::HypothesisAdded { text: name.repeat(2), prior: Prior::Common, changed: false, from: "typed".into() },
        );
        let last = lines(&stage.draw()).split_off(usize::from(size.1) - 2).join("\n");
        assert!(last.contains("? help"), "{last}");
        let says = last.split("  > ").nth(1).is_some_and(|does| does.starts_with(char::is_alphabetic));
        assert!(stage.app.advice().step.is_none() || says, "{last}");
    }
}

#[test]
fn a_selected_row_is_marked_over_its_whole_width() {
    for theme in [Theme::default(), Theme::mono()] {
        let mut stage = Stage::new(LARGE);
        stage.play();
        stage.theme = theme.clone();
        stage.keys("1 j");
        let buffer = stage.draw();
        let y = lines(&buffer).iter().position(|line| line.contains("PaymentsLatency")).expect("a row") as u16;
        let row: Vec<_> = (1..79).map(|x| &buffer[(x, y)]).collect();
        assert_eq!(row[0].symbol(), "›");
        let selection = theme[Role::Selection];
        for cell in row {
            assert!(cell.modifier.contains(selection.add_modifier), "{cell:?}");
            assert!(selection.bg.is_none_or(|bg| cell.bg == bg), "{cell:?}");
        }
    }
}

#[test]
fn a_second_mitigation_is_never_hidden() {
    let mut stage = Stage::new(SMALL);
    stage.play();
    stage.mitigate();
    let event = Event::MitigationAdded {
        text: "Drain eu-west".into(),
        mitigation_kind: MitigationKind::Drain,
        hypothesis: None,
        command: None,
        change: None,
    };
    stage.record("bob@ops", event);
    let mitigation = stage.app.incident.mitigations[1].id;
    let event = Event::MitigationSet { mitigation, state: MitigationState::Running, note: String::new(), when: None };
    stage.record("bob@ops", event);
    let first = |stage: &mut Stage| lines(&stage.draw())[0].clone();
    assert!(first(&mut stage).contains("▶ m2") && first(&mut stage).contains("+1"), "{}", first(&mut stage));
    stage.send(Msg::Resized(200, 60));
    for name in ["▶ m2 Drain eu-west", "▶ m1 Roll back checkout to v2.3.0"] {
        assert!(first(&mut stage).contains(name), "{}", first(&mut stage));
    }
}

#[test]
fn what_stands_behind_a_value_keeps_its_place() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    let clock = |stage: &mut Stage| {
        let first = lines(&stage.draw())[0].clone();
        ["(≥", "Z "].map(|words| first.find(words).map(|at| first[..at].chars().count()))
    };
    let before = clock(&mut stage);
    assert!(before.iter().all(Option::is_some));
    for value in [1.0, 0.9876, 0.5, 0.07] {
        let query = stage.app.world.plan.vitals[0];
        let at = stage.app.session.now;
        let points = (0..40).map(|i| Point { t: at.as_millisecond() - (39 - i) * 5000, v: value }).collect();
        let series = vec![Series { name: "ok".into(), labels: Labels::default(), points }];
        let reading = Reading { at, data: Data::Series(series), warnings: Vec::new() };
        stage.send(Msg::Polled { query, outcome: Ok(std::sync::Arc::new(reading)), at });
        assert_eq!(clock(&mut stage), before, "{value}");
    }
}

#[test]
fn a_vital_of_a_partial_answer_says_so() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    let (query, at) = (stage.app.world.plan.vitals[0], stage.app.session.now);
    let reading = Reading { at, data: Data::Number(1.0), warnings: vec!["partial answer: a store is down".into()] };
    stage.send(Msg::Polled { query, outcome: Ok(std::sync::Arc::new(reading)), at });
    let first = lines(&stage.draw())[0].clone();
    assert!(first.contains("100 % partial"), "{first}");
}

#[test]
fn a_vital_that_is_not_known_says_so() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    for time in ["03:16:30", "03:16:50", "03:17:06"] {
        stage.tick(time);
        stage.poll(Some("prom"));
    }
    let first = lines(&stage.draw())[0].clone();
    assert!(first.contains("checkout ok UNKNOWN 42 s (was 92 %)"), "{first}");
    assert!(first.contains("! 3/4 sources"), "{first}");
}

#[test]
fn nothing_is_redrawn_when_nothing_changed() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    stage.keys("1");
    stage.draw();
    let drawn = stage.cache.drawn;
    stage.draw();
    stage.tick("03:16:25");
    stage.draw();
    assert_eq!(stage.cache.drawn, drawn, "a second that passes moves no pane");
    stage.keys("tab");
    stage.draw();
    assert_eq!(stage.cache.drawn, drawn + 2, "the pane that lost the focus, and the one that got it");
    stage.record("bob@host", Event::Noted { text: "looking".into(), when: None });
    stage.draw();
    assert_eq!(stage.cache.drawn, drawn + 2, "a note is no mark on a chart");
}

#[test]
fn what_is_not_written_is_said_in_red_without_hiding_the_coach() {
    let mut stage = Stage::new(SMALL);
    stage.play();
    stage.send(Msg::NotRecorded(Vec::new(), "No space left on device".into()));
    let lines = lines(&stage.draw());
    assert!(lines[21].contains("✗ not written: No space left on device"), "{}", lines[21]);
    assert!(lines[22].starts_with(" ▸ "), "{}", lines[22]);
}

#[test]
fn what_is_pending_is_marked_and_counted() {
    let mut stage = Stage::new((200, 60));
    stage.play();
    stage.keys("4");
    // The journal does not answer.
    let typed = ["n", "z", "e", "b", "r", "a"].map(|key| (key.chars().next(), KeyModifiers::NONE));
    for (key, modifiers) in typed.into_iter().chain([(Some('s'), KeyModifiers::CONTROL)]) {
        let key = KeyEvent::new(KeyCode::Char(key.expect("a key")), modifiers);
        drop(stage.app.update(Msg::Key(key)));
    }
    let said = |stage: &mut Stage| lines(&stage.draw()).join("\n");
    let before = said(&mut stage);
    assert!(!before.contains("zebra") && !before.contains("not confirmed"), "{before}");
    drop(stage.app.update(Msg::Unconfirmed));
    let after = said(&mut stage);
    assert!(after.contains("· 1 not confirmed"), "{after}");
    let line = after.lines().find(|line| line.contains("zebra")).expect("the note");
    assert!(line.contains(" ·note"), "{line}");
    // Keys go on.
    drop(stage.app.update(Msg::Key(KeyEvent::new(KeyCode::Char('1'), KeyModifiers::NONE))));
    assert_eq!(stage.app.screen.view, View::Watch);
}

#[test]
fn the_coach_is_as_readable_with_a_notice_as_without() {
    for size in [SMALL, (120, 40), LARGE] {
        let mut stage = Stage::new(size);
        stage.play();
        stage.keys("2");
        let coach = |stage: &mut Stage| lines(&stage.draw()).split_off(usize::from(size.1) - 2).join("\n");
        for notice in
            ["undone", "nothing of yours to undo, and a very long notice of it that hardly ends at all, though it does"]
        {
            stage.app.screen.notice = None;
            let (plain, above) = (coach(&mut stage), lines(&stage.draw()));
            stage.app.screen.notice =
                Some(Notice { text: notice.into(), kind: NoticeKind::Done, at: stage.app.session.now });
            let with = lines(&stage.draw());
            let advice = stage.app.advice().text;
            assert!(words(&mut stage).contains(&format!("✓ {}", &notice[..6])));
            assert!(plain.contains(&advice) && plain.contains("> asks four questions first"), "{plain}");
            let moved = above.iter().zip(&with).filter(|(before, after)| before != after).count();
            let lines = if notice.len() + 4 > size.0.into() { 2 } else { 1 };
            assert_eq!(moved, lines, "only what it lies over differs");
            assert!(words(&mut stage).contains(&notice[notice.len() - 6..]), "it is told whole");
        }
    }
}

#[test]
fn the_keys_of_a_view_stand_beside_help_and_none_is_cut() {
    for (view, expected) in [
        ("1", "s symptom · Enter open · / filter"),
        ("2", "v settle · e evidence · a hypotheses"),
        ("3", "r guard · m mitigate · S stanched"),
        ("4", "n note · / filter · y copy"),
        ("5", "Enter open · t add action"),
    ] {
        for size in [SMALL, LARGE, (200, 60)] {
            let mut stage = Stage::new(size);
            stage.play();
            stage.keys(view);
            let last = lines(&stage.draw()).pop().unwrap_or_default();
            let shown = expected.split(" · ").filter(|key| last.contains(key)).collect::<Vec<_>>().join(" · ");
            assert!(last.ends_with("? help"), "{last}");
            assert!(expected.starts_with(&shown) && (size == LARGE || !shown.is_empty()), "{size:?}: {last}");
            stage.keys("n");
            assert!(!words(&mut stage).contains("? help"), "a field has keys of its own");
        }
    }
}

#[test]
fn names_of_rows_are_read_before_heads_are_wide() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    let name = "search holds database connections far too long";
    stage.keys("a");
    stage.text(name);
    stage.keys("enter esc 2");
    let shown = words(&mut stage);
    assert!(shown.contains(name), "{shown}");
}

#[test]
fn a_contradiction_is_loud_without_colour() {
    let mut stage = Stage::new(LARGE);
    stage.theme = Theme::mono();
    stage.play();
    stage.keys("2 !");
    let shown = words(&mut stage);
    assert!(shown.contains("[X!]"), "{shown}");
    assert!(shown.contains("▼ against 1"), "{shown}");
}

#[test]
fn a_disagreement_is_on_the_cell_and_its_authors_in_the_reasons() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    let board = &stage.app.incident.board;
    let (hypothesis, observation) = (board.hypotheses[0].id, board.observations[1].id);
    stage.record("bob@host", Event::CellSet { hypothesis, observation, cell: Cell::Unlikely });
    stage.keys("2");
    assert!(words(&mut stage).contains("-≠"));
    stage.keys("e");
    let shown = words(&mut stage);
    assert!(shown.contains("+ alice@ops, - bob@host; the newest counts"), "{shown}");
}

#[test]
fn the_order_by_hand_shows_where_the_evidence_differs() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    stage.keys("2 alt-down");
    let shown = words(&mut stage);
    assert!(shown.contains("ranked by hand"), "{shown}");
    assert!(shown.contains("evidence: place 1"), "{shown}");
    assert!(shown.contains("↓ was 1"), "{shown}");
    stage.tick("03:16:40");
    assert!(!words(&mut stage).contains("was 1"), "after a few seconds it is no news");
}

#[test]
fn columns_scroll_and_the_sum_stays() {
    let mut stage = Stage::new(SMALL);
    stage.play();
    for at in 0..9 {
        let text = format!("one more symptom, number {at}");
        let (state, check) = (ObservationState::Present, CheckSpec::default());
        stage.record(
            "bob@host",
            Event::ObservationAdded { text, state, origin: None, when: None, evidence: None, check },
        );
    }
    stage.keys("2");
    stage.column(13);
    let shown = words(&mut stage);
    assert!(shown.contains("s14") && shown.contains("of 14") && !shown.contains("s1 "), "{shown}");
    assert!(shown.contains("+4.5"), "{shown}");
    assert!(shown.contains("! s6, s7"), "{shown}");
}

#[test]
fn heads_are_as_wide_as_the_board_allows_and_what_is_free_has_them_in_full() {
    let text = "KubePodCrashLooping on checkout-7f9c8d6b5 in eu-west";
    let shown = |size: (u16, u16)| {
        let mut stage = Stage::new(size);
        stage.play();
        let (state, check) = (ObservationState::Present, CheckSpec::default());
        let event =
            Event::ObservationAdded { text: text.into(), state, origin: None, when: None, evidence: None, check };
        stage.record("bob@host", event);
        stage.keys("2");
        words(&mut stage)
    };
    for size in [LARGE, (200, 60)] {
        let shown = shown(size);
        assert!(shown.contains("Crash") && shown.contains("eu-west"), "{shown}");
        assert!(shown.contains(&format!("{text} · present since ")), "{shown}");
        assert!(shown.contains("why A "), "{shown}");
        assert!(shown.contains("expected for certain, and it is there"), "{shown}");
    }
    let low = shown((80, 24));
    assert!(!low.contains("what is seen") && low.contains("+4.5"), "{low}");
}

#[test]
fn the_reasons_below_the_board_are_those_of_the_row_the_cursor_is_on() {
    let mut stage = Stage::new((200, 60));
    stage.play();
    stage.keys("2");
    let first = words(&mut stage);
    stage.keys("down");
    let second = words(&mut stage);
    assert!(first.contains("why A ") && second.contains("why B "), "{first}\n{second}");
    let line = |shown: &str| shown.lines().position(|line| line.contains("why "));
    assert_eq!(line(&first), line(&second), "nothing moves with the cursor");
}

#[test]
fn empty_views_say_what_to_do() {
    let mut stage = Stage::bare(SMALL);
    assert!(words(&mut stage).contains("stanch init"));
    assert!(words(&mut stage).contains("○ watching"), "nothing hurts, so no clock runs");
    for (key, wanted) in [("2", "Nothing on the board yet"), ("3", "none seen"), ("5", "Why did it happen?")] {
        stage.keys(key);
        let shown = words(&mut stage);
        assert!(shown.contains(wanted), "{shown}");
    }
}

#[test]
fn whoever_has_a_configuration_is_not_sent_to_write_one() {
    let mut stage = Stage::unconfigured(SMALL);
    let shown = words(&mut stage).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!shown.contains("stanch init"), "{shown}");
    assert!(shown.contains("/home/alice/stanch.toml: no sources are configured;"), "{shown}");
    assert!(shown.contains("it needs a [[source]] at least"), "{shown}");
    assert!(shown.contains("note the first symptom you see; stanch.toml needs a [[source]] at least."), "{shown}");
}

#[test]
fn help_shows_what_can_be_done_here() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    stage.keys("2 ?");
    let shown = words(&mut stage);
    assert!(shown.contains("Alt-↑") && shown.contains("poll now and redraw"), "{shown}");
    assert!(!shown.contains("back to the order of evidence"), "there is no order by hand to go back from");
}

#[test]
fn a_command_is_shown_whole() {
    let mut stage = Stage::new(SMALL);
    stage.play();
    stage.keys("3 enter");
    assert!(words(&mut stage).contains("Last good state?"), "the guard stands before it");
    stage.keys("n y n s");
    let shown = words(&mut stage);
    assert!(shown.contains("! data, schema or flags changed since"), "{shown}");
    assert!(shown.contains("$ kubectl -n shop rollout undo deploy/checkout"), "{shown}");
    assert!(shown.contains("It runs when its name is typed: rollback-checkout"), "{shown}");
}

#[test]
fn colleagues_and_modes_are_in_the_header() {
    let mut stage = Stage::new((200, 60));
    stage.play();
    let session = stanch::incident::Id::small(77);
    stage.record("bob@other", Event::WatchStarted { session, vitals: false });
    stage.app.session.read_only = true;
    stage.app.outbox.unsynced = Some(at("03:14:00"));
    let first = lines(&stage.draw())[0].clone();
    for wanted in ["with bob", "READ-ONLY", "not on disk since 03:14:00Z"] {
        assert!(first.contains(wanted), "{wanted} is not in: {first}");
    }
    stage.tick("03:40:00");
    assert!(!lines(&stage.draw())[0].contains("with bob"), "long silent, most likely gone");
}

/// Fifty rows and five hundred columns, as a colleague's script would add them.
fn large_board(size: (u16, u16)) -> Stage {
    let mut stage = Stage::new(size);
    stage.play();
    for at in 0..500 {
        let text = format!("symptom {at} of the checkout service in zone {}", at % 7);
        let (state, check) = (ObservationState::Present, CheckSpec::default());
        let event = Event::ObservationAdded { text, state, origin: None, when: None, evidence: None, check };
        stage.record("bob@host", event);
    }
    for at in 0..50 {
        let text = format!("bad deploy of the payments gateway in eu-west by the nightly train v2.{at}");
        let from = "typed".into();
        stage.record("bob@host", Event::HypothesisAdded { text, prior: Prior::Usual, changed: false, from });
    }
    stage.keys("2");
    stage
}

#[test]
fn a_large_board_keeps_its_sums_says_where_one_is_and_tells_its_rows_apart() {
    for size in [SMALL, (120, 40), (200, 60)] {
        let mut stage = large_board(size);
        stage.keys("G tab tab down up");
        stage.column(300);
        let shown = lines(&stage.draw());
        let text = shown.join("\n");
        assert!(text.contains("of 505") && text.contains("s301") && text.contains("rows "), "{text}");
        // The head of each row that shows a cell of the selected column: sum and name.
        let rows: Vec<&String> = shown.iter().filter(|line| line.contains("0/503")).collect();
        assert!(rows.len() > 5, "{text}");
        assert!(rows.iter().all(|row| row.contains("0.0") || row.contains("+3.3")), "{text}");
        let heads: std::collections::HashSet<&str> =
            rows.iter().map(|row| row.split("0/").next().unwrap_or(row)).map(|head| &head[6..]).collect();
        assert_eq!(heads.len(), rows.len(), "no two rows look alike: {text}");
    }
}

/// The last two lines: the next step and its key are there whole, whatever things are called.
#[track_caller]
fn coach_is_whole(size: (u16, u16), play: impl Fn(&mut Stage), asks: &str) {
    let mut stage = Stage::new(size);
    stage.play();
    play(&mut stage);
    // What comes before it is left.
    for _ in 0..12 {
        if !stage.app.advice().text.contains(asks) {
            stage.keys("<");
        }
    }
    let shown = lines(&stage.draw());
    let said = shown[shown.len() - 2..].join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let text = stage.app.advice().text;
    assert!(said.contains(asks), "{size:?}: {said:?} of {text:?}");
    assert!(said.contains(" > "), "{size:?}: no key in {said:?}");
}

#[test]
fn the_next_step_and_its_key_are_never_cut() {
    let long = "the nightly train of the payments gateway in eu-west broke the connection pool of every checkout pod";
    let add = |stage: &mut Stage, text: &str| {
        let event =
            Event::HypothesisAdded { text: text.into(), prior: Prior::Usual, changed: false, from: "typed".into() };
        stage.record("bob@host", event);
    };
    for size in [SMALL, (100, 30), (120, 40), LARGE, (200, 60)] {
        coach_is_whole(size, |stage| add(stage, long), "not assessed");
        let fallen = |stage: &mut Stage| {
            add(stage, long);
            let ids: Vec<_> = stage.app.incident.board.hypotheses.iter().map(|row| row.id).collect();
            let (_, rest) = ids.split_last().expect("rows");
            for hypothesis in rest {
                let (state, reason) = (stanch::incident::HypothesisState::Refuted, "no trace of it".into());
                stage.record("bob@host", Event::HypothesisSet { hypothesis: *hypothesis, state, reason });
            }
        };
        coach_is_whole(size, fallen, "add a rival.");
    }
}

#[test]
fn a_row_that_nothing_could_prove_wrong_is_marked() {
    let mut stage = Stage::new(LARGE);
    stage.play();
    stage.row("db pool exhausted");
    stage.keys("2");
    assert!(!words(&mut stage).contains("untestable"), "it says that errors on v2 only are unlikely");
    stage.column(3);
    stage.keys(".");
    assert!(words(&mut stage).contains("∅ untestable"), "now it expects only what is there anyway");
    stage.keys("?");
    assert!(words(&mut stage).contains("untestable: nothing here could prove it wrong"));
}

#[test]
fn the_fill_strip_asks_its_whole_question_at_any_width() {
    for width in [60, 80, 100, 160] {
        let mut stage = Stage::new((width, 24));
        stage.play();
        stage.keys("2 a");
        stage.text("a stampede on the cache of the payments gateway in europe, after the nightly flush");
        stage.keys("enter");
        let shown = words(&mut stage);
        assert!(shown.contains("If it is D a stampede") && shown.contains("flush, then this …"), "{shown}");
        assert!(shown.contains("(present)") && shown.contains("X cannot be there"), "{shown}");
    }
}

#[test]
fn each_question_says_what_it_is_about_and_what_its_keys_do() {
    let asked = [
        ("2 v", &["Settle s1, now present", "Esc leaves, nothing is decided"][..]),
        ("2 v a", &["Settle: absent", "present → absent", "Enter marks it absent", "Esc leaves, text is kept"]),
        ("2 x", &["Refute", "A db pool exhausted", "What refuted it?", "Enter refutes it"]),
        ("2 E", &["Reword", "A db pool exhausted", "Enter keeps it"]),
        ("3 S y", &["Status: stanched", "bleeding → stanched", "Enter makes it stanched"]),
        ("n", &["Enter or Ctrl-S saves · Ctrl-J new line"]),
        ("2 a", &["Enter adds · Tab marks several"]),
    ];
    for (keys, wanted) in asked {
        let mut stage = Stage::new(SMALL);
        stage.play();
        stage.keys(keys);
        let shown = words(&mut stage);
        assert!(wanted.iter().all(|words| shown.contains(words)), "{keys}: {wanted:?} in {shown}");
    }
}

fn view() -> impl Strategy<Value = View> {
    proptest::sample::select(View::ALL.to_vec())
}

/// Keys that open every overlay, move in it, type wide and narrow characters, and go on.
fn key() -> impl Strategy<Value = char> {
    proptest::sample::select("?:na1234567svxecotmwiPh/+.,#-!>[{ dyq支é🌞".chars().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_size_and_any_overlay_draws(
        width in 1u16..220,
        height in 1u16..70,
        small in (1u16..12, 1u16..8),
        start in view(),
        keys in proptest::collection::vec(key(), 0..12),
        severity in proptest::option::of("\\PC{0,12}"),
    ) {
        let mut stage = Stage::new((width, height));
        stage.play();
        stage.app.screen.view = start;
        if let Some(severity) = severity {
            stage.record("bob@host", Event::SeveritySet { severity });
        }
        for c in keys {
            stage.send(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
            stage.draw();
        }
        // The terminal shrinks while something is open.
        for size in [(width, height), small, (1, 1)] {
            stage.send(Msg::Resized(size.0, size.1));
            let buffer = stage.draw();
            prop_assert_eq!(buffer.area.width, size.0);
            let coach = lines(&buffer).split_off(usize::from(size.1).saturating_sub(2)).join(" ");
            prop_assert!(size.0 < 2 || coach.contains('▸'), "the coach stays: {}", coach);
        }
    }

    #[test]
    fn untrusted_text_stays_in_its_place(text in "\\PC{1,80}", width in 20u16..160) {
        let mut stage = Stage::new((width, 30));
        stage.play();
        let text = stanch::base::text::line(&text).into_owned();
        let check = CheckSpec::default();
        let state = ObservationState::Untested;
        let event = Event::ObservationAdded { text: text.clone(), state, origin: None, when: None, evidence: None, check };
        stage.record("bob@host", event);
        stage.record("bob@host", Event::Noted { text: text.clone(), when: None });
        stage.record("bob@host", Event::Retitled { title: text });
        for view in View::ALL {
            stage.app.screen.view = view;
            let buffer = stage.draw();
            let coach = lines(&buffer)[if width < 160 { 28 } else { 29 }].clone();
            prop_assert!(coach.starts_with(" ▸ "), "{}", coach);
        }
    }
}
