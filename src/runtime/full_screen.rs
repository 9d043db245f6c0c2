//! The full screen as a front end: frames on a terminal that is taken over, and its keys.

use std::{io, time::Duration};

use tokio::{sync::mpsc, time::Instant};

use super::{
    front_end::{FrontEnd, Typed},
    told::{Parting, Told},
    tty::{
        hangup,
        inputs::Inputs,
        keys::Keys,
        links,
        terminal::{self, Screen},
    },
};
use crate::{
    app::{App, Page, Session, mouse::Under, screen::addresses},
    ui::{self, Theme},
};

/// A terminal that is ours.
pub struct FullScreen {
    /// The colours frames are drawn in.
    theme: Theme,
    screen: Screen,
    /// Parts of the last frame, so that a part that is the same is not drawn again.
    cache: ui::Cache,
    /// What reads, once it does.
    keys: Option<Keys>,
    /// Whether addresses lead to where they name.
    links: bool,
    parting: Parting,
}

impl FullScreen {
    /// Takes the terminal over.
    pub fn take(theme: Theme, session: &Session) -> io::Result<Self> {
        let links = links::are_taken(session.config.links);
        let screen = screen(session.mouse, links)?;
        Ok(Self { theme, screen, cache: ui::Cache::default(), keys: None, links, parting: Parting::default() })
    }
}

fn screen(mouse: bool, links: bool) -> io::Result<Screen> {
    let mut screen = terminal::take(mouse)?;
    if links {
        screen.take_links();
    }
    Ok(screen)
}

impl FrontEnd for FullScreen {
    const READS_LINES: bool = false;

    fn size(&self) -> (u16, u16) {
        terminal::size()
    }

    fn read(&mut self, told: mpsc::UnboundedSender<Told>) -> Typed {
        self.parting.tell(told);
        let parting = self.parting.clone();
        hangup::watch(move || parting.is_now());
        let (keys, typed) = mpsc::unbounded_channel();
        self.keys = Some(Keys::read(keys));
        Typed::Keys(Inputs::new(typed))
    }

    fn go_on(&mut self, told: mpsc::UnboundedSender<Told>) {
        self.parting.tell(told);
        self.cache = ui::Cache::default();
    }

    fn show(&mut self, app: &App, whole: bool) -> Duration {
        let Self { screen, theme, cache, .. } = self;
        if whole {
            screen.clear(app.screen.size);
            cache.forget_screen();
        }
        let begun = Instant::now();
        let patches = ui::patches(app.screen.area(), app, theme, cache);
        let drawn = begun.elapsed();
        screen.paint(&patches, &addresses::shown(app));
        drawn
    }

    /// Nobody asks: all of it is on the screens.
    fn say(&mut self, _app: &App, _page: Page) {}

    /// The screen that was there before comes back.
    fn part(&mut self, _app: &App) {}

    fn is_ready(&self) -> bool {
        self.screen.is_ready()
    }

    async fn takes_more(&self) {
        self.screen.takes_more().await;
    }

    fn copy(&mut self, text: &str) {
        self.screen.copy(text);
    }

    fn leave(&mut self) {
        terminal::give_back();
    }

    fn come_back(&mut self, mouse: bool) -> io::Result<()> {
        self.screen = screen(mouse, self.links)?;
        Ok(())
    }

    fn under(&mut self, app: &App, at: (u16, u16)) -> Under {
        ui::hit(app, &self.theme, &mut self.cache, at)
    }

    fn capture_mouse(&mut self, mouse: bool) {
        self.screen.capture_mouse(mouse);
    }

    fn pause(&mut self, paused: bool) {
        match &self.keys {
            Some(keys) if paused => keys.pause(),
            Some(keys) => keys.resume(),
            None => {}
        }
    }
}
