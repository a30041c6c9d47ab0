#![no_main]

#[path = "../../tests/properties/key_pattern.rs"]
mod key_pattern;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(key_pattern::hold(bytes)));
