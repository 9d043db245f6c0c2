//! The notes of a whole incident, as they are pasted: looked at in three formats, byte for byte the same after a replay,
//! and harmless whatever strangers wrote into it.

#![expect(clippy::expect_used, reason = "a test that cannot go on should say where")]

#[path = "notes/edited.rs"]
mod edited;
#[path = "notes/hostile.rs"]
mod hostile;
#[path = "notes/scenario.rs"]
mod scenario;

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event as Mark, HeadingLevel, Options, Parser, Tag, TagEnd};
use scenario::Log;
use stanch::{
    incident::{AlertTurn, Cell, Event, Incident, Status, report, timeline},
    signal::Severity,
};

#[test]
fn an_outage_as_it_is_pasted() {
    let incident = Incident::replay(scenario::outage());
    insta::assert_snapshot!("outage_markdown", report::markdown(&incident));
    insta::assert_snapshot!("outage_html", report::html(&incident));
    insta::assert_snapshot!("outage_json", report::json(&incident));
    insta::assert_snapshot!("outage_log", timeline::text(&incident));
}

#[test]
fn an_incident_that_has_just_begun() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "checkout 5xx".into(), drill: true });
    insta::assert_snapshot!("empty_markdown", report::markdown(&Incident::replay(log.entries)));
}

#[test]
fn the_short_form_is_for_a_chat() {
    let short = report::short(&Incident::replay(scenario::outage()));
    insta::assert_snapshot!(short);
    assert!(short.lines().count() <= 15, "{short}");
    // Whatever strangers wrote.
    for text in hostile::CORPUS {
        let short = report::short(&Incident::replay(hostile::incident(text)));
        let lines = short.lines().count();
        assert!((2..=15).contains(&lines), "{lines} lines of {text:?}:\n{short}");
    }
}

#[test]
fn notes_of_a_calm_watch_say_what_the_screen_says() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "checkout".into(), drill: false });
    for (status, words) in [(None, "watching"), (Some(Status::Stanched), "stanched"), (Some(Status::Closed), "closed")]
    {
        let set = |status| Event::StatusSet { status, reason: String::new(), when: None };
        status.into_iter().for_each(|status| _ = log.add("alice@host", 1, set(status)));
        let notes = report::markdown(&Incident::replay(log.entries.clone()));
        assert!(notes.contains(&format!("**Status:** {words}")) && !notes.contains("still bleeding"), "{notes}");
    }
    // It was called stanched, and then it bled.
    log.vital(5.0, 0.9, false);
    let notes = report::markdown(&Incident::replay(log.entries));
    let said = "called closed before that, and not seen to end";
    assert!(notes.contains(said) && !notes.contains("still bleeding"), "{notes}");
}

#[test]
fn the_log_says_who_took_something_back() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    let note = log.add("alice@ops1", 0, Event::Noted { text: "pool is full".into(), when: None });
    log.add("bob@host", 1, Event::Undone { entry: note });
    log.add("carol@host", 2, Event::Redone { entry: note });
    let text = timeline::text(&Incident::replay(log.entries));
    let told = |said: &str| text.lines().find(|line| line.contains(said)).unwrap_or_else(|| panic!("{said}\n{text}"));
    assert!(told("undid").contains("  bob@host ") && told("undid").contains("pool is full"), "{text}");
    assert!(told("redid").contains("  carol@host "), "{text}");
}

#[test]
fn of_turns_while_the_board_was_filled_the_last_is_told() {
    use stanch::incident::ObservationState::Present;
    let mut log = Log::new("2026-11-22T03:10:00Z");
    let alice = "alice@ops1";
    log.add(alice, 0, Event::IncidentOpened { title: "checkout".into(), drill: false });
    let signs = ["5xx", "slow", "pool full"].map(|text| log.observation(1, text, Present));
    let rows = ["dns", "bad deploy"].map(|text| log.hypothesis(2, text));
    let mut fill = |row: usize, sign: usize| {
        let (hypothesis, observation) = (rows[row], signs[sign]);
        log.add(alice, 3, Event::CellSet { hypothesis, observation, cell: Cell::Must });
    };
    // Now one leads, and now the other.
    [(0, 0), (1, 0), (1, 1), (0, 1), (0, 2)].into_iter().for_each(|(row, sign)| fill(row, sign));
    let incident = Incident::replay(log.entries);
    let turns = incident.rank_turns.len();
    assert!(turns > 2, "{:?}", incident.rank_turns);
    let notes = report::markdown(&incident);
    let folded = format!("(it had turned {} times before while the board was filled)", turns - 1);
    let told: Vec<&str> = notes.lines().filter(|line| line.contains("while the board was filled")).collect();
    assert!(matches!(told[..], [line] if line.contains("A dns leads") && line.contains(&folded)), "{told:?}\n{notes}");
}

