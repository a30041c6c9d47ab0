//! What a test has shown, as rows of the tables of `docs/reliability.md`: `make reliability` puts them there.

use std::fs;
use std::path::Path;

/// Leaves rows of a table. The name tells them from others of the same table, and orders them.
pub(crate) fn leave(table: &str, name: &str, rows: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reliability").join(table);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), rows).unwrap();
}
