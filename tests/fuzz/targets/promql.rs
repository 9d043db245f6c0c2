//! libFuzzer's bytes for `promql`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("promql", data));
