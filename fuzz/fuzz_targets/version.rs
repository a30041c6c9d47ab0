#![no_main]

#[path = "../../tests/properties/version.rs"]
mod version;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(version::hold(bytes)));
