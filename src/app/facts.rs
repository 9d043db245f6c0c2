//! What is known, read-only: the incident as its journal has it, the world as its sources tell it, and who asks.
//!
//! The coach, the evidence and the candidates see this and nothing else: not the screen, not what is on its way to the
//! journal. What follows from the facts is therefore the same whatever is looked at.

use super::{App, session::Session, world::World};
use crate::incident::{Incident, judgement::Judgement};

/// A view of everything that is known.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The time, the configuration, who asks.
    pub session: &'a Session,
    /// What the journal has.
    pub incident: &'a Incident,
    /// What follows from the board beyond the ranking; `None` while the board as it is is being judged.
    pub judgement: Option<&'a Judgement>,
    /// What the sources tell.
    pub world: &'a World,
}

impl<'a> From<&'a App> for Facts<'a> {
    fn from(app: &'a App) -> Self {
        let judgement = Some(&app.judgement).filter(|judgement| judgement.is_of(&app.incident));
        Self { session: &app.session, incident: &app.incident, judgement, world: &app.world }
    }
}
