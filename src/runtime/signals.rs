//! Signals, as the loop takes them in. What follows from one is decided there.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask for an end, those that say that the terminal has another size, or that it may be another's.
pub struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
    resized: Signal,
    continued: Signal,
}

impl Signals {
    /// Listens from now on; inside the runtime of the loop.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            resized: signal(SignalKind::window_change())?,
            continued: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Caught {
        tokio::select! {
            _ = self.terminate.recv() => Caught::Terminate,
            _ = self.hangup.recv() => Caught::HangUp,
            _ = self.interrupt.recv() => Caught::Interrupt,
            _ = self.resized.recv() => Caught::Resized,
            _ = self.continued.recv() => Caught::Continued,
        }
    }
}

/// A signal, by what it means for the cockpit.
pub enum Caught {
    /// The cockpit is to end.
    Terminate,
    /// The cockpit is to end, because the terminal is gone.
    HangUp,
    /// The cockpit is to end, by a key; this signal reaches all who share the terminal.
    Interrupt,
    /// The terminal has another size.
    Resized,
    /// The process was stopped, and goes on.
    Continued,
}

impl Caught {
    /// Its name, if it ends the program.
    pub fn ends(&self, editing: bool) -> Option<&'static str> {
        match self {
            Self::Terminate => Some("SIGTERM"),
            Self::HangUp => Some("SIGHUP"),
            Self::Interrupt if !editing => Some("SIGINT"),
            Self::Interrupt | Self::Resized | Self::Continued => None,
        }
    }
}
