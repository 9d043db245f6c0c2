//! The first line: is it still bleeding, what hurts, what is being done about it, and the time.
//!
//! Where there is no room, what matters least gives way first; the status is never cut, and vitals and what is being done
//! go last.

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    Role, Screen,
    line::{self, Piece, words},
    sign::PENDING,
    widget::{sparkline, text},
};
use crate::{
    app::{
        App, VitalState, clock,
        world::{bleeding, vitals, worst_alert},
    },
    base::human_time,
    config::Vital,
    incident::{Exercise, Mitigation, Status},
};

/// A colleague whose cockpit has written nothing for this long may be gone, in seconds.
const GONE: i64 = 900;
/// Cells of the digits of a vital's value: three significant ones and a point. The value keeps its width when it turns
/// from 99.6 to 100, and what stands behind it keeps its place.
const DIGITS: usize = 4;
/// Cells of a vital's past.
const PAST: usize = 8;
/// A past that moved by less than this part of what its picture spans is flat.
const FLAT: f64 = 0.15;
/// Cells between two things.
const GAP: usize = 3;

pub(super) fn draw(screen: Screen<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2).max(1), ..area }.intersection(buf.area);
    let (left, right) = (left(screen), right(screen));
    let split = left.len();
    let mut fitted = line::fit(left.into_iter().chain(right).collect(), area.width.into(), GAP);
    let right = joined(fitted.split_off(split));
    line::put_both(buf, area, &joined(fitted), &right);
}

fn joined<'a>(pieces: Vec<Option<Line<'a>>>) -> Line<'a> {
    let mut joined = Line::default();
    for piece in pieces.into_iter().flatten() {
        if !joined.spans.is_empty() {
            joined.push_span(Span::raw(" ".repeat(GAP)));
        }
        joined.spans.extend(piece.spans);
    }
    joined
}

fn left<'a>(screen: Screen<'a>) -> Vec<Piece<'a>> {
    let Screen { app, theme, .. } = screen;
    let one = |rank, role, text: String| Piece::new([(rank, Line::from(words(theme, role, text)))]);
    let mut pieces = vec![one(20, Role::Dim, "stanch".into())];
    if let Some(exercise) = app.incident.exercise() {
        let what = match exercise {
            Exercise::Demo => "DEMO",
            Exercise::Drill => "DRILL",
        };
        pieces.push(one(4, Role::Change, what.into()));
    }
    if app.session.read_only {
        pieces.push(one(5, Role::Warning, "READ-ONLY".into()));
    }
    pieces.push(title(screen));
    let forms = [(12, Since::InWords), (2, Since::Short), (0, Since::Unsaid)];
    pieces.push(Piece::new(forms.map(|(rank, since)| (rank, status(screen, since)))));
    if let Some(since) = app.outbox.unsynced {
        let since = clock::time(since, &app.session.zone, app.session.utc);
        pieces.push(one(3, Role::Critical, format!("! not on disk since {since}")));
    }
    let pending = app.outbox.pending();
    if pending > 0 {
        pieces.push(one(6, Role::Warning, format!("{PENDING} {pending} not confirmed")));
    }
    if let Some(words) = unsaved(app) {
        pieces.push(one(9, Role::Warning, words));
    }
    if !app.world.window.is_live() {
        pieces.push(not_live(screen));
    }
    pieces.extend(mitigations(screen));
    pieces.extend(all_vitals(screen));
    pieces
}

fn right<'a>(screen: Screen<'a>) -> Vec<Piece<'a>> {
    let Screen { app, theme, .. } = screen;
    let mut pieces = Vec::new();
    let others = others(app);
    if !others.is_empty() {
        let names = Line::from(words(theme, Role::Text, format!("with {}", others.join(", "))));
        let count = Line::from(words(theme, Role::Text, format!("+{}", others.len())));
        pieces.push(Piece::new([(15, names), (11, count)]));
    }
    let time = clock::time(app.session.now, &app.session.zone, app.session.utc);
    let zone =
        (!app.session.utc).then(|| app.session.now.to_zoned(app.session.zone.clone()).strftime(" %Z").to_string());
    let time = |zone: &str| Line::from(words(theme, Role::Text, format!("{time}{zone}")));
    let named = zone.map(|zone| (10, time(&zone)));
    pieces.push(Piece::new(named.into_iter().chain([(3, time(""))])));
    pieces.push(sources(screen));
    pieces
}

/// What this person began to write and left, wherever they are now: `note not saved`.
fn unsaved(app: &App) -> Option<String> {
    let mut mine =
        app.incident.drafts.keys().filter(|(by, _)| *by == app.session.author).map(|(_, field)| field.as_str());
    let first = mine.next()?;
    Some(match mine.count() {
        // The guard's are called after its questions.
        0 => format!("{} not saved", first.split(' ').next().unwrap_or_default()),
        more => format!("{} texts not saved", more + 1),
    })
}

