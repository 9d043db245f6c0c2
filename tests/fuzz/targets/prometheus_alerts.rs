//! libFuzzer's bytes for `prometheus_alerts`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("prometheus_alerts", data));
