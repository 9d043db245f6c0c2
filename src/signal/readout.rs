//! A number that its source has put into words already.

use super::Point;

/// A value with its name, as it is to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readout {
    /// What it is called; empty where the pane says it.
    pub name: String,
    /// The value with its unit, or the words that stand for it.
    pub text: String,
    /// The number behind it; `None` where there is none.
    pub value: Option<f64>,
    /// Which part of a scale it fills, from 0 to 1; `None` where it is not shown on one.
    pub part: Option<f64>,
    /// How good or bad it is, where its source says so.
    pub tone: Option<Tone>,
    /// Which part it is of all that are shown with it, from 0 to 1; `None` where they do not add up to a whole.
    pub share: Option<f64>,
    /// Where on its scale it becomes how good or bad, from 0 to 1.
    pub marks: Vec<(f64, Tone)>,
    /// What the ends of its scale are, in words.
    pub ends: Option<[String; 2]>,
    /// What it was before.
    pub past: Vec<Point>,
    /// Whether its colour is to be seen from afar.
    pub is_loud: bool,
}

/// What a colour says about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Near a limit.
    Warning,
    /// Beyond a limit.
    Bad,
}

impl Tone {
    /// What a colour `#rrggbb`, or `#rgb`, says: red is bad, orange and yellow warn, green is good; other colours only tell things
    /// apart.
    pub fn of_hex(color: &str) -> Option<Self> {
        let digits = color.strip_prefix('#')?;
        let each = if digits.len() == 3 { 1 } else { 2 };
        let channel = |nth: usize| {
            let value = u8::from_str_radix(digits.get(nth * each..(nth + 1) * each)?, 16).ok()?;
            Some(f64::from(if each == 1 { value * 17 } else { value }))
        };
        let (r, g, b) = (channel(0)?, channel(1)?, channel(2)?);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        // Grey says nothing.
        if most - least < 40.0 {
            return None;
        }
        let sixth = match most {
            most if most == r => (g - b) / (most - least),
            most if most == g => (b - r) / (most - least) + 2.0,
            _ => (r - g) / (most - least) + 4.0,
        };
        match (sixth * 60.0).rem_euclid(360.0) {
            hue if !(20.0..330.0).contains(&hue) => Some(Self::Bad),
            hue if hue < 70.0 => Some(Self::Warning),
            hue if hue < 170.0 => Some(Self::Good),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_say_how_bad_it_is() {
        let tones = ["#f2495c", "#73bf69", "#ff9830", "#fade2a", "#5794f2", "#808080", "red", "#é", "", "#f00", "#é1"]
            .map(Tone::of_hex);
        let (bad, good, warn) = (Some(Tone::Bad), Some(Tone::Good), Some(Tone::Warning));
        assert_eq!(tones, [bad, good, warn, warn, None, None, None, None, None, bad, None]);
    }
}
