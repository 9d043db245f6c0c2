//! libFuzzer's bytes for `frames`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("frames", data));