fn title<'a>(screen: Screen<'a>) -> Piece<'a> {
    let Screen { app, theme, .. } = screen;
    let names = [Some(&app.incident.summary.title), Some(&app.session.id), app.session.config.title.as_ref()];
    let Some(name) = names.into_iter().flatten().find(|name| !name.is_empty()) else { return Piece::new([]) };
    let name =
        if app.incident.summary.drill { name.strip_prefix(Exercise::Demo.prefix()).unwrap_or(name) } else { name };
    let name = words(theme, Role::Title, name);
    let mut whole = Line::from(name.clone());
    if let Some(severity) = &app.incident.summary.severity {
        whole.push_span(words(theme, Role::Strong, format!("  {severity}")));
    }
    Piece::new([(16, whole), (13, Line::from(name))])
}

/// The forms of a status with its age, longest first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Since {
    InWords,
    Short,
    Unsaid,
}

/// Whether users are hurt, in words, and since when; without a time while nothing says that they are.
pub(super) fn status_words(app: &App) -> (&'static str, Option<String>) {
    let since = bleeding::bleeding_since(app.facts());
    let word = app.incident.summary.status.word();
    let age = |since| human_time::age(human_time::seconds_between(since, app.session.now));
    match (app.incident.summary.status, since) {
        (Status::Bleeding, None) if worst_alert::paging(app.facts()).is_some() => (ALERTS_FIRING, None),
        (Status::Bleeding, None) => (WATCHING, None),
        (Status::Bleeding, Some(since)) if bleeding::bleeds_maybe_longer(app.facts()) => {
            (word, Some(format!("{} or longer", age(since))))
        }
        (Status::Bleeding, Some(since)) => (word, Some(age(since))),
        (Status::Stanched | Status::Closed, _) => (word, app.incident.status_history.last().map(|turn| age(turn.at))),
    }
}

/// Nothing says that users are hurt.
const WATCHING: &str = "watching";
/// Nothing says that users are hurt, and alerts page all the same.
const ALERTS_FIRING: &str = "watching, alerts firing";

/// `● BLEEDING 00:04:12`, since it began; `◐ STANCHED 00:10:00`, since it was; `○ watching` while nothing says that users
/// are hurt, and louder when alerts page although the vitals are in range.
fn status(screen: Screen<'_>, say: Since) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    let turned = app.incident.status_history.last().map(|turn| turn.at);
    let bleeding = bleeding::bleeding_since(app.facts());
    let (sign, role, since) = match app.incident.summary.status {
        // A clock that counts would say that something had begun.
        Status::Bleeding if bleeding.is_none() => {
            let pages = worst_alert::paging(app.facts()).is_some();
            return Line::from(match (pages, say) {
                (true, Since::Unsaid) => words(theme, Role::Critical, "○ alerts firing"),
                (true, _) => words(theme, Role::Critical, format!("○ {ALERTS_FIRING}")),
                (false, _) => words(theme, Role::Dim, format!("○ {WATCHING}")),
            });
        }
        Status::Bleeding => ("●", Role::Critical, bleeding),
        Status::Stanched => ("◐", Role::Ok, turned),
        Status::Closed => ("○", Role::Dim, turned),
    };
    let mut line =
        Line::from(words(theme, role, format!("{sign} {}", app.incident.summary.status.word().to_uppercase())));
    if let Some(since) = since.filter(|_| say != Since::Unsaid) {
        let time = human_time::stopwatch(human_time::seconds_between(since, app.session.now));
        let time = match (bleeding::bleeds_maybe_longer(app.facts()), say) {
            (true, Since::InWords) => format!(" {time} or longer"),
            (true, _) => format!(" ≥ {time}"),
            (false, _) => format!(" {time}"),
        };
        line.push_span(words(theme, role, time));
    }
    line
}

fn not_live<'a>(screen: Screen<'a>) -> Piece<'a> {
    let Screen { app, theme, .. } = screen;
    let (from, to) = app.world.window.bounds(app.session.now);
    let minute = |at: Timestamp| clock::minute(at, &app.session.zone, app.session.utc);
    let times = format!("{}–{}", minute(from), minute(to));
    // What stands beside it, vitals and coach, is of now.
    let long = format!("◀ NOT LIVE: charts of {times}");
    Piece::new(
        [(14, long), (12, format!("◀ NOT LIVE {times}")), (4, "◀ NOT LIVE".into())]
            .map(|(rank, text)| (rank, Line::from(words(theme, Role::Warning, text)))),
    )
}

