//! libFuzzer's bytes for `session`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("session", data));
