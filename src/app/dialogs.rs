//! What the keys do in what lies over a view: each dialog answers its own, and Esc leaves any of them.
//!
//! What is open is data ([`overlay`](crate::app::screen::overlay)); what comes of an answer is for the
//! [`commands`], which never look up here.

pub mod answer;
pub mod assumptions;
pub mod dashboards;
pub mod fill;
pub mod guard;
pub mod incidents;
pub mod menu;
pub mod note;
pub mod palette;
pub mod picker;
pub mod pointer;
pub mod prompt;
pub mod runbook;
pub mod smells;
pub mod storm;
pub mod submit;
pub mod variables;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{
    Action, App, Effect, Overlay,
    commands::{self, everywhere},
    drafts,
    screen::{
        Screen,
        board::selected_observation,
        overlay::{FactSheet, GuardSheet, LogSheet, Purpose, Subject, choice::Pressed},
    },
};

/// A key while something lies over the view. The overlay has been taken out; what stays open is put back.
pub(in crate::app) fn press_over(app: &mut App, overlay: Overlay, key: KeyEvent) -> Vec<Effect> {
    // A line feed, as scripts and terminals without bracketed paste send it. The field would delete its line.
    let line_feed = key.code == KeyCode::Char('j') && key.modifiers == KeyModifiers::CONTROL;
    let is_note = matches!(overlay, Overlay::Note(_));
    let key = if line_feed && !is_note { KeyEvent::from(KeyCode::Enter) } else { key };
    if key.code == KeyCode::Esc {
        return leave_overlay(app, overlay);
    }
    match overlay {
        Overlay::Help { scroll } => press_scroll(&mut app.screen, key, scroll, |scroll| Overlay::Help { scroll }),
        Overlay::Detail { subject, .. } if matches!(key.code, KeyCode::Char('e') | KeyCode::Tab) => {
            app.screen.overlay = other_detail(app, subject);
            Vec::new()
        }
        Overlay::Detail { subject, scroll } => {
            press_scroll(&mut app.screen, key, scroll, |scroll| Overlay::Detail { subject, scroll })
        }
        Overlay::LogLine(sheet) if app.session.keymap.means(app.screen.view, key, Action::Copy) => {
            let text = sheet.line.text.clone();
            app.screen.overlay = Some(Overlay::LogLine(sheet));
            app.say("copied, if the terminal takes OSC 52");
            vec![Effect::Copy(text)]
        }
        Overlay::LogLine(sheet) => press_scroll(&mut app.screen, key, sheet.scroll, |scroll| {
            Overlay::LogLine(Box::new(LogSheet { scroll, ..*sheet.clone() }))
        }),
        Overlay::Facts(sheet) if app.session.keymap.means(app.screen.view, key, Action::Copy) => {
            let text = sheet.text();
            app.screen.overlay = Some(Overlay::Facts(sheet));
            app.say("copied, if the terminal takes OSC 52");
            vec![Effect::Copy(text)]
        }
        Overlay::Facts(_) if app.session.keymap.means(app.screen.view, key, Action::Runbook) => {
            commands::perform(app, Action::Runbook)
        }
        Overlay::Facts(sheet) => press_scroll(&mut app.screen, key, sheet.scroll, |scroll| {
            Overlay::Facts(Box::new(FactSheet { scroll, ..*sheet.clone() }))
        }),
        Overlay::Assumptions { cursor } => assumptions::press_assumptions(app, &cursor, key),
        Overlay::Smells { cursor } => smells::press_smells(app, &cursor, key),
        Overlay::Note(field) => note::press_note(app, field, key),
        Overlay::Prompt(prompt) => prompt::press_prompt(app, prompt, key),
        Overlay::Picker(picker) => picker::press_picker(app, picker, key),
        Overlay::Palette(palette) => palette::press_palette(app, palette, key),
        Overlay::Menu(menu) => menu::press_menu(app, menu, key),
        Overlay::Fill(fill) => fill::press_fill(app, fill, key),
        Overlay::Storm(storm) => storm::press_storm(app, storm, key),
        Overlay::Guard(sheet) => guard::press_guard(app, sheet, key),
        Overlay::Dashboards(list) => dashboards::press_dashboards(app, list, key),
        Overlay::Incidents(list) => incidents::press_incidents(app, list, key),
        Overlay::Runbook(sheet) => runbook::press_runbook(app, sheet, key),
        Overlay::Runbooks(list) => runbook::press_runbooks(app, list, key),
        Overlay::Variables(picker) => variables::press_variables(app, picker, key),
        Overlay::Choice(mut choice) => match choice.press(key, app.session.now) {
            Pressed::Answered(then) => answer::answered(app, then),
            Pressed::Leaves => {
                app.coach.dismissed.stay();
                Vec::new()
            }
            Pressed::Stays => {
                app.screen.overlay = Some(Overlay::Choice(choice));
                Vec::new()
            }
        },
    }
}

