//! Asks the configured systems and turns their answers into readings.
