//! Tells the incident in the order a postmortem is read: what happened, what it cost, how it was stopped, why.
//!
//! Decides what is said and in which order; how it looks in a format is not its business.

mod board;
mod people;
mod response;
mod review;
mod short;
mod signs;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
pub(super) use short::short;

use super::{
    doc::{Doc, DocLine},
    facts::{self, Bleed, Impact, Times},
    words::Names,
};
use crate::{
    base::human_time::two_units,
    incident::{
        Exercise, Incident, Question, Status, Summary, timeline,
        timeline::{
            digest::{Digest, digest},
            time::{clock, day},
        },
    },
};

/// Names of alerts told that were not seen to end.
const ALERTS: usize = 8;

/// What every part of the story needs.
struct Teller<'a> {
    incident: &'a Incident,
    times: Times,
    /// Each time it bled.
    bleeds: Vec<Bleed>,
    names: Names,
    timeline: Digest,
    /// Minutes, since 1970, in which more than one thing happened: their times are told to the second.
    busy: BTreeSet<i64>,
    /// When the story starts; times of other days name their day.
    start: Timestamp,
    /// When the impact ended, else the last entry.
    end: Timestamp,
    /// The time of the last entry.
    known: Timestamp,
}

/// The whole story.
pub(super) fn tell(incident: &Incident) -> Doc {
    let mut doc = Doc::default();
    let teller = Teller::of(incident);
    teller.head(&mut doc);
    teller.summary(&mut doc);
    teller.impact(&mut doc);
    teller.response(&mut doc);
    teller.timeline(&mut doc);
    teller.who_did_what(&mut doc);
    teller.hypotheses(&mut doc);
    teller.symptoms(&mut doc);
    teller.assumptions(&mut doc);
    teller.review(&mut doc);
    teller.gaps(&mut doc);
    teller.links(&mut doc);
    teller.notes(&mut doc);
    teller.not_answered(&mut doc);
    doc
}

/// What the notes are called; an exercise says so, whatever it is called.
pub(super) fn title(incident: &Incident) -> String {
    let title = if incident.summary.title.trim().is_empty() {
        "Incident without a title"
    } else {
        incident.summary.title.trim()
    };
    if incident.summary.drill { Exercise::Drill.titled(Exercise::untitled(title)) } else { title.to_owned() }
}

impl<'a> Teller<'a> {
    fn of(incident: &'a Incident) -> Self {
        let times = Times::of(incident);
        let written = || incident.entries().iter().map(|entry| entry.at);
        let first = incident.summary.opened.or_else(|| written().min()).unwrap_or(Timestamp::UNIX_EPOCH);
        let start = times.onset.as_ref().map_or(first, |onset| onset.at);
        let known = written().max().unwrap_or(start);
        let end = times.stanched.as_ref().map_or(known, |moment| moment.at);
        let bleeds = facts::bleeds(incident);
        let bled: Vec<_> = bleeds.iter().map(|bleed| (bleed.from, bleed.until.as_ref().map(|end| end.at))).collect();
        let timeline = digest(incident, &bled);
        let Times { onset, detected, acknowledged, stanched, closed, .. } = &times;
        let moments = [onset, detected, acknowledged, stanched, closed].into_iter().flatten().map(|moment| moment.at);
        let bled = bled.iter().flat_map(|(from, until)| until.iter().chain([from])).copied();
        let busy = busy(timeline.lines.iter().map(|line| line.at), moments.chain(bled));
        Self { incident, times, bleeds, names: Names::of(incident), timeline, busy, start, end: end.max(start), known }
    }

    /// `03:14`, or `03:14:05` in a minute in which more happened, with its day when that is not the day the story starts on.
    fn clock(&self, at: Timestamp) -> String {
        let clock = self.clock_of_day(at);
        if day(at) == day(self.start) { clock } else { format!("{} {clock}", day(at)) }
    }

    fn clock_of_day(&self, at: Timestamp) -> String {
        if self.busy.contains(&minute(at)) { at.strftime("%H:%M:%S").to_string() } else { clock(at) }
    }

    fn head(&self, doc: &mut Doc) {
        let Summary { severity, drill, .. } = &self.incident.summary;
        doc.heading(1, &title(self.incident));
        doc.bullet(0, DocLine::bold("In short:").and(format!(" {}", self.in_short())));
        if *drill {
            doc.bullet(0, DocLine::bold("Kind:").and(" an exercise"));
        }
        doc.bullet(0, DocLine::bold("Status:").and(format!(" {}", self.incident.status_word())));
        doc.bullet(0, DocLine::bold("Severity:").and(format!(" {}", severity.as_deref().unwrap_or("(not set)"))));
        doc.bullet(0, DocLine::bold("Start and end:").and(format!(" {}", self.start_and_end())));
        let people = self.people();
        if !people.is_empty() {
            doc.bullet(0, DocLine::bold("Responders:").and(format!(" {}", people.join(", "))));
        }
    }

