//! What a line answers to what is open. A letter and Enter were both meant, so none of the cares taken of single keys are
//! needed here.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{command, leave_for};
use crate::app::{
    App, Effect, Overlay,
    assumptions::assumption_keys,
    dialogs::{
        self, answer::answered, assumptions, dashboards, fill, guard, incidents, note, picker, prompt, runbook, smells,
        storm, variables,
    },
    field::Field,
    page::Page,
    screen::{
        cursor::Cursor,
        overlay::{
            Choice, DashboardList, Fill, GuardSheet, IncidentList, Picker, Prompt, RunbookList, Storm, VariablePicker,
        },
    },
};

/// The word that leaves what is open.
const LEAVE: [&str; 3] = ["back", "esc", "\u{1b}"];

/// Whether nothing is asked.
pub(super) fn is_read_only(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Help { .. } | Overlay::Palette(_) | Overlay::Detail { .. } => true,
        Overlay::LogLine(_) | Overlay::Facts(_) | Overlay::Runbook(_) => true,
        Overlay::Choice(choice) => choice.answers.is_empty(),
        _ => false,
    }
}

/// Takes an answer; what stays open is put back.
pub(super) fn to(app: &mut App, overlay: Overlay, line: &str) -> Vec<Effect> {
    if LEAVE.contains(&line) {
        return dialogs::leave_overlay(app, overlay);
    }
    match overlay {
        Overlay::Prompt(open) => to_prompt(app, open, line),
        Overlay::Note(field) => to_note(app, field, line),
        Overlay::Picker(open) => to_picker(app, open, line),
        Overlay::Guard(sheet) if sheet.field.is_some() => to_guard(app, sheet, line),
        Overlay::Dashboards(list) => to_dashboards(app, list, line),
        Overlay::Incidents(list) => to_incidents(app, list, line),
        Overlay::Runbooks(list) => to_runbooks(app, list, line),
        Overlay::Variables(picker) => to_variables(app, picker, line),
        overlay => to_letters(app, overlay, line),
    }
}

/// A number goes to that one, anything else narrows the list.
fn to_incidents(app: &mut App, mut list: IncidentList, line: &str) -> Vec<Effect> {
    if !list.is_read() {
        app.complain("the list of incidents is still being read: try again");
        app.screen.overlay = Some(Overlay::Incidents(list));
        return Vec::new();
    }
    match line.parse::<usize>() {
        Ok(number) if (1..=list.found().len()).contains(&number) => {
            list.cursor = number - 1;
            incidents::press_incidents(app, list, KeyCode::Enter.into())
        }
        _ => {
            list.field = Field::line(line);
            list.search();
            app.screen.overlay = Some(Overlay::Incidents(list));
            vec![Effect::Say(Page::Question)]
        }
    }
}

/// A number opens that one, anything else narrows the list.
fn to_runbooks(app: &mut App, mut list: Box<RunbookList>, line: &str) -> Vec<Effect> {
    match line.parse::<usize>() {
        Ok(number) if (1..=list.found().len()).contains(&number) => {
            list.point(number - 1);
            runbook::press_runbooks(app, list, KeyCode::Enter.into())
        }
        _ => {
            list.field = Field::line(line);
            list.search();
            app.screen.overlay = Some(Overlay::Runbooks(list));
            vec![Effect::Say(Page::Question)]
        }
    }
}

/// A number opens that one, anything else narrows the list.
fn to_dashboards(app: &mut App, mut list: DashboardList, line: &str) -> Vec<Effect> {
    match line.parse::<usize>() {
        Ok(number) if (1..=list.found().len()).contains(&number) => {
            list.cursor = number - 1;
            dashboards::press_dashboards(app, list, KeyCode::Enter.into())
        }
        _ => {
            list.field = Field::line(line);
            list.search();
            app.screen.overlay = Some(Overlay::Dashboards(list));
            vec![Effect::Say(Page::Question)]
        }
    }
}

