//! Every form of `format` is read back by a program that reads it in earnest, and gives the names and values that
//! went in.
//!
//! `values` makes what is nasty to write, `readers` starts the programs (those in Python live in `readers/`), and each
//! other module is one form or family. The Python interpreter is `$CSTORE_TEST_VENV/bin/python`, or the one in `.venv`
//! beside Cargo.toml; `make test-setup` makes it. A reader that is missing fails its test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy knows only test functions as tests, not what they call")]

mod docker_env_file;
mod dotenv;
mod ecs;
mod json;
mod k8s;
mod readers;
mod shell;
mod values;
mod yaml;
