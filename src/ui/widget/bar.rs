//! A horizontal bar in eighths of a cell.

/// How `part` (0 to 1) of `width` cells looks: full blocks, then one of the eighths; shorter than `width`. A part above
/// zero shows at least an eighth, so that a little never looks like nothing.
pub fn eighths(part: f64, width: u16) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if part.is_nan() || part <= 0.0 || width == 0 {
        return String::new();
    }
    let total = usize::from(width) * 8;
    let filled = ((part.min(1.0) * total as f64).round() as usize).clamp(1, total);
    format!("{}{}", "█".repeat(filled / 8), EIGHTHS[filled % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(part: f64, expected: &str) {
        assert_eq!(eighths(part, 4), expected);
    }

    #[test]
    fn bars() {
        check(0.0, "");
        check(-1.0, "");
        check(f64::NAN, "");
        check(0.001, "▏");
        check(0.5, "██");
        check(0.625, "██▌");
        check(1.0, "████");
        check(f64::INFINITY, "████");
    }
}
