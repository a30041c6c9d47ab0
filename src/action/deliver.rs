//! Delivers a pull: files, outputs and environment variables, either all or none.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use super::checksums;
use super::delivery::Delivery;
use super::failure::Failure;
use super::file_command;
use super::named_place::named_by;
use super::output::{self, Output};
use super::temporary_file::{TemporaryFile, WrittenFile};
use crate::command::Pulled;
use crate::config::Setting;
use crate::environment::Environment;
use crate::name::ConfigPath;
use crate::secret::Secret;
use crate::workspace::{Workspace, WorkspaceError};

/// How many random bytes a heredoc's delimiter is made of.
const DRAWN_BYTES: usize = 16;

/// A file that the runner reads when the step has ended: `GITHUB_OUTPUT` or `GITHUB_ENV`.
pub(super) struct CommandFile {
    name: &'static str,
    file: File,
    /// Its length when it was opened, to cut it back to.
    before: u64,
    /// Whether what stands there lacks its last line break.
    is_open_ended: bool,
}

impl CommandFile {
    /// Opens the file that a variable names, for appending.
    pub(super) fn open(environment: &Environment, name: &'static str) -> Result<Self, Failure> {
        let path = named_by(environment, name)?.ok_or(Failure::NoCommandFile(name))?;
        let failed = |reason: io::Error| Failure::CommandFile { name, reason };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
        let before = file.metadata().map_err(failed)?.len();
        let mut last = [b'\n'];
        if before > 0 {
            file.seek(SeekFrom::End(-1)).map_err(failed)?;
            file.read_exact(&mut last).map_err(failed)?;
        }
        Ok(Self { name, file, before, is_open_ended: last != *b"\n" })
    }

    /// Appends a text in one go. An unfinished entry would fail the step, so what cannot be written whole is undone.
    fn append(&mut self, text: &Secret<String>) -> Result<(), Failure> {
        let mut text = Cow::Borrowed(text.expose().as_str());
        if self.is_open_ended {
            text.to_mut().insert(0, '\n');
        }
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush()).map_err(|reason| {
            self.undo();
            Failure::CommandFile { name: self.name, reason }
        })
    }

    fn undo(&self) {
        // What fails here fails after a failure that is reported already.
        let _ = self.file.set_len(self.before);
    }
}

/// Renders a command file.
pub(super) fn render(entries: &[Output]) -> Result<Secret<String>, Failure> {
    let pairs = entries.iter().map(|(name, value)| (name.as_str(), value));
    // Drawn for all at once: each draw is a system call, and there may be thousands of entries.
    let mut drawn = vec![0; (entries.len() + 1) * DRAWN_BYTES];
    getrandom::fill(&mut drawn).map_err(Failure::Random)?;
    let (drawn, _) = drawn.as_chunks::<DRAWN_BYTES>();
    let mut drawn = drawn.iter().copied();
    let mut last = drawn.next_back().unwrap_or_default();
    // More than one an entry is needed only where a value holds its delimiter.
    let random = || {
        drawn.next().unwrap_or_else(|| {
            last = u128::from_le_bytes(last).wrapping_add(1).to_le_bytes();
            last
        })
    };
    file_command::render(pairs, random).map_err(Failure::Output)
}

/// Checks, before anything else is done, that outputs can be written.
pub(super) fn check(environment: &Environment) -> Result<(), Failure> {
    CommandFile::open(environment, "GITHUB_OUTPUT").map(drop)
}

/// Writes outputs only, for runs that deliver no files.
pub(super) fn outputs(environment: &Environment, entries: &[Output]) -> Result<(), Failure> {
    let text = render(entries)?;
    CommandFile::open(environment, "GITHUB_OUTPUT")?.append(&text)
}

/// What a pull delivers, and where to.
pub(super) struct Delivering<'a> {
    pub(super) environment: &'a Environment,
    pub(super) workspace: &'a Workspace,
    pub(super) pulled: &'a Pulled,
    pub(super) delivery: &'a Delivery,
    /// What goes into the job's environment, if anything may.
    pub(super) exported: Option<Vec<&'a Setting>>,
}

/// What a pull has left behind in files.
#[derive(Debug)]
pub(super) struct Delivered {
    /// The files that were written, as the next step knows them.
    pub(super) written: Vec<String>,
    /// The formatted file among them, if there is one.
    pub(super) formatted: Option<String>,
    /// What went wrong in cleaning up afterwards.
    pub(super) left: Option<WorkspaceError>,
}

impl Delivering<'_> {
    /// Delivers, and adds the formatted file's path to the outputs.
    pub(super) fn run(&self, mut outputs: Vec<Output>) -> Result<Delivered, Failure> {
        // Whatever can fail comes first; what cannot be undone comes last.
        let temporary = self.temporary_file()?;
        let in_workspace = self.delivery.format_file.as_ref().filter(|_| self.pulled.formatted.is_some());
        let shown = temporary.as_ref().map(|temporary| temporary.shown.as_str());
        outputs.extend(in_workspace.map(ConfigPath::as_str).or(shown).map(output::config_file));
        let files = self.pulled.files.iter().map(|file| (&file.path, file.digest));
        let checksums = if self.pulled.is_nothing() { None } else { checksums::leave(self.environment, files) };
        let checksums = checksums.map(|(output, written)| {
            outputs.push(output);
            written
        });
        let text = render(&outputs)?;
        drop(outputs);
        let variables = self.variables()?;
        let mut output_file = CommandFile::open(self.environment, "GITHUB_OUTPUT")?;
        let mut env_file = variables.as_ref().map(|_| CommandFile::open(self.environment, "GITHUB_ENV")).transpose()?;
        let staged = self.pulled.stage(self.workspace, self.delivery.restore())?;
        let mut written_paths: Vec<_> = staged.paths().map(ToString::to_string).collect();

        let written = match (&self.pulled.formatted, &temporary) {
            (Some(formatted), Some(temporary)) => Some(temporary.write(&formatted.text)?),
            _ => None,
        };
        let committed = staged.commit()?;
        let mut append = || {
            if let (Some(file), Some(text)) = (&mut env_file, &variables) {
                file.append(text)?;
            }
            output_file.append(&text).inspect_err(|_| {
                if let Some(file) = &env_file {
                    file.undo();
                }
            })
        };
        match append() {
            // The files stand; that an earlier one's backup could not be removed does not undo the pull.
            Ok(()) => {
                written.into_iter().chain(checksums).for_each(WrittenFile::keep);
                written_paths.extend(temporary.as_ref().map(|temporary| temporary.shown.clone()));
                let formatted = in_workspace.map(ToString::to_string).or(temporary.map(|temporary| temporary.shown));
                Ok(Delivered { written: written_paths, formatted, left: committed.finish().err() })
            }
            Err(error) => {
                committed.rollback()?;
                Err(error)
            }
        }
    }

    fn variables(&self) -> Result<Option<Secret<String>>, Failure> {
        let Some(exported) = &self.exported else { return Ok(None) };
        let entries: Vec<Output> =
            exported.iter().map(|setting| (setting.name.clone(), setting.value.text.clone())).collect();
        render(&entries).map(Some)
    }

    /// Where the formatted file goes when no option says so.
    fn temporary_file(&self) -> Result<Option<TemporaryFile>, Failure> {
        let Some(formatted) = self.pulled.formatted.as_ref().filter(|_| self.delivery.format_file.is_none()) else {
            return Ok(None);
        };
        let file = TemporaryFile::new(self.environment, formatted.written.file_extension())?;
        file.map(Some).ok_or(Failure::NoTemporaryFolder)
    }
}
