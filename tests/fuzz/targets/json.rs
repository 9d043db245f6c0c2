//! libFuzzer's bytes for `json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("json", data));
