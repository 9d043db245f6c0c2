//! libFuzzer's bytes for `theme`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("theme", data));
