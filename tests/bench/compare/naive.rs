//! The same twenty charts as most would write them: tokio and reqwest, all questions at once and for the whole window
//! every time, and every frame drawn from the data. How soon it has all panes filled is what the library can do.
//!
//! Tab moves the focus, `q` quits.

use std::{error::Error, io, thread, time::Duration};

use ratatui::{
    DefaultTerminal,
    crossterm::event::{self, Event, KeyCode},
    layout::Rect,
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::MissedTickBehavior,
};

use super::ideal::{Answer, COLUMNS, Curves, EVERY, PANES, WINDOW, add, draw_chart, since_epoch};

/// The program; `url` is where the Prometheus is.
pub fn start(url: &str) -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let (told, answers) = mpsc::unbounded_channel();
    for pane in 0..PANES {
        let (client, told) = (client.clone(), told.clone());
        let (url, query) = (format!("{url}/api/v1/query_range"), format!("m{pane:02}"));
        runtime.spawn(async move {
            let mut turns = tokio::time::interval(Duration::from_secs(EVERY));
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                turns.tick().await;
                if let Ok(curves) = ask(&client, &url, &query).await
                    && told.send((pane, curves)).is_err()
                {
                    return;
                }
            }
        });
    }
    let (pressed, keys) = mpsc::unbounded_channel();
    thread::spawn(move || read_keys(&pressed));
    let mut terminal = ratatui::try_init()?;
    let ended = runtime.block_on(run(&mut terminal, answers, keys));
    ratatui::restore();
    runtime.shutdown_background();
    Ok(ended?)
}

async fn ask(client: &reqwest::Client, url: &str, query: &str) -> Result<Curves, reqwest::Error> {
    let now = since_epoch().as_secs();
    let (from, to) = ((now - WINDOW) / EVERY * EVERY, now / EVERY * EVERY);
    let times = [("start", from), ("end", to), ("step", EVERY)].map(|(name, time)| (name, time.to_string()));
    let answer = client.get(url).query(&[("query", query)]).query(&times).send().await?.json::<Answer>().await?;
    let mut curves = Curves::new();
    add(&mut curves, answer, from as f64);
    Ok(curves)
}

async fn run(
    terminal: &mut DefaultTerminal,
    mut answers: UnboundedReceiver<(usize, Curves)>,
    mut keys: UnboundedReceiver<KeyCode>,
) -> io::Result<()> {
    let mut all: Vec<Curves> = vec![Curves::new(); PANES];
    let mut focus = 0;
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    loop {
        terminal.draw(|frame| {
            let area = frame.area();
            let now = since_epoch().as_secs();
            let clock = format!("{:02}:{:02}:{:02} UTC", now / 3600 % 24, now / 60 % 60, now % 60);
            frame.render_widget(clock, Rect { height: area.height.min(1), ..area });
            let (width, height) =
                (area.width / COLUMNS as u16, area.height.saturating_sub(1) / (PANES / COLUMNS) as u16);
            for (at, curves) in all.iter().enumerate() {
                let (x, y) = ((at % COLUMNS) as u16 * width, 1 + (at / COLUMNS) as u16 * height);
                frame.buffer_mut().merge(&draw_chart(at, curves, Rect { x, y, width, height }, at == focus));
            }
        })?;
        tokio::select! {
            key = keys.recv() => match key {
                Some(KeyCode::Char('q')) | None => return Ok(()),
                Some(_) => focus = (focus + 1) % PANES,
            },
            Some((pane, curves)) = answers.recv() => all[pane] = curves,
            _ = seconds.tick() => {}
        }
    }
}

fn read_keys(pressed: &UnboundedSender<KeyCode>) {
    while let Ok(event) = event::read() {
        if let Event::Key(key) = event
            && pressed.send(key.code).is_err()
        {
            return;
        }
    }
}
