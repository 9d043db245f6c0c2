//! View 4: the timeline and the notes.

use super::{App, action::Action};

/// The state of view 4.
#[derive(Clone, Debug, Default)]
pub struct LogState {
    /// Lines scrolled up from the newest one; 0 follows the log.
    pub up: usize,
}

impl App {
    pub(super) fn log_action(&mut self, action: Action) {
        let page = usize::from(self.size.1.saturating_sub(6)).max(1);
        let most = self.incident.entries().len();
        self.log.up = match action {
            Action::Up => self.log.up + 1,
            Action::Down => self.log.up.saturating_sub(1),
            Action::PageUp => self.log.up + page,
            Action::PageDown => self.log.up.saturating_sub(page),
            Action::First => most,
            Action::Last => 0,
            Action::Back => {
                self.watch.filter.clear();
                0
            }
            _ => self.log.up,
        }
        .min(most);
    }
}
