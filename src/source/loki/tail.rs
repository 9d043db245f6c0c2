//! Log lines from poll to poll, without gaps and without doubles.
//!
//! What a pane holds are the newest lines of its window, so many and no more. Each poll asks backward from now, page by
//! page, until it reaches what the last one has asked for, or has as many lines as the pane holds: either way the lines it
//! has then follow each other without a gap. They take the place of whatever was kept of that time, so that none is there
//! twice. A line that comes late is shown if it does by less than [`OVERLAP`]; for the others the whole window is asked
//! for every few minutes, and after a failure.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU16, atomic::Ordering},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::{
    super::{
        Failure,
        client::{Content, cannot},
        decoding::decoding,
        request::{Pick, Question, Request},
    },
    Loki,
    entries::{self, Entry, Page},
    words,
};
use crate::{
    base::human_time,
    config::Lines,
    signal::{Data, FaultKind, Window},
};

/// So much of what was asked for is asked for again: lines come late, as whoever sends them collects some first.
const OVERLAP: Duration = Duration::from_secs(30);
/// Lines may be dated so far in the future before Loki refuses them.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);
/// The whole window is asked for after this time.
const REFRESH: SignedDuration = SignedDuration::from_mins(5);
/// Most pages of one poll.
const MAX_PAGES: usize = 20;
/// An answer of no more bytes has room for twice as many lines.
const SMALL: usize = 1_000_000;

/// What is kept from poll to poll.
pub(super) struct Tails {
    kept: Mutex<HashMap<Arc<Question>, Tail>>,
    /// How many lines the server gives at once, as far as it has said.
    most: AtomicU16,
    /// How many are asked for at once, since its answers may be only so large.
    page: AtomicU16,
}

impl Default for Tails {
    fn default() -> Self {
        let most = || AtomicU16::new(Lines::MOST);
        Self { kept: Mutex::default(), most: most(), page: most() }
    }
}

/// The lines of one question.
struct Tail {
    /// The oldest first.
    entries: Vec<Entry>,
    /// When they were asked for, by the server's clock.
    at: Timestamp,
    /// When the whole window was.
    whole: Timestamp,
    /// Whether there are older ones in the window, which are left out.
    is_cut: bool,
}

/// The lines of a stretch of time, as far as they were asked for.
#[derive(Default)]
struct Gathered {
    /// The oldest first.
    entries: Vec<Entry>,
    /// Whether that are all of it.
    is_whole: bool,
    /// Whether one instant has more lines than can be asked for.
    is_dense: bool,
    warnings: Vec<String>,
}

impl Loki {
    /// The lines of a window.
    pub(super) async fn lines(&self, request: &Request) -> Result<Content, Failure> {
        let Question::Lines { query, window, limit, pick } = &*request.question else { return Err(cannot()) };
        // A server whose clock is off dates lines by that clock.
        let now = if window.is_live() { self.http.time_there(request.now) } else { request.now };
        let (start, end) = window.bounds(now);
        match *pick {
            Pick::Newest => {}
            Pick::Oldest => {
                let mut first = self.first_of(query, (start, end), *limit).await?;
                if !first.is_whole {
                    let count = first.entries.len();
                    first.warnings.push(format!("the first {count} lines of the time shown; later ones are left out"));
                }
                return Ok(first.told());
            }
            Pick::Around(at) => return self.around(query, (start, at, end), *limit / 2).await,
        }
        let end = if window.is_live() { end.checked_add(AHEAD).unwrap_or(end) } else { end };
        let kept = self.tails.take(&request.question);
        let kept = kept.filter(|kept| window.is_live() && kept.may_go_on(now, start));
        let from =
            kept.as_ref().map_or(start, |kept| kept.at.checked_sub(OVERLAP).map_or(start, |seam| seam.max(start)));
        let gathered = self.gather(query, (from, end), usize::from(*limit)).await?;
        let (tail, mut warnings) = continued(kept, gathered, (from, start), usize::from(*limit), now);
        warnings.extend(tail.words(*window, now));
        let lines = tail.entries.iter().map(|entry| entry.line.clone()).collect();
        if window.is_live() {
            self.tails.keep(&request.question, tail, now);
        }
        Ok((Data::Logs(lines), warnings))
    }

