//! libFuzzer's bytes for `paste`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("paste", data));
