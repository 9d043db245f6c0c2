//! What comes to the loop from beside it.

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
