//! Reads the keys, on a thread of its own.
//!
//! The library that takes them apart waits for the rest of a sequence that has only half arrived, and for ever when the
//! terminal is gone; neither may hold up the loop. The thread sleeps in the kernel until there is something to read.

use std::{
    io, mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use ratatui::crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc::UnboundedSender;

use super::rejoin::Rejoin;

/// How long to look for what is there already: it does not look at all when it is given no time, and it looks all the
/// time it is given, without sleeping. Thirty times what one look takes: who is held up longer is held up for far longer.
const AT_HAND: Duration = Duration::from_micros(3);
/// How long to look for what the kernel says has come. It is found at once, unless it is half of a sequence.
const CAME: Duration = Duration::from_millis(5);
/// How often it is looked before nothing is there: when the time has gone by before it could look, as on a busy machine, the
/// library says so too, and keys it has read stay in it until the next one comes.
const LOOKS: usize = 3;
/// After keys it is looked once more so long after the other: should all looks have come too late, a key is late and not
/// lost. Each costs every key its time on the processor, so there are few.
const ONCE_MORE: [Timespec; 2] = [millis(20), millis(1000)];

/// How long the rest of a report of the mouse may take to come.
const GOES_ON: Timespec = millis(15);

const fn millis(millis: i64) -> Timespec {
    Timespec { tv_sec: millis / 1000, tv_nsec: millis % 1000 * 1_000_000 }
}

/// The thread that reads. It ends when the terminal is gone or nobody listens.
pub struct Keys(Arc<Gate>);

#[derive(Default)]
struct Gate {
    closed: Mutex<bool>,
    opened: Condvar,
}

impl Keys {
    /// Starts to read what the terminal sends.
    pub fn read(into: UnboundedSender<Event>) -> Self {
        let gate = Arc::<Gate>::default();
        let its = Arc::clone(&gate);
        // Without a thread the sender is dropped, which reads as a terminal that is gone.
        drop(thread::Builder::new().name("keys".into()).spawn(move || {
            let mut again: &[Timespec] = &[];
            while let Some(read) = its.read(&into, again.first()) {
                again = if read { &ONCE_MORE } else { again.get(1..).unwrap_or_default() };
            }
        }));
        Self(gate)
    }

    /// Leaves the keys to another program.
    pub fn pause(&self) {
        *self.0.lock() = true;
    }

    /// Takes the keys again after [`pause`](Self::pause).
    pub fn resume(&self) {
        *self.0.lock() = false;
        self.0.opened.notify_all();
    }
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something, or for so long, and passes on what there is. Whether there was any; `None` when
    /// there will be nothing more.
    fn read(&self, into: &UnboundedSender<Event>, within: Option<&Timespec>) -> Option<bool> {
        let input = io::stdin();
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        match poll(&mut fds, within) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
        // A read of a terminal that is gone returns at once, for ever.
        if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return None;
        }
        let mut closed = self.lock();
        if *closed {
            while *closed {
                closed = self.opened.wait(closed).unwrap_or_else(PoisonError::into_inner);
            }
            // What made it wake up has been read by the other program.
            return Some(false);
        }
        let (mut any, mut rejoin) = (false, Rejoin::default());
        let mut came = fds[0].revents().contains(PollFlags::IN);
        let looks = if came { LOOKS } else { 1 };
        for _ in 0..LOOKS {
            while finds(mem::take(&mut came), looks, event::poll).ok()? {
                rejoin.take(event::read().ok()?).into_iter().try_for_each(|event| into.send(event)).ok()?;
                any = true;
            }
            // Only what begins like a report of the mouse waits for the rest of it.
            let goes_on = rejoin.is_waiting() && poll(&mut fds, Some(&GOES_ON)).is_ok_and(|ready| ready > 0);
            if !goes_on {
                break;
            }
            came = true;
        }
        rejoin.give_up().into_iter().try_for_each(|event| into.send(event)).ok()?;
        Some(any)
    }
}

/// Whether there is something to read; `came` when the kernel says so.
fn finds(came: bool, looks: usize, mut look: impl FnMut(Duration) -> io::Result<bool>) -> io::Result<bool> {
    if came && look(CAME)? {
        return Ok(true);
    }
    for _ in 0..looks {
        if look(AT_HAND)? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_came_too_late_is_repeated() {
        let (mut looks, mut read) = (0, 0);
        // Every second look only begins when its time is over; three keys have been read by the library already.
        while finds(false, LOOKS, |_| {
            looks += 1;
            Ok(looks % 2 == 0 && read < 3)
        })
        .expect("nothing fails")
        {
            read += 1;
        }
        assert_eq!(read, 3);
    }

    #[test]
    fn what_has_come_is_looked_for_as_long_as_it_takes() {
        // So slow that each look begins a millisecond late.
        let slow = |time: Duration| Ok(time > Duration::from_millis(1));
        assert!(finds(true, LOOKS, slow).expect("nothing fails"));
        assert!(!finds(false, LOOKS, slow).expect("nothing fails"), "what may not be there is not waited for");
    }

    #[test]
    fn a_terminal_that_fails_is_not_looked_at_again() {
        let mut looks = 0;
        let found = finds(false, LOOKS, |_| {
            looks += 1;
            Err(io::Error::other("gone"))
        });
        assert_eq!((found.is_err(), looks), (true, 1));
    }
}
