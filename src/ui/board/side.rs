//! Beside the board: what to look at next, what nothing explains, the smallest sets.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{alarm, column_name, disagreements, heading, put_next, selected, sets, unexplained};
use crate::{
    app::{Action, Step, world::checks},
    incident::next_check::NextCheck,
    ui::{Role, Screen, cache::Known, line, line::words},
};

/// Checks named after the first.
const MORE: usize = 3;
/// Columns that nothing explains, named at most.
const MOST_UNEXPLAINED: usize = 8;

pub(super) fn draw(screen: Screen<'_>, known: &Known, area: Rect, buf: &mut Buffer) {
    let mut area = area;
    let theme = screen.theme;
    if let Some(alarm) = alarm(screen) {
        wrapped(&mut area, buf, &alarm);
        put_next(&mut area, buf, &Line::default());
    }
    put_next(&mut area, buf, &heading(screen, "column"));
    wrapped(&mut area, buf, &selected(screen));
    put_next(&mut area, buf, &Line::default());
    put_next(&mut area, buf, &heading(screen, "next check"));
    match known.checks.split_first() {
        Some((best, others)) => {
            draw_best(screen, best, &mut area, buf);
            draw_others(screen, others, &mut area, buf);
        }
        None if !known.is_judged => {
            put_next(&mut area, buf, &Line::from(words(theme, Role::Dim, "…")));
        }
        None => {
            let key = screen.app.session.keymap.key(Action::AddSign);
            let text = format!("no sign left to look for; {key} adds one that only one row would show");
            wrapped(&mut area, buf, &Line::from(words(theme, Role::Dim, text)));
        }
    }
    put_next(&mut area, buf, &Line::default());
    put_next(&mut area, buf, &heading(screen, "nothing explains"));
    if known.unexplained.is_empty() {
        let none = if known.is_judged { "(none)" } else { "…" };
        put_next(&mut area, buf, &Line::from(words(theme, Role::Dim, none)));
    }
    let (shown, more) = unexplained(known, MOST_UNEXPLAINED);
    for column in shown {
        wrapped(
            &mut area,
            buf,
            &Line::from(words(theme, Role::Warning, format!("! {}", column_name(screen, *column)))),
        );
    }
    if more > 0 {
        put_next(&mut area, buf, &Line::from(words(theme, Role::Dim, format!("and {more} more"))));
    }
    put_next(&mut area, buf, &Line::default());
    put_next(&mut area, buf, &heading(screen, "smallest sets that explain"));
    wrapped(&mut area, buf, &Line::from(words(theme, Role::Text, sets(screen, known, 6))));
    let said = disagreements(screen, known);
    if !said.is_empty() {
        put_next(&mut area, buf, &Line::default());
        put_next(&mut area, buf, &heading(screen, "hand and evidence disagree"));
    }
    for words_of in said {
        wrapped(&mut area, buf, &Line::from(words(theme, Role::Warning, words_of)));
    }
}

fn draw_best(screen: Screen<'_>, best: &NextCheck, area: &mut Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let board = &app.incident.board;
    wrapped(area, buf, &Line::from(words(theme, Role::Strong, column_name(screen, best.observation))));
    wrapped(area, buf, &Line::from(words(theme, Role::Text, best.separates(board))));
    let cost = best.words(board);
    let cost = cost.strip_prefix(&best.separates(board)).unwrap_or(&cost).trim_start_matches(": ").replace(", ", " · ");
    put_next(area, buf, &Line::from(words(theme, Role::Dim, cost)));
    if let Some(question) = best.question(board) {
        wrapped(area, buf, &Line::from(words(theme, Role::Text, question)));
    }
    if matches!(screen.advice.step, Some(Step::Settle(id)) if id == best.observation) {
        let key = words(theme, Role::Key, app.session.keymap.key(Action::Coach));
        let what = if checks::would_run(app.facts(), best.observation) { " runs it" } else { " asks what was seen" };
        put_next(area, buf, &Line::from(vec![key, words(theme, Role::Dim, what)]));
    }
}

fn draw_others(screen: Screen<'_>, others: &[NextCheck], area: &mut Rect, buf: &mut Buffer) {
    if others.is_empty() {
        return;
    }
    put_next(area, buf, &Line::default());
    put_next(area, buf, &heading(screen, "then"));
    for check in others.iter().take(MORE) {
        let gain = Line::from(words(screen.theme, Role::Dim, format!("{:.1} bit", check.gain)));
        let name = Line::from(words(screen.theme, Role::Text, column_name(screen, check.observation)));
        if area.height > 0 {
            line::put_both(buf, Rect { height: 1, ..*area }, &name, &gain);
        }
        put_next(area, buf, &Line::default());
    }
    if others.len() > MORE {
        let more = format!("and {} more", others.len() - MORE);
        put_next(area, buf, &Line::from(words(screen.theme, Role::Dim, more)));
    }
}

fn wrapped(area: &mut Rect, buf: &mut Buffer, shown: &Line<'_>) {
    for piece in line::wrap(shown, area.width.into(), 0) {
        put_next(area, buf, &piece);
    }
}
