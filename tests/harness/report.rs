//! What a test has shown, as rows of the tables of `docs/reliability.md`: `make reliability` puts them there.

#![allow(dead_code, clippy::unwrap_used, reason = "each test program uses a part of it, to be loud where it fails")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

/// Leaves rows of a table. The name tells them from others of the same table, and orders them.
pub(crate) fn leave(table: &str, name: &str, rows: &str) {
    // Unit tests are told no folder, so it is looked for as Cargo itself does.
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let folder = target.join("tmp/reliability").join(table);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), rows).unwrap();
}

/// What a test is about to show of a fault (`F7`) or a threat (`T3`). Its row is left when it goes, unless the test
/// has failed by then. Rows of the same words are added up.
#[must_use = "it counts until it goes"]
pub(crate) struct Shown {
    number: &'static str,
    what: String,
    outcome: &'static str,
    cases: AtomicUsize,
}

/// See [`Shown`]. A test that counts no cases is one.
pub(crate) fn shows(number: &'static str, what: impl Into<String>, outcome: &'static str) -> Shown {
    Shown { number, what: what.into(), outcome, cases: AtomicUsize::new(0) }
}

impl Shown {
    /// Counts a case.
    pub(crate) fn case(&self) {
        self.cases(1);
    }

    /// Counts each item as a case when its turn comes. There must be one: of none everything would hold.
    pub(crate) fn each<T>(&self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        let mut items = items.into_iter().peekable();
        assert!(items.peek().is_some(), "no cases of {}: {}", self.number, self.what);
        items.inspect(|_| self.case())
    }

    /// Counts several cases, at least one.
    pub(crate) fn cases(&self, number: usize) {
        assert!(number > 0, "no cases of {}: {}", self.number, self.what);
        self.cases.fetch_add(number, Ordering::Relaxed);
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let Self { number, what, outcome, cases } = self;
        let table = if number.starts_with('F') { "faults" } else { "threats" };
        let cases = cases.load(Ordering::Relaxed).max(1);
        let test = thread::current().name().unwrap_or("main").to_owned();
        let name: String = format!("{number} {} {test} {what}", env!("CARGO_CRATE_NAME"))
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(240)
            .collect();
        leave(table, &name, &format!("| {number} | {what} | {cases} | {outcome} |\n"));
    }
}
