//! One frame as text: everything is polled once, nothing is written.
#![expect(clippy::disallowed_methods, reason = "a snapshot is of now")]

use std::{collections::HashSet, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use tokio::{sync::mpsc, sync::watch, time::timeout};

use super::themes;
use crate::{
    app::{App, Keymap, Msg, Setup, View},
    cli::{Failure, out, snapshot},
    config::Config,
    incident::Incident,
    journal::Home,
    source::Poller,
    ui,
};

/// Polls everything once, waiting no longer than asked, and prints the frame.
pub fn run(config: Config, author: String, home: Option<Home>, options: &snapshot::Options) -> Result<(), Failure> {
    let theme = match options.color {
        snapshot::Color::Always => themes::load(config.theme.as_deref())?,
        snapshot::Color::Never => ui::Theme::mono(),
    };
    let keymap = Keymap::new(&config.keys).map_err(|error| Failure::Mistakes(error.to_string()))?;
    let (id, incident) = newest(home);
    let mut app = App::new(Setup {
        config: Arc::new(config),
        keymap,
        incident,
        id,
        author,
        seed: 0,
        now: Timestamp::now(),
        zone: TimeZone::system(),
        read_only: true,
        generic: Arc::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(format!("cannot start: {error}")))?;
    runtime.block_on(poll(&mut app, options.wait));
    app.view = match options.view {
        snapshot::View::Watch => View::Watch,
        snapshot::View::Board => View::Board,
        snapshot::View::Act => View::Act,
        snapshot::View::Log => View::Log,
        snapshot::View::Learn => View::Learn,
    };
    let cannot = |never: std::convert::Infallible| -> Failure { match never {} };
    // What was configured first stands on the page that is printed, also where an alerts pane was put behind it.
    app.watch.focus = 0;
    let (columns, rows) = options.size;
    drop(app.update(Msg::Resized(columns, rows)));
    drop(app.update(Msg::Tick(Timestamp::now())));
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).map_err(cannot)?;
    let mut cache = ui::Cache::default();
    terminal.draw(|frame| ui::draw(frame, &app, &theme, &mut cache)).map_err(cannot)?;
    out::print(&text(terminal.backend().buffer(), options.color == snapshot::Color::Always))
}

/// The incident a cockpit would most likely open; an empty one when there is none that can be read.
fn newest(home: Option<Home>) -> (String, Incident) {
    let listing = home.as_ref().and_then(|home| home.newest().ok().flatten());
    let contents = listing.filter(|l| !l.is_closed()).and_then(|l| home.and_then(|home| home.read(&l.id).ok()));
    contents.map(|contents| (contents.id, Incident::replay(contents.entries))).unwrap_or_default()
}

async fn poll(app: &mut App, wait: Duration) {
    let mut open: HashSet<_> = (0..app.plan.queries.len()).collect();
    if open.is_empty() {
        return;
    }
    let (sender, mut inbox) = mpsc::unbounded_channel();
    let (_window, windows) = watch::channel(app.window);
    let poller = Poller::start(&app.config, &app.plan, windows, move |polled| drop(sender.send(polled)));
    let all = async {
        while !open.is_empty()
            && let Some(polled) = inbox.recv().await
        {
            open.remove(&polled.query.0);
            let at = polled.at;
            drop(app.update(Msg::Tick(at)));
            drop(app.update(Msg::Polled { query: polled.query, outcome: polled.outcome, at }));
        }
    };
    // What has not answered by then is shown as not having answered.
    let _ = timeout(wait, all).await;
    poller.stop().await;
}

/// The buffer line by line, with or without its styles.
fn text(buffer: &Buffer, styled: bool) -> String {
    let width = usize::from(buffer.area.width.max(1));
    let mut text = String::new();
    for row in buffer.content.chunks(width) {
        let mut line = String::new();
        let mut style = String::new();
        let mut covered = 0;
        for cell in row {
            // The second half of a wide character holds nothing of its own.
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            if styled {
                let next = sgr(cell);
                if next != style {
                    line.push_str(&next);
                    style = next;
                }
            }
            line.push_str(cell.symbol());
        }
        text.push_str(line.trim_end());
        text.push_str(if styled { "\x1b[0m\n" } else { "\n" });
    }
    text
}

/// The escape sequence that sets a cell's style from nothing.
fn sgr(cell: &Cell) -> String {
    let mut codes = vec!["0".to_owned()];
    let modifiers = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
        (Modifier::CROSSED_OUT, "9"),
    ];
    codes.extend(modifiers.iter().filter(|(m, _)| cell.modifier.contains(*m)).map(|(_, code)| (*code).to_owned()));
    codes.extend(color(cell.fg, 30));
    codes.extend(color(cell.bg, 40));
    format!("\x1b[{}m", codes.join(";"))
}

fn color(color: Color, base: u8) -> Option<String> {
    let named = |n: u8| Some(if n < 8 { (base + n).to_string() } else { (base + 60 + n - 8).to_string() });
    match color {
        Color::Reset => None,
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(n) => Some(format!("{};5;{n}", base + 8)),
        Color::Rgb(r, g, b) => Some(format!("{};2;{r};{g};{b}", base + 8)),
    }
}
