//! Keys while hypotheses are picked, and what comes of those that were. What is found for what is typed, and in which
//! order, is in [`overlay::picker`](crate::app::screen::overlay::picker).

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    app::{
        App, Effect, Overlay, causes,
        commands::success,
        drafts::taken_back,
        screen::overlay::{Candidate, Picker, picker::Line},
    },
    base::text,
    incident::Prior,
};

pub(in crate::app) fn press_picker(app: &mut App, mut picker: Picker, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter => return submit_picker(app, picker),
        KeyCode::Char('s') if key.modifiers == KeyModifiers::CONTROL => {
            picker.cursor = picker.lines().len().saturating_sub(1);
            return submit_picker(app, picker);
        }
        KeyCode::Tab => picker.mark(),
        KeyCode::Down => picker.step(1),
        KeyCode::Up => picker.step(-1),
        KeyCode::PageDown => picker.step(10),
        KeyCode::PageUp => picker.step(-10),
        _ => {
            if picker.field.press(key) {
                picker.search();
            }
        }
    }
    app.screen.overlay = Some(Overlay::Picker(picker));
    Vec::new()
}

/// Takes the marked candidates and, where none is marked or more was typed, the selected line; opens the fill strip for
/// them.
fn submit_picker(app: &mut App, picker: Picker) -> Vec<Effect> {
    let known = |at: &usize| picker.candidates.get(*at).cloned();
    let mut chosen: Vec<Candidate> = picker.marked.iter().filter_map(known).collect();
    let typed = text::line(picker.field.text().trim()).into_owned();
    match picker.selected() {
        Some(Line::Typed) => chosen.push(typed_candidate(typed)),
        Some(Line::Known(at)) if chosen.is_empty() || !(typed.is_empty() || picker.marked.contains(&at)) => {
            chosen.extend(known(&at));
        }
        _ => {}
    }
    if app.refuses_to_write() {
        app.screen.overlay = Some(Overlay::Picker(picker));
        return Vec::new();
    }
    if chosen.is_empty() {
        app.screen.overlay = Some(Overlay::Picker(picker));
        app.complain("nothing to add");
        return Vec::new();
    }
    app.screen.board.marked.clear();
    let (mut drafts, rows) = causes::adding(app, &chosen);
    let proofs = success::for_new_rows(app, &drafts);
    drafts.extend(proofs);
    drafts.extend(taken_back(app, "hypothesis"));
    app.screen.awaited.rows = rows;
    app.record_drafts(drafts)
}

fn typed_candidate(text: String) -> Candidate {
    Candidate {
        text,
        from: "typed",
        about: String::new(),
        prior: Prior::Usual,
        changed: false,
        like: None,
        subject: None,
        runbook: None,
    }
}