/// Text that was pasted: into the field that is open, else into a note.
pub(in crate::app) fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    match &mut app.screen.overlay {
        Some(Overlay::Note(field)) => field.paste(text),
        Some(Overlay::Prompt(prompt)) => {
            prompt.field.paste(text);
            if let Purpose::Filter(of) = prompt.purpose {
                let filter = prompt.field.text();
                app.screen.set_filter(of, filter.trim());
            }
        }
        Some(Overlay::Guard(GuardSheet { field: Some(field), .. })) => field.paste(text),
        Some(Overlay::Picker(picker)) => {
            picker.field.paste(text);
            picker.search();
        }
        Some(Overlay::Palette(_)) => palette::paste(app, text),
        Some(Overlay::Dashboards(list)) => {
            list.field.paste(text);
            list.search();
        }
        Some(Overlay::Incidents(list)) => {
            list.field.paste(text);
            list.search();
        }
        Some(Overlay::Runbooks(list)) => {
            list.field.paste(text);
            list.search();
        }
        Some(Overlay::Variables(picker)) => {
            picker.field.paste(text);
            picker.trouble = None;
            picker.search();
        }
        // Outside of a field a paste never means keys: it becomes a note that a person can still leave.
        _ => {
            everywhere::open_note(app);
            if let Some(Overlay::Note(field)) = &mut app.screen.overlay {
                field.paste(text);
            }
        }
    }
    Vec::new()
}

/// Leaves an overlay; what was typed is kept as a draft. A step of the coach that asked here is as it was: nothing was
/// decided. A list or a strip that was worked in is done with.
pub(in crate::app) fn leave_overlay(app: &mut App, overlay: Overlay) -> Vec<Effect> {
    if !matches!(overlay, Overlay::Storm(_) | Overlay::Fill(_)) {
        app.coach.dismissed.stay();
    }
    if let Overlay::Prompt(prompt) = &overlay
        && let Purpose::Filter(of) = prompt.purpose
    {
        let before = std::mem::take(&mut app.screen.filter_before);
        app.screen.set_filter(of, &before);
    }
    if let Overlay::Picker(picker) = &overlay {
        app.screen.board.marked = picker.marked_texts();
    }
    if let Overlay::Storm(storm) = overlay {
        app.screen.storm.left = Some(storm);
        return Vec::new();
    }
    if let Overlay::Prompt(prompt) = &overlay
        && let Some(name) = prompt.purpose.spec().kept_under.aside()
        && prompt.is_changed()
    {
        app.screen.left.insert(name, prompt.field.text());
        app.say("kept: open it again to go on");
    }
    let draft = overlay.draft();
    let Some((field, text)) = draft.filter(|(field, text)| drafts::is_worth_keeping(app.facts(), field, text)) else {
        return Vec::new();
    };
    app.say("kept as a draft: open it again to go on");
    app.record(vec![drafts::draft_kept(field, &text)])
}

fn press_scroll(screen: &mut Screen, key: KeyEvent, scroll: usize, with: impl Fn(usize) -> Overlay) -> Vec<Effect> {
    let scroll = match key.code {
        KeyCode::Down | KeyCode::Char('j') => scroll + 1,
        KeyCode::Up | KeyCode::Char('k') => scroll.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => scroll + 10,
        KeyCode::PageUp => scroll.saturating_sub(10),
        KeyCode::Home => 0,
        KeyCode::End | KeyCode::Char('G') => 1000,
        KeyCode::Char('q' | '?') | KeyCode::Enter => return Vec::new(),
        // Whoever goes on typing words neither closes it nor, with the rest of them, commands the view below.
        _ => scroll,
    };
    screen.overlay = Some(with(scroll.min(1000)));
    Vec::new()
}

/// From the reasons of the row to the evidence of the column, and back to the board.
fn other_detail(app: &App, shown: Subject) -> Option<Overlay> {
    match shown {
        Subject::Row(_) => {
            let subject = Subject::Column(selected_observation(app)?);
            Some(Overlay::Detail { subject, scroll: 0 })
        }
        Subject::Column(_) => None,
    }
}