/// A number takes that line, `name=value` sets it, anything else narrows the list; what only one line has is taken.
fn to_variables(app: &mut App, mut picker: VariablePicker, line: &str) -> Vec<Effect> {
    let all = picker.lines().0;
    if line.is_empty() {
        app.screen.overlay = Some(Overlay::Variables(picker));
        return vec![Effect::Say(Page::Question)];
    }
    match line.parse::<usize>() {
        _ if picker.takes(line) => {
            picker.field = Field::line(line);
            picker.search();
        }
        Ok(number) if (1..=all).contains(&number) => picker.point(number - 1),
        _ => {
            picker.field = Field::line(line);
            picker.search();
            let fit = picker.lines().0;
            if fit > 1 {
                app.screen.overlay = Some(Overlay::Variables(picker));
                // A shorter list is another question, which is said by itself.
                return if fit == all { vec![Effect::Say(Page::Question)] } else { Vec::new() };
            }
        }
    }
    variables::press_variables(app, picker, KeyCode::Enter.into())
}

/// Where single letters answer, a page can be asked for in between, and the name of an action leaves.
fn to_letters(app: &mut App, overlay: Overlay, line: &str) -> Vec<Effect> {
    if let Some(page) = Page::named(line).filter(|_| line.len() > 1) {
        app.screen.overlay = Some(overlay);
        return vec![Effect::Say(page), Effect::Say(Page::Question)];
    }
    let is_answer = match &overlay {
        Overlay::Choice(choice) => chosen(choice, line).is_some(),
        Overlay::Fill(_) => cell_key(line).is_some(),
        // Words are an answer, too, whatever they begin with.
        Overlay::Guard(_) => true,
        Overlay::Storm(_) => storm_verb(line.split_whitespace().next().unwrap_or_default()).is_some(),
        _ => false,
    };
    if command::is_named(line) && !is_answer {
        return leave_for(app, overlay, line);
    }
    if line.is_empty() {
        app.screen.overlay = Some(overlay);
        return vec![Effect::Say(Page::Question)];
    }
    match overlay {
        Overlay::Choice(choice) => to_choice(app, choice, line),
        Overlay::Fill(open) => to_fill(app, open, line),
        Overlay::Guard(sheet) => to_guard(app, sheet, line),
        Overlay::Storm(open) => to_storm(app, open, line),
        Overlay::Assumptions { cursor } => to_assumptions(app, &cursor, line),
        Overlay::Smells { cursor } => to_smells(app, cursor, line),
        overlay => {
            app.screen.overlay = Some(overlay);
            Vec::new()
        }
    }
}

/// An empty line takes what stands in the field already.
fn to_prompt(app: &mut App, mut open: Prompt, line: &str) -> Vec<Effect> {
    if !line.is_empty() {
        open.field = Field::line(line);
    }
    prompt::press_prompt(app, open, KeyCode::Enter.into())
}

fn to_note(app: &mut App, field: Field, line: &str) -> Vec<Effect> {
    let field = if line.is_empty() || line == field.text() { field } else { Field::block(line) };
    note::press_note(app, field, KeyCode::Enter.into())
}

/// Numbers take what is known, anything else is a hypothesis of its own.
fn to_picker(app: &mut App, mut open: Picker, line: &str) -> Vec<Effect> {
    let numbers = numbers(line);
    if line.is_empty() && open.field.is_blank() && open.marked.is_empty() {
        app.screen.overlay = Some(Overlay::Picker(open));
        return vec![Effect::Say(Page::Question)];
    }
    let same = |at: &usize| open.candidates[*at].text.eq_ignore_ascii_case(line);
    let named = (0..open.candidates.len()).find(same).map(|at| vec![at + 1]);
    match named.or(numbers) {
        Some(numbers) => {
            if let Some(beyond) = numbers.iter().find(|number| **number > open.candidates.len()) {
                app.complain(format!("there is no {beyond} in the list"));
                app.screen.overlay = Some(Overlay::Picker(open));
                return Vec::new();
            }
            open.marked = numbers.iter().map(|number| number - 1).collect();
            open.field = Field::line("");
            open.search();
        }
        None if line.is_empty() => {}
        None => {
            open.marked.clear();
            open.field = Field::line(line);
            open.search();
            open.cursor = open.lines().len().saturating_sub(1);
        }
    }
    picker::press_picker(app, open, KeyCode::Enter.into())
}

