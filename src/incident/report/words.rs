//! Small words of the notes: who, which link, which command.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::incident::Incident;

/// People by the names they are called: without their host, unless two people share a name.
pub(super) struct Names {
    shared: BTreeSet<String>,
}

impl Names {
    pub fn of(incident: &Incident) -> Self {
        let mut hosts = BTreeMap::<&str, BTreeSet<&str>>::new();
        for entry in incident.entries() {
            let (name, host) = entry.by.split_once('@').unwrap_or((&entry.by, ""));
            hosts.entry(name).or_default().insert(host);
        }
        let shared = hosts.into_iter().filter(|(_, hosts)| hosts.len() > 1).map(|(name, _)| name.to_owned());
        Self { shared: shared.collect() }
    }

    pub fn short<'a>(&self, by: &'a str) -> &'a str {
        match by.split_once('@') {
            Some((name, _)) if !name.is_empty() && !self.shared.contains(name) => name,
            _ => by,
        }
    }
}

/// A link that will still show the same thing next week: dashboards and graphs that would open at "now" are given the
/// times of the incident, half an hour wider on both sides, but not beyond the time that anything is known of.
pub(super) fn at_the_time(url: &str, from: Timestamp, until: Timestamp, known: Timestamp) -> String {
    const MARGIN: i64 = 1800;
    let (start, end) = (from.as_second() - MARGIN, until.as_second() + MARGIN);
    let end = end.min(known.max(until).as_second());
    let (base, fragment) = url.split_once('#').map_or((url, None), |(base, fragment)| (base, Some(fragment)));
    let (path, query) = base.split_once('?').unwrap_or((base, ""));
    let mut query: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    let has = |query: &[String], name: &str| query.iter().any(|pair| pair.split('=').next() == Some(name));
    if path.contains("/d/") {
        query.retain(|pair| !pair.starts_with("from=now") && !pair.starts_with("to=now"));
        if !has(&query, "from") && !has(&query, "to") {
            query.push(format!("from={}", start * 1000));
            query.push(format!("to={}", end * 1000));
        }
    } else if has(&query, "g0.expr") && !has(&query, "g0.end_input") {
        query.retain(|pair| !pair.starts_with("g0.range_input="));
        query.push(format!("g0.range_input={}m", (end - start + 59) / 60));
        let end = Timestamp::from_second(end).unwrap_or(until);
        query.push(format!("g0.end_input={}", end.strftime("%Y-%m-%d%%20%H:%M:%S")));
    } else {
        return url.to_owned();
    }
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{path}?{}{fragment}", query.join("&"))
}

/// Words as a sentence: with a capital letter and a full stop.
pub(super) fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).chain((!words.ends_with('.')).then_some('.')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_pinned_to_the_incident() {
        #[track_caller]
        fn check(url: &str, expected: &str) {
            let at = |text: &str| text.parse::<Timestamp>().expect("a time");
            let (from, until, known) =
                (at("2026-11-22T03:05:00Z"), at("2026-11-22T03:24:00Z"), at("2026-11-23T00:00:00Z"));
            assert_eq!(at_the_time(url, from, until, known), expected);
            // While it goes on, the hour to come shows nothing.
            let now = at_the_time(url, from, until, until);
            assert!(!now.contains("03:54") && !now.contains("1795319640000"), "{now}");
        }
        let (from, to) = ("from=1795314900000", "to=1795319640000");
        check("https://g/d/abc/shop", &format!("https://g/d/abc/shop?{from}&{to}"));
        check("https://g/d/abc?var=x&from=now-1h&to=now#p", &format!("https://g/d/abc?var=x&{from}&{to}#p"));
        check("https://g/d/abc?from=1&to=2", "https://g/d/abc?from=1&to=2");
        check(
            "http://p:9090/graph?g0.expr=up&g0.tab=1",
            "http://p:9090/graph?g0.expr=up&g0.tab=1&g0.range_input=79m&g0.end_input=2026-11-22%2003:54:00",
        );
        check("https://wiki/runbook", "https://wiki/runbook");
    }
}
