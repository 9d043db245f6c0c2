//! The question that is open, in lines, with what answers it.

use std::sync::Arc;

use super::{counted, spoken::COMMAND};
use crate::{
    app::{
        App, IncidentRow, Overlay,
        act::{hint, intent},
        assumptions,
        commands::smells,
        screen::overlay::{
            Candidate, Choice, DashboardList, Fill, GuardSheet, IncidentList, Picker, Prompt, Purpose, RunbookList,
            RunbookSheet, Storm, VariablePicker, runbook::RunbookRow,
        },
        world::{
            dashboards::DashboardRow,
            storm::{Standing, standing},
        },
    },
    base::command_line,
    incident::{Cell, GuardQuestion, mitigation::guard},
    signal::storm::Proposal,
    ui::overlay::{self, picker, prompt, storm},
};

/// Candidates that are said.
const CANDIDATES: usize = 20;

/// A question, told apart from others.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    /// What is said once, however many questions follow in the same place.
    before: Vec<String>,
    /// What is known, which may change while it is open.
    known: Vec<String>,
    /// The question itself: it is another one when this is.
    asked: Vec<String>,
    /// How it can be answered.
    how: Vec<String>,
    /// What was wrong with the last answer, and after how many typed lines that was said.
    trouble: Option<(u64, String)>,
}

impl Question {
    /// The one that is open, if one is.
    pub(super) fn of(app: &App) -> Option<Self> {
        Some(match app.screen.overlay.as_ref()? {
            Overlay::Help { .. }
            | Overlay::Palette(_)
            | Overlay::Detail { .. }
            | Overlay::LogLine(_)
            | Overlay::Facts(_)
            | Overlay::Menu(_) => return None,
            Overlay::Note(field) => {
                let trouble = field.trouble().map(|trouble| (app.screen.lines_typed, trouble.to_owned()));
                let asked = vec!["the note? `03:05 text` backdates it".to_owned()];
                Self { asked, how: how(&field.text(), false), trouble, ..Self::default() }
            }
            Overlay::Prompt(open) => of_prompt(app, open),
            Overlay::Picker(open) => of_picker(open),
            Overlay::Fill(open) => of_fill(app, open),
            Overlay::Choice(open) => of_choice(open),
            Overlay::Guard(sheet) => of_guard(app, sheet),
            Overlay::Storm(open) => of_storm(app, open),
            Overlay::Dashboards(list) => of_dashboards(list),
            Overlay::Incidents(list) => of_incidents(app, list),
            Overlay::Runbook(sheet) => of_runbook(sheet),
            Overlay::Runbooks(list) => of_runbooks(list),
            Overlay::Variables(picker) => of_variables(app, picker),
            Overlay::Assumptions { .. } => of_assumptions(app),
            Overlay::Smells { .. } => of_smells(app),
        })
    }

    /// All of it.
    pub(super) fn lines(&self) -> Vec<String> {
        self.since(None)
    }

    /// What is said of it after another one.
    pub(super) fn since(&self, before: Option<&Self>) -> Vec<String> {
        let is_elsewhere = before.is_none_or(|before| before.before != self.before);
        let is_another = is_elsewhere || before.is_none_or(|before| before.asked != self.asked);
        let trouble = self.trouble.iter().filter(|_| before.is_none_or(|before| before.trouble != self.trouble));
        let once = self.before.iter().filter(|_| is_elsewhere);
        let asked = self.known.iter().chain(&self.asked).chain(&self.how).filter(|_| is_another);
        once.chain(asked).chain(trouble.map(|(_, said)| said)).cloned().collect()
    }
}

/// What an empty line does, and what leaves.
fn how(text: &str, may_be_empty: bool) -> Vec<String> {
    vec![match (text.trim(), may_be_empty) {
        ("", true) => "an empty line will do; `back` leaves".into(),
        ("", false) => "`back` leaves".into(),
        (text, _) => format!("an empty line takes: {text}"),
    }]
}

fn of_prompt(app: &App, open: &Prompt) -> Question {
    let spec = open.purpose.spec();
    let mut asked: Vec<String> = spec.about.in_words(&app.incident).into_iter().collect();
    match &open.purpose {
        Purpose::RunCommand { intent, name, argv } => {
            asked.push(format!("{COMMAND}{}", command_line::shown(argv)));
            asked.extend(guard::warnings(&intent::guard_of(&app.incident, intent)).iter().map(|&said| said.to_owned()));
            asked.push(prompt::runs_when(&format!("`{name}`")));
        }
        Purpose::Write(write) => {
            asked.extend(write.shown.iter().chain(&write.warnings).cloned());
            asked.push(prompt::sent_when(&format!("`{}`", write.name())));
        }
        _ => asked.push(spec.question),
    }
    asked.extend(spec.hint.map(str::to_owned));
    let trouble = open.trouble.clone().map(|trouble| (app.screen.lines_typed, trouble));
    Question { asked, how: how(&open.field.text(), spec.may_be_empty), trouble, ..Question::default() }
}