#[test]
fn what_people_do_not_agree_on_is_told() {
    use stanch::incident::ObservationState::{Absent, Present};
    let mut log = Log::new("2026-11-22T03:10:00Z");
    let (alice, bob) = ("alice@ops1", "bob@host");
    log.add(alice, 0, Event::IncidentOpened { title: "checkout".into(), drill: false });
    let sign = log.observation(1, "5xx", Present);
    let row = log.hypothesis(2, "dns");
    let cell = |said: &str| {
        let cell = Cell::parse(said).expect("a sign");
        Event::CellSet { hypothesis: row, observation: sign, cell }
    };
    let agreed = report::markdown(&Incident::replay(log.entries.clone()));
    assert!(!agreed.contains("did not agree"), "{agreed}");
    log.add(alice, 3, cell("#"));
    log.add(bob, 4, cell("X"));
    log.add(bob, 5, Event::ObservationSet { observation: sign, state: Absent, note: String::new(), when: None });
    let notes = report::markdown(&Incident::replay(log.entries));
    for said in [
        "for A dns, s1 5xx: alice says must be there, bob says cannot be there; bob said it last, and that counts",
        "s1 5xx: alice says present (03:11), bob says absent (03:15)",
        "**bob:** 1 cell of the board, 1 look at a sign",
    ] {
        assert!(notes.contains(said), "{said} is not in\n{notes}");
    }
}

#[test]
fn what_a_storm_links_to_does_not_bury_the_rest() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "storm".into(), drill: false });
    for n in 0..40 {
        let severity = if n == 30 { Severity::Critical } else { Severity::Warning };
        log.alert(f64::from(n), &format!("Alert{n}"), severity, AlertTurn::Fired, 1);
    }
    let notes = report::markdown(&Incident::replay(log.entries));
    assert_eq!(notes.matches("- [Runbook of ").count(), 6, "{notes}");
    assert!(notes.contains("[Runbook of Alert0]") && notes.contains("[Runbook of Alert30]"), "{notes}");
    assert!(notes.contains("those of 34 more alert groups are left out here"), "{notes}");
}

#[test]
fn an_incident_without_any_entry_has_notes_too() {
    let notes = report::markdown(&Incident::default());
    assert!(notes.starts_with("# Incident without a title\n"), "{notes}");
}

#[test]
fn live_replayed_and_imported_notes_are_the_same_bytes() {
    let entries = scenario::outage();
    let mut live = Incident::default();
    entries.iter().cloned().for_each(|entry| live.apply(entry));
    let replayed = Incident::replay(entries);
    let json = report::json(&live);
    let imported = report::from_json(&json).expect("our own export");
    for other in [&replayed, &imported] {
        assert_eq!(report::markdown(&live), report::markdown(other));
        assert_eq!(report::html(&live), report::html(other));
        assert_eq!(json, report::json(other));
        assert_eq!(timeline::items(&live), timeline::items(other));
    }
}

