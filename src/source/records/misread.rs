//! Times that nobody understands: how many, and one of them to go by.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{super::times, first};
use crate::base::text;

/// Longest time that is quoted, in bytes.
const MAX_QUOTED: usize = 60;

#[derive(Debug, Default)]
pub(super) struct Misread {
    count: usize,
    such_as: String,
}

impl Misread {
    /// The time in the first of these fields; `None` where there is none, or none that is understood.
    pub(super) fn time(&mut self, fields: &Map<String, Value>, names: &[&str], now: Timestamp) -> Option<Timestamp> {
        match times::read(first(fields, names)?, now) {
            times::Said::At(at) => Some(at),
            times::Said::Nothing => None,
            times::Said::Unknown(said) => {
                if self.count == 0 {
                    self.such_as = text::clipped(said.trim(), MAX_QUOTED).into_owned();
                }
                self.count += 1;
                None
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// `a time is not understood: “yesterday”`; `None` when all are.
    pub(super) fn words(&self) -> Option<String> {
        match self.count {
            0 => None,
            1 => Some(format!("a time is not understood: “{}”", self.such_as)),
            count => Some(format!("{count} times are not understood, such as “{}”", self.such_as)),
        }
    }
}
