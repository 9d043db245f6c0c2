//! From values to lines of the plot.

use crate::{
    config::Pane,
    signal::{Scale, Unit},
};

/// The values between the bottom and the top of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The value of the lowest line.
    pub low: f64,
    /// The value of the highest line; above `low`.
    pub high: f64,
    /// The greatest value that came.
    pub greatest: f64,
    /// Whether all values are the same.
    pub flat: bool,
    /// The step all numbers beside the plot share.
    pub scale: Scale,
    /// Digits behind the point, where three significant ones could not tell the ends apart.
    decimals: Option<usize>,
    /// The base of a logarithmic scale; its numbers differ too much for a common step, so each has its unit.
    log: Option<(f64, Unit)>,
}

/// Powers that are told beside a logarithmic scale, its ends aside.
const MOST_POWERS: usize = 6;

impl Span {
    /// Spans the finite ones of `values`, the ends the pane fixes, and thresholds that are near. `None` without a finite
    /// value. Zero is part of the span unless all values are far from it.
    ///
    /// The numbers beside the plot share the step that suits `now`, the value in the frame line, unless that would make
    /// them long.
    pub fn of(values: impl Iterator<Item = f64>, now: f64, pane: &Pane) -> Option<Self> {
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            least = least.min(value);
            greatest = greatest.max(value);
        }
        if least > greatest {
            return None;
        }
        let flat = least == greatest;
        let (mut low, mut high) = match flat {
            // A flat line runs through the middle, or along the bottom where zero is.
            true if least == 0.0 => (0.0, 1.0),
            true => (least - least.abs(), least + least.abs()),
            false if least >= 0.0 && least <= greatest / 2.0 => (0.0, greatest),
            false if greatest <= 0.0 && greatest >= least / 2.0 => (least, 0.0),
            false => (least, greatest),
        };
        let reach = (high - low) * 0.6;
        for threshold in pane.thresholds.iter().map(|threshold| threshold.from).filter(|from| from.is_finite()) {
            if (high..=high + reach).contains(&threshold) {
                high = threshold;
            } else if (low - reach..=low).contains(&threshold) {
                low = threshold;
            }
        }
        low = pane.min.unwrap_or(low);
        high = pane.max.unwrap_or(high);
        if high.partial_cmp(&low) != Some(std::cmp::Ordering::Greater) {
            high = low + low.abs().max(1.0);
        }
        let size = low.abs().max(high.abs());
        let suits_now = pane.unit.scale(now);
        let is_short = now.is_finite() && now != 0.0 && (1.0..10_000.0).contains(&(size * suits_now.factor).abs());
        let scale = if is_short { suits_now } else { pane.unit.scale(size) };
        let decimals = decimals((high - low) * scale.factor, size * scale.factor);
        Some(Self { low, high, greatest, flat, scale, decimals, log: None })
    }

    /// A logarithmic scale over the finite ones of `values` that are above zero, from a power of its base to another.
    /// `None` without any.
    pub fn log(values: impl Iterator<Item = f64>, base: f64, pane: &Pane) -> Option<Self> {
        let is_above = |value: &f64| value.is_finite() && *value > 0.0;
        let (mut least, mut greatest) = (f64::INFINITY, 0.0f64);
        for value in values.filter(is_above) {
            least = least.min(value);
            greatest = greatest.max(value);
        }
        let (low, high) = (pane.min.filter(is_above).unwrap_or(least), pane.max.filter(is_above).unwrap_or(greatest));
        let step = base.ln();
        if least > greatest || !step.is_normal() || step < 0.0 {
            return None;
        }
        // A value that is a power is not rounded to the next one.
        let (from, to) = ((low.ln() / step + 1e-9).floor(), (high.ln() / step - 1e-9).ceil());
        let (low, high) = ((from * step).exp(), (to.max(from + 1.0) * step).exp());
        let usable = low.is_normal() && high.is_finite() && low < high;
        usable.then(|| Self {
            low,
            high,
            greatest,
            flat: false,
            scale: Scale { factor: 1.0, suffix: String::new() },
            decimals: None,
            log: Some((base, pane.unit.clone())),
        })
    }

    /// Whether it is logarithmic.
    pub fn is_log(&self) -> bool {
        self.log.is_some()
    }

    /// The powers between the ends of a logarithmic scale, not too many of them.
    pub fn powers(&self) -> Vec<f64> {
        let Some((base, _)) = &self.log else { return Vec::new() };
        let step = base.ln();
        let (from, to) = ((self.low.ln() / step).round(), (self.high.ln() / step).round());
        let count = (to - from).clamp(0.0, 1e4) as usize;
        let every = count.div_ceil(MOST_POWERS).max(1);
        (1..count).step_by(every).map(|nth| ((from + nth as f64) * step).exp()).collect()
    }

    /// The same with round ends, for a picture without numbers beside it: it keeps its scale until the values have
    /// really changed, and what hardly moves looks as if it hardly moved.
    #[must_use]
    pub fn steady(mut self) -> Self {
        let size = self.low.abs().max(self.high.abs());
        let wide = (self.high - self.low).max(size / 5.0);
        // A quarter of it, rounded up to 1, 2 or 5 times a power of ten.
        let power = 10f64.powf((wide / 4.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|n| n * power).into_iter().find(|step| *step >= wide / 4.0);
        let Some(step) = step.filter(|step| step.is_normal()) else { return self };
        let (low, high) = ((self.low / step).floor() * step, (self.high / step).ceil() * step);
        if low.is_finite() && high.is_finite() && low < high {
            (self.low, self.high) = (low, high);
        }
        self
    }

    /// How far up a value is, 0 to 1; values beyond the ends are at the ends.
    pub fn part(&self, value: f64) -> f64 {
        if self.log.is_some() {
            let part = (value.ln() - self.low.ln()) / (self.high.ln() - self.low.ln());
            return if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) };
        }
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The line of a plot of `height` lines, from the top, a value stands in; `None` outside.
    pub fn row(&self, value: f64, height: u16) -> Option<u16> {
        if height == 0 || !(self.low..=self.high).contains(&value) {
            return None;
        }
        let dots = f64::from(height) * 4.0 - 1.0;
        Some((((1.0 - self.part(value)) * dots).round() / 4.0) as u16)
    }

    /// A value as the numbers beside the plot say it, without its unit.
    pub fn digits(&self, value: f64) -> String {
        if let Some((_, unit)) = &self.log {
            return unit.format(value);
        }
        super::axis_digits(value * self.scale.factor, self.decimals)
    }
}

