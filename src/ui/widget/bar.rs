//! A thin horizontal bar in halves of a cell.

/// How `part` (0 to 1) of `width` cells looks: heavy lines, then perhaps half of one; shorter than `width`. A part above
/// zero shows at least half a cell, so that a little never looks like nothing.
pub fn halves(part: f64, width: u16) -> String {
    if part.is_nan() || part <= 0.0 || width == 0 {
        return String::new();
    }
    let total = usize::from(width) * 2;
    let filled = ((part.min(1.0) * total as f64).round() as usize).clamp(1, total);
    "━".repeat(filled / 2) + if filled % 2 == 1 { "╸" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(part: f64, expected: &str) {
        assert_eq!(halves(part, 4), expected);
    }

    #[test]
    fn bars() {
        check(0.0, "");
        check(-1.0, "");
        check(f64::NAN, "");
        check(0.001, "╸");
        check(0.5, "━━");
        check(0.625, "━━╸");
        check(1.0, "━━━━");
        check(f64::INFINITY, "━━━━");
    }
}
