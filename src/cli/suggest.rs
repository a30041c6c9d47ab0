//! Command lines that a person may type next.

use super::carried_flags::{ALWAYS, about_the_same};
use super::session::Session;
use crate::message::{PathsFromHere as _, in_shell, typed_flag};

impl Session {
    /// A command line that works as it is printed: `cstore`, these words, the flags that were typed of [`ALWAYS`], and
    /// files, given by their paths relative to the catalog's folder.
    pub(super) fn suggested<'p>(&self, words: &[&str], files: impl IntoIterator<Item = &'p str>) -> String {
        let mut line = vec!["cstore".to_owned()];
        line.extend(words.iter().map(|word| in_shell(word)));
        for option in ALWAYS {
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
        self.terminal.next(&about_the_same(command, self.speaker()));
    }
}