#[test]
fn what_is_not_an_export_says_so() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = report::from_json(text).expect_err("not an export").to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    check("", "not an export of an incident: EOF");
    check("{}", "not an export of an incident: missing field `format`");
    check(r#"{"format":1}"#, "not an export of an incident: missing field `entries`");
    check(r#"{"format":9,"entries":[]}"#, "an export of format 9; this version reads format 1");
}

#[test]
fn a_large_board_is_bounded_and_says_where_the_rest_is() {
    use stanch::incident::ObservationState::{Absent, Present, Untested};
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "storm".into(), drill: false });
    let rows: Vec<_> = (0..50).map(|n| log.hypothesis(1, &format!("cause number {n}"))).collect();
    for n in 0..500 {
        let state = [Present, Absent, Untested][n % 3];
        let column = log.observation(2, &format!("sign number {n}"), state);
        for row in rows.iter().take(12) {
            log.cell(3, *row, column, ["#", "-", "+"][n % 3]);
        }
    }
    let notes = report::markdown(&Incident::replay(log.entries));
    let lines = notes.lines().count();
    assert!(lines < 800 && notes.len() < 150_000, "{lines} lines, {} bytes", notes.len());
    for said in ["more rows of lower rank: ", "440 more columns are left out here: `stanch rank`", "weaker reasons"] {
        assert!(notes.contains(said), "{said}");
    }
}

#[test]
fn whys_are_nested_bullets() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    let by = "alice@host";
    log.add(by, 0, Event::IncidentOpened { title: "checkout".into(), drill: false });
    let why = |parent, text: &str, process| Event::WhyAnswered { parent, text: text.into(), process };
    let parked = log.add(by, 1, Event::WhyParked { text: "why did the canary not catch this?".into() });
    let first = log.add(by, 2, why(None, "a setting was missing", false));
    log.add(by, 3, why(Some(first), "no review of settings", true));
    log.add(by, 4, why(Some(first), "alice forgot it", false));
    log.add(by, 5, why(Some(parked), "it serves search only", false));
    let notes = report::markdown(&Incident::replay(log.entries));
    let expected = "\
- **Why did it happen?**
  - a setting was missing
    - no review of settings (**a process**)
    - alice forgot it (ends with a person; what let that happen?)
- **why did the canary not catch this?** (put aside 03:11 by alice)
  - it serves search only (not asked further)
";
    assert!(notes.contains(expected), "{notes}");
}

#[test]
fn what_was_undone_is_not_told() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "checkout".into(), drill: false });
    let note = log.note(1, "a slip of the tongue");
    let row = log.hypothesis(2, "sunspots");
    let stays = log.hypothesis(3, "bad deploy");
    for entry in [note, row] {
        log.add("alice@host", 4, Event::Undone { entry });
    }
    let incident = Incident::replay(log.entries);
    let notes = report::markdown(&incident);
    assert!(!notes.contains("slip") && !notes.contains("sunspots"), "{notes}");
    assert!(notes.contains("**B bad deploy**"), "labels do not shift: {notes}");
    assert!(incident.board.hypothesis(stays).is_some());
    let undone: Vec<_> = timeline::items(&incident).into_iter().filter(|item| item.undone).map(|i| i.what).collect();
    assert_eq!(undone, ["a slip of the tongue", "hypothesis (taken back): sunspots"]);
}