/// Digits behind the point that make numbers of about `size` differ within `span`, if three significant ones do not.
fn decimals(span: f64, size: f64) -> Option<usize> {
    let is_narrow = span > 0.0 && span < size * 0.01 && size < 1e9;
    is_narrow.then(|| (1.0 - span.log10().floor()).clamp(0.0, 6.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Threshold, ThresholdLevel},
        signal::Unit,
    };

    #[track_caller]
    fn check(values: &[f64], expected: Option<(f64, f64)>) {
        let span = Span::of(values.iter().copied(), f64::NAN, &Pane::titled("a"));
        assert_eq!(span.map(|span| (span.low, span.high)), expected);
    }

    #[test]
    fn zero_is_shown_unless_far_away() {
        check(&[1.0, 12.0], Some((0.0, 12.0)));
        check(&[91.0, 99.0], Some((91.0, 99.0)));
        check(&[-3.0, 5.0], Some((-3.0, 5.0)));
        check(&[-12.0, -1.0], Some((-12.0, 0.0)));
        check(&[0.0, f64::NAN, f64::INFINITY, 4.0], Some((0.0, 4.0)));
    }

    #[test]
    fn flat_lines_have_room_around_them() {
        check(&[38.0, 38.0], Some((0.0, 76.0)));
        check(&[0.0], Some((0.0, 1.0)));
        check(&[-2.0], Some((-4.0, 0.0)));
        check(&[f64::NAN, f64::NEG_INFINITY], None);
        check(&[], None);
    }

    #[test]
    fn near_thresholds_are_shown_and_fixed_ends_stay() {
        let mut pane = Pane::titled("a");
        pane.thresholds = vec![
            Threshold { from: 15.0, level: ThresholdLevel::Warning },
            Threshold { from: 100.0, level: ThresholdLevel::Critical },
        ];
        let span = Span::of([2.0, 10.0].into_iter(), f64::NAN, &pane).expect("a span");
        assert_eq!((span.low, span.high, span.greatest), (0.0, 15.0, 10.0));
        (pane.min, pane.max) = (Some(5.0), Some(5.0));
        let span = Span::of([2.0, 10.0].into_iter(), f64::NAN, &pane).expect("a span");
        assert!(span.high > span.low, "ends that make no sense still give a plot");
    }

    #[test]
    fn numbers_share_a_step_and_differ() {
        let mut pane = Pane::titled("a");
        pane.unit = Unit::parse("bytes");
        let span = Span::of([786_120.0, 22_470_000.0].into_iter(), f64::NAN, &pane).expect("a span");
        assert_eq!((span.digits(span.low), span.digits(span.high)), ("0".into(), "21.4".into()));
        assert_eq!(span.scale.suffix, " MiB");
        let span = Span::of([700.0, 1400.0].into_iter(), 786.0, &Pane::titled("a")).expect("a span");
        assert_eq!((span.digits(span.high), span.scale.suffix.as_str()), ("1400".into(), ""));
        let span = Span::of([700.0, 1.4e6].into_iter(), 786.0, &Pane::titled("a")).expect("a span");
        assert_eq!((span.digits(span.high), span.scale.suffix.as_str()), ("1.4".into(), "M"));
        let span = Span::of([892.02, 892.51].into_iter(), f64::NAN, &Pane::titled("a")).expect("a span");
        assert_eq!((span.digits(span.low), span.digits(span.high)), ("892.02".into(), "892.51".into()));
    }

    #[track_caller]
    fn check_steady(values: &[f64], expected: (f64, f64)) {
        let span = Span::of(values.iter().copied(), f64::NAN, &Pane::titled("a")).expect("a span").steady();
        assert_eq!((span.low, span.high), expected);
    }

    #[test]
    fn a_picture_keeps_its_scale() {
        check_steady(&[20.0, 37.3], (20.0, 40.0));
        check_steady(&[20.4, 38.9], (20.0, 40.0));
        check_steady(&[0.0, 12.0], (0.0, 15.0));
        check_steady(&[99.9, 100.0], (95.0, 100.0));
        check_steady(&[0.0, 1e-320], (0.0, 1e-320));
    }

    #[test]
    fn a_logarithmic_scale_goes_from_power_to_power() {
        let mut pane = Pane::titled("a");
        pane.unit = Unit::parse("s");
        let log = |values: &[f64], base| Span::log(values.iter().copied(), base, &pane);
        let span = log(&[0.003, 0.0, -4.0, f64::NAN, 2.0], 10.0).expect("a span");
        assert_eq!([span.low, span.high].map(|end| (end * 1e6).round()), [1e3, 1e7]);
        assert_eq!(
            [0.001, 0.1, 10.0, 0.0, 99.0].map(|value| (span.part(value) * 100.0).round()),
            [0.0, 50.0, 100.0, 0.0, 100.0]
        );
        assert_eq!(
            span.powers().into_iter().map(|power| span.digits(power)).collect::<Vec<_>>(),
            ["10 ms", "100 ms", "1 s"]
        );
        let two = log(&[8.0], 2.0).expect("a span");
        assert_eq!([two.low, two.high].map(f64::round), [8.0, 16.0]);
        assert_eq!([log(&[0.0, -1.0], 10.0), log(&[1.0], 1.0), log(&[1.0], f64::NAN)], [None, None, None]);
    }

    #[test]
    fn rows_from_the_top() {
        let span = Span::of([0.0, 10.0].into_iter(), f64::NAN, &Pane::titled("a")).expect("a span");
        let rows = [10.0, 5.0, 0.0, 11.0, f64::NAN].map(|value| span.row(value, 5));
        assert_eq!(rows, [Some(0), Some(2), Some(4), None, None]);
    }
}
