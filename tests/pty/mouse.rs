//! The mouse in a real terminal: its bytes do what they should, in one piece or in two, and its modes are given back.

use std::{fmt::Write, thread, time::Duration};

use super::pty::{Machine, Terminal};

/// The column and the row, from 1 on, of a text on the screen.
#[track_caller]
fn place(terminal: &mut Terminal, text: &str) -> (usize, usize) {
    let screen = terminal.sees(&[text]);
    let found =
        screen.lines().enumerate().find_map(|(row, line)| Some((line[..line.find(text)?].chars().count(), row)));
    found.map_or((0, 0), |(column, row)| (column + 2, row + 1))
}

/// A report as terminals send it: `M` for a button that goes down, `m` for one that is let go.
fn report(button: u8, (column, row): (usize, usize), end: char) -> String {
    format!("\x1b[<{button};{column};{row}{end}")
}

fn click(terminal: &mut Terminal, text: &str) {
    let at = place(terminal, text);
    terminal.press(&(report(0, at, 'M') + &report(0, at, 'm')));
}

/// Whether the terminal was last asked for the mouse; never for more than its buttons and what is dragged.
fn has_the_mouse(terminal: &Terminal) -> bool {
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains("\x1b[?1003h") && !raw.contains("\x1b[?1015h"));
    ["1000", "1002", "1006"].iter().all(|mode| raw.rfind(&format!("[?{mode}h")) > raw.rfind(&format!("[?{mode}l")))
}

/// As terminals without bracketed paste send it: keys, at once, with Enter between the lines.
#[test]
fn a_paste_without_brackets_into_a_note_keeps_its_lines_and_commands_nothing() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["[1 Watch]"]);
    cockpit.press("n").sees(&["Enter"]);
    thread::sleep(Duration::from_millis(60));
    cockpit.press("error: pool exhausted\rat db.connect\rqqq 2 as\r");
    cockpit.sees(&["error: pool exhausted", "at db.connect", "qqq 2 as"]);
    thread::sleep(Duration::from_millis(60));
    cockpit.press("\r").sees(&["noted"]);
    cockpit.press("q");
    cockpit.ended_well();
    let notes = machine.notes();
    let written = machine.read(&notes[0]);
    for line in ["error: pool exhausted", "at db.connect", "qqq 2 as"] {
        assert!(written.contains(line), "{written}");
    }
}

#[test]
fn the_mouse_clicks_scrolls_and_is_given_back() {
    let lines = (1..=90).fold(String::new(), |mut lines, nth| {
        let _ = writeln!(lines, "line {nth}.");
        lines
    });
    let machine =
        Machine::with_config(&format!("[[pane]]\ntitle = \"Rules\"\ntype = \"text\"\ntext = '''\n{lines}'''\n"));
    let mut cockpit = machine.open_at(100, 30, &[]);
    let middle = place(&mut cockpit, "line 12.");
    assert!(has_the_mouse(&cockpit));
    cockpit.press(&report(65, middle, 'M'));
    cockpit.sees_no(&["line 3."]);
    cockpit.sees(&["line 4."]);
    cockpit.press(&report(65, middle, 'M').repeat(500));
    cockpit.sees(&["line 90."]);
    cockpit.press(&report(64, middle, 'M').repeat(500));
    cockpit.sees(&["line 1."]);
    click(&mut cockpit, "4 Log");
    cockpit.sees(&["[4 Log]"]);
    // Broken in two anywhere, it is no key.
    let at = place(&mut cockpit, "1 Watch");
    let whole = report(0, at, 'M');
    for cut in 1..whole.len() {
        cockpit.press("4").sees(&["[4 Log]"]);
        cockpit.press(&whole[..cut]);
        // An Esc alone is waited for no longer than a hand takes.
        thread::sleep(Duration::from_millis(if cut > 1 { 30 } else { 0 }));
        cockpit.press(&whole[cut..]);
        cockpit.sees(&["[1 Watch]"]);
    }
    cockpit.press(":mouse\r").sees(&["the terminal's"]);
    assert!(!has_the_mouse(&cockpit));
    click(&mut cockpit, "4 Log");
    cockpit.press("2").sees(&["[2 Board]"]);
    cockpit.press(":mouse\r").sees(&["the mouse is taken"]);
    assert!(has_the_mouse(&cockpit));
    cockpit.press("q");
    cockpit.ended_well();
    assert!(!has_the_mouse(&cockpit));
}

#[test]
fn a_chart_is_zoomed_by_dragging_over_it() {
    let machine = Machine::new();
    let mut cockpit = machine.open_at(160, 45, &["demo"]);
    // A chart has a plot as soon as it has a legend.
    cockpit.sees(&["[1 Watch]", "4/4 sources", "■ 500 "]);
    let (column, row) = place(&mut cockpit, "Checkout errors");
    let (from, to) = ((column + 10, row + 4), (column + 30, row + 4));
    cockpit.press(&(report(0, from, 'M') + &report(32, (column + 20, row), 'M') + &report(32, to, 'M')));
    cockpit.sees(&["let go to zoom"]);
    cockpit.press("\x1b").sees(&["not zoomed"]);
    cockpit.press(&report(0, to, 'm'));
    cockpit.press(&(report(0, from, 'M') + &report(32, to, 'M') + &report(0, to, 'm')));
    cockpit.sees(&["NOT LIVE"]);
    cockpit.press("0").sees_no(&["NOT LIVE"]);
    cockpit.press("q");
    cockpit.ended_well();
}

#[test]
fn an_address_leads_to_where_it_names_and_only_there() {
    let machine = Machine::new();
    let mut cockpit = machine.open_at(160, 45, &["demo"]);
    cockpit.sees(&["[1 Watch]", "4/4 sources", "DBPoolHigh"]);
    click(&mut cockpit, "DBPoolHigh");
    cockpit.press("\r").sees(&["runbooks.shop.example/DBPoolHigh"]);
    cockpit.press("\x1b").sees_no(&["runbooks.shop.example"]);
    // Enter right behind Esc commands nothing.
    thread::sleep(Duration::from_secs(1));
    cockpit.press("\r").sees(&["runbooks.shop.example/DBPoolHigh"]);
    let raw = String::from_utf8_lossy(&cockpit.raw()).into_owned();
    assert!(raw.contains("\x1b]8;;https://runbooks.shop.example/DBPoolHigh\x1b\\"), "it is no link");
    assert_eq!(raw.matches("\x1b]8;;http").count(), raw.matches("\x1b]8;;\x1b\\").count(), "each one ends");
    cockpit.press("q");
    cockpit.ended_well();
}
