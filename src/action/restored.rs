//! What a pull says of the files that it writes.

use std::io::Write;

use super::log::Log;
use crate::command::{Note, PassedOver, Pulled};

/// With more files than this, the log folds their names up.
const SHOWN: usize = 20;

/// Names each file in the log, one a line, a file that is there already under another word.
pub(super) fn say<W: Write>(log: &Log<W>, words: &str, paths: &[String]) {
    if paths.len() <= SHOWN {
        paths.iter().for_each(|path| log.line(&format!("{words} {path}")));
        return;
    }
    log.command(&format!("::group::{words} {} files", paths.len()));
    paths.iter().for_each(|path| log.line(path));
    log.command("::endgroup::");
}

/// The files whose alternate paths do not count, if there are such.
pub(super) fn passed_over(pulled: &Pulled) -> Option<Note> {
    let alternate = pulled.files.iter().filter_map(|file| {
        let alternate = file.destination.passed_over.as_ref()?;
        let (path, destination) = (file.path.clone(), file.destination.path.clone());
        Some(PassedOver { path, destination, alternate: alternate.clone() })
    });
    let alternate: Vec<_> = alternate.collect();
    (!alternate.is_empty()).then_some(Note::AlternatePaths(alternate))
}
