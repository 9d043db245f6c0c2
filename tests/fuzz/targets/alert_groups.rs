//! libFuzzer's bytes for `alert_groups`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("alert_groups", data));