    fn start_and_end(&self) -> String {
        let Some(onset) = &self.times.onset else {
            return format!("opened {} {} UTC, onset not known", day(self.start), self.clock_of_day(self.start));
        };
        let from = format!("{} {}", day(onset.at), self.clock_of_day(onset.at));
        match (&self.times.stanched, self.times.seconds_to_mitigate) {
            (Some(stanched), Some(seconds)) => {
                let times = match self.bleeds.len() {
                    1 => String::new(),
                    times => format!(" of bleeding, {times} times"),
                };
                format!("{from} to {} UTC ({}{times})", self.clock(stanched.at), two_units(seconds))
            }
            _ => format!("{from} UTC; {}", self.not_over()),
        }
    }

    /// Why it has no end: words that agree with the status.
    fn not_over(&self) -> String {
        let status = self.incident.status_word();
        match facts::back(self.incident) {
            _ if !self.incident.has_bled() => "nothing says that users were hurt".into(),
            Some((back, vital)) => {
                format!("{vital} is back in its range since {}, but nobody has said that it is over", self.clock(back))
            }
            None if self.incident.summary.status == Status::Bleeding => {
                format!("still bleeding at the last entry, {}", self.clock(self.end))
            }
            None => {
                format!("called {status} before that, and not seen to end by the last entry, {}", self.clock(self.end))
            }
        }
    }

    /// Who did something, as opposed to whose cockpit saw something.
    fn people(&self) -> Vec<&str> {
        let mut did = BTreeSet::new();
        for entry in self.incident.entries() {
            let acted = |item: timeline::Item| !item.machine && !item.undone;
            // What a cockpit saw is told at length for nothing: of a million entries nearly all are that.
            let is_of_interest = !entry.event.is_observed() && !did.contains(entry.by.as_str());
            if is_of_interest && timeline::item(entry, self.incident).is_some_and(acted) {
                did.insert(entry.by.as_str());
            }
        }
        let names: BTreeSet<_> = did.into_iter().map(|by| self.names.short(by)).collect();
        names.into_iter().collect()
    }

    fn summary(&self, doc: &mut Doc) {
        doc.heading(2, "Summary");
        self.answer(doc, Question::Summary);
        let Times { onset, detected, acknowledged, stanched, closed, .. } = &self.times;
        match onset {
            Some(onset) => self.moment(doc, "Began:", onset.at, &comma(&onset.how)),
            None => doc.bullet(0, DocLine::bold("Began:").and(" (not known)")),
        }
        match detected {
            Some(m) => {
                self.moment(doc, "Detected:", m.at, &format!(" by {}", m.how));
            }
            None => doc.bullet(0, DocLine::bold("Detected:").and(" (not known)")),
        }
        match acknowledged {
            Some(m) => {
                self.moment(doc, "Acknowledged:", m.at, &format!(" by {}", self.names.short(&m.how)));
            }
            None => doc.bullet(0, DocLine::bold("Acknowledged:").and(" (nobody did here)")),
        }
        match stanched {
            Some(m) => {
                self.moment(doc, "Impact stopped:", m.at, &comma(&m.how));
            }
            None => doc.bullet(0, DocLine::bold("Impact stopped:").and(format!(" ({})", self.not_over()))),
        }
        if let Some(m) = closed {
            self.moment(doc, "Closed:", m.at, &comma(&m.how));
        }
        self.each_time(doc);
        self.spans(doc);
        self.cause(doc);
    }

    /// Each time it bled, and how long that was in all; nothing where it bled once.
    fn each_time(&self, doc: &mut Doc) {
        if self.bleeds.len() < 2 {
            return;
        }
        let one = |bleed: &Bleed| match (&bleed.until, bleed.seconds()) {
            (Some(end), Some(seconds)) => {
                format!("{} to {} ({})", self.clock(bleed.from), self.clock(end.at), two_units(seconds))
            }
            _ => format!("since {}", self.clock(bleed.from)),
        };
        let each: Vec<_> = self.bleeds.iter().map(one).collect();
        let all = two_units(self.bleeds.iter().filter_map(Bleed::seconds).sum());
        let so_far = if self.times.stanched.is_some() { "in all" } else { "before that" };
        doc.bullet(
            0,
            DocLine::bold(format!("It bled {} times:", each.len()))
                .and(format!(" {}; {all} {so_far}", each.join(", "))),
        );
    }

    fn spans(&self, doc: &mut Doc) {
        let Times { seconds_to_detect, seconds_to_acknowledge, seconds_to_mitigate, .. } = self.times;
        let named = [
            ("to detect", seconds_to_detect),
            ("to acknowledge", seconds_to_acknowledge),
            ("to mitigate", seconds_to_mitigate),
        ];
        // What was known before it began took no time.
        let took = |seconds: &Option<i64>| seconds.filter(|seconds| *seconds > 0).map(two_units);
        // Two clocks: since it began, and since someone could know.
        let since_detected = |seconds: &Option<i64>| {
            let detected = seconds_to_detect.filter(|detected| *detected > 0)?;
            let left = (*seconds)?.checked_sub(detected).filter(|left| *left > 0)?;
            Some(format!(" ({} after it was detected)", two_units(left)))
        };
        let known = named.iter().filter_map(|(name, seconds)| {
            let since = if *name == "to detect" { None } else { since_detected(seconds) };
            Some(format!("{} {name}{}", took(seconds)?, since.unwrap_or_default()))
        });
        let known: Vec<_> = known.collect();
        if !known.is_empty() {
            doc.bullet(0, DocLine::bold("It took, from when it began:").and(format!(" {}", known.join(", "))));
        }
    }