fn of_picker(open: &Picker) -> Question {
    let name =
        |(at, candidate): (usize, &Candidate)| format!("{} {}, {}", at + 1, candidate.text, picker::about(candidate));
    let mut asked = vec![picker::ASKS.to_owned()];
    asked.extend(open.candidates.iter().enumerate().take(CANDIDATES).map(name));
    if open.candidates.len() > CANDIDATES {
        asked.push(format!("and {} more, which can be typed", open.candidates.len() - CANDIDATES));
    }
    let marked = open.marked.iter().filter_map(|at| open.candidates.get(*at)).map(|candidate| candidate.text.clone());
    let kept = if open.field.is_blank() { marked.collect::<Vec<_>>().join(", ") } else { open.field.text() };
    let mut how =
        vec!["numbers take several: `1 3`; other words are a hypothesis of their own; `back` leaves".to_owned()];
    if !kept.is_empty() {
        how.push(format!("an empty line takes: {kept}"));
    }
    Question { asked, how, ..Question::default() }
}

fn of_fill(app: &App, open: &Fill) -> Question {
    let board = &app.incident.board;
    let signs = [Cell::Must, Cell::Likely, Cell::Neutral, Cell::Unlikely, Cell::Cannot];
    let before = format!(
        "{} to fill: y expects it, n does not, ? skips, `,` says nothing for the rest of the column; or a sign: {}",
        counted(open.cells.len(), "cell"),
        signs.map(|cell| format!("{} {}", cell.sign(), cell.words())).join(", ")
    );
    let asked = open.current().and_then(|(row, column)| {
        let (row, column) = (board.hypothesis(row)?, board.observation(column)?);
        let (seen, state) = (format!("{} {}", column.label, column.text), column.state.word());
        Some(format!("does {} {} expect {seen}, which is {state}? y/n/?", row.label, row.text))
    });
    Question { before: vec![before], asked: asked.into_iter().collect(), ..Question::default() }
}

fn of_choice(open: &Choice) -> Question {
    let known = open.told.iter().chain(&open.about).cloned().collect();
    let answers = open.answers.iter().map(|answer| format!("{}: {}", answer.key, answer.text));
    let asked = std::iter::once(open.question.clone()).chain(answers).collect();
    Question { known, asked, ..Question::default() }
}

fn of_guard(app: &App, sheet: &GuardSheet) -> Question {
    let facts = app.facts();
    let mut before = vec![format!("before going back: {}", sheet.intent.text)];
    before.extend(hint::caution(facts, &sheet.intent));
    before.push("y, n, u for not known, s skips, words are an answer, too; , skips all; `back` leaves".into());
    let mut asked = Vec::new();
    if let Some(question) = sheet.question() {
        asked.push(format!("{} of {}: {}", sheet.at + 1, GuardQuestion::ALL.len(), question.text()));
        let hint = hint::guard_hint(facts, &sheet.intent, question).text;
        if !hint.is_empty() && sheet.field.is_none() {
            let takes = matches!(question, GuardQuestion::LastGood | GuardQuestion::Proof);
            asked.push(if takes { format!("`y` takes: {hint}") } else { hint });
        }
    }
    Question { before, asked, ..Question::default() }
}

fn of_storm(app: &App, open: &Storm) -> Question {
    let name = |(at, proposal): (usize, &Arc<Proposal>)| {
        let taken = match standing::standing(app.facts(), proposal) {
            Standing::Taken(column) => format!(", on the board as {}", column.label),
            Standing::Within(column) => format!(", a part of {}", column.label),
            Standing::Holds(_) | Standing::New => String::new(),
        };
        format!("{} {}, {}: {}{taken}", at + 1, proposal.severity.word(), proposal.text, proposal.why.join(", "))
    };
    let mut asked = vec![storm::title(open)];
    asked.extend(open.proposals.iter().enumerate().map(name));
    asked.push("a number takes it as a symptom; `split 2`, `drop 2`, `undo`, `again` folds anew; `back` leaves".into());
    Question { asked, ..Question::default() }
}

