//! libFuzzer's bytes for `journal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("journal", data));
