//! An incident in which every word comes from a stranger with bad intentions.

use stanch::{
    incident::{
        ActionKind, AlertTurn, Cell, Entry, Event, HypothesisState, Id, MitigationKind, MitigationState,
        ObservationState, Prior, Question, Status,
        board::{CheckSpec, Evidence},
    },
    signal::{Change, ChangeKind, Severity, alert::AlertLinks},
};

use crate::scenario::Log;

/// Markup, mentions, escapes from code and from lines. Each is one line unless it says otherwise.
pub const CORPUS: &[&str] = &[
    "# heading",
    "## x {#id .class}",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "---",
    "***",
    "===",
    "> quote",
    "    indented",
    "\tindented",
    "- [ ] task",
    "- [x] task",
    "[x](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "[x][ref] [ref]: https://evil.example",
    "[ref]: https://evil.example 'title'",
    "[^1] [^1]: footnote",
    "[[wiki]]",
    "<https://evil.example>",
    "<mail@evil.example>",
    "https://evil.example/?a=(b)_c*d*",
    "see http://evil.example.",
    "(www.evil.example)",
    "mailto:x@evil.example xmpp:x@evil.example",
    "ask @someone and @org/team, thanks",
    "@someone",
    "fixes #123, GH-7, org/repo#9 and !4",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- comment --> <?php ?> <![CDATA[x]]> </div>",
    "<details><summary>x</summary>",
    "&lt;b&gt; &amp; &copy; &#60; &#x3c; &nbsp;",
    "*emphasis* **strong** ***both*** _e_ __s__ a*b*c",
    "~~struck~~ ~sub~ ^sup^ ==mark==",
    "`code` ``code`` ` `` ```",
    "```",
    "~~~",
    "a ``` b ``` c",
    "ends in backslash \\",
    "ends in a bang !",
    "ends in `backtick`",
    "\\* \\` \\[ \\\\",
    "a | b | c",
    "| a | b | |---|---|",
    "$x^2$ $$y$$ ${HOME} $`x`$",
    ": definition",
    "term ~ : x",
    "**",
    "*",
    "_",
    "`",
    "[",
    "]",
    "](",
    "<",
    "&",
    "#",
    "@",
    "\\",
    "!",
    "!)",
    "](https://evil.example)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "a\u{a0}b\u{2003}c\u{3000}",
    "\u{202e}reversed\u{200b}zero\u{1b}]52;c;x\u{7}",
    "snake_case_name and _private_ and __dunder__",
    "é_ü_ß *ü*",
    "\u{feff}# bom",
];

/// The same over several lines, where more can begin.
pub const BLOCKS: &[&str] = &[
    "a\n===\nb\n---",
    "a\n\n# heading\n\n> quote\n\n1. one",
    "```\ncode\n```\n# after",
    "````\n```\n~~~\nx",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a  \nb\\\nc",
    "<div>\n\n<script>\nx\n</script>",
    "[x]: https://evil.example\n\n[x]",
    "term\n: definition",
    "NAME   READY\n```     \n</code></pre><script>x</script>",
    "- [ ] task\n- @someone\n  - #123\n* ![x](y)",
    "$$\nx\n$$",
    "\n\n\n",
    "  \n\t\n",
    "---\ntitle: front matter\n---",
];

