//! What an alert storm folds into: the proposals, below them why the selected one belongs together and what it holds.
//!
//! ```text
//! ┌ 2,000 alerts fold into 9 symptoms ─ s takes · x splits · d drops · u undoes · Esc leaves ┐
//! │ › ▲ crit HighErrorRate payments and 239 more on 12 pods        first · 8 groups   4m  s3 │
//! │   ● warn HighLatency search and 40 more on 4 pods                      2 groups   3m     │
//! │ why  same service=payments; no other alert that fires has it · began within 2 min        │
//! │ of   ▲ crit HighErrorRate payments ×40 …                                                 │
//! │ 4 more fire since: r folds anew                                                          │
//! └──────────────────────────────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::boxed;
use crate::{
    app::{
        screen::overlay::Storm,
        world::storm::{self, Standing, standing},
    },
    base::human_time,
    signal::{
        Severity,
        storm::{Proposal, thousands},
    },
    ui::{
        Role, Screen, line,
        line::words,
        sign,
        widget::{list, text},
    },
};

/// Lines kept for what is said of the selected one.
const DETAIL: u16 = 7;

pub(super) fn draw(screen: Screen<'_>, storm: &Storm, body: Rect, buf: &mut Buffer) {
    let count = storm.proposals.len();
    let keys = if body.width < 96 { "s takes x splits d drops u undoes Esc" } else { KEYS };
    let title = title(storm);
    let wanted = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2 + DETAIL + 8);
    let inner = boxed(screen, &title, keys, super::middle(body, 140, wanted.max(16)), buf);
    let foot = foot(screen, storm);
    let below = u16::from(foot.is_some() && inner.height > 3);
    // The list keeps its height whatever is selected, so that nothing below the cursor jumps.
    let room = inner.height.saturating_sub(below);
    let rows = u16::try_from(count).unwrap_or(u16::MAX).min(room.saturating_sub(DETAIL).max(room / 2)).min(room);
    let rows = Rect { height: rows, ..inner };
    let view = list::in_view(count, rows.height.into(), screen.app.screen.overlay_top, Some(storm.cursor));
    screen.note_lines(rows, &view, count);
    for (y, at) in (rows.y..).zip(view.clone()) {
        let row = Rect { y, height: 1, ..rows };
        draw_one(screen, &storm.proposals[at], at == storm.cursor, row, buf);
        if at == storm.cursor {
            line::select(buf, row, screen.theme);
        }
    }
    let detail = Rect { y: rows.bottom(), height: room - rows.height, ..inner };
    if let Some(proposal) = storm.selected() {
        draw_detail(screen, proposal, list::position(&view, count), detail, buf);
    }
    if let Some(foot) = foot.filter(|_| below > 0) {
        line::put(buf, Rect { y: inner.bottom() - 1, height: 1, ..inner }, &foot);
    }
}

/// How many alerts are folded into how many symptoms.
pub(in crate::ui) fn title(storm: &Storm) -> String {
    let alerts: usize = storm.proposals.iter().map(|proposal| proposal.alerts.len()).sum();
    let count = storm.proposals.len();
    let into = if count == 1 { "1 symptom".to_owned() } else { format!("{count} symptoms") };
    match alerts {
        0 => "Nothing left here".to_owned(),
        1 => "1 alert".to_owned(),
        _ => format!("{} alerts in {into}", thousands(alerts)),
    }
}

const KEYS: &str = "s or Enter takes · x splits · d drops · u undoes · Esc leaves";

fn draw_one(screen: Screen<'_>, proposal: &Proposal, selected: bool, row: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let standing = standing::standing(app.facts(), proposal);
    let (severity, role) = sign::severity(proposal.severity);
    let done = matches!(standing, Standing::Taken(_));
    let name = match (done, proposal.severity) {
        (true, _) => Role::Dim,
        (false, Severity::Critical) => Role::Strong,
        _ => Role::Text,
    };
    let left = Line::from(vec![
        words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
        words(theme, if done { Role::Dim } else { role }, format!("{severity} {:<4} ", proposal.severity.word())),
        words(theme, name, proposal.text.clone()),
    ]);
    let age = human_time::short(human_time::between(proposal.began, app.session.now));
    let mut right = Vec::new();
    if proposal.first {
        right.push(words(theme, Role::Accent, "fired first "));
    }
    right.push(words(theme, Role::Dim, format!("{age:>4} ")));
    right.push(match standing {
        Standing::Taken(column) => words(theme, Role::Ok, text::left(&format!("✓ {}", column.label), 6)),
        Standing::Within(column) => words(theme, Role::Dim, text::left(&format!("in {}", column.label), 6)),
        Standing::Holds(column) => words(theme, Role::Dim, text::left(&format!("+ {}", column.label), 6)),
        Standing::New => words(theme, Role::Dim, " ".repeat(6)),
    });
    line::put_both(buf, row, &left, &Line::from(right));
}

