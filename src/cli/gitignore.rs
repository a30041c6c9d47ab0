//! Keeps files with secrets out of git: lines in the `.gitignore` beside the catalog.

use std::time::{Duration, Instant};

use super::failure::Failure;
use super::prompt::Question;
use super::session::Session;
use crate::checkout::taken_along;
use crate::name::ConfigPath;
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

pub(super) const NAME: &str = ".gitignore";
/// Larger ones are left alone, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// How long it may take to find out what git ignores.
const PATIENCE: Duration = Duration::from_secs(1);

/// The files that config is usually in, but for the template that is to be in git.
pub(super) const USUAL: [&str; 3] = [".env", ".env.*", "!.env.example"];

impl Session {
    /// Offers to add lines to `.gitignore`, and shows them. Those that are there already are not added; a `.gitignore`
    /// that cannot be changed is left to the person. Says whether it was changed.
    ///
    /// # Errors
    /// No answer to the question.
    pub(super) async fn ignore(&self, workspace: &Workspace, lines: &[&str]) -> Result<bool, Failure> {
        let path =
            ConfigPath::new(NAME).map_err(|error| WorkspaceError::BadName { path: error.value, rule: error.rule })?;
        let present = match workspace.read(&path, LARGEST) {
            Ok(text) => text.into_exposed(),
            Err(WorkspaceError::NotFound { .. }) => Vec::new(),
            Err(error) => {
                self.leave_to_person(lines, &error);
                return Ok(false);
            }
        };
        let Some((text, added)) = with_lines(&present, lines) else { return Ok(false) };
        let added = added.join(" ");
        let question = format!("Have git ignore {added} (in {})?", self.shown(NAME));
        if !self.confirm(Question { text: &question, flag: "--yes" }, Some(true)).await? {
            return Ok(false);
        }
        let staged = workspace.stage(&[NewFile {
            path,
            content: Secret::new(text.as_slice()),
            mode: FileMode::Shared,
            named: true,
            may_replace: true,
        }]);
        let written = staged.and_then(|staged| staged.commit()?.finish());
        match &written {
            Ok(()) => self.terminal.note(&format!("Added to {}: {added}", self.shown(NAME))),
            Err(error) => self.leave_to_person(lines, error),
        }
        Ok(written.is_ok())
    }

    /// Offers to have git ignore files that were pushed, and that it would take along as they lie here.
    ///
    /// # Errors
    /// No answer to the question.
    pub(super) async fn ignore_pushed<'f>(
        &self,
        workspace: &Workspace,
        files: impl Iterator<Item = &'f ConfigPath>,
    ) -> Result<(), Failure> {
        let unignored = taken_along(workspace, files, Some(Instant::now() + PATIENCE)).unignored;
        let lines: Vec<_> = unignored.iter().map(line).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        if !lines.is_empty() {
            self.ignore(workspace, &lines).await?;
        }
        Ok(())
    }

    fn leave_to_person(&self, lines: &[&str], error: &WorkspaceError) {
        let (path, lines) = (self.shown(NAME), lines.join(" "));
        self.terminal.note(&format!("{path} is left as it is ({error}). Add these lines to it: {lines}"));
    }
}

/// The line that means one file alone (<https://git-scm.com/docs/gitignore#_pattern_format>).
fn line(file: &ConfigPath) -> String {
    let mut line = String::from("/");
    for c in file.as_str().chars() {
        if matches!(c, '*' | '?' | '[' | '\\') {
            line.push('\\');
        }
        line.push(c);
    }
    line
}

/// The text with those lines at its end that it does not have, and these lines; none if it has all. The line ends are
/// those that it has.
fn with_lines<'l>(present: &[u8], lines: &[&'l str]) -> Option<(Vec<u8>, Vec<&'l str>)> {
    let has = |line: &str| present.split(|&byte| byte == b'\n').any(|known| known.trim_ascii() == line.as_bytes());
    let missing: Vec<_> = lines.iter().copied().filter(|line| !has(line)).collect();
    if missing.is_empty() {
        return None;
    }
    let newline: &[u8] = if present.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
    let mut text = present.to_vec();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.extend_from_slice(newline);
    }
    for line in &missing {
        text.extend_from_slice(line.as_bytes());
        text.extend_from_slice(newline);
    }
    Some((text, missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_line_means_that_file() {
        for (path, wanted) in [("a/.env", "/a/.env"), ("[id]/#*.env", r"/\[id]/#\*.env"), ("!x", "/!x")] {
            assert_eq!(line(&ConfigPath::new(path).unwrap()), wanted);
        }
    }

    #[test]
    fn lines_are_added_once_and_with_the_line_ends_that_are_there() {
        let with = |present: &[u8]| with_lines(present, &USUAL).map(|(text, _)| String::from_utf8(text).unwrap());
        assert_eq!(with(b"").unwrap(), ".env\n.env.*\n!.env.example\n");
        assert_eq!(with(b"target").unwrap(), "target\n.env\n.env.*\n!.env.example\n");
        assert_eq!(with(b"a\r\n.env.*\r\n").unwrap(), "a\r\n.env.*\r\n.env\r\n!.env.example\r\n");
        assert_eq!(with(b"!.env.example\n.env.* \n  .env"), None);
        let kept = with_lines(b"caf\xe9\n", &[".env"]).unwrap();
        assert_eq!(kept, (b"caf\xe9\n.env\n".to_vec(), vec![".env"]));
    }
}
