//! libFuzzer's bytes for `jq`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("jq", data));
