//! `${NAME}` in dotenv values, replaced on request.

use std::collections::HashMap;

use super::Merged;
use super::dotenv::referenced_name;
use crate::excerpt::excerpt;
use crate::name::Variable;
use crate::secret::Secret;

/// The longest that one value may become, in bytes.
const LONGEST_VALUE: usize = 1024 * 1024;
/// The most bytes that all expanded values may be together.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// Why references cannot be replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// A name that neither the files nor the environment have.
    #[error(
        "{key:?} refers to {name:?}, which is neither in the files nor in the environment (credentials there do not count)"
    )]
    Undefined {
        /// Whose value refers to it.
        key: String,
        /// The name.
        name: String,
    },
    /// A name that the files do not have, and that values may not take from the environment.
    #[error("{key:?} refers to {name:?}, which is not in the files, and `variables` does not list it")]
    NotListed {
        /// Whose value refers to it.
        key: String,
        /// The name.
        name: String,
    },
    /// Keys that refer to each other, or one to itself.
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

/// Replaces the references (`${NAME}`) in all values.
///
/// A reference is replaced by the value of the key `NAME` in the set, itself expanded, whichever file it comes from;
/// else by what `environment` has under that name, as it is. References in inserted text are not replaced.
pub fn expand(merged: &mut [Merged], environment: impl Fn(&str) -> Variable) -> Result<(), ExpandError> {
    let texts = Expansion::new(merged, environment).run()?;
    for (setting, text) in merged.iter_mut().zip(texts) {
        if let Some(text) = text {
            setting.entry.value.text = Secret::new(text);
            setting.entry.references.clear();
        }
    }
    Ok(())
}

/// What is shown in place of a name that may be a piece of a password with a `${` in it.
pub(crate) const UNSHOWN: &str = "…";

/// A name that is written as those of variables are, such as `DB_HOST`.
fn shown(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if is_plain { excerpt(name) } else { UNSHOWN.to_owned() }
}

struct Expansion<'m, E> {
    merged: &'m [Merged],
    environment: E,
    positions: HashMap<&'m str, usize>,
    /// The new texts, as far as they are known.
    texts: Vec<Option<String>>,
    total: usize,
}

impl<'m, E: Fn(&str) -> Variable> Expansion<'m, E> {
    fn new(merged: &'m [Merged], environment: E) -> Self {
        let positions = merged.iter().enumerate().map(|(position, m)| (m.entry.key.as_str(), position)).collect();
        Self { merged, environment, positions, texts: vec![None; merged.len()], total: 0 }
    }

    /// Depth first, with a stack of its own: a chain of references may be as long as the file.
    fn run(mut self) -> Result<Vec<Option<String>>, ExpandError> {
        let mut is_open = vec![false; self.merged.len()];
        for start in 0..self.merged.len() {
            // Each with the next of its references to look at.
            let mut open = vec![(start, 0)];
            while let Some((position, next)) = open.pop() {
                if self.is_final(position) {
                    continue;
                }
                is_open[position] = true;
                let needed = self.references(position).enumerate().skip(next).find_map(|(at, name)| {
                    let target = *self.positions.get(name)?;
                    (!self.is_final(target)).then_some((at, target))
                });
                let Some((at, target)) = needed else {
                    self.texts[position] = Some(self.replaced(position)?);
                    is_open[position] = false;
                    continue;
                };
                if is_open[target] {
                    return Err(ExpandError::Cycle { key: self.key(target) });
                }
                open.push((position, at));
                open.push((target, 0));
            }
        }
        Ok(self.texts)
    }

    fn key(&self, position: usize) -> String {
        excerpt(&self.merged[position].entry.key)
    }

    fn references(&self, position: usize) -> impl Iterator<Item = &'m str> + use<'m, E> {
        let entry = &self.merged[position].entry;
        let text = entry.value.text.expose();
        entry.references.iter().map(move |range| referenced_name(&text[range.clone()]))
    }

    fn is_final(&self, position: usize) -> bool {
        self.texts[position].is_some() || self.merged[position].entry.references.is_empty()
    }