/// What is being done, the one begun last first; that there are more is said in every form.
fn mitigations<'a>(screen: Screen<'a>) -> Option<Piece<'a>> {
    let Screen { app, theme, .. } = screen;
    let running = app.incident.mitigations.iter().filter_map(|m| Some((m.running_since()?, m)));
    let mut running: Vec<(Timestamp, &Mitigation)> = running.collect();
    running.reverse();
    running.sort_by_key(|(since, _)| std::cmp::Reverse(*since));
    let ((since, newest), more) = (*running.first()?, running.len() - 1);
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    let named = |text: String, since: Timestamp| {
        let age = human_time::age(human_time::seconds_between(since, app.session.now));
        [words(theme, Role::Info, format!("▶ {text} ")), words(theme, Role::Strong, age)]
    };
    let form = |text: String| {
        let mut line = Line::from(named(text, since).to_vec());
        line.push_span(words(theme, Role::Info, more.clone()));
        line
    };
    let mut all = Line::default();
    for (since, mitigation) in running.iter().take(2) {
        let gap = if all.spans.is_empty() { "" } else { "  " };
        all.push_span(Span::raw(gap));
        all.spans.extend(named(format!("{} {}", mitigation.label, mitigation.text), *since));
    }
    if running.len() > 2 {
        all.push_span(words(theme, Role::Info, format!(" +{}", running.len() - 2)));
    }
    Some(Piece::new([
        (14, all),
        (14, form(format!("{} {}", newest.label, newest.text))),
        (13, form(format!("{} running", newest.label))),
        (3, form(newest.label.clone())),
    ]))
}

/// The first vital that hurts, else the first that is not known, matters most; else the first while it bleeds. The next one
/// stays as long as what is being done about it.
fn all_vitals<'a>(screen: Screen<'a>) -> Vec<Piece<'a>> {
    let app = screen.app;
    let states: Vec<VitalState> =
        (0..app.session.config.vitals.len()).map(|at| vitals::vital(app.facts(), at)).collect();
    let hurts = states.iter().position(|state| matches!(state, VitalState::Outside(_)));
    let unknown = || states.iter().position(|state| matches!(state, VitalState::Unknown(_)));
    // While it bleeds, one that has come back is what everybody waits for.
    let awaited = || bleeding::bleeding_since(app.facts()).and((!states.is_empty()).then_some(0));
    let worst = hurts.or_else(unknown).or_else(awaited);
    let beside = |wanted: fn(&VitalState) -> bool| {
        states.iter().enumerate().position(|(at, state)| Some(at) != worst && wanted(state))
    };
    let second = beside(|state| matches!(state, VitalState::Outside(_)))
        .or_else(|| beside(|state| matches!(state, VitalState::Unknown(_))))
        .or_else(|| beside(|_| true));
    // Of its value, and of its name.
    let ranks = |at| match &states[at] {
        _ if Some(at) == worst => (1, 3),
        _ if Some(at) == second => (2, 8),
        VitalState::Outside(_) => (8, 10),
        VitalState::Unknown(_) => (9, 11),
        VitalState::Inside(_) => (10, 12),
    };
    app.session
        .config
        .vitals
        .iter()
        .enumerate()
        .map(|(at, vital)| one_vital(screen, at, vital, states[at], ranks(at)))
        .collect()
}

fn one_vital<'a>(screen: Screen<'a>, at: usize, vital: &'a Vital, state: VitalState, ranks: (u8, u8)) -> Piece<'a> {
    let Screen { app, theme, .. } = screen;
    let shown = |value| {
        let suffix = |value| text::width(&vital.unit.scale(value).suffix);
        let cells = DIGITS + suffix(value).max(suffix(vital.ok.value));
        let words = vital.format(value);
        if text::width(&words) < cells { text::right(&words, cells) } else { words }
    };
    let (sign, role, value) = match state {
        VitalState::Inside(value) => ("✓", Role::Ok, shown(value)),
        VitalState::Outside(value) => ("✗", Role::Critical, shown(value)),
        VitalState::Unknown(None) if !vitals::vital_was_asked(app.facts(), at) => {
            ("…", Role::Dim, "not asked yet".into())
        }
        VitalState::Unknown(None) => ("?", Role::Warning, "UNKNOWN".into()),
        VitalState::Unknown(Some((_, read))) => (
            "?",
            Role::Warning,
            format!("UNKNOWN {}", human_time::age(human_time::seconds_between(read, app.session.now))),
        ),
    };
    let is_partial = !matches!(state, VitalState::Unknown(_)) && vitals::is_partial(app.facts(), at);
    let (role, value) = match (is_partial, role) {
        (true, Role::Ok) => (Role::Warning, format!("{value} partial")),
        (true, role) => (role, format!("{value} partial")),
        (false, role) => (role, value),
    };
    let name = if matches!(state, VitalState::Inside(_)) { Role::Dim } else { Role::Text };
    let head = vec![
        words(theme, role, format!("{sign} ")),
        words(theme, name, format!("{} ", vital.title)),
        words(theme, role, value.clone()),
    ];
    let short = Line::from(vec![words(theme, role, format!("{sign} {value}"))]);
    let bare = Line::from(head.clone());
    let mut with_past = bare.clone();
    let mut whole = bare.clone();
    // That a value is old matters more than a title; a picture of its past, or its range, does not.
    let (past_rank, range_rank) = if matches!(state, VitalState::Unknown(_)) { (9, 9) } else { (18, 19) };
    match state {
        VitalState::Unknown(Some((value, _))) => {
            whole.push_span(words(theme, Role::Stale, format!(" (was {})", vital.format(value))));
            with_past = whole.clone();
        }
        VitalState::Unknown(None) => {}
        VitalState::Inside(_) | VitalState::Outside(_) => {
            let past = past(app, at, vital);
            if !past.is_empty() {
                with_past.push_span(words(theme, Role::Dim, format!(" {past}")));
            }
            whole = with_past.clone();
            whole.push_span(words(theme, Role::Dim, format!(" ({})", vitals::range_in_words(vital))));
        }
    }
    Piece::new([(range_rank, whole), (past_rank, with_past), (ranks.1, bare), (ranks.0, short)])
}

