//! How bad a line is: as Loki found out, as its labels say, as it says itself.

use super::super::wire::Pairs;
use crate::signal::{Level, log_fields};

/// Names under which labels and fields say it.
const NAMES: [&str; 6] = ["level", "severity", "lvl", "log_level", "loglevel", "level_extracted"];
/// The field in which Loki says what it found out when the line came.
const DETECTED: &str = "detected_level";

/// The level of a line, whose labels come in groups, those that know best first.
pub(super) fn of(groups: &[&Pairs<'_>], text: &str) -> Level {
    let said = |name: &str| groups.iter().find_map(|pairs| pairs.get(name)).and_then(Level::known);
    let in_labels = || NAMES.iter().find_map(|name| said(name));
    said(DETECTED).or_else(in_labels).or_else(|| in_line(text)).unwrap_or_else(|| Level::of_line(text))
}

/// What a line of JSON or logfmt says.
fn in_line(text: &str) -> Option<Level> {
    // Reading the fields of a line costs more than all else that is done with it.
    let may_say =
        || text.as_bytes().windows(2).any(|two| two.eq_ignore_ascii_case(b"ev") || two.eq_ignore_ascii_case(b"vl"));
    if !text.contains(['=', ':']) || !may_say() {
        return None;
    }
    let fields = log_fields::fields(text);
    let field = |name: &str| fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    NAMES.iter().find_map(|name| Level::known(field(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(labels: &[(&'static str, &'static str)], text: &str, expected: Level) {
        let pairs = Pairs(labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect());
        assert_eq!(of(&[&Pairs::default(), &pairs], text), expected, "{text}");
    }

    #[test]
    fn whoever_knows_best_is_believed() {
        check(&[("detected_level", "error"), ("level", "info")], "WARN", Level::Error);
        check(&[("detected_level", "unknown"), ("level", "warning")], "ERROR", Level::Warn);
        check(&[("severity", "CRITICAL")], "", Level::Error);
        check(&[("level", "")], r#"{"msg":"an error page","level":"debug"}"#, Level::Debug);
        check(&[], r#"ts=1 Level=WARN msg="no error""#, Level::Warn);
        check(&[], r#"{"level":50,"msg":"x"}"#, Level::Error);
        check(&[], "2026-11-22 ERROR pool exhausted", Level::Error);
        check(&[], "all is well", Level::Info);
    }
}
