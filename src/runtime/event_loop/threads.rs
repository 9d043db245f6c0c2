//! The threads that belong to one incident: what writes its journal, and what works out what takes long; and what they tell
//! the loop.

use tokio::sync::mpsc;

use super::{
    super::{
        journal_link::JournalLink,
        lane::Lane,
        log_file::Log,
        panics::{Place, rehearse},
    },
    Told,
};
use crate::{
    app::{App, Effect, Msg},
    journal::{Access, Journal, Worker},
};

/// Takes in what came after the loop's last round: what became of the journal, and commands that have ended.
pub fn take_the_rest(inbox: &mut mpsc::UnboundedReceiver<Told>, app: &mut App, link: &mut JournalLink) {
    while let Ok(told) = inbox.try_recv() {
        match told {
            Told::Journal => {
                drop(link.take(app));
                while link.has_more() {
                    drop(link.take(app));
                }
            }
            Told::Msg(msg @ Msg::CommandEnded(_)) => record(app.update(msg), link),
            Told::Msg(_) | Told::HungUp | Told::Edited(_) | Told::Opened(_) => {}
        }
    }
}

/// The journal on this disk. A read-only cockpit has one too, which only follows what others write.
pub fn link(
    journal: Journal,
    author: String,
    read_only: bool,
    sender: &mpsc::UnboundedSender<Told>,
    log: &Log,
) -> JournalLink {
    let access = if read_only { Access::Follow } else { Access::Write { author } };
    let sender = sender.clone();
    let store = Worker::spawn(journal, access, move || {
        rehearse(Place::Journal, &"news");
        let _ = sender.send(Told::Journal);
    });
    JournalLink::new(store).log_to(log.clone())
}

/// A lane that tells the loop what comes of its tasks.
pub fn new_lane(sender: &mpsc::UnboundedSender<Told>) -> Lane {
    let sender = sender.clone();
    Lane::new(move |computed| drop(sender.send(Told::Msg(Msg::Computed(computed)))))
}

/// A number no other cockpit has.
pub fn seed() -> u64 {
    uuid::Uuid::now_v7().as_u64_pair().1
}

pub fn record(effects: Vec<Effect>, link: &mut JournalLink) {
    for effect in effects {
        if let Effect::Record(drafts) = effect {
            link.record(drafts);
        }
    }
}