    /// The newest lines of a stretch of time: more than `limit`, or all.
    async fn gather(&self, query: &str, (from, to): (Timestamp, Timestamp), limit: usize) -> Result<Gathered, Failure> {
        let mut gathered = Gathered::default();
        let mut end = to;
        // Always as many, also where few are missing: those of one instant may be more.
        let size = u16::try_from(limit + 1).unwrap_or(Lines::MOST);
        for _ in 0..MAX_PAGES {
            let asked = self.page(query, (from, end), size, true).await?;
            let (page, size) = (asked.page, asked.size);
            let (came, oldest) = (page.came, page.entries.first().map(|entry| entry.ns));
            gathered.take(page);
            let Some(oldest) = oldest.filter(|_| came >= usize::from(size)) else {
                gathered.is_whole = true;
                break;
            };
            if gathered.entries.len() >= limit {
                break;
            }
            // The end is exclusive: those of the same instant that did not come yet are asked for again, unless it is all
            // that came.
            let next = Timestamp::from_nanosecond(i128::from(oldest) + 1).unwrap_or(from);
            end = match next < end {
                true => next,
                false => {
                    gathered.is_dense = true;
                    Timestamp::from_nanosecond(i128::from(oldest)).unwrap_or(from)
                }
            };
            if end <= from {
                gathered.is_whole = true;
                break;
            }
        }
        Ok(gathered)
    }

    /// The oldest lines of a stretch of time.
    async fn first_of(&self, query: &str, between: (Timestamp, Timestamp), limit: u16) -> Result<Gathered, Failure> {
        let Asked { page, size } = self.page(query, between, limit.saturating_add(1), false).await?;
        let Page { mut entries, came, warnings } = page;
        let kept = usize::from(limit.min(size));
        entries.truncate(kept);
        Ok(Gathered { entries, is_whole: came <= kept && came < usize::from(size), is_dense: false, warnings })
    }

    /// The lines of a stretch of time that are nearest to a time in it.
    async fn around(
        &self,
        query: &str,
        (start, at, end): (Timestamp, Timestamp, Timestamp),
        limit: u16,
    ) -> Result<Content, Failure> {
        let most = usize::from(limit);
        let before = self.gather(query, (start, at), most).await?;
        let mut after = self.first_of(query, (at, end), limit).await?;
        let (mut entries, mut warnings) = (before.entries, before.warnings);
        let over = entries.len().saturating_sub(most);
        entries.drain(..over);
        if over > 0 || !before.is_whole || !after.is_whole {
            let counts = (entries.len(), after.entries.len());
            warnings
                .push(format!("the nearest {} lines before it and {} after; others are left out", counts.0, counts.1));
        }
        entries.append(&mut after.entries);
        warnings.append(&mut after.warnings);
        Ok(Gathered { entries, warnings, ..after }.told())
    }

    /// One page. Where the server gives fewer lines at once, or its answer is too large, fewer are asked for.
    async fn page(
        &self,
        query: &str,
        (start, end): (Timestamp, Timestamp),
        mut size: u16,
        backward: bool,
    ) -> Result<Asked, Failure> {
        let Tails { most, page: at_once, .. } = &self.tails;
        loop {
            size = size.min(most.load(Ordering::Relaxed)).min(at_once.load(Ordering::Relaxed));
            let (limit, start) = (size.to_string(), start.as_nanosecond().to_string());
            let end = end.as_nanosecond().to_string();
            let direction = if backward { "backward" } else { "forward" };
            let parameters =
                [("query", query), ("start", &start), ("end", &end), ("limit", &limit), ("direction", direction)];
            let failure = match self.ask("/loki/api/v1/query_range", &parameters).await {
                Ok(body) => {
                    if body.len() < SMALL && size == at_once.load(Ordering::Relaxed) {
                        at_once.store(size.saturating_mul(2).min(Lines::MOST), Ordering::Relaxed);
                    }
                    let page = decoding(body, move |body| entries::decode(body, backward)).await?;
                    return Ok(Asked { page, size });
                }
                Err(failure) => failure,
            };
            let (limit, fewer) = match failure.fault.kind {
                FaultKind::BadQuery => (most, words::most_lines(&failure.fault)),
                FaultKind::TooLarge(_) => (at_once, Some((size / 4).max(1))),
                _ => return Err(failure),
            };
            match fewer.filter(|fewer| *fewer < size) {
                Some(fewer) => limit.store(fewer, Ordering::Relaxed),
                None => return Err(failure),
            }
        }
    }
}

