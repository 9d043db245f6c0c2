//! libFuzzer's bytes for `scrub`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("scrub", data));
