//! Log lines, one a record, the newest at the bottom.

use ratatui::buffer::Buffer;

use super::{Body, Head, alerts};
use crate::{
    app::world::rows::What,
    signal::{Level, LogLine},
    ui::{
        Role,
        widget::{list, row},
    },
};

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let all = body.input.rows.shown();
    let lines: Vec<(&str, &LogLine)> = all
        .iter()
        .filter_map(|row| match row.what {
            What::Line(line) => Some((row.id.as_str(), line)),
            _ => None,
        })
        .collect();
    if lines.is_empty() {
        return body.say_no_rows("no log lines", buf);
    }
    let selected = body.input.cursor.and_then(|id| lines.iter().position(|line| line.0 == id));
    let looked_at =
        body.input.time.and_then(|time| lines.iter().rposition(|(_, line)| line.at.is_some_and(|at| at <= time)));
    let in_view = looked_at.or(selected);
    let view = list::in_view_from_end(lines.len(), body.area.height.into(), body.input.scroll, in_view);
    let dated = lines.iter().any(|(_, line)| line.at.is_some());
    for (at, (id, line)) in (0..).zip(&lines[view.clone()]) {
        let (sign, role) = sign(line.level);
        let (dim, plain) = (body.style(Role::Dim), body.style(Role::Text));
        let time = match line.at {
            Some(at) => at.to_zoned(body.input.tz.clone()).strftime("%H:%M:%S ").to_string(),
            None if dated => " ".repeat(9),
            None => String::new(),
        };
        let time = if body.area.width < 40 { "" } else { time.as_str() };
        let words = if line.level < Level::Warn { dim } else { plain };
        row::line(buf, body.line(at), &[(time, dim), (sign, body.style(role)), (&line.text, words)], &[]);
        if body.input.cursor == Some(*id) {
            alerts::select(body, body.line(at), buf);
        }
        if looked_at == Some(view.start + usize::from(at)) {
            body.mark_time(at, buf);
        }
    }
    let errors = lines.iter().filter(|(_, line)| line.level == Level::Error).count();
    let role = if errors > 0 { Role::Critical } else { Role::Dim };
    let (of, n) = (list::position(&view, lines.len()), lines.len());
    let of = if body.input.scroll > 0 || selected.is_some() { of } else { None };
    let count = of.unwrap_or_else(|| if n == 1 { "1 line".into() } else { format!("{n} lines") });
    let bad = format!("{errors} err");
    match errors {
        0 => Head::of(body.style(role), [count]),
        _ => Head::of(body.style(role), [format!("{bad} · {count}"), bad]),
    }
}

fn sign(level: Level) -> (&'static str, Role) {
    match level {
        Level::Error => ("▲ err  ", Role::Critical),
        Level::Warn => ("● warn ", Role::Warning),
        Level::Info => ("· info ", Role::Dim),
        Level::Debug => ("  dbg  ", Role::Dim),
    }
}
