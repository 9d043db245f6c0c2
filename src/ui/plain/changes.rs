//! What is said of what has changed.

use super::{
    entry,
    heard::{Heard, Side},
    pace::Pace,
    pages,
};
use crate::{
    app::{App, NoticeKind, clock, typed},
    incident::{
        Entry, Event,
        ranking::RowId,
        timeline::{self, Item, Kind},
    },
};

/// Cells filled at once that are said one by one; a cause that is known brings a handful with each row.
const CELLS: usize = 3;

/// The lines that lead from what a person was told to what is so.
pub(super) fn between(before: &Heard, now: &Heard, app: &App, pace: &mut Pace) -> Vec<String> {
    let mut lines = Vec::new();
    let own = entries(before, now, app, pace, &mut lines);
    // What another person did has been said: the notice of it says no more.
    let is_said = own || !lines.is_empty();
    lines.extend(pace.rest(app.session.now));
    if now.status != before.status && now.decided == before.decided {
        lines.push(at_now(app, &format!("status: {}", now.status)));
    }
    vitals(before, now, app, &mut lines);
    ranking(before, now, app, &mut lines);
    if let Some(banner) = now.banner.as_ref().filter(|_| now.banner != before.banner) {
        lines.push(at_now(app, banner));
    } else if now.banner.is_none() && before.banner.is_some() {
        lines.push(at_now(app, "everything is written again"));
    }
    if let (Some((_, _, text)), Some(notice)) = (&now.notice, &app.screen.notice)
        && is_news(before, now)
        && (notice.kind == NoticeKind::Trouble || !is_said)
    {
        lines.push(typed::in_typed_words(app, text));
    }
    if now.next != before.next {
        lines.extend(pages::next(app));
    }
    lines.extend(now.question.iter().flat_map(|asked| asked.since(before.question.as_ref())));
    lines
}

/// Whether what was done is not what was said before. The same words count again when another line was typed for them.
fn is_news(before: &Heard, now: &Heard) -> bool {
    match (&before.notice, &now.notice) {
        (Some((line, at, text)), Some((new_line, new_at, new_text))) => {
            text != new_text || (at != new_at && line != new_line)
        }
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

/// What the journal has since. Whether something of it is the person's own.
fn entries(before: &Heard, now: &Heard, app: &App, pace: &mut Pace, lines: &mut Vec<String>) -> bool {
    let known = app.incident.entries();
    // One that was replaced from outside may be shorter; what it has instead is not known to be news.
    let new: &[Entry] = known.get(before.entries..now.entries).unwrap_or_default();
    let turns = app.incident.rank_turns.get(before.turns..now.turns).unwrap_or_default();
    let zone = app.session.shown_zone();
    let cells = new.iter().filter(|entry| matches!(entry.event, Event::CellSet { .. })).count();
    let is_said = |entry: &&Entry| cells <= CELLS || !matches!(entry.event, Event::CellSet { .. });
    let items = new.iter().filter(is_said).filter_map(|entry| timeline::item_in(entry, &app.incident, &zone));
    let items = items.chain(turns.iter().filter_map(|turn| timeline::turned(turn, &app.incident)));
    let is_own_watch = |item: &Item| item.kind == Kind::Watch && item.by == app.session.author;
    let mut own = false;
    for item in items.filter(|item| !is_own_watch(item)) {
        let is_own = !item.machine && item.by == app.session.author;
        own |= is_own;
        if is_own || item.kind == Kind::Rank || pace.takes(item.kind, app.session.now) {
            lines.push(entry(app, &item));
        }
    }
    if cells > CELLS {
        lines.push(at_now(app, &format!("board: {cells} cells were filled; `rank A` says what A expects")));
    }
    own
}

/// Vitals that are not known any more, or known again. That one left its range or came back is written into the journal,
/// where anything is written.
fn vitals(before: &Heard, now: &Heard, app: &App, lines: &mut Vec<String>) {
    for (at, (was, is)) in before.vitals.iter().zip(&now.vitals).enumerate() {
        let is_told = !app.session.read_only && !matches!((was, is), (Side::Unknown, _) | (_, Side::Unknown));
        if was != is && *is != Side::NotAsked && *was != Side::NotAsked && !is_told {
            lines.push(at_now(app, &format!("vital: {}", pages::vital(app, at))));
        }
    }
}

/// The order of the rows, where no turn of the ranking has told it already.
fn ranking(before: &Heard, now: &Heard, app: &App, lines: &mut Vec<String>) {
    let named = now.order.iter().filter(|row| **row != RowId::Other).count();
    if now.order != before.order && now.turns == before.turns && named > 1 {
        lines.push(at_now(app, &format!("ranking: {}", pages::order(app, &now.order))));
    }
}

fn at_now(app: &App, what: &str) -> String {
    format!("{} {what}", clock::time(app.session.now, &app.session.zone, app.session.utc))
}