/// Why it belongs together, how it stands with the board, and its groups.
fn draw_detail(screen: Screen<'_>, proposal: &Proposal, position: Option<String>, area: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let mut lines = vec![Line::from(words(theme, Role::Dim, position.unwrap_or_default()))];
    let why = proposal.why.join(" · ");
    let role = if proposal.is_rest { Role::Warning } else { Role::Text };
    if !why.is_empty() {
        let told = Line::from(vec![words(theme, Role::Dim, "why  "), words(theme, role, why)]);
        lines.extend(line::wrap(&told, area.width.into(), 5));
    }
    let board = match standing::standing(app.facts(), proposal) {
        Standing::New => None,
        Standing::Taken(column) => Some(format!("on the board as {}", column.label)),
        Standing::Within(column) => Some(format!("a part of {}; taken, it counts once with it", column.label)),
        Standing::Holds(_) => {
            let labels: Vec<&str> =
                standing::held_by(app.facts(), proposal).iter().map(|column| column.label.as_str()).collect();
            let is = if labels.len() == 1 { "is" } else { "are" };
            Some(format!("{} {is} of it; taken, they count once together", labels.join(", ")))
        }
    };
    if let Some(board) = board {
        lines.push(Line::from(vec![words(theme, Role::Dim, "is   "), words(theme, Role::Text, board)]));
    }
    let room = usize::from(area.height).saturating_sub(lines.len());
    let shown = if proposal.parts.len() > room { room.saturating_sub(1) } else { proposal.parts.len() };
    for (at, part) in proposal.parts.iter().take(shown).enumerate() {
        let (severity, role) = sign::severity(part.severity);
        let (severity, role) = if part.firing == 0 { (sign::QUIET, Role::Dim) } else { (severity, role) };
        let quiet = match (part.firing, part.inhibited) {
            (_, 0) => String::new(),
            (0, n) => format!(" ×{n} inhibited"),
            (_, n) => format!(", {n} inhibited"),
        };
        let count = if part.firing > 0 { format!(" ×{}", part.firing) } else { String::new() };
        let began = human_time::short(human_time::between(part.began, app.session.now));
        lines.push(Line::from(vec![
            words(theme, Role::Dim, if at == 0 { "of   " } else { "     " }),
            words(theme, role, format!("{severity} ")),
            words(theme, Role::Text, part.title.to_string()),
            words(theme, Role::Text, count),
            words(theme, Role::Dim, format!("{quiet}  {began}")),
        ]));
    }
    if shown < proposal.parts.len() {
        let more = proposal.parts.len() - shown;
        lines.push(Line::from(words(theme, Role::Dim, format!("     and {more} more groups"))));
    }
    super::put_lines(&lines, area, buf);
}

/// What is not in the list.
fn foot(screen: Screen<'_>, storm: &Storm) -> Option<Line<'static>> {
    let theme = screen.theme;
    let mut said = Vec::new();
    let (more, ended) = storm::news_since(screen.app.facts(), &storm.firing);
    if more > 0 {
        said.push(format!("{} more fire since", thousands(more)));
    }
    if ended > 0 {
        said.push(format!("{} have ended", thousands(ended)));
    }
    let mut foot = Vec::new();
    if !said.is_empty() {
        foot.push(words(theme, Role::Stale, format!("{}: ", said.join(", "))));
        foot.push(words(theme, Role::Key, "r"));
        foot.push(words(theme, Role::Dim, " folds anew  "));
    }
    if storm.dropped() > 0 {
        foot.push(words(theme, Role::Dim, format!("{} dropped; u brings it back", storm.dropped())));
    }
    (!foot.is_empty()).then(|| Line::from(foot))
}