/// The past of a vital as blocks, scaled so that its limit is on the picture.
fn past(app: &App, at: usize, vital: &Vital) -> String {
    let points =
        app.world.plan.vitals.get(at).map(|query| vitals::history(&app.world.signals, *query)).unwrap_or_default();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    if points.len() < 2 {
        return String::new();
    }
    let hold = (last.t - first.t) / PAST as i64 * 2;
    let cells = sparkline::resampled(points.iter().map(|p| (p.t, p.v)), first.t, last.t, PAST, hold);
    let limit = vital.ok.value;
    let finite = || cells.iter().copied().filter(|v| v.is_finite());
    let least = finite().fold(limit, f64::min);
    let greatest = finite().fold(limit, f64::max);
    let known = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if known.1 - known.0 < (greatest - least) * FLAT || least == greatest {
        // Nothing moved: a thin line half way up, no wall, and no zero.
        return cells.iter().map(|v| if v.is_finite() { '─' } else { ' ' }).collect();
    }
    let scaled: Vec<f64> = cells.iter().map(|v| (v - least) / (greatest - least).max(f64::MIN_POSITIVE)).collect();
    blocks(&scaled)
}

/// One cell a number between 0 and 1.
fn blocks(parts: &[f64]) -> String {
    // A full block beside a full block would be a bar, and no picture of anything.
    const BLOCKS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let block = |part: &f64| if part.is_finite() { BLOCKS[(part.clamp(0.0, 1.0) * 6.0).round() as usize] } else { ' ' };
    parts.iter().map(block).collect()
}

fn sources<'a>(screen: Screen<'a>) -> Piece<'a> {
    let Screen { app, theme, .. } = screen;
    let (up, all) = app.world.signals.answering(app.session.now);
    let text = match (up, all) {
        (_, 0) => return Piece::new([(18, Line::from(words(theme, Role::Dim, "no sources")))]),
        (up, all) if up == all => {
            // As wide as when one of them is lost, so that the clock keeps its place.
            let text = if all == 1 { "  1 source".into() } else { format!("  {up}/{all} sources") };
            return Piece::new([(18, Line::from(words(theme, Role::Dim, text)))]);
        }
        (up, all) => format!("{up}/{all} sources"),
    };
    // A source that was not asked yet is no news; one that was lost is.
    let fails = app.world.signals.healths(app.session.now).any(|(_, health)| health.failures() > 0);
    let (sign, role) = if fails { ("! ", Role::Warning) } else { ("… ", Role::Dim) };
    let long = format!("{sign}{text}");
    let short = format!("{sign}{up}/{all}");
    Piece::new([(15, long), (6, short)].map(|(rank, text)| (rank, Line::from(words(theme, role, text)))))
}

/// Who else has a cockpit open on this incident.
fn others(app: &App) -> Vec<&str> {
    let here = |watch: &&crate::incident::Watch| {
        watch.until.is_none()
            && watch.by != app.session.author
            && human_time::seconds_between(watch.last, app.session.now) < GONE
    };
    let mut names: Vec<&str> = Vec::new();
    for watch in app.incident.watches.iter().filter(here) {
        let name = watch.by.split('@').next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_past_is_drawn_by_its_height() {
        assert_eq!(super::blocks(&[0.0, 0.5, f64::NAN, 1.0, 2.0]), "▁▄ ▇▇");
    }
}
