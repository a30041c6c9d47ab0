use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::annotation::{Annotation, Level};
use super::budget::{budget, summed_up};
use super::escape::log_line;
use super::failure::Failure;
use super::failure_message::failure_messages;
use super::failure_summary::failure_page;
use super::mask;
use super::summary_file;
use super::written_paths::WrittenPaths;
use crate::network::chain;
use crate::observer::{Observer, Overdue, Retry};
use crate::secret::Secret;

/// How many bytes of masks are written at once.
const MASK_BYTES: usize = 64 * 1024;

/// The step's standard output, from which the runner reads commands. The front end writes to it, and so does the
/// observer of a run.
pub(super) struct Log<W> {
    writer: Arc<Mutex<W>>,
    /// Whether the workflow runs with debug logging.
    is_debug: bool,
    /// What is annotated at the end, since the runner shows so many of a step and no more: of the command, and of what
    /// lies around it.
    annotations: Arc<Mutex<[Vec<Annotation>; 2]>>,
    /// What no line shows as it is.
    paths: Arc<Mutex<WrittenPaths>>,
    /// Where a summary goes, if the runner has a place for it.
    summary: Option<PathBuf>,
}

impl<W> Clone for Log<W> {
    fn clone(&self) -> Self {
        let (writer, paths) = (Arc::clone(&self.writer), Arc::clone(&self.paths));
        let annotations = Arc::clone(&self.annotations);
        Self { writer, is_debug: self.is_debug, annotations, paths, summary: self.summary.clone() }
    }
}

impl<W> fmt::Debug for Log<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("is_debug", &self.is_debug).finish_non_exhaustive()
    }
}

impl<W: Write> Log<W> {
    pub(super) fn new(writer: W, is_debug: bool, summary: Option<PathBuf>) -> Self {
        let (writer, annotations) = (Arc::new(Mutex::new(writer)), Arc::default());
        Self { writer, is_debug, annotations, paths: Arc::default(), summary }
    }

    /// Writes masks, all of them before anything else can be said.
    pub(super) fn masks(&self, commands: &[Secret<String>]) -> io::Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Standard output is written line by line otherwise, a system call for each of thousands.
        let mut buffered = io::BufWriter::with_capacity(MASK_BYTES, &mut *writer);
        for command in commands {
            writeln!(buffered, "{}", command.expose())?;
        }
        buffered.flush()
    }

    /// A text with each path as the catalog writes it.
    pub(super) fn with_written_paths(&self, text: &str) -> String {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).in_place(text)
    }

    /// Keeps annotations of the command for the [end](Self::end).
    pub(super) fn annotate(&self, annotations: Vec<Annotation>) {
        self.annotations()[0].extend(annotations);
    }

    /// The same of what is odd around the command, such as in the catalog: it is the first that is summed up.
    pub(super) fn annotate_besides(&self, annotations: Vec<Annotation>) {
        self.annotations()[1].extend(annotations);
    }

    /// Writes the annotations of the step, as many as the runner shows, and the others as lines.
    pub(super) fn end(&self) {
        let annotations = std::mem::take(&mut *self.annotations()).concat();
        let summed_up = summed_up(&annotations);
        budget(annotations).into_iter().for_each(|annotation| self.annotation(annotation));
        summed_up.iter().for_each(|line| self.line(line));
    }

    fn annotations(&self) -> MutexGuard<'_, [Vec<Annotation>; 2]> {
        self.annotations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn annotation(&self, annotation: Annotation) {
        self.say(&self.with_written_paths_in(annotation).command());
    }

    /// Appends a page to the step's summary. The summary is a courtesy: a runner without one, or one that cannot be
    /// written, does not fail the step.
    pub(super) fn summary(&self, page: impl FnOnce(usize) -> String) {
        let Some(path) = &self.summary else { return };
        if let Err(error) = summary_file::append(path, page) {
            self.debug(&format!("the step summary was not written: {error}"));
        }
    }

    fn with_written_paths_in(&self, annotation: Annotation) -> Annotation {
        let Annotation { level, title, file, line, message } = annotation;
        let mut shown = self.with_written_paths(&message);
        if level == Level::Error && shown != message {
            shown.push_str(" Where this says `${…}`, the variable's value is meant, in what you write too.");
        }
        let (title, message) = (self.with_written_paths(&title), shown);
        let file = file.map(|file| self.with_written_paths(&file));
        Annotation { level, title, file, line, message }
    }

    /// Writes a line that is no command.
    pub(super) fn line(&self, text: &str) {
        self.say(&log_line(&self.with_written_paths(text)));
    }

    /// Writes a command that names no path.
    pub(super) fn command(&self, command: &str) {
        self.say(command);
    }

    fn say(&self, line: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody is left to tell when the log cannot be written.
        let _ = writeln!(writer, "{line}");
    }

    /// Says why the step fails, and gives its exit code.
    pub(super) fn fail(&self, failure: &Failure) -> u8 {
        self.end();
        let annotations = failure_messages(failure).into_iter().map(|message| {
            let text = message.text();
            let (file, line) = (message.file, message.line);
            self.with_written_paths_in(Annotation { file, line, ..Annotation::new(Level::Error, message.title, text) })
        });
        let annotations: Vec<_> = annotations.collect();
        let summed_up = summed_up(&annotations);
        let annotations = budget(annotations);
        annotations.iter().for_each(|annotation| self.say(&annotation.command()));
        summed_up.iter().for_each(|line| self.say(&log_line(line)));
        self.debug(&chain(failure));
        let code = failure.code().into();
        self.summary(|max_bytes| failure_page(&annotations, code, max_bytes));
        code
    }

    pub(super) fn debug(&self, text: &str) {
        if self.is_debug {
            self.annotation(Annotation::new(Level::Debug, "", text));
        }
    }
}

impl<W: Write + Send> Observer for Log<W> {
    fn credential(&self, text: &Secret<String>) {
        // Nothing prints a credential; the mask is for whatever else of the job comes to know it.
        let _ = self.masks(&[mask::from_credential(text)]);
    }

    fn overdue(&self, overdue: Overdue) {
        // The only way out: the thread that would return the code is the one that is busy.
        std::process::exit(self.fail(&Failure::Core(overdue.into())).into());
    }

    fn path_of_variables(&self, path: &str, written: &str) {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).add(path, written);
    }

    fn retry(&self, retry: &Retry) {
        let Retry { operation, attempt, reason } = retry;
        self.debug(&format!("{operation} is sent again (attempt {attempt}): {reason}"));
    }
}