fn of_incidents(app: &App, list: &IncidentList) -> Question {
    if !list.is_read() {
        return Question { asked: vec!["reading the list of incidents".into()], ..Question::default() };
    }
    let name = |(at, row): (usize, &IncidentRow)| {
        let this = if row.id == app.session.id { ", this one" } else { "" };
        format!("{} {}, {}, {}{this}", at + 1, row.title, row.status, row.id)
    };
    let mut asked = vec!["which incident?".to_owned()];
    asked.extend(list.found().enumerate().take(CANDIDATES).map(name));
    if list.found().len() > CANDIDATES {
        asked.push(format!("and {} more", list.found().len() - CANDIDATES));
    }
    asked.push("a number goes there; words narrow the list; `back` stays".into());
    Question { asked, ..Question::default() }
}

fn of_runbook(sheet: &RunbookSheet) -> Question {
    let mut asked = vec![format!("{}: {}", sheet.book.title, sheet.place().why)];
    asked.extend(overlay::runbook::texts(sheet));
    asked.push("`back` leaves".into());
    Question { asked, ..Question::default() }
}

fn of_runbooks(list: &RunbookList) -> Question {
    let name = |(at, row): (usize, &RunbookRow)| format!("{} {}, {}", at + 1, row.title, row.about);
    let mut asked = vec!["which runbook?".to_owned()];
    asked.extend(list.found().enumerate().take(CANDIDATES).map(name));
    if list.found().len() > CANDIDATES {
        asked.push(format!("and {} more", list.found().len() - CANDIDATES));
    }
    asked.push("a number opens it; words narrow the list; `back` leaves".into());
    Question { asked, ..Question::default() }
}

fn of_dashboards(list: &DashboardList) -> Question {
    let name = |(at, row): (usize, &DashboardRow)| {
        let starred = if row.is_starred { ", starred" } else { "" };
        let about = if row.about.is_empty() { String::new() } else { format!(", {}", row.about) };
        format!("{} {}{starred}{about}", at + 1, row.title)
    };
    let mut asked = vec!["which dashboard?".to_owned()];
    asked.extend(list.found().enumerate().take(CANDIDATES).map(name));
    if list.found().len() > CANDIDATES {
        asked.push(format!("and {} more", list.found().len() - CANDIDATES));
    }
    asked.extend(list.trouble.clone());
    if !list.is_read() {
        asked.push("what else there is, is being read; an empty line lists again".into());
    }
    asked.push("a number opens it; words narrow the list; `back` leaves".into());
    Question { asked, ..Question::default() }
}

fn of_variables(app: &App, picker: &VariablePicker) -> Question {
    let mut asked = vec![match picker.of() {
        Some((name, _)) => format!("what is {name} of {} to be?", picker.dashboard()),
        None => format!("which variable of {}?", picker.dashboard()),
    }];
    let (found, _) = picker.lines();
    asked.extend((0..found.min(CANDIDATES)).filter_map(|nth| {
        let entry = picker.entry(nth)?;
        let about = if entry.about.is_empty() { String::new() } else { format!(", {}", entry.about) };
        let now = if picker.of().is_some() && entry.is_marked { ", as it is now" } else { "" };
        Some(format!("{} {}{about}{now}", nth + 1, entry.name))
    }));
    if found > CANDIDATES {
        asked.push(format!("and {} more", found - CANDIDATES));
    }
    asked.extend(picker.said());
    let how = vec!["a number takes it; words narrow the list; `pod=web-1` sets one at once; `back` leaves".into()];
    let trouble = picker.trouble.clone().map(|trouble| (app.screen.lines_typed, trouble));
    Question { asked, how, trouble, ..Question::default() }
}

fn of_smells(app: &App) -> Question {
    let lines = app.world.smells.shown().enumerate().map(|(at, found)| {
        let title = app.world.plan.pane(found.pane).map_or("", |pane| &pane.pane.title);
        format!("{} {title}, {}: {}", at + 1, found.series, smells::words(app, found))
    });
    let mut asked = vec!["what smells".to_owned()];
    asked.extend(lines);
    asked.push("`take 1` takes one as a symptom, a number goes to its pane; `back` leaves".into());
    Question { asked, ..Question::default() }
}

fn of_assumptions(app: &App) -> Question {
    let known = assumptions::assumptions(&app.incident);
    let whose = |id| app.incident.board.hypothesis(id).map(|row| format!("{}: ", row.label)).unwrap_or_default();
    let lines = known.iter().enumerate().map(|(at, known)| {
        let whose = known.hypothesis.map(whose).unwrap_or_default();
        format!("{} {whose}{}, {}", at + 1, known.text, overlay::assumptions::state_words(known.state))
    });
    let mut asked = vec!["taken for granted".to_owned()];
    asked.extend(lines);
    asked.push("a number checks it; `back` leaves".into());
    Question { asked, ..Question::default() }
}
