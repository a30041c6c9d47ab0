#![no_main]

#[path = "../../tests/properties/edit.rs"]
mod edit;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(edit::hold(bytes)));
