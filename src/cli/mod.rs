//! The command line, `cstore`: arguments and variables to requests, results to a terminal, files or a pipe. It decides
//! nothing.
//!
//! Data goes to standard output, everything else to standard error. Nothing waits for an answer unless a person sits
//! there to give it.

pub mod arguments;
mod both_sides;
mod carried_flags;
mod change_lines;
mod command;
pub mod complete;
mod contradiction;
mod deliver;
mod distrust;
mod editor;
mod empty;
mod failure;
mod fatal_signals;
mod first_use;
mod flagless;
mod git;
mod gitignore;
mod go;
mod head_memory;
mod head_moved;
mod heading;
mod hidden;
mod hint;
mod idle;
mod ignored_signals;
mod invocation;
mod leftover;
mod likely;
mod local_copy;
mod observer;
mod of_linked;
mod other_place;
mod output_file;
mod pager;
mod place;
mod profile;
mod progress;
mod prompt;
mod purged_in_part;
mod reference;
mod refused_names;
mod run;
mod secret_prompt;
mod session;
mod settled;
mod standard_output;
mod state;
mod suggest;
mod suspension;
mod table;
mod terminal;
mod trust;
mod trusted;
mod type_ahead;
mod typo;
mod unamended;
mod unanswered;
#[cfg(not(unix))]
mod unheard;
mod unknown_variable;
mod unmatched_version;

pub use run::main;
pub use standard_output::note_standard_output;
