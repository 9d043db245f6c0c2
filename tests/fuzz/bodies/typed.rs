//! Text that somebody typed, pasted or sent.

use std::borrow::Cow;

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent},
    layout::Rect,
};
use stanch::{
    app::{App, Effect, Keymap, Msg, Overlay, Setup, clock, field::parse},
    base::{human_time, text},
    config::Config,
    incident::{Entry, Event, Incident, board::file::BoardFile},
    signal::{Condition, Matchers, Unit},
    ui,
    ui::{Cache, Theme},
};

use super::oracle::{clean_block, clean_line};

pub fn scrub(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let max = usize::from(bytes.first().copied().unwrap_or(9)).max(3);
    let line = text::line(&text);
    clean_line(&line);
    assert!(line.len() <= text::MAX_LINE);
    same(text::line(&line), &line);
    let clipped = text::clipped(&text, max);
    clean_line(&clipped);
    assert!(clipped.len() <= max, "{} bytes of {max}", clipped.len());
    same(text::clipped(&clipped, max), &clipped);
    let block = text::block(&text, max);
    clean_block(&block);
    assert!(block.len() <= max);
    same(text::block(&block, max), &block);
    // What is harmless already stays as it is.
    if text.len() <= max && text.is_ascii() && !text.contains(|c: char| c.is_ascii_control()) {
        same(text::clipped(&text, max), &text);
    }
    let shown = text::unstyled(&text);
    assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
    same(text::unstyled(&shown), &shown);
    clean_block(&text::block(&shown, usize::MAX));
    let _binary = text::is_binary(bytes);
}

#[track_caller]
fn same(again: Cow<'_, str>, once: &str) {
    assert_eq!(again, once, "done twice, it is not what it was");
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_317_000).expect("a time")
}

/// Short answers: times, actions, severities, conditions, units, matchers.
pub fn fields(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let zones = [TimeZone::UTC, TimeZone::fixed(jiff::tz::offset(-11)), TimeZone::fixed(jiff::tz::offset(14))];
    for zone in &zones {
        for now in [now(), Timestamp::UNIX_EPOCH, Timestamp::MAX, Timestamp::MIN] {
            let at = clock::parse(&text, now, zone);
            // A time of day is the last one there was.
            if let Some(at) = at.filter(|_| text.trim().len() == 5 && !text.contains("ago")) {
                assert!(human_time::seconds_between(now, at) <= 60, "{text:?} is {at} at {now}");
                assert!(human_time::seconds_between(at, now) <= 86_400, "{text:?} is {at} at {now}");
            }
            let (when, rest) = clock::split_backdate(&text, now, zone);
            assert!(text.contains(&rest), "{text:?} became {rest:?}");
            if when.is_none() {
                assert_eq!(rest, text.trim(), "without a time all of it is text");
            }
            let _told = parse::no_time(&text, now, zone);
            match parse::action(&text, now, zone) {
                Ok(Event::ActionAdded { text: said, owner, due, .. }) => {
                    assert!(!said.is_empty());
                    assert!(text.contains(&owner), "{owner:?}");
                    assert!(due.is_empty() || due.len() >= 10, "{due:?}");
                }
                Ok(other) => panic!("{other:?}"),
                Err(why) => assert!(!why.is_empty()),
            }
        }
    }
    if let Ok(severity) = parse::severity(&text) {
        assert_eq!(parse::severity(&severity), Ok(severity));
    }
    if let Ok(condition) = text.parse::<Condition>() {
        let written = condition.to_string();
        let again = written.parse::<Condition>().unwrap_or_else(|_| panic!("{text:?} was written {written:?}"));
        assert_eq!(format!("{again:?}"), format!("{condition:?}"), "{text:?} was written {written:?}");
    }
    let unit = Unit::parse(&text);
    for value in [0.0, -1.5, 1e300, f64::NAN, f64::INFINITY, 5e-324] {
        let _shown = unit.format(value);
    }
    if let Err(why) = text.parse::<Matchers>() {
        assert!(!why.to_string().is_empty());
    }
}

/// A paste into each field there is: it stays text, it is not lost when the field is left, and the frame is clean.
pub fn paste(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let expected = text::block(&text, usize::MAX).into_owned();
    for keys in ["", "n", "a", "s", "2t", "w", ":", "/", "T", "3m", "5\n", ":load "] {
        let mut stage = Stage::new();
        keys.chars().for_each(|c| stage.press(if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) }));
        let length = stage.log.len();
        stage.send(Msg::Paste(text.clone()));
        assert_eq!(stage.log.len(), length, "a paste after {keys:?} wrote something");
        let shown = stage.shown().expect("a field");
        assert_eq!(
            squeezed(&shown),
            squeezed(&format!("{}{expected}", if keys == ":load " { "load" } else { "" })),
            "pasted after {keys:?}"
        );
        for (width, height) in [(80, 24), (7, 5)] {
            stage.draw(width, height);
        }
        let kept = stage.app.screen.overlay.as_ref().and_then(Overlay::draft);
        stage.press(KeyCode::Esc);
        if let Some((field, _)) = kept.filter(|(_, text)| !text.trim().is_empty()) {
            let draft = stage.app.incident.drafts.get(&("alice@host".to_owned(), field.clone()));
            let draft = draft.unwrap_or_else(|| panic!("Esc lost what was pasted into {field:?}"));
            assert_eq!(squeezed(draft), squeezed(&shown));
        }
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

struct Stage {
    app: App,
    log: Vec<Entry>,
}

impl Stage {
    fn new() -> Self {
        let app = App::new(Setup {
            config: Config::default().into(),
            keymap: Keymap::new(&Default::default()).expect("a keymap"),
            incident: Incident::default(),
            id: "x".into(),
            author: "alice@host".into(),
            seed: 1,
            now: now(),
            zone: TimeZone::UTC,
            read_only: false,
            generic: BoardFile::default().into(),
        });
        Self { app, log: Vec::new() }
    }

    fn press(&mut self, code: KeyCode) {
        self.send(Msg::Key(KeyEvent::from(code)));
    }

    fn send(&mut self, msg: Msg) {
        for effect in self.app.update(msg) {
            if let Effect::Record(drafts) = effect {
                let mut entries = Vec::new();
                for draft in drafts {
                    let seq = self.log.len() as u64 + 1;
                    let entry = Entry {
                        seq,
                        id: draft.id,
                        at: self.app.session.now,
                        by: "alice@host".into(),
                        event: draft.event,
                    };
                    self.log.push(entry.clone());
                    entries.push(entry);
                }
                self.send(Msg::Recorded(entries));
            }
        }
    }

    fn shown(&self) -> Option<String> {
        Some(match self.app.screen.overlay.as_ref()? {
            Overlay::Note(field) => field.text(),
            Overlay::Prompt(prompt) => prompt.field.text(),
            Overlay::Picker(picker) => picker.field.text(),
            Overlay::Palette(palette) => palette.field.text(),
            _ => return None,
        })
    }

    fn draw(&self, width: u16, height: u16) {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        ui::draw_into(&mut buffer, area, &self.app, &Theme::default(), &mut Cache::default());
        buffer.content().iter().for_each(|cell| clean_line(cell.symbol()));
    }
}
