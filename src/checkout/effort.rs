//! How much time and memory may go into what a checkout says: whoever can open a pull request writes its files.

use std::time::Instant;

use crate::catalog::Glob;

/// How much work is done at most, in steps of about a nanosecond. A pull of hundreds of files, in a repository with
/// hundreds of rules, takes a tenth of it.
const MOST_WORK: usize = 100_000_000;

/// How many rules are kept at most, and sources of Dockerfiles.
const MOST_RULES: usize = 20_000;

/// After how much work the clock is read.
const UNTIMED: usize = 1_000_000;

/// The work to match a pattern or to look something up, whatever its length.
const EACH: usize = 32;

/// The work to look for a file, and what each byte of its path adds, as it may be the name of another folder.
const FILE: usize = 10_000;
const FILE_BYTE: usize = 100;

/// What is left of the work, the text and the rules that one pull may take. Once any of them is used up, nothing is
/// left of all of them.
pub(super) struct Effort {
    work: usize,
    text: u64,
    rules: usize,
    until: Option<Instant>,
    untimed: usize,
}

impl Effort {
    /// To read so many bytes of text at most, and work no longer than this.
    pub(super) const fn new(text: u64, until: Option<Instant>) -> Self {
        Self { work: MOST_WORK, text, rules: MOST_RULES, until, untimed: UNTIMED }
    }

    /// Takes what it costs to go through so many bytes. False when nothing is left.
    pub(super) fn takes(&mut self, bytes: usize) -> bool {
        self.spend(bytes.saturating_add(EACH))
    }

    /// Takes what it costs to look for a file.
    pub(super) fn takes_file(&mut self, path: &str) -> bool {
        self.spend(FILE + FILE_BYTE * path.len())
    }

    /// Takes one of the rules, or of the sources.
    pub(super) const fn takes_rule(&mut self) -> bool {
        match self.rules.checked_sub(1) {
            Some(left) => self.rules = left,
            None => self.give_up(),
        }
        !self.is_spent()
    }

    /// Takes a text that has been read.
    pub(super) const fn take_text(&mut self, bytes: u64) {
        self.text = self.text.saturating_sub(bytes);
    }

    /// How many bytes of text may yet be read.
    pub(super) const fn text_left(&self) -> u64 {
        self.text
    }

    /// Whether a pattern matches a path; false when nothing is left.
    pub(super) fn matches(&mut self, glob: &Glob, path: &str) -> bool {
        self.takes(glob.as_str().len() * path.len()) && glob.matches(path)
    }

    pub(super) const fn give_up(&mut self) {
        self.work = 0;
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.work == 0
    }

    fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_sub(work);
        self.untimed = self.untimed.saturating_sub(work);
        if self.untimed == 0 {
            self.untimed = UNTIMED;
            if self.until.is_some_and(|until| Instant::now() >= until) {
                self.give_up();
            }
        }
        !self.is_spent()
    }
}
