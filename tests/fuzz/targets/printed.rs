//! libFuzzer's bytes for `printed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("printed", data));
