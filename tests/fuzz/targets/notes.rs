//! libFuzzer's bytes for `notes`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("notes", data));