/// The letter of an answer, or the first word of it; what stands behind answers what is asked next.
fn to_choice(app: &mut App, choice: Choice, line: &str) -> Vec<Effect> {
    let Some((at, rest)) = chosen(&choice, line) else {
        let letters: Vec<String> = choice.answers.iter().map(|answer| answer.key.to_string()).collect();
        let kept = if line.contains(' ') { format!("; `note {line}` keeps it") } else { String::new() };
        app.complain(format!("that is no answer; {} are{kept}", letters.join(", ")));
        app.screen.overlay = Some(Overlay::Choice(choice));
        return Vec::new();
    };
    let then = choice.answers[at].then.clone();
    let effects = answered(app, then);
    go_on(app, effects, rest)
}

fn chosen<'l>(choice: &Choice, line: &'l str) -> Option<(usize, &'l str)> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let only = |word: &str| word.chars().next().filter(|only| word.len() == only.len_utf8());
    let key = only(word);
    let by_key = choice.answers.iter().position(|answer| Some(answer.key) == key);
    let first = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let by_word = || {
        let mut found =
            choice.answers.iter().enumerate().filter(|(_, answer)| first(&answer.text) == word.to_lowercase());
        found.next().map(|(at, _)| at).filter(|_| found.next().is_none())
    };
    by_key.or_else(by_word).map(|at| (at, rest.trim()))
}

/// Cell after cell: `y n ? #` answers four.
fn to_fill(app: &mut App, mut open: Fill, line: &str) -> Vec<Effect> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let Some(key) = cell_key(word) else {
        app.complain(format!("`{word}` is no answer; y, n, ? or a sign is: # + . - X"));
        app.screen.overlay = Some(Overlay::Fill(open));
        return Vec::new();
    };
    if let Some(word) = rest.split_whitespace().find(|word| cell_key(word).is_none()) {
        app.complain(format!("`{word}` is no answer, and nothing was filled; `note {line}` keeps it"));
        app.screen.overlay = Some(Overlay::Fill(open));
        return Vec::new();
    }
    open.stray = None;
    let effects = fill::press_fill(app, open, KeyEvent::from(key));
    go_on(app, effects, rest.trim())
}

/// Whether a line could answer for cells, and nothing else.
pub(super) fn is_for_cells(line: &str) -> bool {
    !line.is_empty() && line.split_whitespace().all(|word| cell_key(word).is_some())
}

fn cell_key(word: &str) -> Option<KeyCode> {
    let sign = match word.to_lowercase().as_str() {
        "#" | "must" => '#',
        "+" | "y" | "yes" | "likely" => '+',
        "." | "neutral" | "nothing" => '.',
        "-" | "n" | "no" | "unlikely" => '-',
        "x" | "!" | "cannot" => 'X',
        "," | "rest" => ',',
        "?" | "skip" => '?',
        _ => return None,
    };
    Some(KeyCode::Char(sign))
}

/// A letter, or the words themselves.
fn to_guard(app: &mut App, mut sheet: GuardSheet, line: &str) -> Vec<Effect> {
    let letter = match line.to_lowercase().as_str() {
        "y" | "yes" => Some('y'),
        "n" | "no" => Some('n'),
        "u" | "unknown" | "not known" => Some('u'),
        "s" | "skip" => Some('s'),
        "," | "skip all" => Some(','),
        digit if digit.len() == 1 => digit.chars().next().filter(char::is_ascii_digit),
        _ => None,
    };
    sheet.stray = None;
    match letter {
        Some(letter) if sheet.field.is_none() => guard::press_guard(app, sheet, KeyCode::Char(letter).into()),
        _ => {
            sheet.field = Some(Field::line(line));
            guard::press_guard(app, sheet, KeyCode::Enter.into())
        }
    }
}

