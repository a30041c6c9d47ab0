//! Starts the programs that read what was rendered.

use std::path::{Path, PathBuf};
use std::process::Command;

use cstore::config::{Setting, ValueKind};
use cstore::format::{Format, render};
use tempfile::TempDir;

/// What a reader found: names and values, sorted by name.
#[derive(Debug, PartialEq)]
pub(crate) struct Found(Vec<(String, Read)>);

/// One value as a reader sees it.
#[derive(Debug, PartialEq)]
enum Read {
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
}

impl Found {
    /// What is expected of forms that know only text.
    pub(crate) fn texts(settings: &[Setting]) -> Self {
        Self::sorted(settings.iter().map(|s| (s.name.clone(), Read::Text(s.value.text.expose().clone()))))
    }

    /// What is expected of forms that keep types.
    pub(crate) fn typed(settings: &[Setting]) -> Self {
        Self::sorted(settings.iter().map(|setting| {
            let text = setting.value.text.expose();
            let read = match setting.value.kind {
                ValueKind::Text => Read::Text(text.clone()),
                ValueKind::Number => Read::Number(text.parse().unwrap()),
                ValueKind::Bool => Read::Bool(text == "true"),
                ValueKind::Null => Read::Null,
            };
            (setting.name.clone(), read)
        }))
    }

    /// What was found by a reader that knows only text.
    pub(crate) fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::sorted(pairs.into_iter().map(|(name, text)| (name, Read::Text(text))))
    }

    /// The list `[[name, kind, text], …]` that the readers in Python print for a document.
    pub(crate) fn printed(document: &serde_json::Value) -> Self {
        Self::sorted(document.as_array().unwrap().iter().map(|entry| {
            let part = |i: usize| entry[i].as_str().unwrap();
            let read = match part(1) {
                "text" => Read::Text(part(2).to_owned()),
                "number" => Read::Number(part(2).parse().unwrap()),
                "bool" => Read::Bool(part(2).parse().unwrap()),
                "null" => Read::Null,
                other => panic!("{:?} was read as {other}", part(0)),
            };
            (part(0).to_owned(), read)
        }))
    }

    fn sorted(entries: impl Iterator<Item = (String, Read)>) -> Self {
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Self(entries)
    }
}

/// Documents as files in a folder that goes away with this.
pub(crate) struct Files {
    folder: TempDir,
    pub(crate) paths: Vec<PathBuf>,
}

impl Files {
    /// Renders each document into a file of its own.
    pub(crate) fn rendered(format: &str, documents: &[Vec<Setting>]) -> Self {
        let format = Format::from_name(format).unwrap();
        Self::of(documents.iter().map(|settings| render(format, settings, "My Shop").unwrap().into_exposed()))
    }

    /// Writes each text into a file of its own.
    pub(crate) fn of(texts: impl IntoIterator<Item = String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |(i, text): (usize, String)| {
            let path = folder.path().join(format!("{i}.txt"));
            std::fs::write(&path, text).unwrap();
            path
        };
        let paths = texts.into_iter().enumerate().map(write).collect();
        Self { folder, paths }
    }

    /// Has a script of `readers/` read all files, in one process; what it prints for each.
    pub(crate) fn print_by(&self, script: &str, args: &[&str]) -> Vec<serde_json::Value> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let venv = std::env::var_os("CSTORE_TEST_VENV").map_or_else(|| root.join(".venv"), PathBuf::from);
        let python = venv.join("bin/python");
        assert!(python.exists(), "there is no {}, which reads the formats: run `make test-setup`", python.display());
        let out = Command::new(python)
            .arg("-B") // no __pycache__ in the repository
            .arg(root.join("tests/format/readers").join(script))
            .args(args)
            .args(&self.paths)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// As [`print_by`](Self::print_by), for a script that prints the names and values of each document.
    pub(crate) fn read_by(&self, script: &str, args: &[&str]) -> Vec<Found> {
        let read: Vec<_> = self.print_by(script, args).iter().map(Found::printed).collect();
        assert_eq!(read.len(), self.paths.len());
        read
    }
}

/// What is expected of documents in a form that knows only text.
pub(crate) fn texts(documents: &[Vec<Setting>]) -> Vec<Found> {
    documents.iter().map(|settings| Found::texts(settings)).collect()
}

/// What is expected of documents in a form that keeps types.
pub(crate) fn typed(documents: &[Vec<Setting>]) -> Vec<Found> {
    documents.iter().map(|settings| Found::typed(settings)).collect()
}
