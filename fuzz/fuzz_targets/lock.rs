#![no_main]

#[path = "../../tests/properties/lock.rs"]
mod lock;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(lock::hold(bytes)));
