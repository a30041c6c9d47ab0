#![no_main]

#[path = "../../tests/properties/catalog.rs"]
mod catalog;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(catalog::hold(bytes)));
