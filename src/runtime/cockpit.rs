//! From an opened incident to the notes: sets everything up, runs the loop, puts everything away.
#![expect(clippy::disallowed_methods, reason = "this is where a cockpit's time begins")]

use std::{
    io,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{runtime::Runtime, sync::mpsc, task::JoinSet};

use super::{
    aborts,
    event_loop::{
        Before, EventLoop,
        threads::{link, new_lane, record, seed, take_the_rest},
    },
    front_end::FrontEnd,
    incidents::Incidents,
    log_file::{self, Level, Log},
    mitigation_commands::Commands,
    notes::{self, Unwritten},
    open::Opened,
    panics, recovery_file, shutdown,
    signals::Signals,
    themes,
    tty::{
        output::{self, complain},
        terminal,
    },
    zone,
};
use crate::{
    app::{App, CommandEnd, Keymap, Msg, Session, Setup, journal},
    base::text,
    config::Config,
    failure::Failure,
    incident::board::file::BoardFile,
    source,
    ui::{Theme, glyphs::Glyphs},
};

/// How long files that are being written are waited for at the end.
const PARTING: Duration = Duration::from_millis(300);

/// How long the tasks that poll may take to be dropped. A look-up of a name cannot be ended, and is not waited for.
const ENDING: Duration = Duration::from_millis(40);

/// Runs the cockpit on a front end until it is left; then the notes are written and the terminal is given back.
pub fn run<F: FrontEnd>(
    open: impl FnOnce(Theme, &Session) -> io::Result<F>,
    config: Config,
    incidents: Incidents,
    opened: Opened,
    board: Option<(String, BoardFile)>,
    known: BoardFile,
    log: Log,
) -> Result<(), Failure> {
    let theme = themes::load(config.theme.as_deref())?.drawn_in(themes::glyphs(config.charts));
    let Opened { id, incident, journal, folder, read_only, said } = opened;
    let keymap = match theme.glyphs() {
        Glyphs::Ascii => keymap(&config)?.in_words(),
        Glyphs::Block | Glyphs::Braille => keymap(&config)?,
    };
    let mut app = App::new(Setup {
        config: Arc::new(config),
        keymap: if F::READS_LINES { keymap.typed() } else { keymap },
        incident,
        id,
        author: incidents.author.clone(),
        seed: seed(),
        now: Timestamp::now(),
        zone: zone::system(),
        read_only,
        generic: Arc::new(known),
    });
    app.greet(&said);
    source::memory::leave_out_what_is_held();

    // Before the terminal is taken: a signal that is not listened for yet would end it as it is.
    let cannot_start = |error: io::Error| Failure::Failed(format!("cannot start: {error}"));
    let here = ui_runtime().map_err(cannot_start)?;
    let signals = {
        let _inside = here.enter();
        Signals::new().map_err(cannot_start)?
    };
    panics::install(log.clone());
    aborts::prepare();
    let guard = terminal::Guard;
    let mut front =
        open(theme, &app.session).map_err(|error| Failure::Failed(format!("cannot take the terminal: {error}")))?;
    let size = front.size();
    // Carried out when the loop begins: nothing comes before the first frame.
    let begun = app.update(Msg::Resized(size.0, size.1));
    app.prepare_frame();
    front.show(&app, false);

    // Everything below comes after the first frame.
    log_file::started(&log, &app.session.config, &app.world.plan, size, app.incident.entries().len(), read_only);
    let (sender, inbox) = mpsc::unbounded_channel();
    let link = link(journal, incidents.author.clone(), read_only, &sender, &log);
    let lane = new_lane(&sender);
    let sources = source_runtime().map_err(cannot_start)?;
    let (commands, sources_handle) = (Commands::default(), sources.handle().clone());
    let mut looping = EventLoop {
        app,
        front,
        link,
        sender,
        inbox,
        commands,
        lane,
        asides: JoinSet::new(),
        sources: sources_handle,
        log: log.clone(),
        incidents,
        folder,
        before: Before::default(),
        opening: None,
        ended_by: None,
    };
    // A panic has given the terminal back and said itself; what can still be kept is kept before it goes on.
    let ran = panic::catch_unwind(AssertUnwindSafe(|| here.block_on(looping.run(begun, board, signals))));

    let watchdog = shutdown::Watchdog::begin();
    let EventLoop { mut app, mut link, mut inbox, mut front, commands, mut asides, folder, before, ended_by, .. } =
        looping;
    if ran.is_err()
        && let Ok(effects) = panic::catch_unwind(AssertUnwindSafe(|| app.update(Msg::Terminate)))
    {
        record(effects, &mut link);
    }
    // A board that was to be saved with the last key is saved.
    let saved = async { while asides.join_next().await.is_some() {} };
    let is_saved = here.block_on(async { tokio::time::timeout(PARTING, saved).await }).is_ok();
    let left = here.block_on(commands.leave());
    for end in &left {
        record(app.update(Msg::CommandEnded(end.clone())), &mut link);
    }
    take_the_rest(&mut inbox, &mut app, &mut link);
    // What was started for a poll is killed when its task is dropped, while the journal is synced.
    let ending = end_aside(sources);
    link.close();
    take_the_rest(&mut inbox, &mut app, &mut link);
    journal::hide_pending(&mut app);
    let unwritten = recovery_file::keep(&app, &watchdog);
    let is_bare = app.incident.is_bare() && unwritten.is_none();
    let notes = if app.session.read_only || is_bare {
        Ok(None)
    } else {
        notes::write(&app, folder.join(notes::REMEMBERED), &watchdog).map(Some)
    };
    drop(ending.map(JoinHandle::join));
    // A runtime that was not given the processor has dropped nothing yet.
    source::kill_all();
    // All is written; a terminal that takes nothing is not waited for long.
    drop(watchdog);
    front.part(&app);
    drop(front);
    drop(guard);
    say_end(
        &log,
        ended_by.unwrap_or(if ran.is_err() { "a panic" } else { "an error" }),
        notes.is_err(),
        unwritten.is_some(),
    );
    drop(here);
    if !is_saved {
        complain("a board file that was being read or saved takes too long: it may not be written", "error: ");
    }
    let was_whole = before.troubles.is_empty();
    // Who came back to an incident has its notes once.
    let last = notes.as_ref().ok().and_then(|path| std::path::absolute(path.as_ref()?).ok());
    say_before(before, last.as_deref());
    let said = say_goodbye(&app, notes, unwritten, &left).and(if was_whole { Ok(()) } else { Err(Failure::Said) });
    match ran {
        Ok(()) => said,
        Err(panic) => panic::resume_unwind(panic),
    }
}

/// Ends what polls on a thread of its own; where none can be had, without waiting for it.
fn end_aside(sources: Runtime) -> io::Result<JoinHandle<()>> {
    let (give, take) = std::sync::mpsc::channel::<Runtime>();
    let end = move || {
        if let Ok(sources) = take.recv() {
            sources.shutdown_timeout(ENDING);
        }
    };
    let ending = thread::Builder::new().name("ending".into()).spawn(end);
    if let Err(not_taken) = give.send(sources) {
        not_taken.0.shutdown_background();
    }
    ending
}

fn keymap(config: &Config) -> Result<Keymap, Failure> {
    Keymap::new(&config.keys).map_err(|error| {
        let file = config.file.as_ref().map_or_else(|| "stanch.toml".into(), |file| file.display().to_string());
        Failure::Mistakes(format!("{file}: {error}"))
    })
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
        // Each may hang in a file system or a look-up that does not answer; those with nothing to do end by themselves.
        .max_blocking_threads(16)
        .thread_keep_alive(Duration::from_secs(2))
        .enable_all()
        .build()
}

/// The last line of the log.
fn say_end(log: &Log, by: &str, no_notes: bool, unwritten: bool) {
    let notes = if no_notes { ", but the notes could not be written" } else { "" };
    let entries = if unwritten { ", but entries are not in the journal" } else { "" };
    let level = if no_notes || unwritten { Level::Error } else { Level::Info };
    log.say(level, "end", format!("ended by {by}{notes}{entries}"));
    log.flush();
}

/// One line; a folder may be called anything.
fn say(line: &str) {
    output::say(format!("{}\n", text::line(line)).as_bytes());
}

/// Says what was left of incidents that were open before.
fn say_before(before: Before, last: Option<&Path>) {
    for trouble in before.troubles {
        complain(&trouble, "error: ");
    }
    for path in before.notes.iter().filter(|path| Some(path.as_path()) != last) {
        say(&format!("Notes: {}", path.display()));
    }
    if let Some(id) = before.not_gone_to {
        say(&format!("Opened, and not gone to: {id}; `stanch --incident {id}` opens it"));
    }
}

/// Says where the notes are and what did not go well, on the screen that was there before.
fn say_goodbye(
    app: &App,
    notes: Result<Option<PathBuf>, Unwritten>,
    unwritten: Option<String>,
    left: &[CommandEnd],
) -> Result<(), Failure> {
    for panic in panics::in_tasks() {
        complain(&panic, "a task failed, which is a bug: ");
    }
    for end in left {
        complain(&end.argv.join(" "), "left running: ");
    }
    if let Some(unwritten) = &unwritten {
        complain(unwritten, "error: ");
    }
    for trouble in recovery_file::troubles(app) {
        complain(&trouble, "error: ");
    }
    let hangs = matches!(notes, Err(Unwritten::Hangs(_)));
    match notes {
        // Whoever copies it may be in another folder by then.
        Ok(Some(path)) => {
            let path = std::path::absolute(&path).unwrap_or(path);
            say(&format!("Notes: {}", path.display()));
        }
        // A cockpit that may not write has left none.
        Ok(None) if app.session.read_only => {}
        Ok(None) => say("Nothing was seen or noted: no notes were written"),
        Err(Unwritten::Refused(failure)) => return Err(failure),
        Err(Unwritten::Hangs(text)) => {
            complain("the folder for notes takes too long; these are the notes:", "error: ");
            output::say_all(text.as_bytes());
        }
    }
    say(&format!("Journal: stanch log {}", app.session.id));
    let outbox = &app.outbox;
    let whole = !hangs && unwritten.is_none() && outbox.spilled.is_none() && outbox.unsynced.is_none();
    if whole { Ok(()) } else { Err(Failure::Said) }
}
