//! What is done to values, with 10, 1,000 and 10,000 of them: the time for each must not grow with their number.
//!
//! `make bench-values` runs it; docs/speed.md says what came of it.

#![allow(missing_docs, reason = "divan's macros write functions of their own")]
#![allow(clippy::unwrap_used, reason = "as in tests")]

use std::fmt::Write as _;

use cstore::action::{file_command, mask};
use cstore::config::{FileType, OnDuplicate, Setting, SourceFile, merge, parse};
use cstore::format::{Format, render};
use cstore::name::{ConfigPath, Digest};
use cstore::secret::Secret;
use divan::Bencher;
use divan::counter::ItemsCount;

const KEYS: [usize; 3] = [10, 1_000, 10_000];

fn main() {
    divan::main();
}

/// A file with so many keys, each with a value of its own.
fn file(file_type: FileType, keys: usize) -> String {
    let mut text = String::new();
    for number in 0..keys {
        let end = if number + 1 == keys { "" } else { "," };
        match file_type {
            FileType::Json => writeln!(text, "\"KEY_{number}\": \"value-number-{number}\"{end}").unwrap(),
            FileType::Yaml => writeln!(text, "KEY_{number}: value-number-{number}").unwrap(),
            FileType::Toml => writeln!(text, "KEY_{number} = \"value-number-{number}\"").unwrap(),
            FileType::Dotenv | FileType::Raw => writeln!(text, "KEY_{number}=value-number-{number}").unwrap(),
        }
    }
    if file_type == FileType::Json { format!("{{{text}}}") } else { text }
}

fn settings(keys: usize) -> Vec<Setting> {
    let parsed = parse(FileType::Dotenv, file(FileType::Dotenv, keys).as_bytes(), "_").unwrap();
    parsed.entries.into_iter().map(|entry| Setting { name: entry.key, value: entry.value }).collect()
}

fn parsing(bencher: Bencher<'_, '_>, file_type: FileType, keys: usize) {
    let text = file(file_type, keys);
    bencher.counter(ItemsCount::new(keys)).bench(|| parse(file_type, text.as_bytes(), "_").unwrap());
}

#[divan::bench(args = KEYS)]
fn parse_dotenv(bencher: Bencher<'_, '_>, keys: usize) {
    parsing(bencher, FileType::Dotenv, keys);
}

#[divan::bench(args = KEYS)]
fn parse_json(bencher: Bencher<'_, '_>, keys: usize) {
    parsing(bencher, FileType::Json, keys);
}

#[divan::bench(args = KEYS)]
fn parse_yaml(bencher: Bencher<'_, '_>, keys: usize) {
    parsing(bencher, FileType::Yaml, keys);
}

#[divan::bench(args = KEYS)]
fn parse_toml(bencher: Bencher<'_, '_>, keys: usize) {
    parsing(bencher, FileType::Toml, keys);
}

#[divan::bench(args = KEYS)]
fn digest(bencher: Bencher<'_, '_>, keys: usize) {
    let text = file(FileType::Dotenv, keys);
    bencher.counter(ItemsCount::new(keys)).bench(|| Digest::from_content(text.as_bytes()));
}

#[divan::bench(args = KEYS)]
fn merge_files(bencher: Bencher<'_, '_>, keys: usize) {
    let entries = parse(FileType::Dotenv, file(FileType::Dotenv, keys).as_bytes(), "_").unwrap().entries;
    let source = |path| SourceFile {
        path: ConfigPath::new(path).unwrap(),
        file_type: FileType::Dotenv,
        entries: entries.clone(),
    };
    bencher
        .counter(ItemsCount::new(keys))
        .with_inputs(|| vec![source("base.env"), source("prod.env")])
        .bench_values(|files| merge(files, OnDuplicate::Last, Vec::new()).unwrap());
}

#[divan::bench(args = KEYS)]
fn file_commands(bencher: Bencher<'_, '_>, keys: usize) {
    let settings = settings(keys);
    let mut count = 0u128;
    bencher.counter(ItemsCount::new(keys)).bench_local(|| {
        let pairs = settings.iter().map(|setting| (setting.name.as_str(), &setting.value.text));
        let random = || {
            count += 1;
            count.to_be_bytes()
        };
        file_command::render(pairs, random).unwrap()
    });
}

#[divan::bench(args = KEYS)]
fn masks(bencher: Bencher<'_, '_>, keys: usize) {
    let settings = settings(keys);
    bencher.counter(ItemsCount::new(keys)).bench(|| {
        let pairs = settings.iter().map(|setting| (setting.name.as_str(), &setting.value));
        mask::masks(pairs, &[], |_| true)
    });
}

#[divan::bench(args = KEYS)]
fn all_formats(bencher: Bencher<'_, '_>, keys: usize) {
    let settings = settings(keys);
    bencher.counter(ItemsCount::new(keys)).bench(|| -> Vec<Secret<String>> {
        // Some refuse what others take, such as a Secret over 1 MiB.
        Format::ALL.iter().filter_map(|format| render(*format, &settings, "shop").ok()).collect()
    });
}
