//! The last line, or the last two: the next best step and what its key does. Nothing pushes it away: the keys beside it
//! have the room it leaves.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    Role, Screen, footer,
    line::{self, words},
    pane,
    widget::text,
};
use crate::app::{Action, Overlay, Step};

/// Cells between the step and the keys beside it.
const GAP: u16 = 3;

pub(super) fn draw(screen: Screen<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    // A field in a low window may have reached down to here; half of a wide character would stay.
    pane::clear(area, buf);
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2).max(1), ..area }.intersection(buf.area);
    let keys = Keys::of(screen);
    let help = help(screen, &keys, area);
    let last = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    line::put_both(buf, last, &Line::default(), &help);
    let taken = if help.spans.is_empty() { 0 } else { line::width(&help) as u16 + 2 };
    let second = Rect { width: last.width.saturating_sub(taken), ..last };
    let x = draw_step(screen, &keys, area, second, buf);
    let x = if x > area.x { x + GAP } else { x };
    if taken > 0 && x < second.right() {
        footer::draw(screen, Rect { x, width: second.right() - x, ..second }, buf);
    }
}

/// Draws the sentence, and what its key does; `second` is the last line without what stands at its end. Returns the x
/// behind it in the last line.
fn draw_step(screen: Screen<'_>, keys: &Keys, area: Rect, second: Rect, buf: &mut Buffer) -> u16 {
    // Names give way to what the key does; only where they cannot, or in a narrow window, does that give way to the sentence.
    let beside = |behind: &Line<'_>| usize::from(second.width).saturating_sub(line::width(behind));
    let rooms = [beside(&keys.hint), beside(&keys.key)];
    let rooms = if area.width < ROOMY { &rooms[1..] } else { &rooms };
    let fitting = |fits: &dyn Fn(&Line<'_>, usize) -> bool| {
        let mut forms = rooms.iter().map(|room| (*room, fitted(screen, |words| fits(words, *room))));
        forms.find(|(room, shown)| fits(shown, *room)).map_or_else(|| fitted(screen, |_| false), |(_, shown)| shown)
    };
    if area.height < 2 {
        let shown = fitting(&|words, room| line::width(words) <= room);
        return put_with_key(keys, &shown, second, buf);
    }
    let first = Rect { height: 1, ..area };
    let wrapped = |words: &Line<'_>| line::wrap(words, area.width.into(), 2);
    let shown = fitting(&|words, room| match wrapped(words).as_slice() {
        [] | [_] => true,
        [_, rest] => line::width(rest) <= room,
        _ => false,
    });
    match wrapped(&shown).as_slice() {
        [] => area.x,
        [only] => {
            let fits = line::width(only) + line::width(&keys.hint) <= area.width.into();
            if fits {
                put_with_key(keys, only, first, buf);
                return area.x;
            }
            line::put(buf, first, only);
            put_with_key(keys, &Line::default(), second, buf)
        }
        [begins, rest @ ..] => {
            line::put(buf, first, begins);
            let rest: String = rest.iter().map(|piece| format!("{} ", piece.to_string().trim())).collect();
            let rest = Line::from(vec![Span::raw("  "), words(screen.theme, Role::Strong, rest.trim_end().to_owned())]);
            put_with_key(keys, &rest, second, buf)
        }
    }
}

/// The sentence in the longest form that fits. What people called things gives way first, in the middle, where names differ
/// least; then what stands before the last sentence; what is to be done is said last, and so is never lost.
fn fitted(screen: Screen<'_>, fits: impl Fn(&Line<'_>) -> bool) -> Line<'static> {
    let whole = &screen.advice.text;
    let styled = |text: &str| sentence(screen, text);
    if fits(&styled(whole)) {
        return styled(whole);
    }
    let names = names_in(screen, whole);
    let cut = |text: &str, cells: usize| {
        names.iter().fold(text.to_owned(), |said, name| said.replacen(*name, &text::clip_middle(name, cells), 1))
    };
    let after = |ends: &str| whole.rfind(ends).map(|at| whole[at + ends.len()..].to_owned());
    // What runs is in the header, too; what comes of a step stands behind its key.
    let later = whole.find(". ").map(|at| whole[at + 2..].to_owned());
    let last = after(". ").or_else(|| after(": ")).map(|last| format!("… {last}"));
    let forms = [
        (Some(whole.clone()), [48, 32, 24].as_slice()),
        (later, [usize::MAX, 32, 16].as_slice()),
        (Some(whole.clone()), [12].as_slice()),
        (last, [usize::MAX, 24, 12].as_slice()),
    ];
    let mut forms = forms
        .into_iter()
        .filter_map(|(text, cells)| Some((text?, cells)))
        .flat_map(|(text, cells)| cells.iter().map(move |cells| (text.clone(), *cells)))
        .map(|(text, cells)| styled(&cut(&text, cells)));
    forms.find(|form| fits(form)).unwrap_or_else(|| styled(whole))
}

