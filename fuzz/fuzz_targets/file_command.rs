#![no_main]

#[path = "../../tests/properties/file_command.rs"]
mod file_command;
#[path = "../../tests/runner_rules/mod.rs"]
mod runner_rules;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(file_command::hold(bytes)));
