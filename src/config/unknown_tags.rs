use std::fmt;

/// Unknown YAML tags, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownTags {
    /// The first ten, as they are written, each with the first line that has it. A tag has no name here where it may
    /// be a value whose quotes are missing.
    tags: Vec<(Option<String>, usize)>,
    has_more: bool,
}

impl UnknownTags {
    /// The most tags that are named.
    const MOST: usize = 10;

    /// Adds a tag that stands on a line, from 1, unless it is there already. `name` has at most 200 characters.
    pub(super) fn add(&mut self, name: Option<&str>, line: usize) {
        if self.tags.iter().any(|(known, _)| known.as_deref() == name) {
            return;
        }
        if self.tags.len() == Self::MOST {
            self.has_more = true;
        } else {
            self.tags.push((name.map(str::to_owned), line));
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}

impl fmt::Display for UnknownTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, line)) in self.tags.iter().enumerate() {
            let before = if position == 0 { "" } else { ", " };
            match name {
                Some(name) => write!(f, "{before}{name:?} on line {line}")?,
                None => write!(
                    f,
                    "{before}one before nothing on line {line} (a value that begins with an exclamation mark needs quotes)"
                )?,
            }
        }
        f.write_str(if self.has_more { " and others" } else { "" })
    }
}
