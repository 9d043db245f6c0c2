//! What the cockpit is measured against: twenty charts of one Prometheus, every five seconds, and nothing else.
//!
//! There is no configuration, no journal and no ranking; the layout is fixed; a source that fails is not mentioned. A
//! chart is drawn once per answer into a buffer of its own; a frame, drawn by ratatui's `Terminal`, copies twenty of
//! them. The first question is for half an hour, the others for what is new.
//!
//! Tab moves the focus, `q` quits.

use std::{
    collections::VecDeque,
    error::Error,
    io,
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ratatui::{
    DefaultTerminal, Frame,
    buffer::Buffer,
    crossterm::event::{self, Event, KeyCode},
    layout::Rect,
    style::{Color, Style},
    symbols::Marker,
    widgets::{Axis, Block, Chart, Dataset, GraphType, Widget},
};
use serde::Deserialize;

pub const PANES: usize = 20;
pub const COLUMNS: usize = 4;
pub const WINDOW: u64 = 30 * 60;
pub const EVERY: u64 = 5;

/// The points of each series of an answer.
pub type Curves = Vec<VecDeque<(f64, f64)>>;

/// What the screen is told.
enum Told {
    Key(KeyCode),
    Resized,
    Answer(usize, Curves),
}

/// The program; `url` is where the Prometheus is.
pub fn start(url: &str) -> Result<(), Box<dyn Error>> {
    let url = format!("{url}/api/v1/query_range");
    let (told, inbox) = mpsc::channel();
    let keys = told.clone();
    thread::spawn(move || read_keys(&keys));
    thread::spawn(move || poll(&url, &told));
    let mut terminal = ratatui::try_init()?;
    let ended = run(&mut terminal, &inbox);
    ratatui::restore();
    Ok(ended?)
}

/// Draws after what came, and when the clock on the screen changes.
fn run(terminal: &mut DefaultTerminal, inbox: &mpsc::Receiver<Told>) -> io::Result<()> {
    let mut curves: Vec<Curves> = vec![Curves::new(); PANES];
    let mut charts: Vec<Option<Buffer>> = vec![None; PANES];
    let mut focus = 0;
    loop {
        terminal.draw(|frame| draw(frame, &curves, &mut charts, focus))?;
        let to_next_second = Duration::from_millis(1000 - u64::from(since_epoch().subsec_millis()));
        let first = match inbox.recv_timeout(to_next_second) {
            Ok(told) => Some(told),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        for told in first.into_iter().chain(inbox.try_iter()) {
            match told {
                Told::Key(KeyCode::Char('q')) => return Ok(()),
                Told::Key(_) => {
                    charts[focus] = None;
                    focus = (focus + 1) % PANES;
                    charts[focus] = None;
                }
                Told::Resized => charts.fill(None),
                Told::Answer(pane, answer) => {
                    curves[pane] = answer;
                    charts[pane] = None;
                }
            }
        }
    }
}

fn draw(frame: &mut Frame<'_>, curves: &[Curves], charts: &mut [Option<Buffer>], focus: usize) {
    let area = frame.area();
    let now = since_epoch().as_secs();
    let clock = format!("{:02}:{:02}:{:02} UTC", now / 3600 % 24, now / 60 % 60, now % 60);
    frame.render_widget(clock, Rect { height: area.height.min(1), ..area });
    let (width, height) = (area.width / COLUMNS as u16, area.height.saturating_sub(1) / (PANES / COLUMNS) as u16);
    for (at, chart) in charts.iter_mut().enumerate() {
        let (x, y) = ((at % COLUMNS) as u16 * width, 1 + (at / COLUMNS) as u16 * height);
        let chart = chart.get_or_insert_with(|| draw_chart(at, &curves[at], Rect { x, y, width, height }, at == focus));
        frame.buffer_mut().merge(chart);
    }
}

pub fn draw_chart(at: usize, curves: &Curves, area: Rect, focused: bool) -> Buffer {
    let newest = curves.iter().filter_map(|curve| curve.back()).map(|point| point.0).fold(0.0, f64::max);
    let greatest = curves.iter().flatten().map(|point| point.1).fold(0.0, f64::max);
    let points: Vec<Vec<(f64, f64)>> = curves.iter().map(|curve| curve.iter().copied().collect()).collect();
    let colors = [Color::Cyan, Color::Yellow, Color::Green, Color::Magenta, Color::Blue];
    let lines = points.iter().zip(colors.into_iter().cycle()).map(|(points, color)| {
        Dataset::default().data(points).style(color).marker(Marker::Braille).graph_type(GraphType::Line)
    });
    let value = Axis::default().bounds([0.0, greatest.max(1e-9)]).labels(["0".to_owned(), format!("{greatest:.3}")]);
    let color = if focused { Color::White } else { Color::DarkGray };
    let mut buffer = Buffer::empty(area);
    Chart::new(lines.collect())
        .block(Block::bordered().title(format!(" Chart {at:02} ")).border_style(Style::new().fg(color)))
        .x_axis(Axis::default().bounds([newest - WINDOW as f64, newest]).labels(["-30 min", "now"]))
        .y_axis(value)
        .legend_position(None)
        .render(area, &mut buffer);
    buffer
}

fn read_keys(told: &Sender<Told>) {
    loop {
        let sent = match event::read() {
            Ok(Event::Key(key)) => told.send(Told::Key(key.code)),
            Ok(Event::Resize(..)) => told.send(Told::Resized),
            Ok(_) => Ok(()),
            Err(_) => return,
        };
        if sent.is_err() {
            return;
        }
    }
}

#[derive(Deserialize)]
pub struct Answer {
    data: Matrix,
}

#[derive(Deserialize)]
struct Matrix {
    result: Vec<Curve>,
}

#[derive(Deserialize)]
struct Curve {
    values: Vec<(f64, String)>,
}

/// Asks for each chart in turn, on one connection, and again five seconds after it began.
fn poll(url: &str, told: &Sender<Told>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let Ok(client) = reqwest::Client::builder().no_proxy().tls_certs_only([]).build() else { return };
    let mut all: Vec<Curves> = vec![Curves::new(); PANES];
    let mut until = 0;
    loop {
        let now = since_epoch().as_secs();
        let (from, to) = ((now - WINDOW).max(until), now / EVERY * EVERY);
        for (pane, curves) in all.iter_mut().enumerate() {
            let times = [("start", from), ("end", to), ("step", EVERY)].map(|(name, time)| (name, time.to_string()));
            let request = client.get(url).query(&[("query", format!("m{pane:02}"))]).query(&times);
            let answer = runtime.block_on(async { request.send().await?.json::<Answer>().await });
            let Ok(answer) = answer else { continue };
            add(curves, answer, (now - WINDOW) as f64);
            if told.send(Told::Answer(pane, curves.clone())).is_err() {
                return;
            }
        }
        until = to + EVERY;
        thread::sleep(Duration::from_secs(now + EVERY).saturating_sub(since_epoch()));
    }
}

/// Puts what is new behind what is there. The series are taken to stay the same.
pub fn add(curves: &mut Curves, answer: Answer, from: f64) {
    curves.resize(answer.data.result.len().max(curves.len()), VecDeque::new());
    for (curve, new) in curves.iter_mut().zip(answer.data.result) {
        curve.extend(new.values.into_iter().map(|(time, value)| (time, value.parse().unwrap_or(f64::NAN))));
        while curve.front().is_some_and(|point| point.0 < from) {
            curve.pop_front();
        }
    }
}

pub fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
