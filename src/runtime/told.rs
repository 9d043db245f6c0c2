//! What comes to the loop from beside it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use super::open::Opened;
use crate::app::Msg;

/// What the loop is told by other threads.
#[derive(Debug)]
pub enum Told {
    /// Something for the app.
    Msg(Msg),
    /// The journal has something to say.
    Journal,
    /// The editor was closed, with this text.
    Edited(Result<String, String>),
    /// The terminal is gone.
    HungUp,
    /// Another incident is open, to go on with.
    Opened(Box<Opened>),
}

/// Tells once that the person is gone, to whoever listens by then: the loop listens at another place for each incident.
#[derive(Clone, Default)]
pub struct Parting(Arc<Mutex<Listening>>);

#[derive(Default)]
struct Listening {
    to: Option<UnboundedSender<Told>>,
    is_gone: bool,
}

impl Parting {
    /// From now on it is told here; at once, if the person is gone already.
    pub fn tell(&self, to: UnboundedSender<Told>) {
        let mut listening = self.lock();
        if listening.is_gone {
            let _ = to.send(Told::HungUp);
        }
        listening.to = Some(to);
    }

    /// The person is gone.
    pub fn is_now(&self) {
        let mut listening = self.lock();
        listening.is_gone = true;
        if let Some(to) = &listening.to {
            let _ = to.send(Told::HungUp);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listening> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[test]
    fn who_listens_when_the_person_goes_is_told_and_who_listens_later() {
        let (parting, (first, mut at_first)) = (Parting::default(), unbounded_channel());
        let ((second, mut at_second), (third, mut at_third)) = (unbounded_channel(), unbounded_channel());
        parting.tell(first);
        parting.tell(second);
        parting.clone().is_now();
        parting.tell(third);
        assert!(at_first.try_recv().is_err());
        assert!(matches!(at_second.try_recv(), Ok(Told::HungUp)));
        assert!(matches!(at_third.try_recv(), Ok(Told::HungUp)));
    }
}
