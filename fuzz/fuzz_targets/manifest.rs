#![no_main]

#[path = "../../tests/properties/manifest.rs"]
mod manifest;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(manifest::hold(bytes)));
