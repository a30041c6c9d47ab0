//! Completion of command lines in shells: commands, flags, and the names of what is in the bucket.
//!
//! It is answered within a limit or not at all. It asks nothing, and it is silent about what fails: whoever presses TAB
//! has not typed a command yet.

mod bash;
mod cache;
mod completers;
mod helpers;
mod names;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use clap_complete::env::{Elvish, Fish, Powershell, Shells, Zsh};

use self::bash::Bash;
use self::completers::with_completers;
use self::helpers::Helpers;
use self::names::Names;
use super::arguments::grammar;
use crate::environment::Environment;

/// The variable that names the shell for which a command line is to be completed.
pub(super) const VARIABLE: &str = "CSTORE_COMPLETE";

/// The variable that says how long whoever pressed TAB waits, in milliseconds: for a bucket that is far away.
pub(super) const TIMEOUT_VARIABLE: &str = "CSTORE_COMPLETE_TIMEOUT_MS";

/// How long whoever pressed TAB waits unless told otherwise, in milliseconds.
const DEFAULT_TIMEOUT: u64 = 300;
/// The longest that can be asked for, in milliseconds: a shell answers nothing else meanwhile.
const LONGEST_TIMEOUT: u64 = 10_000;

/// The stack of the thread that waits for the limit.
const STACK: usize = 64 * 1024;

/// What zsh needs where it finds the script in `fpath`, and reads it at the first TAB: this one is to be answered, too.
const ZSH_AUTOLOAD: &str = r#"
if [ "$funcstack[1]" = "_cstore" ]; then
    _clap_dynamic_completer_cstore "$@"
fi
"#;

fn shells() -> Shells<'static> {
    Shells(&[&Bash, &Elvish, &Fish, &Powershell, &Zsh])
}

/// The script that has a shell ask the program of this name for completions; none for a shell that is not known.
#[must_use]
pub fn script(shell: &str) -> Option<Vec<u8>> {
    let mut script = Vec::new();
    shells().completer(shell)?.write_registration(VARIABLE, "cstore", "cstore", "cstore", &mut script).ok()?;
    if shell == "zsh" {
        script.extend_from_slice(ZSH_AUTOLOAD.as_bytes());
    }
    Some(script)
}

/// Prints what may come next in a command line, and gives the exit code, which is always that of success.
pub(super) fn answer(shell: &str, arguments: &[OsString], environment: Environment) -> u8 {
    std::panic::set_hook(Box::new(|_| exit(0)));
    let is_over = Arc::new(AtomicBool::new(false));
    let (ends, helpers) = (Arc::clone(&is_over), Helpers::new());
    let timeout = timeout(&environment);
    let wait = move || {
        thread::sleep(timeout);
        // What is being printed is printed to its end.
        if !ends.swap(true, Ordering::SeqCst) {
            helpers.end();
            exit(0);
        }
    };
    if thread::Builder::new().stack_size(STACK).spawn(wait).is_err() {
        return 0;
    }
    // Somewhat less for requests and credentials, so that names from this machine are offered.
    let answer = completed(shell, arguments, environment, timeout * 5 / 6);
    if let Some(answer) = answer.filter(|_| !is_over.swap(true, Ordering::SeqCst)) {
        // Nobody is left to tell when this cannot be written.
        let _ = io::stdout().write_all(&answer);
    }
    helpers.end();
    0
}

/// How long an answer may take. What is no number says nothing.
fn timeout(environment: &Environment) -> Duration {
    let typed = environment.text(TIMEOUT_VARIABLE).and_then(|text| text.parse().ok());
    Duration::from_millis(typed.unwrap_or(DEFAULT_TIMEOUT).clamp(1, LONGEST_TIMEOUT))
}

fn completed(shell: &str, arguments: &[OsString], environment: Environment, patience: Duration) -> Option<Vec<u8>> {
    let shell = Path::new(shell).file_stem()?.to_str()?;
    let words: Vec<_> = arguments.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
    let Some(last) = words.len().checked_sub(1) else { return script(shell) };
    let index = environment.text("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse().ok()).unwrap_or(last);
    let before = words.iter().take(index).cloned().collect();
    // It is built once, as that takes a part of the time that there is.
    let mut grammar = grammar().ignore_errors(true);
    let names = Names::new(&mut grammar, before, environment, patience);
    let mut grammar = with_completers(grammar, &Arc::new(names));
    let here = std::env::current_dir().ok();
    let mut answer = Vec::new();
    shells().completer(shell)?.write_complete(&mut grammar, words, here.as_deref(), &mut answer).ok()?;
    Some(answer)
}
