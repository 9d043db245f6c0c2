//! The least a ratatui program costs: one screen of text and a number that a key changes. What this takes, the terminal
//! and the library take; what a cockpit takes beyond it is its own.
//!
//! It ends with `q`.

use std::io;

use ratatui::{
    crossterm::event::{self, Event, KeyCode},
    widgets::{Block, Paragraph, Wrap},
};

/// The program.
pub fn start() -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let ended = run(&mut terminal);
    ratatui::restore();
    ended
}

fn run(terminal: &mut ratatui::DefaultTerminal) -> io::Result<()> {
    let text = "All of the screen is text, so that there is something to compare. ".repeat(200);
    let mut keys = 0;
    loop {
        terminal.draw(|frame| {
            let block = Block::bordered().title(format!(" {keys} keys · q quits "));
            let all = Paragraph::new(&*text).wrap(Wrap { trim: true }).block(block);
            frame.render_widget(all, frame.area());
        })?;
        match event::read()? {
            Event::Key(key) if key.code == KeyCode::Char('q') => return Ok(()),
            Event::Key(_) => keys += 1,
            _ => {}
        }
    }
}