/// What people, or their systems, called things that the sentence speaks of, longest first.
fn names_in<'a>(screen: Screen<'a>, text: &str) -> Vec<&'a str> {
    let incident = &screen.app.incident;
    let rows = incident.board.hypotheses.iter().map(|row| row.text.as_str());
    let columns = incident.board.observations.iter().map(|column| column.text.as_str());
    let taken = incident.board.assumptions.iter().map(|known| known.text.as_str());
    let done = incident.mitigations.iter().map(|m| m.text.as_str());
    let changes = incident.changes.iter().map(|record| record.change.title.as_str());
    let alerts = incident.alerts.iter().map(|alert| alert.title.as_str());
    let commands = screen.app.session.config.commands.iter().map(|command| command.text.as_str());
    let all = rows.chain(columns).chain(taken).chain(done).chain(changes).chain(alerts).chain(commands);
    // Some sentences end a name's own full stop.
    let all = all.map(|name| name.trim_end_matches('.'));
    let mut found: Vec<&str> = all.filter(|name| name.len() > SHORT && text.contains(*name)).collect();
    found.sort_by_key(|name| std::cmp::Reverse(name.len()));
    found.dedup();
    found
}

/// From this width on there is room for what the key does beside every sentence.
const ROOMY: u16 = 100;
/// A name of so many bytes is not worth cutting.
const SHORT: usize = 12;

/// The words, and behind them the step's key with what it does. Where not all fits what the key does goes first; the
/// sentence is cut before the key is. Returns the x behind it.
fn put_with_key(keys: &Keys, shown: &Line<'_>, area: Rect, buf: &mut Buffer) -> u16 {
    let mut whole = Line::from(shown.spans.clone());
    whole.spans.extend(keys.hint.spans.iter().cloned());
    if line::width(&whole) <= area.width.into() {
        return line::put(buf, area, &whole);
    }
    let none = Line::default();
    let key = if area.width < 20 { &none } else { &keys.key };
    let x = line::put(buf, Rect { width: area.width.saturating_sub(line::width(key) as u16), ..area }, shown);
    line::put(buf, Rect { x, width: area.right().saturating_sub(x), ..area }, key)
}

fn sentence(screen: Screen<'_>, text: &str) -> Line<'static> {
    let theme = screen.theme;
    let role = if screen.advice.step.is_some() { Role::Strong } else { Role::Text };
    Line::from(vec![words(theme, Role::Accent, "▸"), words(theme, role, format!(" {text}"))])
}

/// What stands behind the sentence. Empty while something lies over the view: the key is a letter there, or nothing. The
/// fill strip is left by it for another step.
struct Keys {
    /// The key of the step.
    key: Line<'static>,
    /// The same with what it does.
    hint: Line<'static>,
}

impl Keys {
    fn of(screen: Screen<'_>) -> Self {
        let key = screen.app.session.keymap.key(Action::Coach);
        let step = screen.advice.step.as_ref().filter(|step| match &screen.app.screen.overlay {
            None => true,
            Some(Overlay::Fill(_)) => **step != Step::Fill,
            Some(_) => false,
        });
        let Some(step) = step.filter(|_| !key.is_empty()) else {
            return Self { key: Line::default(), hint: Line::default() };
        };
        let key = Line::from(vec![words(screen.theme, Role::Dim, "  "), words(screen.theme, Role::Key, key)]);
        let mut hint = key.clone();
        hint.push_span(words(screen.theme, Role::Dim, format!(" {}", step.does(screen.app.facts()))));
        Self { key, hint }
    }
}

/// Where help is; like the step's key, nowhere while something lies over the view.
fn help(screen: Screen<'_>, keys: &Keys, area: Rect) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    let key = words(theme, Role::Key, app.session.keymap.key(Action::Help));
    // In one row the word gives way to the step.
    let wanted = || line::width(&sentence(screen, &screen.advice.text)) + line::width(&keys.hint);
    match area.width {
        _ if app.screen.overlay.is_some() => Line::default(),
        ..16 => Line::default(),
        width if area.height > 1 || width >= ROOMY || wanted() + 8 <= width.into() => {
            Line::from(vec![key, words(theme, Role::Dim, " help")])
        }
        _ => Line::from(key),
    }
}
