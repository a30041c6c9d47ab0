#![no_main]

#[path = "../../tests/properties/dotenv.rs"]
mod dotenv;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(dotenv::hold(bytes)));
