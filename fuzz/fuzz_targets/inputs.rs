#![no_main]

#[path = "../../tests/properties/inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(inputs::hold(bytes)));
