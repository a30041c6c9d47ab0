//! What a Dockerfile copies of the folder that it lies in.

use super::effort::Effort;
use super::ignore::{clean, glob, with_folders};
use crate::catalog::Glob;

/// The sources of a Dockerfile's COPY and ADD that are paths of its folder
/// ([reference](https://docs.docker.com/reference/dockerfile/#copy)).
#[derive(Default)]
pub(super) struct Copies {
    /// Whether one of them is the folder itself, or is named by a variable.
    all: bool,
    sources: Vec<Glob>,
}

impl Copies {
    pub(super) fn new(dockerfile: &str, effort: &mut Effort) -> Self {
        let mut copies = Self::default();
        let mut instruction = String::new();
        for line in dockerfile.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if !effort.takes(line.len()) {
                break;
            }
            // An instruction goes on after a line that says so; comments in it are none of its.
            let (line, goes_on) = line.strip_suffix(['\\', '`']).map_or((line, false), |line| (line, true));
            instruction.extend([line, " "]);
            if !goes_on {
                copies.add(&instruction, effort);
                instruction.clear();
            }
        }
        copies.add(&instruction, effort);
        copies
    }

    fn add(&mut self, instruction: &str, effort: &mut Effort) {
        for source in sources(instruction, effort) {
            if source.contains('$') || matches!(clean(&source), "" | "**") {
                self.all = true;
            } else {
                self.sources.extend(glob(clean(&source)));
            }
        }
    }

    pub(super) const fn is_nothing(&self) -> bool {
        !self.all && self.sources.is_empty()
    }

    /// Whether a file of the folder is copied, itself or with a folder that it lies in.
    pub(super) fn take(&self, path: &str, effort: &mut Effort) -> bool {
        self.all || self.sources.iter().any(|source| with_folders(path).any(|part| effort.matches(source, part)))
    }
}

/// What an instruction copies from the folder.
fn sources(instruction: &str, effort: &mut Effort) -> Vec<String> {
    let mut words = instruction.split_whitespace().skip_while(|word| word.eq_ignore_ascii_case("ONBUILD")).peekable();
    if !words.next().is_some_and(|word| ["COPY", "ADD"].iter().any(|copy| word.eq_ignore_ascii_case(copy))) {
        return Vec::new();
    }
    let mut is_of_another_stage = false;
    while let Some(flag) = words.next_if(|word| word.starts_with("--")) {
        is_of_another_stage |= flag.starts_with("--from=");
    }
    if is_of_another_stage {
        return Vec::new();
    }
    let words: Vec<_> = words.take_while(|_| effort.takes_rule()).collect();
    let listed: Option<Vec<String>> = serde_json::from_str(&words.join(" ")).ok();
    let mut paths = listed.unwrap_or_else(|| words.into_iter().map(ToOwned::to_owned).collect());
    // The last one is where they go.
    paths.pop();
    paths.retain(|path| !path.starts_with("<<") && !path.contains("://"));
    paths
}
