//! Changes, newest first, with how long before (or after) the onset each was done.

use std::time::Duration;

use jiff::Timestamp;
use ratatui::{buffer::Buffer, style::Style};

use super::{ALL_LATER, Body, Head, alerts};
use crate::{
    app::world::rows::What,
    base::human_time,
    signal::Change,
    ui::{
        Role, sign,
        widget::{list, row, text},
    },
};

/// Changes this long before the onset are the first to be looked at.
const SUSPECT: Duration = Duration::from_secs(3600);

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let all = body.input.rows.shown();
    let changes: Vec<_> = all
        .iter()
        .filter_map(|row| match row.what {
            What::Change(change) => Some((row, change)),
            _ => None,
        })
        .collect();
    if changes.is_empty() {
        return body.say_no_rows("no changes", buf);
    }
    let selected = body.input.cursor.and_then(|id| changes.iter().position(|(row, _)| row.id == id));
    let looked_at = body.input.time.and_then(|time| changes.iter().position(|(_, change)| change.at <= time));
    let all_later = body.input.time.is_some() && looked_at.is_none();
    let in_view = looked_at.or(all_later.then_some(changes.len() - 1)).or(selected);
    let view = list::in_view(changes.len(), body.area.height.into(), body.input.scroll, in_view);
    body.note_rows(0, body.area.height.into(), &view, changes.len());
    let times: Vec<String> = changes.iter().map(|(_, change)| time(body, change.at)).collect();
    let kinds = changes.iter().map(|(_, change)| change.kind.word().len()).max().unwrap_or_default();
    let stamps = times[view.clone()].iter().map(|time| time.len()).max().unwrap_or_default();
    for (at, ((row, change), time)) in (0..).zip(changes.iter().zip(&times).skip(view.start).take(view.len())) {
        let (dim, plain) = (body.style(Role::Dim), body.style(Role::Text));
        let suspect = is_suspect(change, body.input.onset) && !row.old;
        let (name, mark): (Style, Style) = match (suspect, row.old) {
            (true, _) => (body.style(Role::Strong), body.style(Role::Change)),
            (_, true) => (dim, dim),
            _ => (plain, dim),
        };
        let title = change.name();
        let mark_word = if change.kind.is_revertible() { format!(" {}", sign::CHANGE) } else { String::new() };
        let distance = body.input.onset.map(|onset| distance(change.at, onset)).unwrap_or_default();
        let who = change.who.as_ref().map(|who| format!("{who}  ")).unwrap_or_default();
        // A version, which stands last in a title, is looked for; that it is a deploy goes without saying.
        let kind = text::left(change.kind.word(), kinds) + " ";
        let least = distance.strip_suffix(" onset").unwrap_or_default();
        let least =
            stamps + 1 + text::width(&kind) + text::width(&title) + text::width(&mark_word) + 1 + text::width(least);
        let is_narrow = body.area.width < 34 || least > usize::from(body.area.width);
        let kind = if is_narrow { String::new() } else { kind };
        let head = format!("{} {kind}", text::right(time, stamps));
        let left = [(head.as_str(), dim), (title.as_str(), name), (mark_word.as_str(), mark)];
        let style = if suspect { body.style(Role::Change) } else { dim };
        // What was done matters more than who did it, and than what the time is measured from.
        let short = distance.strip_suffix(" onset").unwrap_or_default();
        let forms = [[who.as_str(), distance.as_str()], ["", &distance], ["", short]];
        let room = usize::from(body.area.width);
        let cells = |words: &[&str]| words.iter().map(|words| text::width(words)).sum::<usize>();
        let wanted = cells(&left.map(|(words, _)| words)) + 1;
        let [who, distance] = forms.into_iter().find(|form| wanted + cells(form) <= room).unwrap_or(["", short]);
        row::line(buf, body.line(at), &left, &[(who, dim), (distance, style)]);
        if body.input.cursor == Some(row.id.as_str()) {
            alerts::select(body, body.line(at), buf);
        }
        if looked_at == Some(view.start + usize::from(at)) {
            body.mark_time(at, buf);
        }
    }
    let newest = format!("newest {} ago", human_time::long(human_time::between(changes[0].1.at, body.input.now)));
    let forms = [list::position(&view, changes.len()), Some(newest)];
    let forms = if all_later { [None, Some(ALL_LATER.to_owned())] } else { forms };
    Head::of(body.style(Role::Dim), forms.into_iter().flatten())
}

fn is_suspect(change: &Change, onset: Option<Timestamp>) -> bool {
    onset.is_some_and(|onset| change.at <= onset && human_time::between(change.at, onset) <= SUSPECT)
}

/// `6m before onset`.
fn distance(at: Timestamp, onset: Timestamp) -> String {
    if at <= onset {
        format!("{} before onset", human_time::short(human_time::between(at, onset)))
    } else {
        format!("{} after onset", human_time::short(human_time::between(onset, at)))
    }
}

/// `03:06`, with the day in front when it was not today.
fn time(body: &Body<'_, '_>, at: Timestamp) -> String {
    let tz = &body.input.tz;
    let (then, now) = (at.to_zoned(tz.clone()), body.input.now.to_zoned(tz.clone()));
    let format = match (then.date() == now.date(), body.area.width >= 70) {
        (true, _) => "%H:%M",
        (false, false) => "%b %-d",
        (false, true) => "%b %-d %H:%M",
    };
    then.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(at: i64, expected: (&str, bool)) {
        let time = |s| Timestamp::from_second(s).unwrap();
        let change = Change {
            id: "1".into(),
            kind: Default::default(),
            title: "checkout".into(),
            service: None,
            version: Some("v2.3.1".into()),
            at: time(at),
            who: None,
            undo: None,
            url: None,
        };
        let onset = time(10_000);
        assert_eq!((distance(change.at, onset).as_str(), is_suspect(&change, Some(onset))), expected);
        assert_eq!(change.name(), "checkout v2.3.1");
    }

    #[test]
    fn distance_from_the_onset() {
        check(9_640, ("6m before onset", true));
        check(10_000, ("0s before onset", true));
        check(10_120, ("2m after onset", false));
        check(6_000, ("1h before onset", false));
    }
}
