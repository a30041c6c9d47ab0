//! The digest of a configuration as somebody with a shell computes it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// `sha256sum` over the files in byte order, and `sha256sum` over what that prints.
pub(crate) fn digest_by_sha256sum(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    paths.sort_unstable();
    for (path, contents) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    fs::write(folder.path().join("list"), sha256sum(folder.path(), &paths).stdout).unwrap();
    let printed = String::from_utf8(sha256sum(folder.path(), &["list"]).stdout).unwrap();
    format!("sha256:{}", printed.split(' ').next().unwrap())
}

fn sha256sum(folder: &Path, paths: &[&str]) -> Output {
    let output = Command::new("sha256sum").args(paths).current_dir(folder).output().expect("sha256sum is installed");
    assert!(output.status.success(), "{output:?}");
    output
}
