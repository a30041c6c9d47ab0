//! Every form of `format` is read back by a program that reads it in earnest, and gives the names and values that
//! went in.
//!
//! `values` makes what is nasty to write, `readers` starts the programs (those in Python live in `readers/`), `shape` is
//! for what a form looks like and refuses, and each other module is one form or family. The Python interpreter is `$CSTORE_TEST_VENV/bin/python`, or the one in `.venv`
//! beside Cargo.toml; `make test-setup` makes it. A reader that is missing fails its test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy knows only test functions as tests, not what they call")]

mod docker_env_file;
mod dotenv;
mod ecs;
mod json;
mod k8s;
mod readers;
mod shape;
mod shell;
mod values;
mod yaml;

use std::fs;
use std::path::Path;

use cstore::format::Format;

#[test]
fn every_form_is_shown_and_read_back() {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format")).unwrap();
    let paths = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let source: String = paths.map(|path| fs::read_to_string(path).unwrap()).collect();
    for name in Format::NAMES {
        assert!(source.contains(&format!("\"{name}\"")), "no test reads {name} back");
    }
}
