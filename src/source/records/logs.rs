//! Records, and plain lines, as log lines.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    super::{times, wire},
    misread::Misread,
    scalar, text, without_escapes,
};
use crate::{
    base,
    signal::{Labels, Level, LogLine},
};

/// Names by which records have their text, their level and their time.
const TEXT: [&str; 5] = ["text", "message", "msg", "line", "log"];
const LEVEL: [&str; 3] = ["level", "severity", "lvl"];
const TIME: [&str; 4] = ["at", "time", "ts", "timestamp"];
/// Most log lines.
const MAX_LINES: usize = 2000;

/// The newest of many lines.
pub(super) struct LogsReader {
    now: Timestamp,
    /// Each with its place among all.
    lines: Vec<(usize, LogLine)>,
    found: usize,
    /// Some have no time, so they are all taken in the order in which they came.
    undated: bool,
    misread: Misread,
}

impl LogsReader {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, lines: Vec::new(), found: 0, undated: false, misread: Misread::default() }
    }

    /// A record or a string as a line.
    pub(super) fn add_record(&mut self, record: &Value) {
        match record {
            Value::Object(fields) => {
                let line = log_record(fields, self.now, &mut self.misread);
                self.add(line);
            }
            Value::String(line) => self.add_plain(line),
            other => self.add_plain(&other.to_string()),
        }
    }

    pub(super) fn add_plain(&mut self, line: &str) {
        self.add(plain_line(line, self.now));
    }

    fn add(&mut self, line: LogLine) {
        self.undated |= line.at.is_none();
        self.lines.push((self.found, line));
        self.found += 1;
        if self.lines.len() >= 8 * MAX_LINES {
            self.keep_the_newest();
        }
    }

    /// Oldest first when all have a time, else as they came.
    pub(super) fn read(mut self, warnings: &mut Vec<String>) -> Vec<LogLine> {
        self.lines.sort_by_key(|(place, _)| *place);
        if !self.undated {
            self.lines.sort_by_key(|(_, line)| line.at);
        }
        warnings.extend(self.misread.words());
        if self.found > MAX_LINES {
            warnings.push(format!("showing the last {MAX_LINES} of {} lines", self.found));
        }
        let over = self.lines.len().saturating_sub(MAX_LINES);
        self.lines.into_iter().skip(over).map(|(_, line)| line).collect()
    }

    /// Those that came last, and while all have a time those of the latest times: which of them counts is not known yet.
    fn keep_the_newest(&mut self) {
        self.lines.sort_by_key(|(place, line)| (line.at, *place));
        let of_latest = if self.undated { self.lines.len() } else { self.lines.len().saturating_sub(MAX_LINES) };
        let came_last = self.found.saturating_sub(MAX_LINES);
        let mut at = 0;
        self.lines.retain(|(place, _)| {
            at += 1;
            at > of_latest || *place >= came_last
        });
    }
}

fn log_record(fields: &Map<String, Value>, now: Timestamp, misread: &mut Misread) -> LogLine {
    let named = text(fields, &TEXT);
    let has_text = named.is_some();
    let line =
        named.unwrap_or_else(|| base::text::line(&serde_json::to_string(fields).unwrap_or_default()).into_owned());
    let level = text(fields, &LEVEL);
    // What stands beside the text, such as the id of a trace, is kept with where it came from; without a text all is in it.
    let is_known = |name: &str| [&TEXT[..], &LEVEL, &TIME, &["labels"]].concat().contains(&name);
    let beside = fields.iter().filter(|(name, _)| has_text && !is_known(name));
    let labels = fields.get("labels").and_then(Value::as_object).into_iter().flatten().chain(beside);
    let labels = labels.filter_map(|(name, value)| Some((name.as_str(), scalar(value)?)));
    let pairs = wire::Pairs(labels.map(|(name, value)| (name.to_owned().into(), value.into())).collect());
    LogLine {
        at: misread.time(fields, &TIME, now),
        level: level.map_or_else(|| Level::of_line(&line), |word| Level::parse(&word)),
        labels: wire::Interner::default().labels(&pairs),
        text: line,
    }
}

/// A time is only taken from the front of a line, where loggers write it.
fn plain_line(line: &str, now: Timestamp) -> LogLine {
    let text = base::text::line(&without_escapes(line)).trim_end().to_owned();
    LogLine { at: times::at_front(&text, now), level: Level::of_line(&text), labels: Labels::default(), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Shape,
        signal::Data,
        source::records::{
            read_plain,
            tests::{at, data},
        },
    };

    #[test]
    fn log_lines_oldest_first_and_without_escapes() {
        let (data, _) = data(
            r#"[{"ts":1795356001,"level":"err","msg":"\u001b[31mred\u001b[0m","labels":{"pod":"a"}},{"ts":1795356000,"msg":"warn: x","trace_id":"7f","n":2,"more":{}}]"#,
            Shape::Logs,
        );
        let Data::Logs(lines) = data else { panic!("{data:?}") };
        let told: Vec<_> = lines.iter().map(|line| (line.text.as_str(), line.level)).collect();
        assert_eq!(told, [("warn: x", Level::Warn), ("red", Level::Error)]);
        assert_eq!(lines[1].labels.get("pod"), Some("a"));
        assert_eq!(lines[0].labels, Labels::of([("n", "2"), ("trace_id", "7f")]));
        let (data, _) = read_plain(
            "2026-11-22T14:00:00Z ERROR a\x1b]52;c;x\x07b\n\n  plain\n",
            Shape::Logs,
            at("2026-11-22T14:00:00Z"),
        )
        .expect("lines");
        let Data::Logs(lines) = data else { panic!("{data:?}") };
        assert_eq!(lines[0].text, "2026-11-22T14:00:00Z ERROR ab");
        assert_eq!(lines[0].at, Some(at("2026-11-22T14:00:00Z")));
        assert_eq!(lines[1].text, "  plain");
    }

    #[test]
    fn the_help_names_the_fields_that_are_read() {
        let help = include_str!("../../cli/help/config.md");
        let of_logs = help.split("A record of `logs`").nth(1).and_then(|rest| rest.split("\n- ").next());
        let of_logs = of_logs.expect("the help says what a record of logs has");
        for name in TEXT.iter().chain(&LEVEL).chain(&TIME) {
            assert!(of_logs.contains(&format!("`{name}`")), "{name}");
        }
    }

    /// Lines of these times, `None` for those that have none, and which of them are kept.
    #[track_caller]
    fn check_kept(times: impl Iterator<Item = Option<i64>>, expected: impl Iterator<Item = usize>) {
        let mut reader = LogsReader::new(Timestamp::UNIX_EPOCH);
        for (place, second) in times.enumerate() {
            let at = second.map(|second| Timestamp::from_second(second).expect("a time"));
            reader.add(LogLine { at, text: place.to_string(), ..plain_line("", Timestamp::UNIX_EPOCH) });
        }
        let kept: Vec<String> = reader.read(&mut Vec::new()).into_iter().map(|line| line.text).collect();
        assert_eq!(kept, expected.map(|place| place.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn of_very_many_lines_the_newest_are_kept() {
        let many = 10 * MAX_LINES;
        check_kept((0..many as i64).map(Some), many - MAX_LINES..many);
        check_kept((0..many as i64).rev().map(Some), (0..MAX_LINES).rev());
        // One that has no time, and they are as they came.
        let last_has_none = (0..many).map(|n| (n + 1 < many).then_some(-(n as i64)));
        check_kept(last_has_none, many - MAX_LINES..many);
        check_kept((0..many).map(|_| None), many - MAX_LINES..many);
    }
}
