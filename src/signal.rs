//! What sources can say, free of any wire format.
//!
//! Beside it what can be told from that alone: whether a [condition](verdict) holds, which alerts [belong together](storm),
//! which series [smells](anomaly).
//!
//! A poll of a source ends in a [`Reading`] or a [`Fault`]. What judges and draws it speaks of series, alerts, changes, log
//! lines and tables; only the clients in [`source`](crate::source) speak of JSON and HTTP. They also make its text
//! [harmless](crate::base::text) before it is put in here. Nothing here performs I/O or reads a clock.

pub mod alert;
pub mod alert_words;
pub mod anomaly;
pub mod change;
pub mod condition;
pub mod curves;
pub mod fault;
pub mod freshness;
pub mod health;
pub mod heatmap;
pub mod histogram;
pub mod labels;
pub mod log_fields;
pub mod log_pattern;
pub mod logql;
pub mod logs;
pub mod matcher;
pub mod operation;
pub mod reading;
pub mod readout;
pub mod series;
pub mod states;
pub mod storm;
pub mod table;
pub mod unit;
pub mod verdict;
pub mod window;

pub use alert::{Alert, AlertGroup, AlertSet, AlertState, Severity};
pub use alert_words::AlertWords;
pub use change::{Change, ChangeKind};
pub use condition::Condition;
pub use curves::{Curves, Look, Stack, Stroke};
pub use fault::{Fault, FaultKind};
pub use freshness::{Freshness, patience};
pub use health::Health;
pub use heatmap::{Bucket, Heatmap};
pub use histogram::{Histogram, HistogramBar};
pub use labels::Labels;
pub use logs::{Level, LogLine};
pub use matcher::Matchers;
pub use operation::{Operation, Receipt, WriteKind};
pub use reading::{Data, Reading};
pub use readout::{Readout, Tone};
pub use series::{Point, Reach, Series};
pub use states::{Band, Stretch};
pub use table::{Column, Table};
pub use unit::{Scale, Unit};
pub use verdict::{Found, Verdict};
pub use window::Window;
