//! Files that people write: read, or refused in clean words that say where.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{buffer::Buffer, layout::Rect};
use stanch::{
    app::{App, Keymap, Setup},
    config,
    incident::{
        Entry, Ids, Incident,
        board::file::{BoardFile, to_toml},
        judgement::Question,
        ranking,
    },
    ui::{self, Cache, Theme, theme::color::Depth},
};

use super::oracle::{clean_block, clean_line};

pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (config, warnings) = match config::load::parse(&text, Path::new("stanch.toml")) {
        Ok(read) => read,
        Err(errors) => {
            let said = errors.to_string();
            clean_block(&said);
            assert!(said.starts_with("stanch.toml:"), "{said}");
            return;
        }
    };
    warnings.iter().for_each(|warning| clean_block(&warning.to_string()));
    // What was read can be worked with.
    let keymap = match Keymap::new(&config.keys) {
        Ok(keymap) => keymap,
        Err(error) => {
            clean_block(&error.to_string());
            Keymap::new(&BTreeMap::new()).expect("the standard keys")
        }
    };
    let app = App::new(Setup {
        config: Arc::new(config),
        keymap,
        incident: Incident::default(),
        id: "x".into(),
        author: "alice@host".into(),
        seed: 1,
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
        read_only: false,
        generic: Arc::new(BoardFile::default()),
    });
    for (width, height) in [(80, 24), (200, 60), (3, 2)] {
        let area = Rect::new(0, 0, width, height);
        ui::draw_into(&mut Buffer::empty(area), area, &app, &Theme::default(), &mut Cache::default());
    }
}

pub fn board(bytes: &[u8]) {
    let file = match BoardFile::parse_bytes(bytes, "b.toml") {
        Ok(file) => file,
        Err(error) => {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            assert!(!error.0.is_empty());
            for mistake in error.0 {
                clean_line(&mistake.message);
                let (line, column) = mistake.at.expect("a place");
                assert!(line >= 1 && line <= lines && column >= 1, "{mistake}");
            }
            return;
        }
    };
    clean_line(&file.title);
    let written = to_toml(&file.title, &file.board);
    clean_block(&written);
    let again = BoardFile::parse(&written, "b.toml").expect("what was written is read");
    assert_eq!(again.title, file.title);
    assert_eq!(to_toml(&again.title, &again.board), written);
    assert_eq!(ranking::rank(&again.board).rows.len(), ranking::rank(&file.board).rows.len());
    // Put on the board of an incident it says the same, in other words for its ids.
    let drafts = file.drafts(&mut Ids::new(1), Timestamp::UNIX_EPOCH).into_iter().enumerate();
    let entries = drafts.map(|(at, draft)| Entry {
        seq: at as u64 + 1,
        id: draft.id,
        at: Timestamp::UNIX_EPOCH,
        by: "alice".into(),
        event: draft.event,
    });
    let incident = Incident::replay(entries);
    let sorted = |ranking: &stanch::incident::Ranking| {
        let mut bits: Vec<_> = ranking.rows.iter().map(|row| (row.bits, row.explains)).collect();
        bits.sort();
        bits
    };
    assert_eq!(sorted(&incident.ranking), sorted(&ranking::rank(&file.board)));
    let once = to_toml("", &incident.board);
    assert_eq!(to_toml("", &BoardFile::parse(&once, "b").expect("what was written is read").board), once);
    // Not the exponential part of a board that no person fills.
    if file.board.hypotheses.len() <= 20 {
        let _judgement = Question::of(&incident).judge();
    }
}

pub fn theme(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // A file may inherit from itself, from another, or from one that inherits back.
    let resolve = |name: &str| match name {
        "other" => Some("inherits = \"mine\"\n".to_owned()),
        "broken" => Some("[palette\n".to_owned()),
        _ => None,
    };
    match Theme::parse("mine", &text, &resolve) {
        Ok(theme) => {
            for depth in [Depth::None, Depth::Ansi16, Depth::Indexed, Depth::True] {
                let limited = theme.limited_to(depth);
                assert_eq!(limited.limited_to(depth), limited, "{depth:?}");
            }
        }
        Err(error) => clean_block(&error.to_string()),
    }
}
