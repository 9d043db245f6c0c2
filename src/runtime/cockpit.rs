//! From an opened incident to the notes: sets everything up, runs the loop, puts everything away.
#![expect(clippy::disallowed_methods, reason = "this is where a cockpit's time begins")]

use std::{io, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use tokio::{runtime::Runtime, sync::mpsc};

use super::{
    event_loop::{EventLoop, Told},
    notes,
    open::Opened,
    panics,
    pen::Pen,
    terminal, themes,
};
use crate::{
    app::{App, Keymap, Msg, Setup},
    cli::{Failure, failure::complain},
    config::Config,
    incident::{Draft, board::file::BoardFile},
    ui,
};

/// Runs the cockpit until it is left; then the notes are written and the terminal is given back.
pub fn run(config: Config, author: String, opened: Opened, board: Option<BoardFile>) -> Result<(), Failure> {
    let theme = themes::load(config.theme.as_deref())?;
    let mut app = app(config, &author, &opened)?;

    panics::install();
    let guard = terminal::Guard;
    let mut screen = terminal::take().map_err(|error| Failure::Failed(format!("cannot take the terminal: {error}")))?;
    let mut cache = ui::Cache::default();
    let size = terminal::size();
    drop(app.update(Msg::Resized(size.0, size.1)));
    terminal::draw(&mut screen, false, |frame| ui::draw(frame, &app, &theme, &mut cache));

    // Everything below comes after the first frame.
    let (sender, inbox) = mpsc::unbounded_channel();
    let pen = Pen::new(opened.journal, author, opened.read_only, sender.clone());
    let runtimes = ui_runtime().and_then(|ui| Ok((ui, source_runtime()?)));
    let (here, sources) = runtimes.map_err(|error| Failure::Failed(format!("cannot start: {error}")))?;
    let mut looping = EventLoop { app, theme, screen, cache, pen, sender, inbox, sources: sources.handle().clone() };
    here.block_on(looping.run(board.as_ref()));

    let EventLoop { mut app, pen, mut inbox, screen, .. } = looping;
    sources.shutdown_background();
    pen.finish();
    let mut unwritten: Vec<Draft> = app.journal.refused.clone();
    while let Ok(told) = inbox.try_recv() {
        match told {
            Told::Journal(report) => drop(super::pen::take_report(&mut app, report, &mut unwritten)),
            Told::Msg(_) | Told::HungUp => {}
        }
    }
    let notes = notes::write(&app);
    drop(screen);
    drop(guard);
    drop(here);
    say_goodbye(&app, notes, &unwritten)
}

fn app(config: Config, author: &str, opened: &Opened) -> Result<App, Failure> {
    let keymap = Keymap::new(&config.keys).map_err(|error| {
        let file = config.file.as_ref().map_or_else(|| "stanch.toml".into(), |file| file.display().to_string());
        Failure::Mistakes(format!("{file}: {error}"))
    })?;
    let mut app = App::new(Setup {
        config: Arc::new(config),
        keymap,
        incident: opened.incident.clone(),
        id: opened.id.clone(),
        author: author.to_owned(),
        seed: uuid::Uuid::now_v7().as_u64_pair().1,
        now: Timestamp::now(),
        zone: TimeZone::system(),
        read_only: opened.read_only,
        generic: Arc::new(BoardFile::generic_causes()),
    });
    app.greet(&opened.said);
    Ok(app)
}

/// A runtime for the loop alone: it runs on this thread.
fn ui_runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// A runtime for everything slow: connections, decoding, commands.
fn source_runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("sources")
        .max_blocking_threads(2)
        .thread_keep_alive(Duration::from_secs(2))
        .enable_all()
        .build()
}

/// Says where the notes are, on the screen that was there before.
fn say_goodbye(app: &App, notes: Result<std::path::PathBuf, Failure>, unwritten: &[Draft]) -> Result<(), Failure> {
    for panic in panics::in_tasks() {
        complain(&panic, "a task failed, which is a bug: ");
    }
    if !unwritten.is_empty() {
        let trouble = app.journal.trouble.as_deref().unwrap_or("it could not be written");
        complain(&format!("not in the journal ({trouble}):"), "error: ");
        for draft in unwritten {
            complain(&serde_json::to_string(&draft.event).unwrap_or_default(), "  ");
        }
    }
    let path = notes?;
    crate::cli::out::print(&format!("Notes: {}\nJournal: stanch log {}\n", path.display(), app.id))?;
    if unwritten.is_empty() { Ok(()) } else { Err(Failure::Said) }
}
