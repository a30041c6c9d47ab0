//! Keeps files with secrets out of git: lines in the `.gitignore` beside the catalog.

use super::failure::Failure;
use super::hint::files_to_ignore;
use super::prompt::Question;
use super::session::Session;
use crate::message::in_shell;
use crate::name::ConfigPath;
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

pub(super) const NAME: &str = ".gitignore";
/// Larger ones are left alone, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What a run leaves beside its files that is killed while it writes them.
const TEMPORARY: &str = ".cstore-*.tmp";
/// One of these.
const ONE_TEMPORARY: &str = ".cstore-0123456789abcdef.tmp";

/// The files that config is usually in, but for the template that is to be in git; and what may be left of them.
pub(super) const USUAL: [&str; 4] = [".env", ".env.*", "!.env.example", TEMPORARY];

/// Lines that somebody has agreed to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Agreed(Vec<String>);

impl Session {
    /// Offers to add lines to `.gitignore`, and shows them. Nothing is written yet. None where nobody wants them, where
    /// they are there already, and where the `.gitignore` cannot be read: that one is left to the person.
    ///
    /// # Errors
    /// No answer to the question.
    pub(super) async fn offer_to_ignore(
        &self,
        workspace: &Workspace,
        lines: &[&str],
    ) -> Result<Option<Agreed>, Failure> {
        let present = match read(workspace) {
            Ok((_, present)) => present,
            Err(error) => {
                self.leave_to_person(lines, &error);
                return Ok(None);
            }
        };
        let Some((_, added)) = with_lines(&present, lines) else { return Ok(None) };
        let question = format!("Have git ignore {} (in {})?", added.join(" "), self.shown(NAME));
        let is_agreed = self.confirm(Question { text: &question, flag: "--yes" }, Some(true)).await?;
        Ok(is_agreed.then(|| Agreed(added.into_iter().map(ToOwned::to_owned).collect())))
    }

    /// The same, for files that git would take along as they lie here, each by a line of its own, and for what may be
    /// left of them.
    ///
    /// # Errors
    /// No answer to the question.
    pub(super) async fn offer_to_ignore_files(
        &self,
        workspace: &Workspace,
        files: &[ConfigPath],
    ) -> Result<Option<Agreed>, Failure> {
        let temporary = ConfigPath::new(ONE_TEMPORARY).ok();
        let line = |file: &ConfigPath| if temporary.as_ref() == Some(file) { TEMPORARY.to_owned() } else { line(file) };
        let lines: Vec<_> = files_to_ignore(self, files.iter().chain(&temporary)).iter().map(line).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        if lines.is_empty() { Ok(None) } else { self.offer_to_ignore(workspace, &lines).await }
    }

    /// Adds the lines that somebody has agreed to. A `.gitignore` that cannot be changed is left to the person. Says
    /// whether it was changed.
    pub(super) fn ignore(&self, workspace: &Workspace, agreed: Option<Agreed>) -> bool {
        let Some(Agreed(lines)) = agreed else { return false };
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let written = read(workspace).and_then(|(path, present)| {
            let Some((text, added)) = with_lines(&present, &lines) else { return Ok(None) };
            let content = Secret::new(text.as_slice());
            let file = NewFile { path, content, mode: FileMode::Shared, named: true, may_replace: true };
            workspace.stage(&[file])?.commit()?.finish()?;
            Ok(Some(added.join(" ")))
        });
        match &written {
            Ok(Some(added)) => self.terminal.note(&format!("Added to {}: {added}", self.shown(NAME))),
            Ok(None) => {}
            Err(error) => self.leave_to_person(&lines, error),
        }
        matches!(written, Ok(Some(_)))
    }

    /// Says what is to be committed of what was written: the catalog, and the `.gitignore`.
    pub(super) fn say_to_commit(&self, is_ignored: bool) {
        let written = [Some(self.place.catalog.as_str()), is_ignored.then_some(NAME)];
        let written: Vec<_> = written.into_iter().flatten().map(|name| in_shell(&self.shown(name))).collect();
        self.terminal.next(&format!("git add {}", written.join(" ")));
    }

    fn leave_to_person(&self, lines: &[&str], error: &WorkspaceError) {
        let (path, lines) = (self.shown(NAME), lines.join(" "));
        self.terminal.note(&format!("{path} is left as it is ({error}). Add these lines to it: {lines}"));
    }
}

/// The file's path and bytes; none where there is no such file.
fn read(workspace: &Workspace) -> Result<(ConfigPath, Vec<u8>), WorkspaceError> {
    let path =
        ConfigPath::new(NAME).map_err(|error| WorkspaceError::BadName { path: error.value, rule: error.rule })?;
    let present = match workspace.read(&path, LARGEST) {
        Ok(text) => text.into_exposed(),
        Err(WorkspaceError::NotFound { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok((path, present))
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
        assert_eq!(with(b"").unwrap(), ".env\n.env.*\n!.env.example\n.cstore-*.tmp\n");
        assert_eq!(with(b"target").unwrap(), "target\n.env\n.env.*\n!.env.example\n.cstore-*.tmp\n");
        assert_eq!(with(b"a\r\n.env.*\r\n").unwrap(), "a\r\n.env.*\r\n.env\r\n!.env.example\r\n.cstore-*.tmp\r\n");
        assert_eq!(with(b"!.env.example\n.cstore-*.tmp\n.env.* \n  .env"), None);
        let kept = with_lines(b"caf\xe9\n", &[".env"]).unwrap();
        assert_eq!(kept, (b"caf\xe9\n.env\n".to_vec(), vec![".env"]));
    }
}
