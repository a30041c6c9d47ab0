//! References in dotenv values, replaced on request as Docker Compose replaces them.
//!
//! `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME-word}`, `${NAME:+word}`, `${NAME+word}`, `${NAME:?word}` and
//! `${NAME?word}`, whose words may hold references too; `$$` is a dollar sign. Any other dollar sign is text, but what
//! begins with `${` and goes on otherwise is an error.
//!
//! What a name stands for, in this order:
//!
//! 1. What it was given last before the reference, files and lines in their order. So `A=${A}:x` adds to an earlier
//!    `A`, and without one takes the job's.
//! 2. What `defaults` gives a key that no file has.
//! 3. The job's variable. Compose asks for it first; here a file can do without it. One that the job has and that may
//!    not be named is an error, since the word of a `-` would pass over it in silence.
//! 4. What it is given further down. Compose has nothing there, with a warning; no word takes its place, either, so
//!    this is where an error would be otherwise.

mod syntax;

use std::cell::Cell;
use std::collections::HashMap;

pub(super) use self::syntax::is_dollar_of_a_reference;
use self::syntax::{Dollar, Operator, OperatorKind, Reference, word_length};
use super::{Entry, SourceFile};
use crate::excerpt::excerpt;
use crate::name::Variable;
use crate::secret::Secret;

/// The longest that one value may become, in bytes.
const LONGEST_VALUE: usize = 1024 * 1024;
/// The most bytes that all expanded values may be together, those that are not done yet included.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// Why references cannot be replaced. It holds no value, and no word of a reference, which may be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// A name that neither the files nor the environment have.
    #[error(
        "{key:?} refers to {}, which is neither in the files nor in the environment (credentials there do not count)",
        quoted(name)
    )]
    Undefined {
        /// Whose value refers to it.
        key: String,
        /// The name.
        name: String,
    },
    /// A name that the files do not have, and that values may not take from the environment.
    #[error("{key:?} refers to {}, which is not in the files, and `variables` does not list it", quoted(name))]
    NotListed {
        /// Whose value refers to it.
        key: String,
        /// The name.
        name: String,
    },
    /// `${NAME:?word}` of a name without a value.
    #[error("{key:?} requires {}, which has no value", quoted(name))]
    Required {
        /// Whose value refers to it.
        key: String,
        /// The name.
        name: String,
    },
    /// A `${` that begins no reference.
    #[error("the value of {key:?} has a `${{` that begins nothing that can be replaced, or is not closed")]
    Malformed {
        /// Whose value it is.
        key: String,
    },
    /// Keys that refer to each other.
    #[error("the value of {key:?} refers back to itself")]
    Cycle {
        /// One key of the cycle.
        key: String,
    },
    /// More than a mebibyte for one value.
    #[error("the value of {key:?}, expanded, is longer than 1 MiB")]
    TooLong {
        /// The key.
        key: String,
    },
    /// More than 16 MiB for all.
    #[error("the expanded values are longer than 16 MiB together")]
    TooMuch,
}

/// Replaces the references in the values of files, which are in their order, and of `defaults`.
///
/// `environment` says what a name stands for in the job, as far as it may be named; `is_set`, whether the job has it
/// all the same. References in inserted text are not replaced.
///
/// # Errors
/// The first reference that cannot be replaced.
pub fn expand(
    files: &mut [SourceFile],
    defaults: &mut [Entry],
    environment: impl Fn(&str) -> Variable,
    is_set: impl Fn(&str) -> bool,
) -> Result<(), ExpandError> {
    let texts = Expansion::new(files, defaults, environment, is_set).run()?;
    let all = files.iter_mut().flat_map(|file| &mut file.entries).chain(defaults);
    let assignments = all.flat_map(|entry| {
        let Entry { value, dollars, earlier, .. } = entry;
        let earlier = earlier.iter_mut().map(|entry| (&mut entry.value, &mut entry.dollars));
        earlier.chain([(value, dollars)])
    });
    for ((value, dollars), text) in assignments.zip(texts) {
        if let Some(text) = text {
            value.text = Secret::new(text);
            dollars.clear();
        }
    }
    Ok(())
}

/// What is shown in place of a name that may be a piece of a password with a `${` in it.
pub(crate) const UNSHOWN: &str = "…";

fn quoted(name: &str) -> String {
    if name == UNSHOWN { "a name (not shown, as it may be part of the value)".to_owned() } else { format!("{name:?}") }
}

/// A name that is written as those of variables are, such as `DB_HOST`, in a reference (from `begin` to `end` in its
/// text) that is meant as one: in braces, or not part of a longer word.
fn shown(name: &str, text: &str, begin: usize, end: usize) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_bound = |neighbor: Option<&u8>| neighbor.is_none_or(|byte| b"/:=, \t\n".contains(byte));
    let (before, after) = (text.as_bytes()[..begin].last(), text.as_bytes().get(end));
    let is_meant = text[begin..].starts_with("${") || is_bound(before) && is_bound(after);
    if is_plain && is_meant { excerpt(name) } else { UNSHOWN.to_owned() }
}