#[test]
fn strangers_cannot_write_markup() {
    let tame = structure(&report::markdown(&Incident::replay(hostile::incident("word"))));
    for text in hostile::CORPUS {
        let notes = harmless(text);
        assert_eq!(structure(&notes), tame, "{text:?} changed the shape of the notes:\n{notes}");
        assert!(shown(&notes).matches(&squeezed(text)).count() > 40, "{text:?} is not shown as it is:\n{notes}");
    }
    for text in hostile::BLOCKS {
        harmless(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nor_can_anything_else(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..16)) {
        harmless(&pieces.concat());
    }

    #[test]
    fn nor_can_any_characters(text in "\\PC{0,24}") {
        harmless(&text);
    }
}

/// What markup is made of.
const PIECES: &[&str] = &[
    "`", "``", "```", "~~~", "*", "**", "_", "__", "[", "]", "(", ")", "](", "![", "<", ">", "</", "&", "&lt;", ";",
    "#", "# ", "1", "1.", "2)", "@", "a", "b", "é", " ", "  ", "\n", "\n\n", "\n    ", "\t", "-", "- ", "+ ", "=", ":",
    "|", "~", "$", "!", "\\", "://", "https://", "www.", "{", "}", "^", "'", "\"", ".", ",", "\u{a0}", "…", "GH-1",
    "[x]", "[^1]", "<b>", "--",
];

/// Renders an incident full of `text` and checks all three formats; returns the Markdown.
#[track_caller]
fn harmless(text: &str) -> String {
    let incident = Incident::replay(hostile::incident(text));
    let notes = report::markdown(&incident);
    structure(&notes); // panics on anything that must not be there
    let html = report::html(&incident);
    check_html(&html, text);
    let again = report::from_json(&report::json(&incident)).expect("our own export");
    assert_eq!(report::markdown(&again), notes, "{text:?} does not survive the export");
    for line in timeline::text(&incident).lines() {
        assert!(line.starts_with("2026-11-22 0"), "{text:?} broke the log into lines: {line:?}");
    }
    notes
}

/// The shape of the notes without their words; panics on markup that is never ours.
#[track_caller]
fn structure(notes: &str) -> Vec<String> {
    let mut shape = Vec::new();
    let mut in_code = false;
    let mut run = String::new(); // text without anything in between, as services see it
    // All dialects at once, but for two: curly quotes are no harm, and `{#id}` behind a heading is a matter of static
    // site generators that no backslash helps against.
    let dialects = Options::all() - Options::ENABLE_SMART_PUNCTUATION - Options::ENABLE_HEADING_ATTRIBUTES;
    for event in Parser::new_ext(notes, dialects) {
        if let Mark::Text(text) = &event {
            run.push_str(if in_code { "" } else { text });
            continue;
        }
        assert!(!links_itself(&run), "links itself: {run:?}\n{notes}");
        run.clear();
        match event {
            Mark::Start(Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3, .. })
            | Mark::Start(Tag::List(None) | Tag::Item | Tag::Strong)
            | Mark::End(TagEnd::Heading(_) | TagEnd::List(false) | TagEnd::Item | TagEnd::Strong | TagEnd::Link) => {
                shape.push(format!("{event:?}"));
            }
            Mark::Start(Tag::Link { ref dest_url, .. }) => {
                assert!(dest_url.starts_with("https://a.example/"), "leads away: {dest_url}\n{notes}");
                shape.push("link".into());
            }
            Mark::Start(Tag::CodeBlock(CodeBlockKind::Fenced(ref info))) if info.is_empty() => in_code = true,
            Mark::End(TagEnd::CodeBlock) => in_code = false,
            Mark::Code(_) => {}
            other => panic!("{other:?} in\n{notes}"),
        }
    }
    shape
}

/// An oracle of its own: what GitHub and its like link in plain text.
fn links_itself(text: &str) -> bool {
    let text = text.to_lowercase();
    let chars: Vec<_> = text.chars().collect();
    let sign =
        |at: usize, sign: char, next: fn(&char) -> bool| chars[at] == sign && chars.get(at + 1).is_some_and(next);
    let mention =
        (0..chars.len()).any(|at| sign(at, '@', |c| c.is_ascii_alphanumeric()) || sign(at, '#', char::is_ascii_digit));
    let host = |(at, sign): (usize, &str)| text[at + sign.len()..].starts_with(char::is_alphanumeric);
    let issue = |(at, _): (usize, &str)| !text[..at].ends_with(char::is_alphanumeric);
    mention
        || text.match_indices("gh-1").any(issue)
        || text.match_indices("www.").any(host)
        || ["://", "mailto:"].iter().any(|sign| text.contains(sign))
}

/// All words, white space aside.
fn shown(notes: &str) -> String {
    let words = Parser::new(notes).filter_map(|event| match event {
        Mark::Text(text) | Mark::Code(text) => Some(text.to_string()),
        _ => None,
    });
    squeezed(&words.collect::<String>())
}

fn squeezed(text: &str) -> String {
    stanch::base::text::block(text, usize::MAX).split_whitespace().collect()
}

/// Only our own tags, and addresses only where we put them.
#[track_caller]
fn check_html(html: &str, text: &str) {
    const TAGS: &[&str] = &["h1", "h2", "h3", "ul", "li", "strong", "code", "pre", "a", "main", "body", "html"];
    let body = html.split_once("<body>").expect("a body").1;
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a whole tag");
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(TAGS.contains(&name), "<{tag}> from {text:?}");
        let plain = tag.trim_start_matches('/') == name;
        assert!(
            plain || tag.starts_with("a href=\"https://a.example/") && tag.matches('"').count() == 2,
            "<{tag}> from {text:?}"
        );
    }
}