    /// The text with all its references replaced, which all are final.
    fn replaced(&mut self, position: usize) -> Result<String, ExpandError> {
        let entry = &self.merged[position].entry;
        let text = entry.value.text.expose();
        let mut replaced = String::new();
        let mut copied = 0;
        for (range, name) in entry.references.iter().zip(self.references(position)) {
            replaced.push_str(&text[copied..range.start]);
            copied = range.end;
            match self.positions.get(name) {
                Some(target) => {
                    let own = self.merged[*target].entry.value.text.expose();
                    replaced.push_str(self.texts[*target].as_ref().unwrap_or(own));
                }
                None => {
                    let (key, shown) = (|| self.key(position), || shown(name));
                    match (self.environment)(name) {
                        Variable::Value(value) => replaced.push_str(value.expose()),
                        Variable::NotSet => return Err(ExpandError::Undefined { key: key(), name: shown() }),
                        Variable::NotListed => return Err(ExpandError::NotListed { key: key(), name: shown() }),
                    }
                }
            }
            if replaced.len() > LONGEST_VALUE {
                return Err(ExpandError::TooLong { key: self.key(position) });
            }
        }
        replaced.push_str(&text[copied..]);
        if replaced.len() > LONGEST_VALUE {
            return Err(ExpandError::TooLong { key: self.key(position) });
        }
        self.total += replaced.len();
        if self.total > MOST_TEXT {
            return Err(ExpandError::TooMuch);
        }
        Ok(replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FileType, OnDuplicate, SourceFile, merge, parse};
    use crate::name::ConfigPath;

    fn merged(files: &[(&str, &str)]) -> Vec<Merged> {
        let read = |(path, text): &(&str, &str)| {
            let path = ConfigPath::new(path).unwrap();
            let file_type = FileType::detect(&path);
            SourceFile { path, file_type, entries: parse(file_type, text.as_bytes(), "_").unwrap().entries }
        };
        merge(files.iter().map(read).collect(), OnDuplicate::Error, Vec::new()).unwrap()
    }

    fn expanded(text: &str) -> Result<Vec<String>, ExpandError> {
        let mut merged = merged(&[(".env", text)]);
        expand(&mut merged, |name| match name {
            "HOME" => Variable::Value(Secret::from("/root/${A}")),
            "NPM_TOKEN" => Variable::NotListed,
            _ => Variable::NotSet,
        })?;
        Ok(merged.into_iter().map(|m| m.entry.value.text.into_exposed()).collect())
    }

    #[test]
    fn references_are_replaced_wherever_they_may_be() {
        let text = "A=1\nB=x${A}y${A}\nC=\"${B}-${A}\"\nD='${A}'\nE=\"\\${A}\"\nF=$A ${A:-x} ${} ${A $${A}\n";
        assert_eq!(expanded(text).unwrap(), ["1", "x1y1", "x1y1-1", "${A}", "${A}", "$A ${A:-x} ${} ${A $1"]);
    }

    #[test]
    fn the_order_in_the_file_does_not_matter() {
        assert_eq!(expanded("C=${B}c\nB=${A}b\nA=a\nD=${C}${B}").unwrap(), ["abc", "ab", "a", "abcab"]);
    }

    #[test]
    fn the_files_come_before_the_environment_whose_text_is_not_expanded() {
        assert_eq!(expanded("X=${HOME}").unwrap(), ["/root/${A}"]);
        assert_eq!(expanded("X=${HOME}\nHOME=here").unwrap(), ["here", "here"]);
    }

    #[test]
    fn other_files_are_looked_up_but_not_changed() {
        let mut merged =
            merged(&[("a.json", r#"{"db": {"host": "h", "x": "${db_host}"}}"#), (".env", "U=//${db_host}")]);
        expand(&mut merged, |_| Variable::NotSet).unwrap();
        let texts: Vec<_> = merged.iter().map(|m| m.entry.value.text.expose().as_str()).collect();
        assert_eq!(texts, ["h", "${db_host}", "//h"]);
    }

    #[test]
    fn what_is_nowhere_is_an_error_that_names_both() {
        let error = expanded("PASSWORD=hunter2\nA=${PASSWORD}${NOWHERE}").unwrap_err();
        assert_eq!(error, ExpandError::Undefined { key: "A".to_owned(), name: "NOWHERE".to_owned() });
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }

    #[test]
    fn what_may_be_a_piece_of_a_password_is_not_shown() {
        for value in ["abc${S3cret_tail}def", "${hunter2}", "${A-b}"] {
            let Err(error) = expanded(&format!("A={value}")) else { continue };
            let told = format!("{error} {error:?}");
            assert!(!told.contains("cret") && !told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn what_is_not_listed_is_an_error_unless_the_files_have_it() {
        let error = expanded("A=x${NPM_TOKEN}").unwrap_err();
        assert_eq!(error, ExpandError::NotListed { key: "A".to_owned(), name: "NPM_TOKEN".to_owned() });
        assert_eq!(expanded("A=x${NPM_TOKEN}\nNPM_TOKEN=own").unwrap(), ["xown", "own"]);
    }

    #[test]
    fn cycles_are_found() {
        for text in ["A=${A}", "A=${B}\nB=${A}", "X=${A}\nA=${B}\nB=${C}\nC=${X}", "S=1\nA=${S}${B}\nB=${S}${A}"] {
            assert!(matches!(expanded(text), Err(ExpandError::Cycle { .. })), "{text}");
        }
    }

    #[test]
    fn a_chain_as_long_as_the_file_is_no_trouble() {
        let mut text: String = (0..20_000).map(|i| format!("K{i}=${{K{}}}\n", i + 1)).collect();
        text.push_str("K20000=x\n");
        assert_eq!(expanded(&text).unwrap(), vec!["x"; 20_001]);
    }

    #[test]
    fn growth_is_bounded() {
        let mut doubling = String::from("K0=xxxxxxxxxx\n");
        doubling.extend((0..200).map(|i| format!("K{}=${{K{i}}}${{K{i}}}\n", i + 1)));
        assert!(matches!(expanded(&doubling), Err(ExpandError::TooLong { .. })));

        let mut wide = format!("K={}\n", "x".repeat(1024 * 1024));
        wide.extend((0..17).map(|i| format!("K{i}=${{K}}\n")));
        assert_eq!(expanded(&wide), Err(ExpandError::TooMuch));
    }
}
