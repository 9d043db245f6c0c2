//! libFuzzer's bytes for `board`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("board", data));
