#![no_main]

#[path = "../../tests/properties/documents.rs"]
mod documents;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(documents::hold(bytes)));
