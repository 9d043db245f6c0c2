//! libFuzzer's bytes for `lines`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("lines", data));