/// A page, and for how many lines it was asked.
struct Asked {
    page: Page,
    size: u16,
}

impl Tails {
    /// Takes out what is kept: a poll that fails leaves nothing behind.
    fn take(&self, question: &Arc<Question>) -> Option<Tail> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(question)
    }

    fn keep(&self, question: &Arc<Question>, tail: Tail, now: Timestamp) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody asks for any more.
        kept.retain(|_, tail| now.duration_since(tail.at).abs() < REFRESH * 2);
        kept.insert(Arc::clone(question), tail);
    }
}

impl Tail {
    /// Whether it can be continued: the whole was asked for not long ago, and the clock goes forward.
    fn may_go_on(&self, now: Timestamp, start: Timestamp) -> bool {
        (SignedDuration::ZERO..REFRESH).contains(&now.duration_since(self.whole)) && now >= self.at && start < self.at
    }

    /// That there are more lines than are shown, if so.
    fn words(&self, window: Window, now: Timestamp) -> Option<String> {
        let first = self.entries.first().filter(|_| self.is_cut)?;
        let oldest = Timestamp::from_nanosecond(first.ns.into()).ok()?;
        let (_, end) = window.bounds(now);
        let back = end.duration_since(oldest).as_secs().unsigned_abs().max(1);
        let count = self.entries.len();
        Some(format!("the newest {count} lines, of the last {}; older ones are left out", human_time::apart(back)))
    }
}

impl Gathered {
    /// Takes a page that comes before what there is. What was asked for twice because it is of one instant is kept once.
    fn take(&mut self, page: Page) {
        let seam = self.entries.first().map(|entry| entry.ns);
        let at_seam = self.entries.iter().take_while(|entry| Some(entry.ns) == seam);
        let known: HashSet<u64> = at_seam.map(|entry| entry.hash).collect();
        let is_new = |entry: &Entry| Some(entry.ns) != seam || !known.contains(&entry.hash);
        let mut entries: Vec<Entry> = page.entries.into_iter().filter(is_new).collect();
        entries.append(&mut self.entries);
        self.entries = entries;
        for warning in page.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }
}

/// What there is now: what was kept up to `from`, and what was gathered from there on, within the window that begins at
/// `start`.
fn continued(
    kept: Option<Tail>,
    gathered: Gathered,
    (from, start): (Timestamp, Timestamp),
    limit: usize,
    now: Timestamp,
) -> (Tail, Vec<String>) {
    let Gathered { entries, is_whole, is_dense, mut warnings } = gathered;
    let whole = kept.as_ref().filter(|_| is_whole).map_or(now, |kept| kept.whole);
    let mut is_cut = !is_whole;
    let mut all = Vec::new();
    if let Some(kept) = kept.filter(|_| is_whole) {
        let (start, from) = (start.as_nanosecond(), from.as_nanosecond());
        // Lines that were left out go out of the window as those that were not.
        is_cut = kept.is_cut && kept.entries.first().is_some_and(|first| i128::from(first.ns) >= start);
        all.extend(kept.entries.into_iter().filter(|entry| (start..from).contains(&i128::from(entry.ns))));
    }
    all.extend(entries);
    let over = all.len().saturating_sub(limit);
    all.drain(..over);
    if is_dense {
        warnings.push("more lines of one instant than this Loki gives at once; some are left out".to_owned());
    }
    (Tail { entries: all, at: now, whole, is_cut: is_cut || over > 0 }, warnings)
}

impl Gathered {
    fn told(self) -> Content {
        (Data::Logs(self.entries.into_iter().map(|entry| entry.line).collect()), self.warnings)
    }
}
