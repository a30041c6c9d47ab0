#![no_main]

#[path = "../../tests/properties/tag.rs"]
mod tag;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(tag::hold(bytes)));
