//! What others do, said in one line: who looks on sees why the board, the ranking or the status moved.

use crate::{
    app::{App, Notice, NoticeKind},
    incident::{
        Entry,
        ranking::{RowId, Tenths},
        timeline,
    },
};

/// The numbers of the rows, as they were before something came.
pub(in crate::app) struct Before(Vec<(RowId, Tenths)>);

impl Before {
    /// Kept where entries of others are among those that come; `None` where none are.
    pub(in crate::app) fn of(app: &App, entries: &[Entry]) -> Option<Self> {
        let others = entries.iter().any(|entry| entry.by != app.session.author && !entry.event.is_observed());
        others.then(|| Self(app.incident.ranking.rows.iter().map(|row| (row.id, row.bits)).collect()))
    }

    /// The row whose number moved most: `A +2.1 → -3.3`.
    fn moved(&self, app: &App) -> Option<String> {
        let rows = &app.incident.ranking.rows;
        let both = rows.iter().filter_map(|row| {
            let RowId::Named(id) = row.id else { return None };
            let (_, before) = self.0.iter().find(|(known, _)| *known == row.id)?;
            Some((id, *before, row.bits))
        });
        let moved = both.filter(|(_, before, now)| before != now);
        let (id, before, now) = moved.max_by_key(|(_, before, now)| (now.0 - before.0).abs())?;
        let label = &app.incident.board.hypothesis(id)?.label;
        Some(format!("{label} {before} → {now}"))
    }
}

/// What another person just did, by these entries that the incident has by now, and what it did to the ranking; `None`
/// when all of them are one's own, or what a machine saw.
pub(in crate::app) fn told(app: &App, before: &Before, entries: &[Entry]) -> Option<Notice> {
    let by_others = entries.iter().filter(|entry| entry.by != app.session.author);
    let mut items = by_others.filter_map(|entry| timeline::item(entry, &app.incident)).filter(|item| !item.machine);
    let first = items.next()?;
    let who = first.by.split('@').next().unwrap_or_default();
    let more = match items.filter(|item| item.by == first.by).count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let moved = before.moved(app).map(|moved| format!("; {moved}")).unwrap_or_default();
    let text = format!("{who}: {}{more}{moved}", first.what);
    Some(Notice { text, kind: NoticeKind::Done, at: app.session.now })
}