    fn moment(&self, doc: &mut Doc, name: &str, at: Timestamp, how: &str) {
        doc.bullet(0, DocLine::bold(name).and(format!(" {}{how}", self.clock(at))));
    }

    fn impact(&self, doc: &mut Doc) {
        doc.heading(2, "Impact");
        self.answer(doc, Question::Impact);
        let impacts = facts::impact(self.incident);
        if impacts.is_empty() {
            doc.bullet(0, DocLine::text("No vital was seen outside its range."));
        }
        for impact in impacts {
            self.vital(doc, &impact);
        }
        let firing: Vec<_> = facts::still_firing(self.incident).collect();
        if !firing.is_empty() {
            let shown: Vec<_> = firing.iter().take(ALERTS).map(|alert| alert.title.as_str()).collect();
            let more = match firing.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            doc.bullet(0, DocLine::text(format!("Not seen to end by the last entry: {}{more}", shown.join(", "))));
        }
    }

    fn vital(&self, doc: &mut Doc, impact: &Impact) {
        let ok = if impact.ok.is_empty() { String::new() } else { format!(" (should be {})", impact.ok) };
        let from = self.clock(impact.from);
        let stretch = match impact.until {
            Some(until) => format!("from {from} to {}", self.clock(until)),
            None => format!("since {from}, not seen to come back"),
        };
        let times = if impact.times > 1 { format!(", {} times", impact.times) } else { String::new() };
        let lead = DocLine::bold(impact.vital.as_str());
        doc.bullet(0, lead.and(format!("{ok}: out of range {stretch}{times}")));
        if let Some(worst) = &impact.worst {
            doc.bullet(1, DocLine::text(format!("worst {worst}")));
        }
        if impact.seconds_outside > 0.0 {
            let measured = two_units(impact.seconds_outside.round() as i64);
            doc.bullet(1, DocLine::text(format!("{measured} measured out of range")));
            if impact.area.is_finite() {
                doc.bullet(
                    1,
                    DocLine::text(format!("distance from the range times minutes: {}", impact.area_in_words())),
                );
            }
        }
    }

    fn timeline(&self, doc: &mut Doc) {
        let Digest { lines, left_out } = &self.timeline;
        let days: BTreeSet<_> = lines.iter().map(|line| day(line.at)).collect();
        match days.first() {
            Some(only) if days.len() == 1 => doc.heading(2, &format!("Timeline (UTC, {only})")),
            _ => doc.heading(2, "Timeline (UTC)"),
        }
        if lines.is_empty() {
            doc.bullet(0, DocLine::text("Nothing was recorded."));
        }
        if let Some(left_out) = left_out {
            doc.bullet(0, DocLine::text(format!("Left out here: {left_out}.")));
        }
        let mut today = String::new();
        for line in lines {
            if days.len() > 1 && day(line.at) != today {
                today = day(line.at);
                doc.heading(3, &today);
            }
            let at = self.clock_of_day(line.at);
            let lead = if line.important { DocLine::bold(at) } else { DocLine::text(at) };
            let by = line.by.as_ref().map(|by| format!("{}: ", self.names.short(by))).unwrap_or_default();
            doc.bullet(0, lead.and(format!(" {by}{}", line.what)));
        }
    }

    /// A question with its answer; those without one are told at the end, all at once.
    fn answer(&self, doc: &mut Doc, question: Question) {
        if let Some(text) = self.answered(question) {
            doc.prose(0, DocLine::bold(question.text()), text);
        }
    }

    fn answered(&self, question: Question) -> Option<&str> {
        self.incident.answers.get(&question).map(String::as_str).filter(|text| !text.trim().is_empty())
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// The minutes of several lines, and those of several moments.
fn busy(lines: impl Iterator<Item = Timestamp>, moments: impl Iterator<Item = Timestamp>) -> BTreeSet<i64> {
    let mut told = BTreeMap::<i64, (usize, BTreeSet<i64>)>::new();
    for (at, is_line) in lines.map(|at| (at, true)).chain(moments.map(|at| (at, false))) {
        let (count, seconds) = told.entry(minute(at)).or_default();
        *count += usize::from(is_line);
        seconds.insert(at.as_second());
    }
    let is_busy = |(count, seconds): &(usize, BTreeSet<i64>)| *count > 1 || seconds.len() > 1;
    told.into_iter().filter(|(_, one)| is_busy(one)).map(|(minute, _)| minute).collect()
}

fn comma(more: &str) -> String {
    if more.trim().is_empty() { String::new() } else { format!(", {more}") }
}
