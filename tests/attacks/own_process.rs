//! Rows that are given to the library itself, in a process of their own, so that what it takes can be measured as that of
//! a step is.

use std::env;
use std::process::Command;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::harness::run::Used;
use crate::harness::{limits_script, python};

/// Tells the process that it is the measured one.
const MARK: &str = "CSTORE_MEASURED_ROWS";

/// The most CPU that a row may take: a debug build is some ten times slower where it parses.
const MOST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 5 });

/// The rows of a test, each of which may take so much CPU as a step.
pub(crate) struct Rows;

impl Rows {
    /// Does what is measured of a row.
    pub(crate) fn row<T>(&self, name: &str, action: impl FnOnce() -> T) -> T {
        let now = || {
            let time = clock_gettime(ClockId::ProcessCPUTime);
            Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
        };
        let before = now();
        let done = action();
        let taken = now() - before;
        assert!(taken < MOST, "{name} took {taken:?}");
        done
    }
}

/// Tries the rows of a test in a process of its own, which may take 256 MiB of memory for all of them. Whether this is
/// that process, in which nothing else of the test is to be done.
pub(crate) fn measured_in_its_own(test: &str, try_them: impl FnOnce(&Rows)) -> bool {
    if env::var_os(MARK).is_some() {
        try_them(&Rows);
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let used = folder.path().join("used");
    let mut command = Command::new(python());
    command.arg("-ES").arg(limits_script()).arg(&used).arg(env::current_exe().unwrap());
    let output = command.args(["--exact", test, "--nocapture"]).env(MARK, "").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    let used = Used::read(&std::fs::read_to_string(used).unwrap()).unwrap();
    assert!(used.peak_mib < used.most_mib, "{used:?}");
    false
}
