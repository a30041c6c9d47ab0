#![no_main]

#[path = "../../tests/properties/types.rs"]
mod types;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(types::hold(bytes)));
