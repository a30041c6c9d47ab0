//! Command lines that a person may type next.

use super::carried_flags::{ALWAYS, about_the_same, head_of};
use super::session::Session;
use crate::command::catalog_channel;
use crate::message::{CommandLine, PathsFromHere as _, in_shell, typed_flag};
use crate::name::VersionRequest;
use crate::option::{CATALOG, CHANNEL, Command, FROM, LOCKED, OptionSpec, VERSION};
use crate::request::RunInfo;

impl Session {
    /// A command line that works as it is printed: `cstore`, these words, the flags that were typed of [`ALWAYS`], and
    /// files, given by their paths relative to the catalog's folder.
    pub(super) fn suggested<'p>(&self, words: &[&str], files: impl IntoIterator<Item = &'p str>) -> String {
        self.suggested_of(None, words, files)
    }

    /// The same, about a linked catalog, by its path relative to the catalog's folder.
    pub(super) fn suggested_of<'p>(
        &self,
        linked: Option<&str>,
        words: &[&str],
        files: impl IntoIterator<Item = &'p str>,
    ) -> String {
        let mut line = vec!["cstore".to_owned()];
        if let [name, rest @ ..] = words {
            line.push(in_shell(name));
            let command = Command::ALL.iter().find(|(known, _)| known == name).map(|(_, command)| *command);
            let head = command.map_or(&[][..], |command| head_of(command, &rest.join(" ")));
            if !head.is_empty() && self.names_head() {
                line.extend(head.iter().map(|word| (*word).to_owned()));
            }
            line.extend(rest.iter().map(|word| in_shell(word)));
        }
        line.extend(linked.map(|catalog| format!("-f {}", in_shell(&self.shown(catalog)))));
        for option in ALWAYS.into_iter().filter(|option| linked.is_none() || **option != CATALOG) {
            line.extend(self.invocation.typed(option).map(|text| typed_flag(option, text)));
        }
        line.extend(files.into_iter().map(|path| in_shell(&self.shown(path))));
        line.join(" ")
    }

    /// A push of the files here, after these words: of those of the catalog, or of one to be named where it lists none.
    pub(super) fn suggested_push(&self, words: &[&str]) -> String {
        let push = self.suggested(words, []);
        if self.place.lists_files() { push } else { format!("{push} FILE") }
    }

    /// Prints a command line that may come next, about the same as this one.
    pub(super) fn next(&self, command: &str) {
        self.terminal.next(&self.to_be_run(command, self.speaker()));
    }

    /// A text whose command lines work as they are printed: they are about the same as this one, and those that mean the
    /// head name it where they would take something else.
    pub(super) fn to_be_run(&self, text: &str, speaker: CommandLine<'_>) -> String {
        about_the_same(text, speaker, self.names_head())
    }

    /// Whether what is printed means the head where it names no version, and would not take it: a variable or the
    /// catalog says what a pull, for example, takes. What takes that itself means it.
    fn names_head(&self) -> bool {
        let raw = &self.invocation.raw;
        let says_head = |option| raw.text(option).is_some_and(is_head);
        let means_head =
            !RunInfo::has_default_channel(self.invocation.command) || says_head(&VERSION) || says_head(&FROM);
        means_head && self.takes_another_than_head()
    }

    /// Whether a pull that names no version takes another than the head.
    fn takes_another_than_head(&self) -> bool {
        let variable = |option: &OptionSpec| option.variable().and_then(|name| self.environment.text(&name));
        if let Some(version) = variable(&VERSION) {
            return !is_head(&version);
        }
        let is_by_variable = variable(&CHANNEL).is_some() || variable(&LOCKED).is_some_and(|text| text != "false");
        // A catalog that cannot be read is told elsewhere.
        let of_catalog = || {
            let path = self.invocation.raw.path(&CATALOG).ok()??;
            catalog_channel(&path, &self.workspace().ok()?).ok()?
        };
        is_by_variable || of_catalog().is_some()
    }
}

fn is_head(text: &str) -> bool {
    matches!(VersionRequest::new(text.trim()), Ok(VersionRequest::Head))
}
