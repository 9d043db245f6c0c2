//! libFuzzer's bytes for `numbers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("numbers", data));