/// An incident whose every text is `text`. Addresses hold it too, behind a host.
pub fn incident(text: &str) -> Vec<Entry> {
    let mut log = Log::new("2026-11-22T03:00:00Z");
    let s = || text.to_owned();
    let url = || format!("https://a.example/{text}");
    let by = format!("alice@{text}");
    let mut add = |minutes: i32, event: Event| log.add(&by, minutes, event);
    let at = |minutes: i64| {
        "2026-11-22T03:00:00Z".parse::<jiff::Timestamp>().expect("a time") + jiff::SignedDuration::from_mins(minutes)
    };
    add(0, Event::IncidentOpened { title: format!("t {text}"), drill: false });
    add(0, Event::WatchStarted { session: Id::small(900), vitals: false });
    add(1, Event::SeveritySet { severity: s() });
    add(1, Event::OnsetSet { when: at(0), basis: s() });
    add(1, Event::Acknowledged { what: s() });
    let links = AlertLinks {
        runbook: Some(url().into()),
        dashboard: Some(format!("https://a.example/d/{text}").into()),
        generator: None,
    };
    for (n, turn) in [(2, AlertTurn::Fired), (3, AlertTurn::LostSight)] {
        add(
            n,
            Event::AlertTurned {
                key: format!("k{n}"),
                source: s(),
                group: s(),
                title: s(),
                severity: Severity::Critical,
                turn,
                firing: 2,
                when: at(i64::from(n)),
                first: n == 2,
                links: links.clone(),
            },
        );
    }
    add(3, Event::SourceLost { key: "lost".into(), source: s(), error: s(), when: at(3) });
    add(
        4,
        Event::VitalCrossed {
            key: "v".into(),
            vital: s(),
            value: f64::NEG_INFINITY,
            shown: s(),
            ok: s(),
            inside: false,
            when: at(4),
        },
    );
    add(
        5,
        Event::VitalWorsened {
            vital: s(),
            since: at(4),
            until: at(5),
            seconds: 60.0,
            worst: f64::INFINITY,
            shown: s(),
            area: f64::NAN,
            back: None,
        },
    );
    let change = Change {
        id: s(),
        kind: ChangeKind::Deploy,
        title: s(),
        service: Some(s()),
        version: Some(s()),
        at: at(-5),
        who: Some(s()),
        undo: Some(s()),
        url: Some(url() + "?"),
    };
    add(5, Event::ChangeSeen { key: "c".into(), source: s(), change: change.into() });
    let evidence = Evidence {
        title: s(),
        source: s(),
        query: s(),
        value: s(),
        at: Some(at(5)),
        link: Some(url()),
        points: vec![(1, f64::NAN)],
    };
    let mut seen = |state| {
        let (evidence, check) = (Some(evidence.clone()), CheckSpec::default());
        add(
            6,
            Event::ObservationAdded {
                text: s(),
                state,
                origin: Some(s()),
                when: None,
                evidence: evidence.map(Box::new),
                check,
            },
        )
    };
    let column = seen(ObservationState::Present);
    let other = seen(ObservationState::Untested);
    let row = add(7, Event::HypothesisAdded { text: s(), prior: Prior::Common, changed: true, from: s() });
    let rival = add(7, Event::HypothesisAdded { text: s(), prior: Prior::Usual, changed: false, from: s() });
    for (hypothesis, cell) in [(row, Cell::Must), (rival, Cell::Cannot)] {
        add(8, Event::CellSet { hypothesis, observation: column, cell });
    }
    add(9, Event::ObservationSet { observation: other, state: ObservationState::Absent, note: s(), when: None });
    add(9, Event::HypothesisSet { hypothesis: rival, state: HypothesisState::Refuted, reason: s() });
    add(9, Event::AssumptionAdded { text: s(), hypothesis: Some(row) });
    let mitigation = add(
        10,
        Event::MitigationAdded {
            text: s(),
            mitigation_kind: MitigationKind::Rollback,
            hypothesis: Some(row),
            command: Some(s()),
            change: None,
        },
    );
    add(
        10,
        Event::CommandRan {
            mitigation: Some(mitigation),
            argv: vec![s(), s()],
            exit: Some(1),
            output: s(),
            seconds: 1.0,
        },
    );
    add(11, Event::MitigationSet { mitigation, state: MitigationState::Worked, note: s(), when: None });
    add(11, Event::Noted { text: s(), when: None });
    add(11, Event::WhyParked { text: s() });
    add(11, Event::Pinned { evidence });
    add(11, Event::DraftKept { field: s(), text: s() });
    add(12, Event::StatusSet { status: Status::Stanched, reason: s(), when: None });
    for question in Question::ALL {
        add(13, Event::Answered { question, text: s() });
    }
    add(13, Event::ActionAdded { text: s(), owner: s(), due: s(), action_kind: ActionKind::Prevent });
    add(13, Event::LinkAdded { title: s(), url: url() + "#" });
    add(13, Event::LinkAdded { title: s(), url: format!("javascript:{text}") });
    log.entries
}