/// `2` or `take 2`, `split 2`, `drop 2`, `undo`, `again`.
fn to_storm(app: &mut App, mut open: Storm, line: &str) -> Vec<Effect> {
    let mut words = line.split_whitespace();
    let (mut verb, mut number) = (words.next().unwrap_or_default(), words.next());
    if verb.parse::<usize>().is_ok() {
        (verb, number) = ("take", Some(verb));
    }
    let number = number.and_then(|number| number.parse::<usize>().ok());
    let key = storm_verb(verb).filter(|key| number.is_some() || matches!(key, 'u' | 'r'));
    let Some(key) = key else {
        app.complain("a number takes it; `split 2`, `drop 2`, `undo`, `again`; `back` leaves");
        app.screen.overlay = Some(Overlay::Storm(open));
        return Vec::new();
    };
    if let Some(at) = number {
        if at == 0 || at > open.proposals.len() {
            app.complain(format!("there is no {at} in the list"));
            app.screen.overlay = Some(Overlay::Storm(open));
            return Vec::new();
        }
        open.cursor = at - 1;
    }
    storm::press_storm(app, open, KeyCode::Char(key).into())
}

fn storm_verb(word: &str) -> Option<char> {
    match word {
        "take" | "s" => Some('s'),
        "split" | "x" => Some('x'),
        "drop" | "d" => Some('d'),
        "undo" | "u" => Some('u'),
        "again" | "r" => Some('r'),
        _ => None,
    }
}

/// `2` goes to its pane, `take 2` takes it.
fn to_smells(app: &mut App, mut cursor: Cursor, line: &str) -> Vec<Effect> {
    let (takes, number) = match line.strip_prefix("take ") {
        Some(number) => (true, number),
        None => (false, line),
    };
    let keys = smells::smell_keys(app);
    let at = number.trim().parse::<usize>().ok().filter(|number| (1..=keys.len()).contains(number));
    let Some(at) = at else {
        app.complain("`take 1` takes one as a symptom, a number goes to its pane; `back` leaves");
        app.screen.overlay = Some(Overlay::Smells { cursor });
        return Vec::new();
    };
    cursor.put(&keys, at - 1);
    let key = if takes { KeyCode::Char('s') } else { KeyCode::Enter };
    smells::press_smells(app, &cursor, key.into())
}

/// The number of what is to be checked.
fn to_assumptions(app: &mut App, cursor: &Cursor, line: &str) -> Vec<Effect> {
    let keys = assumption_keys(&app.incident);
    let at = numbers(line).and_then(|numbers| numbers.first().copied()).filter(|number| *number <= keys.len());
    let Some(at) = at else {
        app.complain("a number checks one; `back` leaves");
        app.screen.overlay = Some(Overlay::Assumptions { cursor: cursor.clone() });
        return Vec::new();
    };
    let mut cursor = cursor.clone();
    cursor.put(&keys, at - 1);
    assumptions::press_assumptions(app, &cursor, KeyCode::Enter.into())
}

/// Numbers from 1 on; `None` when there is anything else.
fn numbers(line: &str) -> Option<Vec<usize>> {
    let words = line.split([' ', ',']).filter(|word| !word.is_empty());
    let numbers: Option<Vec<usize>> = words.map(|word| word.parse().ok().filter(|number| *number > 0)).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// The rest of a line answers what is asked next.
fn go_on(app: &mut App, mut effects: Vec<Effect>, rest: &str) -> Vec<Effect> {
    if rest.is_empty() {
        return effects;
    }
    if app.screen.overlay.is_some() {
        effects.extend(super::go_on(app, rest));
    } else {
        app.complain(format!("nothing more is asked; `note {rest}` keeps it"));
    }
    effects
}
