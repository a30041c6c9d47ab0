#![no_main]

#[path = "../../tests/properties/glob.rs"]
mod glob;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(glob::hold(bytes)));
