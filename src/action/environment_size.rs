//! How large the environment of a job may become.
//!
//! A system starts no program with more: every later step would fail with "Argument list too long". Besides the limit
//! for one variable ([`LARGEST_VARIABLE`]), Linux takes for all of them and a program's arguments a quarter of the
//! stack's limit, 2 MiB as a rule ([execve](https://man7.org/linux/man-pages/man2/execve.2.html)); macOS takes 1 MiB
//! for both. So half of what Linux takes is left for arguments.

use std::collections::HashMap;

use crate::environment::{Environment, LARGEST_VARIABLE};

/// The most bytes of all variables.
pub(super) const LARGEST_ENVIRONMENT: usize = 1024 * 1024;

/// The room that a job's environment has for more variables.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// What each variable takes, by its name.
    sizes: HashMap<String, usize>,
    taken: usize,
}

impl Room {
    /// What a step's environment leaves to later steps, which do not get its inputs.
    pub(super) fn beside(environment: &Environment) -> Self {
        let mut room = Self::default();
        let passed_on = environment.iter().filter(|(name, _)| !name.starts_with("INPUT_"));
        passed_on.for_each(|(name, value)| room.set(name, size(name, value.expose())));
        room
    }

    /// Takes room for a variable, in place of one of this name. False, and nothing is taken, where there is none.
    pub(super) fn take(&mut self, name: &str, value: &str) -> bool {
        let size = size(name, value);
        let before = self.sizes.get(name).copied().unwrap_or_default();
        let fits = size <= LARGEST_VARIABLE && self.taken - before + size <= LARGEST_ENVIRONMENT;
        if fits {
            self.set(name, size);
        }
        fits
    }

    fn set(&mut self, name: &str, size: usize) {
        let before = self.sizes.insert(name.to_owned(), size).unwrap_or_default();
        self.taken = self.taken - before + size;
    }
}

fn size(name: &str, value: &str) -> usize {
    name.len() + value.len() + "=\0".len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn value(name: &str, size: usize) -> String {
        "x".repeat(size - name.len() - 2)
    }

    #[test]
    fn one_variable_may_have_128_kib_with_its_name_and_its_end() {
        let mut room = Room::default();
        assert!(room.take("A", &value("A", LARGEST_VARIABLE)));
        assert!(!room.take("B", &value("B", LARGEST_VARIABLE + 1)));
        assert!(!room.take("LONGER_NAME", &value("A", LARGEST_VARIABLE)));
    }

    #[test]
    fn all_may_have_1_mib_with_those_that_are_there_and_the_first_that_fit_are_taken() {
        let environment: Environment = [
            ("PATH".to_owned(), Secret::new(value("PATH", 24 * 1024))),
            ("A0".to_owned(), Secret::new(value("A0", 100 * 1024))),
            ("INPUT_DEFAULTS".to_owned(), Secret::new("x".repeat(500 * 1024))),
        ]
        .into_iter()
        .collect();
        let mut room = Room::beside(&environment);
        // What is replaced gives its room back.
        let taken: Vec<_> = (0..12).filter(|n| room.take(&format!("A{n}"), &value("A0", 100 * 1024))).collect();
        assert_eq!(taken, (0..10).collect::<Vec<_>>());
        assert!(!room.take("LAST", "x"));
        assert!(room.take("A0", "x") && room.take("LAST", "x"));
    }
}
