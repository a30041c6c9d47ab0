//! Command lines that a person may type next.

use super::session::Session;
use crate::message::in_shell;
use crate::option::{AWS_REGION, BUCKET, CATALOG, CONTEXT, ENDPOINT_URL, OptionSpec, PROFILE, ROLE_TO_ASSUME};

/// What says where files are kept and who asks for them: what works with these does not work without.
const ALWAYS: [&OptionSpec; 7] = [&CATALOG, &CONTEXT, &BUCKET, &PROFILE, &AWS_REGION, &ENDPOINT_URL, &ROLE_TO_ASSUME];

impl Session {
    /// A command line that works as it is printed: `cstore`, these words, the flags that were typed of [`ALWAYS`], and
    /// files, given by their paths relative to the catalog's folder.
    pub(super) fn suggested<'p>(&self, words: &[&str], files: impl IntoIterator<Item = &'p str>) -> String {
        let mut line = vec!["cstore".to_owned()];
        line.extend(words.iter().map(|word| in_shell(word)));
        for option in ALWAYS {
            for text in self.invocation.typed(option) {
                line.push(format!("--{}", option.flag_name()));
                line.push(in_shell(text));
            }
        }
        line.extend(files.into_iter().map(|path| in_shell(&self.shown(path))));
        line.join(" ")
    }
}
