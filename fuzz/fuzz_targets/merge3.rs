#![no_main]

#[path = "../../tests/properties/merge3.rs"]
mod merge3;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(merge3::hold(bytes)));
