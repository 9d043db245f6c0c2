//! libFuzzer's bytes for `fields`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("fields", data));