/// One `KEY=value`, also one that a later line of its file replaces.
struct Assignment<'e> {
    entry: &'e Entry,
    /// Its place in the order of the files' entries.
    origin: usize,
}

struct Expansion<'e, E, S> {
    /// In the order of files and lines; then the defaults.
    assignments: Vec<Assignment<'e>>,
    first_default: usize,
    environment: E,
    is_set: S,
    /// Which assignments each key has, ascending.
    positions: HashMap<&'e str, Vec<usize>>,
    /// The new texts, as far as they are known.
    texts: Vec<Option<String>>,
    /// The bytes of all new texts, also of those that are being made.
    total: Cell<usize>,
}

/// An assignment whose text is being made.
struct Open {
    position: usize,
    /// How much of its text is done, in bytes.
    done: usize,
    /// How many of its dollar signs are done.
    dollars: usize,
    /// Of each word that is being taken, the braces that are open in it. Words lie in each other.
    words: Vec<usize>,
    text: String,
}

impl Open {
    fn new(position: usize) -> Self {
        Self { position, done: 0, dollars: 0, words: Vec::new(), text: String::new() }
    }
}

enum Progress {
    Done,
    /// Another assignment is needed first.
    Needs(usize),
}

/// What a name stands for.
enum Found {
    Assigned(usize),
    Job(Secret<String>),
    /// Nothing. What it is given further down, if anything, and whether it could be listed, and whether the job has it.
    Nothing {
        later: Option<usize>,
        is_listed: bool,
        is_set: bool,
    },
}

