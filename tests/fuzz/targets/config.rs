//! libFuzzer's bytes for `config`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("config", data));
