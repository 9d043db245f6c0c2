//! How bad a value is, by the thresholds of its pane, in colour and in a sign that is the same without colour.

use ratatui::style::Style;

use crate::{
    config::{Threshold, ThresholdLevel},
    ui::{Role, Theme},
};

/// The level of the greatest threshold that `value` has reached.
pub(super) fn of(thresholds: &[Threshold], value: f64) -> Option<ThresholdLevel> {
    let reached = thresholds.iter().filter(|threshold| value >= threshold.from);
    reached.max_by(|a, b| a.from.total_cmp(&b.from)).map(|threshold| threshold.level)
}

pub(super) fn role(level: Option<ThresholdLevel>) -> Option<Role> {
    match level? {
        ThresholdLevel::Ok => Some(Role::Ok),
        ThresholdLevel::Warning => Some(Role::Warning),
        ThresholdLevel::Critical => Some(Role::Critical),
    }
}

/// The sign in front of a value; the same as that of alerts.
pub(super) fn sign(level: Option<ThresholdLevel>) -> &'static str {
    match level {
        Some(ThresholdLevel::Critical) => "▲ ",
        Some(ThresholdLevel::Warning) => "● ",
        _ => "",
    }
}

/// The style of one value among many: by its level, else plain.
pub(super) fn row_style(level: Option<ThresholdLevel>, theme: &Theme) -> Style {
    match level {
        Some(ThresholdLevel::Ok) | None => theme[Role::Text],
        level => style(level, theme),
    }
}

/// The style of a newest value: by its level, else just strong.
pub(super) fn style(level: Option<ThresholdLevel>, theme: &Theme) -> Style {
    match level {
        Some(ThresholdLevel::Ok) | None => theme[Role::Strong],
        level => role(level).map_or(theme[Role::Strong], |role| theme[role]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, expected: Option<ThresholdLevel>) {
        let at = |from, level| Threshold { from, level };
        let thresholds =
            [at(90.0, ThresholdLevel::Critical), at(0.0, ThresholdLevel::Ok), at(70.0, ThresholdLevel::Warning)];
        assert_eq!(of(&thresholds, value), expected);
    }

    #[test]
    fn the_greatest_threshold_reached_decides() {
        check(-1.0, None);
        check(0.0, Some(ThresholdLevel::Ok));
        check(89.9, Some(ThresholdLevel::Warning));
        check(f64::INFINITY, Some(ThresholdLevel::Critical));
        check(f64::NAN, None);
    }
}
