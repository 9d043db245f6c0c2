//! libFuzzer's bytes for `log_lines`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("log_lines", data));
