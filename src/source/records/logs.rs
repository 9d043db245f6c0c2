//! Records, and plain lines, as log lines.

use serde_json::{Map, Value};

use super::{
    super::{times, wire},
    first, scalar, text, without_escapes,
};
use crate::{
    base,
    signal::{Labels, Level, LogLine},
};

/// Most log lines.
const MAX_LINES: usize = 2000;

/// Reads records or strings.
pub(super) fn logs(records: Vec<Value>, warnings: &mut Vec<String>) -> Vec<LogLine> {
    let lines = records.iter().map(|record| match record {
        Value::Object(fields) => log_record(fields),
        Value::String(line) => plain_line(line),
        other => plain_line(&other.to_string()),
    });
    newest(lines.collect(), warnings)
}

fn log_record(fields: &Map<String, Value>) -> LogLine {
    let named = text(fields, &["text", "message", "msg", "line", "log"]);
    let line = named.unwrap_or_else(|| base::text::line(&Value::Object(fields.clone()).to_string()).into_owned());
    let level = text(fields, &["level", "severity", "lvl"]);
    let labels = fields.get("labels").and_then(Value::as_object);
    let labels = labels.into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), scalar(value)?)));
    let pairs = wire::Pairs(labels.map(|(name, value)| (name.to_owned().into(), value.into())).collect());
    LogLine {
        at: first(fields, &["at", "time", "ts", "timestamp"]).and_then(times::of_value),
        level: level.map_or_else(|| Level::of_line(&line), |word| Level::parse(&word)),
        labels: wire::Interner::default().labels(&pairs),
        text: line,
    }
}

/// A time is only taken from the front of a line, where loggers write it.
pub(super) fn plain_line(line: &str) -> LogLine {
    let text = base::text::line(&without_escapes(line)).trim_end().to_owned();
    let at = text.split_whitespace().next().filter(|word| word.contains('T')).and_then(times::of_text);
    LogLine { at, level: Level::of_line(&text), labels: Labels::default(), text }
}

/// Oldest first when all have a time, else as they came; the newest are kept.
pub(super) fn newest(mut lines: Vec<LogLine>, warnings: &mut Vec<String>) -> Vec<LogLine> {
    if lines.iter().all(|line| line.at.is_some()) {
        lines.sort_by_key(|line| line.at);
    }
    let over = lines.len().saturating_sub(MAX_LINES);
    if over > 0 {
        warnings.push(format!("showing the last {MAX_LINES} of {} lines", lines.len()));
        lines.drain(..over);
    }
    lines
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
            r#"[{"ts":1795356001,"level":"err","msg":"\u001b[31mred\u001b[0m","labels":{"pod":"a"}},{"ts":1795356000,"msg":"warn: x"}]"#,
            Shape::Logs,
        );
        let Data::Logs(lines) = data else { panic!("{data:?}") };
        let told: Vec<_> = lines.iter().map(|line| (line.text.as_str(), line.level)).collect();
        assert_eq!(told, [("warn: x", Level::Warn), ("red", Level::Error)]);
        assert_eq!(lines[1].labels.get("pod"), Some("a"));
        let (data, _) =
            read_plain("2026-11-22T14:00:00Z ERROR a\x1b]52;c;x\x07b\n\n  plain\n", Shape::Logs).expect("lines");
        let Data::Logs(lines) = data else { panic!("{data:?}") };
        assert_eq!(lines[0].text, "2026-11-22T14:00:00Z ERROR ab");
        assert_eq!(lines[0].at, Some(at("2026-11-22T14:00:00Z")));
        assert_eq!(lines[1].text, "  plain");
    }
}
