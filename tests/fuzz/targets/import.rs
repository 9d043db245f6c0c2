//! libFuzzer's bytes for `import`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stanch_fuzz::run("import", data));