impl<'e, E: Fn(&str) -> Variable, S: Fn(&str) -> bool> Expansion<'e, E, S> {
    fn new(files: &'e [SourceFile], defaults: &'e [Entry], environment: E, is_set: S) -> Self {
        let mut assignments: Vec<Assignment<'e>> = Vec::new();
        for file in files {
            let begin = assignments.len();
            for entry in file.entries.iter().flat_map(|entry| entry.earlier.iter().chain([entry])) {
                assignments.push(Assignment { entry, origin: assignments.len() });
            }
            assignments[begin..].sort_by_key(|assignment| assignment.entry.line);
        }
        let first_default = assignments.len();
        for entry in defaults.iter().flat_map(|entry| entry.earlier.iter().chain([entry])) {
            assignments.push(Assignment { entry, origin: assignments.len() });
        }
        let mut positions: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, assignment) in assignments.iter().enumerate() {
            positions.entry(&assignment.entry.key).or_default().push(position);
        }
        let texts = vec![None; assignments.len()];
        Self { assignments, first_default, environment, is_set, positions, texts, total: Cell::new(0) }
    }

    /// The new texts, by origin. Depth first, with a stack of its own: a chain of references may be as long as the
    /// file.
    fn run(mut self) -> Result<Vec<Option<String>>, ExpandError> {
        let mut is_open = vec![false; self.assignments.len()];
        for start in 0..self.assignments.len() {
            let mut stack: Vec<Open> = Vec::new();
            let mut next = (!self.is_final(start)).then_some(start);
            loop {
                if let Some(position) = next.take() {
                    if is_open[position] {
                        return Err(ExpandError::Cycle { key: self.key(position) });
                    }
                    is_open[position] = true;
                    stack.push(Open::new(position));
                }
                let Some(open) = stack.last_mut() else { break };
                match self.advance(open)? {
                    Progress::Needs(position) => next = Some(position),
                    Progress::Done => {
                        let Some(open) = stack.pop() else { break };
                        is_open[open.position] = false;
                        self.texts[open.position] = Some(open.text);
                    }
                }
            }
        }
        let mut by_origin = vec![None; self.assignments.len()];
        for (assignment, text) in self.assignments.iter().zip(self.texts) {
            by_origin[assignment.origin] = text;
        }
        Ok(by_origin)
    }

    fn key(&self, position: usize) -> String {
        excerpt(&self.assignments[position].entry.key)
    }

    fn is_final(&self, position: usize) -> bool {
        self.texts[position].is_some() || self.assignments[position].entry.dollars.is_empty()
    }

    fn text(&self, position: usize) -> &str {
        let own = self.assignments[position].entry.value.text.expose();
        self.texts[position].as_ref().unwrap_or(own)
    }

    /// Goes on with a text until it is done, or another is needed first.
    fn advance(&self, open: &mut Open) -> Result<Progress, ExpandError> {
        let position = open.position;
        let entry = self.assignments[position].entry;
        let text = entry.value.text.expose().as_str();
        let malformed = || ExpandError::Malformed { key: self.key(position) };
        loop {
            let dollar = entry.dollars.get(open.dollars).copied();
            let upto = dollar.unwrap_or(text.len());
            let plain = &text[open.done..upto];
            if let Some(word) = open.words.last_mut()
                && let Some(brace) = plain.find(['{', '}'])
            {
                let is_end_of_word = plain.as_bytes()[brace] == b'}' && *word == 0;
                match plain.as_bytes()[brace] {
                    b'{' => *word += 1,
                    _ if is_end_of_word => drop(open.words.pop()),
                    _ => *word -= 1,
                }
                let shown = brace + usize::from(!is_end_of_word);
                self.push(open, &plain[..shown])?;
                open.done += brace + 1;
                continue;
            }
            self.push(open, plain)?;
            open.done = upto;
            if dollar.is_none() {
                return if open.words.is_empty() { Ok(Progress::Done) } else { Err(malformed()) };
            }
            match Dollar::read(&text[upto..]) {
                Dollar::Escaped => {
                    self.push(open, "$")?;
                    open.done += 2;
                }
                Dollar::Reference(reference) => {
                    if let Some(needed) = self.replace(open, &reference, text)? {
                        return Ok(Progress::Needs(needed));
                    }
                }
                Dollar::Malformed => return Err(malformed()),
            }
            open.dollars += entry.dollars[open.dollars..].partition_point(|dollar| *dollar < open.done);
        }
    }

    fn push(&self, open: &mut Open, text: &str) -> Result<(), ExpandError> {
        if open.text.len() + text.len() > LONGEST_VALUE {
            return Err(ExpandError::TooLong { key: self.key(open.position) });
        }
        // Each text that waits for another is in memory too.
        self.total.set(self.total.get() + text.len());
        if self.total.get() > MOST_TEXT {
            return Err(ExpandError::TooMuch);
        }
        open.text.push_str(text);
        Ok(())
    }

    /// Replaces the reference at which a text has come; or else gives the assignment that is needed for it, and changes
    /// nothing.
    fn replace(&self, open: &mut Open, reference: &Reference<'_>, text: &str) -> Result<Option<usize>, ExpandError> {
        let Reference { name, operator, length } = *reference;
        let position = open.position;
        let key = || self.key(position);
        let (begin, end) = (open.done, open.done + length);
        let name_shown = || shown(name, text, begin, end);
        let mut found = self.find(name, position);
        let kind = operator.map(|operator| operator.kind);
        // Where nothing else is left.
        if let (Found::Nothing { later: Some(later), .. }, None | Some(OperatorKind::Required)) = (&found, kind) {
            found = Found::Assigned(*later);
        }
        let job;
        let value = match found {
            Found::Assigned(position) if !self.is_final(position) => return Ok(Some(position)),
            Found::Assigned(position) => Some(self.text(position)),
            Found::Job(text) => {
                job = text;
                Some(job.expose().as_str())
            }
            Found::Nothing { is_listed: false, is_set, .. }
                if is_set || matches!(kind, None | Some(OperatorKind::Required)) =>
            {
                return Err(ExpandError::NotListed { key: key(), name: name_shown() });
            }
            Found::Nothing { is_set, .. } if is_set || kind.is_none() => {
                return Err(ExpandError::Undefined { key: key(), name: name_shown() });
            }
            Found::Nothing { .. } => None,
        };
        let begin_of_word = open.done + length;
        let Some(Operator { kind, empty_is_none }) = operator else {
            self.push(open, value.unwrap_or_default())?;
            open.done = begin_of_word;
            return Ok(None);
        };
        let value = value.filter(|value| !(empty_is_none && value.is_empty()));
        let (takes_word, inserted) = match (kind, value) {
            (OperatorKind::Default, None) | (OperatorKind::Alternative, Some(_)) => (true, ""),
            (OperatorKind::Default | OperatorKind::Required, Some(value)) => (false, value),
            (OperatorKind::Alternative, None) => (false, ""),
            (OperatorKind::Required, None) => {
                return Err(ExpandError::Required { key: key(), name: name_shown() });
            }
        };
        if takes_word {
            // Its references are replaced on the way.
            open.words.push(0);
            open.done = begin_of_word;
            return Ok(None);
        }
        let Some(word) = word_length(&text[begin_of_word..]) else {
            return Err(ExpandError::Malformed { key: key() });
        };
        self.push(open, inserted)?;
        open.done = begin_of_word + word + 1;
        Ok(None)
    }

    /// What a name stands for where the assignment at `from` refers to it.
    fn find(&self, name: &str, from: usize) -> Found {
        let all = self.positions.get(name).map_or(&[][..], Vec::as_slice);
        let before = &all[..all.partition_point(|position| *position < from)];
        if let Some(position) = before.last() {
            return Found::Assigned(*position);
        }
        let is_only_a_default = all.first().is_some_and(|position| *position >= self.first_default);
        let after = all.last().copied().filter(|position| *position != from);
        if let Some(position) = after.filter(|_| is_only_a_default) {
            return Found::Assigned(position);
        }
        let of_files = &all[..all.partition_point(|position| *position < self.first_default)];
        let later = of_files.last().copied().filter(|position| *position != from);
        match (self.environment)(name) {
            Variable::Value(value) => Found::Job(value),
            Variable::NotSet => Found::Nothing { later, is_listed: true, is_set: (self.is_set)(name) },
            Variable::NotListed => Found::Nothing { later, is_listed: false, is_set: (self.is_set)(name) },
        }
    }
}

#[cfg(test)]
mod tests;
